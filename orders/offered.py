"""What can be put into a basket: the products wished for beside what already lies in it, of the same stocks too."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from base.db import Db
from catalog.prices import RULES, tariff
from catalog.products import SOLD

MOST_LINES: Final = 15
MOST_SHOPS: Final = 5  # with 15 lines the most that two bubbles of a recap surely hold
MOST_UNITS: Final = 999  # of one product


@dataclass(frozen=True)
class Wish:
    """So many units of a product."""

    product_id: int
    quantity: int


@dataclass(frozen=True)
class LineChange:
    """What became of a wish: `quantity` in the basket now, `available` the most that can be in it.

    added: done. Unchanged: too_many (more than `available`), limit (15 lines, 5 shops), gone (no longer sold).
    """

    outcome: Literal["added", "too_many", "limit", "gone"]
    quantity: int
    available: int


@dataclass(frozen=True)
class Basis:
    """A line as it is written: units before and now, F CFA a unit and of the whole line."""

    product_id: int
    before: int
    quantity: int
    price: int
    amount: int


class Offered:
    """The products of some wishes and of a basket whose lock the caller holds, read in one statement.

    Wishes are taken one after another: what one takes of a stock is not there for the next.
    """

    def __init__(self, db: Db, basket_id: int, product_ids: Sequence[int]) -> None:
        rows = db.rows(_ROWS, basket=basket_id, products=list(product_ids))
        self._rows: dict[int, Any] = {row.id: row for row in rows}
        self._quantities = {row.id: row.quantity for row in rows if row.quantity}
        self._free: Counter[int] = Counter()  # units of each stock that this basket may take, its own holds included
        for row in rows:
            self._free[row.stock_id] = row.free
        for row in rows:
            self._free[row.stock_id] += row.held

    def quantities(self) -> dict[int, int]:
        """Units by product as they are now."""
        return dict(self._quantities)

    def take(self, wish: Wish, *, adds: bool) -> LineChange:
        """Take a wish, added to what is there or in its place, or nothing of it."""
        row = self._rows.get(wish.product_id)
        if row is None or not row.is_wanted:
            return LineChange("gone", 0, 0)
        here = self._quantities.get(row.id, 0)
        most = self._most(row)
        wanted = wish.quantity + (here if adds else 0)
        if wanted > most:
            return LineChange("too_many", here, most)
        if not here and self._is_full(row):
            return LineChange("limit", 0, most)
        self._quantities[row.id] = wanted
        return LineChange("added", wanted, most)

    def _most(self, row: Any) -> int:
        """Units that the basket may have of a product, beside what its other lines take of the same stock."""
        if not row.is_sold:
            return 0
        others = (self._rows[product] for product in self._quantities if product != row.id)
        taken = sum(self._quantities[o.id] * o.factor for o in others if o.stock_id == row.stock_id)
        left: int = max(self._free[row.stock_id] - taken, 0) // row.factor
        return min(left, MOST_UNITS)

    def _is_full(self, row: Any) -> bool:
        shops = {self._rows[product].vendor_id for product in self._quantities} - {row.vendor_id}
        return len(self._quantities) >= MOST_LINES or len(shops) >= MOST_SHOPS

    def changed(self, before: dict[int, int]) -> tuple[Basis, ...]:
        """The lines of the wishes as they are now."""
        return tuple(
            self._basis(self._rows[product], before.get(product, 0), quantity)
            for product, quantity in self._quantities.items()
            if self._rows[product].is_wanted
        )

    @staticmethod
    def _basis(row: Any, before: int, quantity: int) -> Basis:
        priced = tariff(row.price, row.rules)
        return Basis(row.id, before, quantity, priced.unit_price(quantity), priced.amount(quantity))


_ROWS = f"""
select p.id, p.vendor_id, p.stock_id, p.factor, p.price, {RULES} as rules, {SOLD} as is_sold,
    s.on_hand - s.held - s.allocated as free, coalesce(l.quantity, 0) as quantity, coalesce(l.held, 0) as held,
    p.is_listed and p.kind <> 'group' and p.id = any(%(products)s) as is_wanted
from product p join vendor v on v.id = p.vendor_id join stock s on s.id = p.stock_id
    left join basket_line l on l.product_id = p.id and l.basket_id = %(basket)s
where p.id in (select unnest(%(products)s::bigint[])
    union select product_id from basket_line where basket_id = %(basket)s)
order by l.id, p.id
"""
