"""The life of a price list: sent, read, asked about, applied, undone; each step a conditional change of its row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base.db import Db, jsonb
from catalog.sheets.comparing import Compared

State = Literal["waiting", "asked", "applying", "applied", "undoing", "refused", "empty", "dropped", "passed", "undone"]
KIND: Final = "liste"  # of the signed address of a list with what became of its lines
OWN_KIND: Final = "produits"  # of that of a shop's goods
ANSWERED_WITHIN = UNDONE_WITHIN = 24 * 3600.0  # seconds
COUNTED: Final = ("changed", "new", "same", "faulty")


@dataclass(frozen=True)
class ListRead:
    """A fact: a list was read, or refused."""

    list_id: int


@dataclass(frozen=True)
class ListAdvanced:
    """A fact: half of a long list is applied; `done` of `count` lines."""

    list_id: int
    done: int
    count: int


@dataclass(frozen=True)
class ListApplied:
    """A fact: all of a list that could be is applied."""

    list_id: int


@dataclass(frozen=True)
class ListUndone:
    """A fact: a list was undone, or cannot be: `short` are goods of which too few lie there."""

    list_id: int
    short: tuple[str, ...] = ()


@dataclass(frozen=True)
class PriceList:
    """One list as its row has it."""

    id: int
    vendor_ids: tuple[int, ...]
    contact_id: int
    conversation_id: int
    inbox_id: int
    place: int
    state: State
    reason: str
    header: tuple[str, ...]
    attempts: int
    applied_at: datetime | None


@dataclass(frozen=True)
class Outcome:
    """A line of a list with what became of it: `outcome` is '' before it is applied."""

    line: Compared
    outcome: str
    adjustment_id: int | None


FIELDS: Final = (
    "id, vendor_ids, contact_id, conversation_id, inbox_id, place, state, coalesce(reason, '') as reason,"
    " coalesce(header, '{}') as header, attempts, applied_at"
)


def list_from(row: Any) -> PriceList:
    """A row of FIELDS."""
    values = row._asdict()
    return PriceList(**{**values, "vendor_ids": tuple(row.vendor_ids), "header": tuple(row.header)})


def price_list(db: Db, list_id: int) -> PriceList | None:
    """One list, or None."""
    row = db.one(f"select {FIELDS} from price_list where id = %(id)s", id=list_id)
    return list_from(row) if row else None


def start(
    db: Db, contact_id: int, conversation_id: int, vendor_ids: Collection[int], file: tuple[int, int]
) -> Literal["begun", "busy"]:
    """A file came, by its inbox row and place: it is read soon. busy: another one of this person is at work.

    What was asked about an older list is no question any more.
    """
    busy = db.value(
        "select exists (select from price_list where contact_id = %(contact)s"
        " and state in ('waiting', 'applying', 'undoing') and made_at > market_now() - interval '1 hour')",
        contact=contact_id,
    )
    if busy:
        return "busy"
    db.run(
        "update price_list set state = 'passed' where contact_id = %(contact)s and state = 'asked'", contact=contact_id
    )
    db.run(
        "insert into price_list (vendor_ids, contact_id, conversation_id, inbox_id, place)"
        " values (%(vendors)s, %(contact)s, %(conversation)s, %(inbox)s, %(place)s)",
        vendors=sorted(vendor_ids),
        contact=contact_id,
        conversation=conversation_id,
        inbox=file[0],
        place=file[1],
    )
    return "begun"


def asked(db: Db, contact_id: int) -> PriceList | None:
    """The list that this person is asked about, or None."""
    row = db.one(
        f"select {FIELDS} from price_list where contact_id = %(contact)s and state = 'asked'"
        " and asked_at > market_now() - make_interval(secs => %(within)s) order by id desc limit 1",
        contact=contact_id,
        within=ANSWERED_WITHIN,
    )
    return list_from(row) if row else None


def answer(db: Db, list_id: int, contact_id: int, vendor_ids: Collection[int], *, yes: bool) -> bool:
    """His yes or no to a list; False when nothing is asked about it any more, or a shop of it is no longer his."""
    changed = db.run(
        "update price_list set state = %(state)s, due_at = market_now(), attempts = 0 where id = %(id)s"
        " and contact_id = %(contact)s and state = 'asked' and vendor_ids <@ %(vendors)s::bigint[]"
        " and asked_at > market_now() - make_interval(secs => %(within)s)",
        state="applying" if yes else "dropped",
        id=list_id,
        contact=contact_id,
        vendors=list(vendor_ids),
        within=ANSWERED_WITHIN,
    )
    return changed.count == 1


def undoable(db: Db, contact_id: int, vendor_ids: Collection[int]) -> PriceList | None:
    """The list that this person had applied last, within a day, while it is what he had applied last of all; or None.

    A later change of his by message goes before it.
    """
    row = db.one(
        f"select {FIELDS} from price_list l where contact_id = %(contact)s and state = 'applied'"
        " and vendor_ids <@ %(vendors)s::bigint[] and applied_at > market_now() - make_interval(secs => %(within)s)"
        " and not exists (select from adjustment a where a.contact_id = l.contact_id and a.source <> 'file'"
        " and a.applied_at > l.applied_at and a.undone_at is null) order by applied_at desc limit 1",
        contact=contact_id,
        vendors=list(vendor_ids),
        within=UNDONE_WITHIN,
    )
    return list_from(row) if row else None


def undo(db: Db, list_id: int, contact_id: int, vendor_ids: Collection[int]) -> bool:
    """Have a list undone; False when its day is over, it is undone, or a shop of it is no longer his."""
    changed = db.run(
        "update price_list set state = 'undoing', due_at = market_now(), attempts = 0 where id = %(id)s"
        " and contact_id = %(contact)s and state = 'applied' and vendor_ids <@ %(vendors)s::bigint[]"
        " and applied_at > market_now() - make_interval(secs => %(within)s)",
        id=list_id,
        contact=contact_id,
        vendors=list(vendor_ids),
        within=UNDONE_WITHIN,
    )
    return changed.count == 1


def settle(db: Db, was: PriceList, state: State, reason: str = "", header: Sequence[str] = ()) -> bool:
    """What became of a list that a job has taken; False when it is no longer what it was."""
    changed = db.run(
        "update price_list set state = %(state)s, reason = %(reason)s, header = coalesce(%(header)s::text[], header),"
        " asked_at = case when %(state)s = 'asked' then market_now() else asked_at end,"
        " applied_at = case when %(state)s = 'applied' and applied_at is null then market_now() else applied_at end"
        " where id = %(id)s and state = %(was)s",
        state=state,
        reason=reason or None,
        header=list(header) or None,
        id=was.id,
        was=was.state,
    )
    return changed.count == 1


LINES: Final = """
insert into price_list_line (list_id, number, cells, status, faults, vendor_id, product_id, name, price, quantity, unit,
    category_id, description, price_before, quantity_before, steps, steps_before)
