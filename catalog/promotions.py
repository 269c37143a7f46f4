"""Promotions: of one good or of all goods of a shop, one at a time, which begin and end on time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from catalog import locks
from catalog.facts import PromotionBegan, PromotionEnded
from catalog.prices import PromoKind
from catalog.stock import Cause

MOST_PERCENT: Final = 90
UNDONE_WITHIN: Final = 24  # hours
Refusal = Literal["dearer", "past", "odd", "unknown"]


@dataclass(frozen=True)
class Plan:
    """What is wanted: `value` F CFA of a unit or a lot of `quantity`, or percent less; None: all goods, now, no end."""

    vendor_id: int
    product_id: int | None
    kind: PromoKind
    value: int
    quantity: int = 0
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Promotion:
    """One as it stands; `name` '' where it is of all goods, `price` then 0; `ends_at` as planned or as it was ended."""

    id: int
    vendor_id: int
    product_id: int | None
    name: str
    unit: str
    price: int  # F CFA of a unit without it
    kind: PromoKind
    value: int
    quantity: int
    begins_at: datetime
    ends_at: datetime | None
    is_over: bool


def refusal(db: Db, vendor_ids: Collection[int], plan: Plan) -> Refusal | None:
    """Why a promotion cannot be; None when it can.

    dearer: it is no less than the usual price. past: it ends before it begins. odd: no such percentage or lot, or a
    price for all goods at once. unknown: the good or the shop is another's.
    """
    if plan.vendor_id not in vendor_ids:
        return "unknown"
    good = db.one(_GOOD, product=plan.product_id, vendor=plan.vendor_id, ends=plan.ends_at, begins=plan.begins_at)
    if good is None or (plan.product_id is not None and good.price is None):
        return "unknown"
    if good.is_past:
        return "past"
    if plan.kind == "percent":
        return None if 1 <= plan.value <= MOST_PERCENT else "odd"
    if good.price is None or plan.value < 1 or (plan.kind == "lot" and plan.quantity < 2):
        return "odd"
    units = plan.quantity if plan.kind == "lot" else 1
    return "dearer" if plan.value >= units * good.price else None


_GOOD = """
select p.price, coalesce(%(ends)s::timestamptz <= greatest(coalesce(%(begins)s, market_now()), market_now()), false)
    as is_past
from vendor v left join product p on p.vendor_id = v.id and p.id = %(product)s where v.id = %(vendor)s
"""


def start(db: Db, vendor_ids: Collection[int], plans: Sequence[Plan], by: Cause) -> Literal["done"] | Refusal:
    """Make all of these or none, each in the place of any other of the same good whose time it touches.

    Raises Alone in a batch when a shop is busy.
    """
    locks.vendors(db, {plan.vendor_id for plan in plans} & set(vendor_ids))
    for plan in plans:
        found = refusal(db, vendor_ids, plan)
        if found:
            return found
    if not plans:
        return "unknown"
    for plan in plans:
        _start(db, plan, by)
    return "done"


def _start(db: Db, plan: Plan, by: Cause) -> None:
    db.run(
        _BEGIN,
        vendor=plan.vendor_id,
        product=plan.product_id,
        kind=plan.kind,
        value=plan.value,
        quantity=plan.quantity or None,
        begins=plan.begins_at,
        ends=plan.ends_at,
        contact=by.contact_id,
        inbox=by.inbox_id,
    )


_BEGIN = """
with made as (
    insert into promotion
        (vendor_id, product_id, kind, value, quantity, begins_at, ends_at, state, contact_id, inbox_id)
    select %(vendor)s, %(product)s, %(kind)s, %(value)s, %(quantity)s, b.at, %(ends)s,
        case when b.at > market_now() then 'waiting' else 'running' end, %(contact)s, %(inbox)s
    from (select greatest(coalesce(%(begins)s, market_now()), market_now()) as at) as b
    returning id, vendor_id, product_id, begins_at, ends_at
)
update promotion o set ended_at = greatest(least(m.begins_at, o.ends_at), o.begins_at), replaced_by = m.id,
    state = case when o.begins_at < m.begins_at and m.begins_at > market_now() then o.state else 'ended' end
from made m where o.vendor_id = m.vendor_id and o.product_id is not distinct from m.product_id and o.ended_at is null
    and o.begins_at < coalesce(m.ends_at, 'infinity') and coalesce(o.ends_at, 'infinity') > m.begins_at
