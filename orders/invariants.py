"""What is always true between orders and stock: what baskets hold and open orders need is what stock has put by."""

from typing import Final

from base.invariants import Invariant
from orders.states import HAND_OVER, OPEN

_PROMISED: Final = ", ".join(f"'{state}'" for state in OPEN if state != HAND_OVER.to)  # still in the shop

# Who holds something now has a moment when that ends, and an index by it; what shops have open has one too. Neither
# grows with what was sold.
HELD: Final = Invariant(
    "held_by_baskets",
    """
with holds as materialized (
  select p.stock_id, sum(l.held) as held from basket k join basket_line l on l.basket_id = k.id
  join product p on p.id = l.product_id where k.held_until is not null group by p.stock_id
)
select 'stock ' || s.id as row, format('held %%s; baskets hold %%s', s.held, coalesce(b.held, 0)) as says
from stock s left join holds b on b.stock_id = s.id
where s.id > %(after)s and s.id <= %(last)s and s.held <> coalesce(b.held, 0)
""",
    "stock",
)
ALLOCATED: Final = Invariant(
    "allocated_to_orders",
    f"""
with shop as materialized (
  select distinct vendor_id from stock where id > %(after)s and id <= %(last)s
), needed as materialized (
  select l.stock_id, sum(l.quantity * l.factor) as units from shop
  join vendor_order v on v.vendor_id = shop.vendor_id and v.state in ({_PROMISED})
  join order_line l on l.vendor_order_id = v.id group by l.stock_id
)
select 'stock ' || s.id as row, format('allocated %%s; open orders need %%s', s.allocated,
  coalesce(o.units, 0)) as says
from stock s left join needed o on o.stock_id = s.id
where s.id > %(after)s and s.id <= %(last)s and s.allocated <> coalesce(o.units, 0)
""",
    "stock",
)
HOLDS_END: Final = Invariant(
    "holds_end",
    """
select 'basket ' || b.id as row, case when b.held_until is null
  then format('holds %%s units without an end', l.held) else 'a hold without a unit' end as says
from basket b, lateral (select sum(held) as held from basket_line where basket_id = b.id and held <> 0) l
where b.id > %(after)s and b.id <= %(last)s and (b.held_until is null) <> (l.held is null)
""",
    "basket",
)
HOLDS_ARE_WHOLE: Final = Invariant(
    "holds_are_whole",
    """
select 'basket_line ' || l.id as row, format('holds %%s of %%s units', l.held, l.quantity * p.factor) as says
from basket k join basket_line l on l.basket_id = k.id join product p on p.id = l.product_id
where k.held_until is not null and l.held not in (0, l.quantity * p.factor)
""",
)
INVARIANTS: Final = (HELD, ALLOCATED, HOLDS_END, HOLDS_ARE_WHOLE)
