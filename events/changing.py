"""What organizers change of a programme: proposed with what it was, written after a yes, taken back whole for a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from base.clock import in_lome
from base.db import Db, jsonb
from events import locks, noting
from events.errors import ImpossibleTimes, UnknownWorkshop

Applied = Literal["done", "changed", "already", "unknown"]
UNDONE_WITHIN: Final = 24  # hours after it was written
MOST_PLACES: Final = 100_000
COLUMNS: Final = (
    "title",
    "kind",
    "theme",
    "starts_at",
    "ends_at",
    "place",
    "latitude",
    "longitude",
    "room",
    "capacity",
    "speakers",
    "language",
    "level",
    "link",
    "state",
    "is_closed",
    "reason",
)
PIN: Final = ("latitude", "longitude")
NEW: Final[Mapping[str, Any]] = {
    "title": "",
    "kind": "workshop",
    "theme": "",
    "starts_at": None,
    "ends_at": None,
    "place": "",
    "latitude": None,
    "longitude": None,
    "room": "",
    "capacity": None,
    "speakers": "",
    "language": "fr",
    "level": "",
    "link": "",
    "state": "planned",
    "is_closed": False,
    "reason": "",
}


@dataclass(frozen=True)
class By:
    """Who changes something, and by which message; None: the command line."""

    contact_id: int | None = None
    inbox_id: int | None = None


@dataclass(frozen=True)
class Wanted:
    """What one workshop is to be: values by column, the others stay; without `workshop_id` a new one.

    Moments are aware datetimes. A new one gets the number that is named, if it is free, else the next one. `revision`:
    of the workshop that the values were figured from, such as its places and so many more; None where they are told.
    """

    workshop_id: int | None
    values: Mapping[str, Any]
    number: int | None = None
    revision: int | None = None


@dataclass(frozen=True)
class Line:
    """One workshop of a change: what it was and what it is to be, by column, as JSON holds it.

    `revision`: of the workshop as it was when the line was made; -1 of a new one.
    """

    workshop_id: int | None
    number: int | None
    revision: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A change as its row has it."""

    id: int
    event_id: int
    contact_id: int | None
    lines: tuple[Line, ...]
    made_at: datetime
    applied_at: datetime | None
    undoes: int | None


def written(value: Any) -> Any:
    """A column's value as JSON holds it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _current(db: Db, workshop_ids: Collection[int]) -> dict[int, Any]:
    rows = db.rows(
        f"select id, event_id, number, revision, {', '.join(COLUMNS)} from workshop where id = any(%(ids)s)"
        " order by id",
        ids=list(workshop_ids),
    )
    return {row.id: row for row in rows}


def propose(db: Db, event_id: int, wanted: Sequence[Wanted], by: By, undoes: int | None = None) -> int | None:
    """Write down what is wanted beside what is there, and return its id; None when nothing would change.

    Raises UnknownWorkshop where one is not of this event, ImpossibleTimes where one would end before it begins.
    """
    rows = _current(db, [one.workshop_id for one in wanted if one.workshop_id])
    lines = [line for one in wanted if (line := _line(event_id, one, rows))]
    if not lines:
        return None
    told = jsonb([_document(line) for line in lines])
    made = db.run(
        "insert into programme_change (event_id, contact_id, inbox_id, lines, undoes)"
        " values (%(event)s, %(contact)s, %(inbox)s, %(lines)s, %(undoes)s) returning id",
        **{"event": event_id, "contact": by.contact_id, "inbox": by.inbox_id, "lines": told, "undoes": undoes},
    )
    return int(made.rows[0].id)


def _document(line: Line) -> dict[str, Any]:
    return {
        "workshop_id": line.workshop_id,
        "number": line.number,
        "revision": line.revision,
        "before": dict(line.before),
        "after": dict(line.after),
    }


def difference(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """What of these values is not so in a row; a moved one says so, and another place has not the old one's pin."""
    found = {column: value for column, value in values.items() if getattr(row, column) != value}
    if "place" in found and not {*PIN} & values.keys():
        found |= dict.fromkeys((column for column in PIN if getattr(row, column) is not None), None)
    if {"starts_at", "ends_at"} & found.keys() and "state" not in found and row.state in ("planned", "confirmed"):
        found["state"] = "moved"
    return found


def _line(event_id: int, one: Wanted, rows: Mapping[int, Any]) -> Line | None:
    """None when it is so already."""
    if one.workshop_id is None:
        values = {**NEW, **one.values}
        _refuse_impossible(values["starts_at"], values["ends_at"])
        return Line(None, one.number, -1, {}, {column: written(value) for column, value in values.items()})
    row = rows.get(one.workshop_id)
    if row is None or row.event_id != event_id:
        raise UnknownWorkshop(one.workshop_id)
    found = difference(row, one.values)
    if not found:
        return None
    _refuse_impossible(found.get("starts_at", row.starts_at), found.get("ends_at", row.ends_at))
    before = {column: written(getattr(row, column)) for column in found}
    after = {column: written(value) for column, value in found.items()}
    return Line(row.id, row.number, row.revision if one.revision is None else one.revision, before, after)


