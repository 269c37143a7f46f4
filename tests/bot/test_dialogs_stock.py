"""A vendor keeps his stock by message: what is asked, what is shown before it is done, and what is taken back."""

import pytest

from bot.messages import Heard
from catalog import adjusting, stock
from catalog.stock import JOB, Change
from tests.bot import chat
from tests.bot.stock_words import read_by_hand
from tests.catalog.market import figures_of, ledger_of, make_good, make_variant, make_vendor

NBSP = "\u00a0"
UNDO = "Pour revenir en arrière, tapez ANNULE."


@pytest.fixture(autouse=True)
def by_hand(monkeypatch):
    """The readings that a good understanding gives."""
    monkeypatch.setattr(chat, "recognise", read_by_hand)


@pytest.fixture
def soap(db, market):
    return make_good(db, market["rice"].vendor_id, "Savon de Marseille", on_hand=9, unit="pièce", price=250)


@pytest.fixture
def shoes(db, market):
    group = make_good(db, market["rice"].vendor_id, "Baskets", kind="group", unit="paire")
    db.run("update product set folded = 'baskets 40 41' where id = %(id)s", id=group.id)
    sizes = {size: make_variant(db, group, size, on_hand=3, unit="paire", price=12_000) for size in ("40", "41")}
    db.run(
        "update product set name = replace(name, 'Sandales', 'Baskets'),"
        " folded = replace(folded, 'sandales', 'baskets') where kind = 'variant'"
    )
    return group, sizes


def plain(chat):
    """The first bubble with plain blanks."""
    return chat.bubbles[0].body.replace(NBSP, " ")


def price_of(db, good):
    return db.value("select price from product where id = %(id)s", id=good.id)


def test_one_line_is_shown_then_done_and_told_how_to_be_undone(yawa, market, db):
    stock.hold(db, [Change(market["rice"].stock_id, 3)], JOB)
    yawa.goes("bonjour", "riz parfumé 25 kg 20")
    assert plain(yawa) == "Riz parfumé 25 kg : 10 → 20 (dont 3 réservés)\nC'est bon ?"
    assert (yawa.titles, figures_of(db, market["rice"])) == (["Oui", "Non"], (10, 3, 0))
    yawa.says("oui")
    assert (yawa.keys, figures_of(db, market["rice"])) == (["vendor.stock_applied"], (20, 3, 0))
    assert plain(yawa) == f"C'est noté.\nRiz parfumé 25 kg : 10 → 20 (dont 3 réservés)\n{UNDO}"
    assert ledger_of(db, market["rice"].stock_id)[-1][:2] == ("count", 20)


@pytest.mark.parametrize("word", ["non", "annule", "annuler"])
def test_a_no_to_a_preview_changes_nothing(yawa, market, db, word):
    yawa.goes("bonjour", "riz parfumé 25 kg 20", word)
    assert (yawa.keys, figures_of(db, market["rice"])) == (["vendor.stock_dropped"], (10, 0, 0))


def test_an_old_yes_does_nothing(yawa, market, db):
    yawa.goes("bonjour", "riz parfumé 25 kg 20")
    old = yawa.taps["Oui"]
    yawa.goes("non", "mais blanc 5")
    yawa.taps_id(old)
    assert (yawa.keys[0], figures_of(db, market["rice"]), figures_of(db, market["maize"])) == (
        "stale",
        (10, 0, 0),
        (3, 0, 0),
    )


def test_several_lines_are_one_preview_one_yes_and_one_undoing(yawa, market, soap, db):
    yawa.goes("bonjour", "riz parfumé 25 kg 12\nmais blanc 5\nsavon: 300\nvendu 3 savon")
    assert plain(yawa) == (
        "• Riz parfumé 25 kg : 10 → 12\n• Maïs blanc : 3 → 5\n• Savon de Marseille : 250 F → 300 F (pièce)\n"
        "• Savon de Marseille : 9 → 6\nC'est bon ?"
    )
    yawa.says("oui")
    goods = [market["rice"], market["maize"], soap]
    assert [figures_of(db, one)[0] for one in goods] == [12, 5, 6]
    yawa.says("annule")
    assert yawa.keys == ["vendor.undone"]
    assert ([figures_of(db, one)[0] for one in goods], price_of(db, soap)) == ([10, 3, 9], 250)
    yawa.says("annule")
    assert yawa.keys == ["vendor.undone_before", "vendor.menu"]


