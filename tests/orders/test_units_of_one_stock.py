"""Several units of one good draw on one stock, counted in the smallest: a sac of 25 kg is ten bols."""

import random

import pytest

from base.invariants import violations
from catalog import products, stock
from orders import basket, expiry, holding, placing, progress, reports
from orders.holding import Held, Missing
from orders.invariants import INVARIANTS
from orders.offered import LineChange, Wish
from orders.placing import Placed
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, make_good, make_vendor
from tests.orders.buying import AWA, CHAT, advance, cause, everything, fill, hold, order


@pytest.fixture
def bol(db, yawa):
    """Thirty-five bols, of which three sacs can be made."""
    return make_good(db, yawa, "Riz local", on_hand=35, price=1_400, unit="bol")


@pytest.fixture
def sac(db, yawa, bol):
    return make_good(db, yawa, "Riz local, sac", price=13_500, unit="sac", factor=10, stock_id=bol.stock_id)


def rules_broken(db):
    return violations(db, INVARIANTS)


def test_of_the_big_unit_there_are_as_many_as_whole_ones_can_be_made(db, bol, sac):
    assert [products.product(db, good.id).available for good in (bol, sac)] == [35, 3]


def test_every_step_of_an_order_moves_the_stock_by_the_factor(db, terms, yawa, bol, sac):
    fill(db, (sac, 2), (bol, 3))
    hold(db, terms)
    assert figures_of(db, bol) == (35, 23, 0)
    placed = placing.place_order(db, AWA, CHAT, cause(), terms)
    assert isinstance(placed, Placed)
    assert (figures_of(db, bol), rules_broken(db)) == ((35, 0, 23), [])
    (part,) = placed.vendor_order_ids
    assert [(line.name, line.quantity, line.amount) for line in reports.part(db, part).lines] == [
        ("Riz local, sac", 2, 27_000),
        ("Riz local", 3, 4_200),
    ]
    for action in (progress.accept, progress.ready, progress.hand_over):
        assert action(db, part, [yawa], cause()) == "done"
    assert (figures_of(db, bol), rules_broken(db)) == ((12, 0, 0), [])
    assert progress.take_back(db, part, [yawa], cause()) == "done"
    assert (figures_of(db, bol), broken_links(db)) == ((35, 0, 0), [])


def test_a_refused_order_and_a_hold_that_ends_give_all_units_back(db, terms, yawa, bol, sac):
    (part,) = order(db, terms, (sac, 3), (bol, 5)).vendor_order_ids
    assert figures_of(db, bol) == (35, 0, 35)
    assert progress.refuse(db, part, [yawa], "shortage", cause()) == "done"
    assert figures_of(db, bol) == (35, 0, 0)
    fill(db, (sac, 3))
    hold(db, terms)
    advance(db, terms.hold + 1)
    assert expiry.expire_holds(db) == 1
    assert (figures_of(db, bol), rules_broken(db), broken_links(db)) == ((35, 0, 0), [], [])


def test_what_one_unit_takes_is_not_there_for_the_other(db, bol, sac):
    assert basket.add(db, AWA, sac.id, 3, cause()) == LineChange("added", 3, 3)
    assert basket.add(db, AWA, bol.id, 6, cause()) == LineChange("too_many", 0, 5)
    assert basket.add(db, AWA, bol.id, 5, cause()) == LineChange("added", 5, 5)
    before = everything(db)
    assert basket.set_quantity(db, AWA, sac.id, 4, cause()) == LineChange("too_many", 3, 3)
    assert everything(db) == before


def test_of_a_list_each_line_is_taken_that_the_ones_before_leave(db, bol, sac):
    wishes = [Wish(sac.id, 3), Wish(bol.id, 6), Wish(bol.id, 5), Wish(0, 1)]
    changes = basket.add_all(db, AWA, wishes, cause())
    assert [change.outcome for change in changes] == ["added", "too_many", "added", "gone"]
    assert [(line.product_id, line.quantity) for line in basket.basket_of(db, AWA).lines] == [(sac.id, 3), (bol.id, 5)]


def test_when_the_stock_shrinks_the_later_lines_are_short_and_are_cut_together(db, terms, bol, sac):
    fill(db, (sac, 2), (bol, 10))
    stock.count(db, bol.stock_id, 14, cause())
    assert [(line.quantity, line.available) for line in basket.basket_of(db, AWA).lines] == [(2, 1), (10, 4)]
    missing = holding.hold_basket(db, AWA, cause(), terms.hold)
    assert isinstance(missing, Missing)
    basket.adapt(db, AWA, cause())
    assert [(line.quantity, line.available) for line in basket.basket_of(db, AWA).lines] == [(1, 1), (4, 4)]
    assert isinstance(holding.hold_basket(db, AWA, cause(), terms.hold), Held)
    assert (figures_of(db, bol), rules_broken(db)) == ((14, 14, 0), [])


def test_buyers_of_both_units_at_once_are_never_sold_more_than_there_is(crowd, terms):
    with crowd.unit_of_work() as db:
        shop = make_vendor(db)
        bol = make_good(db, shop, "Riz", on_hand=47, price=1_400, unit="bol")
        sac = make_good(db, shop, "Riz, sac", price=13_500, factor=10, stock_id=bol.stock_id)
        for contact in range(1, 21):
            lines = [(bol, 1 + contact % 4), (sac, 1)]
            fill(db, *(lines if contact % 2 else lines[::-1]), contact=contact)

    def buy(contact):
        chance = random.Random(contact)
        with crowd.unit_of_work() as db:
            held = holding.hold_basket(db, contact, cause(contact), terms.hold)
        if not isinstance(held, Held) or chance.random() < 0.2:
            return 0
        with crowd.unit_of_work() as db:
            placed = placing.place_order(db, contact, CHAT, cause(contact), terms)
        return 11 + contact % 4 if isinstance(placed, Placed) else 0

    sold = sum(run_together(buy, range(1, 21)))
    with crowd.unit_of_work() as db:
        on_hand, held, allocated = figures_of(db, bol)
        assert (on_hand, allocated) == (47, sold)
        assert 0 < held + allocated <= 47
        assert (rules_broken(db), broken_links(db)) == ([], [])
