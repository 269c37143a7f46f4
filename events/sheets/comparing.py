"""A programme that was read beside what is planned: what is new, what changes, what stays, what is at fault."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from base.clock import LOME, in_lome
from base.db import Db
from base.places import is_in_togo
from base.spelling import fold
from base.when import read_when
from events import changing, programme
from events.changing import MOST_PLACES, Wanted, difference, read, refusal, written
from events.programme import Event, Workshop
from events.sheets.sheet import SheetLine
from events.words import kind_of, theme_of

Status = Literal["new", "changed", "same", "faulty"]
STATUSES: Final[tuple[Status, ...]] = ("new", "changed", "same", "faulty")
LONGEST_TITLE: Final = 80  # characters
FREE: Final = frozenset("sans limite illimite illimitee libre no limit unlimited".split())
STATES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("annule", "annulee", "cancelled", "canceled"), "cancelled"),
    **dict.fromkeys(("confirme", "confirmee", "confirmed"), "confirmed"),
    **dict.fromkeys(("prevu", "prevue", "planned"), "planned"),
    **dict.fromkeys(("deplace", "deplacee", "moved"), "moved"),
}
LANGUAGES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("fr", "francais", "french"), "fr"),
    **dict.fromkeys(("en", "anglais", "english"), "en"),
    **dict.fromkeys(("ee", "ewe", "eve"), "ee"),
}
DEGREES: Final = re.compile(r"([+-]?\d{1,3})(?:[.,](\d{1,18}))? ?°? ?([nsewo])?\Z")
CLOSE: Final = 1e-6  # degrees, a hand's breadth: what a program of tables may have rounded
POINTED: Final = re.compile(r"\b(\d{1,2})[:.](\d\d)(?::00)?\b")
PLAIN: Final = ("place", "room", "speakers", "level")


@dataclass(frozen=True)
class Compared:
    """A line with what becomes of it: `after` by column as JSON holds it; faults are tails of keys `sheet.fault.…`."""

    number: int
    cells: tuple[str, ...]
    status: Status
    faults: tuple[str, ...] = ()
    workshop_id: int | None = None
    session: int | None = None
    after: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wanted(self) -> Wanted:
        """What it asks for."""
        return Wanted(self.workshop_id, {c: read(c, value) for c, value in self.after.items()}, self.session)

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def compared_from(document: Mapping[str, Any]) -> Compared:
    """A line that JSON held."""
    return Compared(**{**document, "cells": tuple(document["cells"]), "faults": tuple(document["faults"])})


def compare(db: Db, event: Event, lines: Sequence[SheetLine], now: datetime) -> tuple[Compared, ...]:
    """Each line beside the programme, in the file's order; nothing is written. Two statements."""
    return compare_with(event, programme.programme(db, event.id), lines, now, changing.taken_back(db, event.id))


def compare_with(
    event: Event,
    planned: Sequence[Workshop],
    lines: Sequence[SheetLine],
    now: datetime,
    taken_back: Collection[int] = (),
) -> tuple[Compared, ...]:
    """The same beside these sessions; those of `taken_back` are planned again where the file has them."""
    by_number = {one.number: one for one in planned}
    titles = Counter(fold(one.title) for one in planned)
    by_title = {fold(one.title): one for one in planned if titles[fold(one.title)] == 1}
    return _without_doubles([_beside(event, line, by_number, by_title, now, taken_back) for line in lines])


def _beside(
    event: Event,
    line: SheetLine,
    by_number: Mapping[int, Workshop],
    by_title: Mapping[str, Workshop],
    now: datetime,
    taken_back: Collection[int],
) -> Compared:
    faults = list(line.faults)
    number = _number(line.told.get("number", ""), faults)
    title = line.told.get("title", "")
    one = by_number.get(number) if number else by_title.get(fold(title))
    values = _values(event, line.told, one, faults)
    if one is not None and one.id in taken_back:
        values.setdefault("state", "planned")
    if one is None:
        missing = (("title", "session_untitled"), ("starts_at", "day_missing"), ("ends_at", "end_missing"))
        unread = bool({"day_unread", "hour_unread"} & {*faults})
        faults += [fault for column, fault in missing if column not in values and not (unread and column != "title")]
    changed = values if one is None else difference(_row(one), values)
    if not faults:
        refused = refusal(changed, one, now if event.state != "over" else now - timedelta(days=36_500))
        faults += [f"session_{refused}"] if refused else []
    session = one.number if one else number
    if faults:
        return Compared(line.number, line.cells, "faulty", tuple(faults), one.id if one else None, session)
    after = {column: written(value) for column, value in changed.items()}
    status: Status = "new" if one is None else "changed" if after else "same"
    return Compared(line.number, line.cells, status, (), one.id if one else None, session, after)


def _row(one: Workshop) -> Any:
    """A workshop whose place is its own, as its row has it."""
    return one if one.has_own_place else replace(one, place="", latitude=None, longitude=None)


def _number(words: str, faults: list[str]) -> int | None:
    if not words:
        return None
    digits = "".join(fold(words).split()).lstrip("no").removeprefix("umero")
    if digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) < 10_000 and len(digits) <= 6:
        return int(digits)
    faults.append("number_unread")
    return None


