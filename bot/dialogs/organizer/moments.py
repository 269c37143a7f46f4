"""Days and hours of workshops as organizers say them: a day without its year is one of the event's."""

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from base.clock import LOME
from base.later import Later
from base.spelling import normalise
from base.when import read_when
from bot.turn import Turn
from events.programme import Event

if TYPE_CHECKING:
    from bot.understanding import organizer_times
else:
    organizer_times = Later("bot.understanding.organizer_times")

_WEEKDAY: Final = re.compile(
    r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
_DATED: Final = re.compile(
    r"\d ?[/.-] ?\d|\b\d{1,2} ?(?:janv|fev|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|dec|jan|feb|apr|jun|jul|aug)"
)
_YEAR: Final = re.compile(r"\b20\d\d\b|\d/\d{1,2}/\d\d")
_LASTS: Final = re.compile(r"^(?:pendant |dure[er]? )?(\d{1,2}) ?(h|heures?|min(?:utes?)?|mn)(?: ?(\d{2}))?$")
_UNTIL: Final = re.compile(r"^(?:jusqu'?a |a |à )+", re.IGNORECASE)


def heard(turn: Turn, event: Event) -> dict[str, str]:
    """What a message says of when a workshop is: `day`, `start`, `end` in ISO 8601, as far as they are told."""
    said = {name: str(turn.slot(name) or "") for name in ("starts_at", "ends_at")}
    day, _, start = said["starts_at"].partition("T")
    end = said["ends_at"].partition("T")[2]
    told: dict[str, Any] = {"day": "" if turn.slot("is_hour_alone") else day, "start": start, "end": end}
    if told["day"]:
        told["day"] = of_event(told["day"], turn.words, event)
    return {name: value for name, value in told.items() if value}


def read(typed: str, now: datetime, event: Event) -> dict[str, str]:
    """The same of an answer that is about nothing else; {} when it names neither day nor hour."""
    found = organizer_times.read_times(typed, now)
    if found is None:
        return {}
    day, _, start = found.begins.partition("T")
    told = {
        "day": "" if found.is_hour_alone or not day else of_event(day, typed, event),
        "start": start,
        "end": found.ends.partition("T")[2],
    }
    return {name: value for name, value in told.items() if value}


def of_event(day: str, words: str, event: Event) -> str:
    """A date without its year, and a bare weekday, said before the event begins, are of the event where it has them."""
    told = date.fromisoformat(day)
    plain = normalise(words)
    if told >= event.starts_on or _YEAR.search(words):
        return day
    days = [event.starts_on + timedelta(days=ahead) for ahead in range((event.ends_on - event.starts_on).days + 1)]
    if _DATED.search(words.casefold()):
        return next((one for one in days if (one.month, one.day) == (told.month, told.day)), told).isoformat()
    if _WEEKDAY.search(plain):
        return next((one for one in days if one.weekday() == told.weekday()), told).isoformat()
    return day


def read_end(typed: str, start: str) -> str:
    """Until which hour: `16h`, `jusqu'à 16h`, or how long it lasts behind its beginning: `2 heures`; '' for neither."""
    plain = _UNTIL.sub("", " ".join(typed.casefold().split()))
    lasts = _LASTS.match(normalise(plain))
    if lasts and start and (lasts[2] != "h" or typed.casefold().startswith(("pendant", "dur"))):
        minutes = int(lasts[1]) * (60 if lasts[2].startswith("h") else 1) + int(lasts[3] or 0)
        ends = datetime.combine(datetime(2000, 1, 1, tzinfo=LOME), time.fromisoformat(start)) + timedelta(
            minutes=minutes
        )
        return f"{ends:%H:%M}" if ends.day == 1 else ""
    found = read_when(plain, datetime(2000, 1, 1, 0, 1, tzinfo=LOME))
    told = found and (found.end or found.start)
    return f"{told:%H:%M}" if told else ""