"""


def end(db: Db, vendor_ids: Collection[int], promotion_ids: Sequence[int]) -> int:
    """End these now, those that have not begun too; how many were. Raises Alone in a batch when a shop is busy."""
    locks.vendors(db, vendor_ids)
    return db.run(
        "update promotion o set ended_at = greatest(market_now(), begins_at), state = 'ended'"
        " where vendor_id = any(%(vendors)s) and id = any(%(ids)s) and ended_at is null"
        " and coalesce(ends_at, 'infinity') > market_now()",
        vendors=list(vendor_ids),
        ids=list(promotion_ids),
    ).count


def last_of(db: Db, vendor_ids: Collection[int], contact_id: int | None) -> Promotion | None:
    """The promotion that this person made last, within a day, and has not undone."""
    found = _promotions(
        db,
        "o.id = (select max(id) from promotion where contact_id = %(contact)s and undone_at is null"
        " and vendor_id = any(%(vendors)s) and made_at > market_now() - make_interval(hours => %(hours)s))",
        contact=contact_id,
        vendors=list(vendor_ids),
        hours=UNDONE_WITHIN,
    )
    return found[0] if found else None


def undo(db: Db, vendor_ids: Collection[int], by: Cause) -> Promotion | None:
    """Take back the last one that this person made within a day, with those that the same message made.

    What they replaced runs again. None without one. Raises Alone in a batch when a shop is busy.
    """
    locks.vendors(db, vendor_ids)
    last = last_of(db, vendor_ids, by.contact_id)
    if last is not None:
        db.run(_UNDO, id=last.id, vendors=list(vendor_ids))
    return last


_UNDO = """
with undone as (
    update promotion set ended_at = least(coalesce(ended_at, 'infinity'), greatest(market_now(), begins_at)),
        undone_at = market_now(), state = 'ended'
    where vendor_id = any(%(vendors)s) and undone_at is null and (id = %(id)s or (inbox_id, contact_id) =
        (select inbox_id, contact_id from promotion where id = %(id)s))
    returning id
)
update promotion o set ended_at = null, replaced_by = null,
    state = case when o.begins_at > market_now() then 'waiting' else 'running' end
from undone u where o.replaced_by = u.id
"""


def of_shops(db: Db, vendor_ids: Collection[int], after: int = 0, size: int = 10) -> tuple[Promotion, ...]:
    """The promotions that run or are planned, the oldest first, from the one behind `after`."""
    return _promotions(
        db,
        "o.vendor_id = any(%(vendors)s) and o.state <> 'ended' and o.id > %(after)s and least(o.ends_at, o.ended_at,"
        " 'infinity') > market_now()",
        vendors=list(vendor_ids),
        after=after,
        most=size,
    )


def of_good(db: Db, vendor_id: int, product_id: int | None) -> Promotion | None:
    """The one of this very good, or of all goods, that runs or is planned."""
    found = _promotions(
        db,
        "o.vendor_id = %(vendor)s and o.product_id is not distinct from %(product)s and o.state <> 'ended'"
        " and least(o.ends_at, o.ended_at, 'infinity') > market_now()",
        vendor=vendor_id,
        product=product_id,
        most=1,
    )
    return found[0] if found else None


def promotion(db: Db, promotion_id: int) -> Promotion | None:
    """One by its id."""
    found = _promotions(db, "o.id = %(id)s", id=promotion_id)
    return found[0] if found else None


_PROMOTION = """
select o.id, o.vendor_id, o.product_id, coalesce(p.name, '') as name, coalesce(p.unit, '') as unit,
    coalesce(p.price, 0) as price, o.kind, o.value, coalesce(o.quantity, 0) as quantity, o.begins_at,
    least(o.ends_at, o.ended_at) as ends_at, coalesce(least(o.ends_at, o.ended_at) <= market_now(), false) as is_over
from promotion o left join product p on p.id = o.product_id where {where} order by o.id limit %(most)s
"""


def _promotions(db: Db, where: str, most: int = 1, **values: Any) -> tuple[Promotion, ...]:
    return tuple(Promotion(**row._asdict()) for row in db.rows(_PROMOTION.format(where=where), most=most, **values))


def move_on(db: Db, limit: int) -> int:
    """A job: note which promotions have begun or ended, and tell of each once; returns how many.

    Two statements where any is due, else one. What goods cost does not wait for it: prices look at the time themselves.
    """
    due = locks.promotions_due(db, limit)
    if due:
        db.run(_MOVE_ON, ids=[row.id for row in due])
    for row in due:
        facts.record(db, PromotionBegan(row.id) if row.state == "waiting" else PromotionEnded(row.id))
    return len(due)


_MOVE_ON = """
update promotion set state = case when state = 'waiting' then 'running' else 'ended' end where id = any(%(ids)s)
"""
