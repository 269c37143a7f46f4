"""What follows when something could not be said: a pause, an opt-out, a line for the organizers, the truth."""

from dataclasses import dataclass
from typing import Any

from base import facts
from base.db import Db
from bot import accounts, attention, consent
from bot.outbox import Claimed
from bot.verdicts import Aftermath


@dataclass(frozen=True)
class NoticeFailed:
    """A fact: a notice of these things (`about`: ids) could not be brought to its person; `kind` of what happened."""

    outbox_id: int
    conversation_id: int
    kind: str
    about: tuple[tuple[str, Any], ...]


def follow(db: Db, row: Claimed, after: Aftermath) -> None:
    """Do what a verdict asks for beside the row itself."""
    if after.pauses and accounts.pause(db, row.account_id, after.pauses):
        attention.ask(db, "account_paused", {"account": row.account_id})
    if after.opts_out:
        opt_out(db, row.conversation_id)
    if after.attention and row.kind == "notice":
        facts.record(db, NoticeFailed(row.id, row.conversation_id, after.attention, tuple(row.about.items())))
    elif after.attention:
        attention.ask(db, after.attention, {**row.about, "outbox": row.id}, row.conversation_id)


def opt_out(db: Db, conversation_id: int) -> None:
    """The provider says that this person has unsubscribed: nothing unasked goes there any more."""
    row = db.one("select contact_id, account_id from conversation where id = %(id)s", id=conversation_id)
    if row is None:
        return
    db.run(
        "insert into consent (contact_id, what, is_given, words, account_id) values"
        " (%(contact)s, 'announcements', false, 'told by the provider', %(account)s)",
        contact=row.contact_id,
        account=row.account_id,
    )
    consent.set_switches(db, row.contact_id, announcements=False, order_news=None)
