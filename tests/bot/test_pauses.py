"""A pause beside another one: what it takes the place of is told before the yes."""

import pytest

from tests.bot.test_dialogs_stock import plain
from tests.catalog.market import figures_of


def planned(db, market):
    row = db.one("select is_open, closes_at, closed_until from vendor where id = %(id)s", id=market["rice"].vendor_id)
    return row.is_open, row.closes_at, row.closed_until


def test_a_first_pause_takes_the_place_of_nothing(yawa):
    yawa.goes("bonjour", "pause demain")
    assert yawa.keys == ["vendor.pause_until"]
    assert "remplace" not in plain(yawa)


def test_a_second_pause_tells_which_one_it_takes_the_place_of(yawa, market, db):
    yawa.goes("bonjour", "pause demain")
    first = plain(yawa).split("boutique ")[1].split(" ?")[0]
    yawa.says("oui")
    before = planned(db, market)
    yawa.says("pause 2 heures")
    assert plain(yawa).endswith(f"\nMaman Yawa\nCela remplace la pause {first}.")
    yawa.says("non")
    assert planned(db, market) == before
    yawa.goes("pause 2 heures", "oui")
    assert planned(db, market)[:2] == (False, None)


def test_the_same_pause_again_takes_the_place_of_nothing(yawa):
    yawa.goes("bonjour", "pause demain", "oui", "pause demain")
    assert "remplace" not in plain(yawa)


def test_a_pause_of_a_shop_that_is_shut_tells_until_when_it_was(yawa):
    yawa.goes("bonjour", "pause 2 heures")
    first = plain(yawa).split("boutique ")[1].split(" ?")[0]
    yawa.goes("oui", "pause 3 jours")
    assert plain(yawa).endswith(f"\nCela remplace la pause {first}.")


def test_a_pause_that_begins_at_an_hour_tells_it(yawa):
    yawa.goes("bonjour", "pause demain à 10h pendant 2 heures")
    assert (plain(yawa).count(" à 10h00 au "), plain(yawa).count(" à 12h00 ?")) == (1, 1)


def test_a_question_whether_to_open_is_gone_with_the_opening(yawa):
    yawa.goes("bonjour", "pause", "oui", "je rouvre", "je ferme")
    assert yawa.keys == ["vendor.shut_before"]
    yawa.says("oui")
    assert yawa.keys == ["vendor.resumed", "vendor.menu"]


def test_a_shop_that_is_to_be_shut_soon_can_be_kept_open(yawa, market, db):
    yawa.goes("bonjour", "pause demain", "oui", "je rouvre")
    told = plain(yawa).split("prévue ")[1].split(".\n")[0]
    assert plain(yawa) == (
        f"La boutique est ouverte, une pause est prévue {told}.\nVoulez-vous annuler cette pause ?\nMaman Yawa"
    )
    assert told.startswith("du ")
    yawa.says("non")
    assert planned(db, market)[1] is not None
    yawa.goes("je rouvre", "oui")
    assert yawa.keys == ["vendor.pause_dropped", "vendor.menu"]
    assert planned(db, market) == (True, None, None)
    yawa.says("je rouvre")
    assert yawa.keys == ["vendor.open_before", "vendor.menu"]


def test_a_later_pause_of_a_shop_that_is_shut_tells_that_it_stays_shut_until_then(yawa, market, db):
    yawa.goes("bonjour", "pause 5 jours", "oui", "pause demain")
    assert plain(yawa).startswith("Voulez-vous fermer la boutique jusqu'au ")
    assert "\nCela remplace la pause jusqu'au " in plain(yawa)
    yawa.says("oui")
    is_open, closes_at, closed_until = planned(db, market)
    assert (is_open, closes_at, closed_until is None) == (False, None, False)


def test_a_word_that_takes_back_asks_about_the_pause_that_came_last(yawa, market, db):
    yawa.goes("bonjour", "maïs blanc 7", "oui", "pause demain", "oui", "annule")
    assert (yawa.keys, figures_of(db, market["maize"])) == (["vendor.pause_drop"], (7, 0, 0))
    yawa.says("oui")
    assert planned(db, market) == (True, None, None)
    yawa.says("annule")
    assert plain(yawa) == "Faut-il annuler votre dernier changement ?\nMaïs blanc : 3 → 7"
    yawa.goes("non", "pause", "oui", "annule")
    assert yawa.keys == ["vendor.resume"]


def test_a_pause_before_the_last_change_of_goods_is_not_what_is_taken_back(yawa, market, db):
    yawa.goes("bonjour", "pause demain", "oui", "maïs blanc 7", "oui", "annule")
    assert (yawa.keys, figures_of(db, market["maize"])) == (["vendor.undone"], (3, 0, 0))


@pytest.mark.parametrize("said", ["jrouvre", "jouvre", "g rouvert", "jai rouvert ma boutique", "annule la pause"])
def test_a_shop_that_is_shut_is_opened_by_a_hurried_word(yawa, market, db, said):
    yawa.goes("bonjour", "pause", "oui", said)
    assert (yawa.keys, planned(db, market)[0]) == (["vendor.resume"], False)
    yawa.says("oui")
    assert planned(db, market) == (True, None, None)


@pytest.mark.parametrize("said", ["annule la pause", "enleve la pause", "supprime ma pause"])
def test_a_pause_to_come_is_taken_back_by_its_name(yawa, market, db, said):
    yawa.goes("bonjour", "pause demain", "oui", said)
    assert yawa.keys == ["vendor.pause_drop"]
    yawa.says("oui")
    assert planned(db, market) == (True, None, None)
