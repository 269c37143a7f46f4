"""What a quantity costs, by steps and by lots."""

import pytest

from catalog.prices import Rule, Tariff, tariff

SOAP = Tariff(350, (Rule("lot", 3, 1_000),))
BOOK = Tariff(500, (Rule("step", 50, 400), Rule("step", 10, 450)))


@pytest.mark.parametrize(
    ("quantity", "amount"), [(1, 350), (2, 700), (3, 1_000), (4, 1_350), (5, 1_700), (6, 2_000), (30, 10_000)]
)
def test_units_beyond_whole_lots_cost_the_unit_price(quantity, amount):
    assert SOAP.amount(quantity) == amount


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [(1, 500, 500), (9, 500, 4_500), (10, 450, 4_500), (49, 450, 22_050), (50, 400, 20_000), (100, 400, 40_000)],
)
def test_from_a_step_on_every_unit_costs_its_price(quantity, price, amount):
    assert (BOOK.unit_price(quantity), BOOK.amount(quantity)) == (price, amount)


def test_of_lots_of_two_sizes_the_larger_is_filled_first():
    both = Tariff(100, (Rule("lot", 3, 250), Rule("lot", 10, 700)))
    assert [both.amount(quantity) for quantity in (10, 13, 14)] == [700, 950, 1_050]


def test_where_lots_and_steps_meet_the_buyer_pays_less():
    both = Tariff(100, (Rule("lot", 3, 240), Rule("step", 12, 70)))
    assert [both.amount(quantity) for quantity in (11, 12, 13)] == [920, 840, 910]


@pytest.mark.parametrize(("quantity", "better"), [(1, None), (2, 3), (3, None), (4, None)])
def test_a_lot_is_told_to_who_is_just_below_it(quantity, better):
    rule = SOAP.better(quantity)
    assert (rule.quantity if rule else None) == better


@pytest.mark.parametrize(("quantity", "better"), [(6, None), (7, 10), (9, 10), (10, None), (38, None), (40, 50)])
def test_a_step_is_told_to_who_is_just_below_it(quantity, better):
    rule = BOOK.better(quantity)
    assert (rule.quantity if rule else None) == better


@pytest.mark.parametrize(
    ("price", "rules", "amounts"),
    [
        (250, [("step", 10, 300, None)], {9: 2_250, 10: 2_500}),
        (250, [("step", 10, 200, None), ("step", 50, 220, None)], {10: 2_000, 50: 10_000}),
        (250, [("step", 10, 200, None), ("step", 50, 180, None)], {10: 2_000, 50: 9_000}),
        (180, [("step", 10, 200, None), ("step", 50, 150, None)], {10: 1_800, 50: 7_500}),
        (250, [("lot", 3, 800, None)], {3: 750}),
    ],
)
def test_no_price_for_many_makes_them_dearer(price, rules, amounts):
    priced = tariff(price, rules)
    assert {quantity: priced.amount(quantity) for quantity in amounts} == amounts
    assert all(rule.price < price * (rule.quantity if rule.kind == "lot" else 1) for rule in priced.rules)


def test_a_product_without_rules_costs_its_price_so_many_times():
    plain = tariff(17_500, None)
    assert (plain.amount(3), plain.is_by_unit(3), plain.better(3), plain.lots, plain.steps) == (
        52_500,
        True,
        None,
        (),
        (),
    )
    assert (SOAP.is_by_unit(2), SOAP.is_by_unit(3)) == (True, False)
