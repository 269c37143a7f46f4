"""A promotion begins and ends on time, one at a time, and what is priced looks at the time itself."""

from datetime import timedelta

import pytest

from base.clock import now
from catalog import locks, products, promotions, search
from catalog.facts import PromotionBegan, PromotionEnded
from catalog.prices import Promo, Rule, Tariff, promoted
from catalog.promotions import Plan
from catalog.stock import Cause
from tests.catalog.market import make_good, make_rule, make_vendor
from tests.orders.buying import advance

BY = Cause(contact_id=7, inbox_id=70)
HOUR = 3600
RICE = "riz parfumé"


@pytest.fixture
def yawa(db):
    return make_vendor(db)


@pytest.fixture
def rice(db, yawa):
    return make_good(db, yawa, price=17_500)


def price(db, good):
    return products.product(db, good.id).price


def start(db, good, value=15_000, kind="price", after=0, hours=None, by=BY, **more):
    begins = now(db) + timedelta(hours=after) if after else None
    ends = (begins or now(db)) + timedelta(hours=hours) if hours else None
    plan = Plan(good.vendor_id, good.id, kind, value, begins_at=begins, ends_at=ends, **more)
    return promotions.start(db, [good.vendor_id], [plan], by)


def told(db):
    db.facts.clear()
    count = promotions.move_on(db, 100)
    return count, [type(fact) for fact in db.facts]


def test_a_planned_one_is_in_force_from_its_moment_until_its_end_and_each_is_told_once(db, rice):
    assert start(db, rice, after=1, hours=2) == "done"
    assert (price(db, rice), told(db)) == (17_500, (0, []))
    advance(db, HOUR)
    assert price(db, rice) == 15_000
    assert (told(db), told(db)) == ((1, [PromotionBegan]), (0, []))
    advance(db, 2 * HOUR - 1)
    assert (price(db, rice), told(db)) == (15_000, (0, []))
    advance(db, 1)
    assert price(db, rice) == 17_500  # whether the job has run or not
    assert (told(db), told(db)) == ((1, [PromotionEnded]), (0, []))


def test_a_second_one_of_the_same_good_ends_the_first_and_undoing_it_brings_the_first_back(db, rice):
    start(db, rice, 15_000)
    assert start(db, rice, 16_000, by=Cause(7, 71)) == "done"
    assert price(db, rice) == 16_000
    assert len(promotions.of_shops(db, [rice.vendor_id])) == 1
    undone = promotions.undo(db, [rice.vendor_id], Cause(7, 72))
    assert (undone.value, price(db, rice)) == (16_000, 15_000)


def test_a_planned_one_cuts_off_the_running_one_at_its_beginning(db, rice):
    start(db, rice, 15_000)
    start(db, rice, 14_000, after=1, hours=1)
    assert price(db, rice) == 15_000
    advance(db, HOUR)
    assert price(db, rice) == 14_000
    advance(db, HOUR)
    assert price(db, rice) == 17_500


def test_percent_of_all_goods_is_in_whole_coins_and_a_goods_own_goes_before_it(db, yawa, rice):
    soap = make_good(db, yawa, "Savon", price=333)
    plan = Plan(yawa, None, "percent", 10)
    assert promotions.start(db, [yawa], [plan], BY) == "done"
    assert (price(db, rice), price(db, soap)) == (15_750, 300)
    start(db, rice, 15_000)
    assert (price(db, rice), price(db, soap)) == (15_000, 300)


def test_ended_early_the_usual_price_is_back_at_once(db, rice):
    start(db, rice, hours=5)
    one = promotions.of_shops(db, [rice.vendor_id])[0]

    assert promotions.end(db, [rice.vendor_id], [one.id]) == 1
    assert price(db, rice) == 17_500
    assert promotions.end(db, [rice.vendor_id], [one.id]) == 0


@pytest.mark.parametrize(
    ("kind", "value", "quantity", "why"),
    [
        ("price", 17_500, 0, "dearer"),
        ("price", 0, 0, "odd"),
        ("percent", 91, 0, "odd"),
        ("percent", 0, 0, "odd"),
        ("lot", 52_500, 3, "dearer"),
        ("lot", 1_000, 1, "odd"),
    ],
)
def test_what_is_no_promotion_is_refused_and_changes_nothing(db, rice, kind, value, quantity, why):
    assert start(db, rice, value, kind, quantity=quantity) == why
    assert db.value("select count(*) from promotion") == 0


def test_the_good_of_another_shop_and_a_time_that_is_over_are_refused(db, rice):
    kossi = make_vendor(db, "tonton_kossi")
    plan = Plan(kossi, rice.id, "percent", 10)
    assert promotions.start(db, [kossi], [plan], BY) == "unknown"
    assert promotions.start(db, [kossi], [Plan(rice.vendor_id, rice.id, "percent", 10)], BY) == "unknown"
    assert start(db, rice, hours=-1) == "past"


def test_a_lot_and_steps_beside_a_promotion_never_cost_more():
    usual = Tariff(1_000, (Rule("step", 10, 900), Rule("lot", 3, 2_700)))
    assert promoted(usual, Promo("price", 850)).amount(10) == 8_500
    assert promoted(usual, Promo("percent", 10)).amount(3) == 2_430
    assert promoted(usual, Promo("lot", 2_500, 3)).amount(4) == 3_500


def test_rules_of_the_good_stand_beside_its_promotion(db, rice):
    make_rule(db, rice, "step", 10, 16_000)
    start(db, rice, 15_000)
    found = products.product(db, rice.id)
    assert (found.tariff.unit_price(10), found.tariff.usual_price) == (15_000, 17_500)


def test_the_job_of_promotions_looks_with_one_statement_where_none_is_due(db):
    assert list(locks.promotions_due(db, 10)) == []


@pytest.mark.parametrize(
    ("plan", "most", "is_found"),
    [
        ({"value": 15_000}, 15_000, True),
        ({"value": 15_000}, 14_999, False),
        ({"value": 20, "kind": "percent"}, 14_000, True),
        ({"value": 20, "kind": "percent"}, 13_999, False),
        ({"value": 15_000, "after": 1}, 15_000, False),
    ],
)
def test_a_search_with_a_bound_goes_by_what_a_good_costs_now(db, rice, plan, most, is_found):
    start(db, rice, **plan)
    found = search.find(db, RICE, max_price=most)
    assert (found.widened == "", found.ids) == (is_found, (rice.id,))
    cheap = price(db, rice)
    assert search.find(db, RICE, min_price=cheap).widened == ""
    assert search.find(db, RICE, min_price=cheap + 1).widened == "price"
