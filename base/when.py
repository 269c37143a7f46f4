"""Days and hours as people say them in a chat: `demain matin`, `sam 14h30`, `du 16 au 29 août`, `avant 17h`."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from base.spelling import normalise

LOME: Final = ZoneInfo("Africa/Lome")
OPENS, CLOSES = time(8), time(20)
"""A bare `8h` is the next one between these."""

_LONGEST = 300  # characters
_DAYS: Final = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
_SHORT_DAYS: Final = dict(zip("lun mar mer jeu ven sam dim".split(), range(7), strict=True))
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        "janvier janv jan|fevrier fevr fev|mars|avril avr|mai|juin|juillet juil|aout|septembre sept|octobre oct"
        "|novembre nov|decembre dec".split("|"),
        start=1,
    )
    for name in names.split()
}
_NUMBERS: Final = dict(
    zip("un une deux trois quatre cinq six sept huit neuf dix onze douze".split(), (1, *range(1, 13)), strict=True)
)
_PARTS: Final = {  # of a day: from, to
    "matin": (time(8), time(12)),
    "mat": (time(8), time(12)),
    "matinee": (time(8), time(12)),
    "midi": (time(12), time(14)),
    "apres midi": (time(12), time(18)),
    "aprem": (time(12), time(18)),
    "soir": (time(18), time(20)),
    "soiree": (time(18), time(20)),
    "nuit": (time(20), time(23, 59)),
}

_POINTED_HOUR = re.compile(r"(?<![\d.:/-])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d.:/-])")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/.-])")
_TO_HOUR = re.compile(r"(?<=[\dh])\s*-\s*(?=\d{1,2}\s*h)")

_PART = "(?:" + "|".join(sorted(_PARTS, key=len, reverse=True)) + ")"
_DAY = "(?:" + "|".join(_DAYS) + ")"
_SHORT_DAY = "(?:" + "|".join(_SHORT_DAYS) + ")"
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_NUMBER = r"(?:\d{1,2}|" + "|".join(_NUMBERS) + ")"
_HOUR = (
    r"(?:(?:[01]?\d|2[0-4]) ?h(?:eures?|rs?)?(?: ?[0-5]\d(?!\d))?|midi(?: (?:30|et demie?))?|minuit"
    rf"|{_NUMBER} heures?(?: (?:30|et demie?|[0-5]\d))?)"
    r"(?: (?:precises?|pile|gmt))?(?: (?:du mat(?:in)?|de l apres midi|du soir|de la nuit))?"
)


@dataclass(frozen=True, slots=True)
class When:
    """The days `first` to `last` (one day: equal) and, where hours were said, from `start` until `end`, in Lomé's time.

    `is_sure` is False where people mean two things by it (`samedi prochain` two days before a Saturday): ask.
    """

    first: date
    last: date
    start: time | None = None
    end: time | None = None
    is_sure: bool = True

    @property
    def deadline(self) -> str:
        """The latest that was said in ISO 8601: `2021-08-16T17:00`, or the day alone."""
        latest = self.end or self.start
        return f"{self.last.isoformat()}T{latest:%H:%M}" if latest else self.last.isoformat()

    @property
    def begins(self) -> str:
        """The earliest that was said, in the same form."""
        return f"{self.first.isoformat()}T{self.start:%H:%M}" if self.start else self.first.isoformat()


@dataclass(frozen=True, slots=True)
class _Day:
    first: date
    last: date
    hours: tuple[time | None, time | None] = (None, None)
    is_sure: bool = True


def read_when(text: str, now: datetime) -> When | None:
    """Return the first day or hour that `text` names, alone or in a sentence, or None. `now` is aware. Never raises."""
    said = plain(text[:_LONGEST])
    here = now.astimezone(LOME)
    soon = _soon(said, here)
    if soon:
        return soon
    hours = _hours(said)
    day = _day(_without_hours(said), here, hours)
    if day:
        is_part = hours == (None, None) or (hours == (time(12), None) and day.hours != (None, None))
        start, end = day.hours if is_part else hours
        return When(day.first, day.last, start, end, day.is_sure)
    return _hours_alone(hours, here, said) if hours != (None, None) else None


def plain(text: str) -> str:
    """Words in chat spelling written out; `14:30` is `14h30`, a numeric date `16d8m2021y` (0y when not said)."""
    typed = unicodedata.normalize("NFKC", text).casefold()
    return normalise(_NUMERIC.sub(_numeric, _POINTED_HOUR.sub(r"\1h\2", _TO_HOUR.sub(" a ", typed))))


def _numeric(found: re.Match[str]) -> str:
    day, mark, month, year = found.groups()
    if mark != "/" and not year:
        return found[0]
    full = int(year or 0) + (2000 if year and len(year) == 2 else 0)
    return f" {int(day)}d{int(month)}m{full}y "


def _soon(said: str, here: datetime) -> When | None:
    ahead = re.search(
        rf"\bdans (?:une? petite? |environ )?(?:({_NUMBER}) ?|(\d{{1,2}}))(h|heures?|minutes?|min)\b", said
    )
    if ahead:
        amount = _number(ahead[1] or ahead[2])
        at = here + (timedelta(hours=amount) if ahead[3][0] == "h" else timedelta(minutes=amount))
        return When(at.date(), at.date(), at.time().replace(second=0, microsecond=0))
    if re.search(r"\b(?:tout de suite|maintenant|now|asap|immediatement|le plus vite|au plus vite|urgent)\b", said):
        return When(here.date(), here.date(), here.time().replace(second=0, microsecond=0))
    return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


_SPANS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\bentre ({_HOUR}|\d{{1,2}}) et ({_HOUR})",
        rf"\b(?:de )?({_HOUR}|\d{{1,2}}(?= a)) a ({_HOUR})",
    )
)
_BEFORE = re.compile(rf"\b(?:avant|jusqu a|d ici|pas apres|au plus tard) (?:a )?({_HOUR})")
_AFTER = re.compile(rf"\b(?:apres(?! midi)|a partir de|des) ({_HOUR})")
_AT = re.compile(rf"(?:^|(?<= ))({_HOUR})(?= |$)")
_ALL_HOURS = re.compile(
    r"\b(?:(?:entre|de|avant|jusqu a|d ici|apres|a partir de|des|vers|a|pour) )?"
    rf"(?:{_HOUR}|\d{{1,2}}(?= (?:et|a) {_HOUR}))(?= |$)"
)
_ONLY_NOON = re.compile(r"\bmidi\b")


def _without_hours(said: str) -> str:
    """`ce midi` and `demain midi` stay: there midi is a part of the day."""
    return " ".join(_ALL_HOURS.sub(lambda found: found[0] if _ONLY_NOON.search(found[0]) else " ", said).split())


def _hours(said: str) -> tuple[time | None, time | None]:
    """(from, until) as said; (None, None) without an hour."""
    for span in _SPANS:
        found = span.search(said)
        if found:
            end = _clock(found[2])
            start = _clock(found[1] if not found[1].isdigit() else f"{found[1]}h")
            return (start, end) if start and end and start < end else (None, end)
    before, after, at = _BEFORE.search(said), _AFTER.search(said), _AT.search(said)
    if before:
        return None, _clock(before[1])
    found = after or at
    return (_clock(found[1]), None) if found else (None, None)


_CLOCK = re.compile(rf"({_NUMBER}) ?h?(?:eures?|rs?)? ?(\d\d|et demie?)?")


def _clock(said: str) -> time | None:
    if said.startswith("midi"):
        return time(12, 30) if said != "midi" and ("30" in said or "demi" in said) else time(12)
    if said.startswith("minuit"):
        return time(0)
    found = _CLOCK.match(said)
    if not found:
        return None
    hour = _number(found[1])
    minute = 30 if (found[2] or "").startswith("et") else int(found[2] or 0)
    if hour < 12 and ("apres midi" in said or "du soir" in said):
        hour += 12
    return time(hour % 24, minute)


def _hours_alone(hours: tuple[time | None, time | None], here: datetime, said: str) -> When:
    """The next such hour: `8h` said at ten is eight in the evening, `9h` said at ten is tomorrow's."""
    start, end = hours
    told = end or start or here.time()
    tomorrow = here.date() + timedelta(days=1)
    afternoon = told.replace(hour=told.hour + 12) if 0 < told.hour < 12 else told
    is_bare = not (start and end) and not re.search(r"\b(?:matin|mat|soir|apres midi|nuit)\b", said)
    if told <= here.time() < afternoon and is_bare and afternoon <= CLOSES:
        return When(here.date(), here.date(), afternoon if start else None, afternoon if end else None)
    day = here.date() if told > here.time() else tomorrow
    return When(day, day, start, end)