def test_a_doubtful_good_is_asked_and_the_rest_is_not_lost(yawa, market, db):
    yawa.goes("bonjour", "riz 7, tomates 4, mais blanc 6")
    assert plain(yawa) == "« riz » : c'est quel produit ?"
    assert yawa.titles == ["Riz parfumé 5 kg", "Riz parfumé 25 kg", "Aucun"]
    yawa.taps_on("Riz parfumé 5 kg")
    assert plain(yawa) == (
        "• Riz parfumé 5 kg : 0 → 7\n• Maïs blanc : 3 → 6\n"
        "Je ne trouve pas : tomates. Tapez stock pour voir vos produits.\nC'est bon ?"
    )
    yawa.says("oui")
    assert [figures_of(db, market[one])[0] for one in ("rice", "small rice", "maize")] == [10, 7, 6]


@pytest.mark.parametrize("word", ["[Aucun]", "non", "aucun des deux"])
def test_none_of_the_goods_leaves_out_that_line_alone(yawa, market, word):
    yawa.goes("bonjour", "riz 7, mais blanc 6", word)
    assert plain(yawa).startswith("Maïs blanc : 3 → 6\nJe ne trouve pas : riz.")


def test_giving_up_a_doubt_drops_all(yawa, market, db):
    yawa.goes("bonjour", "riz 7, mais blanc 6", "laisse tomber")
    assert (yawa.keys, figures_of(db, market["maize"])) == (["vendor.stock_dropped"], (3, 0, 0))


def test_two_doubts_are_asked_one_after_the_other(yawa, market, shoes):
    yawa.goes("bonjour", "riz 7, baskets 2")
    yawa.taps_on("Riz parfumé 25 kg")
    assert (yawa.state, yawa.titles) == ("vendor.stock_which", ["Baskets, 40", "Baskets, 41", "Aucun"])
    yawa.taps_on("Baskets, 41")
    assert plain(yawa) == "• Riz parfumé 25 kg : 10 → 7\n• Baskets, 41 : 3 → 2\nC'est bon ?"


def test_what_is_written_while_a_preview_waits_is_added_to_it(yawa, market, soap):
    yawa.goes("bonjour", "savon 5", "mais blanc 6", "savon 7")
    assert plain(yawa) == "• Maïs blanc : 3 → 6\n• Savon de Marseille : 9 → 7\nC'est bon ?"


def test_goods_that_nobody_knows_are_said_with_a_way_on(yawa, market):
    yawa.goes("bonjour", "tomates 5")
    assert (yawa.keys, yawa.titles) == (["vendor.stock_unknown"], ["Ajouter ce produit", "Mes produits", "Menu"])
    assert plain(yawa).startswith("Je ne trouve pas chez vous : tomates.")
    yawa.goes("mais blanc 6")
    assert plain(yawa) == "Maïs blanc : 3 → 6\nC'est bon ?"


def test_sizes_are_goods_of_their_own(yawa, shoes, db):
    yawa.goes("bonjour", "baskets t40 5, baskets t41 1", "oui")
    assert [figures_of(db, one)[0] for one in shoes[1].values()] == [5, 1]


def test_a_price_of_a_group_is_that_of_all_its_sizes(yawa, shoes, db):
    yawa.goes("bonjour", "baskets: 13000")
    assert plain(yawa) == (
        "• Baskets, 40 : 12 000 F → 13 000 F (paire)\n• Baskets, 41 : 12 000 F → 13 000 F (paire)\nC'est bon ?"
    )
    db.run("update product set price = 11000 where id = %(id)s", id=shoes[1]["40"].id)
    yawa.goes("non", "baskets: 13000")
    assert (yawa.state, yawa.titles) == ("vendor.stock_which", ["Baskets, 40", "Baskets, 41", "Aucun"])


