"""The programme: the one open event, its days and themes, what is free."""

from datetime import timedelta

import psycopg
import pytest

from events import opening, programme
from events.errors import UnknownEvent
from events.programme import Day
from tests.events.event import MONDAY, at, book, make_event, make_workshop, titles


@pytest.fixture
def week(db):
    return make_event(db)


def test_workshops_are_read_by_day_and_theme_in_one_order_with_what_is_free(db, week):
    second = make_workshop(db, week, 2, "Atelier", at(14), capacity=30, theme="security")
    first = make_workshop(db, week, 1, "Panel", at(9), theme="law", place="Université", room="Amphi")
    late = make_workshop(db, week, 3, "Tard", at(23, 30), capacity=1, theme="law", state="cancelled")
    next_day = make_workshop(db, week, 4, "Demain", at(0, day=1), capacity=2)
    book(db, second, 28)
    db.run("update booking set state = 'waiting' where contact_id > 125")
    assert titles(db, week) == ["Panel", "Atelier", "Tard", "Demain"]
    assert titles(db, week, day=MONDAY.date()) == ["Panel", "Atelier", "Tard"]
    assert titles(db, week, theme="law") == ["Panel", "Tard"]
    assert titles(db, week, since=at(16)) == ["Tard", "Demain"]
    assert titles(db, week, after=second, size=1) == ["Tard"]
    assert programme.days(db, week) == (Day(MONDAY.date(), 2), Day((MONDAY + timedelta(1)).date(), 1))
    panel, atelier = programme.of_number(db, week, 1), programme.of_number(db, week, 2)
    assert (panel.id, panel.place, panel.latitude, panel.has_own_place) == (first, "Université", None, True)
    assert (panel.capacity, panel.free, panel.booked) == (None, None, 0)
    assert (atelier.place, atelier.latitude, atelier.has_own_place) == ("Siège", 6.1, False)
    assert (atelier.booked, atelier.waiting, atelier.free) == (25, 3, 5)
    assert [one.id for one in programme.workshops_of(db, [next_day, late])] == [late, next_day]
    assert programme.workshop(db, 0) is None
    assert programme.of_number(db, week, 9) is None


def test_a_workshop_takes_people_until_it_begins_is_shut_or_cancelled(db, week):
    for number, values in enumerate([{}, {"is_closed": True}, {"state": "cancelled"}, {"state": "over"}], 1):
        make_workshop(db, week, number, f"{number}", **values)
    found = programme.programme(db, week)
    assert [one.takes(at(8)) for one in found] == [True, False, False, False]
    assert [one.takes(at(9)) for one in found] == [False] * 4
    assert [one.is_past(at(10)) for one in found] == [False, False, False, True]
    assert [one.is_past(at(11)) for one in found] == [True] * 4


def test_one_event_is_open_and_opening_another_closes_it(db, week):
    other = make_event(db, "autre", "draft")
    assert programme.open_event(db).id == week
    opening.set_state(db, other, "open")
    assert [(one.slug, one.state) for one in programme.events(db)] == [("autre", "open"), ("semaine", "over")]
    opening.set_state(db, other, "over")
    assert programme.open_event(db) is None
    with pytest.raises(UnknownEvent):
        opening.set_state(db, 0, "open")


def test_the_table_itself_has_one_open_event(db, week):
    with pytest.raises(psycopg.errors.UniqueViolation):
        make_event(db, "autre")


@pytest.mark.parametrize(("keeps", "days"), [("weekdays", 371), ("order", 367)])
def test_an_event_is_made_anew_at_other_days_without_anybody_in_it(db, week, keeps, days):
    first = make_workshop(db, week, 3, capacity=30, room="Salle 2", link="https://x.example", state="moved")
    make_workshop(db, week, 4, state="cancelled")
    book(db, first, 3)
    db.run("insert into event_phase (event_id, position, name, starts_on, ends_on)"
           " values (%(id)s, 1, 'Formation', '2027-08-16', '2027-08-22')", id=week)  # fmt: skip
    db.run(
        "insert into event_partner (event_id, position, name, role) values (%(id)s, 1, 'Ecobank', 'accueil')", id=week
    )
    copied = opening.clone(db, week, (MONDAY + timedelta(367)).date(), "Foire", keeps)
    made = programme.event(db, copied.event_id)
    assert (copied.slug, copied.days, copied.workshops) == ("foire-2028", days, 1)
    assert (made.name, made.state, made.cloned_from, made.starts_on) == (
        "Foire",
        "draft",
        week,
        (MONDAY + timedelta(days)).date(),
    )
    [one] = programme.programme(db, made.id)
    assert (one.number, one.starts_at, one.capacity, one.room) == (3, at(9, day=days), 30, "Salle 2")
    assert (one.booked, one.state, one.link) == (0, "planned", "https://x.example")
    assert [phase.starts_on for phase in programme.phases(db, made.id)] == [(MONDAY + timedelta(days)).date()]
    assert programme.partners(db, made.id) == programme.partners(db, week)
    assert opening.clone(db, week, (MONDAY + timedelta(367)).date(), "Foire", keeps).slug == "foire-2028-2"


def test_an_event_made_anew_has_no_note_but_one_that_is_told_and_no_year_of_the_old_one(db, week):
    db.run("update event set name = 'Foire 2027', note = 'Horaires inventés' where id = %(id)s", id=week)
    first = opening.clone(db, week, (MONDAY + timedelta(367)).date())
    second = opening.clone(db, week, (MONDAY + timedelta(367)).date(), note="Entrée libre")
    made = [programme.event(db, one.event_id) for one in (first, second)]
    assert [(one.name, one.slug, one.note) for one in made] == [
        ("Foire 2028", "foire-2028", ""),
        ("Foire 2028", "foire-2028-2", "Entrée libre"),
    ]
    assert programme.event(db, week).note == "Horaires inventés"


def test_nothing_is_cloned_of_an_event_that_is_not_there(db):
    with pytest.raises(UnknownEvent):
        opening.clone(db, 0, MONDAY.date())
