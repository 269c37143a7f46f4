"""When a shop is open: its hours as they are written, and a pause until a day."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Literal, TypedDict

from base.clock import LOME
from base.hours import DAYS, Hours, Span, days_to_come, read_hours, write_hours
from base.opening_words import read_opening, say_week
from bot import rights
from bot.dialogs.means import words
from bot.dialogs.vendor import unfinished
from bot.dialogs.vendor.times import read_pause
from bot.messages import Incoming
from bot.turn import Turn
from catalog.vendors import Vendor, vendors
from orders import shops

DAY = 24 * 60
SEVEN = 7


class Pause(TypedDict):
    """Names of the shops, when they are shut, in words, and what that takes the place of, '' for nothing."""

    shops: str
    time: str
    before: str


class Planned(TypedDict):
    """Names of the shops that are to be shut, and when, in words."""

    shops: str
    time: str


class Week(TypedDict):
    """Names of the shops, and their hours, a line for the days that are alike."""

    shops: str
    hours: str


def own_shops(turn: Turn) -> tuple[int, ...]:
    """The shops whose hours this person sets."""
    return rights.shops(turn, "opening")


def known_shops(turn: Turn) -> list[Vendor]:
    """These shops, in order."""
    return list(vendors(turn.db, own_shops(turn)).values())


def hours_of(turn: Turn) -> Hours:
    """When the first of his shops is open, by its own hours or the market's."""
    known = known_shops(turn)
    return (known[0].hours if known else None) or turn.config.market.opening


def hear_pause(turn: Turn) -> Literal["until", "open", "shut"]:
    """A pause with a time is shown as it was understood; without one the shop is shut until he opens it."""
    span = read_pause(turn.words, turn.now, hours_of(turn))
    is_open = any(shop.is_open for shop in known_shops(turn))
    if span is not None and span.ends is not None:
        begins = span.begins if is_open else None  # what is shut stays so until then
        turn.memory["pause"] = [begins.isoformat() if begins else "", span.ends.isoformat()]
        return "until"
    turn.memory.pop("pause", None)
    return "open" if is_open else "shut"


def is_pause_kept(turn: Turn) -> bool:
    """Whether a pause waits for its yes that is not over yet."""
    kept = turn.memory.get("pause")
    return kept is not None and datetime.fromisoformat(kept[1]) > turn.now


def pause(turn: Turn) -> Pause:
    """Values of the question and of the answer about a pause with a time."""
    begins, until = turn.memory.get("pause") or ("", turn.now.isoformat())
    known, told_time = known_shops(turn), _time(turn, begins, until)
    planned = dict.fromkeys(_time(turn, *told) for told in map(_planned, known) if told)
    before = "".join(f"\n{words(turn, 'pause.instead', time=one)}" for one in planned if one != told_time)
    return {"shops": ", ".join(shop.name for shop in known), "time": told_time, "before": before}


def is_pause_planned(turn: Turn) -> bool:
    """Whether a shop is to be shut for a while that has not begun."""
    return any(shop.is_open and _planned(shop) for shop in known_shops(turn))


def planned_pause(turn: Turn) -> Planned:
    """Values of the question whether what is planned shall be dropped."""
    known = [shop for shop in known_shops(turn) if shop.is_open]
    told = dict.fromkeys(_time(turn, *told) for told in map(_planned, known) if told)
    return {"shops": ", ".join(shop.name for shop in known), "time": ", ".join(told)}


def _time(turn: Turn, begins: str, until: str) -> str:
    first = datetime.fromisoformat(begins) if begins else turn.now
    if first <= turn.now:
        key = "pause.now"
    else:
        key = "pause.later_at" if first.astimezone(LOME).time() > time() else "pause.later"
    return words(turn, key, first=first.isoformat(), until=until)


def _planned(shop: Vendor) -> tuple[str, str] | None:
    """The pause that a shop has already, or is in."""
    if shop.closed_until is None:
        return None
    return shop.closes_at.isoformat() if shop.closes_at else "", shop.closed_until.isoformat()


def pause_told(turn: Turn, shop: Vendor) -> str:
    """When a shop is shut by a pause that is not over, in words; '' without one."""
    told = _planned(shop)
    is_over = shop.closed_until is not None and shop.closed_until <= turn.now
    return _time(turn, *told) if told and not is_over else ""


