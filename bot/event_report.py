"""Events for operators: the list, one from a file, one made anew, opened or closed, and a programme from a file."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from base import clock
from base.db import Db
from base.sheets.refusals import Reason
from bot.programme_news import told_back
from bot.texts import FIRST
from events import changing, described, opening, programme
from events.changing import By
from events.described import BadEvent, Described
from events.opening import Keeps
from events.programme import Event, EventState
from events.sheets.apart import read_apart
from events.sheets.comparing import Compared, compare, counts
from events.sheets.sheet import Sheet

NONE_OPEN: Final = "no event is open: name one, or make one by `event take FILE` and open it by `event open`"
COLUMNS: Final = ["event", "name", "from", "to", "state", "sessions", "places taken"]


class NoSuchEvent(Exception):
    """No event goes by that name; the message names it."""


class FileRefused(Exception):
    """A file is no programme, or describes no event; the message says why."""


@dataclass(frozen=True)
class Taken:
    """What a file asks for, how many lines of each kind, the file with a word on each, and whether it is written."""

    lines: tuple[Compared, ...]
    counted: dict[str, int]
    result: bytes
    is_written: bool


def listed(db: Db) -> list[list[str]]:
    """A row an event, the newest first."""
    rows = []
    for one in programme.events(db):
        found = programme.programme(db, one.id)
        booked = sum(workshop.booked for workshop in found)
        rows.append([one.slug, one.name, str(one.starts_on), str(one.ends_on), one.state, str(len(found)), str(booked)])
    return rows


def event(db: Db, slug: str) -> Event:
    """An event by its short name, or the open one for ''. Raises NoSuchEvent."""
    one = programme.event_of_slug(db, slug) if slug else programme.open_event(db)
    if one is None:
        raise NoSuchEvent(f"there is no event {slug!r}" if slug else NONE_OPEN)
    return one


def read_event(path: Path) -> Described:
    """Read what describes an event, before there is a transaction. Raises FileRefused: all that is wrong, in lines."""
    try:
        return described.read_event(path)
    except BadEvent as error:
        raise FileRefused(
            f"{path} describes no event:\n" + "\n".join(f"  {fault}" for fault in error.problems)
        ) from error


def put(db: Db, told: Described) -> str:
    """Make this event, or mend the one of its short name, and say which; nobody is told."""
    if not opening.put(db, told).is_new:
        return f"{told.slug} is mended."
    return f"{told.slug} is made, as a draft: `event open {told.slug}` opens it."


def clone(db: Db, slug: str, on: datetime, name: str, keeps: Keeps, note: str) -> str:
    """Make an event anew; the new one's short name. It is a draft until it is opened. Raises NoSuchEvent."""
    return opening.clone(db, event(db, slug).id, on.date(), name, keeps, note).slug


def set_state(db: Db, slug: str, state: Literal["open", "close"]) -> None:
    """Open an event, which closes the one that was, or close it. Raises NoSuchEvent."""
    states: dict[str, EventState] = {"open": "open", "close": "over"}
    opening.set_state(db, event(db, slug).id, states[state])


def read(path: Path) -> Sheet:
    """Read a programme in a process apart, before there is a transaction. Raises FileRefused."""
    found = read_apart(path)
    if found.sheet is None:
        refused: Reason = found.refused or "broken"
        raise FileRefused(f"{path}: {refused}")
    return found.sheet


def take(db: Db, slug: str, sheet: Sheet, *, is_sure: bool) -> Taken:
    """Compare a programme with an event's, and write it when it is sure; whoever is booked is told. Raises NoSuchEvent.

    A line at fault is passed over and says why.
    """
    one = event(db, slug)
    lines = compare(db, one, sheet.lines, clock.now(db))
    wanted = [line.wanted for line in lines if line.status in ("new", "changed")]
    is_written = bool(is_sure and wanted and _write(db, one, wanted))
    return Taken(lines, counts(lines), told_back(FIRST, sheet.header, lines, is_written=is_written), is_written)


def _write(db: Db, one: Event, wanted: list[changing.Wanted]) -> bool:
    change_id = changing.propose(db, one.id, wanted, By())
    return change_id is not None and changing.apply(db, change_id, By()) == "done"
