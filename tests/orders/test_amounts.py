"""What lines cost by lots and steps: in the basket, in the recap and, kept for good, in the order."""

import pytest

from catalog import products
from orders import basket, placing, reports
from orders.holding import PriceChange
from orders.placing import Placed, PriceChanged
from orders.recap import recap
from tests.catalog.market import figures_of, make_good, make_rule, make_variant
from tests.orders.buying import AWA, CHAT, cause, everything, fill, hold


@pytest.fixture
def soap(db, yawa):
    good = make_good(db, yawa, "Savon citron", on_hand=90, price=350, unit="pièce")
    make_rule(db, good, "lot", 3, 1_000)
    return good


def test_the_amount_of_a_lot_is_the_same_from_basket_to_order(db, terms, soap, rice):
    fill(db, (soap, 4), (rice, 1))
    assert [line.amount for line in basket.basket_of(db, AWA).lines] == [1_350, 17_500]
    hold(db, terms)
    shown = recap(db, AWA, terms)
    placed = placing.place_order(db, AWA, CHAT, cause(), terms, total_seen=shown.total)
    assert isinstance(placed, Placed)
    (part,) = placed.vendor_order_ids
    told = reports.part(db, part)
    assert [(line.price, line.amount) for line in told.lines] == [(350, 1_350), (17_500, 17_500)]
    assert told.goods == sum(line.amount for line in told.lines) == 18_850
    make_rule(db, soap, "lot", 2, 400)
    assert [line.amount for line in reports.part(db, part).lines] == [1_350, 17_500]


def test_a_lot_that_costs_more_now_is_told_by_the_amount_and_orders_nothing(db, terms, soap):
    fill(db, (soap, 4))
    hold(db, terms)
    db.run("update price_rule set price = 1020")
    before = everything(db)
    change = PriceChange(soap.id, "Savon citron", 1_350, 1_370)
    assert placing.place_order(db, AWA, CHAT, cause(), terms) == PriceChanged((change,))
    assert everything(db) == before


def test_a_unit_price_that_changes_nothing_of_the_amount_is_no_change(db, terms, soap):
    fill(db, (soap, 3))
    hold(db, terms)
    db.run("update product set price = 400 where id = %(id)s", id=soap.id)
    assert basket.basket_of(db, AWA).price_changes == ()
    assert isinstance(placing.place_order(db, AWA, CHAT, cause(), terms), Placed)


def test_a_price_that_moved_is_told_once_when_the_basket_is_shown(db, rice, soap):
    fill(db, (rice, 2), (soap, 4))
    db.run("update product set price = 18000 where id = %(id)s", id=rice.id)
    changes = basket.note_prices_seen(db, basket.basket_of(db, AWA))
    assert changes == (PriceChange(rice.id, "Riz parfumé 25 kg", 17_500, 18_000),)
    assert basket.note_prices_seen(db, basket.basket_of(db, AWA)) == ()
    assert [line.amount_seen for line in basket.basket_of(db, AWA).lines] == [36_000, 1_350]


def test_a_group_is_sold_by_its_variants_alone(db, terms, yawa):
    group = make_good(db, yawa, "Sandales", on_hand=0, price=5_000, kind="group")
    small, large = (make_variant(db, group, size, on_hand=count, price=5_000) for size, count in (("40", 2), ("42", 1)))
    assert products.product(db, group.id).available == 3
    assert [(one.label, one.available) for one in products.variants(db, group.id)] == [("40", 2), ("42", 1)]
    assert basket.add(db, AWA, group.id, 1, cause()).outcome == "gone"
    fill(db, (large, 1))
    hold(db, terms)
    assert (figures_of(db, small), figures_of(db, large)) == ((2, 0, 0), (1, 1, 0))
    assert basket.basket_of(db, AWA).lines[0].label == "42"


def test_lists_show_groups_and_no_variants_and_who_counts_sees_variants_and_no_groups(db, yawa):
    group = make_good(db, yawa, "Sandales", on_hand=0, price=5_000, kind="group")
    variant = make_variant(db, group, "40", on_hand=2, price=5_000)
    make_good(db, yawa, "Riz, sac", factor=10, stock_id=variant.stock_id)
    assert group.id in [one.id for one in products.page_of_vendor(db, yawa).products]
    assert variant.id not in [one.id for one in products.page_of_vendor(db, yawa).products]
    assert [one.id for one in products.page_of_stocks(db, yawa).products] == [variant.id]


def test_a_group_that_is_no_longer_listed_takes_its_variants_along(db, yawa):
    group = make_good(db, yawa, "Sandales", on_hand=0, price=5_000, kind="group")
    variant = make_variant(db, group, "40", on_hand=2, price=5_000)
    fill(db, (variant, 1))
    db.run("update product set is_listed = false where id = %(id)s", id=group.id)
    assert products.product(db, variant.id).available == 0
    assert basket.add(db, AWA, variant.id, 1, cause()).outcome == "too_many"
    assert [line.available for line in basket.basket_of(db, AWA).short] == [0]
