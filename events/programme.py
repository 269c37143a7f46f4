"""The programme as people read it: the open event, its days, its workshops with their free places."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from base.clock import in_lome
from base.db import Db
from events.bounds import MOST_WORKSHOPS

EventState = Literal["draft", "open", "over"]
Kind = Literal["ceremony", "panel", "workshop", "practice", "demo", "stand", "pitch"]
Theme = Literal["security", "practice_marketing", "satisfaction", "law", "infrastructure", "trust", "buying"]
State = Literal["planned", "confirmed", "moved", "cancelled", "over"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)


@dataclass(frozen=True)
class Event:
    """One event; `latitude` and `longitude` of its place where they are known."""

    id: int
    slug: str
    name: str
    theme: str
    organiser: str
    city: str
    place: str
    latitude: float | None
    longitude: float | None
    starts_on: date
    ends_on: date
    note: str
    state: EventState
    cloned_from: int | None


@dataclass(frozen=True)
class Phase:
    """A part of an event that has days of its own."""

    id: int
    position: int
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Partner:
    """Who bears an event with its organiser."""

    name: str
    role: str


@dataclass(frozen=True)
class Workshop:
    """One item of a programme with who has a place in it; `place`, `latitude`, `longitude` are the event's by default.

    `capacity` is None where there are places for everybody. `has_own_place`: it is elsewhere than the event.
    """

    id: int
    event_id: int
    number: int
    title: str
    kind: Kind
    theme: Theme | Literal[""]
    starts_at: datetime
    ends_at: datetime
    place: str
    latitude: float | None
    longitude: float | None
    has_own_place: bool
    room: str
    capacity: int | None
    speakers: str
    language: str
    level: str
    link: str
    state: State
    is_closed: bool
    reason: str
    revision: int
    changed_at: datetime
    booked: int
    waiting: int

    @property
    def day(self) -> date:
        """The day on which it begins, in Lomé."""
        return in_lome(self.starts_at).date()

    @property
    def free(self) -> int | None:
        """How many places are free; None where there are places for everybody."""
        return None if self.capacity is None else max(0, self.capacity - self.booked)

    @property
    def is_on(self) -> bool:
        """Whether it takes place, or has taken place."""
        return self.state != "cancelled"

    def is_past(self, now: datetime) -> bool:
        """Whether it has ended."""
        return self.state == "over" or self.ends_at <= now

    def takes(self, now: datetime) -> bool:
        """Whether somebody may still get a place now, or wait for one."""
        return self.is_on and not self.is_closed and self.state != "over" and self.starts_at > now


@dataclass(frozen=True)
class Slot:
    """Where and when something is; `place` is '' for the event's own."""

    starts_at: datetime
    ends_at: datetime
    room: str
    place: str = ""


@dataclass(frozen=True)
class Day:
    """A day with how many workshops it has."""

    on: date
    count: int


@dataclass(frozen=True)
class Written:
    """What one message changed of a workshop: `before` and `after` by column, with who and which message."""

    at: datetime
    contact_id: int | None
    inbox_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]


_EVENT: Final = (
    "select id, slug, name, theme, organiser, city, place, latitude, longitude, starts_on, ends_on, note, state,"
    " cloned_from from event"
)


def open_event(db: Db) -> Event | None:
    """The event that is open, or None."""
    row = db.one(f"{_EVENT} where state = 'open'")
    return Event(**row._asdict()) if row else None


def event(db: Db, event_id: int) -> Event | None:
    """One event, or None."""
    row = db.one(f"{_EVENT} where id = %(id)s", id=event_id)
    return Event(**row._asdict()) if row else None


def event_of_slug(db: Db, slug: str) -> Event | None:
    """One event by its short name, or None."""
    row = db.one(f"{_EVENT} where slug = %(slug)s", slug=slug)
    return Event(**row._asdict()) if row else None


def events(db: Db, size: int = 50) -> tuple[Event, ...]:
    """All events, the newest first."""
    rows = db.rows(f"{_EVENT} order by starts_on desc, id desc limit %(size)s", size=size)
    return tuple(Event(**row._asdict()) for row in rows)


def phases(db: Db, event_id: int) -> tuple[Phase, ...]:
    """The phases of an event in their order."""
    rows = db.rows(
        "select id, position, name, starts_on, ends_on from event_phase where event_id = %(event)s order by position",
        event=event_id,
    )
    return tuple(Phase(**row._asdict()) for row in rows)


def partners(db: Db, event_id: int) -> tuple[Partner, ...]:
    """The partners of an event in their order."""
    rows = db.rows("select name, role from event_partner where event_id = %(event)s order by position", event=event_id)
    return tuple(Partner(row.name, row.role) for row in rows)


