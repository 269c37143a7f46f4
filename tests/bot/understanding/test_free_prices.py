"""A price of nothing: what says it is read as a price and never as a stock, and what is a stock of none stays one."""

import pytest

from bot.understanding import understand


def read(message):
    return [(one.intent, dict(one.slots)) for one in understand("vendor", message)]


@pytest.mark.parametrize(
    "message",
    [
        *("savon prix 0", "prix savon 0", "prix du savon 0f", "savon prix : 0", "savon prix zéro", "prix 0 savon"),
        *("savon 0 f", "savon 0f", "savon: 0 fcfa", "savon zéro franc", "savon coute 0f", "le savon passe à 0 franc"),
        *("savon gratuit", "le savon est gratuit", "savon gratis", "savon 0 prix", "mets le prix du savon à 0"),
    ],
)
def test_a_price_of_nothing_is_a_price(message):
    assert read(message) == [("set_price", {"product": "savon", "price": 0})]


def test_a_price_of_nothing_of_no_good_is_one_too():
    assert read("prix 0") == [("set_price", {"price": 0})]


def test_a_measure_belongs_to_the_good():
    assert read("riz 25kg prix 0") == [("set_price", {"product": "riz 25kg", "price": 0})]


def test_beside_it_the_other_lines_stay_as_they_are():
    assert read("riz 20\nsavon prix 0\nhuile rouge 3") == [
        ("set_stock", {"product": "riz", "quantity": 20}),
        ("set_price", {"product": "savon", "price": 0}),
        ("set_stock", {"product": "huile rouge", "quantity": 3}),
    ]


@pytest.mark.parametrize(
    "message",
    [
        "recu 30 pagnes, 5 savons, sucre 0 f",
        "recu 30 pagnes, sucre 0 f, 5 savons",
    ],
)
def test_a_verb_before_several_is_that_of_all_others(message):
    told = {(intent, slots["product"]): slots for intent, slots in read(message)}
    assert told == {
        ("add_stock", "pagnes"): {"product": "pagnes", "quantity": 30},
        ("add_stock", "savons"): {"product": "savons", "quantity": 5},
        ("set_price", "sucre"): {"product": "sucre", "price": 0},
    }


@pytest.mark.parametrize("message", ["savon 0", "savon: 0", "0 savon", "reste 0 savon"])
def test_a_stock_of_none_is_a_stock(message):
    assert read(message) == [("set_stock", {"product": "savon", "quantity": 0})]


@pytest.mark.parametrize("message", ["savon gratuit ?", "livraison 0f", "livraison Bè 0 f", "promo savon 0f"])
def test_what_is_asked_or_of_other_things_is_no_price_of_goods(message):
    assert "set_price" not in {intent for intent, _ in read(message)}
