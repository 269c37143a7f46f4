"""When somebody has to hear of a part by itself: a silent vendor, his buyer, and whoever hands over late."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base import facts, hours
from base.db import Db
from base.hours import Hours
from catalog.stock import JOB
from catalog.vendors import Vendor
from orders import history, locks
from orders.facts import PartFact, PartLate, PartRestKept, PartSilent, PartUnanswered, PartVeryLate
from orders.terms import Terms

What = Literal["remind", "offer", "choice", "late", "very_late"]
IN_PREPARATION: Final = ("accepted", "ready")
_FACTS: Final[dict[str, tuple[type[PartFact], str, Collection[str]]]] = {  # fact, its name in the history, its states
    "remind": (PartSilent, "reminded", ("placed",)),
    "offer": (PartUnanswered, "offered", ("placed",)),
    "choice": (PartRestKept, "rest_kept", IN_PREPARATION),
    "late": (PartLate, "late", IN_PREPARATION),
    "very_late": (PartVeryLate, "very_late", IN_PREPARATION),
}
_DAYS: Final = {"today": 0, "24h": 1, "48h": 2, "3d": 3}  # a shop's delay -> opening days
_HOURS: Final = {"2h": 2}  # and those that are opening hours


@dataclass(frozen=True)
class Due:
    """A moment that waits: `at`, or while its shop is shut the opening time that is `left`, in seconds."""

    what: What
    at: datetime | None
    left: float | None = None


def of_placed(shop: Vendor, terms: Terms, now: datetime) -> list[Due]:
    """What waits for the answer of a shop that is asked now."""
    waits: Sequence[tuple[What, float]] = (("remind", terms.reminded), ("offer", terms.offered))
    if not shop.is_open:
        return [Due(what, None, seconds) for what, seconds in waits]
    opening = shop.hours or terms.hours
    ats = [(what, seconds, hours.after(opening, now, seconds)) for what, seconds in waits]
    return [Due(what, at, None if at else seconds) for what, seconds, at in ats]


def by_when(opening: Hours, since: datetime, delay: str) -> datetime | None:
    """Until when a shop with this delay hands over what it accepted then; None when it never opens.

    Hours are its opening hours, and a day is a day on which it opens: `24h` is the same time of the next one.
    """
    if delay in _HOURS:
        return hours.after(opening, since, _HOURS[delay] * 3600)
    return hours.in_days(opening, since, _DAYS.get(delay, 1))


def promise(db: Db, vendor_order_id: int, market_hours: Hours) -> None:
    """Its vendor accepted a part: nobody waits for his answer any more, and it should leave within the shop's delay.

    What must be paid before waits for that first; a person looks when it waits for very long.
    """
    row = db.one(
        "select w.hours, w.delay, w.is_open, v.prepaid > 0 and v.arranged_at is null as is_unpaid, market_now() as now"
        " from vendor_order v join vendor w on w.id = v.vendor_id where v.id = %(part)s",
        part=vendor_order_id,
    )
    if row is None or row.is_unpaid:
        db.run(_UNPAID, part=vendor_order_id)
        return
    opening = _hours_of(row, market_hours)
    at = by_when(opening, row.now, row.delay)
    left = hours.opening_seconds(opening, row.now, at) if at and not row.is_open else None
    db.run(_PROMISE, part=vendor_order_id, at=at if row.is_open else None, left=left)


_ANSWERED = "delete from part_due where vendor_order_id = %(part)s and what <> 'late'"
_STALE = "interval '7 days'"  # that nobody pays or fetches: a person has to look
_UNPAID = f"""
with answered as (delete from part_due where vendor_order_id = %(part)s and what in ('remind', 'offer', 'late'))
insert into part_due (vendor_order_id, what, at) values (%(part)s, 'very_late', market_now() + {_STALE})
on conflict (vendor_order_id, what) do nothing
"""
_PROMISE = f"""
with answered as (
    {_ANSWERED}
), promised as (
    update vendor_order set late_at = %(at)s::timestamptz where id = %(part)s
)
insert into part_due (vendor_order_id, what, at, left_seconds)
values (%(part)s, 'late', %(at)s::timestamptz, %(left)s::float8)
on conflict (vendor_order_id, what) do update set at = excluded.at, left_seconds = excluded.left_seconds
"""


def wait_for_buyer(db: Db, vendor_order_id: int) -> None:
    """What its buyer fetches is ready: now he is waited for, and a person looks when he does not come for very long."""
    db.run(_FETCHED, part=vendor_order_id)


_FETCHED = f"""
with fetched as (
    update vendor_order v set late_at = null from "order" o
    where v.id = %(part)s and o.id = v.order_id and o.way = 'pickup' returning v.id
), promised as (
    delete from part_due d using fetched where d.vendor_order_id = fetched.id and d.what = 'late'
)
insert into part_due (vendor_order_id, what, at) select id, 'very_late', market_now() + {_STALE} from fetched
on conflict (vendor_order_id, what) do update set at = excluded.at, left_seconds = null
"""


def wait_for_choice(db: Db, vendor_order_id: int, market_hours: Hours, seconds: float) -> datetime | None:
    """Its buyer has so much of its shop's opening time to say whether he wants what is left; until when.

    None while that shop is shut, or never opens: then it waits.
    """
    row = db.one(
        "select w.hours, w.is_open, market_now() as now from vendor_order v join vendor w on w.id = v.vendor_id"
        " where v.id = %(part)s",
        part=vendor_order_id,
    )
    if row is None:
        return None
    at = hours.after(_hours_of(row, market_hours), row.now, seconds) if row.is_open else None
    db.run(_CHOICE, part=vendor_order_id, at=at, left=None if at else seconds)
    return at


_CHOICE = """
with answered as (delete from part_due where vendor_order_id = %(part)s and what in ('remind', 'offer', 'late')
), unpromised as (update vendor_order set late_at = null where id = %(part)s)
insert into part_due (vendor_order_id, what, at, left_seconds)
values (%(part)s, 'choice', %(at)s::timestamptz, %(left)s::float8)
"""


def start_again(db: Db, vendor_order_id: int, market_hours: Hours) -> None:
    """What a part that is being prepared waited for is settled: now it should leave, or is waited for at the shop."""
    promise(db, vendor_order_id, market_hours)
    if db.value("select state = 'ready' from vendor_order where id = %(part)s", part=vendor_order_id):
        wait_for_buyer(db, vendor_order_id)


def _hours_of(row: Any, market_hours: Hours) -> Hours:
    return hours.read_hours(row.hours) if row.hours is not None else market_hours


def tell(db: Db, market_hours: Hours, limit: int = 100) -> int:
    """A job: say what is due, once, and only while the shop is open; how many orders were looked at."""
    orders = locks.orders_with_due(db, limit)
    if not orders:
        return 0
    done: list[tuple[Any, bool]] = []
    later: list[tuple[Any, str, datetime | None]] = []
    for row in db.rows(_DUE, orders=orders):
        opening = _hours_of(row, market_hours)
        stands = row.state in _FACTS[row.what][2]
        if stands and not hours.is_open(opening, row.now):
            later.append((row, row.what, hours.after(opening, row.now, 0)))
            continue
        done.append((row, stands))
        if stands and row.what == "late":
            later.append((row, "very_late", by_when(opening, row.now, row.delay)))
    _end(db, [row for row, _ in done])
    _put_off(db, later)
    for row in (row for row, stands in done if stands and row.what == "choice"):
        start_again(db, row.vendor_order_id, market_hours)
    _say(db, [row for row, stands in done if stands])
    return len(orders)


_DUE = """
select d.vendor_order_id, d.what, v.order_id, w.hours, w.delay, market_now() as now,
    case when v.state = 'placed' and v.expires_at <= market_now() then 'expired' else v.state end as state
