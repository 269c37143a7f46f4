"""Holding what a recap shows: all lines or none, until the buyer confirms, changes or lets it pass."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from base.db import Db
from catalog import locks as catalog_locks
from catalog import stock
from catalog.stock import Cause, Change
from orders import locks


@dataclass(frozen=True)
class PriceChange:
    """A price that is no longer the one the buyer saw, F CFA a unit."""

    product_id: int
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class MissingLine:
    """A line that can't be had whole; `available` units can, 0 also when the shop is closed or no longer sells it."""

    product_id: int
    name: str
    unit: str
    wanted: int
    available: int


@dataclass(frozen=True)
class Held:
    """Every line is held until then; `price_changes` were seen by this recap for the first time."""

    until: datetime
    price_changes: tuple[PriceChange, ...]


@dataclass(frozen=True)
class Missing:
    """Nothing is held, for these lines are missing."""

    lines: tuple[MissingLine, ...]


def hold_basket(db: Db, contact_id: int, by: Cause, seconds: float) -> Held | Missing | Literal["empty"]:
    """Hold every line of the basket for `seconds`, or none; what the buyer sees now becomes the price seen.

    Holding again is safe: only differences move, and the time begins anew.
    """
    basket_id = locks.basket(db, contact_id)
    lines = _lines(db, basket_id) if basket_id is not None else ()
    if basket_id is None or not lines:
        return "empty"
    catalog_locks.stocks(db, (line.stock_id for line in lines))
    if all(line.is_sold for line in lines) and _hold_differences(db, lines, by):
        return _held(db, basket_id, lines, seconds)
    lines = _lines(db, basket_id)  # the figures as they are under the locks
    missing = _missing(lines)
    _give_back(db, [basket_id], by)
    return Missing(missing)


def _hold_differences(db: Db, lines: Sequence[Any], by: Cause) -> bool:
    differences: Counter[int] = Counter()
    for line in lines:
        differences[line.stock_id] += line.quantity - line.held
    if not stock.hold(db, _changes(differences), by):
        return False
    stock.unhold(db, _changes(Counter({stock_id: -units for stock_id, units in differences.items()})), by)
    return True


def _changes(units: Counter[int]) -> list[Change]:
    return [Change(stock_id, quantity) for stock_id, quantity in sorted(units.items()) if quantity > 0]


def _held(db: Db, basket_id: int, lines: Sequence[Any], seconds: float) -> Held:
    db.run(
        "update basket_line l set held = l.quantity, price_seen = shown.price"
        " from unnest(%(ids)s::bigint[], %(prices)s::int[]) as shown(id, price) where l.id = shown.id",
        ids=[line.id for line in lines],
        prices=[line.price for line in lines],
    )
    until = db.run(
        "update basket set held_until = market_now() + make_interval(secs => %(seconds)s), touched_at = market_now()"
        " where id = %(id)s returning held_until",
        id=basket_id,
        seconds=seconds,
    ).rows[0]
    return Held(until.held_until, price_changes(lines))


def price_changes(lines: Iterable[Any]) -> tuple[PriceChange, ...]:
    """The lines (product_id, name, price_seen, price) whose price is no longer the one seen."""
    return tuple(
        PriceChange(line.product_id, line.name, line.price_seen, line.price)
        for line in lines
        if line.price != line.price_seen
    )


def _missing(lines: Sequence[Any]) -> tuple[MissingLine, ...]:
    left = {line.stock_id: line.on_hand - line.held_by_all - line.allocated for line in lines}
    for line in lines:
        left[line.stock_id] += line.held  # what this basket holds itself is his
    missing = []
    for line in lines:
        available = min(max(left[line.stock_id], 0), line.quantity) if line.is_sold else 0
        left[line.stock_id] -= available
        if available < line.quantity:
            missing.append(MissingLine(line.product_id, line.name, line.unit, line.quantity, available))
    return tuple(missing)


def _lines(db: Db, basket_id: int) -> Sequence[Any]:
    return db.rows(
        "select l.id, l.product_id, l.quantity, l.held, l.price_seen, p.stock_id, p.name, p.unit, p.price,"
        " p.is_listed and v.is_open as is_sold, s.on_hand, s.held as held_by_all, s.allocated"
        " from basket_line l join product p on p.id = l.product_id join vendor v on v.id = p.vendor_id"
        " join stock s on s.id = p.stock_id where l.basket_id = %(basket)s order by l.id",
        basket=basket_id,
    )


def release(db: Db, contact_id: int, by: Cause) -> bool:
    """The buyer said no: give back what his basket holds; True when it held something."""
    basket_id = locks.basket(db, contact_id)
    return basket_id is not None and release_baskets(db, [basket_id], by)


def release_baskets(db: Db, basket_ids: Sequence[int], by: Cause) -> bool:
    """Give back what these baskets hold, whose locks the caller holds; True when they held something."""
    held = db.rows(
        "select distinct p.stock_id from basket_line l join product p on p.id = l.product_id"
        " where l.basket_id = any(%(baskets)s) and l.held > 0",
        baskets=list(basket_ids),
    )
    if not held:
        return False
    catalog_locks.stocks(db, (row.stock_id for row in held))
    _give_back(db, basket_ids, by)
    return True


def _give_back(db: Db, basket_ids: Sequence[int], by: Cause) -> None:
    held = db.run(
        "update basket_line l set held = 0 from basket_line old join product p on p.id = old.product_id"
        " where old.id = l.id and l.basket_id = any(%(baskets)s) and l.held > 0"
        " returning p.stock_id, old.held as units",
        baskets=list(basket_ids),
    ).rows
    units: Counter[int] = Counter()
    for row in held:
        units[row.stock_id] += row.units
    stock.unhold(db, _changes(units), by)
    db.run(
        "update basket set held_until = null where id = any(%(baskets)s) and held_until is not null",
        baskets=list(basket_ids),
    )
