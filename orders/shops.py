"""A shop that closes, opens or has other hours, with the clocks of its orders: they stand while it is shut."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from base import facts
from base.day_words import DayRule
from base.db import Db
from base.hours import Hours, Span, with_days
from catalog import locks as catalog_locks
from catalog import vendors
from orders import due, locks
from orders.facts import ShopTurned


def open_or_close(db: Db, vendor_ids: Collection[int], market_hours: Hours, *, is_open: bool) -> bool:
    """Open or close shops; True when that changed something. Raises Alone in a batch when a row is busy."""
    _lock(db, vendor_ids)
    if not vendors.open_or_close(db, vendor_ids, is_open=is_open):
        return False
    turn_clocks = due.start_clocks if is_open else due.stop_clocks
    turn_clocks(db, vendor_ids, market_hours)
    return True


def close_for(
    db: Db, vendor_ids: Collection[int], market_hours: Hours, begins: datetime | None, until: datetime
) -> None:
    """Close shops until a moment, at once (`begins` None) or later: they open again by themselves.

    Orders that were placed go on, their clocks stand while it is shut. Raises Alone in a batch when a row is busy.
    """
    _lock(db, vendor_ids)
    if begins is not None:
        vendors.plan_pause(db, vendor_ids, begins, until)
        return
    running = [shop.id for shop in vendors.vendors(db, vendor_ids).values() if shop.is_open]
    vendors.shut(db, vendor_ids, until)
    due.stop_clocks(db, running, market_hours)


def follow_pauses(db: Db, market_hours: Hours, limit: int) -> int:
    """A job: close the shops whose pause begins and open those whose pause is over, and tell of it; how many.

    One statement where none is due; else that, and five for those that close or open.
    """
    found = catalog_locks.vendors_of_pause(db, limit)
    over = [row.id for row in found if row.is_over]
    begun = [row.id for row in found if not row.is_over]
    if begun:
        _begin_pauses(db, begun, market_hours)
    if over:
        open_or_close(db, over, market_hours, is_open=True)
    for vendor_id, is_open in (*((one, False) for one in begun), *((one, True) for one in over)):
        facts.record(db, ShopTurned(vendor_id, is_open))
    return len(found)


def _begin_pauses(db: Db, vendor_ids: Collection[int], market_hours: Hours) -> None:
    locks.orders(db, due.orders_of_shops(db, vendor_ids))
    running = [shop.id for shop in vendors.vendors(db, vendor_ids).values() if shop.is_open]
    vendors.begin_pause(db, vendor_ids)
    due.stop_clocks(db, running, market_hours)


def set_hours(db: Db, vendor_ids: Collection[int], opening: Hours, market_hours: Hours) -> None:
    """Other opening hours of each week; days that were told by themselves stay so.

    What waits has the same opening time left. Raises Alone in a batch when a row is busy.
    """
    _set_hours(db, vendor_ids, market_hours, lambda own: Hours(opening.week, {**opening.otherwise, **own.otherwise}))


def set_days(
    db: Db, vendor_ids: Collection[int], days: Mapping[date, DayRule], market_hours: Hours, today: date
) -> None:
    """Other hours of some days alone, which are left as they are where a shop's own cannot be so.

    A shop that had told no hours has the market's as its own from then on. What waits has the same opening time left.
    Raises Alone in a batch when a row is busy.
    """

    def told(own: Hours) -> Hours:
        found = {day: rule.applied(usual_on(own, day), own.on(day)) for day, rule in days.items()}
        return with_days(own, {day: spans for day, spans in found.items() if spans is not None}, today)

    _set_hours(db, vendor_ids, market_hours, told)


def usual_on(opening: Hours, day: date) -> tuple[Span, ...]:
    """The hours of a day without what was told of it alone."""
    return Hours(opening.week, {key: one for key, one in opening.otherwise.items() if key != day.isoformat()}).on(day)


def _set_hours(db: Db, vendor_ids: Collection[int], market_hours: Hours, told: Callable[[Hours], Hours]) -> None:
    _lock(db, vendor_ids)
    known = vendors.vendors(db, vendor_ids)
    running = [vendor_id for vendor_id in vendor_ids if vendor_id in known and known[vendor_id].is_open]
    due.stop_clocks(db, running, market_hours)
    vendors.set_hours(db, {shop.id: told(shop.hours or market_hours) for shop in known.values()})
    due.start_clocks(db, running, market_hours)


def _lock(db: Db, vendor_ids: Collection[int]) -> None:
    catalog_locks.vendors(db, vendor_ids)
    locks.orders(db, due.orders_of_shops(db, vendor_ids))
