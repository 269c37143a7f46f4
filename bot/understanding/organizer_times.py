"""Days and hours in an organizer's message: where they stand, when they are, and how long before something."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from base.when import LOME, read_when
from bot.understanding.organizer_spelling import respelled
from bot.understanding.organizer_words import WORKSHOP

_DAY: Final = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|samdi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|mercr|vendr|(?:lun|mar|mer|jeu|ven|sam|dim)\b(?=\.? ?\d))\.?"
)
_MONTH: Final = (
    r"(?:janvier|janv|jan|fevrier|fev|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct|novembre|nov"
    r"|decembre|dec|january|february|march|april|may|june|july|august|september|october|november|december)\b\.?"
)
_DATE: Final = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{1,2}}/\d{{1,2}}|(?:1er|\d{{1,2}})(?:st|nd|rd|th)? ?{_MONTH}"
    rf"(?: 20\d\d)?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\ble \d{{1,2}}(?:er)?(?! ?(?:h\b|heure|place|personne|\d)))"
)
_RELATIVE: Final = (
    r"(?:apres[- ]?demain|avant[- ]?hier|aujourd'? ?hui|aujourdhui|auj\b|ajd\b|demain|dmain|2main|dem1|tomorrow|today"
    r"|tonight|hier|ce soir|ce matin|cet aprem|cet apres[- ]midi|cette semaine|ce midi|dans (?:\d{1,2}|une?|deux|trois|"
    r"quatre|cinq|six|sept|huit|quinze) ?(?:h\b|heures?|min(?:ute)?s?|jours?|semaines?)|in (?:\d{1,2}|an?|two|three)"
    r" (?:hours?|minutes?|days?)|ce week[- ]?end|le week[- ]?end|fin du mois)"
)
_CLOCK: Final = (
    r"(?:\d{1,2} ?h(?:eures?|rs?)?(?![a-z]) ?(?:[0-5]\d(?!\d| ?(?:pl\b|plces|place|pers|seat|people|max))|trente"
    r"|quinze|et demie?)?|\d{1,2}:[0-5]\d|\d{1,2}h[0-5]\d"
    r"|(?:\d{1,2}(?::[0-5]\d)?) ?[ap]\.?m\b\.?|midi(?: (?:30|et demie?))?\b|minuit\b|noon\b"
    r"|(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|dix[- ]sept"
    r"|dix[- ]huit|dix[- ]neuf|vingt)"
    r" heures?(?: (?:trente|quinze|et demie?|et quart))?)"
)
_PART: Final = (
    r"(?: (?:du matin|de l'apres[- ]midi|du soir|le matin|au matin|matin|apres[- ]midi|aprem|soir|morning|afternoon"
    r"|evening|prochaine?|precises?|pile|gmt|en 8|en huit))"
)
_HOURS: Final = (
    rf"(?:(?:de |entre |from )?{_CLOCK} ?(?:-|–|/|a|au|et|jusqu'?a|to|till) ?{_CLOCK}"
    rf"|(?:de |entre |from )\d{{1,2}} ?(?:-|–|a|et|to) ?{_CLOCK}|\d{{1,2}} ?[-–] ?{_CLOCK}|{_CLOCK})"
)
_ONE: Final = rf"(?:(?:{_RELATIVE}|(?:next |this |on )?{_DAY}|{_DATE}|{_HOURS}){_PART}*)"
_LEAD: Final = (
    r"(?:(?:a partir de|pour|a|au|des|le|ce|vers|avant|apres|on|at|for|from|en|de|d'|du|la|dans la|cette|until"
    r"|jusqu'a) )"
)
TIMES: Final = re.compile(rf"(?<![\w]){_LEAD}{{0,2}}{_ONE}(?:[ ,]{{1,2}}{_LEAD}{{0,2}}{_ONE})*(?!\w)")
_SPAN: Final = re.compile(rf"(?<!\w){_CLOCK} ?(?:-|–|/|a|to|et|jusqu'?a|till) ?{_CLOCK}")
_DAYS_SAID: Final = re.compile(rf"(?<!\w)(?:{_RELATIVE}|{_DAY}|{_DATE})(?!\w)")
_FROM: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"\bnoon\b", "midi"),
        (r"\btomorrow\b|\b(?:2main|dem1)\b", "demain"),
        (r"\btonight\b", "ce soir"),
        (r"\btoday\b", "aujourd'hui"),
        (r"\b(?:next |this |on )?monday\b", "lundi"),
        (r"\b(?:next |this |on )?tuesday\b", "mardi"),
        (r"\b(?:next |this |on )?wednesday\b|\bmercr\b", "mercredi"),
        (r"\b(?:next |this |on )?thursday\b", "jeudi"),
        (r"\b(?:next |this |on )?friday\b|\bvendr\b", "vendredi"),
        (r"\b(?:next |this |on )?saturday\b|\bsamdi\b", "samedi"),
        (r"\b(?:next |this |on )?sunday\b", "dimanche"),
        (r"\bmorning\b", "matin"),
        (r"\bafternoon\b", "après midi"),
        (r"\bevening\b", "soir"),
        (r"\b(\w+) (\d{1,2})(?:st|nd|rd|th)\b", r"\2 \1"),
        (r"\b(\d{1,2})(?:st|nd|rd|th) (?=[a-z])", r"\1 "),
        (r"\bjanuary\b", "janvier"),
        (r"\bfebruary\b", "février"),
        (r"\bmarch\b", "mars"),
        (r"(?<!\d )\bdecember (\d{1,2})(?![\dh])", r"\1 décembre"),
        (r"(?<!\d )\bnovember (\d{1,2})(?![\dh])", r"\1 novembre"),
        (r"\bdecember\b", "décembre"),
        (r"\bnovember\b", "novembre"),
        (r"\bin (\d{1,2}|an?) (h)ours?\b", r"dans \1 heures"),
        (r"\bin (\d{1,2}) minutes?\b", r"dans \1 minutes"),
        (r"\b(?:from|between) (?=\d)", "de "),
        (r"\b(?:trois|14h) heures trente\b", "trois heures 30"),
        (r"\bheures? trente\b", "heures 30"),
        (r"\bheures? quinze\b|\bheures? et quart\b", "heures 15"),
        (r"\btreize heures\b", "13h"),
        (r"\bquatorze heures\b", "14h"),
        (r"\bquinze heures\b", "15h"),
        (r"\bseize heures\b", "16h"),
        (r"\bdix[- ]sept heures\b", "17h"),
        (r"\bdix[- ]huit heures\b", "18h"),
        (r"\bdix[- ]neuf heures\b", "19h"),
        (r"\bvingt heures\b", "20h"),
        (r"\b(\d{1,2}) heures\b", r"\1h"),
        (r"\bapres[- ]demain\b", "après demain"),
        (r"(?<=\d)h ?/ ?(?=\d)", "h-"),
        (r"\ble (\d{1,2}) a (?=\d{1,2} ?h)", r"le \1 , "),
        (r"(?<=\d|h) (?:to|till|jusqu'?a|et) (?=\d)", " a "),
    )
)
_END_HOUR: Final = rf"(?P<hour>{_CLOCK}{_PART}*)(?!\w)"
_BARE_HOUR: Final = (
    rf"(?P<hour>{_CLOCK}{_PART}*|(?:[6-9]|1\d|2[0-3])(?! ?(?:place|pl\b|pers|part|siege|seat|people|max|min|[/.:]\d)))"
    r"(?!\w)"
)
_UNTIL: Final = r"(?:jusqu(?:e|'|’)? ?(?:a |a(?=\d)|vers )?|until |till )"
_ON_DAY: Final = rf"(?P<kept>(?:(?:le |ce |on )?(?:{_RELATIVE}|{_DAY}|{_DATE}) )?)"
_ENDINGS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\w)(?:(?:et|puis|and|qui|se|va|doit|devra|will) )*"
        r"(?:fini(?:t|r|ra|rait|sse|ssent)?|termine(?:r|ra|rait)?|acheve(?:r|ra)?|ends?|ending|finish(?:es)?)"
        rf"(?: (?:plus|un peu) (?:tot|tard))?,? {_ON_DAY}(?:{_UNTIL}|a |vers |by |at )?{_BARE_HOUR}",
        r"(?<!\w)(?:(?:est|sera|is) )?(?:prolong|rallong|extend)\w*(?P<kept>[^,;\n]{0,60}? )"
        rf"(?:{_UNTIL}|a |to |vers ){_BARE_HOUR}",
        rf"(?<!\w)fin(?P<kept>(?: (?:de (?:la |l')?|du )(?:{WORKSHOP})(?: [\w'-]+){{0,4}}?)?) ?(?:est )?"
        rf"(?:a |: ?|vers )?{_END_HOUR}",
        rf"(?<!\w)(?:(?:et|dure|and|lasts) )*{_UNTIL}{_ON_DAY}(?:a )?{_END_HOUR}",
    )
)
_PUT_OFF: Final = re.compile(r"\b(?:deplac|decal|report|repouss|avanc|move|reschedul|shift)\w*")
_HALF_DAY: Final = re.compile(r"(?<![\d:h])(\d{1,2})(?::([0-5]\d))? ?([ap])\.?m\b\.?")
_OFFSET: Final = re.compile(
    r"\b(\d{1,3}|une?|one|an?|deux|trois|quatre|two|three|douze|trente|demi[- ]?e?|half an|half)[ -]?"
    r"(h|heures?|hours?|hrs?|min|mn|minutes?|jours?|days?|j)\b"
)
_COUNTS: Final = {
    **dict.fromkeys(("un", "une", "a", "an", "one"), 1),
    **dict.fromkeys(("deux", "two"), 2),
    **dict.fromkeys(("trois", "three"), 3),
    "quatre": 4,
    "douze": 12,
    "trente": 30,
}
_EVE: Final = re.compile(r"\b(?:(?:la )?veille|the day before|un jour avant|the eve)\b")
_QUARTER: Final = re.compile(r"\b(?:un )?quart d'? ?heure\b")
_MINUTES: Final = {"h": 60, "m": 1, "j": 1440, "d": 1440}


@dataclass(frozen=True, slots=True)
class Time:
    """When something begins and ends, in ISO 8601 ('' for what is not told); `is_hour_alone`: no day was said."""

    begins: str
    ends: str
    is_hour_alone: bool


def time_spans(flat: str) -> list[tuple[int, int]]:
    """Where in a plain text days and hours stand, with the words that lead to them."""
    return [found.span() for found in TIMES.finditer(flat)]


def read_time(text: str, now: datetime) -> Time | None:
    """The first day and hours that a text names, of its words of time alone; None for none."""
    flat = respelled(text)
    said = " ".join(flat[start:end] for start, end in time_spans(flat))
    if not said:
        return None
    is_day = bool(_DAYS_SAID.search(said))
    midnight = now.astimezone(LOME).replace(hour=0, minute=0)
    when = read_when(_in_french(said), now if is_day else midnight)
    if when is None:
        return None
    ends = f"{when.last.isoformat()}T{when.end:%H:%M}" if when.start and when.end and when.last == when.first else ""
    return Time(when.begins if when.start else when.deadline, ends, not is_day)


def read_times(text: str, now: datetime) -> Time | None:
    """The same of what lasts: an hour behind `jusqu'à`, `finit à`, `prolonge … jusqu'à` is its end; None for none.

    Only an end: `begins` is the day where one is named, else ''.
    """
    rest, hour = without_end(text)
    ends = read_time(_full(hour), now) if hour else None
    begins = read_time(rest, now)
    if ends is None or (begins is None and _PUT_OFF.search(respelled(text)) and not _is_end(text)):
        return read_time(text, now)
    clock = ends.begins.partition("T")[2]
    if begins is None:
        return Time("", ends.begins, is_hour_alone=True)
    return Time(begins.begins, f"{begins.begins[:10]}T{clock}", begins.is_hour_alone)


def without_end(text: str) -> tuple[str, str]:
    """A text without the words that tell an end, and the hour that they tell in plain letters, or ''."""
    flat = respelled(text)
    found = _ending(flat)
    if found is None:
        return text, ""
    rest = f"{flat.typed(0, found.start())} {flat.typed(*found.span('kept'))} {flat.typed(found.end())}"
    return rest, found["hour"]


def _ending(flat: str) -> re.Match[str] | None:
    return next((found for pattern in _ENDINGS if (found := pattern.search(flat))), None)


def _is_end(text: str) -> bool:
    """Whether it is the end that is told, and not until when something is put off: `repoussée jusqu'à 15h`."""
    found = _ending(respelled(text))
    return found is not None and found.re is not _ENDINGS[-1]


def _full(hour: str) -> str:
    return f"{hour}h" if hour.isdigit() else hour


def _in_french(said: str) -> str:
    said = _HALF_DAY.sub(_on_the_clock, said)
    for pattern, way in _FROM:
        said = pattern.sub(way, said)
    return said


def _on_the_clock(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + (12 if found[3] == "p" else 0)
    return f"{hour}h{found[2] or ''}"


def read_offset(text: str) -> int | None:
    """How many minutes before: `1h avant` is 60, `la veille` 1,440; None where nothing is said."""
    flat = respelled(text)
    if _EVE.search(flat):
        return _MINUTES["j"]
    if _QUARTER.search(flat):
        return 15
    found = _OFFSET.search(flat)
    if not found:
        return None
    unit = _MINUTES[found[2][0]]
    if found[1].startswith(("demi", "half")):
        return unit // 2
    return (int(found[1]) if found[1].isdigit() else _COUNTS[found[1]]) * unit
