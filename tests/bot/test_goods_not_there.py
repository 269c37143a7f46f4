"""A vendor speaks of goods that are not there, or by their size alone: what he told is kept, and he is led on."""

import pytest

from tests.bot.chat import Chat
from tests.bot.test_dialogs_stock import figures_of, plain
from tests.catalog.market import make_good, make_variant

NBSP = "\u00a0"


@pytest.fixture
def helper(db, config, market, yawa):
    return Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])


@pytest.fixture
def shoes(db, market):
    """Shoes and shirts in two sizes each."""
    made = {}
    for name, sizes in (("Baskets", ("40", "41")), ("Chemises", ("M", "L"))):
        group = make_good(db, market["rice"].vendor_id, name, kind="group", unit="pièce")
        made |= {size: make_variant(db, group, size, on_hand=3, unit="pièce", price=12_000) for size in sizes}
        ids = [made[size].id for size in sizes]
        for column in ("name", "folded"):
            old, new = ("Sandales", name) if column == "name" else ("sandales", name.lower())
            db.run(
                f"update product set {column} = replace({column}, '{old}', '{new}') where id = any(%(ids)s)", ids=ids
            )
    return made


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("attiéké 10", "Attiéké : quel prix en F CFA ?"),
        ("reçu 10 attiéké", "Attiéké : quel prix en F CFA ?"),
        ("prix attiéké 700", "Attiéké : combien en avez-vous ?"),
        ("attiéké 5 cartons de 24", "Attiéké : quel prix en F CFA ?"),
        ("rupture attiéké", "Attiéké : quel prix en F CFA ?"),
    ],
)
def test_what_is_not_there_can_be_put_up_with_what_was_told_of_it(yawa, said, asked):
    yawa.goes("bonjour", said)
    assert (yawa.keys, yawa.titles) == (["vendor.stock_unknown"], ["Ajouter ce produit", "Mes produits", "Menu"])
    yawa.says("1")
    assert plain(yawa) == asked


def test_what_was_told_of_it_is_not_asked_again(yawa, db):
    yawa.goes("bonjour", "attiéké 10", "1", "500")
    assert yawa.keys == ["vendor.add_section"]
    yawa.goes("1", "non")
    assert plain(yawa).startswith("Attiéké · 500 F CFA · 10 sacs · Cereales\n")
    yawa.says("oui")
    made = db.one(
        "select name, price, unit, on_hand from product p join stock s on s.id = p.stock_id where folded = 'attieke'"
    )
    assert (made.name, made.price, made.unit, made.on_hand) == ("Attiéké", 500, "sac", 10)


def test_once_the_rest_is_done_what_is_not_there_is_asked_about(yawa, market, db):
    yawa.goes("bonjour", "riz parfumé 25 kg 20, attiéké 10 sachets 500f")
    assert plain(yawa) == (
        "Riz parfumé 25 kg : 10 → 20\nJe ne trouve pas : attiéké. Tapez stock pour voir vos produits.\nC'est bon ?"
    )
    yawa.says("oui")
    assert (yawa.keys, figures_of(db, market["rice"])[0]) == (["vendor.stock_applied", "vendor.stock_new"], 20)
    assert yawa.bubbles[1].body.replace(NBSP, " ") == "Voulez-vous ajouter à vos produits : attiéké ?"
    yawa.says("oui")
    assert plain(yawa) == "Attiéké : dans quel rayon ?"


def test_a_no_to_that_puts_nothing_up_and_leaves_what_was_done(yawa, market, db):
    before = db.value("select count(*) from product")
    yawa.goes("bonjour", "riz parfumé 25 kg 20, attiéké 10", "oui", "non")
    assert (yawa.keys, figures_of(db, market["rice"])[0]) == (["vendor.menu"], 20)
    yawa.says("annule")
    assert (yawa.keys[0], figures_of(db, market["rice"])[0]) == ("vendor.undone", 10)
    assert db.value("select count(*) from product") == before


@pytest.mark.parametrize("said", ["riz parfumé 25 kg 20, rupture attiéké", "riz parfumé 25 kg 20, vendu 2 attiéké"])
def test_what_is_said_to_be_gone_is_not_offered_to_be_put_up(yawa, said):
    yawa.goes("bonjour", said, "oui")
    assert yawa.keys == ["vendor.stock_applied"]


def test_a_helper_who_puts_nothing_up_is_told_who_does_and_is_not_asked(helper, market, db):
    helper.goes("bonjour", "riz parfumé 25 kg 20, attiéké 10", "oui")
    assert (helper.keys, figures_of(db, market["rice"])[0]) == (["vendor.stock_applied"], 20)
    helper.goes("attiéké 10", "1")
    assert helper.keys[0] == "vendor.not_allowed"


@pytest.mark.parametrize(
    ("said", "size", "titles"),
    [
        ("la pointure 41 est finie", "41", ["Baskets, 41", "Aucun"]),
        ("le 41 est fini", "41", ["Baskets, 41", "Aucun"]),
        ("taille M finie", "M", ["Chemises, M", "Aucun"]),
        ("les M sont finis", "M", ["Chemises, M", "Aucun"]),
        ("plus de 41", "41", ["Baskets, 41", "Aucun"]),
        ("il n'y a plus de 40", "40", ["Baskets, 40", "Aucun"]),
        ("ya plus de pointure 40", "40", ["Baskets, 40", "Aucun"]),
    ],
)
def test_a_size_alone_is_asked_of_which_good(yawa, shoes, db, said, size, titles):
    yawa.goes("bonjour", said)
    assert (yawa.keys, yawa.titles) == (["vendor.stock_which"], titles)
    yawa.goes("1", "oui")
    assert {key: figures_of(db, one)[0] for key, one in shoes.items()} == {
        **dict.fromkeys(("40", "41", "M", "L"), 3),
        size: 0,
    }


def test_a_size_that_no_good_has_is_nothing_of_his(yawa, shoes):
    yawa.goes("bonjour", "la pointure 47 est finie")
    assert yawa.keys == ["vendor.stock_unknown"]


def test_a_promotion_of_what_is_not_there_says_how_it_is_put_up(yawa):
    yawa.goes("bonjour", "promo haricot 500 jusqu'à dimanche")
    assert plain(yawa) == (
        "Je ne trouve pas « haricot » chez vous. Tapez stock pour voir vos produits, ajouter pour un nouveau.\n"
        "Ou écrivez par exemple : promo Maïs blanc -10%."
    )
    yawa.says("ajouter")
    assert yawa.keys == ["vendor.add_name"]


@pytest.mark.parametrize(("said", "unit"), [("sachet", "sachet"), ("Paniers", "panier"), ("sac", "sac")])
def test_a_unit_that_is_not_among_those_shown_is_taken_as_it_is_said(yawa, market, db, said, unit):
    grains = db.value("select id from category where slug = 'cereales'")
    for place, own in enumerate(("bidon", "bol", "bol", "pot")):
        make_good(db, market["rice"].vendor_id, f"Ail {place}", unit=own, category=grains)
    yawa.goes("bonjour", "attiéké 10", "1", "500", "1")
    assert yawa.keys == ["vendor.add_unit"]
    yawa.says(said)
    assert (yawa.keys, yawa.memory["adding"][0]["unit"]) == (["vendor.add_photo"], unit)
