"""Who is there: a booking's code lets one person in once, whoever scans it and however often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from base.clock import now
from base.db import Db
from events import bookings, locks
from events.bookings import Booking, State
from events.codes import read_letters

Arrived = Literal["welcome", "before", "waiting", "cancelled", "elsewhere", "early", "off", "unknown"]
EARLIEST: Final = timedelta(hours=12)  # before a workshop begins


@dataclass(frozen=True)
class Arrival:
    """What a code at the door says; `booking` is whose, None for a code of nobody's."""

    outcome: Arrived
    booking: Booking | None = None


_ENTER: Final = """
update booking b set state = 'attended', checked_in_at = market_now(), checked_in_by = %(by)s
from workshop w where w.id = b.workshop_id and b.id = any(%(ids)s) and b.state = any(%(states)s)
  and w.state <> 'cancelled' and w.starts_at <= market_now() + %(earliest)s returning b.id
"""


def enter(db: Db, workshop_id: int | None, typed: str, by: int) -> Arrival:
    """Let the person of a code in, to this workshop or (None) to whichever it is of. Raises Alone in a batch.

    before: he is there already. waiting, cancelled: he has no place. elsewhere: it is of another workshop. early: it
    begins more than EARLIEST from now, and the code stays good. off: it does not take place.
    """
    found = bookings.of_letters(db, read_letters(typed))
    if found is None:
        return Arrival("unknown")
    if workshop_id is not None and found.workshop_id != workshop_id:
        return Arrival("elsewhere", found)
    locks.bookings(db, [found.id])
    is_in = _let_in(db, [found.id], ["booked", "absent"], by)
    stands = next(iter(bookings.bookings(db, [found.id])), None)
    if stands is None:
        return Arrival("unknown")
    return Arrival("welcome" if is_in else _why_not(stands, now(db)), stands)


def _let_in(db: Db, ids: Sequence[int], states: Sequence[State], by: int) -> set[int]:
    rows = db.run(_ENTER, ids=list(ids), states=list(states), by=by, earliest=EARLIEST).rows
    return {row.id for row in rows}


def _why_not(found: Booking, at: datetime) -> Arrived:
    match found.state:
        case "attended":
            return "before"
        case "waiting":
            return "waiting"
        case "cancelled":
            return "cancelled"
        case _:
            return "early" if found.is_held and found.starts_at > at + EARLIEST else "off"


@dataclass(frozen=True)
class TypedIn:
    """What a list that was typed in has changed: who came in by it, who was there already, what is of nobody.

    `kept_out`: whose workshop is days away or does not take place; who waits, while it has not begun.
    """

    new: tuple[Booking, ...]
    before: tuple[Booking, ...]
    kept_out: tuple[Booking, ...]
    unknown: tuple[str, ...]


def type_in(db: Db, workshop_id: int, typed: Sequence[str], by: int) -> TypedIn:
    """Let all in whose lines of the printed list, or codes, are named.

    Once it has begun, who only waited too: the list says that he came. Raises Alone in a batch.
    """
    named = _named(db, workshop_id, list(dict.fromkeys(typed)))
    ids = [found for found in named.values() if found]
    locks.bookings(db, ids)
    new = _let_in(db, ids, ["booked", "absent"], by) | _let_in(db, _waited(db, ids), ["waiting"], by)
    there = bookings.bookings(db, ids)
    return TypedIn(
        tuple(one for one in there if one.id in new),
        tuple(one for one in there if one.id not in new and one.state == "attended"),
        tuple(one for one in there if one.state != "attended"),
        tuple(word for word, found in named.items() if not found),
    )


def _waited(db: Db, ids: Sequence[int]) -> list[int]:
    """Who of these waited for a workshop that has begun by now."""
    at = now(db)
    return [one.id for one in bookings.bookings(db, ids) if one.state == "waiting" and one.starts_at <= at]


_NAMED: Final = """
select distinct on (k.word) k.word, b.id
from unnest(%(words)s::text[], %(lines)s::int[], %(codes)s::text[]) as k(word, line, code)
join booking b on b.workshop_id = %(workshop)s and b.state <> 'cancelled' and (b.line = k.line or b.code = k.code)
order by k.word, b.line = k.line desc
"""


def _named(db: Db, workshop_id: int, typed: Sequence[str]) -> dict[str, int]:
    """The bookings that lines' numbers or codes name; 0 for one that is none of this workshop's."""
    ways = [(word, _line(word), code) for word in typed for code in (read_letters(word) or ("",))]
    words, lines, codes = zip(*ways, strict=True) if ways else ((), (), ())
    rows = db.rows(_NAMED, workshop=workshop_id, words=list(words), lines=list(lines), codes=list(codes))
    found = {row.word: int(row.id) for row in rows}
    return {word: found.get(word, 0) for word in typed}


def _line(word: str) -> int:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else 0


def take_back(db: Db, workshop_id: int, typed: Sequence[str]) -> int:
    """Those of these lines and codes were let in by mistake: they have their places as before; how many."""
    ids = sorted({found for found in _named(db, workshop_id, typed).values() if found})
    locks.bookings(db, ids)
    return db.run(
        "update booking set state = 'booked', checked_in_at = null, checked_in_by = null"
        " where id = any(%(ids)s) and state = 'attended'",
        ids=ids,
    ).count
