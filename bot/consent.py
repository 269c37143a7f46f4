"""Opt-outs and opt-ins: a log of exact words, and the two switches that sending asks."""

from typing import Literal

from base.db import Db
from base.spelling import fold
from bot import locks
from bot.turn import Turn

ALL = "stop tout"
STARTS = frozenset({"start", "reprendre"})
Outcome = Literal["stopped", "stopped_all", "warned", "started"]


def record(turn: Turn, words: str, has_open_order: bool) -> Outcome:
    """Obey STOP (announcements, reminders, alerts), STOP TOUT (order news too) and START, at once.

    `warned`: order news ended while an order is open.
    """
    locks.contact(turn.db, turn.person.contact_id)
    word = fold(words)
    if word in STARTS:
        _log(turn, words, announcements=True, order_news=True)
        return "started"
    if word == ALL:
        _log(turn, words, announcements=False, order_news=False)
        return "warned" if has_open_order else "stopped_all"
    _log(turn, words, announcements=False, order_news=None)
    return "stopped"


def _log(turn: Turn, words: str, *, announcements: bool, order_news: bool | None) -> None:
    given = {"announcements": announcements} | ({} if order_news is None else {"order_news": order_news})
    turn.db.run(
        "insert into consent (contact_id, what, is_given, words, account_id, inbox_id)"
        " select %(contact)s, what, is_given, %(words)s, %(account)s, %(inbox)s"
        " from unnest(%(whats)s::text[], %(givens)s::bool[]) as c(what, is_given)",
        contact=turn.person.contact_id,
        words=words[:200],
        account=turn.account_id,
        inbox=turn.inbox_id,
        whats=list(given),
        givens=list(given.values()),
    )
    set_switches(turn.db, turn.person.contact_id, announcements, order_news)


def set_switches(db: Db, contact_id: int, announcements: bool, order_news: bool | None) -> None:
    """What the consents add up to now; None leaves a switch as it is."""
    db.run(
        "update contact set wants_announcements = %(announcements)s,"
        " wants_order_news = coalesce(%(order_news)s, wants_order_news) where id = %(id)s",
        id=contact_id,
        announcements=announcements,
        order_news=order_news,
    )
