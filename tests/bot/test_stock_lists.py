"""What a vendor says of several goods at once, of a price that moves, and after a preview: nothing of it is lost."""

import pytest

from bot.messages import Heard
from bot.understanding.unread import unread
from tests.bot.test_dialogs_stock import figures_of, plain, price_of
from tests.catalog.market import make_good, make_variant

NBSP = "\u00a0"


@pytest.fixture
def soap(db, market):
    return make_good(db, market["rice"].vendor_id, "Savon de Marseille", on_hand=9, unit="pièce", price=250)


@pytest.fixture
def sugar(db, market):
    return make_good(db, market["rice"].vendor_id, "Sucre en morceaux", on_hand=6, unit="paquet", price=800)


@pytest.mark.parametrize(
    "said",
    ["vendu 3 savons 2 sucre", "vendu 3 savons et 2 sucre", "-3 savon -2 sucre", "3 savons 2 sucre vendus",
     "vendu savon 3 sucre 2", "vendu 3 savons, 2 sucre", "savon 6 sucre 4", "vendu 3 savon vendu 2 sucre"],
)  # fmt: skip
def test_goods_in_a_row_are_all_read(yawa, soap, sugar, db, said):
    yawa.goes("bonjour", said)
    assert plain(yawa) == "• Savon de Marseille : 9 → 6\n• Sucre en morceaux : 6 → 4\nC'est bon ?"
    yawa.goes("oui")
    assert [figures_of(db, one)[0] for one in (soap, sugar)] == [6, 4]


@pytest.mark.parametrize(
    "said",
    ["rupture mais blanc, savon", "rupture maïs blanc savon", "savon, maïs blanc finis", "plus de savon ni de mais",
     "rupture savon\nmais blanc", "fini le savon et le maïs"],
)  # fmt: skip
def test_all_goods_that_are_gone_are_read(yawa, soap, market, db, said):
    yawa.goes("bonjour", said, "oui")
    assert [figures_of(db, one)[0] for one in (soap, market["maize"], market["rice"])] == [0, 0, 10]


def test_goods_without_a_count_beside_others_are_asked_about(yawa, soap, sugar, db):
    yawa.goes("bonjour", "vendu 3 savons, sucre")
    assert plain(yawa) == "Sucre en morceaux : combien ?"
    yawa.goes("2", "oui")
    assert [figures_of(db, one)[0] for one in (soap, sugar)] == [6, 4]


def test_a_sale_after_a_preview_is_added_to_the_one_before(yawa, soap, sugar, db):
    yawa.goes("bonjour", "vendu 3 savons", "vendu 2 sucre", "vendu 1 savon")
    assert plain(yawa) == (
        "• Savon de Marseille : 9 → 6\n• Sucre en morceaux : 6 → 4\n• Savon de Marseille : 6 → 5\nC'est bon ?"
    )
    yawa.goes("oui")
    assert [figures_of(db, one)[0] for one in (soap, sugar)] == [5, 4]


def test_what_one_message_says_twice_of_a_good_is_seen_twice(yawa, soap, db):
    yawa.goes("bonjour", "savon 5, savon 7")
    assert plain(yawa) == "• Savon de Marseille : 9 → 5\n• Savon de Marseille : 5 → 7\nC'est bon ?"
    yawa.goes("savon 8")
    assert plain(yawa) == "Savon de Marseille : 9 → 8\nC'est bon ?"


def test_a_preview_that_was_left_is_told_as_not_done(yawa, soap, sugar, db):
    yawa.goes("bonjour", "vendu 3 savons", "commandes", "vendu 2 sucre")
    assert plain(yawa) == "Sucre en morceaux : 6 → 4\nPas fait, sans votre oui : Savon de Marseille.\nC'est bon ?"
    yawa.goes("oui")
    assert [figures_of(db, one)[0] for one in (soap, sugar)] == [9, 4]


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("augmente le savon de 100", 350),
        ("baisse le prix du savon de 50", 200),
        ("+50 sur savon prix", 300),
        ("prix savon +50", 300),
        ("savon +50f", 300),
        ("savon moins 50 f", 200),
        ("ajoute 25 sur le prix du savon", 275),
        ("le savon augmente de 100f", 350),
        ("augmente le prix du savon de 20%", 300),
        ("+10% savon", 275),
        ("augmente savon 100", 350),
        ("augmente savon 300", 300),
        ("baisse savon 50", 200),
        ("baisse savon 200", 200),
    ],
)
def test_a_price_is_moved_from_what_it_is(yawa, soap, db, said, after):
    yawa.goes("bonjour", said)
    assert plain(yawa).startswith(f"Savon de Marseille : 250 F → {after} F (pièce)")
    assert (figures_of(db, soap)[0], price_of(db, soap)) == (9, 250)
    yawa.goes("oui")
    assert (figures_of(db, soap)[0], price_of(db, soap)) == (9, after)


