"""What shops have sold in a time: orders, units, F CFA, the best goods, and what was not served."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from base.clock import LOME
from base.db import Db
from orders.states import OVER

Period = Literal["day", "yesterday", "before_yesterday", "week", "month"]
BEST: Final = 3


@dataclass(frozen=True)
class Best:
    """A good with the units and F CFA that were sold of it."""

    name: str
    quantity: int
    amount: int


@dataclass(frozen=True)
class Sales:
    """What was ordered and not given up; `goods` in F CFA, delivery not counted; refused or expired ones."""

    orders: int
    units: int
    goods: int
    delivered: int  # of the orders
    refused: int
    cancelled: int  # by buyers, or come back
    best: tuple[Best, ...]


def span_of(period: Period, now: datetime) -> tuple[datetime, datetime]:
    """From when until when: today, yesterday, the day before, this week from Monday on, this month, by Lomé's days."""
    today = now.astimezone(LOME).replace(hour=0, minute=0, second=0, microsecond=0)
    match period:
        case "yesterday":
            return today - timedelta(days=1), today
        case "before_yesterday":
            return today - timedelta(days=2), today - timedelta(days=1)
        case "week":
            return today - timedelta(days=today.weekday()), now + timedelta(seconds=1)
        case "month":
            return today.replace(day=1), now + timedelta(seconds=1)
    return today, now + timedelta(seconds=1)


def report(db: Db, vendor_ids: Collection[int], since: datetime, until: datetime) -> Sales:
    """What was ordered of these shops from then until then, in two statements."""
    values = {"vendors": list(vendor_ids), "since": since, "until": until, "over": list(OVER)}
    counted = db.rows(_COUNTED, **values)[0]
    best = db.rows(_BEST, most=BEST, **values)
    units = best[0].of_all if best else 0
    return Sales(**counted._asdict(), units=units, best=tuple(Best(row.name, row.units, row.amount) for row in best))


_PARTS: Final = """
from vendor_order v join "order" o on o.id = v.order_id
"""
_OF_TIME: Final = """
where v.vendor_id = any(%(vendors)s) and v.changed_at >= %(since)s and o.placed_at >= %(since)s
    and o.placed_at < %(until)s
"""
_COUNTED: Final = f"""
select count(*) filter (where v.state <> all(%(over)s)) as orders,
    coalesce(sum(v.goods) filter (where v.state <> all(%(over)s)), 0)::int as goods,
    count(*) filter (where v.state = 'delivered') as delivered,
    count(*) filter (where v.state in ('refused', 'expired')) as refused,
    count(*) filter (where v.state in ('cancelled', 'returned')) as cancelled
{_PARTS} {_OF_TIME}
"""
_BEST: Final = f"""
select l.name, sum(l.quantity)::int as units, sum(coalesce(l.amount, l.quantity * l.price))::int as amount,
    (sum(sum(l.quantity)) over ())::int as of_all
{_PARTS} join order_line l on l.vendor_order_id = v.id {_OF_TIME} and v.state <> all(%(over)s)
group by l.name order by units desc, amount desc, l.name limit %(most)s
"""


@dataclass(frozen=True)
class Money:
    """F CFA of a shop's orders: paid before and brought, paid before and under way, still to be paid on receipt."""

    brought: int
    under_way: int
    due: int


def money_of(db: Db, vendor_ids: Collection[int], since: datetime) -> Money:
    """What was paid before for parts that were brought since then, and what of the open ones is or will be paid."""
    row = db.rows(_MONEY, vendors=list(vendor_ids), since=since)[0]
    return Money(row.brought, row.under_way, row.due)


_MONEY: Final = """
select coalesce(sum(prepaid) filter (where state = 'delivered' and arranged_at is not null), 0)::int as brought,
    coalesce(sum(prepaid) filter (where state <> 'delivered' and arranged_at is not null), 0)::int as under_way,
    coalesce(sum(goods + delivery - prepaid) filter (where state <> 'delivered'), 0)::int as due
from vendor_order where vendor_id = any(%(vendors)s)
    and (state in ('placed', 'accepted', 'ready', 'handed_over') or state = 'delivered' and changed_at >= %(since)s)
"""