def test_goods_are_hidden_shown_again_and_sold_out(yawa, shoes, db):
    group, sizes = shoes
    listed = "select is_listed from product where id = %(id)s"
    yawa.goes("bonjour", "cache baskets", "oui")
    assert not db.value(listed, id=group.id)
    yawa.goes("baskets est revenu", "oui")
    assert db.value(listed, id=group.id)
    yawa.goes("rupture baskets", "oui")
    assert [figures_of(db, one)[0] for one in sizes.values()] == [0, 0]
    yawa.goes("baskets est revenu", "[Baskets, 40]", "4", "oui")
    assert [figures_of(db, one)[0] for one in sizes.values()] == [4, 0]


def test_another_unit_is_asked_about_once(yawa, soap, db):
    yawa.goes("bonjour", "savon 5 cartons")
    assert plain(yawa) == "Savon de Marseille : 1 carton contient combien de pièces ?"
    yawa.goes("24")
    assert plain(yawa) == "Savon de Marseille : 9 → 120. Vérifiez ce chiffre !\nC'est bon ?"
    yawa.goes("oui", "savon 6 cartons")
    assert plain(yawa) == "Savon de Marseille : 120 → 144\nC'est bon ?"
    assert db.rows("select unit, units from said_unit") == [("carton", 24)]


def test_a_unit_whose_size_is_told_is_that_or_what_he_counts_by(yawa, soap):
    yawa.goes("bonjour", "savon 5 cartons de 24")
    assert (plain(yawa), yawa.titles) == ("Savon de Marseille : vous parlez de combien ?", ["120 pièces", "5 cartons"])
    yawa.taps_on("5 cartons")
    assert plain(yawa) == "Savon de Marseille : 9 → 5\nC'est bon ?"
    yawa.goes("non", "savon 7 cartons de 24")
    assert plain(yawa) == "Savon de Marseille : 9 → 7\nC'est bon ?"


def test_a_figure_that_is_asked_about_is_no_size_of_a_pack(yawa, soap, db):
    yawa.goes("bonjour", "savon 5 cartons", "24?")
    assert yawa.keys == ["vendor.missed_count", "vendor.stock_pack"]
    assert db.value("select count(*) from said_unit") == 0


@pytest.mark.parametrize("said", ["savon 5 cartons", "savon 5 cartons de 24", "compte savon"])
def test_a_no_to_a_question_about_a_line_changes_nothing_of_it(yawa, soap, said):
    yawa.goes("bonjour", said, "non")
    assert yawa.keys == ["vendor.stock_dropped"]


def test_the_own_unit_is_not_asked_about(yawa, soap, market):
    yawa.goes("bonjour", "savon 5 pièces")
    assert yawa.keys == ["vendor.stock_preview"]


def test_a_price_beside_what_came_is_asked_about(yawa, soap, db):
    yawa.goes("bonjour", "reçu 30 savon à 300")
    assert plain(yawa) == "Savon de Marseille à 300 F CFA : prix de vente ou prix d'achat ?"
    yawa.goes("[Prix d'achat]", "oui")
    assert (figures_of(db, soap)[0], price_of(db, soap)) == (39, 250)
    yawa.goes("reçu 1 savon à 300", "prix de vente", "oui")
    assert (figures_of(db, soap)[0], price_of(db, soap)) == (40, 300)


def test_a_price_is_corrected_without_naming_the_good_again(yawa, soap, db):
    yawa.goes("bonjour", "savon: 3000")
    assert "Le prix change beaucoup !" in plain(yawa)
    yawa.goes("non c'est 300", "oui")
    assert price_of(db, soap) == 300
    yawa.goes("non c'est 350", "oui")
    assert price_of(db, soap) == 350


