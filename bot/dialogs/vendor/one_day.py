"""Hours of one day alone: `je ferme à 17h aujourd'hui`, shown before → after, noted after a yes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, TypedDict

from base.clock import LOME
from base.day_words import MIDNIGHT, WEEKDAYS, DayHours, lacks_hour, read_day_hours
from base.hours import Hours, Span, write_hours
from bot import rights
from bot.dialogs.means import words
from bot.dialogs.vendor.opening import day_name, day_told, hours_of, known_shops, own_shops, said
from bot.turn import Turn
from catalog.vendors import Vendor
from orders import shops

KEPT = "day_hours"  # the words that wait for a yes, and when they were said
Heard = Literal["sure", "or_always", "same", "shut", "shut_always", "wrong", "when", "none"]


class Day(TypedDict):
    """Names of the shops, and a line for each day: before → after."""

    shops: str
    days: str


class Shut(Day):
    """And how such a day is opened, as it is typed."""

    example: str


def hear(turn: Turn) -> Heard:
    """Hours of a day are kept until a yes; none: the message tells no such thing."""
    told = read_day_hours(turn.words, turn.now)
    if told is None:
        return "when" if lacks_hour(turn.words) else "none"
    turn.memory[KEPT] = {"words": turn.words, "at": turn.now.isoformat()}
    found = [_after(turn, shop, told, day) for shop in known_shops(turn) for day in told.days()]
    if found and _is_shut(turn, told):
        may_always = not told.is_dated and bool(rights.shops(turn, "hours"))
        return "shut_always" if may_always and told.rule.way == "times" else "shut"
    if not found or None in found or _is_past(turn, told, found):
        return "wrong"
    if all(_before(turn, shop, day) == after for (shop, day), after in zip(_each(turn, told), found, strict=True)):
        return "same"
    return "sure" if told.is_certain or not rights.shops(turn, "hours") else "or_always"


def _is_shut(turn: Turn, told: DayHours) -> bool:
    """Whether all of these days are shut, of which only a beginning, an end or a break is told."""
    is_part = told.rule.way == "shut" or (told.rule.way == "times" and None in (told.rule.opens, told.rule.closes))
    return is_part and not any(_before(turn, shop, day) for shop, day in _each(turn, told))


def shut(turn: Turn) -> Shut:
    """Values of the answers about a day that is shut anyway: which it is, and how it is opened."""
    told = _kept(turn)
    days = list(told.days()) if told else [turn.now.astimezone(LOME).date()]
    lines = [day_told(turn, day, ()) for day in days]
    return {**_values(turn, lines), "example": f"{WEEKDAYS[days[0].weekday()]} 9h-17h"}


def _each(turn: Turn, told: DayHours) -> list[tuple[Vendor, date]]:
    return [(shop, day) for shop in known_shops(turn) for day in told.days()]


def _kept(turn: Turn) -> DayHours | None:
    """What was told, with the days that were meant when it was said."""
    kept = turn.memory.get(KEPT)
    return read_day_hours(kept["words"], datetime.fromisoformat(kept["at"])) if kept else None


def _own(turn: Turn, shop: Vendor) -> Hours:
    return shop.hours or turn.config.market.opening


def _before(turn: Turn, shop: Vendor, day: date) -> tuple[Span, ...]:
    return tuple(sorted(_own(turn, shop).on(day)))


def _after(turn: Turn, shop: Vendor, told: DayHours, day: date) -> tuple[Span, ...] | None:
    return told.rule.applied(shops.usual_on(_own(turn, shop), day), _before(turn, shop, day))


def _is_past(turn: Turn, told: DayHours, found: Sequence[tuple[Span, ...] | None]) -> bool:
    """Whether a day would be over already by what is told of it."""
    here = turn.now.astimezone(LOME)
    ends = max((spans[-1][1] for spans in found if spans), default=MIDNIGHT)
    return told.first == here.date() and ends <= here.hour * 60 + here.minute


def is_kept(turn: Turn) -> bool:
    """Whether hours of a day that is not over wait for their yes."""
    told = _kept(turn)
    return told is not None and told.last >= turn.now.astimezone(LOME).date()


def shown(turn: Turn) -> Day:
    """Values of the question: what the day has, and what it would have."""
    told = _kept(turn)
    lines = [_line(turn, shop, day, _after(turn, shop, told, day)) for shop, day in _each(turn, told)] if told else []
    return _values(turn, lines)


def noted(turn: Turn) -> Day:
    """Values of the answer: what the day has now."""
    told = _kept(turn)
    lines = [day_told(turn, day, _before(turn, shop, day)) for shop, day in _each(turn, told)] if told else []
    return _values(turn, lines)


def _values(turn: Turn, lines: Sequence[str]) -> Day:
    names = ", ".join(shop.name for shop in known_shops(turn))
    return {"shops": names, "days": "\n".join(dict.fromkeys(lines))}


def _line(turn: Turn, shop: Vendor, day: date, after: tuple[Span, ...] | None) -> str:
    before = said(turn, _before(turn, shop, day))
    return words(turn, "day.line", name=day_name(turn, day), day=day, before=before, after=said(turn, after or ()))


def note(turn: Turn) -> Literal["done", "past"]:
    """These are the hours of that day; what waits has the same opening time left."""
    told = _kept(turn)
    if told is None or not is_kept(turn):
        return "past"
    days = dict.fromkeys(told.days(), told.rule)
    shops.set_days(turn.db, own_shops(turn), days, turn.config.market.opening, turn.now.astimezone(LOME).date())
    return "done"


def keep_always(turn: Turn) -> Literal["kept", "past"]:
    """The same is meant of each week: of the day that was named, or of every day that it opens."""
    told = _kept(turn)
    if told is None or not is_kept(turn):
        return "past"
    own = hours_of(turn)
    meant = (told.first.weekday(),) if told.is_dated else tuple(day for day, spans in enumerate(own.week) if spans)
    week = [(told.rule.applied(spans, spans) or spans) if day in meant else spans for day, spans in enumerate(own.week)]
    turn.memory["hours"] = write_hours(Hours(tuple(week)))
    return "kept"
