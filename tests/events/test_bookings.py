"""Bookings: places in order, never more than there are, given on at once, forgotten with their person."""

from datetime import timedelta

import pytest

from events import bookings
from events.booking_facts import PlacesGot
from events.bookings import Places
from tests.catalog.crowd import run_together
from tests.events.week import AFI, AWA, CHAT, EDEM, KODJO, LETTERS, book, make_event, make_workshop, queue, told
from tests.orders.buying import advance


def test_places_are_taken_in_order_and_the_rest_wait(db, workshop):
    assert [book(db, workshop, one) for one in (AWA, KODJO, AFI, EDEM)] == ["booked", "booked", "waiting", "waiting"]
    assert [bookings.own(db, workshop, one).queued for one in (AWA, KODJO, AFI, EDEM)] == [0, 0, 1, 2]
    assert [bookings.own(db, workshop, one).line for one in (AWA, KODJO, AFI, EDEM)] == [1, 2, 3, 4]
    assert bookings.places(db, [workshop]) == {workshop: Places(2, 2, 2, 0)}
    assert told(db) == []


def test_a_code_names_the_workshop_and_is_nobody_elses(db, workshop):
    book(db, workshop, AWA)
    book(db, workshop, KODJO)
    codes = {bookings.own(db, workshop, one).code for one in (AWA, KODJO)}
    assert len(codes) == 2
    assert all(code.startswith("A3-") and len(code) == 7 for code in codes)


