"""A small week for tests: rows are written as they are."""

from datetime import timedelta

from base.secret import Secret
from events import bookings
from events.codes import letters_under

LETTERS = letters_under(Secret("a key for tests only"))
AWA, KODJO, AFI, EDEM, ORGANIZER = 7, 8, 9, 10, 90
CHAT = 70


def make_event(db, state="open", slug="semaine"):
    return (
        db.run(
            "insert into event (slug, name, starts_on, ends_on, state, place)"
            " values (%(slug)s, 'Semaine', current_date, current_date + 14, %(state)s, 'Ecobank') returning id",
            slug=slug,
            state=state,
        )
        .rows[0]
        .id
    )


def make_workshop(db, event_id, number=3, *, capacity=2, begins=timedelta(days=3), lasts=timedelta(hours=2)):
    """`begins` after now, at a moment that a test's clock can reach."""
    return (
        db.run(
            "insert into workshop (event_id, number, title, starts_at, ends_at, capacity)"
            " values (%(event)s, %(number)s, %(title)s, market_now() + %(begins)s, market_now() + %(ends)s,"
            " %(capacity)s) returning id",
            event=event_id,
            number=number,
            title=f"Atelier numéro {number}",
            begins=begins,
            ends=begins + lasts,
            capacity=capacity,
        )
        .rows[0]
        .id
    )


def book(db, workshop_id, contact, chat=CHAT):
    return bookings.book(db, workshop_id, contact, chat, LETTERS)


def code(db, workshop_id, contact):
    return bookings.own(db, workshop_id, contact).code


def queue(db, workshop_id):
    """(contact, state) of all who stand there, in the order of their places."""
    rows = db.rows(
        "select contact_id, state from booking where workshop_id = %(id)s and state in ('booked', 'waiting')"
        " order by place",
        id=workshop_id,
    )
    return [(row.contact_id, row.state) for row in rows]


def told(db):
    """The facts since the last look."""
    facts, db.facts = db.facts, []
    return facts
