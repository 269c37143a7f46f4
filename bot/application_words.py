"""What somebody who wants to sell has told, as he reads it before he sends it, and as an organizer does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from base.hours import DAYS, Span, read_hours
from base.money import format_short
from base.opening_words import say_week
from base.phones import format_phone
from base.places import address_of, map_address, name_of
from base.shortening import shorten
from bot.texts import say
from catalog.applications import QUESTIONS, Question

LONGEST: Final = 1000  # characters of an answer's words


def told(language: str, answers: Mapping[str, Any], most: int = LONGEST) -> str:
    """A line for each question that was answered or skipped, its words in at most so many characters."""
    asked = [question for question in QUESTIONS if question in answers]
    return "\n".join(
        say(language, f"application.{question}", {"told": _told(language, question, answers[question], most)})
        for question in asked
    )


def _told(language: str, question: Question, answer: Any, most: int) -> str:
    if not answer:
        return say(language, f"application.skipped.{question}", {})
    match question:
        case "place":
            where = shorten(address_of(answer["quarter"], answer["landmark"]), most)
            return f"{where} {map_address(*answer['pin'])}" if answer["pin"] else where
        case "hours":
            return shorten(week(language, answer), most)
        case "delivery":
            return shorten(", ".join(_zones(language, answer)), most)
        case "payout":
            return f"{format_phone(answer['phone'])} ({say(language, 'method.' + answer['wallet'], {})})"
        case "photo":
            return say(language, "application.photo_sent", {})
    return shorten(str(answer), most)


def week(language: str, hours: Mapping[str, Sequence[str]]) -> str:
    """`Lundi – Samedi 8h-19h` of base.hours, as they are written."""
    runs = (f"{_days(language, days)} {_spans(spans)}" for days, spans in say_week(read_hours(hours)))
    return ", ".join(runs)


def _days(language: str, days: Sequence[int]) -> str:
    first, last = (say(language, f"hours.day.{DAYS[day]}", {}) for day in (days[0], days[-1]))
    return first if len(days) == 1 else f"{first} – {last}"


def _spans(spans: Sequence[Span]) -> str:
    return " / ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in spans)


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    hour = hour if hour <= 24 else hour - 24
    return f"{hour}h{minute:02d}" if minute else f"{hour}h"


def _zones(language: str, told_zones: Mapping[str, Any]) -> Iterator[str]:
    for slug, fee in told_zones["zones"].items():
        price = f"{name_of(slug)} {format_short(fee)}"
        yield price if fee else say(language, "application.free", {"place": name_of(slug)})
    for slug in told_zones["unserved"]:
        yield say(language, "application.unserved", {"place": name_of(slug)})
