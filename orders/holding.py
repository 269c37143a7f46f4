"""Holding what a recap shows: all lines or none, until the buyer confirms, changes or lets it pass."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base.db import Db
from catalog import locks as catalog_locks
from catalog import stock
from catalog.prices import RULES, Tariff, rules_at, tariff
from catalog.products import SOLD
from catalog.stock import Cause, Change
from orders import locks


@dataclass(frozen=True)
class PriceChange:
    """What no longer costs what the buyer saw: F CFA a unit or, where that is the same, of the whole line."""

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
        differences[line.stock_id] += line.quantity * line.factor - line.held
    if not stock.hold(db, _changes(differences), by):
        return False
    stock.unhold(db, _changes(Counter({stock_id: -units for stock_id, units in differences.items()})), by)
    return True


def _changes(units: Counter[int]) -> list[Change]:
    return [Change(stock_id, quantity) for stock_id, quantity in sorted(units.items()) if quantity > 0]


def _held(db: Db, basket_id: int, lines: Sequence[Any], seconds: float) -> Held:
    tariffs = [tariff(line.price, line.rules) for line in lines]
    db.run(
        "update basket_line l set held = shown.held, price_seen = shown.price,"
        " amount_seen = nullif(shown.amount, shown.price * l.quantity)"
        " from unnest(%(ids)s::bigint[], %(helds)s::int[], %(prices)s::int[], %(amounts)s::int[])"
        " as shown(id, held, price, amount) where l.id = shown.id",
        ids=[line.id for line in lines],
        helds=[line.quantity * line.factor for line in lines],
        prices=[priced.unit_price(line.quantity) for priced, line in zip(tariffs, lines, strict=True)],
        amounts=[priced.amount(line.quantity) for priced, line in zip(tariffs, lines, strict=True)],
    )
    until = db.run(
        "update basket set held_until = market_now() + make_interval(secs => %(seconds)s), touched_at = market_now(),"
        " priced_at = market_now() where id = %(id)s returning held_until",
        id=basket_id,
        seconds=seconds,
    ).rows[0]
    return Held(until.held_until, _price_changes(lines, tariffs))


def _price_changes(lines: Sequence[Any], tariffs: Sequence[Tariff]) -> tuple[PriceChange, ...]:
    changes = (
        price_change(line.product_id, line.name, priced, line.quantity, line.price_seen, line.amount_seen)
        for line, priced in zip(lines, tariffs, strict=True)
    )
    return tuple(change for change in changes if change)


def price_change(
    product_id: int, name: str, now: Tariff, quantity: int, price_seen: int, amount_seen: int
) -> PriceChange | None:
    """What changed of a line's amount since it was seen; None when nothing did."""
    price, amount = now.unit_price(quantity), now.amount(quantity)
    if amount == amount_seen:
        return None
    is_by_unit = price != price_seen and amount == price * quantity and amount_seen == price_seen * quantity
    before, after = (price_seen, price) if is_by_unit else (amount_seen, amount)
    return PriceChange(product_id, name, before, after)


def available(lines: Sequence[Any]) -> dict[int, int]:
    """Units that each line (by its id) of one basket can have, one line after another of the same stock."""
    left = {line.stock_id: line.on_hand - line.held_by_all - line.allocated for line in lines}
    for line in lines:
        left[line.stock_id] += line.held  # what this basket holds itself is his
    found = {}
    for line in lines:
        found[line.id] = max(left[line.stock_id], 0) // line.factor if line.is_sold else 0
        left[line.stock_id] -= min(found[line.id], line.quantity) * line.factor
    return found


def _missing(lines: Sequence[Any]) -> tuple[MissingLine, ...]:
    found = available(lines)
    return tuple(
        MissingLine(line.product_id, line.name, line.unit, line.quantity, found[line.id])
        for line in lines
        if found[line.id] < line.quantity
    )


# A line l of a basket with its product p, its shop v and its stock s.
LINES: Final = """from basket_line l join product p on p.id = l.product_id join vendor v on v.id = p.vendor_id
    join stock s on s.id = p.stock_id"""
_OF_LINE: Final = f"""l.id, l.product_id, l.quantity, l.held, l.price_seen,
    coalesce(l.amount_seen, l.price_seen * l.quantity) as amount_seen, p.stock_id, p.name, p.unit, p.price, p.factor,
    {SOLD} as is_sold, s.on_hand, s.held as held_by_all, s.allocated"""
_SHOWN_AT: Final = """coalesce((select b.priced_at from basket b
    where b.id = l.basket_id and b.held_until > market_now()), market_now())"""
# While something is held, promotions are those of the moment at which the recap was shown: it keeps what it showed.
LINE: Final = f"{_OF_LINE}, {rules_at(_SHOWN_AT)} as rules"


def _lines(db: Db, basket_id: int) -> Sequence[Any]:
    return db.rows(
        f"select {_OF_LINE}, {RULES} as rules {LINES} where l.basket_id = %(basket)s order by l.id", basket=basket_id
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
