"""The invariants between orders and stock: silent through an order's whole life, and each names the row it catches."""

import pytest

from base.invariants import violations
from catalog import stock
from catalog.invariants import INVARIANTS as OF_STOCK
from catalog.stock import JOB
from orders import basket, expiry, holding, progress
from orders.invariants import ALLOCATED, HELD, HOLDS_ARE_WHOLE, HOLDS_END, INVARIANTS
from tests.catalog.market import make_good, make_vendor
from tests.orders.buying import AWA, advance, cause, fill, hold, order


@pytest.fixture
def good(db):
    good = make_good(db, make_vendor(db), on_hand=0)
    stock.count(db, good.stock_id, 10, JOB)
    return good


def broken(db):
    return [(found.invariant, found.row, found.says) for found in violations(db, (*OF_STOCK, *INVARIANTS))]


def basket_id(db):
    return db.value("select id from basket")


def test_nothing_is_broken_at_any_moment_of_a_hold(db, good, terms):
    fill(db, (good, 3))
    assert broken(db) == []
    hold(db, terms)
    assert broken(db) == []
    basket.set_quantity(db, AWA, good.id, 2, cause())
    assert broken(db) == []
    hold(db, terms)
    holding.release(db, AWA, cause())
    assert broken(db) == []
    hold(db, terms)
    advance(db, terms.hold + 1)
    assert broken(db) == []
    assert expiry.expire_holds(db) == 1
    assert broken(db) == []


@pytest.mark.parametrize("ending", ["delivered", "refused", "expired"])
def test_nothing_is_broken_at_any_moment_of_an_order(db, good, terms, ending):
    placed = order(db, terms, (good, 3))
    part, sellers = placed.vendor_order_ids[0], [good.vendor_id]
    assert broken(db) == []
    if ending == "expired":
        advance(db, terms.unanswered + 1)
        assert expiry.expire_unanswered(db) == 1
        assert broken(db) == []
        return
    steps = [progress.accept, progress.ready]
    steps += [progress.hand_over] if ending == "delivered" else []
    for step in steps:
        assert step(db, part, sellers, cause()) == "done"
        assert broken(db) == []
    if ending == "refused":
        assert progress.refuse(db, part, sellers, "shortage", cause()) == "done"
        assert broken(db) == []


def test_units_held_for_no_basket_are_named(db, good, terms):
    fill(db, (good, 3))
    hold(db, terms)
    db.run("delete from basket_line")
    assert (HELD.name, f"stock {good.stock_id}", "held 3; baskets hold 0") in broken(db)
    assert (HOLDS_END.name, f"basket {basket_id(db)}", "a hold without a unit") in broken(db)
    assert len(broken(db)) == 2


def test_a_hold_that_never_ends_is_named(db, good, terms):
    fill(db, (good, 3))
    hold(db, terms)
    db.run("update basket set held_until = null")
    assert broken(db) == [
        (HELD.name, f"stock {good.stock_id}", "held 3; baskets hold 0"),  # none of those that are to end
        (HOLDS_END.name, f"basket {basket_id(db)}", "holds 3 units without an end"),
    ]


def test_a_line_that_holds_a_part_of_its_units_is_named(db, good, terms):
    fill(db, (good, 3))
    hold(db, terms)
    db.run("update basket_line set quantity = 5")
    line = db.value("select id from basket_line")
    assert broken(db) == [(HOLDS_ARE_WHOLE.name, f"basket_line {line}", "holds 3 of 5 units")]


def test_units_allocated_to_no_open_order_are_named(db, good, terms):
    order(db, terms, (good, 3))
    db.run("update vendor_order set state = 'cancelled'")
    assert broken(db) == [(ALLOCATED.name, f"stock {good.stock_id}", "allocated 3; open orders need 0")]


def test_an_order_whose_units_were_never_put_by_is_named(db, good, terms):
    order(db, terms, (good, 3))
    db.run("update order_line set quantity = 4")
    assert broken(db) == [(ALLOCATED.name, f"stock {good.stock_id}", "allocated 3; open orders need 4")]
