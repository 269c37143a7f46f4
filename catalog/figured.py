"""What a change of a vendor's goods goes from and to: asked lines with the figures that they are shown with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from base.db import Db

Kind = Literal["count", "more", "less", "price", "listing"]
Doubt = Literal["odd", "price_jump", "below_promised", "short"]

MOST_UNITS: Final = 1_000_000  # of a stock
MOST_PRICE: Final = 100_000_000  # F CFA
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
    """One asked change; `value`: units of the product's own unit, F CFA, or 1 and 0 for listed."""

    product_id: int
    kind: Kind
    value: int


@dataclass(frozen=True)
class Seen:
    """One line of a preview, in units of the product's own, F CFA, or 1 and 0; `promised` as in catalog.stock.

    doubts: odd (a price without a coin, far more units than there were), price_jump (by more than half),
    below_promised (some order can't be served), short (more is taken away than lies there).
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


@dataclass(frozen=True)
class Figured:
    """A line with the figures it goes from and to, those of stock in units of the stock."""

    line: Line
    good: Good
    before: int
    after: int

    @property
    def promised(self) -> int:
        return self.good.promised if self.line.kind in REASONS else 0

    def seen(self) -> Seen:
        """In units of the product's own: a begun one counts as none that lies there, but as one that is promised."""
        size = self.good.factor if self.line.kind in REASONS else 1
        before, after, promised = self.before // size, self.after // size, -(-self.promised // size)
        name, unit = self.good.name, self.good.unit
        return Seen(self.line, name, unit, before, after, promised, frozenset(self._doubts()))

    def _doubts(self) -> Iterable[Doubt]:
        if self.line.kind == "price":
            if self.after % _COIN:
                yield "odd"
            if 2 * abs(self.after - self.before) > self.before:
                yield "price_jump"
        elif self.line.kind in REASONS:
            size = self.good.factor
            if self.after > _MANY * size and self.after > _TIMES * self.before:
                yield "odd"
            if self.after < self.promised:
                yield "below_promised"
            if self.line.kind == "less" and self.line.value * size > self.before:
                yield "short"


def columns_of(figured: Sequence[Figured]) -> dict[str, list[Any]]:
    return {
        "products": [one.line.product_id for one in figured],
        "kinds": [one.line.kind for one in figured],
        "values": [one.line.value for one in figured],
        "before": [one.before for one in figured],
        "after": [one.after for one in figured],
        "promised": [one.promised for one in figured],
    }


_GOODS = """
select p.id, p.vendor_id, p.stock_id, p.name, p.unit, p.factor, p.price, p.is_listed, s.on_hand,
    s.held + s.allocated as promised
from product p join stock s on s.id = p.stock_id where p.id = any(%(ids)s)
"""


def goods_of(db: Db, product_ids: Iterable[int]) -> dict[int, Good]:
    return {row.id: Good(**row._asdict()) for row in db.rows(_GOODS, ids=sorted(set(product_ids)))}


def with_figures(lines: Iterable[Line], goods: Mapping[int, Good]) -> list[Figured]:
    """Each line with its figures, one after the other: a second change of one stock begins where the first ended."""
    reached: dict[tuple[str, int], int] = {}
    found: list[Figured] = []
    for line in lines:
        good = goods[line.product_id]
        what, now = figure_of(line, good)
        before = reached.get(what, now)
        reached[what] = _after(line, good, before)
        found.append(Figured(line, good, before, reached[what]))
    return found


def figure_of(line: Line, good: Good) -> tuple[tuple[str, int], int]:
    """What a line changes, and what it is now."""
    match line.kind:
        case "price":
            return ("price", good.id), good.price
        case "listing":
            return ("listing", good.id), int(good.is_listed)
    return ("stock", good.stock_id), good.on_hand


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


def written(db: Db, adjustment_id: int) -> list[Figured]:
    """The lines as they stand written, of goods that are still there."""
    rows = db.rows(_LINES, id=adjustment_id)
    goods = goods_of(db, (row.product_id for row in rows))
    return [
        Figured(
            Line(row.product_id, row.kind, row.value),
            replace(goods[row.product_id], promised=row.promised),
            row.before,
            row.after,
        )
        for row in rows
        if row.product_id in goods
    ]


_LINES = "select * from adjustment_line where adjustment_id = %(id)s order by place"