def _refuse_impossible(starts_at: datetime | None, ends_at: datetime | None) -> None:
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise ImpossibleTimes


def change(db: Db, change_id: int) -> Change | None:
    """One change, or None."""
    row = db.one(
        "select id, event_id, contact_id, lines, made_at, applied_at, undoes from programme_change where id = %(id)s",
        id=change_id,
    )
    return Change(**{**row._asdict(), "lines": tuple(Line(**line) for line in row.lines)}) if row else None


def apply(db: Db, change_id: int, by: By) -> Applied:
    """Write what was proposed, all of it or nothing, and say it to whom it concerns.

    changed: somebody has changed one of these workshops since it was proposed; nothing is written. already: it was
    written before. Raises Alone in a batch when the event or a workshop is busy.
    """
    one = change(db, change_id)
    if one is None or (one.contact_id is not None and one.contact_id != by.contact_id):
        return "unknown"
    locks.event(db, one.event_id)
    ids = [line.workshop_id for line in one.lines if line.workshop_id]
    locks.workshops(db, ids)
    claimed = (
        "update programme_change set applied_at = market_now() where id = %(id)s and applied_at is null returning id"
    )
    rows = _current(db, ids)
    if any(line.workshop_id and rows[line.workshop_id].revision != line.revision for line in one.lines):
        return "changed" if one.applied_at is None else "already"
    if not db.run(claimed, id=change_id).rows:
        return "already"
    _write(db, one, rows)
    return "done"


def _write(db: Db, one: Change, rows: Mapping[int, Any]) -> None:
    lines = _numbered(db, one)
    made = _insert(db, one.event_id, [line for line in lines if line.workshop_id is None])
    _update(db, [line for line in lines if line.workshop_id], rows)
    told = [replace(line, workshop_id=made[line.number]) if line.workshop_id is None else line for line in lines]
    db.run(
        "insert into workshop_history (workshop_id, change_id, before, after)"
        " select id, %(change)s, before, after from unnest(%(ids)s::bigint[], %(before)s::jsonb[],"
        " %(after)s::jsonb[]) as line(id, before, after)",
        change=one.id,
        ids=[line.workshop_id for line in told],
        before=[jsonb(dict(line.before)) for line in told],
        after=[jsonb(dict(line.after)) for line in told],
    )
    after = _current(db, [line.workshop_id for line in told if line.workshop_id])
    for workshop_id, row in after.items():
        noting.note(db, workshop_id, rows.get(workshop_id), row)


def _numbered(db: Db, one: Change) -> list[Line]:
    """New workshops get their numbers: those that are named and free, the next ones else."""
    rows = db.rows("select number from workshop where event_id = %(event)s", event=one.event_id)
    taken = {row.number for row in rows}
    named = [line.number for line in one.lines if line.workshop_id is None and line.number]
    found: list[Line] = []
    for line in one.lines:
        number = line.number
        if line.workshop_id is None and (number is None or number in taken):
            number = max({*taken, *named, 0}) + 1
        if line.workshop_id is None and number:
            taken.add(number)
        found.append(replace(line, number=number))
    return found


_TYPED: Final = {
    "starts_at": "timestamptz",
    "ends_at": "timestamptz",
    "latitude": "double precision",
    "longitude": "double precision",
    "capacity": "integer",
    "is_closed": "boolean",
}
_RECORD: Final = ", ".join(f"{column} {_TYPED.get(column, 'text')}" for column in COLUMNS)


def _insert(db: Db, event_id: int, lines: Sequence[Line]) -> dict[int | None, int]:
    """The new workshops; their ids by number."""
    if not lines:
        return {}
    rows = db.run(
        f"insert into workshop (event_id, number, {', '.join(COLUMNS)}) select %(event)s, number,"
        f" {', '.join(COLUMNS)} from jsonb_to_recordset(%(lines)s) as line(number integer, {_RECORD})"
        " order by number returning id, number",
        event=event_id,
        lines=jsonb([{**line.after, "number": line.number} for line in lines]),
    ).rows
    return {row.number: row.id for row in rows}