def _day(said: str, here: datetime, hours: tuple[time | None, time | None]) -> _Day | None:
    readers: tuple[Callable[[str, date], _Day | None], ...] = (
        _from_to,
        _two_days,
        _numeric_day,
        _named_day,
        _relative_day,
        _end_of,
        _day_of_month,
    )
    today = here.date()
    for reader in readers:
        found = reader(said, today)
        if found:
            return found
    return _weekday(said, here, hours) or _part_of_today(said, today)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(today: date, month: int, day: int, year: int = 0) -> date | None:
    """The next such date; one of the last month is meant as past only with its year."""
    if year:
        return _safe(year, month, day)
    found = _safe(today.year, month, day)
    return found if found and found >= today else _safe(today.year + 1, month, day)


_FROM_TO = re.compile(
    rf"\bdu (?:{_DAY} )?(\d{{1,2}})(?:er)?(?: ({_MONTH}))? au (?:{_DAY} )?(\d{{1,2}}) ({_MONTH})(?: (20\d\d))?"
)
_BOTH = re.compile(rf"\b(\d{{1,2}}) et (?:le )?(\d{{1,2}}) ({_MONTH})(?: (20\d\d))?")
_NUMERIC_DAY = re.compile(r"(?:^|(?<= ))(\d+)d(\d+)m(\d+)y(?= |$)")
_NAMED_DAY = re.compile(rf"\b(\d{{1,2}}|premier)(?: ?er)? ({_MONTH})\b(?: (20\d\d))?")


