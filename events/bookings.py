"""Bookings: a place, or one in the queue; capacity is never passed, and who gives a place up gives it to the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base import facts
from base.codes import Letters
from base.db import Db
from events import locks
from events.booking_facts import PlacesGot
from events.codes import code_of

State = Literal["booked", "waiting", "cancelled", "attended", "absent"]
Booked = Literal["booked", "waiting", "booked_before", "waiting_before", "past", "closed", "cancelled", "unknown"]
GivenUp = Literal["given_up", "left_queue", "none", "past"]
STANDING: Final = ("booked", "waiting")


@dataclass(frozen=True)
class Booking:
    """One person's booking of a workshop; `queued` is his place in the queue from 1, 0 when he does not wait.

    `is_held`: the workshop takes place.
    """

    id: int
    workshop_id: int
    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    is_held: bool
    contact_id: int
    conversation_id: int
    state: State
    line: int
    letters: str
    queued: int
    booked_at: datetime
    checked_in_at: datetime | None
    rating: int | None

    @property
    def code(self) -> str:
        """What is shown at the door."""
        return code_of(self.number, self.letters)


_BOOKING: Final = """
select b.id, b.workshop_id, w.number, w.title, w.starts_at, w.ends_at, w.state <> 'cancelled' as is_held, b.contact_id,
  b.conversation_id, b.state, b.line, b.code as letters, case when b.state = 'waiting' then (select count(*)
    from booking o where o.workshop_id = b.workshop_id and o.state = 'waiting' and o.place <= b.place)
  else 0 end as queued, b.booked_at, b.checked_in_at, b.rating
from booking b join workshop w on w.id = b.workshop_id
"""
# Whether workshop w has a place for one more.
_IS_FREE: Final = """(w.capacity is null or w.capacity > (
  select count(*) from booking t where t.workshop_id = w.id and t.state in ('booked', 'attended')))"""
_BOOK: Final = f"""
insert into booking (id, workshop_id, contact_id, conversation_id, state, place, line, code)
select %(id)s, w.id, %(contact)s, %(conversation)s,
  case when {_IS_FREE} and not exists (select from booking q where q.workshop_id = w.id and q.state = 'waiting')
    then 'booked' else 'waiting' end,
  nextval('booking_place'), (select coalesce(max(l.line), 0) + 1 from booking l where l.workshop_id = w.id), %(code)s
from workshop w join event e on e.id = w.event_id
where w.id = %(workshop)s and e.state = 'open' and w.state <> 'cancelled' and not w.is_closed
  and w.starts_at > market_now()
on conflict (workshop_id, contact_id) do update set state = excluded.state, place = excluded.place,
  conversation_id = excluded.conversation_id, booked_at = market_now(), told_at = market_now(), cancelled_at = null,
  moved_up_at = null, reminded_day = null, reminded_hour = null
