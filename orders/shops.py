"""A shop that closes, opens or has other hours, with the clocks of its orders: they stand while it is shut."""

from collections.abc import Collection

from base.db import Db
from base.hours import Hours
from catalog import locks as catalog_locks
from catalog import vendors
from orders import due, locks


def open_or_close(db: Db, vendor_ids: Collection[int], market_hours: Hours, *, is_open: bool) -> bool:
    """Open or close shops; True when that changed something. Raises Alone in a batch when a row is busy."""
    _lock(db, vendor_ids)
    if not vendors.open_or_close(db, vendor_ids, is_open=is_open):
        return False
    turn_clocks = due.start_clocks if is_open else due.stop_clocks
    turn_clocks(db, vendor_ids, market_hours)
    return True


def set_hours(db: Db, vendor_ids: Collection[int], opening: Hours, market_hours: Hours) -> None:
    """Other opening hours: what waits has the same opening time left. Raises Alone in a batch when a row is busy."""
    _lock(db, vendor_ids)
    shut = [shop.id for shop in vendors.vendors(db, vendor_ids).values() if not shop.is_open]
    running = [vendor_id for vendor_id in vendor_ids if vendor_id not in shut]
    due.stop_clocks(db, running, market_hours)
    vendors.set_hours(db, vendor_ids, opening)
    due.start_clocks(db, running, market_hours)


def _lock(db: Db, vendor_ids: Collection[int]) -> None:
    catalog_locks.vendors(db, vendor_ids)
    locks.orders(db, due.orders_of_shops(db, vendor_ids))
