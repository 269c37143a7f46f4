"""The day on which stories begin, and their written days moved to it: they tell of Tuesday, 1 December 2026."""

import re
from datetime import date, datetime, time, timedelta
from functools import partial

from babel.dates import format_date

from base.clock import LOME

WRITTEN, NINE = date(2026, 12, 1), time(9)
DAYS = {
    r"(?<!\d)(?P<day>\d\d)/12(?![/\d])": "dd/MM",
    r"\b(?P<day>1er|\d{1,2}) déc\.": "d MMM",
    r"\b(?P<day>1er|\d{1,2}) décembre(?! 2026)": "d MMMM",
    r"\b(?P<day>1er|\d{1,2}) décembre 2026": "d MMMM y",
}


def first_day(here):
    """The next Tuesday whose nine o'clock is still to come, of a moment in Lomé."""
    day = here.date() + timedelta(days=here.time() >= NINE)
    return day + timedelta(days=(WRITTEN.weekday() - day.weekday()) % 7)


def of_now(text):
    """A story's text with the days of the week in which it is told."""
    return moved(text, first_day(datetime.now(LOME)) - WRITTEN)


def moved(text, by):
    """A text whose days of December 2026 are so much later, a day of another month as it is."""
    for pattern, shape in DAYS.items():
        text = re.sub(pattern, partial(later, by=by, shape=shape), text)
    return text


def later(found, by, shape):
    """A day that was found, as it is written so much later."""
    day = WRITTEN.replace(day=int(found["day"].removesuffix("er"))) + by
    return re.sub(r"^1 ", "1er ", format_date(day, shape, locale="fr"))