where booking.state = 'cancelled'
returning state
"""


def book(db: Db, workshop_id: int, contact_id: int, conversation_id: int, letters: Letters) -> Booked:
    """Take a place, or one at the end of the queue; who had given his up begins again. Raises Alone in a batch.

    past: it has begun. closed: it takes nobody more. cancelled: it does not take place.
    """
    locks.workshops(db, [workshop_id])
    number = db.value("select nextval(pg_get_serial_sequence('booking', 'id'))")
    made = db.run(
        _BOOK,
        id=number,
        workshop=workshop_id,
        contact=contact_id,
        conversation=conversation_id,
        code=letters.of(number),
    ).rows
    if not made:
        return _why_not(db, workshop_id, contact_id)
    return "booked" if made[0].state == "booked" else "waiting"


def _why_not(db: Db, workshop_id: int, contact_id: int) -> Booked:
    row = db.one(
        "select w.state, w.is_closed, w.starts_at <= market_now() or e.state <> 'open' as is_past, b.state as own"
        " from workshop w join event e on e.id = w.event_id"
        " left join booking b on b.workshop_id = w.id and b.contact_id = %(contact)s where w.id = %(id)s",
        id=workshop_id,
        contact=contact_id,
    )
    if row is None:
        return "unknown"
    if row.state == "cancelled":
        return "cancelled"
    if row.is_past:
        return "past"
    if row.own == "waiting":
        return "waiting_before"
    return "booked_before" if row.own and row.own != "cancelled" else "closed"


def give_up(db: Db, workshop_id: int, contact_id: int) -> GivenUp:
    """Give a place back, or leave the queue: the first who waits moves up with it. Raises Alone in a batch.

    past: the workshop is over, or he is there.
    """
    locks.workshops(db, [workshop_id])
    ended = db.run(
        "update booking b set state = 'cancelled', cancelled_at = market_now() from booking o, workshop w"
        " where o.id = b.id and w.id = b.workshop_id and b.workshop_id = %(workshop)s and b.contact_id = %(contact)s"
        " and b.state in ('booked', 'waiting') and w.ends_at > market_now() returning o.state",
        workshop=workshop_id,
        contact=contact_id,
    ).rows
    if not ended:
        found = own(db, workshop_id, contact_id)
        return "none" if found is None or found.state == "cancelled" else "past"
    fill(db, workshop_id)
    return "given_up" if ended[0].state == "booked" else "left_queue"


_FILL: Final = """
update booking b set state = 'booked', moved_up_at = market_now(), told_at = market_now()
from (
  select q.id from booking q where q.workshop_id = %(workshop)s and q.state = 'waiting' order by q.place
  limit (select case when w.capacity is null then null else greatest(0, w.capacity - (select count(*) from booking t
    where t.workshop_id = w.id and t.state in ('booked', 'attended'))) end from workshop w where w.id = %(workshop)s)
) f, workshop w, event e
where b.id = f.id and w.id = b.workshop_id and e.id = w.event_id and e.state = 'open' and w.state <> 'cancelled'
  and w.starts_at > market_now()
returning b.id, b.place
"""


def fill(db: Db, workshop_id: int) -> tuple[int, ...]:
    """Give free places to those who wait, the first first; their bookings. The caller holds the workshop's lock.

    Nobody moves up once it has begun: who is not there cannot come any more.
    """
    moved = sorted(db.run(_FILL, workshop=workshop_id).rows, key=lambda row: row.place)
    ids = tuple(row.id for row in moved)
    if ids:
        facts.record(db, PlacesGot(workshop_id, ids))
    return ids


def own(db: Db, workshop_id: int, contact_id: int) -> Booking | None:
    """A person's booking of a workshop, whatever became of it."""
    where = "where b.workshop_id = %(workshop)s and b.contact_id = %(contact)s"
    return next(iter(_read(db.rows(f"{_BOOKING} {where}", workshop=workshop_id, contact=contact_id))), None)


def bookings(db: Db, booking_ids: Iterable[int]) -> tuple[Booking, ...]:
    """These bookings, in the order of their ids."""
    return _read(db.rows(f"{_BOOKING} where b.id = any(%(ids)s) order by b.id", ids=sorted(set(booking_ids))))


def of_letters(db: Db, letters: Sequence[str]) -> Booking | None:
    """The booking that one of these codes is of."""
    return next(iter(_read(db.rows(f"{_BOOKING} where b.code = any(%(codes)s)", codes=list(letters)))), None)


def standing(db: Db, contact_id: int, after: int = 0, size: int = 9) -> tuple[Booking, ...]:
    """What a person has booked or waits for and is not over, the next first, behind so many of them."""
    return _read(
        db.rows(
            f"{_BOOKING} where b.contact_id = %(contact)s and b.state in ('booked', 'waiting', 'attended')"
            " and w.ends_at > market_now() order by w.starts_at, w.id offset %(after)s limit %(size)s",
            contact=contact_id,
            after=after,
            size=size,
        )
    )


def latest_of_number(db: Db, contact_id: int, number: int) -> Booking | None:
    """A person's last booking of a workshop of this number, of whichever event."""
    where = "where b.contact_id = %(contact)s and w.number = %(number)s and b.state <> 'cancelled'"
    latest = f"{_BOOKING} {where} order by w.starts_at desc, b.id desc limit 1"
    return next(iter(_read(db.rows(latest, contact=contact_id, number=number))), None)