def _from_to(said: str, today: date) -> _Day | None:
    found = _FROM_TO.search(said)
    if not found:
        return None
    last = _coming(today, _MONTHS[found[4]], int(found[3]), int(found[5] or 0))
    first = last and _safe(last.year, _MONTHS[found[2] or found[4]], int(found[1]))
    return _Day(first, last) if first and last and first <= last else None


def _two_days(said: str, today: date) -> _Day | None:
    found = _BOTH.search(said)
    if not found:
        return None
    last = _coming(today, _MONTHS[found[3]], int(found[2]), int(found[4] or 0))
    first = last and _safe(last.year, last.month, int(found[1]))
    return _Day(first, last) if first and last and first <= last else None


def _numeric_day(said: str, today: date) -> _Day | None:
    found = _NUMERIC_DAY.search(said)
    day = _coming(today, int(found[2]), int(found[1]), int(found[3])) if found and 1 <= int(found[2]) <= 12 else None
    return _Day(day, day) if day else None


def _named_day(said: str, today: date) -> _Day | None:
    found = _NAMED_DAY.search(said)
    if not found:
        return None
    number = 1 if found[1] == "premier" else int(found[1])
    day = _coming(today, _MONTHS[found[2]], number, int(found[3] or 0))
    return _Day(day, day) if day else None


_RELATIVE: Final = (("avant hier", -2), ("hier", -1), ("apres demain", 2), ("demain", 1), ("aujourd hui", 0))
_AHEAD = re.compile(rf"\bdans ({_NUMBER}) (jours?|semaines?)\b")


def _relative_day(said: str, today: date) -> _Day | None:
    ahead = _AHEAD.search(said)
    if ahead:
        day = today + timedelta(days=_number(ahead[1]) * (7 if ahead[2].startswith("semaine") else 1))
        return _Day(day, day)
    for words, days in _RELATIVE:
        found = re.search(rf"\b{words}\b(?: (?:dans |en |a |au |pendant )?(?:la |l )?({_PART})\b)?", said)
        if found:
            day = today + timedelta(days=days)
            return _Day(day, day, _PARTS[found[1]] if found[1] else (None, None))
    return None


def _end_of(said: str, today: date) -> _Day | None:
    if re.search(r"\bfin (?:du|de ce) mois\b", said):
        last = date(today.year + today.month // 12, today.month % 12 + 1, 1) - timedelta(days=1)
        return _Day(last, last)
    if re.search(r"\b(?:fin de (?:la )?semaine|week ?end)\b", said):
        saturday = today + timedelta(days=(5 - today.weekday()) % 7 if today.weekday() != 6 else -1)
        return _Day(max(saturday, today), saturday + timedelta(days=1))
    return None


_LE = re.compile(r"(?:^|(?<= ))le (\d{1,2})(?= |$)(?! (?:h|heures?)\b)")


def _day_of_month(said: str, today: date) -> _Day | None:
    found = _LE.search(said)
    number = int(found[1]) if found else 0
    if not 1 <= number <= 31:
        return None
    for months in (0, 1, 2):
        month = today.month - 1 + months
        day = _safe(today.year + month // 12, month % 12 + 1, number)
        if day and day >= today:
            return _Day(day, day)
    return None


_WEEKDAY = re.compile(
    rf"\b(d ici |ce |cette )?(?:({_DAY})\b|({_SHORT_DAY})(?= \d|$| (?:matin|soir|midi|prochain)))"
    rf"(?: (prochaine?|en (?:8|huit)))?(?: (?:dans la |dans l |en )?({_PART})\b)?"
)


def _weekday(said: str, here: datetime, hours: tuple[time | None, time | None]) -> _Day | None:
    """The next such day; today while its hour is still ahead."""
    found = _WEEKDAY.search(said)
    if not found:
        return None
    weekday = _DAYS.index(found[2]) if found[2] else _SHORT_DAYS[found[3]]
    part = _PARTS[found[5]] if found[5] else (None, None)
    ahead = (weekday - here.weekday()) % 7
    until = hours[1] or hours[0] or part[1]
    if not ahead and (until is None or here.time() >= until):
        ahead = 7
    is_sure = True
    if found[4] == "en 8" or found[4] == "en huit":
        ahead += 7
    elif found[4] and ahead and here.weekday() < weekday:  # it comes in this week: people mean the one after it
        is_sure = ahead >= 3
        ahead += 7
    day = here.date() + timedelta(days=ahead)
    return _Day(day, day, part, is_sure)


_TODAY_PART = re.compile(rf"\b(?:ce|cet|cette|dans la|dans l|en) ({_PART})\b|^(?!midi$)({_PART})$")


def _part_of_today(said: str, today: date) -> _Day | None:
    found = _TODAY_PART.search(said)
    return _Day(today, today, _PARTS[found[1] or found[2]]) if found else None
