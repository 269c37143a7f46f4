"""Check-in: one code lets one person in, once; the printed list may be typed in later."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.db import Db
from events import bookings, checkin
from events.codes import code_of, read_letters
from tests.catalog.crowd import run_together
from tests.events.week import AFI, AWA, EDEM, KODJO, LETTERS, ORGANIZER, book, code, make_event, make_workshop
from tests.orders.buying import advance

HOUR = 3600


@pytest.fixture
def workshop(db, week):
    """Number 3, with two places, in three hours, for two hours."""
    return make_workshop(db, week, begins=timedelta(hours=3))


def test_a_code_lets_its_person_in_once_with_the_hour(db, workshop):
    book(db, workshop, AWA)
    first = checkin.enter(db, workshop, code(db, workshop, AWA), ORGANIZER)
    again = checkin.enter(db, None, code(db, workshop, AWA), ORGANIZER)
    assert [first.outcome, again.outcome] == ["welcome", "before"]
    assert first.booking.contact_id == AWA
    assert again.booking.checked_in_at == first.booking.checked_in_at
    assert db.value("select checked_in_by from booking") == ORGANIZER
    assert bookings.places(db, [workshop])[workshop].attended == 1


def test_who_has_no_place_is_not_let_in(db, week, workshop):
    other = make_workshop(db, week, 4, begins=timedelta(hours=3))
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    book(db, other, EDEM)
    waits, elsewhere = code(db, workshop, AFI), code(db, other, EDEM)
    bookings.give_up(db, other, EDEM)
    assert checkin.enter(db, workshop, waits, ORGANIZER).outcome == "waiting"
    assert checkin.enter(db, workshop, elsewhere, ORGANIZER).outcome == "elsewhere"
    assert checkin.enter(db, None, elsewhere, ORGANIZER).outcome == "cancelled"
    assert checkin.enter(db, workshop, "A3-2222", ORGANIZER).outcome in ("unknown", "elsewhere")
    assert checkin.enter(db, workshop, "bonjour", ORGANIZER).outcome == "unknown"
    db.run("update workshop set state = 'cancelled'")
    assert checkin.enter(db, workshop, code(db, workshop, AWA), ORGANIZER).outcome == "off"
    assert db.value("select count(*) from booking where state = 'attended'") == 0


def test_a_list_is_typed_in_by_lines_and_codes(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    checkin.enter(db, workshop, code(db, workshop, KODJO), ORGANIZER)
    advance(db, 3 * HOUR)
    typed = checkin.type_in(db, workshop, ["1", "2", code(db, workshop, AFI), "9", "2"], ORGANIZER)
    assert [one.contact_id for one in typed.new] == [AWA, AFI]
    assert [one.contact_id for one in typed.before] == [KODJO]
    assert typed.unknown == ("9",)
    assert checkin.take_back(db, workshop, ["1", "3", "3", "77"]) == 2
    assert [bookings.own(db, workshop, one).state for one in (AWA, KODJO, AFI)] == ["booked", "attended", "booked"]


def test_a_long_list_costs_as_many_statements_as_a_short_one(db, workshop, monkeypatch):
    counted = []
    executed = Db._executed
    monkeypatch.setattr(Db, "_executed", lambda self, sql, values: counted.append(sql) or executed(self, sql, values))
    for lines in (["1"], [str(number) for number in range(1, 401)]):
        counted.clear()
        assert len(checkin.type_in(db, workshop, lines, ORGANIZER).unknown) == len(lines)
        assert len(counted) == 6
        counted.clear()
        checkin.take_back(db, workshop, lines)
        assert len(counted) == 2


def test_who_waits_is_not_on_a_list_before_it_begins(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    typed = checkin.type_in(db, workshop, ["1", "3"], ORGANIZER)
    assert [[one.contact_id for one in found] for found in (typed.new, typed.kept_out)] == [[AWA], [AFI]]
    assert bookings.own(db, workshop, AFI).state == "waiting"


def test_a_code_opens_no_door_more_than_half_a_day_before_and_is_good_then(db, week):
    later = make_workshop(db, week, begins=timedelta(hours=12, seconds=1))
    book(db, later, AWA)
    early = checkin.enter(db, later, code(db, later, AWA), ORGANIZER)
    typed = checkin.type_in(db, later, ["1"], ORGANIZER)
    assert (early.outcome, early.booking.contact_id, typed.new) == ("early", AWA, ())
    assert [one.contact_id for one in typed.kept_out] == [AWA]
    assert bookings.own(db, later, AWA).state == "booked"
    advance(db, 1)
    assert checkin.enter(db, later, code(db, later, AWA), ORGANIZER).outcome == "welcome"


def test_fifty_scanners_of_one_code_greet_one_and_tell_the_others_when_he_came(crowd):
    with crowd.unit_of_work() as db:
        workshop = make_workshop(db, make_event(db), begins=timedelta(hours=1))
        book(db, workshop, AWA)
        typed = code(db, workshop, AWA)

    def scan(scanner):
        with crowd.unit_of_work() as db:
            arrival = checkin.enter(db, workshop, typed, 100 + scanner)
            return arrival.outcome, arrival.booking.checked_in_at

    results = run_together(scan, range(50))
    outcomes = [outcome for outcome, _ in results]
    assert (outcomes.count("welcome"), outcomes.count("before")) == (1, 49)
    assert len({moment for _, moment in results}) == 1


@given(st.integers(0, 5_000_000), st.integers(1, 999))
def test_a_code_is_read_back_however_it_is_typed(number, workshop):
    letters = LETTERS.of(number)
    assert LETTERS.number_of(letters) == number
    shown = code_of(workshop, letters)
    for typed in (shown, shown.lower(), shown.replace("-", " "), letters, letters.lower(), f" {shown}. "):
        assert read_letters(typed) == (letters,)
    assert letters in read_letters(shown.replace("-", ""))


@pytest.mark.parametrize("typed", ["", "bonjour", "A3", "A3-", "12", "A3-0L1O", "AVEC", "A3 AVEC", "7K4", "7K4QWWWWW"])
def test_what_is_no_code_has_no_letters(typed):
    assert read_letters(typed) == ()