def test_prices_are_moved_one_by_one(yawa, soap, sugar, db):
    yawa.goes("bonjour", "augmente le savon de 100 et le sucre de 200", "oui")
    assert [price_of(db, one) for one in (soap, sugar)] == [350, 1000]


def test_a_move_that_names_no_good_is_of_the_last_price_or_asked_about(yawa, soap, sugar, db):
    yawa.goes("bonjour", "augmente de 500")
    assert (yawa.state, plain(yawa)) == ("vendor.stock_which", "« augmente de 500 » : c'est quel produit ?")
    yawa.goes("[Sucre en morceaux]", "oui")
    assert (price_of(db, sugar), price_of(db, soap)) == (1300, 250)
    yawa.goes("baisse de 100", "oui")
    assert price_of(db, sugar) == 1200


def test_what_may_be_price_or_stock_is_asked_about(yawa, soap, db):
    yawa.goes("bonjour", "augmente le savon de 50")
    assert (plain(yawa), yawa.titles) == (
        "Savon de Marseille, +50 : c'est le prix ou le stock ?", ["Prix", "Stock"])  # fmt: skip
    yawa.goes("stock", "oui")
    assert (figures_of(db, soap)[0], price_of(db, soap)) == (59, 250)
    yawa.goes("baisse le savon de 25", "prix", "oui")
    assert (figures_of(db, soap)[0], price_of(db, soap)) == (59, 225)
    yawa.goes("baisse le savon de 25", "non")
    assert yawa.keys == ["vendor.stock_dropped"]


def test_a_price_that_would_be_none_is_asked_about(yawa, soap, db):
    yawa.goes("bonjour", "baisse le prix du savon de 300")
    assert plain(yawa) == "Savon de Marseille : quel est son prix, en francs ?"
    yawa.goes("200", "oui")
    assert price_of(db, soap) == 200


def test_all_prices_rise_together(yawa, soap, sugar, market, db):
    yawa.goes("bonjour", "augmente tous les prix de 10%")
    assert plain(yawa).startswith("• Maïs blanc : 800 F → 880 F")
    yawa.goes("oui")
    assert [price_of(db, one) for one in (soap, sugar, market["rice"], market["oil"])] == [275, 880, 19_250, 1_200]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("savon 300 f le 15", "le 15"),
    ],
)
def test_a_figure_that_nothing_was_made_of_is_told(yawa, soap, db, said, told):
    yawa.goes("bonjour", said)
    assert f"Je n'ai pas compris : {told}. Écrivez-le seul, après." in plain(yawa)
    assert figures_of(db, soap)[0] == 9


@pytest.mark.parametrize(
    ("said", "told"),
    [("savon a partir de 10 c 200", "a partir de 10"), ("savon à partir de 10 c'est 200", "à partir de 10")],
)
def test_a_price_for_so_many_is_not_taken_in_silence_for_that_of_one(said, told):
    assert unread(said, [Heard("set_price", {"product": "savon", "price": 200}, 0.85)]) == (told,)


@pytest.mark.parametrize("said", ["vendu 3 savons au 12 rue des fleurs", "vendu 3 ou 4 savons", "savon 2 50"])
def test_of_several_figures_none_is_taken(yawa, soap, db, said):
    yawa.goes("bonjour", said)
    assert plain(yawa) == "Savon de Marseille : combien ?"
    yawa.goes("3")
    assert plain(yawa).endswith(" 3\nC'est bon ?") or plain(yawa).endswith(" 6\nC'est bon ?")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("vendu 3 savons non 4", 5),
        ("vendu 3 savons pardon 4 savons", 5),
        ("vendu 3savon", 6),
        ("vendu 3 savon 750f", 6),
        ("3 savon vendu a 250", 6),
        ("savon vendu 3", 6),
        ("savon recu 3", 12),
    ],
)
def test_a_count_is_read_where_it_stands(yawa, soap, db, said, left):
    yawa.goes("bonjour", said, "oui")
    assert (figures_of(db, soap)[0], price_of(db, soap)) == (left, 250)


@pytest.mark.parametrize("said", ["pas vendu 3 savons", "j'ai pas vendu le savon", "je n'ai pas encore vendu 3 savons"])
def test_what_did_not_happen_changes_nothing(yawa, soap, db, said):
    yawa.goes("bonjour", said)
    assert yawa.keys == ["miss.menu", "vendor.menu"]


@pytest.mark.parametrize(
    "said", ["il me reste 3 savons ?", "vendu 3 savons ?", "prix savon ?", "savon combien", "est ce que j'ai 20 savons"]
)
def test_a_question_shows_the_good(yawa, soap, db, said):
    yawa.goes("bonjour", "petits changements", "oui", said)
    assert (yawa.state, figures_of(db, soap)[0]) == ("vendor.good", 9)


@pytest.mark.parametrize("said", ["annule vendu 3 savons", "annule la vente de 3 savons", "annule les 3 savons"])
def test_what_is_taken_back_in_words_is_asked_about(yawa, soap, db, said):
    yawa.goes("bonjour", "vendu 3 savons", "oui", said)
    assert (yawa.keys, figures_of(db, soap)[0]) == (["vendor.undo_sure"], 6)
    yawa.goes("oui")
    assert figures_of(db, soap)[0] == 9