def _update(db: Db, lines: Sequence[Line], rows: Mapping[int, Any]) -> None:
    """One statement, whose lines hold the whole row: its locks are held, so nothing of it has changed since."""
    if not lines:
        return
    wholes = [
        {
            **{column: written(getattr(rows[line.workshop_id], column)) for column in COLUMNS},
            **line.after,
            "id": line.workshop_id,
        }
        for line in lines
        if line.workshop_id
    ]
    db.run(
        f"update workshop w set {', '.join(f'{column} = line.{column}' for column in COLUMNS)},"
        " revision = w.revision + 1, changed_at = market_now()"
        f" from jsonb_to_recordset(%(lines)s) as line(id bigint, {_RECORD}) where w.id = line.id",
        lines=jsonb(wholes),
    )


def undo(db: Db, change_id: int, by: By) -> Literal["done", "nothing", "changed"]:
    """Take back what this person had written within a day: all is as before, and said again to whom it concerns.

    What a change had added is cancelled, as somebody may have seen it. changed: somebody has changed one of its
    workshops since; nothing is written.
    """
    one = change(db, change_id)
    if one is None or one.contact_id != by.contact_id or not _is_undoable(db, change_id):
        return "nothing"
    ids = {row.workshop_id: row for row in _history_of(db, change_id)}
    wanted = [
        Wanted(
            workshop_id,
            {column: read(column, value) for column, value in row.before.items()} or {"state": "cancelled"},
        )
        for workshop_id, row in ids.items()
    ]
    locks.event(db, one.event_id)
    locks.workshops(db, ids)
    rows = _current(db, ids)
    if any(written(getattr(rows[key], c)) != v for key, row in ids.items() for c, v in row.after.items()):
        return "changed"
    reverse = propose(db, one.event_id, wanted, by, undoes=change_id)
    return "done" if reverse and apply(db, reverse, by) == "done" else "nothing"


def _is_undoable(db: Db, change_id: int) -> bool:
    return bool(
        db.value(
            "select applied_at > market_now() - make_interval(hours => %(hours)s) and undoes is null and not exists"
            " (select from programme_change u where u.undoes = c.id) from programme_change c where c.id = %(id)s",
            id=change_id,
            hours=UNDONE_WITHIN,
        )
    )


def _history_of(db: Db, change_id: int) -> Sequence[Any]:
    return db.rows("select workshop_id, before, after from workshop_history where change_id = %(id)s", id=change_id)


def taken_back(db: Db, event_id: int) -> frozenset[int]:
    """The workshops that a change had added, and that were only cancelled because it was undone."""
    rows = db.rows(
        "select w.id from workshop w cross join lateral (select change_id from workshop_history h"
        " where h.workshop_id = w.id order by h.id desc limit 1) last join programme_change c on c.id = last.change_id"
        " where w.event_id = %(event)s and w.state = 'cancelled' and c.undoes is not null and exists (select from"
        " workshop_history m where m.workshop_id = w.id and m.change_id = c.undoes and m.before = '{}')",
        event=event_id,
    )
    return frozenset(row.id for row in rows)


def read(column: str, value: Any) -> Any:
    """A column's value from what JSON holds."""
    return datetime.fromisoformat(value) if column in ("starts_at", "ends_at") and value else value


def last_of(db: Db, contact_id: int) -> Change | None:
    """What this person had written last, or None."""
    found = db.value(
        "select id from programme_change where contact_id = %(contact)s and applied_at is not null"
        " order by id desc limit 1",
        contact=contact_id,
    )
    return change(db, found) if found else None


def forget_unanswered(db: Db, seconds: float, limit: int) -> int:
    """A job: forget what was proposed longer ago than that and was never written, the oldest first; how many."""
    return db.run(
        "delete from programme_change where id in (select id from programme_change where applied_at is null"
        " and made_at < market_now() - make_interval(secs => %(seconds)s) order by made_at limit %(limit)s)",
        seconds=seconds,
        limit=limit,
    ).count


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: what this person changed stays, as the event's; who and by which message is forgotten. How many."""
    return db.run(
        "update programme_change set contact_id = null, inbox_id = null where contact_id = %(contact)s",
        contact=contact_id,
    ).count


def refusal(values: Mapping[str, Any], row: Any, now: datetime) -> Literal["past", "order", "places"] | None:
    """Why a workshop cannot be so: it would begin in the past, end before it begins, or have odd places.

    `row` is the workshop as it is, or None; what it does not change is not judged.
    """
    starts = values.get("starts_at", getattr(row, "starts_at", None))
    ends = values.get("ends_at", getattr(row, "ends_at", None))
    if "starts_at" in values and starts is not None and starts <= now:
        return "past"
    if starts is not None and ends is not None and (ends <= starts or in_lome(ends).date() != in_lome(starts).date()):
        return "order"
    capacity = values.get("capacity")
    return "places" if capacity is not None and not 1 <= capacity <= MOST_PLACES else None


def next_number(db: Db, event_id: int) -> int:
    """The number that a new workshop would get now."""
    found = db.value("select max(number) from workshop where event_id = %(event)s", event=event_id)
    return int(found or 0) + 1