def _values(event: Event, told: Mapping[str, str], one: Workshop | None, faults: list[str]) -> dict[str, Any]:
    """What a line says by column; an empty cell says nothing of a session that is there."""
    values: dict[str, Any] = {column: told[column] for column in PLAIN if told.get(column)}
    if title := told.get("title"):
        values["title"] = title[:LONGEST_TITLE]
    readers = {"kind": kind_of, "theme": theme_of, "capacity": _places, "language": _language, "state": _state}
    for column, reader in readers.items():
        if not told.get(column):
            continue
        value = reader(told[column])
        if value is None:
            faults.append(f"{column}_unread")
        elif column != "state" or _says_more(str(value), one):
            values[column] = None if value == -1 else value
    if link := told.get("link"):
        values["link"] = link
        faults += [] if link.startswith(("https://", "http://")) and " " not in link else ["link_unread"]
    if one is None and "theme" not in values and theme_of(told.get("title", "")):
        values["theme"] = theme_of(told["title"])
    return {**values, **_pin(told, one, faults), **_times(event, told, one, faults)}


def _pin(told: Mapping[str, str], one: Workshop | None, faults: list[str]) -> dict[str, float]:
    """Where on the map a place of its own is: both degrees or neither."""
    cells = [told.get("latitude", ""), told.get("longitude", "")]
    if not any(cells):
        return {}
    latitude, longitude = map(_degrees, cells)
    if not all(cells):
        faults.append("pin_half")
    elif latitude is None or longitude is None:
        faults.append("pin_unread")
    elif not is_in_togo(latitude, longitude):
        faults.append("pin_outside")
    elif not told.get("place") and not (one and one.has_own_place):
        faults.append("pin_placeless")
    elif one and one.has_own_place and _is_there(one, latitude, longitude):
        return {}
    else:
        return {"latitude": latitude, "longitude": longitude}
    return {}


def _degrees(words: str) -> float | None:
    """`6,1725`, `-0.1`, `0.1° O`."""
    found = DEGREES.match(" ".join(words.casefold().replace("−", "-").split()))
    if not found:
        return None
    degrees = float(f"{found[1]}.{found[2] or 0}")
    return -degrees if found[3] in ("s", "w", "o") else degrees


def _is_there(one: Workshop, latitude: float, longitude: float) -> bool:
    if one.latitude is None or one.longitude is None:
        return False
    return abs(one.latitude - latitude) < CLOSE and abs(one.longitude - longitude) < CLOSE


def _says_more(state: str, one: Workshop | None) -> bool:
    """That it is planned, or was moved, says nothing of a session that takes place."""
    return state in ("cancelled", "confirmed") or (one is not None and not one.is_on)


def _places(words: str) -> int | None:
    """How many; -1 where there is no limit."""
    typed = fold(words)
    if FREE & {*typed.split()}:
        return -1
    digits = "".join(typed.removesuffix("places").split())
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < int(digits[:7]) <= MOST_PLACES else None


def _language(words: str) -> str | None:
    return LANGUAGES.get(fold(words))


def _state(words: str) -> str | None:
    return STATES.get(fold(words))


def _times(event: Event, told: Mapping[str, str], one: Workshop | None, faults: list[str]) -> dict[str, datetime]:
    """When it begins and ends: what a session keeps is its day, its hour or how long it lasts."""
    if not any(told.get(column) for column in ("day", "hours", "starts", "ends")):
        return {}
    day = one.day if one else None
    start: time | None = None
    end: time | None = None
    if words := told.get("day"):
        day, (start, end) = _day(words, event)
        faults += [] if day else ["day_unread"]
    if words := told.get("hours"):
        start, end = _hours(words)
        faults += [] if start else ["hour_unread"]
    for column in ("starts", "ends"):
        if words := told.get(column):
            hour = _hours(words)[0]
            faults += [] if hour else ["hour_unread"]
            start, end = (hour, end) if column == "starts" else (start, hour)
    start = start or (in_lome(one.starts_at).time() if one else None)
    if day is None or start is None:
        return {}
    begins = datetime.combine(day, start, LOME)
    if end is not None:
        return {"starts_at": begins, "ends_at": datetime.combine(day, end, LOME)}
    return {"starts_at": begins, "ends_at": begins + (one.ends_at - one.starts_at)} if one else {"starts_at": begins}


def _day(words: str, event: Event) -> tuple[date | None, tuple[time | None, time | None]]:
    """`2021-08-16`, `16/08`, `lundi 16 août 2021`, with the hours behind it; of a day without its year the event's."""
    try:
        moment = datetime.fromisoformat(words)
        hour = moment.time() if "T" in words and moment.time() != time(0) else None
        return moment.date(), (hour, None)
    except ValueError:
        pass
    found = read_when(words, datetime.combine(event.starts_on, time(0, 1), LOME) - timedelta(days=1))
    return (found.first, (found.start, found.end)) if found and found.first == found.last else (None, (None, None))


def _hours(words: str) -> tuple[time | None, time | None]:
    """`9h-10h30`, `09:00`, `14:00:00`."""
    try:
        return time.fromisoformat(words).replace(tzinfo=None), None
    except ValueError:
        pass
    found = read_when(POINTED.sub(r"\1h\2", words), datetime(2000, 1, 1, 0, 1, tzinfo=LOME))
    return (found.start, found.end) if found and found.first == date(2000, 1, 1) else (None, None)


def _without_doubles(lines: Sequence[Compared]) -> tuple[Compared, ...]:
    """A second line of one session is at fault: which one holds cannot be told."""
    seen: set[int] = set()
    found = []
    for line in lines:
        is_double = line.session is not None and line.session in seen
        if line.session is not None:
            seen.add(line.session)
        found.append(replace(line, status="faulty", faults=("session_double",), after={}) if is_double else line)
    return tuple(found)


def counts(lines: Sequence[Compared]) -> dict[str, int]:
    """How many lines of each status."""
    return {status: number for status in STATUSES if (number := sum(line.status == status for line in lines))}
