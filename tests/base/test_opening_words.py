"""Opening hours as people write them, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.hours import write_hours
from base.opening_words import read_opening, say_week

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def week(*days, **others):
    """The hours of each day, those of `others` instead, and none on the rest."""
    return {day: others.get(day, list(days)) for day in DAYS}


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("8h-19h", week("08:00-19:00")),
        ("8h à 19h", week("08:00-19:00")),
        ("8h jusqu'à 19h", week("08:00-19:00")),
        ("de 8h30 à 19 h 15", week("08:30-19:15")),
        ("8:00–19:00", week("08:00-19:00")),
        ("8-19", week("08:00-19:00")),
        ("de 7 heures à 18 heures", week("07:00-18:00")),
        ("tous les jours 7h à 20h", week("07:00-20:00")),
        ("tlj 8h-20h", week("08:00-20:00")),
        ("8h-midi", week("08:00-12:00")),
        ("24h/24", week("00:00-24:00")),
        ("18h-2h", week("18:00-02:00")),
        ("8am-7pm", week("08:00-19:00")),
        ("8h-19h sauf dimanche", week("08:00-19:00", sun=[])),
        ("8h-19h sauf dimanche et lundi", week("08:00-19:00", sun=[], mon=[])),
        ("8am-7pm except sunday", week("08:00-19:00", sun=[])),
        ("8h-19h, dimanche fermé", week("08:00-19:00", sun=[])),
        ("7h30 - 20h00 fermé le dimanche", week("07:30-20:00", sun=[])),
        ("dimanche fermé, les autres jours 8h-19h", week("08:00-19:00", sun=[])),
        ("lundi à samedi 8h-18h", week("08:00-18:00", sun=[])),
        ("8h-18h lundi à samedi", week("08:00-18:00", sun=[])),
        ("du lundi au samedi de 8h à 18h", week("08:00-18:00", sun=[])),
        ("lun-ven 8h-18h, sam 9h-13h", week("08:00-18:00", sat=["09:00-13:00"], sun=[])),
        ("8h-12h30 et 15h-19h", week("08:00-12:30", "15:00-19:00")),
        ("week-end 10h-16h", week(sat=["10:00-16:00"], sun=["10:00-16:00"])),
        ("vendredi à lundi 9h-12h", week("09:00-12:00", tue=[], wed=[], thu=[])),
    ],
)
def test_hours_are_read_as_they_are_written(said, hours):
    found = read_opening(said)
    assert found is not None
    assert write_hours(found) == hours


@pytest.mark.parametrize(
    "said",
    [
        "",
        "bonjour",
        "riz 20",
        "8h",
        "19h-19h",
        "25h-26h",
        "8h-12h 11h-19h",
        "sauf dimanche",
        "8h-19h demain",
        "8" * 500,
    ],
)
def test_what_is_none_is_none(said):
    assert read_opening(said) is None


@given(st.text(alphabet="0123456789h:-/ aàdelnuimschrv,.sauf", max_size=60))
def test_no_text_is_too_much(said):
    found = read_opening(said)
    assert found is None or any(found.week)


def test_days_that_follow_each_other_with_the_same_hours_are_said_together():
    found = read_opening("lun-ven 8h-18h, sam 9h-13h")
    assert list(say_week(found)) == [((0, 1, 2, 3, 4), ((480, 1080),)), ((5,), ((540, 780),))]
