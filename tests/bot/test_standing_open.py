"""A vendor asks whether his shop is open: he is told, and nothing is opened or shut."""

import pytest

from base.db import jsonb
from base.hours import DAYS
from tests.bot.chat import Chat
from tests.bot.test_dialogs_stock import plain
from tests.bot.test_pauses import planned

OPEN = "Maman Yawa : boutique ouverte.\nTous les jours : 07h00-21h00"


@pytest.mark.parametrize(
    "said",
    [
        *("ma boutique est ouverte demain ?", "ma boutique est ouverte ?", "est ce que ma boutique est ouverte"),
        *("ma boutique est fermée ?", "je suis ouvert ?", "on est fermé dimanche ?"),
    ],
)
def test_it_is_told_with_the_hours(yawa, market, db, said):
    yawa.goes("bonjour", said)
    assert (yawa.keys, plain(yawa)) == (["vendor.open_told", "vendor.menu"], OPEN)
    assert planned(db, market) == (True, None, None)


def test_a_pause_to_come_is_told_too(yawa):
    yawa.goes("bonjour", "pause demain", "oui", "ma boutique est ouverte demain ?")
    assert plain(yawa).startswith(f"{OPEN}\nPause prévue du ")


def test_a_shop_that_is_shut_is_said_to_be_with_the_word_that_opens_it(yawa):
    yawa.goes("bonjour", "pause", "oui", "ma boutique est ouverte ?")
    assert plain(yawa) == ("Maman Yawa : boutique fermée. Tapez ouvrir pour rouvrir.\nTous les jours : 07h00-21h00")


@pytest.mark.parametrize(
    ("said", "key"), [("ma boutique est ouverte", "vendor.open_before"), ("fermé", "vendor.pause")]
)
def test_without_a_question_it_is_a_word_that_opens_or_shuts(yawa, said, key):
    yawa.goes("bonjour", said)
    assert yawa.keys[0] == key


def test_a_pause_that_is_on_is_told_until_when(yawa):
    yawa.goes("bonjour", "pause 3 jours")
    until = plain(yawa).split("boutique ")[1].split(" ?")[0]
    assert until.startswith("jusqu'au ")
    yawa.goes("oui", "ma boutique est ouverte ?")
    assert plain(yawa) == (
        f"Maman Yawa : boutique fermée {until}. Tapez ouvrir pour rouvrir avant.\nTous les jours : 07h00-21h00"
    )


def test_of_several_shops_the_hours_of_each_are_told(db, config, market):
    shops = [market["rice"].vendor_id, market["oil"].vendor_id]
    both = Chat(db, config, "+22890000103", "Ama", roles=[("vendor", shop) for shop in shops])
    hours = {day: ["08:00-12:00"] for day in DAYS}
    db.run("update vendor set hours = %(hours)s where id = %(id)s", hours=jsonb(hours), id=shops[1])
    both.goes("bonjour", "ma boutique est ouverte ?")
    assert plain(both) == f"{OPEN}\nTonton Kossi : boutique ouverte.\nTous les jours : 08h00-12h00"
