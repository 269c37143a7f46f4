"""What happened to workshops; who reacts reads the rest. A change of one workshop is one fact, whatever it changes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Times:
    """From when to when a workshop lasts."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class WorkshopAdded:
    """A workshop was added to the programme."""

    workshop_id: int


@dataclass(frozen=True)
class WorkshopMoved:
    """A workshop is at another time; `also` names what else of it was changed with that, as in WorkshopChanged."""

    workshop_id: int
    before: Times
    after: Times
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkshopChanged:
    """A workshop is elsewhere, at the same time: `what` names its columns, of place, room, link, title, speakers."""

    workshop_id: int
    what: tuple[str, ...]


@dataclass(frozen=True)
class WorkshopCancelled:
    """A workshop does not take place."""

    workshop_id: int
    reason: str


@dataclass(frozen=True)
class WorkshopRestored:
    """A workshop that was cancelled takes place all the same."""

    workshop_id: int


@dataclass(frozen=True)
class PlacesChanged:
    """A workshop has another number of places (None: any number), or takes people again, or no more (`is_closed`)."""

    workshop_id: int
    before: int | None
    after: int | None
    is_closed: bool
