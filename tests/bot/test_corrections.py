"""`non 12 pas 20` while changes are shown: the line that has the figure is corrected, or it is asked which."""

import pytest

from bot.understanding import understand
from tests.bot.test_dialogs_stock import plain
from tests.catalog.market import figures_of, make_good


@pytest.fixture
def soap(db, market):
    return make_good(db, market["rice"].vendor_id, "Savon de Marseille", on_hand=9, unit="pièce", price=250)


@pytest.mark.parametrize(
    ("message", "figure", "denied"),
    [
        ("non 12 pas 20", 12, 20),
        ("12 pas 20", 12, 20),
        ("c'est 12 pas 20", 12, 20),
        ("non c'est 12 pas 20", 12, 20),
        ("350 au lieu de 300", 350, 300),
    ],
)
def test_a_correction_tells_both_figures(message, figure, denied):
    read = [(one.intent, dict(one.slots)) for one in understand("vendor", message)]
    assert read == [("undo", {"denied": denied}), ("set_stock", {"quantity": figure})]


def test_a_name_before_the_figures_is_of_a_good():
    read = [(one.intent, dict(one.slots)) for one in understand("vendor", "riz 12 pas 20")]
    assert read == [("set_stock", {"product": "riz", "quantity": 12})]


@pytest.mark.parametrize("said", ["non 12 pas 20", "12 pas 20", "c'est 12 pas 20", "non 12 pas 30"])
def test_the_only_line_is_corrected(yawa, soap, db, said):
    yawa.goes("bonjour", "savon 20", said)
    assert plain(yawa) == "Savon de Marseille : 9 → 12\nC'est bon ?"
    yawa.says("oui")
    assert figures_of(db, soap) == (12, 0, 0)


def test_of_several_lines_the_one_that_has_the_figure_is_corrected(yawa, soap, market):
    yawa.goes("bonjour", "savon 20, maïs blanc 5, riz parfumé 25 kg 8", "non 12 pas 20")
    assert plain(yawa) == (
        "• Savon de Marseille : 9 → 12\n• Maïs blanc : 3 → 5\n• Riz parfumé 25 kg : 10 → 8\nC'est bon ?"
    )


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ("non 12 pas 20", ["Savon de Marseille", "Maïs blanc"]),
        ("non 12 pas 99", ["Savon de Marseille", "Maïs blanc", "Riz parfumé 25 kg"]),
        ("non c'est 12", ["Savon de Marseille", "Maïs blanc", "Riz parfumé 25 kg"]),
    ],
)
def test_it_is_asked_which_of_several_lines_is_meant(yawa, soap, market, db, said, titles):
    yawa.goes("bonjour", "savon 20, maïs blanc 20, riz parfumé 25 kg 8", said)
    assert (yawa.keys, plain(yawa)) == (["vendor.stock_line"], "12 : c'est pour quelle ligne ?")
    assert yawa.titles == titles
    yawa.taps_on("Maïs blanc")
    assert plain(yawa) == (
        "• Savon de Marseille : 9 → 20\n• Maïs blanc : 3 → 12\n• Riz parfumé 25 kg : 10 → 8\nC'est bon ?"
    )
    yawa.says("oui")
    assert [figures_of(db, one)[0] for one in (soap, market["maize"], market["rice"])] == [20, 12, 8]


def test_a_no_leaves_the_lines_as_they_were_shown(yawa, soap, market):
    yawa.goes("bonjour", "savon 20, maïs blanc 20", "non 12 pas 20", "non")
    assert plain(yawa) == "• Savon de Marseille : 9 → 20\n• Maïs blanc : 3 → 20\nC'est bon ?"


def test_a_price_that_is_shown_is_corrected_too_and_never_to_nothing(yawa, soap, market):
    yawa.goes("bonjour", "prix savon 300", "non 350 pas 300")
    assert plain(yawa) == "Savon de Marseille : 250 F → 350 F (pièce)\nC'est bon ?"
    yawa.says("non 0 pas 350")
    assert yawa.keys == ["vendor.undo_sure"]


def test_a_good_that_is_asked_about_keeps_the_corrected_figure(yawa, market):
    yawa.goes("bonjour", "riz 20", "non 12 pas 20", "[Riz parfumé 25 kg]")
    assert plain(yawa) == "Riz parfumé 25 kg : 10 → 12\nC'est bon ?"


def test_where_nothing_is_shown_it_is_asked_about_the_last_change(yawa, soap, db):
    yawa.goes("bonjour", "savon 20", "oui", "non 12 pas 20")
    assert plain(yawa) == "Faut-il annuler votre dernier changement ?\nSavon de Marseille : 9 → 20"
    assert figures_of(db, soap) == (20, 0, 0)


def test_what_came_or_went_is_corrected_by_what_it_leaves(yawa, market, db):
    yawa.goes("bonjour", "vendu 3 riz parfumé 25 kg", "non 6 pas 7")
    assert plain(yawa) == "Riz parfumé 25 kg : 10 → 6\nC'est bon ?"
    yawa.says("oui")
    assert figures_of(db, market["rice"]) == (6, 0, 0)


def test_what_came_or_went_is_corrected_by_how_many_did(yawa, market):
    yawa.goes("bonjour", "vendu 3 riz parfumé 25 kg", "non 4 pas 3")
    assert plain(yawa) == "Riz parfumé 25 kg : 10 → 6\nC'est bon ?"


@pytest.mark.parametrize("said", ["non 6 pas 10", "non 6 pas 99"])
def test_a_figure_that_is_neither_said_nor_left_corrects_nothing_that_went(yawa, market, said):
    yawa.goes("bonjour", "vendu 3 riz parfumé 25 kg", said)
    assert yawa.keys == ["vendor.undo_sure"]


def test_it_is_asked_whether_what_was_said_or_what_is_left_is_meant(yawa, soap, market):
    yawa.goes("bonjour", "vendu 3 riz parfumé 25 kg, savon il en reste 7", "non 6 pas 7")
    assert (yawa.keys, yawa.titles) == (["vendor.stock_line"], ["Riz parfumé 25 kg", "Savon de Marseille"])
    yawa.taps_on("Riz parfumé 25 kg")
    assert plain(yawa) == "• Riz parfumé 25 kg : 10 → 6\n• Savon de Marseille : 9 → 7\nC'est bon ?"


def test_beside_other_lines_the_only_stock_is_asked_about_where_its_figure_is_another(yawa, soap, market):
    yawa.goes("bonjour", "prix savon 300\nmaïs blanc 5", "non 12 pas 99")
    assert (yawa.keys, yawa.titles) == (["vendor.stock_line"], ["Maïs blanc"])


def test_a_figure_waits_for_no_line_once_the_lines_are_others(yawa, soap, market):
    yawa.goes("bonjour", "savon 20, maïs blanc 20", "non 12 pas 20")
    assert yawa.keys == ["vendor.stock_line"]
    yawa.says("savon 9, maïs blanc 3")
    assert yawa.keys[0] == "vendor.stock_same"
    yawa.goes("savon 20, maïs blanc 20", "non 12 pas 20", "savon 9, maïs blanc 20")
    assert plain(yawa) == "Maïs blanc : 3 → 20\nSavon de Marseille : c'est déjà 9\nC'est bon ?"
