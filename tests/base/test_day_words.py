"""Hours of one day as people write them, which day is meant, and what they make of the usual ones."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.clock import LOME
from base.day_words import lacks_hour, read_day_hours, tells_day_hours

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=LOME)  # a Tuesday
USUAL = ((7 * 60, 19 * 60),)
PARTED = ((7 * 60, 12 * 60 + 30), (15 * 60, 19 * 60))


def clock(spans):
    return spans and ", ".join(f"{a // 60}h{a % 60:02d}-{b // 60}h{b % 60:02d}" for a, b in spans)


@pytest.mark.parametrize(
    ("said", "day", "hours", "is_certain"),
    [
        ("j ferme a 17h aujourdhui", "24/11", "7h00-17h00", True),
        ("on ferme à 15h aujourd'hui", "24/11", "7h00-15h00", True),
        ("aujourd'hui je ferme à 17h30", "24/11", "7h00-17h30", True),
        ("je ferme plus tôt aujourd'hui, à 16 heures", "24/11", "7h00-16h00", True),
        ("ce soir on ferme à 20h", "24/11", "7h00-20h00", True),
        ("fermeture 15h demain", "25/11", "7h00-15h00", True),
        ("on ferme dem1 à 15:30 svp", "25/11", "7h00-15h30", True),
        ("demain 9h-12h", "25/11", "9h00-12h00", True),
        ("demain 9h-18", "25/11", "9h00-18h00", True),
        ("demain de 9h30 à 18", "25/11", "9h30-18h00", True),
        ("demain 9h à 12h et 15h à 18h", "25/11", "9h00-12h00, 15h00-18h00", True),
        ("demain j'ouvre à 10h", "25/11", "10h00-19h00", True),
        ("demain j'ouvre à 10h et je ferme à 15h", "25/11", "10h00-15h00", True),
        ("demain ouvert à partir de 10h", "25/11", "10h00-19h00", True),
        ("fermé à partir de 15h demain", "25/11", "7h00-15h00", True),
        ("fermé de 12h à 14h aujourd'hui", "24/11", "7h00-12h00, 14h00-19h00", True),
        ("pause de 12h à 14h demain", "25/11", "7h00-12h00, 14h00-19h00", True),
        ("ce samedi ouvert jusqu'à 22h", "28/11", "7h00-22h00", True),
        ("le 24 décembre 8h-13h", "24/12", "8h00-13h00", True),
        ("24/12 8h-13h", "24/12", "8h00-13h00", True),
        ("samedi 9h-13h", "28/11", "9h00-13h00", False),
        ("samedi je ferme à 13h", "28/11", "7h00-13h00", False),
        ("mardi je ferme à 17h", "24/11", "7h00-17h00", False),
        ("mardi 7h-8h", "01/12", "7h00-8h00", False),
        ("je ferme à 17h", "24/11", "7h00-17h00", False),
        ("demain comme d'habitude", "25/11", "7h00-19h00", True),
        ("tomorrow we close at 3pm", "25/11", "7h00-15h00", True),
        ("today open until 10pm", "24/11", "7h00-22h00", True),
    ],
)
def test_the_hours_of_a_day_are_read(said, day, hours, is_certain):
    told = read_day_hours(said, NOW)
    assert (told.first, told.is_certain) == (told.last, is_certain)
    assert (f"{told.first:%d/%m}", clock(told.rule.applied(USUAL, USUAL))) == (day, hours)


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("je ferme à 17h aujourd'hui", "7h00-12h30, 15h00-17h00"),
        ("je ferme à 14h aujourd'hui", "7h00-14h00"),  # he stays longer than usual at noon
        ("je ferme à 22h aujourd'hui", "7h00-12h30, 15h00-22h00"),
        ("demain j'ouvre à 6h", "6h00-12h30, 15h00-19h00"),
        ("demain j'ouvre à 14h", "14h00-19h00"),
        ("je ferme à 6h aujourd'hui", None),
        ("demain j'ouvre à 20h", None),
        ("fermé de 20h à 22h demain", None),
        ("fermé de 6h à 20h demain", None),
    ],
)
def test_a_day_keeps_what_is_not_told_of_it(said, hours):
    assert clock(read_day_hours(said, NOW).rule.applied(PARTED, PARTED)) == hours


def test_a_day_that_it_is_shut_on_has_only_hours_that_are_told_whole():
    assert read_day_hours("demain je ferme à 15h", NOW).rule.applied((), ()) is None
    assert clock(read_day_hours("demain 9h-15h", NOW).rule.applied((), ())) == "9h00-15h00"


def test_some_days_in_a_row_have_the_same_hours():
    told = read_day_hours("du 24 au 26 décembre 8h-12h", NOW)
    assert [f"{day:%d/%m}" for day in told.days()] == ["24/12", "25/12", "26/12"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "fermé demain",
        "fermé jusqu'à 14h",
        "pause 2 heures",
        "fermé 2 heures",
        "pause jusqu'à 14h",
        "8h-19h",
        "8h-19h sauf dimanche",
        "lundi à samedi 8h-18h",
        "samedi 9h-13h dimanche 9h-12h",
        "tous les samedis 9h-13h",
        "je ne ferme pas à 17h aujourd'hui",
        "tu fermes à 17h aujourd'hui ?",
        "hier je ferme à 17h",
        "demain riz 20",
        "demain à 10h",
        "demain 25h-26h",
        "le 24 décembre 2025 8h-13h",
        "du 1er au 24 décembre 8h-12h",
        "je ferme à 17h puis à 18h aujourd'hui",
        "9" * 300,
    ],
)
def test_what_is_something_else_is_none(said):
    assert read_day_hours(said, NOW) is None


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ("je ferme tôt aujourd'hui", True),
        ("demain on ouvre tard", True),
        ("je ferme plus tôt", True),
        ("je ferme tôt aujourd'hui, à 16h", False),
        ("fermé demain", False),
        ("je me lève tôt", False),
    ],
)
def test_early_and_late_lack_an_hour(said, lacks):
    assert lacks_hour(said) is lacks


@given(st.text(alphabet="0123456789h:-/ aàdelnuimschrv,.jourfs'", max_size=80))
def test_no_text_is_too_much(said):
    told = read_day_hours(said, NOW)
    assert told is None or (tells_day_hours(said) and NOW.date() <= told.first <= told.last)
