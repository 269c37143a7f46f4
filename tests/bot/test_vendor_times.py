"""Pauses, times of promotions and promotions, as vendors write them."""

from datetime import datetime, timedelta

import pytest

from base.clock import LOME
from base.hours import DAYS, read_hours
from bot.dialogs.vendor.promo_words import read_promo
from bot.dialogs.vendor.times import Span, read_pause, read_time

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=LOME)  # a Tuesday
OPENING = read_hours({day: ["07:00-19:00"] for day in DAYS[:6]})


def said(moment):
    return moment.astimezone(LOME).strftime("%d/%m %H:%M") if moment else None


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("pause jusqu'à lundi", None, "30/11 07:00"),
        ("fermé demain", "25/11 00:00", "26/11 07:00"),
        ("pause 2 jours", None, "26/11 07:00"),
        ("pause 2 heures", None, "24/11 11:00"),
        ("pause une semaine", None, "01/12 07:00"),
        ("fermé samedi", "28/11 00:00", "30/11 07:00"),  # Sunday it does not open
        ("je voyage, retour vendredi", None, "27/11 07:00"),
        ("fermé du 16 au 29 décembre", "16/12 00:00", "30/12 07:00"),
        ("pause jusqu'à 14h", None, "24/11 14:00"),
        ("fermé aujourd'hui", None, "25/11 07:00"),
        ("pause 2h", None, "24/11 11:00"),
        ("pause 24 heures", None, "25/11 09:00"),
        ("pause pour 1h30", None, "24/11 10:30"),
        ("pause de 45 mn", None, "24/11 09:45"),
        ("pause dune heure", None, "24/11 10:00"),
        ("fermé à 17h", "24/11 17:00", "25/11 07:00"),
        ("pause de 14h à 16h", "24/11 14:00", "24/11 16:00"),
        ("pause à 15h pendant 2 heures", "24/11 15:00", "24/11 17:00"),
        ("pause demain 3h", "25/11 07:00", "25/11 10:00"),  # it opens at seven
        ("pause 3 jours à partir du 5/12", "05/12 00:00", "08/12 07:00"),
        ("je ferme dans 2 heures", "24/11 11:00", "25/11 07:00"),
        ("je reviens dans 3 jours", None, "27/11 07:00"),
    ],
)
def test_a_pause_ends_when_the_shop_opens_next(text, begins, ends):
    found = read_pause(text, NOW, OPENING)
    assert (said(found.begins), said(found.ends)) == (begins, ends)


@pytest.mark.parametrize("text", ["pause 2 heures", "pause 2h", "pause pendant 2 heures", "pause de 2 heures"])
@pytest.mark.parametrize("hour", [0, 1, 13, 14, 23])
def test_how_many_hours_it_lasts_is_no_hour_of_the_day(text, hour):
    now = NOW.replace(hour=hour)
    assert read_pause(text, now, OPENING) == Span(None, now + timedelta(hours=2))
    assert read_time(text, now) == Span(None, now + timedelta(hours=2))


@pytest.mark.parametrize("text", ["pause", "", "pause jusqu'à hier", "pause 999 semaines", "😀" * 400])
def test_what_tells_no_time_to_come_is_no_pause(text):
    assert read_pause(text, NOW, OPENING) is None


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("jusqu'à dimanche", None, "30/11 00:00"),
        ("jusqu'au 30/11", None, "01/12 00:00"),
        ("jusqu'à 18h", None, "24/11 18:00"),
        ("ce weekend", "28/11 00:00", "30/11 00:00"),
        ("pendant 3 jours", None, "27/11 09:00"),
        ("à partir de vendredi", "27/11 00:00", None),
        ("de vendredi jusqu'à dimanche", "27/11 00:00", "30/11 00:00"),
        ("", None, None),
    ],
)
def test_a_promotion_lasts_to_the_end_of_its_last_day(text, begins, ends):
    found = read_time(text, NOW)
    assert (said(found.begins), said(found.ends)) == (begins, ends)


@pytest.mark.parametrize(
    ("text", "product", "kind", "value", "quantity"),
    [
        ("promo riz 15000 jusqu'à dimanche", "riz", "price", 15_000, 0),
        ("promo riz parfumé 25 kg à 15 000 jusqu'à dimanche", "riz parfumé 25 kg", "price", 15_000, 0),
        ("promo riz 25kg: 15.000f", "riz 25kg", "price", 15_000, 0),
        ("riz en promo à 15 mil pendant 3 jours", "riz", "price", 15_000, 0),
        ("promo savon 3 pour 1000", "savon", "lot", 1_000, 3),
        ("savon 1000 les 3 jusqu'à dimanche", "savon", "lot", 1_000, 3),
        ("les 3 savons noirs à 1 000 F", "savons noirs", "lot", 1_000, 3),
        ("3 savons noirs pour 1000", "savons noirs", "lot", 1_000, 3),
        ("promo 2 jus pour 500", "jus", "lot", 500, 2),
        ("riz 2 sacs pour 35 mil", "riz", "lot", 35_000, 2),
        ("les 2 sacs de riz 35 mil", "sacs de riz", "lot", 35_000, 2),
        ("promo sur le riz 20% du 16 au 29 décembre", "riz", "percent", 20, 0),
        ("promo gari fin 900", "gari fin", "price", 900, 0),
        ("je fais une promo sur les savons à 400f demain", "savons", "price", 400, 0),
        ("promo gari fin", "gari fin", None, 0, 0),
        ("promo", "", None, 0, 0),
    ],
)
def test_a_promotion_is_read_with_its_good(text, product, kind, value, quantity):
    found = read_promo(text, NOW)
    assert (found.product, found.kind, found.value, found.quantity) == (product, kind, value, quantity)
    assert not found.is_all


@pytest.mark.parametrize(
    "text", ["promo -10% sur tout", "promo tous mes produits -10%", "promo 10% sur toute la boutique"]
)
def test_a_promotion_of_all_goods_names_none(text):
    found = read_promo(text, NOW)
    assert (found.is_all, found.product, found.kind, found.value) == (True, "", "percent", 10)


def test_a_time_that_is_over_makes_no_promotion():
    assert read_promo("promo riz 900 jusqu'à hier", NOW).span is None
