"""What ends by itself, as jobs that do a bounded batch a call: holds, orders nobody answers, baskets nobody touches."""

from base import facts
from base.db import Db
from catalog import locks as catalog_locks
from catalog import stock
from catalog.stock import JOB
from orders import history, holding, locks
from orders.basket import take_out
from orders.facts import PartExpired
from orders.progress import changes_of, move_parts


def expire_holds(db: Db, limit: int = 100) -> int:
    """Give back what ended holds kept; how many baskets."""
    baskets = locks.baskets_whose_hold_ended(db, limit)
    if baskets:
        holding.release_baskets(db, baskets, JOB)
    return len(baskets)


def expire_unanswered(db: Db, limit: int = 100) -> int:
    """End the parts whose vendor was silent too long, their units freed; how many orders were touched."""
    orders = locks.orders_unanswered(db, limit)
    parts = _silent_parts(db, orders)
    if parts:
        changes = changes_of(db, list(parts))
        catalog_locks.stocks(db, (change.stock_id for change in changes))
        stock.free(db, changes, JOB)
        move_parts(db, list(parts), "expired", ["placed"])
        history.write(db, [(order_id, part_id) for part_id, order_id in parts.items()], "expired", JOB)
    for part_id, order_id in parts.items():
        facts.record(db, PartExpired(order_id, part_id))
    return len(orders)


def _silent_parts(db: Db, order_ids: list[int]) -> dict[int, int]:
    rows = db.rows(
        "select id, order_id from vendor_order where order_id = any(%(orders)s) and state = 'placed'"
        " and expires_at <= market_now() order by id",
        orders=order_ids,
    )
    return {row.id: row.order_id for row in rows}


def drop_old_baskets(db: Db, seconds: float, limit: int = 100) -> int:
    """Forget baskets that nobody touched for `seconds`; how many."""
    baskets = locks.baskets_untouched_for(db, seconds, limit)
    take_out(db, baskets, JOB)
    return db.run("delete from basket where id = any(%(ids)s)", ids=baskets).count