from part_due d join vendor_order v on v.id = d.vendor_order_id join vendor w on w.id = v.vendor_id
where v.order_id = any(%(orders)s) and d.at <= market_now() and w.is_open
order by d.vendor_order_id, d.at, d.what desc
"""


def _end(db: Db, rows: Sequence[Any]) -> None:
    db.run(
        "delete from part_due d using unnest(%(parts)s::bigint[], %(whats)s::text[]) as told(part, what)"
        " where d.vendor_order_id = told.part and d.what = told.what",
        parts=[row.vendor_order_id for row in rows],
        whats=[row.what for row in rows],
    )


def _put_off(db: Db, later: Sequence[tuple[Any, str, datetime | None]]) -> None:
    if later:
        db.run(
            "insert into part_due (vendor_order_id, what, at)"
            " select * from unnest(%(parts)s::bigint[], %(whats)s::text[], %(ats)s::timestamptz[])"
            " on conflict (vendor_order_id, what) do update set at = excluded.at",
            parts=[row.vendor_order_id for row, _, _ in later],
            whats=[what for _, what, _ in later],
            ats=[at for _, _, at in later],
        )


def _say(db: Db, rows: Sequence[Any]) -> None:
    for what, (fact, name, _) in _FACTS.items():
        told = [(row.order_id, row.vendor_order_id) for row in rows if row.what == what]
        if told:
            history.write(db, told, name, JOB)
        for order_id, part_id in told:
            facts.record(db, fact(order_id, part_id))


def orders_of_shops(db: Db, vendor_ids: Collection[int]) -> list[int]:
    """The orders of these shops with a part for which something waits."""
    rows = db.rows(
        "select distinct v.order_id from vendor_order v join part_due d on d.vendor_order_id = v.id"
        " where v.vendor_id = any(%(vendors)s) and v.state in ('placed', 'accepted', 'ready')",
        vendors=list(vendor_ids),
    )
    return [row.order_id for row in rows]


def stop_clocks(db: Db, vendor_ids: Collection[int], market_hours: Hours) -> None:
    """These shops, whose orders the caller has locked, are shut: what waits keeps the opening time that is left."""
    waiting = db.rows(f"{_WAITING} and d.at is not null", vendors=list(vendor_ids))
    left = [hours.opening_seconds(_hours_of(row, market_hours), row.now, row.at) for row in waiting]
    _set_clocks(db, waiting, [None] * len(waiting), left)


def start_clocks(db: Db, vendor_ids: Collection[int], market_hours: Hours) -> None:
    """They are open again: what is left begins to pass."""
    waiting = db.rows(f"{_WAITING} and d.left_seconds is not null", vendors=list(vendor_ids))
    ats = [hours.after(_hours_of(row, market_hours), row.now, row.left_seconds) for row in waiting]
    _set_clocks(db, waiting, ats, [None] * len(waiting))


_WAITING = """
select d.vendor_order_id, d.what, d.at, d.left_seconds, w.hours, market_now() as now
from part_due d join vendor_order v on v.id = d.vendor_order_id join vendor w on w.id = v.vendor_id
where v.vendor_id = any(%(vendors)s) and v.state in ('placed', 'accepted', 'ready')
"""


def _set_clocks(db: Db, waiting: Sequence[Any], ats: Sequence[datetime | None], left: Sequence[float | None]) -> None:
    if waiting:
        db.run(
            _SET,
            parts=[row.vendor_order_id for row in waiting],
            whats=[row.what for row in waiting],
            ats=list(ats),
            left=list(left),
        )


# What a buyer is promised follows the clock of its part until it is over.
_SET = """
with told as (
    select * from unnest(%(parts)s::bigint[], %(whats)s::text[], %(ats)s::timestamptz[], %(left)s::float8[])
        as told(part, what, at, left_seconds)
), promised as (
    update vendor_order v set late_at = told.at from told where v.id = told.part and told.what = 'late'
)
update part_due d set at = told.at, left_seconds = told.left_seconds
from told where d.vendor_order_id = told.part and d.what = told.what
"""