def close_for(turn: Turn) -> Literal["done", "past"]:
    """Shut until then; what was ordered goes on."""
    if not is_pause_kept(turn):
        return "past"
    begins, until = (datetime.fromisoformat(one) if one else turn.now for one in turn.memory["pause"])
    later = begins if begins > turn.now else None
    shops.close_for(turn.db, own_shops(turn), turn.config.market.opening, later, until)
    unfinished.shut(turn)
    return "done"


def hear_hours(turn: Turn) -> Literal["told", "untold"]:
    """Hours in a sentence are kept until a yes."""
    told = read_opening(turn.words)
    if told is None:
        return "untold"
    turn.memory["hours"] = write_hours(told)
    return "told"


def read_hours_said(said: Incoming) -> dict[str, list[str]] | None:
    """`8h-19h sauf dimanche` as tables hold hours; None for anything else."""
    told = read_opening(said.text)
    return write_hours(told) if told else None


def keep_hours(turn: Turn, told: dict[str, list[str]]) -> Literal["kept"]:
    """Keep them until a yes."""
    turn.memory["hours"] = told
    return "kept"


def is_hours_kept(turn: Turn) -> bool:
    """Whether hours wait for their yes."""
    return bool(turn.memory.get("hours"))


def week_now(turn: Turn) -> Week:
    """Values of the question for new hours: those of today, and the days to come that are otherwise."""
    week = _week(turn, hours_of(turn))
    return {"shops": week["shops"], "hours": hours_told(turn, hours_of(turn))}


def hours_told(turn: Turn, told: Hours) -> str:
    """Hours, and the days to come that are otherwise, one a line."""
    coming = [day_told(turn, day, spans) for day, spans in days_to_come(told, turn.now.astimezone(LOME).date())]
    return "\n".join((*_lines(turn, told), *coming))


def day_told(turn: Turn, day: date, spans: Sequence[Span]) -> str:
    """`Dimanche 29 novembre 2026 : 09h00-13h00`."""
    return words(turn, "day.told", name=day_name(turn, day), day=day, hours=said(turn, spans))


def day_name(turn: Turn, day: date) -> str:
    """`Dimanche`."""
    return _day(turn, day.weekday())


def said(turn: Turn, spans: Sequence[Span]) -> str:
    """`07h00-12h30, 15h00-19h00`, or that it is shut."""
    return ", ".join(clock(turn, span) for span in spans) or words(turn, "day.shut")


def week_kept(turn: Turn) -> Week:
    """Values of the question whether these shall be the hours."""
    kept = turn.memory.get("hours")
    return _week(turn, read_hours(kept) if kept else hours_of(turn))


def _week(turn: Turn, told: Hours) -> Week:
    return {"shops": ", ".join(shop.name for shop in known_shops(turn)), "hours": "\n".join(_lines(turn, told))}


def _lines(turn: Turn, told: Hours) -> Iterator[str]:
    for days, spans in say_week(told):
        first, last = _day(turn, days[0]), _day(turn, days[-1])
        key = "week.every" if len(days) == SEVEN else "week.days" if len(days) > 1 else "week.day"
        yield words(turn, key, first=first, last=last, hours=", ".join(clock(turn, span) for span in spans))
    shut = [_day(turn, day) for day, spans in enumerate(told.week) if not spans]
    if shut:
        yield words(turn, "week.shut", days=", ".join(shut))


def _day(turn: Turn, day: int) -> str:
    return words(turn, f"hours.day.{DAYS[day]}")


def clock(turn: Turn, span: Span) -> str:
    """`07h00-19h00`."""
    opens, closes = (f"{minutes % DAY // 60:02d}h{minutes % 60:02d}" for minutes in span)
    return words(turn, "week.span", opens=opens, closes=closes)


def set_hours(turn: Turn) -> Literal["done"]:
    """These are the hours from now on; what waits has the same opening time left."""
    kept = turn.memory.pop("hours", None)
    if kept:
        shops.set_hours(turn.db, rights.shops(turn, "hours"), read_hours(kept), turn.config.market.opening)
    return "done"
