"""Lines of a vendor's stock that could be taken for another thing: what each says, whole and exactly."""

from datetime import UTC, datetime

import pytest

from bot.routing import LIKELY, SURE
from bot.understanding import understand

NINE = datetime(2026, 11, 26, 9, tzinfo=UTC)


def read(message):
    return [(one.intent, dict(one.slots)) for one in understand("vendor", message, NINE)]


@pytest.mark.parametrize(
    ("message", "product", "quantity", "unit", "price"),
    [
        ("riz 20 sacs à 17500", "riz", 20, "sac", 17500),
        ("gari 15 bols à 1200", "gari", 15, "bol", 1200),
        ("pagne 10 pièces à 6500", "pagne", 10, "pièce", 6500),
        ("tomate 3 paniers à 12000", "tomate", 3, "panier", 12000),
        ("riz 20 sacs a 17500 f le sac", "riz", 20, "sac", 17500),
        ("riz 20 sacs pour 17500", "riz", 20, "sac", 17500),
    ],
)
def test_a_count_in_a_unit_and_a_price_are_both_told(message, product, quantity, unit, price):
    assert read(message) == [
        ("set_stock", {"product": product, "quantity": quantity, "unit": unit}),
        ("set_price", {"product": product, "price": price}),
    ]


@pytest.mark.parametrize("message", ["5 sacs à dos", "sacs à dos 5", "sacs à dos : 5"])
def test_a_kind_of_bag_is_no_unit(message):
    assert read(message) == [("set_stock", {"product": "sacs à dos", "quantity": 5})]


@pytest.mark.parametrize(
    ("message", "product", "quantity"),
    [
        ("les 5 poulets sont morts", "poulets", 5),
        ("5 poulets morts", "poulets", 5),
        ("2 tomates ont été volées", "tomates", 2),
        ("les 4 pains sont moisis", "pains", 4),
        ("4 laits sont périmés", "laits", 4),
        ("2 lampes sont défectueuses", "lampes", 2),
    ],
)
def test_what_died_was_stolen_or_went_bad_is_gone(message, product, quantity):
    assert read(message) == [("remove_stock", {"product": product, "quantity": quantity})]


@pytest.mark.parametrize(
    ("message", "product", "quantity"),
    [("oeufs cassés 2", "oeufs", 2), ("tomates pourries 3", "tomates", 3), ("savon perdu : 2", "savon", 2)],
)
def test_what_is_spoiled_is_gone_too_where_its_count_stands_last(message, product, quantity):
    assert read(message) == [("remove_stock", {"product": product, "quantity": quantity})]
    assert understand("vendor", message, NINE)[0].confidence < SURE


def test_goods_that_are_sold_broken_are_called_so():
    assert read("riz cassé 20") == [("set_stock", {"product": "riz cassé", "quantity": 20})]


def test_of_a_list_each_line_is_read_by_itself():
    assert read("savon 5\ntomates pourries 3") == [
        ("set_stock", {"product": "savon", "quantity": 5}),
        ("remove_stock", {"product": "tomates", "quantity": 3}),
    ]


@pytest.mark.parametrize("message", ["les 4 oeufs sont tombés", "les 6 pagnes sont brûlés", "les 3 sacs ont moisi"])
def test_what_may_have_come_or_gone_by_a_guess_leads_nowhere_by_itself(message):
    (heard,) = understand("vendor", message, NINE)
    assert heard.intent in ("add_stock", "remove_stock")
    assert heard.confidence < LIKELY


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("arrivé 15 paires basket 42", [{"product": "basket", "quantity": 15, "unit": "paire", "size": "42"}]),
        ("arrivés 20 sacs riz", [{"product": "riz", "quantity": 20, "unit": "sac"}]),
        ("arrivées 3 robes", [{"product": "robes", "quantity": 3}]),
        ("arrivé riz 20 sacs", [{"product": "riz", "quantity": 20, "unit": "sac"}]),
        ("arrivés: 20 riz, 5 huile", [{"product": "riz", "quantity": 20}, {"product": "huile", "quantity": 5}]),
        ("arrivés\n20 riz\n5 huile", [{"product": "riz", "quantity": 20}, {"product": "huile", "quantity": 5}]),
    ],
)
def test_what_arrived_is_no_good_but_says_that_goods_came(message, parts):
    assert read(message) == [("add_stock", slots) for slots in parts]


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("baskets 40:2 41:3", "set_stock"),
        ("baskets 40 x 2, 41 x 3", "set_stock"),
        ("baskets 40x2 41X3", "set_stock"),
        ("reçu baskets 40x2, 41x3", "add_stock"),
    ],
)
def test_sizes_that_follow_each_other_are_counted_one_by_one(message, intent):
    assert read(message) == [
        (intent, {"product": "baskets", "size": "40", "quantity": 2}),
        (intent, {"product": "baskets", "size": "41", "quantity": 3}),
    ]


def test_one_figure_by_another_is_no_size():
    assert read("savon 24x10") == [("set_stock", {"product": "savon", "quantity": 24, "unit": "paquet", "pack": 10})]


@pytest.mark.parametrize(
    "message",
    [
        "le riz est revenu 10 sacs",
        "le riz est revenu, 10 sacs",
        "riz est de retour 10 sacs",
        "riz de retour : 10 sacs",
        "riz revenu 10 sacs",
    ],
)
def test_what_is_back_is_counted_and_never_for_sure(message):
    assert read(message) == [("set_stock", {"product": "riz", "quantity": 10, "unit": "sac"})]
    assert understand("vendor", message, NINE)[0].confidence < SURE


def test_what_is_back_without_a_count_is_back():
    assert read("le riz est revenu") == [("back_in_stock", {"product": "riz"})]


@pytest.mark.parametrize(("message", "quantity"), [("sucre recu 20", 20), ("sucre recu : 20", 20)])
def test_a_verb_between_goods_and_their_count_moves_them(message, quantity):
    assert read(message) == [("add_stock", {"product": "sucre", "quantity": quantity})]


@pytest.mark.parametrize("message", ["prix riz 25kg 18000 et 5kg 4500", "riz 25kg 18000 et 5kg 4500"])
def test_prices_of_sizes_in_a_row_are_each_of_the_good_that_is_named_before_them(message):
    assert read(message) == [
        ("set_price", {"product": "riz 25kg", "price": 18000}),
        ("set_price", {"product": "riz 5kg", "price": 4500}),
    ]


def test_small_prices_of_sizes_in_a_row_are_prices_where_money_is_said():
    assert read("eau 50cl 25f et 1l 50 f") == [
        ("set_price", {"product": "eau 50cl", "price": 25}),
        ("set_price", {"product": "eau 1l", "price": 50}),
    ]


def test_counts_of_sizes_in_a_row_are_each_of_the_good_that_is_named_before_them():
    assert read("riz 25kg 2 et 5kg 4") == [
        ("set_stock", {"product": "riz 25kg", "quantity": 2}),
        ("set_stock", {"product": "riz 5kg", "quantity": 4}),
    ]


def test_what_is_sold_in_sizes_sets_no_stock():
    assert "set_stock" not in {intent for intent, _ in read("vendu riz 25kg 2 et 5kg 4")}
