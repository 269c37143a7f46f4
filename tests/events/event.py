"""An event with two workshops, and what tests say of them."""

from datetime import UTC, datetime, timedelta

from events import changing, programme
from events.changing import By, Wanted

AFI, KOFFI, MESSAGE = 7, 8, 31
MONDAY = datetime(2027, 8, 16, tzinfo=UTC)


def at(hour, minute=0, day=0):
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def make_event(db, slug="semaine", state="open", first=MONDAY):
    return (
        db.run(
            "insert into event (slug, name, city, place, latitude, longitude, starts_on, ends_on, state)"
            " values (%(slug)s, 'Semaine', 'Lomé', 'Siège', 6.1, 1.2, %(first)s, %(last)s, %(state)s) returning id",
            slug=slug,
            first=first.date(),
            last=(first + timedelta(days=13)).date(),
            state=state,
        )
        .rows[0]
        .id
    )


def make_workshop(db, event_id, number, title="Sécurité", starts_at=None, **values):
    begins = starts_at or at(9)
    values = {"starts_at": begins, "ends_at": begins + timedelta(hours=2), "title": title, **values}
    columns = ", ".join(values)
    given = ", ".join(f"%({name})s" for name in values)
    return (
        db.run(
            f"insert into workshop (event_id, number, {columns}) values (%(event)s, %(number)s, {given}) returning id",
            event=event_id,
            number=number,
            **values,
        )
        .rows[0]
        .id
    )


def book(db, workshop_id, count, state="booked"):
    db.run(
        "insert into booking (workshop_id, contact_id, conversation_id, state, place, line, code)"
        " select %(workshop)s, 100 + n, 1, %(state)s, n, n, 'C' || %(workshop)s || '-' || n"
        " from generate_series(1, %(count)s) n",
        workshop=workshop_id,
        count=count,
        state=state,
    )


def change(db, event_id, *wanted, by=None):
    """Propose and write."""
    by = by or By(AFI, MESSAGE)
    change_id = changing.propose(db, event_id, list(wanted), by)
    assert changing.apply(db, change_id, by) == "done"
    return change_id


def wanted(workshop_id, revision=None, **values):
    return Wanted(workshop_id, values, revision=revision)


def told(db):
    facts, db.facts = db.facts, []
    return facts


def titles(db, event_id, **filters):
    return [one.title for one in programme.programme(db, event_id, **filters)]
