"""What happened to bookings; who reacts reads the rest."""

from dataclasses import dataclass
from typing import Literal

Moment = Literal["day", "hour"]


@dataclass(frozen=True)
class PlacesGot:
    """These people, who waited, have a place in this workshop now."""

    workshop_id: int
    booking_ids: tuple[int, ...]


@dataclass(frozen=True)
class RemindersDue:
    """These bookings are a day, or an hour, before their workshop, and are marked as reminded."""

    moment: Moment
    booking_ids: tuple[int, ...]


@dataclass(frozen=True)
class RatingsDue:
    """Their workshops are over: what do these people say of them?"""

    booking_ids: tuple[int, ...]


@dataclass(frozen=True)
class LessonAnswered:
    """Who asked those who speak at a workshop something is answered in writing."""

    question_id: int
