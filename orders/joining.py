"""Two people who turn out to be one: the baskets as one, the orders under one name, and back again."""

from dataclasses import dataclass

from base.db import Db
from catalog.stock import Cause
from orders import addresses, basket, holding, locks
from orders.basket import Basket
from orders.offered import Wish


@dataclass(frozen=True)
class Brought:
    """What came with one of two people: orders by id; (product, units, units that the other had of it) of his basket;
    whether the basket of both got his address, and his way to pay."""

    orders: tuple[int, ...] = ()
    lines: tuple[tuple[int, int, int], ...] = ()
    address: bool = False
    payment: bool = False


def join(db: Db, from_contact: int, to_contact: int, by: Cause) -> Brought:
    """Hand basket, orders and complaints of one person to another; what these are.

    For a turn by itself, whose people are locked. The same good in both baskets is one wish: the larger quantity
    counts. What no longer can be had, or has no room, is left out; holds end. The address of the second stays where it
    has one.
    """
    found = locks.baskets(db, [from_contact, to_contact])
    moved = _orders_of(db, from_contact)
    _move_orders(db, moved, to_contact)  # orders are locked before stock
    if from_contact not in found:
        return Brought(tuple(moved))
    left, here = basket.basket_of(db, from_contact), basket.basket_of(db, to_contact)
    had = {line.product_id: line.quantity for line in here.lines}
    _join_baskets(db, left, found[from_contact], to_contact, by)
    return Brought(
        tuple(moved),
        tuple((line.product_id, line.quantity, had.get(line.product_id, 0)) for line in left.lines),
        bool(left.address.quarter and not here.address.quarter),
        bool(left.payment and not here.payment),
    )


def part(db: Db, brought: Brought, from_contact: int, to_contact: int, by: Cause) -> None:
    """Hand what one of two people had brought back to him.

    Of his goods as many as still lie in the basket of both. His address and way to pay leave it, and are asked anew.
    """
    found = locks.baskets(db, [from_contact, to_contact])
    _move_orders(db, [order for order in _orders_of(db, from_contact) if order in brought.orders], to_contact)
    if from_contact in found:
        holding.release_baskets(db, [found[from_contact]], by)
        _part_baskets(db, brought, from_contact, to_contact, by)
        if brought.address:
            addresses.forget_address(db, from_contact)
        if brought.payment:
            addresses.forget_payment(db, from_contact)


def _part_baskets(db: Db, brought: Brought, from_contact: int, to_contact: int, by: Cause) -> None:
    here = {line.product_id: line.quantity for line in basket.basket_of(db, from_contact).lines}
    for product_id, units, had in brought.lines:
        lies = here.get(product_id, 0)
        if not lies:
            continue
        basket.set_quantity(db, to_contact, product_id, min(units, lies), by)
        stays = max(min(had, lies), lies - units)
        if not stays:
            basket.remove(db, from_contact, product_id, by)
        elif stays < lies:
            basket.set_quantity(db, from_contact, product_id, stays, by)


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


def _move_orders(db: Db, order_ids: list[int], to_contact: int) -> None:
    locks.orders(db, order_ids)
    db.run('update "order" set contact_id = %(to)s where id = any(%(ids)s)', to=to_contact, ids=order_ids)
    db.run(
        "update complaint c set contact_id = %(to)s from vendor_order v"
        " where v.id = c.vendor_order_id and v.order_id = any(%(ids)s)",
        to=to_contact,
        ids=order_ids,
    )
