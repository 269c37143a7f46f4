"""What is due by the clock: reminders a day and an hour before, and after it the question how it was."""

from typing import Final

from base import facts
from base.db import Db
from events import locks
from events.booking_facts import Moment, RatingsDue, RemindersDue

DAY, HOUR, BEGUN = "24 hours", "1 hour", "0 hours"
ASKED_AFTER: Final = "10 minutes"  # so that the last ones are out of the door
ASKED_UNTIL: Final = "3 days"  # later nobody remembers


def remind(db: Db, limit: int) -> int:
    """A job: mark up to `limit` bookings of each kind as reminded, with the fact that tells them; how many in all."""
    return _remind(db, "day", DAY, HOUR, limit) + _remind(db, "hour", HOUR, BEGUN, limit)


def _remind(db: Db, moment: Moment, before: str, again: str, limit: int) -> int:
    due = locks.bookings_to_remind(db, before, again, f"reminded_{moment}", limit)
    if due:
        db.run(f"update booking set reminded_{moment} = market_now() where id = any(%(ids)s)", ids=due)
        facts.record(db, RemindersDue(moment, tuple(due)))
    return len(due)


def close(db: Db, limit: int) -> int:
    """A job: of workshops that are over, ask those who were there; of others who booked none of whom anybody was.

    Where people were let in, whoever was not is absent. How many bookings were looked at.
    """
    ended = locks.bookings_to_close(db, ASKED_AFTER, ASKED_UNTIL, limit)
    if not ended:
        return 0
    db.run(
        "update booking b set state = 'absent' where b.id = any(%(ids)s) and b.state = 'booked' and exists ("
        "select from booking o where o.workshop_id = b.workshop_id and o.state = 'attended')",
        ids=ended,
    )
    asked = db.run(
        "update booking set rating_asked_at = market_now()"
        " where id = any(%(ids)s) and state in ('booked', 'attended') returning id",
        ids=ended,
    ).rows
    if asked:
        facts.record(db, RatingsDue(tuple(sorted(row.id for row in asked))))
    return len(ended)
