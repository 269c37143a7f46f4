"""Opening hours as people write them: `8h-19h sauf dimanche`, `lundi à vendredi 8h 18h, samedi 9h à 13h`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

from base.hours import DAYS, Hours, Span
from base.spelling import fold

LONGEST: Final = 200  # characters
_NAMES: Final = (
    ("lundi", "lun", "monday", "mon"),
    ("mardi", "mar", "tuesday", "tue"),
    ("mercredi", "mer", "wednesday", "wed"),
    ("jeudi", "jeu", "thursday", "thu"),
    ("vendredi", "ven", "friday", "fri"),
    ("samedi", "sam", "saturday", "sat"),
    ("dimanche", "dim", "sunday", "sun"),
)
_DAY_OF: Final = {form: day for day, names in enumerate(_NAMES) for name in names for form in (name, f"{name}s")}
_DAY: Final = "|".join(sorted(_DAY_OF, key=len, reverse=True))
TIME: Final = (
    r"(?:midi|minuit|noon|midnight|(?:2[0-4]|[01]?\d)(?: ?(?:heures?|hours?|h|:|am|pm)(?: ?[0-5]\d(?![\dh]))?)?)"
)
_TO: Final = r"(?: ?- ?| ?(?:jusqu a|jusqua|a|to|until) ?| )"
_TOKEN: Final = re.compile(
    rf"(?P<always>24 ?h(?:eures?)? ?[/-]? ?(?:sur )?24 ?h?(?: ?,? ?7 ?(?:j|jours?)?(?: ?[/-] ?| sur )7)?)"
    rf"|(?P<range>(?:du |de )?\b(?:{_DAY})\b ?(?:-|au?|to) ?\b(?:{_DAY})\b)"
    r"|(?P<every>tous les jours|tlj|chaque jour|every day|toute la semaine|7 ?[/-] ?7)"
    r"|(?P<weekend>(?:le )?week ?-? ?end)"
    rf"|(?P<day>\b(?:{_DAY})\b)"
    r"|(?P<except>\b(?:sauf|excepte|a part|except|but not|pas)\b)"
    r"|(?P<closed>\b(?:fermee?s?|closed|repos)\b)"
    rf"|(?P<span>(?:de |from )?{TIME}{_TO}{TIME}(?![\dh]))"
    r"|(?P<filler>\b(?:et|and|ouverte?|open|on|je suis|j ouvre|nous|de|puis|(?:les )?autres jours|le|la|les|c est|est"
    r"|the|sommes|we|are)\b|[ ,;.&+])"
)
_CLOCK: Final = re.compile(r"(\d{1,2}) ?(heures?|hours?|h|:|am|pm)? ?(\d\d)?")
_NAMED_TIMES: Final = {"midi": 720, "noon": 720, "minuit": 1440, "midnight": 1440}
Kind = Literal["days", "span", "except", "closed"]


@dataclass(frozen=True)
class _Token:
    kind: Kind
    days: frozenset[int] = frozenset()
    spans: tuple[Span, ...] = ()


@dataclass
class _Group:
    """Days and the spans said with them; no days: every day that has no spans of its own."""

    days: frozenset[int] = frozenset()
    spans: list[Span] = field(default_factory=list)


def read_opening(text: str) -> Hours | None:
    """The hours that a text is, or None when it is, or holds, anything else. Never raises.

    What is said of no day is for all of them; days said to be shut, or not spoken of beside others, are shut.
    """
    if len(text) > LONGEST:
        return None
    tokens = _tokens(_plain(text))
    return _hours(tokens) if tokens else None


def _plain(text: str) -> str:
    """Folded words, with the signs that hours are written with."""
    kept = re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace("→", "-")
    parts = re.split(r"([-:,;/&+])", kept)
    return re.sub(r" +", " ", " ".join(p if p in "-:,;/&+" else fold(p) for p in parts if p.strip())).replace(
        " : ", ":"
    )


def _tokens(plain: str) -> list[_Token] | None:
    found, at = [], 0
    while at < len(plain):
        one = _TOKEN.match(plain, at)
        if one is None or not one[0]:
            return None
        token = _token(one)
        if token is None:
            return None
        found += token
        at = one.end()
    return found


def _token(found: re.Match[str]) -> list[_Token] | None:
    """None for hours that are no hours, [] for words between."""
    match found.lastgroup:
        case "always":
            return [_Token("span", spans=((0, 1440),))]
        case "range":
            first, last = (_DAY_OF[name] for name in re.findall(rf"\b(?:{_DAY})\b", found[0]))
            return [_Token("days", frozenset((first + step) % 7 for step in range((last - first) % 7 + 1)))]
        case "every":
            return [_Token("days", frozenset(range(7)))]
        case "weekend":
            return [_Token("days", frozenset((5, 6)))]
        case "day":
            return [_Token("days", frozenset((_DAY_OF[found[0]],)))]
        case "except":
            return [_Token("except")]
        case "closed":
            return [_Token("closed")]
        case "span":
            span = _span(found[0])
            return [_Token("span", spans=(span,))] if span else None
    return []


def _span(said: str) -> Span | None:
    opens, closes = (minutes(time) for time in list(re.findall(TIME, said))[:2])
    if opens is None or closes is None or opens == closes or opens >= 1440:
        return None
    return opens, closes if closes > opens else closes + 1440


def minutes(time: str) -> int | None:
    """After midnight, of a time as it is written; None for none of a day."""
    if time in _NAMED_TIMES:
        return _NAMED_TIMES[time]
    found = _CLOCK.match(time)
    if found is None:
        return None
    hour = int(found[1]) % 12 + 12 * (found[2] == "pm") if found[2] in ("am", "pm") else int(found[1])
    told = hour * 60 + int(found[3] or 0)
    return told if told <= 1440 else None


def _hours(tokens: Sequence[_Token]) -> Hours | None:
    groups, shut = _grouped(tokens)
    told = [group for group in groups if group.spans]
    if not told or any(_overlap(group.spans) for group in told):
        return None
    usual = next((group.spans for group in told if not group.days), [])
    week = [tuple(sorted(usual)) for _ in DAYS]
    for group in told:
        for day in group.days:
            week[day] = tuple(sorted(group.spans))
    for day in shut:
        week[day] = ()
    return Hours(tuple(week)) if any(week) else None


def _overlap(spans: Sequence[Span]) -> bool:
    ordered = sorted(spans)
    return any(later[0] < earlier[1] for earlier, later in pairwise(ordered))


def _grouped(tokens: Sequence[_Token]) -> tuple[list[_Group], set[int]]:
    """The groups in order, and the days that are shut: those behind `sauf`, and on either side of `fermé`."""
    groups, shut = [_Group()], set[int]()
    is_shut_next = False
    for place, token in enumerate(tokens):
        following = tokens[place + 1].kind if place + 1 < len(tokens) else None
        match token.kind:
            case "except":
                is_shut_next = True
            case "closed":
                is_shut_next = not place or tokens[place - 1].kind != "days"
            case "days" if is_shut_next or following == "closed":
                shut |= token.days
            case "days":
                _add_days(groups, token.days)
            case "span":
                is_shut_next = False
                groups[-1].spans += token.spans
    return groups, shut


def _add_days(groups: list[_Group], days: frozenset[int]) -> None:
    """Days behind hours of no day are theirs (`8h-18h lundi à samedi`); behind others a new group begins."""
    last = groups[-1]
    if last.spans and last.days:
        groups.append(_Group(days))
    else:
        last.days |= days


def say_week(hours: Hours) -> Iterator[tuple[tuple[int, ...], tuple[Span, ...]]]:
    """Days (0: Monday) that follow each other with the same hours, and these; shut days are left out."""
    run: list[int] = []
    for day, spans in enumerate(hours.week):
        if run and spans != hours.week[run[-1]]:
            if hours.week[run[-1]]:
                yield tuple(run), hours.week[run[-1]]
            run = []
        run.append(day)
    if run and hours.week[run[-1]]:
        yield tuple(run), hours.week[run[-1]]