_WORKSHOP: Final = """
select w.id, w.event_id, w.number, w.title, w.kind, w.theme, w.starts_at, w.ends_at,
  coalesce(nullif(w.place, ''), e.place) as place,
  case when w.place = '' then e.latitude else w.latitude end as latitude,
  case when w.place = '' then e.longitude else w.longitude end as longitude,
  w.place <> '' as has_own_place, w.room, w.capacity, w.speakers, w.language, w.level, w.link, w.state, w.is_closed,
  w.reason, w.revision, w.changed_at, b.booked, b.waiting
from workshop w join event e on e.id = w.event_id cross join lateral (
  select count(*) filter (where state in ('booked', 'attended', 'absent'))::int as booked,
    count(*) filter (where state = 'waiting')::int as waiting
  from booking where workshop_id = w.id) b
"""


def _workshops(rows: Sequence[Any]) -> tuple[Workshop, ...]:
    return tuple(Workshop(**row._asdict()) for row in rows)


def workshop(db: Db, workshop_id: int) -> Workshop | None:
    """One workshop, or None."""
    row = db.one(f"{_WORKSHOP} where w.id = %(id)s", id=workshop_id)
    return Workshop(**row._asdict()) if row else None


def workshops_of(db: Db, workshop_ids: Collection[int]) -> tuple[Workshop, ...]:
    """These workshops by their times."""
    wanted = list(workshop_ids)
    return _workshops(db.rows(f"{_WORKSHOP} where w.id = any(%(ids)s) order by w.starts_at, w.id", ids=wanted))


def of_number(db: Db, event_id: int, number: int) -> Workshop | None:
    """The workshop of an event that people type this number for, or None."""
    row = db.one(f"{_WORKSHOP} where w.event_id = %(event)s and w.number = %(number)s", event=event_id, number=number)
    return Workshop(**row._asdict()) if row else None


def programme(
    db: Db,
    event_id: int,
    *,
    day: date | None = None,
    theme: str = "",
    since: datetime | None = None,
    after: int = 0,
    size: int = MOST_WORKSHOPS,
) -> tuple[Workshop, ...]:
    """The workshops of an event by their times, behind the workshop `after`; one statement.

    `day` in Lomé; `since`: those only that end later. Cancelled ones are among them.
    """
    return _workshops(
        db.rows(
            f"{_WORKSHOP} where w.event_id = %(event)s"
            " and (%(day)s::date is null or w.starts_at >= %(day)s::date::timestamp at time zone 'Africa/Lome'"
            "  and w.starts_at < (%(day)s::date + 1)::timestamp at time zone 'Africa/Lome')"
            " and (%(theme)s = '' or w.theme = %(theme)s)"
            " and (%(since)s::timestamptz is null or w.ends_at > %(since)s)"
            " and (%(after)s = 0 or (w.starts_at, w.id) > (select a.starts_at, a.id from workshop a where a.id"
            "  = %(after)s)) order by w.starts_at, w.id limit %(size)s",
            event=event_id,
            day=day,
            theme=theme,
            since=since,
            after=after,
            size=size,
        )
    )


def days(db: Db, event_id: int, since: date | None = None, theme: str = "") -> tuple[Day, ...]:
    """The days of an event on which something takes place, of a theme if one is named, from `since` on."""
    rows = db.rows(
        "select (starts_at at time zone 'Africa/Lome')::date as day, count(*) as count from workshop"
        " where event_id = %(event)s and state <> 'cancelled' and (%(theme)s = '' or theme = %(theme)s)"
        " and (%(since)s::date is null or starts_at >= %(since)s::date::timestamp at time zone 'Africa/Lome')"
        " group by 1 order by 1",
        event=event_id,
        theme=theme,
        since=since,
    )
    return tuple(Day(row.day, row.count) for row in rows)


def clashing(db: Db, event_id: int, workshop_id: int, slot: Slot) -> Workshop | None:
    """The first other workshop that is in a room at a time, or None; nothing clashes where no room is told."""
    row = db.one(
        f"{_WORKSHOP} where w.event_id = %(event)s and w.id <> %(id)s and w.state <> 'cancelled' and w.room <> ''"
        " and lower(w.room) = lower(%(room)s) and lower(w.place) = lower(%(place)s) and w.starts_at < %(ends)s"
        " and w.ends_at > %(starts)s order by w.starts_at, w.id limit 1",
        event=event_id,
        id=workshop_id,
        room=slot.room,
        place=slot.place,
        starts=slot.starts_at,
        ends=slot.ends_at,
    )
    return Workshop(**row._asdict()) if row else None


def history(db: Db, workshop_id: int, size: int = 20) -> tuple[Written, ...]:
    """What was changed of a workshop, the newest first, with who and which message."""
    rows = db.rows(
        "select h.at, c.contact_id, c.inbox_id, h.before, h.after from workshop_history h"
        " join programme_change c on c.id = h.change_id where h.workshop_id = %(id)s order by h.id desc"
        " limit %(size)s",
        id=workshop_id,
        size=size,
    )
    return tuple(Written(**row._asdict()) for row in rows)


def written_by(db: Db, change_id: int, size: int = MOST_WORKSHOPS) -> tuple[Workshop, ...]:
    """The workshops that a change has written, by their times."""
    return _workshops(
        db.rows(
            f"{_WORKSHOP} where w.id in (select workshop_id from workshop_history where change_id = %(change)s)"
            " order by w.starts_at, w.id limit %(size)s",
            change=change_id,
            size=size,
        )
    )
