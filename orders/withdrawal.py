"""Until when a buyer may give back what he received: ten working days (law 2017-007, articles 44 and 46)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from base.clock import LOME, in_lome

WORKING_DAYS: Final = 10
SATURDAY: Final = 5
# (month, day): the fixed holidays of Togo. The movable ones are decreed, and not known ahead; without
# them the time ends a day early at the most, so who looks at a request near its end asks a person.
FIXED_HOLIDAYS: Final = frozenset({(1, 1), (1, 13), (4, 27), (5, 1), (6, 21), (8, 15), (11, 1), (12, 25)})


def is_working_day(day: date) -> bool:
    """Whether a day counts: Monday to Friday, and no fixed holiday of Togo."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS


def last_day(received: date) -> date:
    """The tenth working day after the day of receipt: the last on which it may be given back."""
    day, left = received, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def possible_until(received_at: datetime) -> datetime:
    """The last moment of that day in Lomé, for a moment of receipt; aware."""
    day = last_day(in_lome(received_at).date())
    return datetime.combine(day + timedelta(days=1), time(), LOME) - timedelta(seconds=1)


def is_possible(received_at: datetime, now: datetime) -> bool:
    """Whether it may still be given back."""
    return now <= possible_until(received_at)


def last_day_of(received: Iterable[datetime]) -> date | None:
    """The last day for what was received last; None when nothing was received."""
    days = [last_day(in_lome(moment).date()) for moment in received]
    return max(days, default=None)
