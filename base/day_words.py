"""Hours of one day as people write them: `je ferme à 17h aujourd'hui`, `demain 9h-13h`, `samedi j'ouvre à 10h`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

from base.clock import LOME
from base.hours import Span
from base.opening_words import TIME, minutes
from base.when import plain, read_when

LONGEST: Final = 200  # characters
MOST_DAYS: Final = 7
MIDNIGHT: Final = 24 * 60
_MONTH: Final = (
    r"(?:janvier|janv|fevrier|fevr?|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct|novembre|nov"
    r"|decembre|dec)"
)
_DAY: Final = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_HOUR: Final = rf"(?:{TIME})(?![\dh])"
_TO: Final = r" (?:a|et|jusqu a|to|until|till|and) "
_SPAN: Final = rf"(?:(?:de|entre|from|between) )?{_HOUR}(?:{_TO}| ){_HOUR}"
_ENDS: Final = re.compile(_SPAN.replace(_HOUR, f"({_HOUR})"))
_TOKEN: Final = re.compile(
    rf"(?P<certain>(?:du )?(?:{_DAY} )?\d{{1,2}}(?:er)?(?: {_MONTH})? au (?:{_DAY} )?\d{{1,2}} {_MONTH}\b"
    rf"|(?:(?:le|ce) )?(?:{_DAY} )?(?:\d{{1,2}}|premier)(?: ?er)? {_MONTH}(?: 20\d\d)?\b"
    rf"|(?:le )?(?:{_DAY} )?(?:le )?\d+d\d+m\d+y"
    r"|apres demain|demain(?: (?:matin|soir))?|aujourd hui|ce (?:soir|matin|midi)|cet apres midi|cette nuit"
    r"|today|tonight|tomorrow"
    rf"|(?:ce|cet|cette) {_DAY}(?: (?:matin|soir|midi))?|(?:le |pour )?{_DAY} (?:prochaine?|qui vient))\b"
    rf"|(?P<weekday>(?:(?:le|mon|pour) )?{_DAY}(?: (?:matin|soir))?)\b"
    r"|(?P<usual>(?:les )?(?:horaires? )?(?:normale?s?|normaux|habituelle?s?|comme d habitude|as usual"
    r"|comme les autres jours))\b"
    rf"|(?P<span>{_SPAN})(?= |$)"
    r"|(?<!a )(?P<lasting>\d{1,2} (?:heures?|hours?))\b"
    rf"|(?P<time>{_HOUR})(?= |$)"
    r"|(?P<close>(?:ferm(?:e|er|ez|ons|ee?s?|eture|erai|era|erons)|clos(?:e|ed|es|ing)|finis|finit|finirai))\b"
    r"|(?P<pause>(?:en )?pause)\b"
    r"|(?P<until>jusqu a|jusqu|until|till)\b"
    r"|(?P<open>(?:ouvr(?:e|es|ir|ez|ons|irai|ira|irons)|ouvert(?:e|es|s)?|ouverture|open(?:s|ing)?|commence(?:rai)?"
    r"|demarre))\b"
    r"|(?P<from>a partir d[eu]?|des|from)\b"
    r"|(?P<filler>(?:et|mais|puis|and|but|je|j|on|nous|we|i|l|la|le|les|ma|mon|notre|our|my|boutique|magasin|shop"
    r"|etalage|the|exceptionnellement|seulement|juste|only|vais|va|allons|dois|doit|devons|serai|sera|serons|suis|est"
    r"|sommes|is|are|am|be|will|plus|tot|tard|plutot|oui|early|earlier|late|later|bonjour|bonsoir|svp|stp|merci|please|pour|a|at"
    r"|vers|on|de|d|horaires?|hours?))\b"
    r"|(?P<gap>[ ,.;!]+)"
)
Way = Literal["spans", "times", "shut", "usual"]


@dataclass(frozen=True)
class DayRule:
    """What is told of a day: its `spans`, when it `opens` and `closes` (minutes), `shut` meanwhile, or as usual."""

    way: Way
    spans: tuple[Span, ...] = ()
    opens: int | None = None
    closes: int | None = None

    def applied(self, usual: Sequence[Span], now: Sequence[Span]) -> tuple[Span, ...] | None:
        """The spans of a day that has some `now`, and else the `usual` ones; None where these cannot be it."""
        match self.way:
            case "spans":
                return self.spans
            case "usual":
                return tuple(usual)
            case "shut":
                return _without(now, self.spans[0])
        return _moved(now, self.opens, self.closes)


def _without(now: Sequence[Span], shut: Span) -> tuple[Span, ...] | None:
    """None where it is shut then anyhow, or never open after."""
    left = [part for opens, closes in now for part in ((opens, min(closes, shut[0])), (max(opens, shut[1]), closes))]
    kept = tuple((opens, closes) for opens, closes in left if opens < closes)
    return kept if kept and kept != tuple(now) else None


def _moved(now: Sequence[Span], opens: int | None, closes: int | None) -> tuple[Span, ...] | None:
    """The same day begun or ended at other times; None where it is shut all day, or would end before it begins."""
    if opens is not None and closes is not None:
        return ((opens, closes),) if opens < closes else None
    kept = sorted(now)
    if closes is not None:
        kept = [(first, min(last, closes)) for first, last in kept if first < closes]
        kept[-1:] = [(first, closes) for first, _ in kept[-1:]]
    if opens is not None:
        kept = [(max(first, opens), last) for first, last in kept if last > opens]
        kept[:1] = [(opens, last) for _, last in kept[:1]]
    return tuple(kept) or None


@dataclass(frozen=True)
class DayHours:
    """What is told of the days `first` to `last`; `is_certain`: of these alone, not of each such day of the week."""

    first: date
    last: date
    rule: DayRule
    is_certain: bool
    is_dated: bool  # False where no day is named at all

    def days(self) -> Iterator[date]:
        """Each of them."""
        return (self.first + timedelta(days=step) for step in range((self.last - self.first).days + 1))


def read_day_hours(text: str, now: datetime) -> DayHours | None:
    """The hours of a day that a whole message tells, or None for anything else. Never raises."""
    told = _told(text)
    if told is None:
        return None
    rule, words, is_certain = told
    here = now.astimezone(LOME)
    if not words:
        return DayHours(here.date(), here.date(), rule, is_certain=False, is_dated=False)
    days = _weekday(words, rule, here) or _dated(words, here)
    return DayHours(*days, rule, is_certain, is_dated=True) if days else None


def _weekday(words: str, rule: DayRule, here: datetime) -> tuple[date, date] | None:
    """The next such day; today while what is told of it is still to come."""
    found = _WEEKDAY.fullmatch(words)
    if found is None:
        return None
    ahead = (WEEKDAYS.index(found[1]) - here.weekday()) % len(WEEKDAYS)
    ends = rule.closes or (rule.spans[-1][1] if rule.spans else MIDNIGHT)
    if not ahead and here.hour * 60 + here.minute >= ends:
        ahead = len(WEEKDAYS)
    day = here.date() + timedelta(days=ahead)
    return day, day


def _dated(words: str, here: datetime) -> tuple[date, date] | None:
    when = read_when(_ENGLISH.get(words, words), here)
    if when is None or when.first < here.date() or (when.last - when.first).days >= MOST_DAYS:
        return None
    return when.first, when.last


WEEKDAYS: Final = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
_WEEKDAY: Final = re.compile(rf"(?:(?:le|ce|cet|cette|mon|pour) )?({'|'.join(WEEKDAYS)})(?: (?:matin|soir|midi))?")
_ENGLISH: Final = {"today": "aujourd hui", "tonight": "ce soir", "tomorrow": "demain"}


def tells_day_hours(text: str) -> bool:
    """Whether a whole message tells hours of one day, whichever it is today."""
    return _told(text) is not None


def lacks_hour(text: str) -> bool:
    """Whether a whole message tells that a shop closes early or opens late, and not when."""
    kinds = [kind for kind, _ in _tokens(text) or () if kind not in ("certain", "weekday")]
    return kinds in (["close"], ["open"]) and _EARLY.search(plain(text)) is not None


_EARLY: Final = re.compile(r"\b(?:tot|tard|early|earlier|late|later)\b")


def _told(text: str) -> tuple[DayRule, str, bool] | None:
    """What is told, the words of its day ('' for none), and whether that day alone is meant."""
    found = _tokens(text)
    if found is None:
        return None
    days = [(kind, words) for kind, words in found if kind in ("certain", "weekday")]
    rule = _rule([one for one in found if one not in days])
    if rule is None or len(days) > 1 or (not days and rule.way != "times"):
        return None
    return (rule, days[0][1].strip(), days[0][0] == "certain") if days else (rule, "", False)


def _tokens(text: str) -> list[tuple[str, str]] | None:
    """Kinds and words of what tells something, or None where a word is none of these."""
    if len(text) > LONGEST or "?" in text:
        return None
    said = plain(text)
    found, at = list[tuple[str, str]](), 0
    while at < len(said):
        one = _TOKEN.match(said, at)
        if one is None or not one[0]:
            return None
        if one.lastgroup not in ("gap", "filler"):
            found.append((str(one.lastgroup), one[0]))
        at = one.end()
    return found


def _rule(told: Sequence[tuple[str, str]]) -> DayRule | None:
    kinds = [kind for kind, _ in told]
    if kinds and set(kinds) <= {"usual", "open"} and "usual" in kinds:
        return DayRule("usual")
    spans = [_span(words) for kind, words in told if kind == "span"]
    if spans:
        return _of_spans(spans, [kind for kind in kinds if kind != "span"])
    return _of_times(told)


def _of_spans(spans: Sequence[Span | None], beside: Sequence[str]) -> DayRule | None:
    known = sorted(span for span in spans if span is not None)
    if len(known) < len(spans) or any(later[0] < earlier[1] for earlier, later in pairwise(known)):
        return None
    if set(beside) in ({"close"}, {"pause"}):
        return DayRule("shut", (known[0],)) if len(known) == 1 and known[0][1] <= MIDNIGHT else None
    return DayRule("spans", tuple(known)) if set(beside) <= {"open", "from"} else None


def _of_times(told: Sequence[tuple[str, str]]) -> DayRule | None:
    """Each time with the verb before it: `j'ouvre à 10h et je ferme à 15h`, `ouvert jusqu'à 22h`.

    `fermé jusqu'à 14h` and `pause 2 heures` tell how long it is shut: a pause, and no hours.
    """
    opens = closes = None
    verb = ""
    for kind, words in told:
        if kind in ("open", "close", "until", "from") and (verb, kind) != ("close", "until"):
            verb = verb if (verb, kind) == ("close", "from") else kind
        elif kind == "time" and verb in ("open", "from") and opens is None:
            opens, verb = minutes(words), ""
        elif kind == "time" and verb in ("close", "until") and closes is None:
            closes, verb = minutes(words), ""
        else:
            return None
    if verb or (opens is None and closes is None) or opens == MIDNIGHT or closes == 0:
        return None
    return DayRule("times", opens=opens, closes=closes)


def _span(words: str) -> Span | None:
    found = _ENDS.fullmatch(words)
    opens, closes = (minutes(found[1]), minutes(found[2])) if found else (None, None)
    return (opens, closes) if opens is not None and closes is not None and opens < closes else None
