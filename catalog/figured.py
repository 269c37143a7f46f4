"""What a change of a vendor's goods goes from and to: asked lines with the figures that they are shown with."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Literal

from base.db import Db
from catalog.bounds import MOST_UNITS

Kind = Literal["count", "more", "less", "price", "step", "listing"]
Doubt = Literal["odd", "price_jump", "below_promised", "short", "no_less", "steps_over"]

REASONS: Final[Mapping[str, Literal["count", "receive", "remove"]]] = {
    "count": "count",
    "more": "receive",
    "less": "remove",
}
_COIN: Final = 5  # F CFA: no price ends below it
_MANY: Final = 50  # units
_TIMES: Final = 10  # what was there: a figure above both is odd


@dataclass(frozen=True)
class Line:
    """One asked change; `value`: units of the product's own unit, F CFA, or 1 and 0 for listed.

    step: from `quantity` units on one costs `value`; 0 takes that price away.
    """

    product_id: int
    kind: Kind
    value: int
    quantity: int = 0


@dataclass(frozen=True)
class Seen:
    """One line of a preview, in units of the product's own, F CFA, or 1 and 0; `promised` as in catalog.stock.

    doubts: odd (a price without a coin, far more units than there were), price_jump (by more than half),
    below_promised (some order can't be served), short (more is taken away than lies there), no_less (a price for many
    that is none), steps_over (another price for many counts no longer).
    """

    line: Line
    name: str
    unit: str
    before: int
    after: int
    promised: int
    doubts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Good:
    """A product with its figures as they are now; `on_hand` and `promised` in units of its stock."""

    id: int
    vendor_id: int
    stock_id: int
    name: str
    unit: str
    factor: int
    price: int
    is_listed: bool
    on_hand: int
    promised: int
    steps: Mapping[int, int] = field(default_factory=dict)  # from so many units on -> F CFA of one


@dataclass(frozen=True)
class Figured:
    """A line with the figures it goes from and to, those of stock in units of the stock.

    `left` is the good with the prices that all the lines beside it leave it. `bound` is what else it is shown with:
    units of the stock that are promised, or F CFA below which a price for many has to stay; 0 of all else.
    """

    line: Line
    good: Good
    before: int
    after: int
    left: Good | None = None
    bound: int = 0

    def seen(self) -> Seen:
        """In units of the product's own: a begun one counts as none that lies there, but as one that is promised."""
        is_of_stock = self.line.kind in REASONS
        size = self.good.factor if is_of_stock else 1
        before, after, promised = self.before // size, self.after // size, -(-self.bound // size) if is_of_stock else 0
        name, unit = self.good.name, self.good.unit
        return Seen(self.line, name, unit, before, after, promised, frozenset(self._doubts()))

    def _doubts(self) -> Iterable[Doubt]:
        if self.line.kind in ("price", "step"):
            yield from self._doubts_of_price()
        elif self.line.kind in REASONS:
            size = self.good.factor
            if self.after > _MANY * size and self.after > _TIMES * self.before:
                yield "odd"
            if self.after < self.bound:
                yield "below_promised"
            if self.line.kind == "less" and self.line.value * size > self.before:
                yield "short"

    def _doubts_of_price(self) -> Iterable[Doubt]:
        good, quantity = self.left or self.good, self.line.quantity
        if self.line.kind == "step" and not self.after:
            return
        known = self.before or good.price
        if self.after % _COIN:
            yield "odd"
        if 2 * abs(self.after - known) > known:
            yield "price_jump"
        if self.line.kind == "step" and self.after >= below(good, quantity):
            yield "no_less"
        if any(price >= self.after for units, price in good.steps.items() if units > quantity):
            yield "steps_over"


def below(good: Good, quantity: int) -> int:
    """F CFA that one must cost less than, from so many units on: what it costs where fewer are bought."""
    return min((good.price, *(price for units, price in good.steps.items() if units < quantity)))


def columns_of(figured: Sequence[Figured]) -> dict[str, list[Any]]:
    """Lines as columns, for `unnest`."""
    return {
        "products": [one.line.product_id for one in figured],
        "kinds": [one.line.kind for one in figured],
        "values": [one.line.value for one in figured],
        "before": [one.before for one in figured],
        "after": [one.after for one in figured],
        "bounds": [one.bound for one in figured],
        "quantities": [one.line.quantity for one in figured],
    }


