"""What a written change is to those who have a place: one fact a workshop, and one of its places beside it."""

from typing import Any, Final

from base import facts
from base.db import Db
from events.facts import (
    PlacesChanged,
    Times,
    WorkshopAdded,
    WorkshopCancelled,
    WorkshopChanged,
    WorkshopMoved,
    WorkshopRestored,
)

TOLD: Final = ("title", "place", "room", "link", "speakers")


def note(db: Db, workshop_id: int, was: Any | None, now: Any) -> None:
    """Record what happened to a workshop, by its rows before (None: it is new) and after."""
    if was is None:
        facts.record(db, WorkshopAdded(workshop_id))
        return
    told = tuple(column for column in TOLD if getattr(was, column) != getattr(now, column))
    before, after = Times(was.starts_at, was.ends_at), Times(now.starts_at, now.ends_at)
    if now.state == "cancelled":
        if was.state != "cancelled":
            facts.record(db, WorkshopCancelled(workshop_id, now.reason))
    elif was.state == "cancelled":
        facts.record(db, WorkshopRestored(workshop_id))
    elif before != after:
        facts.record(db, WorkshopMoved(workshop_id, before, after, told))
    elif told:
        facts.record(db, WorkshopChanged(workshop_id, told))
    if (was.capacity, was.is_closed) != (now.capacity, now.is_closed):
        facts.record(db, PlacesChanged(workshop_id, was.capacity, now.capacity, now.is_closed))
