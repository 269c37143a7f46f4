"""Days and hours are read as people in Lomé say them."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.when import When, read_when

WEDNESDAY = datetime(2021, 8, 18, 10, 0, tzinfo=UTC)  # ten in the morning in Lomé


def day(number, month=8, year=2021):
    return date(year, month, number)


def one(number, month=8, start=None, end=None, year=2021, is_sure=True):
    return When(day(number, month, year), day(number, month, year), start, end, is_sure)


def at(hour, minute=0):
    return time(hour, minute)


MORNING, NOON, AFTERNOON, EVENING = (at(8), at(12)), (at(12), at(14)), (at(12), at(18)), (at(18), at(20))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        *((text, one(18)) for text in ("aujourd'hui", "aujourdhui", "auj", "ojd", "ojrd8", "ajd")),
        ("ce matin", one(18, 8, *MORNING)),
        ("ce midi", one(18, 8, *NOON)),
        ("cet aprem", one(18, 8, *AFTERNOON)),
        *((text, one(18, 8, *EVENING)) for text in ("ce soir", "se soir")),
        *((text, one(19)) for text in ("demain", "dmain", "2main", "dem1")),
        ("demain matin", one(19, 8, *MORNING)),
        *((text, one(20)) for text in ("après-demain", "apres demain", "apre dem1")),
        ("hier", one(17)),
        ("avant-hier", one(16)),
        *((text, one(21)) for text in ("samedi", "sam", "samdi", "ce samedi")),
        ("samedi prochain", one(28)),
        ("jeudi prochain", one(26, is_sure=False)),
        ("d'ici vendredi", one(20)),
        ("lundi en 8", one(30)),
        ("dans 2 jours", one(20)),
        ("dans 3 semaines", one(8, 9)),
        ("dans 1h", one(18, 8, at(11))),
        ("dans une heure", one(18, 8, at(11))),
        ("dans 30 minutes", one(18, 8, at(10, 30))),
        ("fin du mois", one(31)),
        *((text, When(day(21), day(22))) for text in ("en fin de semaine", "le week-end", "ce weekend")),
    ],
)
def test_days_are_told_from_the_day_of_the_talk(text, when):
    assert read_when(text, WEDNESDAY) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        *((text, one(16, 8, year=2022)) for text in ("16 août", "16 aout", "16/08", "16/8")),
        *((text, one(16)) for text in ("16-08-2021", "16.08.21", "16/08/2021")),
        ("le 16", one(16, 9)),
        ("le 25", one(25)),
        ("1er sept", one(1, 9)),
        ("du 16 au 29 août", When(day(16), day(29))),
        ("20 et 21 août", When(day(20), day(21))),
        ("le 31 janvier", one(31, 1, year=2022)),
    ],
)
def test_dates_are_day_first_and_the_next_that_comes(text, when):
    assert read_when(text, WEDNESDAY) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        *((text, one(18, 8, at(14, 30))) for text in ("14h30", "14 h 30", "14H30", "14:30", "14.30")),
        ("14h", one(18, 8, at(14))),
        ("9 h du matin", one(19, 8, at(9))),
        *((text, one(19, 8, at(9))) for text in ("9h", "9h précises", "9h GMT")),
        ("2h de l'après-midi", one(18, 8, at(14))),
        ("8h du soir", one(18, 8, at(20))),
        ("cinq heures du soir", one(18, 8, at(17))),
        ("midi", one(18, 8, at(12))),
        ("midi 30", one(18, 8, at(12, 30))),
        ("minuit", one(19, 8, at(0))),
        ("vers 11h", one(18, 8, at(11))),
        ("avant 12h", one(18, 8, None, at(12))),
        ("après 17h", one(18, 8, at(17))),
        *((text, one(18, 8, at(14), at(16))) for text in ("entre 14 et 16h", "14h-16h", "de 14h à 16h")),
        ("8h", one(18, 8, at(20))),
        ("7h", one(18, 8, at(19))),
        *((text, one(18, 8, at(10))) for text in ("tout de suite", "maintenant", "now", "asap")),
    ],
)
def test_an_hour_alone_is_the_next_one_inside_opening_hours(text, when):
    assert read_when(text, WEDNESDAY) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("je peux avoir ca ojd avant 17h", one(18, 8, None, at(17))),
        ("livrez demain matin svp", one(19, 8, *MORNING)),
        ("ce soir à 19h", one(18, 8, at(19))),
        ("mercredi 9h", one(25, 8, at(9))),
        ("mercredi 17h", one(18, 8, at(17))),
        ("jeudi 19/08 14h-16h", one(19, 8, at(14), at(16))),
        ("vendredi 10h 60 places", one(20, 8, at(10))),
        ("pour dimanche soir", one(22, 8, *EVENING)),
    ],
)
def test_days_and_hours_are_found_in_a_sentence(text, when):
    assert read_when(text, WEDNESDAY) == when


@pytest.mark.parametrize(
    "text", ["", "je veux du riz", "2 sacs de riz", "prix 1500", "31/02", "mercredir", "je suis au marché"]
)
def test_what_names_no_moment_is_none(text):
    assert read_when(text, WEDNESDAY) is None


def test_what_was_said_is_told_in_iso_form():
    assert (one(18, 8, None, at(17)).deadline, one(19).deadline) == ("2021-08-18T17:00", "2021-08-19")
    assert (one(19, 8, *MORNING).begins, one(19, 8, *MORNING).deadline) == ("2021-08-19T08:00", "2021-08-19T12:00")


@given(st.text(max_size=400))
def test_any_text_at_all_is_a_moment_or_none(text):
    found = read_when(text, WEDNESDAY)
    assert found is None or found.first <= found.last


@given(
    st.lists(
        st.sampled_from("demain matin 14h 8h le 31 30/02 lundi prochain dans du au août entre et fin mois".split())
    )
)
def test_any_pile_of_words_of_time_is_a_moment_or_none(words):
    found = read_when(" ".join(words), WEDNESDAY)
    assert found is None or found.first <= found.last
