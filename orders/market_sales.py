"""What the whole market has sold in a time, in three statements: orders, money, how fast, the best goods and places."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from base.db import Db
from orders.states import OVER

BEST: Final = 3


@dataclass(frozen=True)
class Best:
    """A good or a quarter (slug) with how much of it: units, or orders."""

    name: str
    count: int


@dataclass(frozen=True)
class MarketSales:
    """Orders placed in a time, and what became of them by now; money in F CFA, times in minutes, None where unknown.

    `paid`: parts that were received, or of which what was to be paid before is; `cancelled`: by buyers, refused,
    expired or come back. `answered` and `delivered` are medians.
    """

    orders: int
    buyers: int
    parts: int
    amount: int
    paid: int
    cancelled: int
    answer_minutes: int | None
    delivery_minutes: int | None
    goods: tuple[Best, ...]
    quarters: tuple[Best, ...]

    @property
    def basket(self) -> int:
        """F CFA of an order on average."""
        return self.amount // self.orders if self.orders else 0

    def percent(self, count: int) -> int:
        """Of all parts."""
        return round(100 * count / self.parts) if self.parts else 0


def sales(db: Db, since: datetime, until: datetime) -> MarketSales:
    """What was ordered from then until then, by the index of that moment."""
    values = {"since": since, "until": until, "over": list(OVER), "most": BEST}
    counted = db.rows(_COUNTED, **values)[0]
    return MarketSales(
        **counted._asdict(),
        goods=tuple(Best(row.name, row.units) for row in db.rows(_GOODS, **values)),
        quarters=tuple(Best(row.quarter, row.orders) for row in db.rows(_QUARTERS, **values)),
    )


_TIME: Final = "o.placed_at >= %(since)s and o.placed_at < %(until)s"
_COUNTED: Final = f"""
with part as (
  select v.id, v.order_id, o.contact_id, v.state, v.goods + v.delivery as amount, o.placed_at,
    v.state = 'delivered' or v.prepaid > 0 and v.arranged_at is not null and v.refunded_at is null as is_paid,
    (select min(h.at) from order_history h where h.order_id = v.order_id and h.vendor_order_id = v.id
      and h.fact in ('accepted', 'refused')) as answered_at,
    (select min(h.at) from order_history h where h.order_id = v.order_id and h.vendor_order_id = v.id
      and h.fact = 'delivered') as delivered_at
  from "order" o join vendor_order v on v.order_id = o.id where {_TIME}
)
select count(distinct order_id) as orders, count(distinct contact_id) as buyers, count(*) as parts,
  coalesce(sum(amount) filter (where state <> all(%(over)s)), 0)::bigint as amount,
  count(*) filter (where is_paid) as paid, count(*) filter (where state = any(%(over)s)) as cancelled,
  (percentile_cont(0.5) within group (order by extract(epoch from answered_at - placed_at) / 60))::int
    as answer_minutes,
  (percentile_cont(0.5) within group (order by extract(epoch from delivered_at - placed_at) / 60))::int
    as delivery_minutes
from part
"""
_GOODS: Final = f"""
select l.name, sum(l.quantity)::int as units
from "order" o join vendor_order v on v.order_id = o.id join order_line l on l.vendor_order_id = v.id
where {_TIME} and v.state <> all(%(over)s) group by l.name order by units desc, l.name limit %(most)s
"""
_QUARTERS: Final = f"""
select o.quarter, count(*)::int as orders from "order" o where {_TIME} and o.quarter <> ''
group by o.quarter order by orders desc, o.quarter limit %(most)s
"""
