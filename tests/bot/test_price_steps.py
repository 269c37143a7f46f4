"""A vendor says what one costs from so many units on: shown, counted after a yes, taken away and undone as other
prices are."""

import pytest

from tests.bot.chat import Chat
from tests.bot.test_dialogs_stock import plain, price_of
from tests.catalog.market import make_good, make_variant


@pytest.fixture
def soap(db, market):
    return make_good(db, market["rice"].vendor_id, "Savon de Marseille", on_hand=90, unit="pièce", price=250)


def steps_of(db, good):
    rows = db.rows("select quantity, price from price_rule where product_id = %(id)s and kind = 'step'", id=good.id)
    return {row.quantity: row.price for row in rows}


def settle(db, good, **steps):
    for quantity, price in steps.items():
        db.run(
            "insert into price_rule (product_id, kind, quantity, price) values (%(id)s, 'step', %(from)s, %(price)s)",
            **{"id": good.id, "from": int(quantity.removeprefix("from_")), "price": price},
        )


@pytest.mark.parametrize(
    "said",
    ["savon 200 à partir de 10", "savon a partir de 10 c 200", "savon dès 10 : 200", "savon 10 et plus 200",
     "prix savon 200f la pièce a partir de 10 svp", "à partir de 10 savons c'est 200", "soap 200 from 10",
     "prix de gros savon 200 a partir de 10", "savon en gros 200 a partir de 10"],
)  # fmt: skip
def test_a_price_for_many_is_shown_and_counts_after_a_yes(yawa, soap, db, said):
    if said.startswith("soap"):
        db.run("update product set name = 'Soap', folded = 'soap' where id = %(id)s", id=soap.id)
    yawa.goes("bonjour", said)
    name = "Soap" if said.startswith("soap") else "Savon de Marseille"
    assert plain(yawa) == f"{name}, à partir de 10 : prix normal → 200 F\nC'est bon ?"
    assert steps_of(db, soap) == {}
    yawa.goes("oui")
    assert (steps_of(db, soap), price_of(db, soap)) == ({10: 200}, 250)


def test_several_steps_and_the_price_of_one_are_one_change(yawa, soap, db):
    yawa.goes("bonjour", "savon 300, 250 à partir de 10 et 220 dès 50")
    assert plain(yawa) == (
        "• Savon de Marseille : 250 F → 300 F (pièce)\n"
        "• Savon de Marseille, à partir de 10 : prix normal → 250 F\n"
        "• Savon de Marseille, à partir de 50 : prix normal → 220 F\nC'est bon ?"
    )
    yawa.goes("oui")
    assert (steps_of(db, soap), price_of(db, soap)) == ({10: 250, 50: 220}, 300)
    yawa.goes("annule")
    assert plain(yawa) == (
        "C'est annulé.\n"
        "• Savon de Marseille : 300 F → 250 F (pièce)\n"
        "• Savon de Marseille, à partir de 10 : 250 F → prix normal\n"
        "• Savon de Marseille, à partir de 50 : 220 F → prix normal"
    )
    assert (steps_of(db, soap), price_of(db, soap)) == ({}, 250)


def test_the_good_that_was_spoken_of_is_meant_where_none_is_named(yawa, soap, db):
    yawa.goes("bonjour", "prix savon 300", "oui", "a partir de 10 c 280")
    assert plain(yawa) == "Savon de Marseille, à partir de 10 : prix normal → 280 F\nC'est bon ?"
    yawa.goes("oui")
    assert steps_of(db, soap) == {10: 280}


def test_without_a_good_it_is_asked_which(yawa, soap, db):
    yawa.goes("bonjour", "a partir de 10 c 280")
    assert (yawa.keys, steps_of(db, soap)) == (["vendor.stock_which"], {})


def test_from_how_many_is_asked_where_only_wholesale_and_retail_are_told(yawa, soap, db):
    yawa.goes("bonjour", "prix gros savon 250 detail 300")
    assert plain(yawa) == "Savon de Marseille : à partir de combien ? Écrivez 2 ou plus."
    yawa.goes("1")
    assert plain(yawa) == "Savon de Marseille : à partir de combien ? Écrivez 2 ou plus."
    yawa.goes("12")
    assert plain(yawa) == (
        "• Savon de Marseille : 250 F → 300 F (pièce)\n"
        "• Savon de Marseille, à partir de 12 : prix normal → 250 F\nC'est bon ?"
    )
    yawa.goes("oui")
    assert (steps_of(db, soap), price_of(db, soap)) == ({12: 250}, 300)