STEPS: Final = "(select jsonb_object_agg(quantity, price) from price_rule where product_id = p.id and kind = 'step')"
_GOOD = f"""
p.id, p.vendor_id, p.stock_id, p.name, p.unit, p.factor, p.price, p.is_listed, s.on_hand,
    s.held + s.allocated as promised, {STEPS} as steps
"""
_GOODS = f"select {_GOOD} from product p join stock s on s.id = p.stock_id where p.id = any(%(ids)s)"


def goods_of(db: Db, product_ids: Iterable[int]) -> dict[int, Good]:
    """Products by id with their figures as they are now, in one statement."""
    rows = db.rows(_GOODS, ids=sorted(set(product_ids)))
    return {row.id: _good(row) for row in rows}


def _good(row: Any) -> Good:
    return Good(**{name: getattr(row, name) for name in _OF_GOOD} | {"steps": steps_of(row.steps)})


_OF_GOOD: Final = tuple(one.name for one in fields(Good))


def steps_of(kept: Mapping[str, int] | None) -> dict[int, int]:
    """Prices for many as `STEPS` reads them: from so many units on -> F CFA of one."""
    return {int(quantity): price for quantity, price in (kept or {}).items()}


def with_figures(lines: Iterable[Line], goods: Mapping[int, Good]) -> list[Figured]:
    """Each line with its figures, one after the other: a second change of one stock begins where the first ended."""
    lines = list(lines)
    left = with_prices(goods, lines)
    reached: dict[What, int] = {}
    found: list[Figured] = []
    for line in lines:
        good = goods[line.product_id]
        what, now = figure_of(line, good)
        before = reached.get(what, now)
        reached[what] = _after(line, good, before)
        found.append(Figured(line, good, before, reached[what], left[good.id], _bound(line, left[good.id])))
    return found


def _bound(line: Line, good: Good) -> int:
    if line.kind == "step":
        return below(good, line.quantity) if line.value else 0
    return good.promised if line.kind in REASONS else 0


def with_prices(goods: Mapping[int, Good], lines: Iterable[Line]) -> dict[int, Good]:
    """The goods with the prices that all these lines together leave them; lines of others are passed over."""
    left = dict(goods)
    for line in lines:
        good = left.get(line.product_id)
        if good is None:
            continue
        if line.kind == "price":
            left[good.id] = replace(good, price=line.value)
        elif line.kind == "step":
            others = {units: price for units, price in good.steps.items() if units != line.quantity}
            left[good.id] = replace(good, steps={**others, **({line.quantity: line.value} if line.value else {})})
    return left


What = tuple[str, int, int]
"""What a line changes: a figure of a good or of a stock, and from how many units on."""


def figure_of(line: Line, good: Good) -> tuple[What, int]:
    """What a line changes, and what it is now."""
    match line.kind:
        case "price":
            return ("price", good.id, 0), good.price
        case "step":
            return ("step", good.id, line.quantity), good.steps.get(line.quantity, 0)
        case "listing":
            return ("listing", good.id, 0), int(good.is_listed)
    return ("stock", good.stock_id, 0), good.on_hand


def _after(line: Line, good: Good, before: int) -> int:
    units = line.value * good.factor
    match line.kind:
        case "count":
            return min(units, MOST_UNITS)
        case "more":
            return min(before + units, MOST_UNITS)
        case "less":
            return max(before - units, 0)
    return line.value


def written(db: Db, adjustment_id: int) -> Sequence[Figured]:
    """The lines as they stand written, of goods that are still there."""
    known: Sequence[Figured] | None = db.known(_of(adjustment_id))
    if known is None:
        known = _read(db, adjustment_id)
        know(db, adjustment_id, known)
    return known


def know(db: Db, adjustment_id: int, lines: Sequence[Figured]) -> None:
    """The lines of an adjustment that were just written, which need not be read again."""
    db.know(_of(adjustment_id), lines)


def _of(adjustment_id: int) -> Hashable:
    return "adjustment", adjustment_id


def _read(db: Db, adjustment_id: int) -> list[Figured]:
    rows = db.rows(_LINES, id=adjustment_id)
    goods = {row.id: _good(row) for row in rows}
    told = [(row, Line(row.id, row.kind, row.value, row.quantity)) for row in rows]
    left = with_prices(goods, (line for _, line in told))
    return [Figured(line, goods[row.id], row.before, row.after, left[row.id], row.bound) for row, line in told]


_LINES = f"""
select l.kind, l.value, l.quantity, l.before, l.after, l.promised as bound, {_GOOD}
from adjustment_line l join product p on p.id = l.product_id join stock s on s.id = p.stock_id
where l.adjustment_id = %(id)s order by l.place
"""
