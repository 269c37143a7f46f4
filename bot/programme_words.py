"""Workshops and what changes of them, in words: one place for lists, cards, previews and notices."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from base.clock import in_lome
from base.dates import format_day
from bot.texts import say
from events.changing import NEW, Line, read
from events.programme import Workshop

TIMED: Final = ("starts_at", "ends_at")
UNTOLD: Final = ("latitude", "longitude", "state", "reason")
"""Columns that a preview does not show by themselves: a pin goes with its place, a state with what is done."""


def day_named(language: str, day: date) -> str:
    """`lundi 16 août`."""
    return format_day(day, "EEEE d MMMM", language)


def dated(language: str, day: date) -> str:
    """`lundi 16 août 2027`."""
    return f"{day_named(language, day)} {day.year}"


def time_of(language: str, starts_at: datetime, ends_at: datetime) -> str:
    """`lundi 16 août, 14h00 à 16h00`."""
    values = {"day": day_named(language, in_lome(starts_at).date()), "starts": starts_at, "ends": ends_at}
    return say(language, "programme.time", values)


def where_of(one: Workshop) -> str:
    """Its room and its place, as far as they are told."""
    return ", ".join(part for part in (one.room, one.place) if part)


def taken_of(language: str, one: Workshop) -> str:
    """`12/30 inscrits, 3 en attente`, as organizers count."""
    key = "programme.taken_any" if one.capacity is None else "programme.taken"
    told = say(language, key, {"booked": one.booked, "places": one.capacity or 0})
    return told + (say(language, "programme.waiting", {"waiting": one.waiting}) if one.waiting else "")


def row_detail(language: str, one: Workshop) -> str:
    """What stands below its title in an organizer's list."""
    state = say(language, f"programme.state.{shown_state(one)}", {}) if shown_state(one) != "planned" else ""
    hour = f"{in_lome(one.starts_at):%Hh%M}"
    parts = (say(language, "programme.number", {"number": one.number}), hour, one.room, taken_of(language, one), state)
    return " · ".join(part for part in parts if part)


def shown_state(one: Workshop) -> str:
    """Its state as people are told it: shut is one beside those of its row."""
    return "closed" if one.is_closed and one.state != "cancelled" else one.state


def facts_of(language: str, one: Workshop, *, with_taken: bool = True) -> str:
    """Its card below the title: a line each of what is known."""
    lines = [
        say(language, f"programme.kind.{one.kind}", {})
        + (f" · {say(language, f'programme.theme.{one.theme}', {})}" if one.theme else ""),
        time_of(language, one.starts_at, one.ends_at),
        where_of(one),
        say(language, "programme.by", {"speakers": one.speakers}) if one.speakers else "",
        one.link,
        taken_of(language, one) if with_taken else "",
        say(language, f"programme.state.{shown_state(one)}", {}) if shown_state(one) != "planned" else "",
        one.reason if one.state == "cancelled" else "",
    ]
    return "\n".join(line for line in lines if line)


def changes_of(language: str, line: Line, one: Workshop | None) -> list[str]:
    """`Salle : Salle 2 → Salle B`, one line each of what a change makes of a workshop (None: a new one)."""
    told = []
    if set(TIMED) & line.after.keys():
        told.append(
            _arrow(language, "time", _times(language, line, one, line.before), _times_after(language, line, one))
        )
    for column, value in line.after.items():
        if column not in (*TIMED, *UNTOLD) and (line.revision >= 0 or _is_shown_of_new(column, value)):
            before = _shown(language, column, line.before.get(column)) if line.revision >= 0 else ""
            told.append(_arrow(language, column, before, _shown(language, column, value)))
    return told


def _is_shown_of_new(column: str, value: Any) -> bool:
    """Its title stands above; what is as it always is says nothing."""
    return column == "capacity" or (column != "title" and value not in ("", None, NEW[column]))


def _arrow(language: str, column: str, before: str, after: str) -> str:
    key = "programme.changes" if before else "programme.becomes"
    name = say(language, f"programme.column.{column}", {})
    return say(language, key, {"name": name, "before": before, "after": after})


def _times_after(language: str, line: Line, one: Workshop | None) -> str:
    return _times(language, line, one, line.after)


def _times(language: str, line: Line, one: Workshop | None, values: Mapping[str, Any]) -> str:
    if line.revision < 0 and values is line.before:
        return ""
    starts, ends = (read(column, values.get(column)) or getattr(one, column, None) for column in TIMED)
    return time_of(language, starts, ends) if starts and ends else ""


def _shown(language: str, column: str, value: Any) -> str:
    match column:
        case "kind" | "theme":
            return say(language, f"programme.{column}.{value}", {}) if value else "—"
        case "capacity":
            return say(language, "programme.any_places", {}) if value is None else f"{value}"
        case "is_closed":
            return say(language, f"programme.closed.{'yes' if value else 'no'}", {})
    return str(value) if value not in ("", None) else "—"
