"""Events made or mended as a file describes them, opened, closed, and made again at other days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from base.db import Db, jsonb
from base.spelling import fold
from events import bookings, locks, programme
from events.described import Described
from events.errors import UnknownEvent
from events.programme import Event, EventState

WEEK: Final = 7  # days
Keeps = Literal["weekdays", "order"]


@dataclass(frozen=True)
class Put:
    """The event that a file described, and whether it was not there before."""

    event_id: int
    is_new: bool


@dataclass(frozen=True)
class Copied:
    """A new event, and by how many days its programme is later than the one that it was made of."""

    event_id: int
    slug: str
    days: int
    workshops: int


def put(db: Db, told: Described) -> Put:
    """Make an event, as a draft, or mend the one of this short name: all but its workshops and its state.

    Nobody is told.
    """
    there = programme.event_of_slug(db, told.slug)
    if there is not None:
        locks.event(db, there.id)
    latitude, longitude = told.pin or (None, None)
    values = told.model_dump(exclude={"pin", "phases", "partners"})
    row = db.run(_PUT, **values, latitude=latitude, longitude=longitude).rows[0]
    phases = [phase.model_dump(mode="json") for phase in told.phases]
    partners = [partner.model_dump(mode="json") for partner in told.partners]
    db.run(_PUT_PHASES, event=row.id, rows=jsonb(_numbered(phases)))
    db.run("delete from event_phase where event_id = %(event)s and position > %(last)s", event=row.id, last=len(phases))
    db.run("delete from event_partner where event_id = %(event)s", event=row.id)
    db.run(_PUT_PARTNERS, event=row.id, rows=jsonb(_numbered(partners)))
    return Put(row.id, row.is_new)


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "position": position} for position, row in enumerate(rows, start=1)]


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


def named_anew(one: Event, days: int) -> str:
    """The name of an event that is made anew so many days later: its year, where its name has it, is the new one's."""
    return re.sub(rf"\b{one.starts_on.year}\b", f"{(one.starts_on + timedelta(days)).year}", one.name)


def clone(db: Db, event_id: int, starts_on: date, name: str = "", keeps: Keeps = "weekdays", note: str = "") -> Copied:
    """Make an event anew, as a draft, with its phases, partners and workshops that were not cancelled, at other days.

    Nobody has a place in it. Hours in Lomé stay; the old one's note does not. Raises UnknownEvent.
    """
    one = programme.event(db, event_id)
    if one is None:
        raise UnknownEvent(event_id)
    days = shift(one.starts_on, starts_on, keeps)
    called = name or named_anew(one, days)
    slug = _free_slug(db, _short(called, (one.starts_on + timedelta(days)).year))
    made = db.run(_CLONE, source=event_id, slug=slug, name=called, note=note, days=days).rows[0].id
    db.run(_PHASES, source=event_id, made=made, days=days)
    db.run(_PARTNERS, source=event_id, made=made)
    count = db.run(_WORKSHOPS, source=event_id, made=made, days=days).count
    return Copied(made, slug, days, count)


def _short(name: str, year: int) -> str:
    words = fold(name).split()
    return "-".join(words if f"{year}" in words else [*words, f"{year}"])


def _free_slug(db: Db, wanted: str) -> str:
    taken = {row.slug for row in db.rows("select slug from event where slug like %(like)s", like=f"{wanted}%")}
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


_PUT: Final = """
insert into event as e (slug, name, theme, organiser, city, place, latitude, longitude, starts_on, ends_on, note)
values (%(slug)s, %(name)s, %(theme)s, %(organiser)s, %(city)s, %(place)s, %(latitude)s, %(longitude)s, %(starts_on)s,
    %(ends_on)s, %(note)s)
on conflict (slug) do update set (name, theme, organiser, city, place, latitude, longitude, starts_on, ends_on, note)
    = (excluded.name, excluded.theme, excluded.organiser, excluded.city, excluded.place, excluded.latitude,
    excluded.longitude, excluded.starts_on, excluded.ends_on, excluded.note)
returning id, xmax = 0 as is_new
"""
_PUT_PHASES: Final = """
insert into event_phase (event_id, position, name, starts_on, ends_on)
select %(event)s, position, name, starts_on, ends_on from jsonb_to_recordset(%(rows)s)
    as r(position int, name text, starts_on date, ends_on date)
on conflict (event_id, position) do update set (name, starts_on, ends_on)
    = (excluded.name, excluded.starts_on, excluded.ends_on)
"""
_PUT_PARTNERS: Final = """
insert into event_partner (event_id, name, role, position)
select %(event)s, name, role, position from jsonb_to_recordset(%(rows)s) as r(position int, name text, role text)
"""
_CLONE: Final = """
insert into event (slug, name, theme, organiser, city, place, latitude, longitude, starts_on, ends_on, note,
    cloned_from)
select %(slug)s, %(name)s, theme, organiser, city, place, latitude, longitude, starts_on + %(days)s::int,
    ends_on + %(days)s::int, %(note)s, id from event where id = %(source)s returning id
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
