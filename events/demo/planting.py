"""Planting the demo's event in a database, once; and one like it that is open, whenever none is."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from base import clock
from base.clock import LOME, in_lome
from base.db import Db, jsonb
from events import opening, programme
from events.programme import Event

SOON: Final = 3  # days from now on which the open one begins at the earliest


@cache
def demo_event() -> dict[str, Any]:
    """The event as event.yaml has it."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "event.yaml").read_text(encoding="utf-8"))
    return found


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
    made = opening.clone(db, real_id, today + timedelta(days=SOON))
    opening.set_state(db, made.event_id, "open")
    found = programme.event(db, made.event_id)
    if found is None:
        raise LookupError("the event just made is not there")
    return found


def _plant_event(db: Db) -> int:
    told = demo_event()
    event_id = int(
        db.run(
            "insert into event (slug, name, theme, organiser, city, place, latitude, longitude, starts_on, ends_on,"
            " note, state) values (%(slug)s, %(name)s, %(theme)s, %(organiser)s, %(city)s, %(place)s, %(latitude)s,"
            " %(longitude)s, %(starts_on)s, %(ends_on)s, %(note)s, 'over') returning id",
            **{key: value for key, value in told.items() if isinstance(value, str | date)},
            latitude=told["pin"][0],
            longitude=told["pin"][1],
        )
        .rows[0]
        .id
    )
    db.run(
        "insert into event_phase (event_id, position, name, starts_on, ends_on) select %(event)s, position, name,"
        " starts_on, ends_on from jsonb_to_recordset(%(rows)s) as r(position int, name text, starts_on date,"
        " ends_on date)",
        event=event_id,
        rows=jsonb([{**row, "position": place} for place, row in enumerate(_as_json(told["phases"]), 1)]),
    )
    db.run(
        "insert into event_partner (event_id, name, role, position) select %(event)s, name, role, position"
        " from jsonb_to_recordset(%(rows)s) as r(position int, name text, role text)",
        event=event_id,
        rows=jsonb([{**row, "position": place} for place, row in enumerate(told["partners"], 1)]),
    )
    db.run(_WORKSHOPS, event=event_id, rows=jsonb([_workshop(row) for row in told["workshops"]]))
    return event_id


def _as_json(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: str(value) for key, value in row.items()} for row in rows]


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
