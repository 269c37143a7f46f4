"""The invariants of bookings: silent on what the rules leave, and each names the row that breaks it."""

from datetime import timedelta

from base.invariants import violations
from bot.invariants import INVARIANTS as ALL
from events import bookings, changing, checkin, opening
from events.changing import By, Wanted
from events.invariants import ENOUGH, INVARIANTS, ONCE, ONE_BEHIND_ANOTHER, WAITS_IN_VAIN
from tests.events.week import AFI, AWA, EDEM, KODJO, ORGANIZER, book, code, make_workshop, queue
from tests.orders.buying import advance


def broken(db):
    return [(found.invariant, found.row, found.says) for found in violations(db, INVARIANTS)]


def test_they_are_looked_at_with_all_others():
    assert set(INVARIANTS) <= set(ALL)


def test_whatever_the_rules_do_breaks_nothing(db, week):
    workshop = make_workshop(db, week, begins=timedelta(hours=4))
    for one in (AWA, KODJO, AFI, EDEM):
        book(db, workshop, one)
        assert broken(db) == []
    bookings.give_up(db, workshop, AWA)
    assert broken(db) == []
    checkin.type_in(db, workshop, ["2", "4"], ORGANIZER)
    bookings.hand_over(db, AFI, 77)
    assert broken(db) == []
    advance(db, 120)
    fewer = changing.propose(db, week, [Wanted(workshop, {"capacity": 1})], By())
    assert changing.apply(db, fewer, By()) == "done"
    assert broken(db) == []
    advance(db, 4 * 3600)
    checkin.type_in(db, workshop, ["2", "3", "4", code(db, workshop, EDEM)], ORGANIZER)
    assert (bookings.places(db, [workshop])[workshop].attended, broken(db)) == (3, [])


def test_who_waits_when_an_event_is_opened_again_gets_what_was_given_up_meanwhile(db, week, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    opening.set_state(db, week, "over")
    bookings.give_up(db, workshop, AWA)
    assert (queue(db, workshop), broken(db)) == ([(KODJO, "booked"), (AFI, "waiting")], [])
    opening.set_state(db, week, "open")
    assert (queue(db, workshop), broken(db)) == ([(KODJO, "booked"), (AFI, "booked")], [])


def test_one_place_too_many_is_named(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    db.run("update booking set state = 'booked'")
    db.run("update workshop set changed_at = market_now() - interval '1 hour'")
    assert broken(db) == [(ENOUGH.name, f"workshop {workshop}", "2 places for 3 people")]


def test_who_waits_beside_a_free_place_is_named(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    db.run("update booking set state = 'cancelled' where contact_id = %(id)s", id=AWA)
    assert broken(db) == [(WAITS_IN_VAIN.name, f"workshop {workshop}", "1 wait, 1 of 2 places are taken")]


def test_two_at_one_place_of_the_queue_are_named(db, workshop):
    for one in (AWA, KODJO, AFI, EDEM):
        book(db, workshop, one)
    place = bookings_place(db, AFI)
    db.run("update booking set place = %(place)s where contact_id = %(id)s", place=place, id=EDEM)
    assert broken(db) == [(ONE_BEHIND_ANOTHER.name, f"workshop {workshop}", f"2 wait at place {place}")]


def bookings_place(db, contact):
    return db.value("select place from booking where contact_id = %(id)s", id=contact)


def test_a_second_booking_is_named_though_the_table_forbids_it(db, workshop):
    book(db, workshop, AWA)
    book(db, workshop, KODJO)
    db.run("alter table booking drop constraint uq_booking_workshop_id_contact_id")
    db.run("update booking set contact_id = %(id)s", id=AWA)
    assert broken(db) == [(ONCE.name, f"workshop {workshop}", f"contact {AWA} has 2 bookings")]
