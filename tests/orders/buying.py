"""A buyer's way through tests: fill, address, hold, OUI."""

from catalog.stock import Cause
from orders import addresses, basket, holding, placing
from orders.basket import Address
from orders.holding import Held
from orders.placing import Placed

AWA, CHAT = 7, 77
HOME = Address("be-kpota", "derrière la pharmacie", "Awa Mensah", "+22890112233", 6.1624, 1.2592)


def cause(contact=AWA):
    return Cause(contact_id=contact, inbox_id=contact * 10)


def fill(db, *goods, contact=AWA):
    """Put (good, quantity) pairs into the basket and give the address."""
    for good, quantity in goods:
        assert basket.add(db, contact, good.id, quantity, cause(contact)).outcome == "added"
    addresses.use_address(db, contact, HOME)


def hold(db, terms, *, contact=AWA):
    held = holding.hold_basket(db, contact, cause(contact), terms.hold)
    assert isinstance(held, Held)
    return held


def order(db, terms, *goods, contact=AWA):
    """A whole purchase."""
    fill(db, *goods, contact=contact)
    hold(db, terms, contact=contact)
    placed = placing.place_order(db, contact, CHAT, cause(contact), terms)
    assert isinstance(placed, Placed)
    return placed


def advance(db, seconds):
    """Move the clock inside this transaction."""
    db.run("update test_clock set ahead = ahead + make_interval(secs => %(seconds)s)", seconds=seconds)


def state_of(db, part_id):
    return db.value("select state from vendor_order where id = %(id)s", id=part_id)


def set_state(db, part_id, state):
    db.run("update vendor_order set state = %(state)s where id = %(id)s", id=part_id, state=state)


def everything(db):
    """All rows that an order or a stock is made of: equal before and after whatever is refused."""
    tables = (
        "stock",
        "stock_movement",
        "basket",
        "basket_line",
        "basket_history",
        '"order"',
        "vendor_order",
        "order_line",
        "order_history",
    )
    return {table: db.rows(f"select * from {table} order by id") for table in tables}
