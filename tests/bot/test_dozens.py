"""Dozens of what is sold by the pack: asked about, as twelve eggs are not twelve trays."""

import pytest

from tests.bot.test_dialogs_stock import plain
from tests.catalog.market import figures_of, make_good

ASKED = "Œufs, plateau de 30 : vous dites {} Vous parlez de quoi ?"


@pytest.fixture
def eggs(db, market):
    return make_good(db, market["rice"].vendor_id, "Œufs, plateau de 30", on_hand=8, unit="plateau", price=2_500)


@pytest.mark.parametrize(
    ("said", "count", "titles"),
    [
        ("une douzaine d'oeufs", 12, ["12 plateaux", "Autre nombre"]),
        ("2 douzaines d'oeufs", 24, ["24 plateaux", "Autre nombre"]),
        ("vendu une dizaine d'oeufs", 10, ["10 plateaux", "Autre nombre"]),
        ("5 douzaines d'oeufs", 60, ["2 plateaux", "60 plateaux", "Autre nombre"]),
    ],
)
def test_dozens_of_what_is_sold_by_the_pack_are_asked_about(yawa, eggs, db, said, count, titles):
    yawa.goes("bonjour", said)
    assert (yawa.keys, plain(yawa)) == (["vendor.stock_dozen"], ASKED.format(f"{count}."))
    assert (yawa.titles, figures_of(db, eggs)) == (titles, (8, 0, 0))


def test_the_packs_that_are_chosen_are_shown_before_they_count(yawa, eggs, db):
    yawa.goes("bonjour", "5 douzaines d'oeufs", "[2 plateaux]")
    assert plain(yawa) == "Œufs, plateau de 30 : 8 → 2\nC'est bon ?"
    yawa.says("oui")
    assert figures_of(db, eggs) == (2, 0, 0)


def test_another_number_is_asked_for(yawa, eggs):
    yawa.goes("bonjour", "une douzaine d'oeufs", "[Autre nombre]")
    assert plain(yawa) == "Œufs, plateau de 30 : combien ?"
    yawa.says("3")
    assert plain(yawa) == "Œufs, plateau de 30 : 8 → 3\nC'est bon ?"


def test_a_no_leaves_it_out_and_the_rest_goes_on(yawa, eggs, market):
    yawa.goes("bonjour", "maïs blanc 5, une douzaine d'oeufs", "non")
    assert plain(yawa) == "Maïs blanc : 3 → 5\nC'est bon ?"


@pytest.mark.parametrize("said", ["oeufs 12", "12 plateaux d'oeufs", "une douzaine de plateaux d'oeufs"])
def test_a_bare_number_and_packs_by_their_name_are_what_is_counted(yawa, eggs, said):
    yawa.goes("bonjour", said)
    assert plain(yawa) == "Œufs, plateau de 30 : 8 → 12\nC'est bon ?"


@pytest.mark.parametrize("name", ["Savon de Marseille", "Farine, sac de 25 kg"])
def test_goods_without_a_pack_of_pieces_are_not_asked_about(yawa, market, db, name):
    make_good(db, market["rice"].vendor_id, name, on_hand=9, unit="pièce")
    yawa.goes("bonjour", f"une douzaine de {name.split()[0].strip(',')}")
    assert plain(yawa) == f"{name} : 9 → 12\nC'est bon ?"


def test_what_is_sold_by_the_dozen_is_counted_in_dozens(yawa, market, db):
    make_good(db, market["rice"].vendor_id, "Beignets, la douzaine", on_hand=9, unit="douzaine")
    yawa.goes("bonjour", "2 douzaines de beignets")
    assert plain(yawa) == "Beignets, la douzaine : 9 → 2\nC'est bon ?"


@pytest.fixture
def dozens(db, market):
    """Eggs that are sold by the dozen, of which small changes are at once."""
    shop = market["rice"].vendor_id
    db.run("update vendor set small_at_once = true where id = %(id)s", id=shop)
    return make_good(db, shop, "Œufs, la douzaine", on_hand=40, unit="douzaine", price=1_200)


@pytest.mark.parametrize("said", ["vendu une dizaine d'œufs", "vendu une demi-douzaine d'œufs"])
def test_what_is_no_whole_dozen_is_asked_for_and_nothing_is_taken_away(yawa, dozens, db, said):
    yawa.goes("bonjour", said)
    assert (yawa.keys, plain(yawa)) == (["vendor.stock_amount"], "Œufs, la douzaine : combien ?")
    assert figures_of(db, dozens) == (40, 0, 0)
    yawa.says("1")
    assert plain(yawa) == "Œufs, la douzaine : 40 → 39\nC'est bon ?"


@pytest.mark.parametrize(
    ("said", "count"),
    [("œufs 12, savon une douzaine", 12), ("savon 12, œufs une douzaine", 1), ("savon 12 et une douzaine d'œufs", 1)],
)
def test_a_dozen_of_other_goods_is_none_of_these(yawa, dozens, market, db, said, count):
    make_good(db, market["rice"].vendor_id, "Savon de Marseille", on_hand=9, unit="pièce", price=250)
    yawa.goes("bonjour", said)
    assert f"Œufs, la douzaine : 40 → {count}\n" in f"{plain(yawa)}\n"
    assert "Savon de Marseille : 9 → 12\n" in plain(yawa)
