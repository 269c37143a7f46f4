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