def test_a_sale_between_preview_and_yes_shows_the_new_figures(yawa, market, db):
    yawa.goes("bonjour", "mais blanc 6")
    stock.hold(db, [Change(market["maize"].stock_id, 2)], JOB)
    yawa.says("oui")
    assert (yawa.keys, yawa.state, figures_of(db, market["maize"])[0]) == (
        ["vendor.stock_changed"],
        "vendor.stock_changed",
        3,
    )
    assert "Maïs blanc : 3 → 6 (dont 2 réservés)" in plain(yawa)
    yawa.says("oui")
    assert (yawa.keys[0], figures_of(db, market["maize"])) == ("vendor.stock_applied", (6, 2, 0))


def test_a_preview_whose_goods_are_gone_says_so(yawa, market, db):
    yawa.goes("bonjour", "mais blanc 6")
    db.run("update product set vendor_id = (select max(id) from vendor) where id = %(id)s", id=market["maize"].id)
    yawa.says("oui")
    assert (yawa.keys, figures_of(db, market["maize"])) == (["vendor.stock_gone", "vendor.menu"], (3, 0, 0))


def test_fewer_than_promised_asks_which_order_cannot_be_served_good_by_good(yawa, awa, ordered, market, db):
    awa.goes("je veux 2 maïs blanc", "oui", "commander", "oui", "oui")
    yawa.goes("bonjour", "riz parfumé 25 kg 1, mais blanc 1")
    assert "10 → 1 (dont 2 réservés). C'est moins que réservé !" in plain(yawa)
    yawa.says("oui")
    assert yawa.keys == ["vendor.stock_applied", "vendor.overpromised"]
    first = yawa.bubbles[1].body.splitlines()[0]
    yawa.says("plus tard")
    assert (yawa.state, yawa.bubbles[-1].body.splitlines()[0] == first) == ("vendor.overpromised", False)
    yawa.says("plus tard")
    assert yawa.state == "vendor.goods"


def test_the_number_of_a_products_card_goes_the_same_way(yawa, market, db):
    yawa.goes("bonjour", "liste", "[Maïs blanc]", "[Changer le stock]", "7")
    assert plain(yawa) == "Maïs blanc : 3 → 7\nC'est bon ?"
    yawa.says("non")
    assert yawa.keys == ["vendor.new_stock"]
    yawa.goes("8", "oui")
    assert (yawa.keys, figures_of(db, market["maize"])[0]) == (["vendor.counted", "vendor.goods"], 8)
    yawa.goes("annule")
    assert figures_of(db, market["maize"])[0] == 3


def test_an_undoing_is_refused_with_figures(yawa, market, db):
    yawa.goes("bonjour", "+5 mais blanc", "oui")
    adjusted = adjusting.propose(
        db, [market["maize"].vendor_id], [adjusting.Line(market["maize"].id, "count", 2)], JOB, "message"
    )
    adjusting.apply(db, adjusted, [market["maize"].vendor_id], JOB)
    yawa.says("annule")
    assert yawa.keys == ["vendor.undo_refused", "vendor.menu"]
    assert plain(yawa).endswith("Maïs blanc : 2 en boutique, 5 à retirer")
    assert figures_of(db, market["maize"])[0] == 2


@pytest.mark.parametrize("word", ["annule", "annuler", "ANNULE", "annule tout"])
def test_where_nothing_was_changed_nothing_is_undone_and_no_order_is_touched(yawa, ordered, db, word):
    yawa.goes("bonjour", word)
    assert yawa.keys == ["vendor.no_undo", "vendor.menu"]
    assert db.value("select state from vendor_order") == "placed"


def test_small_changes_are_done_at_once_for_who_wants_it(yawa, soap, market, db):
    yawa.goes("bonjour", "savon 8")
    assert yawa.keys == ["vendor.stock_preview"]
    yawa.goes("non", "petits changements", "oui", "savon de marseille 8")
    assert (yawa.keys, figures_of(db, soap)[0], yawa.was_alone) == (["vendor.stock_applied"], 8, True)
    assert UNDO in plain(yawa)
    yawa.says("annule")
    assert figures_of(db, soap)[0] == 9


