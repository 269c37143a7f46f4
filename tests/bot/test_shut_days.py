"""Hours of a day on which the shop is shut anyway: that is said, with how such a day is opened."""

import json

import pytest

from base.clock import LOME
from base.hours import DAYS
from tests.bot.chat import Chat
from tests.bot.test_dialogs_stock import plain

FRENCH = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()


@pytest.fixture
def today(db, market):
    """Its weekday, on which the shop is shut; all other days it is open."""
    weekday = db.value("select market_now()").astimezone(LOME).weekday()
    hours = {day: [] if at == weekday else ["08:00-19:00"] for at, day in enumerate(DAYS)}
    db.run(
        "update vendor set hours = %(hours)s::jsonb where id = %(id)s",
        hours=json.dumps(hours),
        id=market["rice"].vendor_id,
    )
    return weekday


def hours_told(db, market):
    return db.value("select hours from vendor where id = %(id)s", id=market["rice"].vendor_id)


@pytest.mark.parametrize("said", ["je ferme à 17h aujourd'hui", "j ferme a 17h aujourdhui", "aujourd'hui j'ouvre à 9h"])
def test_a_named_day_that_is_shut_is_told_with_how_it_is_opened(yawa, today, market, db, said):
    before = hours_told(db, market)
    yawa.goes("bonjour", said)
    assert yawa.keys[0] == "vendor.day_shut"
    lines = plain(yawa).split("\n")
    assert (lines[0], lines[2]) == (
        "Maman Yawa, déjà fermé :",
        f"Pour ouvrir ce jour, écrivez par exemple : {FRENCH[today]} 9h-17h.",
    )
    assert lines[1].endswith(" : fermé")
    assert hours_told(db, market) == before


def test_what_is_typed_instead_opens_it(yawa, today, market, db):
    yawa.goes("bonjour", "je ferme à 17h aujourd'hui", "aujourd'hui 9h-23h59", "oui")
    assert yawa.keys[0] == "vendor.day_noted"


def test_an_hour_without_a_day_may_be_meant_of_all_the_other_days(yawa, today, market, db):
    before = hours_told(db, market)
    yawa.goes("bonjour", "j ferme a 17h")
    assert (yawa.keys, yawa.titles) == (["vendor.day_shut_always"], ["Toujours", "Non"])
    assert plain(yawa).endswith("\nVoulez-vous cette heure les autres jours, toujours ?")
    assert hours_told(db, market) == before
    yawa.goes("[Toujours]")
    assert (yawa.keys, hours_told(db, market)) == (["vendor.hours_sure"], before)
    yawa.goes("oui")
    after = {day: [] if at == today else ["08:00-17:00"] for at, day in enumerate(DAYS)}
    assert {day: hours_told(db, market).get(day, []) for day in DAYS} == after


def test_a_no_changes_nothing(yawa, today, market, db):
    before = hours_told(db, market)
    yawa.goes("bonjour", "j ferme a 17h", "non")
    assert (yawa.keys, hours_told(db, market)) == (["vendor.menu"], before)


def test_a_helper_is_only_told(db, config, today, market, yawa):
    helper = Chat(db, config, "+22890000102", "Afi", roles=[("helper", market["rice"].vendor_id)])
    helper.goes("bonjour", "j ferme a 17h")
    assert helper.keys[0] == "vendor.day_shut"
