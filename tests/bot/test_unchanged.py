"""What is so already is said, and nothing is asked."""

import pytest

from catalog import stock
from catalog.stock import JOB, Change
from tests.bot.test_dialogs_stock import plain
from tests.catalog.market import figures_of, ledger_of, make_good, make_rule


@pytest.fixture
def soap(db, market):
    return make_good(db, market["rice"].vendor_id, "Savon de Marseille", on_hand=9, unit="pièce", price=250)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("savon 9", "Savon de Marseille : c'est déjà 9"),
        ("savon 9, savon 9", "Savon de Marseille : c'est déjà 9"),
        ("prix savon 250", "Savon de Marseille : c'est déjà 250 F (pièce)"),
        ("savon à partir de 10 c 200", "Savon de Marseille, à partir de 10 : c'est déjà 200 F"),
        ("riz parfumé 5 kg fini", "Riz parfumé 5 kg : c'est déjà 0"),
        (
            "savon 9\nprix savon 250",
            "• Savon de Marseille : c'est déjà 9\n• Savon de Marseille : c'est déjà 250 F (pièce)",
        ),
    ],
)
def test_what_is_so_already_is_said_and_nothing_is_asked(yawa, soap, db, said, told):
    make_rule(db, soap, "step", 10, 200)
    yawa.goes("bonjour", said)
    assert (yawa.keys, plain(yawa)) == (["vendor.stock_same"], f"{told}\nRien à changer.")
    assert (yawa.titles, yawa.state) == (["À répondre", "En préparation", "Mes produits"], "vendor.menu")
    assert ledger_of(db, soap.stock_id) == []


def test_what_is_promised_of_it_is_said_too(yawa, market, db):
    stock.hold(db, [Change(market["rice"].stock_id, 3)], JOB)
    yawa.goes("bonjour", "riz parfumé 25 kg 10")
    assert plain(yawa) == "Riz parfumé 25 kg : c'est déjà 10 (dont 3 réservés)\nRien à changer."


def test_goods_that_are_hidden_already_are_said_to_be(yawa, soap, db):
    db.run("update product set is_listed = false where id = %(id)s", id=soap.id)
    yawa.goes("bonjour", "cache savon")
    assert plain(yawa) == "Savon de Marseille : n'est déjà plus en vente\nRien à changer."


def test_the_other_lines_of_a_message_are_shown_and_what_is_so_already_is_named(yawa, soap, market, db):
    yawa.goes("bonjour", "savon 9, maïs blanc 5")
    assert plain(yawa) == "Maïs blanc : 3 → 5\nSavon de Marseille : c'est déjà 9\nC'est bon ?"
    yawa.says("oui")
    assert (figures_of(db, market["maize"]), figures_of(db, soap)) == ((5, 0, 0), (9, 0, 0))
    assert ledger_of(db, soap.stock_id) == []


def test_beside_goods_that_nobody_knows_these_may_still_be_put_up(yawa, soap):
    yawa.goes("bonjour", "savon 9, tomates 5")
    assert yawa.keys == ["vendor.stock_same", "vendor.stock_unknown"]
    assert yawa.titles == ["Ajouter ce produit", "Mes produits", "Menu"]


def test_a_correction_back_to_what_lies_there_leaves_nothing_to_say_yes_to(yawa, soap, db):
    yawa.goes("bonjour", "savon 5", "savon 9")
    assert yawa.keys == ["vendor.stock_same"]
    yawa.says("oui")
    assert (yawa.keys, figures_of(db, soap)) == (["vendor.no_question", "vendor.menu"], (9, 0, 0))


def test_of_many_that_are_so_already_their_number_is_said(yawa, market, db):
    for name in ("Ail", "Gombo", "Piment", "Persil"):
        make_good(db, market["rice"].vendor_id, name, on_hand=4)
    yawa.goes("bonjour", "ail 4\ngombo 4\nmaïs blanc 5\npiment 4\npersil 4")
    assert plain(yawa) == "Maïs blanc : 3 → 5\n4 autres : rien à changer.\nC'est bon ?"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("vendu 3 riz parfumé 5 kg", "Riz parfumé 5 kg : 0 → 0. Vous dites 3, il y en avait moins !"),
        ("savon 9, vendu 3 savon", "• Savon de Marseille : 9 → 9\n• Savon de Marseille : 9 → 6"),
    ],
)
def test_what_he_has_to_hear_of_or_goes_on_from_it_is_shown_all_the_same(yawa, soap, said, shown):
    yawa.goes("bonjour", said)
    assert plain(yawa) == f"{shown}\nC'est bon ?"


def test_the_number_that_a_card_has_already_is_said_to_be(yawa, soap):
    yawa.goes("bonjour", "mes produits")
    yawa.goes("[Savon de Marseille]", "[Changer le stock]", "9")
    assert yawa.keys == ["vendor.stock_same", "vendor.goods"]


@pytest.fixture
def old(db, soap, market):
    """Nothing was counted for eight days."""
    db.run("update stock set confirmed_at = market_now() - interval '8 days'")
    return soap


def confirmed(db):
    """Names of the goods that were counted today."""
    rows = db.rows(
        "select name from product p join stock s on s.id = p.stock_id"
        " where s.confirmed_at > market_now() - interval '1 day' order by name"
    )
    return [row.name for row in rows]


@pytest.mark.parametrize(
    "said",
    [["savon 9"], ["savon 9, maïs blanc 5"], ["mes produits", "[Savon de Marseille]", "[Changer le stock]", "9"]],
)
def test_a_count_that_is_so_already_confirms_the_good(yawa, old, db, said):
    yawa.goes("bonjour", *said)
    assert confirmed(db) == ["Savon de Marseille"]
    assert (figures_of(db, old), ledger_of(db, old.stock_id)) == ((9, 0, 0), [])


@pytest.mark.parametrize("said", ["prix savon 250", "savon 8"])
def test_a_price_or_a_count_that_waits_for_its_yes_confirms_nothing(yawa, old, db, said):
    yawa.goes("bonjour", said)
    assert confirmed(db) == []


def test_what_else_the_message_says_is_told_too(yawa, soap):
    yawa.goes("bonjour", "savon 9 et la commande 446VR est prete")
    assert plain(yawa) == "Savon de Marseille : c'est déjà 9\nEnvoyez ensuite, à part : la commande 446VR est prete."


def test_what_was_not_answered_is_told_too(yawa, soap, market):
    yawa.goes("bonjour", "maïs blanc 5", "commandes", "savon 9")
    assert plain(yawa) == "Savon de Marseille : c'est déjà 9\nPas fait, sans votre oui : Maïs blanc."