def test_what_is_not_less_is_asked_again(yawa, soap, db):
    settle(db, soap, from_10=220)
    yawa.goes("bonjour", "savon 250 à partir de 5")
    assert plain(yawa) == "Savon de Marseille : combien l'unité, à partir de 5 ? Moins de 250 F."
    yawa.goes("300")
    assert plain(yawa) == "Savon de Marseille : combien l'unité, à partir de 5 ? Moins de 250 F."
    yawa.goes("non", "savon 220 à partir de 50")
    assert plain(yawa) == "Savon de Marseille : combien l'unité, à partir de 50 ? Moins de 220 F."
    yawa.goes("200", "oui")
    assert steps_of(db, soap) == {10: 220, 50: 200}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("savon 100 à partir de 10", "Savon de Marseille, à partir de 10 : 220 F → 100 F. Le prix change beaucoup !"),
        (
            "savon 100 à partir de 20",
            "Savon de Marseille, à partir de 20 : prix normal → 100 F. Le prix change beaucoup !",
        ),
        ("savon 212 à partir de 10", "Savon de Marseille, à partir de 10 : 220 F → 212 F. Vérifiez ce chiffre !"),
        ("prix savon 200", "Savon de Marseille : 250 F → 200 F (pièce). Un autre prix par quantité ne comptera plus !"),
        (
            "savon 200 dès 5",
            "Savon de Marseille, à partir de 5 : prix normal → 200 F. Un autre prix par quantité ne comptera plus !",
        ),
    ],
)
def test_what_is_odd_is_said_before_the_yes(yawa, soap, db, said, told):
    settle(db, soap, from_10=220)
    yawa.goes("bonjour", said)
    assert plain(yawa) == f"{told}\nC'est bon ?"
    assert steps_of(db, soap) == {10: 220}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("enlève le prix de gros du savon", {}),
        ("savon plus de prix de gros", {}),
        ("savon sans prix de gros", {}),
        ("supprime le prix à partir de 10 du savon", {50: 200}),
        ("annule le prix a partir de 50 savon", {10: 220}),
    ],
)
def test_prices_for_many_are_taken_away_and_come_back(yawa, soap, db, said, left):
    settle(db, soap, from_10=220, from_50=200)
    yawa.goes("bonjour", said)
    assert (yawa.keys, steps_of(db, soap)) == (["vendor.stock_preview"], {10: 220, 50: 200})
    yawa.goes("oui")
    assert steps_of(db, soap) == left
    yawa.goes("annule")
    assert steps_of(db, soap) == {10: 220, 50: 200}


def test_what_is_not_there_is_not_taken_away(yawa, soap, db):
    settle(db, soap, from_10=220)
    yawa.goes("bonjour", "enlève le prix à partir de 20 du savon")
    assert plain(yawa) == "Ce produit n'a pas ce prix par quantité. Rien n'est changé."
    assert steps_of(db, soap) == {10: 220}


def test_each_size_costs_so(yawa, market, db):
    shoes = make_good(db, market["rice"].vendor_id, "Sandales", on_hand=0, price=8000, kind="group")
    sizes = [make_variant(db, shoes, size, on_hand=5, price=8000) for size in ("40", "41")]
    yawa.goes("bonjour", "sandales 7500 à partir de 3", "oui")
    assert [steps_of(db, one) for one in sizes] == [{3: 7500}, {3: 7500}]


def test_a_no_changes_nothing_and_a_step_that_was_changed_since_stays(yawa, soap, db):
    yawa.goes("bonjour", "savon 200 dès 10", "non")
    assert steps_of(db, soap) == {}
    yawa.goes("savon 200 dès 10", "oui")
    db.run("update price_rule set price = 190")
    yawa.goes("annule")
    assert (plain(yawa).endswith("Changé depuis, je n'y touche pas : Savon de Marseille"), steps_of(db, soap)) == (
        True,
        {10: 190},
    )


def test_a_helper_is_told_who_may(db, config, market, soap, yawa):
    helper = Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])
    helper.goes("bonjour", "savon 200 à partir de 10")
    assert (helper.keys[0], steps_of(db, soap)) == ("vendor.not_allowed", {})


def test_lists_may_have_lines_with_a_price_for_many(yawa, soap, market, db):
    yawa.goes("bonjour", "maïs 20\nsavon 200 à partir de 10")
    assert plain(yawa) == (
        "• Maïs blanc : 3 → 20\n• Savon de Marseille, à partir de 10 : prix normal → 200 F\nC'est bon ?"
    )


def test_they_stand_on_the_products_card(yawa, soap, db):
    settle(db, soap, from_10=220, from_50=200)
    yawa.goes("bonjour", "savon")
    assert "250 F CFA (pièce)\nÀ partir de 10 : 220 F l'un. À partir de 50 : 200 F l'un.\nEn boutique : 90." in plain(
        yawa
    )