select %(list)s, number, cells, status, faults, vendor_id, product_id, name, price, quantity, unit, category_id,
    description, price_before, quantity_before, steps, steps_before
from jsonb_to_recordset(%(lines)s) as line(number int, cells text[], status text, faults text[], vendor_id bigint,
    product_id bigint, name text, price int, quantity int, unit text, category_id bigint, description text,
    price_before int, quantity_before int, steps jsonb, steps_before jsonb)
"""


def keep_lines(db: Db, list_id: int, lines: Sequence[Compared]) -> None:
    """Write down what was read."""
    db.run("delete from price_list_line where list_id = %(id)s", id=list_id)
    db.run(LINES, list=list_id, lines=jsonb([asdict(line) for line in lines]))


ROWS: Final = (
    "select number, cells, status, faults, vendor_id, product_id, name, price, quantity, unit, category_id,"
    " description, price_before, quantity_before, steps, steps_before, coalesce(outcome, '') as outcome, adjustment_id"
    " from price_list_line where list_id = %(id)s"
)


def outcomes(db: Db, list_id: int, where: str = "true", limit: int = 100_000) -> list[Outcome]:
    """Its lines in their order, those of a condition of this program's own."""
    rows = db.rows(f"{ROWS} and {where} order by number limit %(limit)s", id=list_id, limit=limit)
    return [_outcome(row._asdict()) for row in rows]


def _outcome(values: dict[str, Any]) -> Outcome:
    outcome, adjustment_id = values.pop("outcome"), values.pop("adjustment_id")
    values |= {what: tuple(map(tuple, values[what])) for what in ("steps", "steps_before") if values[what] is not None}
    line = Compared(**{**values, "cells": tuple(values["cells"]), "faults": tuple(values["faults"])})
    return Outcome(line, outcome, adjustment_id)


def counts(db: Db, list_id: int) -> Mapping[str, int]:
    """How many lines of each status, and of each outcome."""
    rows = db.rows(
        "select what, count(*) as number from price_list_line, unnest(array[status, outcome]) as what"
        " where list_id = %(id)s and what is not null group by what",
        id=list_id,
    )
    return {row.what: row.number for row in rows}


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: the lists that this person sent; what they changed stays, as a shop's business. How many."""
    return db.run("delete from price_list where contact_id = %(id)s", id=contact_id).count


def forget(db: Db, seconds: float, limit: int) -> int:
    """A job: lists that came longer ago than that, oldest first; how many."""
    return db.run(
        "delete from price_list where id in (select id from price_list"
        " where made_at < market_now() - make_interval(secs => %(seconds)s) order by made_at limit %(limit)s)",
        seconds=seconds,
        limit=limit,
    ).count
