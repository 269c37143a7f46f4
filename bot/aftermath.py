"""What follows when something could not be said: a pause, an opt-out, a line for the organizers, the truth."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from base import facts
from base.db import Db
from bot import accounts, attention, comments, consent, locks, names, templates
from bot.outbox import Claimed
from bot.verdicts import Aftermath


@dataclass(frozen=True)
class NoticeFailed:
    """A fact: a notice of these things (`about`: ids) could not be brought to its person; `kind` of what happened."""

    outbox_id: int
    conversation_id: int
    kind: str
    about: tuple[tuple[str, Any], ...]


def follow(db: Db, followed: Iterable[tuple[Claimed, Aftermath]]) -> None:
    """What verdicts ask for beside their rows: people in id order, then templates, then the list, the last lock."""
    in_order = sorted(followed, key=lambda one: (one[0].account_id, one[0].contact_id))
    paused = [
        row.account_id for row, after in in_order if after.pauses and accounts.pause(db, row.account_id, after.pauses)
    ]
    if touched := _touched(db, in_order):
        locks.contacts(db, touched)
    for row, after in in_order:
        if after.opts_out:
            consent.unsubscribe(db, row.contact_id, row.account_id)
        if after.ends_marketing:
            consent.unsubscribe(db, row.contact_id, row.account_id, consent.MARKETING)
        if after.cuts_off:
            cut_off(db, row)
        if after.names:
            comments.learn(db, row.account_id, row.conversation_id, row.contact_id, after.names)
    for account_id, decided in groupby(in_order, lambda one: one[0].account_id):
        templates.heed(db, account_id, [after.template for _, after in decided if after.template])
    for account_id in paused:
        attention.ask(db, "account_paused", {"account": account_id})
    for row, after in in_order:
        _tell(db, row, after)


def _touched(db: Db, followed: Iterable[tuple[Claimed, Aftermath]]) -> set[int]:
    """Whose wishes, or whose names, change by it: also those who had a name that is told now."""
    touched = set()
    for row, after in followed:
        if after.opts_out or after.ends_marketing or after.cuts_off or after.names:
            touched.add(row.contact_id)
        touched |= set(names.owners(db, row.account_id, after.names).values()) if after.names else set()
    return touched


def _tell(db: Db, row: Claimed, after: Aftermath) -> None:
    if after.attention and row.kind == "notice":
        facts.record(db, NoticeFailed(row.id, row.conversation_id, after.attention, tuple(row.about.items())))
    elif after.attention:  # one line for a conversation: while a provider is away, each would add a bubble
        attention.ask(db, after.attention, {"contact": row.contact_id}, row.conversation_id)


def cut_off(db: Db, row: Claimed) -> None:
    """The provider says that nobody is reached by this name: nothing is tried there until its person writes.

    What he has written since this send began counts more than its failure.
    """
    db.run(
        "update identity i set unreachable_since = o.sent_at from outbox o where o.id = %(outbox)s"
        " and i.account_id = o.account_id and i.kind = %(kind)s and i.value = %(value)s",
        outbox=row.id,
        kind=row.to.kind,
        value=row.to.value,
    )
