"""Two people who turn out to be one: the baskets as one, the orders under one name, and back again."""

from collections.abc import Sequence

from base.db import Db
from catalog.stock import Cause
from orders import addresses, basket, holding, locks
from orders.basket import Basket
from orders.offered import Wish


def join(db: Db, from_contact: int, to_contact: int, by: Cause) -> list[int]:
    """Hand basket, orders and complaints of one person to another; the ids of the orders.

    For a turn by itself, whose people are locked. The same good in both baskets is one wish: the larger quantity
    counts. What no longer can be had, or has no room, is left out; holds end. The address of the second stays where it
    has one.
    """
    found = locks.baskets(db, [from_contact, to_contact])
    moved = _move_orders(db, _orders_of(db, from_contact), to_contact)  # orders are locked before stock
    if from_contact in found:
        _join_baskets(db, basket.basket_of(db, from_contact), found[from_contact], to_contact, by)
    return moved


def give_back(db: Db, order_ids: Sequence[int], from_contact: int, to_contact: int) -> list[int]:
    """Hand these orders of a person to another again, with their complaints; the ids of those that were his still."""
    held = [order for order in _orders_of(db, from_contact) if order in set(order_ids)]
    return _move_orders(db, held, to_contact)


def _join_baskets(db: Db, left: Basket, left_id: int, to_contact: int, by: Cause) -> None:
    holding.release_baskets(db, [left_id], by)
    here = basket.basket_of(db, to_contact)
    quantities = {line.product_id: line.quantity for line in here.lines}
    for line in left.lines:
        more = Wish(line.product_id, max(line.quantity, quantities.get(line.product_id, 0)))
        if more.quantity > quantities.get(line.product_id, 0):
            basket.set_quantity(db, to_contact, more.product_id, more.quantity, by)
    if left.address.quarter and not here.address.quarter:
        addresses.use_address(db, to_contact, left.address)
    if left.payment and not here.payment:
        addresses.set_payment(db, to_contact, left.payment, left.payment_phone)
    basket.clear(db, left_id, by)
    db.run("delete from basket where id = %(id)s", id=left_id)


def _orders_of(db: Db, contact_id: int) -> list[int]:
    rows = db.rows('select id from "order" where contact_id = %(id)s order by id', id=contact_id)
    return [row.id for row in rows]


def _move_orders(db: Db, order_ids: list[int], to_contact: int) -> list[int]:
    locks.orders(db, order_ids)
    db.run('update "order" set contact_id = %(to)s where id = any(%(ids)s)', to=to_contact, ids=order_ids)
    db.run(
        "update complaint c set contact_id = %(to)s from vendor_order v"
        " where v.id = c.vendor_order_id and v.order_id = any(%(ids)s)",
        to=to_contact,
        ids=order_ids,
    )
    return order_ids
