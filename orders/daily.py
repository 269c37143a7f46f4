"""The days of shops: the evening's summary, the morning's question, and goods of which few are left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from base import facts, hours
from base.clock import LOME
from base.db import Db
from base.hours import Hours
from catalog import locks
from orders.facts import ShopDayOver, StockUnsure
from orders.states import OVER

LATEST: Final = time(22)  # of an evening: a shop that closes later is told then
ASKED: Final = 3  # goods of one morning


@dataclass(frozen=True)
class Low:
    """A good of which few are left: units of its own that are not promised, and how many are few."""

    product_id: int
    vendor_id: int
    name: str
    unit: str
    left: int


def end_days(db: Db, market_hours: Hours, tolerance: float, limit: int) -> int:
    """A job: of each shop that closes for the day what it sold, once, where there is something to say; how many shops.

    One statement where none is due, else three, however many shops these are. What is due for longer than `tolerance`
    seconds is left out.
    """
    found = locks.vendors_to_tell(db, "digest_at", limit)
    if not found:
        return 0
    _set_next(db, "digest_at", [(row.id, _evening(_hours_of(row, market_hours), row.now)) for row in found])
    told = [row.id for row in found if row.wants_digest and _is_in_time(row, tolerance)]
    for row in db.rows(_DAYS, vendors=told, over=list(OVER), since=_morning(found[0].now)) if told else ():
        if row.orders or row.waiting or row.preparing:
            facts.record(db, ShopDayOver(**row._asdict()))
    return len(found)


def _hours_of(row: Any, market_hours: Hours) -> Hours:
    return hours.read_hours(row.hours) if row.hours is not None else market_hours


def _is_in_time(row: Any, tolerance: float) -> bool:
    return row.due_at is not None and row.now - row.due_at <= timedelta(seconds=tolerance)


def _evening(opening: Hours, now: datetime) -> datetime:
    """When a shop closes next, at ten in the evening at the latest; tomorrow where it never opens."""
    since = now
    for _ in range(2):
        closes = hours.in_days(opening, since, 0)
        if closes is None:
            break
        opens = hours.after(opening, since, 0) or since
        latest = datetime.combine(opens.astimezone(LOME).date(), LATEST, LOME)
        if min(closes, latest) > now:
            return min(closes, latest)
        since = closes
    return now + timedelta(days=1)


def _morning(now: datetime) -> datetime:
    return now.astimezone(LOME).replace(hour=0, minute=0, second=0, microsecond=0)


def _set_next(db: Db, column: str, nexts: Sequence[tuple[int, datetime]]) -> None:
    db.run(
        f"update vendor v set {column} = n.at from unnest(%(ids)s::bigint[], %(ats)s::timestamptz[]) as n(id, at)"
        " where v.id = n.id",
        ids=[vendor_id for vendor_id, _ in nexts],
        ats=[at for _, at in nexts],
    )


_DAYS: Final = """
select w.id as vendor_id, d.orders, d.goods, s.waiting, s.preparing, s.due, coalesce(b.name, '') as best,
    coalesce(b.units, 0) as best_units
from unnest(%(vendors)s::bigint[]) as w(id)
cross join lateral (select count(*) as orders, coalesce(sum(v.goods), 0)::int as goods
    from vendor_order v join "order" o on o.id = v.order_id where v.vendor_id = w.id and v.changed_at >= %(since)s
        and o.placed_at >= %(since)s and v.state <> all(%(over)s)) as d
cross join lateral (select count(*) filter (where v.state = 'placed') as waiting,
        count(*) filter (where v.state = 'accepted') as preparing,
        coalesce(sum(v.goods + v.delivery - v.prepaid), 0)::int as due
    from vendor_order v where v.vendor_id = w.id and v.state in ('placed', 'accepted', 'ready', 'handed_over')) as s
left join lateral (select l.name, sum(l.quantity)::int as units
    from vendor_order v join "order" o on o.id = v.order_id join order_line l on l.vendor_order_id = v.id
    where v.vendor_id = w.id and v.changed_at >= %(since)s and o.placed_at >= %(since)s and v.state <> all(%(over)s)
    group by l.name order by units desc, l.name limit 1) as b on true
order by w.id
"""


def begin_days(db: Db, market_hours: Hours, confirmed: float, tolerance: float, limit: int) -> int:
    """A job: as a shop opens, once a day, ask for goods that its vendor has not counted for `confirmed` seconds.

    Returns how many shops were looked at. One statement where none is due, else three.
    """
    found = locks.vendors_to_tell(db, "check_at", limit)
    if not found:
        return 0
    _set_next(db, "check_at", [(row.id, _next_morning(_hours_of(row, market_hours), row.now)) for row in found])
    asked = [row.id for row in found if row.wants_check and row.is_open and _is_in_time(row, tolerance)]
    names: dict[int, list[str]] = {}
    for row in unconfirmed(db, asked, confirmed) if asked else ():
        names.setdefault(row.vendor_id, []).append(row.name)
    for vendor_id, own in names.items():
        facts.record(db, StockUnsure(vendor_id, tuple(own)))
    return len(found)


def _next_morning(opening: Hours, now: datetime) -> datetime:
    tomorrow = _morning(now) + timedelta(days=1)
    return hours.after(opening, tomorrow, 0) or tomorrow


@dataclass(frozen=True)
class Unsure:
    """A good whose figure is old: `on_hand` in its own units."""

    vendor_id: int
    product_id: int
    name: str
    unit: str
    on_hand: int


def unconfirmed(db: Db, vendor_ids: Collection[int], confirmed: float) -> tuple[Unsure, ...]:
    """Of each of these shops the goods whose count is the oldest, older than so many seconds, three at most."""
    rows = db.rows(_UNSURE, vendors=list(vendor_ids), confirmed=confirmed, most=ASKED)
    return tuple(Unsure(**row._asdict()) for row in rows)


_UNSURE: Final = """
select w.id as vendor_id, g.product_id, g.name, g.unit, g.on_hand from unnest(%(vendors)s::bigint[]) as w(id)
cross join lateral (
    select p.id as product_id, p.name, p.unit, s.on_hand, s.confirmed_at
    from product p join stock s on s.id = p.stock_id
    where p.vendor_id = w.id and p.is_listed and p.kind <> 'group' and p.factor = 1
        and s.confirmed_at <= market_now() - make_interval(secs => %(confirmed)s)
    order by s.confirmed_at, p.id limit %(most)s) as g
order by w.id, g.confirmed_at, g.product_id
"""


def running_low(db: Db, vendor_order_ids: Collection[int], few: int) -> tuple[Low, ...]:
    """The goods of which these parts, just placed, took the last that were more than few; one statement.

    An order crosses the line once: the next one begins below it. What recaps hold for a while is not counted.
    """
    rows = db.rows(_LOW, parts=list(vendor_order_ids), few=few)
    return tuple(Low(**row._asdict()) for row in rows)


_LOW: Final = """
with sold as (
    select stock_id, min(product_id) as product_id, sum(quantity * factor)::int as units
    from order_line where vendor_order_id = any(%(parts)s) group by stock_id
)
select p.id as product_id, p.vendor_id, p.name, p.unit, greatest(s.on_hand - s.allocated, 0) / p.factor as left
from sold join product p on p.id = sold.product_id join stock s on s.id = sold.stock_id
    join vendor v on v.id = p.vendor_id
where (s.on_hand - s.allocated) / p.factor <= coalesce(p.low_at, v.low_at, %(few)s)
    and (s.on_hand - s.allocated + sold.units) / p.factor > coalesce(p.low_at, v.low_at, %(few)s)
order by p.id
"""