@pytest.mark.parametrize("said", ["vendu 3", "rupture", "tout est fini"])
def test_a_change_that_names_no_good_asks_which(yawa, soap, db, said):
    yawa.goes("bonjour", said)
    assert plain(yawa) == f"« {said} » : c'est quel produit ?"
    yawa.goes("[Savon de Marseille]", "oui")
    assert figures_of(db, soap)[0] in (6, 12, 0)


def test_a_count_alone_corrects_the_one_that_is_shown(yawa, soap, db):
    yawa.goes("bonjour", "vendu 3 savons", "c'est 4")
    assert plain(yawa) == "Savon de Marseille : 9 → 5\nC'est bon ?"


def test_a_good_that_is_deleted_is_shown_no_more(yawa, soap, db):
    yawa.goes("bonjour", "supprime savon")
    assert plain(yawa) == "Savon de Marseille : plus en vente\nC'est bon ?"
    becomes(db, yawa, "helper")
    yawa.goes("non", "supprime savon")
    assert yawa.keys[0] == "vendor.not_allowed"


@pytest.fixture
def shoes(db, market):
    group = make_good(db, market["rice"].vendor_id, "Sandales", kind="group", unit="paire")
    return {size: make_variant(db, group, size, on_hand=3, unit="paire", price=12_000) for size in ("40", "41")}


def test_a_size_is_no_count(yawa, shoes, db):
    yawa.goes("bonjour", "vendu sandales 40")
    assert plain(yawa) == "Sandales, 40 : combien ?"
    yawa.goes("1", "oui")
    assert [figures_of(db, one)[0] for one in shoes.values()] == [2, 3]
    yawa.goes("sandales 40 5 41 6", "oui")
    assert [figures_of(db, one)[0] for one in shoes.values()] == [5, 6]
    yawa.goes("rupture sandales 40", "oui")
    assert [figures_of(db, one)[0] for one in shoes.values()] == [0, 6]


def becomes(db, yawa, role):
    """What she is in her shop from now on."""
    db.run("update role set role = %(role)s where contact_id = %(id)s", role=role, id=yawa.contact_id)


@pytest.mark.parametrize("said", ["savon 300f", "cache savon", "savon 5\nsavon: 300"])
def test_what_is_no_longer_hers_to_change_is_not_taken_back(yawa, soap, db, said):
    yawa.goes("bonjour", said, "oui")
    before = db.one("select p.price, p.is_listed, s.on_hand from product p join stock s on s.id = p.stock_id"
                    " where p.id = %(id)s", id=soap.id)  # fmt: skip
    becomes(db, yawa, "helper")
    yawa.goes("annule")
    assert yawa.keys == ["vendor.not_allowed", "vendor.menu"]
    after = db.one("select p.price, p.is_listed, s.on_hand from product p join stock s on s.id = p.stock_id"
                   " where p.id = %(id)s", id=soap.id)  # fmt: skip
    assert after == before
    becomes(db, yawa, "vendor")
    yawa.goes("annule")
    assert (yawa.keys[0], price_of(db, soap), figures_of(db, soap)[0]) == ("vendor.undone", 250, 9)


def test_who_is_suspended_takes_nothing_back(yawa, soap, db):
    yawa.goes("bonjour", "savon 5", "oui")
    db.run("update role set suspended_at = market_now() where contact_id = %(id)s", id=yawa.contact_id)
    yawa.goes("annule")
    assert figures_of(db, soap)[0] == 5


@pytest.mark.parametrize("said", ["change le prix du savon", "nouveau prix savon", "baisse le prix du savon"])
def test_a_price_without_a_figure_is_asked(yawa, soap, db, said):
    yawa.goes("bonjour", said)
    assert plain(yawa) == "Savon de Marseille : quel est son prix, en francs ?"
    yawa.goes("300", "oui")
    assert price_of(db, soap) == 300


def test_what_a_helper_moves_is_the_stock(yawa, soap, db):
    becomes(db, yawa, "helper")
    yawa.goes("bonjour", "augmente le savon de 50")
    assert plain(yawa) == "Savon de Marseille : 9 → 59\nC'est bon ?"
    yawa.goes("non", "augmente le prix du savon de 50")
    assert (yawa.keys[0], price_of(db, soap)) == ("vendor.not_allowed", 250)


def test_new_products_of_one_line_are_asked_about_one_after_the_other(yawa, market):
    yawa.goes("bonjour", "nouveau produit bissap 500 et gingembre 600")
    assert plain(yawa) == "Bissap : combien en avez-vous ?"
    assert [draft["name"] for draft in yawa.memory["adding"]] == ["Bissap", "Gingembre"]
    assert [draft["price"] for draft in yawa.memory["adding"]] == [500, 600]
