"""Opt-outs and opt-ins: a log of exact words, and the two switches that sending asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from base.db import Db
from base.spelling import fold
from bot import locks
from bot.turn import Turn

ALL = "stop tout"
TOLD = "told by the provider"
STARTS = frozenset({"start", "reprendre"})
Outcome = Literal["stopped", "stopped_all", "warned", "warned_shop", "started"]


@dataclass(frozen=True)
class Said:
    """By whom and where something was agreed to or stopped, in which words."""

    contact_id: int
    account_id: int
    words: str
    inbox_id: int | None = None


def record(turn: Turn, words: str, *, has_open_order: bool) -> Outcome:
    """Obey STOP (announcements, reminders, alerts), STOP TOUT (order news too) and START, at once.

    `warned`: order news ended while an order is open; `warned_shop`: of somebody whose shop may get orders any time.
    """
    locks.contact(turn.db, turn.person.contact_id)
    said = Said(turn.person.contact_id, turn.account_id, words[:200], turn.inbox_id)
    word = fold(words)
    if word in STARTS:
        _obey(turn.db, said, {"announcements": True, "order_news": True})
        return "started"
    if word == ALL:
        _obey(turn.db, said, {"announcements": False, "order_news": False})
        return "warned_shop" if turn.person.vendor_ids else "warned" if has_open_order else "stopped_all"
    _obey(turn.db, said, {"announcements": False})
    return "stopped"


def unsubscribe(db: Db, contact_id: int, account_id: int) -> None:
    """The provider says that this person wants nothing from us: as STOP TOUT, until START; once is enough."""
    wants = "select wants_announcements or wants_order_news from contact where id = %(id)s"
    if db.value(wants, id=contact_id):
        _obey(db, Said(contact_id, account_id, TOLD), {"announcements": False, "order_news": False})


def _obey(db: Db, said: Said, given: Mapping[str, bool]) -> None:
    """Log what is given or taken back, and turn the switches; a switch that is not spoken of stays."""
    db.run(
        "insert into consent (contact_id, what, is_given, words, account_id, inbox_id)"
        " select %(contact)s, what, is_given, %(words)s, %(account)s, %(inbox)s"
        " from unnest(%(whats)s::text[], %(givens)s::bool[]) as c(what, is_given)",
        contact=said.contact_id,
        words=said.words,
        account=said.account_id,
        inbox=said.inbox_id,
        whats=list(given),
        givens=list(given.values()),
    )
    db.run(
        "update contact set wants_announcements = coalesce(%(announcements)s, wants_announcements),"
        " wants_order_news = coalesce(%(order_news)s, wants_order_news) where id = %(id)s",
        id=said.contact_id,
        announcements=given.get("announcements"),
        order_news=given.get("order_news"),
    )
