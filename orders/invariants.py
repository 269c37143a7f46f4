"""What is always true between orders and stock: what baskets hold and open orders need is what stock has put by."""

from typing import Final

from base.invariants import Invariant
from orders.states import HAND_OVER, OPEN

_PROMISED: Final = ", ".join(f"'{state}'" for state in OPEN if state != HAND_OVER.to)  # still in the shop

HELD: Final = Invariant(
    "held_by_baskets",
    """
select 'stock ' || s.id as row, format('held %%s; baskets hold %%s', s.held, coalesce(b.held, 0)) as says
from stock s left join (select p.stock_id, sum(l.held) as held from basket_line l join product p on p.id = l.product_id
  where l.held <> 0 group by p.stock_id) b on b.stock_id = s.id
where s.held <> coalesce(b.held, 0)
""",
)
ALLOCATED: Final = Invariant(
    "allocated_to_orders",
    f"""
select 'stock ' || s.id as row, format('allocated %%s; open orders need %%s', s.allocated,
  coalesce(o.units, 0)) as says
from stock s left join (select l.stock_id, sum(l.quantity * l.factor) as units from vendor_order v
  join order_line l on l.vendor_order_id = v.id where v.state in ({_PROMISED}) group by l.stock_id) o
  on o.stock_id = s.id
where s.allocated <> coalesce(o.units, 0)
""",
)
HOLDS_END: Final = Invariant(
    "holds_end",
    """
select 'basket ' || b.id as row, case when b.held_until is null
  then format('holds %%s units without an end', l.held) else 'a hold without a unit' end as says
from basket b left join (select basket_id, sum(held) as held from basket_line where held <> 0 group by basket_id) l
  on l.basket_id = b.id
where (b.held_until is null) <> (l.held is null)
""",
)
HOLDS_ARE_WHOLE: Final = Invariant(
    "holds_are_whole",
    """
select 'basket_line ' || l.id as row, format('holds %%s of %%s units', l.held, l.quantity * p.factor) as says
from basket_line l join product p on p.id = l.product_id where l.held not in (0, l.quantity * p.factor)
""",
)
INVARIANTS: Final = (HELD, ALLOCATED, HOLDS_END, HOLDS_ARE_WHOLE)
