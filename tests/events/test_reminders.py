"""Reminders a day and an hour before, to those booked only, once; and the question afterwards."""

from datetime import timedelta

from events import bookings, checkin, lessons, reminders
from events.booking_facts import RatingsDue, RemindersDue
from tests.events.week import AFI, AWA, KODJO, ORGANIZER, book, code, make_workshop, told
from tests.orders.buying import advance

HOUR, DAY = 3600, 86_400


def own_id(db, workshop, contact):
    return bookings.own(db, workshop, contact).id


def test_a_day_and_an_hour_before_those_with_a_place_are_reminded_once(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    ids = (own_id(db, workshop, AWA), own_id(db, workshop, KODJO))
    assert reminders.remind(db, 100) == 0
    advance(db, 2 * DAY - 60)
    assert reminders.remind(db, 100) == 0
    advance(db, 60)
    assert (reminders.remind(db, 100), told(db)) == (2, [RemindersDue("day", ids)])
    assert reminders.remind(db, 100) == 0
    advance(db, 23 * HOUR)
    assert (reminders.remind(db, 100), told(db)) == (2, [RemindersDue("hour", ids)])
    advance(db, 10)
    assert reminders.remind(db, 100) == 0


def test_a_reminder_whose_hour_has_passed_is_not_sent(db, workshop):
    book(db, workshop, AWA)
    advance(db, 3 * DAY - HOUR)
    assert (reminders.remind(db, 100), told(db)) == (1, [RemindersDue("hour", (own_id(db, workshop, AWA),))])
    advance(db, HOUR)
    assert reminders.remind(db, 100) == 0


def test_who_books_within_the_day_is_reminded_of_the_hour_alone(db, week):
    soon = make_workshop(db, week, begins=timedelta(hours=5))
    book(db, soon, AWA)
    assert reminders.remind(db, 100) == 0
    advance(db, 4 * HOUR)
    assert (reminders.remind(db, 100), told(db)) == (1, [RemindersDue("hour", (own_id(db, soon, AWA),))])


def test_nothing_is_said_of_what_does_not_take_place_nor_to_who_gave_up(db, week, workshop):
    other = make_workshop(db, week, 4)
    book(db, workshop, AWA)
    book(db, other, AWA)
    bookings.give_up(db, other, AWA)
    db.run("update workshop set state = 'cancelled' where id = %(id)s", id=workshop)
    advance(db, 2 * DAY)
    assert (reminders.remind(db, 100), told(db)) == (0, [])


def test_a_workshop_that_was_moved_is_reminded_of_anew(db, workshop):
    book(db, workshop, AWA)
    advance(db, 2 * DAY)
    assert reminders.remind(db, 100) == 1
    db.run("update workshop set starts_at = starts_at + interval '2 days', ends_at = ends_at + interval '2 days'")
    bookings.told_anew(db, workshop)
    told(db)
    assert reminders.remind(db, 100) == 0
    advance(db, 2 * DAY)
    assert (reminders.remind(db, 100), told(db)) == (1, [RemindersDue("day", (own_id(db, workshop, AWA),))])


def test_a_batch_takes_some_and_the_next_one_the_rest(db, week):
    large = make_workshop(db, week, capacity=None)
    for contact in range(1, 8):
        book(db, large, contact)
    advance(db, 2 * DAY)
    assert [reminders.remind(db, 3) for _ in range(4)] == [3, 3, 1, 0]


def test_where_people_were_let_in_those_are_asked_and_the_others_are_absent(db, workshop):
    book(db, workshop, AWA)
    book(db, workshop, KODJO)
    advance(db, 3 * DAY)
    checkin.enter(db, workshop, code(db, workshop, AWA), ORGANIZER)
    advance(db, 2 * HOUR + 599)
    assert reminders.close(db, 100) == 0
    advance(db, 1)
    assert reminders.close(db, 100) == 2
    assert told(db) == [RatingsDue((own_id(db, workshop, AWA),))]
    assert bookings.own(db, workshop, KODJO).state == "absent"
    assert reminders.close(db, 100) == 0


def test_where_nobody_was_let_in_all_who_booked_are_asked_and_a_list_may_come_later(db, workshop):
    for one in (AWA, KODJO, AFI):
        book(db, workshop, one)
    advance(db, 3 * DAY + 3 * HOUR)
    assert reminders.close(db, 100) == 2
    assert told(db) == [RatingsDue((own_id(db, workshop, AWA), own_id(db, workshop, KODJO)))]
    assert reminders.close(db, 100) == 0
    assert len(checkin.type_in(db, workshop, ["3"], ORGANIZER).new) == 1
    assert reminders.close(db, 100) == 1
    assert told(db) == [RatingsDue((own_id(db, workshop, AFI),))]


def test_nobody_is_asked_of_what_was_long_ago_or_did_not_take_place(db, workshop):
    book(db, workshop, AWA)
    advance(db, 7 * DAY)
    assert reminders.close(db, 100) == 0
    db.run("update workshop set state = 'cancelled', ends_at = market_now() - interval '1 hour'")
    assert reminders.close(db, 100) == 0


def test_how_it_was_is_said_by_who_was_there_after_it_and_the_last_word_counts(db, workshop):
    book(db, workshop, AWA)
    book(db, workshop, KODJO)
    assert [lessons.rate(db, workshop, one, 4) for one in (AWA, AFI)] == ["early", "stranger"]
    advance(db, 4 * DAY)
    assert [lessons.rate(db, workshop, AWA, 2), lessons.rate(db, workshop, AWA, 5)] == ["rated", "rated"]
    assert lessons.rate(db, workshop, KODJO, 4) == "rated"
    assert lessons.ratings(db, [workshop]) == {workshop: lessons.Ratings(2, 45)}