def test_nobody_books_twice(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    assert (book(db, workshop, AWA), book(db, workshop, AFI)) == ("booked_before", "waiting_before")
    assert queue(db, workshop) == [(AWA, "booked"), (KODJO, "booked"), (AFI, "waiting")]


def test_the_first_who_waits_moves_up_when_a_place_is_given_up(db, workshop):
    for one in (AWA, KODJO, AFI, EDEM):
        book(db, workshop, one)
    assert bookings.give_up(db, workshop, AWA) == "given_up"
    assert told(db) == [PlacesGot(workshop, (bookings.own(db, workshop, AFI).id,))]
    assert queue(db, workshop) == [(KODJO, "booked"), (AFI, "booked"), (EDEM, "waiting")]
    assert bookings.own(db, workshop, EDEM).queued == 1


def test_who_leaves_the_queue_moves_nobody_up_and_comes_back_at_its_end(db, workshop):
    for one in (AWA, KODJO, AFI, EDEM):
        book(db, workshop, one)
    before = bookings.own(db, workshop, AFI).code
    assert bookings.give_up(db, workshop, AFI) == "left_queue"
    assert told(db) == []
    assert book(db, workshop, AFI) == "waiting"
    assert bookings.own(db, workshop, AFI).code == before
    assert [one for one, _ in queue(db, workshop)] == [AWA, KODJO, EDEM, AFI]
    assert bookings.own(db, workshop, AFI).queued == 2


def test_who_has_nothing_gives_nothing_up(db, workshop):
    assert bookings.give_up(db, workshop, AWA) == "none"
    book(db, workshop, AWA)
    bookings.give_up(db, workshop, AWA)
    assert bookings.give_up(db, workshop, AWA) == "none"


def test_places_that_are_added_go_to_those_who_wait_in_their_order(db, workshop):
    for one in range(1, 7):
        book(db, workshop, one)
    db.run("update workshop set capacity = 4")
    moved = bookings.fill(db, workshop)
    assert [one.contact_id for one in bookings.bookings(db, moved)] == [3, 4]
    db.run("update workshop set capacity = null")
    bookings.fill(db, workshop)
    assert [state for _, state in queue(db, workshop)] == ["booked"] * 6
    assert [len(fact.booking_ids) for fact in told(db)] == [2, 2]


def test_nobody_moves_up_before_who_waits_even_where_a_place_is_free(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    db.run("update workshop set capacity = 3")
    assert book(db, workshop, EDEM) == "waiting"
    assert [one.contact_id for one in bookings.bookings(db, bookings.fill(db, workshop))] == [AFI]


def test_nobody_moves_up_once_it_has_begun(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    advance(db, 3 * 86_400)
    assert bookings.give_up(db, workshop, AWA) == "given_up"
    assert queue(db, workshop) == [(KODJO, "booked"), (AFI, "waiting")]


@pytest.mark.parametrize(
    "change, outcome",
    [
        ("update workshop set state = 'cancelled'", "cancelled"),
        ("update workshop set is_closed = true", "closed"),
        ("update workshop set starts_at = market_now()", "past"),
        ("update event set state = 'over'", "past"),
        ("update event set state = 'draft'", "past"),
    ],
)
def test_what_takes_nobody_says_why(db, workshop, change, outcome):
    db.run(change)
    assert book(db, workshop, AWA) == outcome
    assert queue(db, workshop) == []


def test_a_workshop_that_is_none_is_unknown(db, workshop):
    assert book(db, workshop + 1, AWA) == "unknown"


def test_what_is_at_the_same_time_is_told_and_what_touches_is_not(db, week, workshop):
    beside = make_workshop(db, week, 4, begins=timedelta(days=3, hours=1))
    behind = make_workshop(db, week, 5, begins=timedelta(days=3, hours=2))
    for one in (beside, behind):
        book(db, one, AWA)
    assert [one.number for one in bookings.clashing(db, workshop, AWA)] == [4]
    assert bookings.clashing(db, workshop, KODJO) == ()


def test_own_bookings_are_listed_by_their_hour(db, week, workshop):
    early = make_workshop(db, week, 9, begins=timedelta(days=1))
    gone = make_workshop(db, week, 8, begins=timedelta(days=2))
    for one in (workshop, early, gone):
        book(db, one, AWA)
    bookings.give_up(db, gone, AWA)
    assert [one.number for one in bookings.standing(db, AWA)] == [9, 3]
    assert [one.number for one in bookings.standing(db, AWA, after=1)] == [3]


def test_a_person_is_forgotten_and_his_place_goes_to_the_next(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    assert bookings.forget_person(db, AWA) == 1
    assert queue(db, workshop) == [(KODJO, "booked"), (AFI, "booked")]
    assert [type(fact) for fact in told(db)] == [PlacesGot]


def test_of_two_people_who_are_one_the_better_place_stays(db, week, workshop):
    other = make_workshop(db, week, 4)
    for one in (KODJO, EDEM, AWA, AFI):
        book(db, workshop, one)
    book(db, other, AWA)
    bookings.hand_over(db, KODJO, AWA)
    assert queue(db, workshop) == [(AWA, "booked"), (EDEM, "booked"), (AFI, "waiting")]
    assert [one.number for one in bookings.standing(db, AWA)] == [3, 4]
    assert bookings.standing(db, KODJO) == ()


def test_what_was_booked_in_a_chat_goes_back_with_it(db, workshop):
    book(db, workshop, AWA, chat=CHAT + 1)
    bookings.give_back(db, AWA, KODJO, [CHAT])
    assert bookings.own(db, workshop, KODJO) is None
    bookings.give_back(db, AWA, KODJO, [CHAT + 1])
    assert bookings.own(db, workshop, KODJO).state == "booked"


def test_sixty_at_once_for_ten_places_take_ten_and_wait_in_order(crowd):
    with crowd.unit_of_work() as db:
        workshop = make_workshop(db, make_event(db), capacity=10)

    def come(contact):
        with crowd.unit_of_work() as db:
            outcome = book(db, workshop, contact)
            return outcome, bookings.own(db, workshop, contact).queued

    results = run_together(come, range(1, 61))
    assert sorted(results) == [("booked", 0)] * 10 + [("waiting", place) for place in range(1, 51)]
    with crowd.unit_of_work() as db:
        assert [state for _, state in queue(db, workshop)] == ["booked"] * 10 + ["waiting"] * 50


def test_places_given_up_and_asked_for_at_once_are_all_taken_by_those_who_waited(crowd):
    with crowd.unit_of_work() as db:
        workshop = make_workshop(db, make_event(db), capacity=10)
        for contact in range(1, 31):
            book(db, workshop, contact)

    def change(contact):
        with crowd.unit_of_work() as db:
            if contact <= 10:
                return bookings.give_up(db, workshop, contact)
            return bookings.book(db, workshop, contact, CHAT, LETTERS)

    run_together(change, [*range(1, 11), *range(101, 111)])
    with crowd.unit_of_work() as db:
        standing = queue(db, workshop)
    assert standing[:10] == [(contact, "booked") for contact in range(11, 21)]
    assert [state for _, state in standing[10:]] == ["waiting"] * 20
