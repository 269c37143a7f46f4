"""Events made, opened, closed, and made again at other days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from base.db import Db
from base.spelling import fold
from events import bookings, locks, programme
from events.errors import UnknownEvent
from events.programme import EventState

WEEK: Final = 7  # days
Keeps = Literal["weekdays", "order"]


@dataclass(frozen=True)
class Copied:
    """A new event, and by how many days its programme is later than the one that it was made of."""

    event_id: int
    slug: str
    days: int
    workshops: int


def set_state(db: Db, event_id: int, state: EventState) -> None:
    """Open an event, which closes the one that was open, or close it; free places go to those who wait there.

    Raises UnknownEvent.
    """
    rows = db.rows("select id from event where state = 'open' or id = %(id)s order by id", id=event_id)
    if event_id not in {row.id for row in rows}:
        raise UnknownEvent(event_id)
    for row in rows:
        locks.event(db, row.id)
    if state == "open":
        db.run("update event set state = 'over' where state = 'open' and id <> %(id)s", id=event_id)
    db.run("update event set state = %(state)s where id = %(id)s", id=event_id, state=state)
    for workshop_id in locks.workshops_waited_for(db, event_id):
        bookings.fill(db, workshop_id)


def shift(starts_on: date, wanted: date, keeps: Keeps) -> int:
    """By how many days an event is moved that is to begin on a day, or with its weekdays kept on the first after it."""
    days = (wanted - starts_on).days
    return days + (-days) % WEEK if keeps == "weekdays" else days


def clone(db: Db, event_id: int, starts_on: date, name: str = "", keeps: Keeps = "weekdays") -> Copied:
    """Make an event anew, as a draft, with its phases, partners and workshops that were not cancelled, at other days.

    Nobody has a place in it. Hours in Lomé stay. Raises UnknownEvent.
    """
    one = programme.event(db, event_id)
    if one is None:
        raise UnknownEvent(event_id)
    days = shift(one.starts_on, starts_on, keeps)
    slug = _free_slug(db, f"{fold(name or one.name).replace(' ', '-')}-{(one.starts_on + timedelta(days)).year}")
    made = db.run(_CLONE, source=event_id, slug=slug, name=name or one.name, days=days).rows[0].id
    db.run(_PHASES, source=event_id, made=made, days=days)
    db.run(_PARTNERS, source=event_id, made=made)
    count = db.run(_WORKSHOPS, source=event_id, made=made, days=days).count
    return Copied(made, slug, days, count)


def _free_slug(db: Db, wanted: str) -> str:
    taken = {row.slug for row in db.rows("select slug from event where slug like %(like)s", like=f"{wanted}%")}
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


_CLONE: Final = """
insert into event (slug, name, theme, organiser, city, place, latitude, longitude, starts_on, ends_on, note,
    cloned_from)
select %(slug)s, %(name)s, theme, organiser, city, place, latitude, longitude, starts_on + %(days)s::int,
    ends_on + %(days)s::int, note, id from event where id = %(source)s returning id
"""
_PHASES: Final = """
insert into event_phase (event_id, position, name, starts_on, ends_on)
select %(made)s, position, name, starts_on + %(days)s::int, ends_on + %(days)s::int
from event_phase where event_id = %(source)s order by position
"""
_PARTNERS: Final = """
insert into event_partner (event_id, name, role, position)
select %(made)s, name, role, position from event_partner where event_id = %(source)s order by position
"""
_WORKSHOPS: Final = """
insert into workshop (event_id, number, title, kind, theme, starts_at, ends_at, place, latitude, longitude, room,
    capacity, speakers, language, level, link)
select %(made)s, number, title, kind, theme,
    (starts_at at time zone 'Africa/Lome' + make_interval(days => %(days)s)) at time zone 'Africa/Lome',
    (ends_at at time zone 'Africa/Lome' + make_interval(days => %(days)s)) at time zone 'Africa/Lome',
    place, latitude, longitude, room, capacity, speakers, language, level, link
from workshop where event_id = %(source)s and state <> 'cancelled' order by number
"""
