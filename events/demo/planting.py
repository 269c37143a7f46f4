"""Planting the demo's event in a database, once; and one like it that is open, whenever none is."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from base import clock
from base.clock import LOME, in_lome
from base.db import Db, jsonb
from base.mappings import read_file
from events import opening, programme
from events.described import described
from events.programme import Event

SOON: Final = 3  # days from now on which the open one begins at the earliest


@cache
def demo_event() -> dict[str, Any]:
    """The event as event.yaml has it."""
    return read_file(Path(__file__).parent / "event.yaml")


def plant(db: Db) -> Event:
    """Plant what is not there yet; the event that is open then.

    Where none is, or the one that was made here is over, the real one is made anew: weekdays stay.
    """
    real = programme.event_of_slug(db, demo_event()["slug"])
    real_id = real.id if real else _plant_event(db)
    today = in_lome(clock.now(db)).date()
    now_open = programme.open_event(db)
    if now_open and (now_open.cloned_from != real_id or now_open.ends_on >= today):
        return now_open
    made = opening.clone(db, real_id, today + timedelta(days=SOON), note=demo_event()["note"])
    opening.set_state(db, made.event_id, "open")
    found = programme.event(db, made.event_id)
    if found is None:
        raise LookupError("the event just made is not there")
    return found


def _plant_event(db: Db) -> int:
    told = demo_event()
    event_id = opening.put(db, described({part: told[part] for part in told if part != "workshops"})).event_id
    opening.set_state(db, event_id, "over")
    db.run(_WORKSHOPS, event=event_id, rows=jsonb([_workshop(row) for row in told["workshops"]]))
    return event_id


def _workshop(row: dict[str, Any]) -> dict[str, Any]:
    day, begins, ends = row["at"]
    return {
        **{key: row[key] for key in ("number", "title", "kind", "room")},
        "theme": row.get("theme", ""),
        "starts_at": _moment(day, begins),
        "ends_at": _moment(day, ends),
        "capacity": row["places"],
    }


def _moment(day: date, hour: str) -> str:
    return datetime.combine(day, time.fromisoformat(hour), LOME).isoformat()


_WORKSHOPS: Final = """
insert into workshop (event_id, number, title, kind, theme, starts_at, ends_at, room, capacity, state)
select %(event)s, number, title, kind, theme, starts_at, ends_at, room, capacity, 'over'
from jsonb_to_recordset(%(rows)s) as r(number int, title text, kind text, theme text, starts_at timestamptz,
    ends_at timestamptz, room text, capacity int)
"""
