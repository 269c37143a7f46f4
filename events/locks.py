"""The only row locks of the events: the event first, then workshops, each in id order."""

from collections.abc import Iterable

from base.db import Db


def event(db: Db, event_id: int) -> None:
    """Lock an event until the transaction ends: whoever adds to its programme or opens it does. Raises Alone."""
    db.lock("select id from event where id = %(id)s order by id for no key update", expected=1, id=event_id)


def workshops(db: Db, workshop_ids: Iterable[int]) -> None:
    """Lock these workshops until the transaction ends; comes before the locks of bookings.

    Raises Alone in a batch when one of them is busy.
    """
    wanted = sorted(set(workshop_ids))
    if wanted:
        db.lock(
            "select id from workshop where id = any(%(ids)s) order by id for no key update",
            expected=len(wanted),
            ids=wanted,
        )


def bookings(db: Db, booking_ids: Iterable[int]) -> None:
    """Lock these bookings until the transaction ends; those that are gone are passed over. Raises Alone in a batch."""
    wanted = sorted(set(booking_ids))
    if wanted:
        known = db.value("select count(*) from booking where id = any(%(ids)s)", ids=wanted)
        db.lock(
            "select id from booking where id = any(%(ids)s) order by id for no key update", expected=known, ids=wanted
        )


def questions(db: Db, question_ids: Iterable[int]) -> None:
    """Lock these questions to a workshop until the transaction ends; as `bookings`."""
    wanted = sorted(set(question_ids))
    if wanted:
        known = db.value("select count(*) from workshop_question where id = any(%(ids)s)", ids=wanted)
        db.lock(
            "select id from workshop_question where id = any(%(ids)s) order by id for no key update",
            expected=known,
            ids=wanted,
        )


def workshops_of(db: Db, contact_ids: Iterable[int]) -> list[int]:
    """Lock the workshops in which one of these people has a booking; their ids."""
    rows = db.rows(
        "select distinct workshop_id as id from booking where contact_id = any(%(ids)s)", ids=sorted(set(contact_ids))
    )
    found = [row.id for row in rows]
    workshops(db, found)
    return sorted(found)


def workshops_waited_for(db: Db, event_id: int) -> list[int]:
    """Lock the workshops of an event for which somebody waits; their ids."""
    rows = db.rows(
        "select w.id from workshop w where w.event_id = %(event)s"
        " and exists (select from booking b where b.workshop_id = w.id and b.state = 'waiting')",
        event=event_id,
    )
    found = sorted(row.id for row in rows)
    workshops(db, found)
    return found


def bookings_to_remind(db: Db, before: str, again: str, column: str, limit: int) -> list[int]:
    """For a job: lock up to `limit` free bookings of which a reminder, `before` the workshop, is due; their ids.

    Nobody is reminded who booked, or was told another hour, since then; nor any more `again` before the workshop.
    """
    rows = db.rows(
        f"select b.id from booking b join workshop w on w.id = b.workshop_id where b.state = 'booked'"
        f" and b.{column} is null and w.state <> 'cancelled'"
        " and w.starts_at > market_now() + %(again)s::interval and w.starts_at <= market_now() + %(before)s::interval"
        " and b.told_at < w.starts_at - %(before)s::interval"
        " order by b.id limit %(limit)s for no key update of b skip locked",
        before=before,
        again=again,
        limit=limit,
    )
    return [row.id for row in rows]


def bookings_to_close(db: Db, after: str, until: str, limit: int) -> list[int]:
    """For a job: lock up to `limit` free bookings whose workshop ended `after` ago and not `until` ago; their ids."""
    rows = db.rows(
        "select b.id from booking b join workshop w on w.id = b.workshop_id where b.rating_asked_at is null"
        " and b.state in ('booked', 'attended') and w.state <> 'cancelled'"
        " and w.ends_at <= market_now() - %(after)s::interval and w.ends_at > market_now() - %(until)s::interval"
        " order by b.id limit %(limit)s for no key update of b skip locked",
        after=after,
        until=until,
        limit=limit,
    )
    return [row.id for row in rows]
