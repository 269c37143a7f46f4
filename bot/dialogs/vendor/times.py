"""When a shop is shut and when a promotion runs, as vendors say it: `2 jours`, `jusqu'à lundi`, `ce weekend`."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from base import hours
from base.clock import LOME
from base.hours import Hours
from base.spelling import normalise
from base.when import When, read_when

LONGEST: Final = 366  # days of a pause or a promotion
_NUMBERS: Final = dict(zip("un une deux trois quatre cinq six sept huit dix".split(), (1, 1, 2, 3, 4, 5, 6, 7, 8, 10),
                           strict=True))  # fmt: skip
_LASTING: Final = re.compile(
    rf"\b(?:pendant |pour |for )?(\d{{1,3}}|{'|'.join(_NUMBERS)}) ?"
    r"(jours?|j|days?|semaines?|weeks?|mois|months?|heures?|h|hours?)\b(?! ?\d)"
)
_UNTIL: Final = re.compile(
    r"\b(?:jusqu(?: a| au| en)?|jusk|jusqua|until|till|retour|reprise|je reviens|je rouvre|je reprends|back)\b"
)
_FROM: Final = re.compile(r"\b(?:a partir d[eu]|a compter d[eu]|des|from|starting)\b")
_TYPED_UNTIL: Final = re.compile(
    r"jusqu\W{0,2}(?:à|a|aux?|en)?(?!\w)|\b(?:jusk\w*|jusqua|until|till|retour|reprise|back)\b", re.IGNORECASE
)
_DAY_ALONE: Final = re.compile(r"\s*(?:au |le )?(\d{1,2})\s*")
_DAYS: Final = {"j": 1, "d": 1, "s": 7, "w": 7, "m": 30}


@dataclass(frozen=True)
class Span:
    """From a moment (None: now) until a moment (None: nobody knows)."""

    begins: datetime | None = None
    ends: datetime | None = None


def read_pause(text: str, now: datetime, opening: Hours) -> Span | None:
    """When a shop is shut, until its next opening; None where no time is told, or one that is over or too far."""
    said = normalise(text)
    lasting = _lasting(said, now)
    when = read_when(text, now)
    if lasting:
        begins = _midnight(when.first) if when and when.first > _today(now) and not _UNTIL.search(said) else None
        ends = lasting if begins is None else begins + (lasting - now)
        return _checked(Span(begins, _opening(opening, ends, "h" not in said)), now)
    if when is None:
        return None
    if _UNTIL.search(said):
        at = _at(when.last, when.end or when.start)
        return _checked(Span(None, at if when.end or when.start else _opening(opening, at, is_day=True)), now)
    begins = _midnight(when.first) if when.first > _today(now) else None
    at = _at(when.last, when.end) if when.end else _midnight(when.last + timedelta(days=1))
    return _checked(Span(begins, at if when.end else _opening(opening, at, is_day=True)), now)


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
    when = read_when(text, now)
    if lasting:
        begins = _beginning(when, now) if when else None
        return _span(begins, (begins or now) + (lasting - now), now)
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
    found = _LASTING.search(said)
    if found is None:
        return None
    many, unit = _NUMBERS.get(found[1]) or int(found[1]), found[2][0]
    if unit == "h":  # `8h` is an hour of a day
        return now + timedelta(hours=many) if len(found[2]) > 1 else None
    return now + timedelta(days=min(many * _DAYS[unit], 10 * LONGEST))


def _today(now: datetime) -> date:
    return now.astimezone(LOME).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOME)


def _at(day: date, hour: time | None) -> datetime:
    return datetime.combine(day, hour or time(), LOME)
