"""When a shop is shut and when a promotion runs, as vendors say it: `2 jours`, `jusqu'à lundi`, `ce weekend`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from base import hours
from base.clock import LOME
from base.hours import Hours
from base.spelling import normalise
from base.when import When, plain, read_when

LONGEST: Final = 366  # days of a pause or a promotion
_NUMBERS: Final = {"un": 1, "une": 1, "dun": 1, "dune": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
                   "sept": 7, "huit": 8, "dix": 10}  # fmt: skip
_LASTING: Final = re.compile(
    r"(?:\b(?P<lead>pendant|pour|for|pause de?|dans|a|de|des|entre|et|vers|jusqu(?: a)?) )?"
    rf"\b(?P<many>\d{{1,3}}|{'|'.join(_NUMBERS)}) ?"
    r"(?P<unit>jours?|j|days?|semaines?|weeks?|mois|months?|heures?|h|hours?|minutes?|mins?|mn)"
    r"(?:(?<=h) ?(?P<minutes>\d\d))?\b(?! ?\d| (?:a|et) \d)"
)
_DURING: Final = {"pendant", "pour", "for", "pause d", "pause de"}
_SHORT: Final = 6  # hours: `pause 2h` lasts two, `fermé 17h` tells when
_UNTIL: Final = re.compile(
    r"\b(?:jusqu(?: a| au| en)?|jusk|jusqua|until|till|retour|reprise|je reviens|je rouvre|je reprends|back)\b"
)
_FROM: Final = re.compile(r"\b(?:a partir d[eu]|a compter d[eu]|des|from|starting)\b")
_TYPED_UNTIL: Final = re.compile(
    r"jusqu\W{0,2}(?:à|a|aux?|en)?(?!\w)|\b(?:jusk\w*|jusqua|until|till|retour|reprise|back)\b", re.IGNORECASE
)
_DAY_ALONE: Final = re.compile(r"\s*(?:au |le )?(\d{1,2})\s*")
_UNITS: Final = {"j": timedelta(1), "d": timedelta(1), "s": timedelta(7), "w": timedelta(7), "m": timedelta(30),
                 "h": timedelta(hours=1), "min": timedelta(minutes=1), "mn": timedelta(minutes=1)}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """From a moment (None: now) until a moment (None: nobody knows)."""

    begins: datetime | None = None
    ends: datetime | None = None


def read_pause(text: str, now: datetime, opening: Hours) -> Span | None:
    """When a shop is shut, until its next opening; None where no time is told, or one that is over or too far."""
    said = normalise(text)
    lasting = _lasting(said, now)
    if lasting:
        begins = None if _UNTIL.search(said) else _beginning(_when_beside(text, now), now)
        is_day = _counts_days(said)
        if begins and not is_day and begins == _midnight(begins.date()):
            begins = _opening(opening, begins, is_day=True)
        ends = (begins or now) + (lasting - now)
        return _checked(Span(begins, _opening(opening, ends, is_day)), now)
    when = read_when(text, now)
    if when is None:
        return None
    if _UNTIL.search(said):
        at = _at(when.last, when.end or when.start)
        return _checked(Span(None, at if when.end or when.start else _opening(opening, at, is_day=True)), now)
    at = _ending(when)
    return _checked(Span(_beginning(when, now), at if when.end else _opening(opening, at, is_day=True)), now)


def _checked(span: Span, now: datetime) -> Span | None:
    if span.ends is None or not now < span.ends <= now + timedelta(days=LONGEST):
        return None
    return span if span.begins is None or span.begins < span.ends else None


def _opening(opening: Hours, moment: datetime, is_day: bool) -> datetime | None:
    """The opening of that day; where hours were counted, the moment itself."""
    if not is_day:
        return moment
    return hours.after(opening, _midnight(moment.astimezone(LOME).date()), 0) or moment


def read_time(text: str, now: datetime) -> Span | None:
    """When a promotion runs; a day ends at its midnight. None where it would be over, or lasts too long."""
    said = normalise(text)
    lasting = _lasting(said, now)
    until = _TYPED_UNTIL.search(text)
    if until:
        before, after = text[: until.start()], text[until.end() :]
        alone = _DAY_ALONE.fullmatch(after)
        last = read_when(f"le {alone[1]}" if alone else after, now)
        return _span(_beginning(read_when(before, now), now), _end_of(last) if last else None, now)
    if lasting:
        begins = _beginning(_when_beside(text, now), now)
        return _span(begins, (begins or now) + (lasting - now), now)
    when = read_when(text, now)
    if when is None:
        return Span()
    if _FROM.search(said):
        return _span(_beginning(when, now), None, now)
    return _span(_beginning(when, now), _ending(when), now)


def _span(begins: datetime | None, ends: datetime | None, now: datetime) -> Span | None:
    far = now + timedelta(days=LONGEST)
    if ends is not None and not max(now, begins or now) < ends <= far:
        return None
    return None if begins is not None and begins > far else Span(begins, ends)


def _beginning(when: When | None, now: datetime) -> datetime | None:
    if when is None:
        return None
    begins = _at(when.first, when.start)
    return begins if begins > now else None


def _ending(when: When) -> datetime:
    return _at(when.last, when.end) if when.end else _midnight(when.last + timedelta(days=1))


def _end_of(when: When) -> datetime:
    """`jusqu'à 18h` tells an hour alone, as `jusqu'à dimanche` a day."""
    return _at(when.last, when.end or when.start) if when.end or when.start else _ending(when)


def _lasting(said: str, now: datetime) -> datetime | None:
    found = _found_lasting(said)
    if found is None:
        return None
    long = _many(found) * _one(found) + timedelta(minutes=int(found["minutes"] or 0))
    return now + min(long, timedelta(10 * LONGEST))


def _found_lasting(said: str) -> re.Match[str] | None:
    return next(filter(_lasts, _LASTING.finditer(said)), None)


def _lasts(found: re.Match[str]) -> bool:
    """Whether it tells how long, as `2 heures` and `pendant 2h` do; `à 8h` and `dans 2 jours` are when."""
    if found["lead"] == "dans":
        return False
    if not found["unit"].startswith("h") or found["lead"] in _DURING:
        return True
    return found["lead"] is None and (found["unit"] != "h" or _many(found) <= _SHORT)


def _many(found: re.Match[str]) -> int:
    return _NUMBERS.get(found["many"]) or int(found["many"])


def _counts_days(said: str) -> bool:
    found = _found_lasting(said)
    return found is not None and _one(found) >= timedelta(days=1)


def _one(found: re.Match[str]) -> timedelta:
    unit = found["unit"]
    return _UNITS.get(unit[:3]) or _UNITS.get(unit[:2]) or _UNITS[unit[0]]


def _when_beside(text: str, now: datetime) -> When | None:
    """When it begins: `2 heures` that it lasts is no hour of the day."""
    said = plain(text)
    found = _found_lasting(said)
    return read_when(said.replace(found[0], " ", 1) if found else said, now)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOME)


def _at(day: date, hour: time | None) -> datetime:
    return datetime.combine(day, hour or time(), LOME)
