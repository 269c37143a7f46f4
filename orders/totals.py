"""What an order comes to once its parts have changed: the sum of all that were not moved to another shop."""

from base.db import Db


def sum_up(db: Db, order_id: int) -> None:
    """Write an order's total anew, whose lock the caller holds; in F CFA."""
    db.run(
        'update "order" o set total = (select coalesce(sum(v.goods + v.delivery), 0) from vendor_order v'
        " where v.order_id = o.id and not exists (select from order_history h"
        " where h.order_id = o.id and h.vendor_order_id = v.id and h.fact = 'moved')) where o.id = %(order)s",
        order=order_id,
    )
