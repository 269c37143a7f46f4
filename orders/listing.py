"""A buyer's list of orders, page by page: what is open stands before what is over."""

from dataclasses import dataclass

from base.db import Db
from orders.reports import OrderView, orders_by_ids
from orders.states import OPEN


@dataclass(frozen=True)
class Mark:
    """Behind which order of a list a page begins, and whether that one was still open when it was shown."""

    is_open: bool
    order_id: int


@dataclass(frozen=True)
class Sorted:
    """Some orders of a buyer, those that are open before those that are over, each newest first."""

    orders: tuple[OrderView, ...]
    after: Mark | None  # None on the last page


def open_before_over(db: Db, contact_id: int, after: Mark | None = None, size: int = 9) -> Sorted:
    """A buyer's orders, those with which someone still has to do something before those that are over."""
    rows = db.rows(
        "select * from (select o.id, exists (select from vendor_order v where v.order_id = o.id"
        ' and v.state = any(%(open)s)) as is_open from "order" o where o.contact_id = %(contact)s) own'
        " where %(id)s::bigint is null or (is_open, id) < (%(is_open)s::bool, %(id)s::bigint)"
        " order by is_open desc, id desc limit %(most)s",
        contact=contact_id,
        open=list(OPEN),
        id=after and after.order_id,
        is_open=after and after.is_open,
        most=size + 1,
    )
    shown = rows[:size]
    # sorted once more: one that has ended just now is read as over
    found = sorted(orders_by_ids(db, [row.id for row in shown]), key=lambda order: not order.is_open)
    return Sorted(tuple(found), Mark(shown[-1].is_open, shown[-1].id) if len(rows) > size else None)