@pytest.mark.parametrize(
    "said",
    ["savon de marseille 20", "savon: 255", "savon de marseile 8", "riz 9", "savon 8, mais blanc 4", "savon 2 cartons"],
)
def test_what_is_not_small_or_not_sure_asks_though(yawa, soap, market, db, said):
    yawa.goes("bonjour", "petits changements", "oui", said)
    assert yawa.state.startswith("vendor.stock_")
    assert db.value("select count(*) from stock_movement where adjustment_id is not null") == 0


def test_a_doubted_reading_is_never_done_at_once(yawa, soap, market, db, monkeypatch):
    heard = (Heard("set_stock", {"product": "savon de marseille", "quantity": 8}, 0.75),)
    yawa.goes("bonjour", "petits changements", "oui")
    monkeypatch.setattr(chat, "recognise", lambda turn, hat, text: heard)
    yawa.says("savon 8 ?")
    assert (yawa.state, figures_of(db, soap)[0]) == ("vendor.stock_preview", 9)


def test_small_changes_are_asked_about_again(yawa, soap, market, db):
    yawa.goes("bonjour", "petits changements", "oui", "petits changements")
    assert "je les fais sans demander" in plain(yawa)
    yawa.goes("non", "savon de marseille 8")
    assert yawa.state == "vendor.stock_preview"


def test_another_vendors_goods_are_never_meant(yawa, market, db):
    yawa.goes("bonjour", "huile 3")
    assert yawa.keys == ["vendor.stock_unknown"]
    assert figures_of(db, market["oil"])[0] == 5


def test_a_vendor_of_two_shops_is_asked_which_shop_is_meant(yawa, market, db):
    twin = make_good(db, make_vendor(db, "tata_afi"), "Maïs blanc", on_hand=1)
    db.run(
        "insert into role (contact_id, role, vendor_id) values (%(contact)s, 'vendor', %(vendor)s)",
        contact=yawa.contact_id,
        vendor=twin.vendor_id,
    )
    yawa.goes("bonjour", "mode texte", "mais blanc 6")
    assert "Maman Yawa · " in plain(yawa)
    assert "Tata Afi · " in plain(yawa)


def test_many_lines_are_counted_and_the_first_are_shown(yawa, market, db):
    names = [f"Tissu numéro {place:02d} de très belle qualité" for place in range(30)]
    for name in names:
        make_good(db, market["rice"].vendor_id, name, on_hand=1)
    yawa.goes("bonjour", "\n".join(f"{name} 3" for name in names))
    words = plain(yawa)
    assert words.startswith("30 changements, dont :\n• Tissu numéro 00")
    shown = words.count("• ")
    assert (shown <= 20, f"… et {30 - shown} autres." in words, len(yawa.bubbles)) == (True, True, 1)
    yawa.says("oui")
    assert db.value("select count(*) from stock_movement where adjustment_id is not null") == 30


def test_an_english_vendor_reads_english(yawa, market, db):
    yawa.goes("hello", "english", "received 5 mais blanc")
    assert yawa.words == "Maïs blanc: 3 → 8\nIs that right?"
    yawa.goes("yes", "undo")
    assert yawa.words.startswith("It is undone.\nMaïs blanc: 8 → 3")


def test_what_may_ask_to_take_the_last_change_back_is_asked_about(yawa, market, db):
    yawa.goes("maïs blanc 8", "oui")
    yawa.says("oups erreur")
    assert (yawa.keys, yawa.titles) == (["vendor.undo_sure"], ["Oui", "Non"])
    assert yawa.words == "Faut-il annuler votre dernier changement ?\nMaïs blanc : 3 → 8"
    assert figures_of(db, market["maize"])[0] == 8
    yawa.goes("non")
    assert (yawa.keys, figures_of(db, market["maize"])[0]) == (["vendor.menu"], 8)
    yawa.goes("oups erreur", "oui")
    assert (yawa.keys, figures_of(db, market["maize"])[0]) == (["vendor.undone"], 3)
