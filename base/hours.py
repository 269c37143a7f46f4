"""Opening hours of a shop: which time counts, and what moment it is once so much of it has passed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from base.clock import LOME

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKED_AHEAD: Final = 400  # days: a shop that opens on none of them opens never
Span = tuple[int, int]  # minutes after midnight of its day; an end after 1440 is in the night that follows
_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DAY_OF_A_YEAR: Final = re.compile(r"(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_MIDNIGHT: Final = 24 * 60


@dataclass(frozen=True)
class Hours:
    """When a shop is open: seven days from Monday, each with its spans, and days that are otherwise.

    `otherwise` has `12-25` (every year) or `2026-12-25` as its keys; no span: closed all day.
    """

    week: tuple[tuple[Span, ...], ...]
    otherwise: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of one day."""
        for key in (day.isoformat(), f"{day:%m-%d}"):
            if key in self.otherwise:
                return self.otherwise[key]
        return self.week[day.weekday()]


def read_hours(written: Mapping[str, Sequence[str]]) -> Hours:
    """Hours as settings and tables hold them: `{"mon": ["07:00-12:30", "15:00-19:00"], "12-25": []}`.

    A weekday that is not named is closed; `18:00-02:00` ends in the night. Raises ValueError for anything else.
    """
    spans = {key: tuple(map(_read_span, of_day)) for key, of_day in written.items()}
    for key in spans:
        if key not in DAYS and not _DAY_OF_A_YEAR.fullmatch(key):
            raise ValueError(f"{key!r} is no day: mon … sun, 12-25 or 2026-12-25")
    week = tuple(spans.get(day, ()) for day in DAYS)
    return Hours(week, {key: of_day for key, of_day in spans.items() if key not in DAYS})


def _read_span(written: str) -> Span:
    found = _SPAN.fullmatch(written)
    if not found:
        raise ValueError(f"{written!r} is no opening time such as 07:00-12:30")
    opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if closes > _MIDNIGHT:
        raise ValueError(f"{written!r} ends after midnight; write 18:00-02:00")
    return opens, closes if closes > opens else closes + _MIDNIGHT


def with_days(hours: Hours, days: Mapping[date, Sequence[Span]], today: date) -> Hours:
    """The same with these days otherwise, or as usual where they are told so; what was of a day before is let go."""
    first, told = today.isoformat(), {day.isoformat(): tuple(spans) for day, spans in days.items()}
    kept = {key: spans for key, spans in hours.otherwise.items() if len(key) < len(first) or key >= first}
    usual = Hours(hours.week, {key: spans for key, spans in kept.items() if key not in told})
    others = {key: spans for key, spans in told.items() if usual.on(date.fromisoformat(key)) != spans}
    return Hours(hours.week, {**usual.otherwise, **others})


def days_to_come(hours: Hours, today: date) -> list[tuple[date, tuple[Span, ...]]]:
    """The days of one year, from today on, that are otherwise, in order."""
    dated = {date.fromisoformat(key): spans for key, spans in hours.otherwise.items() if len(key) > len("12-25")}
    return sorted((day, spans) for day, spans in dated.items() if day >= today)


def write_hours(hours: Hours) -> dict[str, list[str]]:
    """The same as `read_hours` takes it."""
    week = dict(zip(DAYS, hours.week, strict=True))
    return {key: [_write_span(span) for span in spans] for key, spans in {**week, **hours.otherwise}.items()}


def _write_span(span: Span) -> str:
    opens, closes = span
    closes = closes if closes <= _MIDNIGHT else closes - _MIDNIGHT
    return f"{opens // 60:02d}:{opens % 60:02d}-{closes // 60:02d}:{closes % 60:02d}"


DAYTIME: Final = read_hours(dict.fromkeys(DAYS, ("07:00-21:00",)))  # of shops that have told none


def opening_seconds(hours: Hours, since: datetime, until: datetime) -> float:
    """The opening time elapsed between two moments, in seconds; 0 when `until` is not later."""
    total = 0.0
    for opens, closes in _openings(hours, since):
        if opens >= until:
            break
        total += max(0.0, (min(closes, until) - max(opens, since)).total_seconds())
    return total


def after(hours: Hours, since: datetime, seconds: float) -> datetime | None:
    """The moment at which so much opening time has passed; with 0 the next at which it is open.

    None when the shop does not open so long within the days that are looked at.
    """
    left = timedelta(seconds=seconds)
    for opens, closes in _openings(hours, since):
        begin = max(opens, since)
        if begin < closes and begin + left <= closes:
            return begin + left
        left -= max(timedelta(0), closes - begin)
    return None


def is_open(hours: Hours, moment: datetime) -> bool:
    """Whether a shop is open then."""
    return after(hours, moment, 0) == moment


def closing(hours: Hours, moment: datetime) -> datetime | None:
    """When a shop that is open then closes; None when it is closed, or never closes."""
    found: datetime | None = None
    for opens, closes in _openings(hours, moment):
        if found is not None and opens > found:
            return found
        if found is not None or opens <= moment < closes:
            found = closes
        elif opens > moment:
            return None
    return None


def in_days(hours: Hours, since: datetime, days: int) -> datetime | None:
    """The same time so many opening days later (0: the end of the day on which it is open next).

    A time at which it is closed that day becomes the next opening. None when the shop does not open.
    """
    start = after(hours, since, 0)
    if start is None:
        return None
    day, left = start.astimezone(LOME).date(), days
    if not days:
        return max((closes for opens, closes in _of_day(hours, day) if closes >= start), default=start)
    for _ in range(LOOKED_AHEAD):
        day += timedelta(days=1)
        left -= bool(hours.on(day))
        if not left:
            at = datetime.combine(day, start.astimezone(LOME).timetz()).astimezone(UTC)
            return after(hours, at, 0)
    return None


def _openings(hours: Hours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The times at which it is open, from the one that `since` may lie in, none over another; UTC."""
    first, reached = since.astimezone(LOME).date() - timedelta(days=1), since.astimezone(UTC) - timedelta(days=2)
    for number in range(LOOKED_AHEAD):
        for opens, closes in _of_day(hours, first + timedelta(days=number)):
            if closes > reached:
                yield max(opens, reached), closes
                reached = closes


def _of_day(hours: Hours, day: date) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), LOME)
    return [
        ((midnight + timedelta(minutes=opens)).astimezone(UTC), (midnight + timedelta(minutes=closes)).astimezone(UTC))
        for opens, closes in sorted(hours.on(day))
    ]
