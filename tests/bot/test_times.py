"""`fanta 200x24` may be a price or packs: it is asked, and nothing is written before."""

import pytest

from bot.messages import Heard
from bot.understanding import understand
from bot.understanding.times import Times, heard_times, read_times
from tests.bot.chat import Chat
from tests.bot.test_dialogs_stock import figures_of, plain, price_of
from tests.catalog.market import make_good


@pytest.fixture
def fanta(db, market):
    return make_good(db, market["rice"].vendor_id, "Fanta orange", on_hand=40, unit="bouteille", price=250)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("fanta 200x24", Times("fanta", 200, 24)),
        ("fanta 24 x 200", Times("fanta", 24, 200)),
        ("200x24 fanta", Times("fanta", 200, 24)),
        ("fanta orange 200*24", Times("fanta orange", 200, 24)),
        ("lait 5x24", Times("lait", 5, 24)),
        ("fanta 1x24", None),
        ("fanta 200x24 coca 3", None),
        ("fanta 99999x24", None),
        ("vendu fanta 2x24 hier 3", None),
        ("200x24", None),
        ("fanta 20", None),
    ],
)
def test_a_good_and_two_figures_with_a_sign_between_are_read(text, read):
    assert read_times(text) == read


def test_what_may_be_a_price_has_no_quantity_yet():
    assert heard_times("fanta 200x24") == (Heard("set_stock", {"product": "fanta"}, 0.85),)
    assert [(one.intent, one.slots["quantity"]) for one in understand("vendor", "lait 5x24")] == [("set_stock", 5)]


@pytest.mark.parametrize("said", ["fanta 200x24", "fanta 24x200", "fanta 200 x 24", "200x24 fanta"])
def test_a_price_or_packs_is_asked(yawa, fanta, db, said):
    yawa.goes("bonjour", said)
    packs, pack = (200, 24) if "200x24" in said or "200 x 24" in said else (24, 200)
    assert plain(yawa) == f"fanta : 24 à 200 F l'unité, ou {packs} paquets de {pack} ?"
    assert yawa.titles == ["C'est le prix", "Ce sont des paquets"]
    assert (figures_of(db, fanta)[0], price_of(db, fanta)) == (40, 250)


def test_as_a_price_both_are_shown_and_set_after_a_yes(yawa, fanta, db):
    yawa.goes("bonjour", "fanta 200x24", "[C'est le prix]")
    assert plain(yawa) == "• Fanta orange : 40 → 24\n• Fanta orange : 250 F → 200 F (bouteille)\nC'est bon ?"
    yawa.goes("oui")
    assert (figures_of(db, fanta)[0], price_of(db, fanta)) == (24, 200)


def test_as_packs_they_are_counted_out(yawa, fanta, db):
    yawa.goes("bonjour", "fanta 200x24", "[Ce sont des paquets]")
    assert plain(yawa) == "Fanta orange : 40 → 4800. Vérifiez ce chiffre !\nC'est bon ?"
    yawa.goes("non")
    assert figures_of(db, fanta)[0] == 40


def test_a_no_changes_nothing(yawa, fanta, db):
    yawa.goes("bonjour", "fanta 200x24", "non")
    assert (yawa.keys, figures_of(db, fanta)[0], price_of(db, fanta)) == (["vendor.menu"], 40, 250)


def test_small_figures_are_packs_whose_size_is_asked_and_remembered(yawa, fanta, db):
    yawa.goes("bonjour", "fanta 5x24")
    assert (yawa.keys, yawa.titles) == (["vendor.stock_unit"], ["120 bouteilles", "5 paquets"])
    yawa.goes("[120 bouteilles]")
    assert plain(yawa) == "Fanta orange : 40 → 120\nC'est bon ?"
    yawa.goes("oui", "fanta 3x24")
    assert plain(yawa) == "Fanta orange : 120 → 72\nC'est bon ?"


def test_figures_in_the_name_of_goods_are_theirs(yawa, market, db):
    make_good(db, market["rice"].vendor_id, "Drap 200x240", on_hand=4, unit="pièce", price=9_000)
    yawa.goes("bonjour", "drap 200x240")
    assert yawa.keys[0] != "vendor.stock_times"
    assert db.value("select count(*) from adjustment") == 0


def test_a_helper_who_sets_no_price_is_asked_how_many(db, config, market, fanta, yawa):
    helper = Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])
    helper.goes("bonjour", "fanta 200x24")
    assert (helper.keys[0], figures_of(db, fanta)[0]) == ("vendor.stock_amount", 40)
