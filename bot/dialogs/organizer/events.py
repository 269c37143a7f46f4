"""The event itself in the organizer's chat: what it is, closed, and made anew at other days."""

from datetime import date
from typing import Literal, TypedDict

from base.when import read_when
from bot import programme_words
from bot.dialogs.means import number_of, take_alone, words
from bot.turn import Turn
from events import opening, programme
from events.programme import Event

CLONE = "event_clone"  # in memory: the event that is made anew, and the first day of the new one


class Told(TypedDict):
    """An event: its name, its days, how many sessions it has."""

    name: str
    first: str
    last: str
    count: int


class Shown(Told):
    """The same; `more`: its phases and partners, each in a line."""

    more: str


def find(turn: Turn) -> Literal["open", "closed", "none"]:
    """The event that is open; else the newest one."""
    one = _newest(turn)
    turn.memory["event"] = one.id if one else 0
    if one is None:
        return "none"
    return "open" if one.state == "open" else "closed"


def _newest(turn: Turn) -> Event | None:
    return programme.open_event(turn.db) or next(iter(programme.events(turn.db, 1)), None)


def _event(turn: Turn) -> Event | None:
    return programme.event(turn.db, number_of(turn.memory.get("event", 0)))


def _told(turn: Turn, one: Event | None, days: int = 0) -> Told:
    if one is None:
        return {"name": "", "first": "", "last": "", "count": 0}
    first, last = (date.fromordinal(day.toordinal() + days) for day in (one.starts_on, one.ends_on))
    count = sum(day.count for day in programme.days(turn.db, one.id))
    named = [programme_words.dated(turn.person.language, day) for day in (first, last)]
    return {"name": opening.named_anew(one, days), "first": named[0], "last": named[1], "count": count}


def _more(turn: Turn, one: Event) -> str:
    days = ("starts_on", "ends_on")
    lines = [
        words(turn, "event.phase", name=phase.name, **{day: f"{getattr(phase, day):%d/%m}" for day in days})
        for phase in programme.phases(turn.db, one.id)
    ]
    with_it = programme.partners(turn.db, one.id)
    if with_it:
        named = ", ".join(f"{each.name} ({each.role})" if each.role else each.name for each in with_it)
        lines.append(words(turn, "event.partners", names=named))
    return "".join(f"\n{line}" for line in lines)


def shown(turn: Turn) -> Shown:
    """Values of the event."""
    one = _event(turn)
    return {**_told(turn, one), "more": _more(turn, one) if one else ""}


def stands(turn: Turn) -> bool:
    """Whether it is still there, and what it was."""
    one = _newest(turn)
    return one is not None and one.id == turn.memory.get("event")


def close(turn: Turn) -> Literal["done"]:
    """It is over: nobody books any more."""
    one = _event(turn)
    if one is not None and one.state == "open":
        opening.set_state(turn.db, one.id, "over")
    return "done"


def reopen(turn: Turn) -> Literal["done"]:
    """It is open, and any other closed."""
    one = _event(turn)
    if one is not None:
        opening.set_state(turn.db, one.id, "open")
    return "done"


def keep_day(turn: Turn, typed: str) -> Literal["kept", "unread"]:
    """On which day the new one begins: not before tomorrow, on the weekday of the old one."""
    found, one = read_when(typed, turn.now), _event(turn)
    if found is None or one is None or found.first <= turn.now.date():
        return "unread"
    turn.memory[CLONE] = [one.id, found.first.isoformat()]
    return "kept"


def _wanted(turn: Turn) -> tuple[Event, date] | None:
    event_id, day = turn.memory.get(CLONE, [0, ""])
    one = programme.event(turn.db, number_of(event_id))
    return (one, date.fromisoformat(day)) if one and day else None


def is_wanted(turn: Turn) -> bool:
    """Whether a day is told for a new one."""
    return _wanted(turn) is not None


def planned(turn: Turn) -> Told:
    """Values of the new one before it is made."""
    found = _wanted(turn)
    days = opening.shift(found[0].starts_on, found[1], "weekdays") if found else 0
    return _told(turn, found[0] if found else None, days)


def clone(turn: Turn) -> Literal["done", "gone"]:
    """Make it anew, with nobody in it, and open it; the other one is closed."""
    take_alone(turn)
    found = _wanted(turn)
    turn.memory.pop(CLONE, None)
    if found is None:
        return "gone"
    made = opening.clone(turn.db, found[0].id, found[1])
    opening.set_state(turn.db, made.event_id, "open")
    turn.memory["event"] = made.event_id
    return "done"
