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
        consent.unsubscribe(db, row.contact_id, row.account_id)
    if after.attention and row.kind == "notice":
        facts.record(db, NoticeFailed(row.id, row.conversation_id, after.attention, tuple(row.about.items())))
    elif after.attention:
        attention.ask(db, after.attention, {**row.about, "outbox": row.id}, row.conversation_id)