def clashing(db: Db, workshop_id: int, contact_id: int) -> tuple[Booking, ...]:
    """What a person has booked elsewhere at the same time."""
    return _read(
        db.rows(
            f"{_BOOKING} join workshop n on n.id = %(workshop)s and n.id <> w.id"
            " where b.contact_id = %(contact)s and b.state in ('booked', 'waiting') and w.state <> 'cancelled'"
            " and w.starts_at < n.ends_at and n.starts_at < w.ends_at order by w.starts_at, w.id",
            workshop=workshop_id,
            contact=contact_id,
        )
    )


def _read(rows: Iterable[Any]) -> tuple[Booking, ...]:
    return tuple(Booking(**row._asdict()) for row in rows)


@dataclass(frozen=True)
class Places:
    """How a workshop stands: places in all (None: any number), taken, waited for, people who are there."""

    capacity: int | None
    taken: int
    waiting: int
    attended: int

    @property
    def free(self) -> int | None:
        """None: any number."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


def places(db: Db, workshop_ids: Iterable[int]) -> dict[int, Places]:
    """How each of these workshops stands."""
    rows = db.rows(
        "select w.id, w.capacity, count(b.id) filter (where b.state in ('booked', 'attended')) as taken,"
        " count(b.id) filter (where b.state = 'waiting') as waiting,"
        " count(b.id) filter (where b.state = 'attended') as attended"
        " from workshop w left join booking b on b.workshop_id = w.id where w.id = any(%(ids)s) group by w.id",
        ids=sorted(set(workshop_ids)),
    )
    return {row.id: Places(row.capacity, row.taken, row.waiting, row.attended) for row in rows}


def told_anew(db: Db, workshop_id: int) -> None:
    """A workshop is at another hour: whoever hears it now is reminded of the new one."""
    db.run(
        "update booking set told_at = market_now(), reminded_day = null, reminded_hour = null"
        " where workshop_id = %(id)s and state in ('booked', 'waiting')",
        id=workshop_id,
    )


def forget_person(db: Db, contact_id: int) -> int:
    """Forget what a person booked, asked and rated; his places are given to the next. How many bookings he had."""
    touched = locks.workshops_of(db, [contact_id])
    db.run("update booking set checked_in_by = null where checked_in_by = %(id)s", id=contact_id)
    gone = db.run("delete from booking where contact_id = %(id)s", id=contact_id).count
    for workshop_id in touched:
        fill(db, workshop_id)
    return gone


_BETTER: Final = "array_position(array['attended', 'booked', 'absent', 'waiting', 'cancelled'], {}.state)"


def hand_over(db: Db, former: int, now: int) -> None:
    """What one person booked is another's from now on; of what both booked the better one stays."""
    touched = locks.workshops_of(db, [former, now])
    better = f"{_BETTER.format('o')} <= {_BETTER.format('b')}"
    worse = f"{_BETTER.format('o')} < {_BETTER.format('b')}"
    both = "delete from booking b using booking o where o.workshop_id = b.workshop_id"
    db.run(f"{both} and b.contact_id = %(former)s and o.contact_id = %(now)s and {better}", former=former, now=now)
    db.run(f"{both} and b.contact_id = %(now)s and o.contact_id = %(former)s and {worse}", former=former, now=now)
    db.run("update booking set contact_id = %(now)s where contact_id = %(former)s", former=former, now=now)
    db.run("update booking set checked_in_by = %(now)s where checked_in_by = %(former)s", former=former, now=now)
    for workshop_id in touched:
        fill(db, workshop_id)


def give_back(db: Db, from_contact: int, to_contact: int, chats: Sequence[int]) -> None:
    """What was booked in these chats is another person's again, where he has not booked the same himself."""
    locks.workshops_of(db, [from_contact])
    db.run(
        "update booking b set contact_id = %(to)s where contact_id = %(from)s and conversation_id = any(%(chats)s)"
        " and not exists (select from booking o where o.workshop_id = b.workshop_id and o.contact_id = %(to)s)",
        **{"from": from_contact, "to": to_contact, "chats": list(chats)},
    )
