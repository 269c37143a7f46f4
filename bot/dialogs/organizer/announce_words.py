"""To whom an announcement goes and when, as organizers say it: `vendeurs de Bè`, `chaque lundi 7h`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from base.later import Later
from base.places import is_place
from base.spelling import fold, normalise
from base.when import LOME, When, read_when
from bot.broadcasts import zones
from bot.dialogs.organizer.announce_narrowing import NOUNS, Who, lives_somewhere, unread
from bot.dialogs.organizer.announce_query import is_of_all, read_query

if TYPE_CHECKING:
    from bot.understanding import organizer_spelling, organizer_words
else:
    organizer_spelling = Later("bot.understanding.organizer_spelling")
    organizer_words = Later("bot.understanding.organizer_words")

Every = Literal["", "day", "week"]
LONGEST: Final = 200  # characters
MORNING: Final = time(9)  # when a day alone was said
MOST_AHEAD: Final = timedelta(days=366)
MOST_PLACES: Final = 9
_LEADING: Final = (
    r"^(?:(?:non|plutot|seulement|uniquement|juste|only|just|envoie|envoyer|send|ca|it|a|aux?|pour|to|for|les?|la|des"
    r"|pas (?:a )?(?:tous|tout le monde) (?:mais|seulement|uniquement|juste)"
    r"|tous|toutes|all|the|ceux|celles) )*"
)
_FOLLOWING: Final = (
    r"(?: (?:de|du|des|d|a|au|aux|en|dans|sur|par|qui|ki|sauf|sans|et|ou|pas|non|jamais|ceux|celles|atelier|session"
    r"|seance|dont|ayant|hors|hormis|excepte\w*|autres?|absente?s?|inacti\w+|silencieu\w+|verifie\w*|suspendu\w*"
    r"|anglophones?|francophones?|of|in|who|except|and|at)\b.*)?$"
)
_NOUNS: Final = "|".join(word for _, nouns in NOUNS[:-1] for word in sorted(nouns))
_WHOM: Final = re.compile(_LEADING + rf"(?:{_NOUNS}|tous|toutes|tout le monde|all|everyone|everybody)" + _FOLLOWING)
_LED: Final = re.compile(_LEADING)
_SOMEWHERE: Final = re.compile(
    rf"\b(?:{_NOUNS}) (?:qui (?:sont|habitent|vivent) )?(?:de|d|du|des|a|au|dans|en|in|at|from)\b[ '’]*"
    r"(?:le |la |les |l )?(?:quartier |ville |zone )?(?:de |d |du )?(?P<where>\w+(?:[ -]\w+){0,2})$"
)
_CORRECTED: Final = re.compile(
    r"\W*(?:(?:non|attends?|attendez|pardon|oups|plut[oô]t|en fait|ok|no|wait|sorry)\b\W*)*"
    r"(?:(?:je (?:veux|voudrais)|il faut) )?"
    r"(?:change[rz]?|corrige[rz]?|modifie[rz]?|rectifie[rz]?|remplace[rz]?|correct|edit|replace)\b"
    r"(?P<what>[^:]{0,40})(?::\s*(?P<text>\S.*))?",
    re.IGNORECASE | re.DOTALL,
)
_ITS_TEXT: Final = frozenset(
    "le la l les ce cette mon ma notre texte message annonce contenu mots mot phrase ca cela tout par en plutot svp stp"
    " the this my text words announcement it to with by please".split()
)
_MOST_TOLD: Final = 14  # words of an audience, or of a time
_SPOKEN: Final = re.compile(r"\b(?:en|in) (?:langue )?(?:ewe|eve|mina|kabiye|kabye|anglais|francais|english|french)\b")
_OPENS_TIME: Final = re.compile(
    r"^(?:(?:non|plutot|envoie|envoi|envoyer|send|it|programme|prevu|planifie|pour|a|le|on|at|ok) )*"
    r"(?:\d|hier|demain|apres|aujourd|ce (?:soir|matin|midi)|cet|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|chaque|tous les|toutes les|every|daily|maintenant|tout de suite|immediatement|now|dans|midi"
    r"|tomorrow|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
_WORKSHOP: Final = re.compile(r"\b(?:atelier|session|seance|workshop)s? ?n?°?(?:umero)? ?(\d{1,4})\b")
_EVERYWHERE: Final = frozenset(
    fold(words)
    for words in "partout|tout le togo|toutes les villes|toutes les zones|tout le pays|everywhere|le togo".split("|")
)
_SEPARATORS: Final = re.compile(r"[,;/+]|\b(?:et|ou|and|or|puis)\b", re.IGNORECASE)
_EVERY_DAY: Final = re.compile(r"\b(?:(?:chaque|tous les|toutes les|every) (?:jours?|matins?|soirs?|day)|daily)\b")
_EVERY_WEEK: Final = re.compile(
    r"\b(?:chaque|tous les|every) (?:semaine|week|(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?)\b"
)
_UNTIL: Final = re.compile(r"\b(?:jusqu\W{0,2}(?:au|a|en)|until|till)\b(.*)$")
_NOW: Final = frozenset({"maintenant", "tout de suite", "now", "immediatement", "tt de suite"})
_ENGLISH: Final = dict(
    zip(
        "monday tuesday wednesday thursday friday saturday sunday tomorrow today".split(),
        "lundi mardi mercredi jeudi vendredi samedi dimanche demain aujourd'hui".split(),
        strict=True,
    )
)


@dataclass(frozen=True)
class Named:
    """To whom, as said: `who` '' where nobody is named, places by their names, a workshop's number (0: none), `query`
    what else narrows it (announce_query). `is_somewhere`: at a place that nobody knows, which is asked for.
    `is_unread`: narrowed by words that nobody reads (announce_narrowing), so that it is asked whom it is for.
    """

    who: Who | Literal[""]
    places: tuple[str, ...] = ()
    workshop: int = 0
    query: Mapping[str, Any] = field(default_factory=dict)
    is_somewhere: bool = False
    is_unread: bool = False


@dataclass(frozen=True)
class Planned:
    """When, as said: None is now; how often again, and the last day of that (None: without end)."""

    at: datetime | None
    every: Every = ""
    until: date | None = None


def read_named(text: str) -> Named | None:
    """Whom the words of an answer name; None where they name neither people nor place nor workshop. Never raises."""
    said = fold(text[:LONGEST])
    typed = {*said.split(), *_respelled(text[:LONGEST]).split()}
    who: Who | Literal[""] = next((who for who, words in NOUNS if words & typed), "")
    workshop = _WORKSHOP.search(said)
    places = read_places(text)
    query, lost = read_query(text), is_unread(text)
    if workshop and who in ("", "attendees"):
        return Named("attendees", places, int(workshop[1]), query, is_unread=lost)
    if not (who or places):
        return None
    return Named(who, places, query=query, is_somewhere=is_somewhere(text), is_unread=lost)


def is_unread(text: str) -> bool:
    """Whether something narrows the people that is not read; where nobody knows a place, that is asked instead."""
    left = unread(text)
    return bool(left) and not (is_somewhere(text) and all(map(lives_somewhere, left)))


def _respelled(text: str) -> str:
    """`Anonce o vdr`, `tt le monde` in plain words."""
    return normalise(organizer_spelling.respelled(text))


def is_somewhere(text: str) -> bool:
    """Whether words end in a place that no list has: `aux acheteurs de Zoblo`, which is not all of them."""
    said = _SOMEWHERE.search(fold(text[:LONGEST]).strip(" :,.!"))
    where = said["where"] if said else ""
    is_known = read_places(text) or read_query(text) or _WORKSHOP.search(fold(text)) or is_of_all(where)
    return bool(where) and not (is_known or is_everywhere(where) or names_language(text) or has_time(where))


def is_whom(text: str) -> bool:
    """Whether words are nothing but whom it is for: `acheteurs`, `aux vendeurs de Lomé`, `à Bè`. Never raises."""
    if len(text) > LONGEST or {":", "?"} & set(text) or len(text.split()) > _MOST_TOLD:
        return False
    if _WHOM.match(_respelled(text)):
        return True
    parts = [_LED.sub("", f"{fold(part)} ").strip() for part in _SEPARATORS.split(text) if part.strip()]
    return bool(parts) and all((is_place(part) or zones.is_name(part)) and zones.name_in(part) for part in parts)


def read_corrected(text: str) -> str | None:
    """What an announcement shall say instead: `non, corrige le texte: …`; '' where that is not told. Never raises.

    None for anything else, such as other people or another hour, but for a bare one: `corrige 16h`.
    """
    found = _CORRECTED.fullmatch(text)
    if found is None:
        return None
    told, what = (found["text"] or "").strip(), normalise(found["what"]).split()
    return told if _ITS_TEXT.issuperset(what) or (not told and is_time(found["what"].strip())) else None


def is_list(text: str) -> bool:
    """Whether the whole message is the word for announcements, however it is spelled: `anonces`, `mes annonces`."""
    return bool(_list().fullmatch(fold(text[:LONGEST])))


@cache
def _list() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:voir|montre|liste) )?(?:les |mes |nos |des )?{organizer_words.ANNOUNCEMENT}s")


def names_language(text: str) -> bool:
    """Whether words name a language to announce in: `annonce en éwé et français`."""
    return bool(_SPOKEN.search(fold(text[:LONGEST])))


def is_time(text: str) -> bool:
    """Whether words are nothing but when it goes: `demain 7h`, `19h`, `chaque lundi 7h`, `maintenant`. Never raises."""
    is_short = ":" not in re.sub(r"\d:\d", "", text) and len(text.split()) <= _MOST_TOLD
    return is_short and bool(_OPENS_TIME.match(normalise(text[:LONGEST]))) and has_time(text)


def read_places(text: str) -> tuple[str, ...]:
    """The names of all places that some words name."""
    parts = [part for part in _SEPARATORS.split(text[:LONGEST]) if part.strip()]
    found = (zones.name_in(part) for part in parts)
    return tuple(dict.fromkeys(name for name in found if name))[:MOST_PLACES]


def is_everywhere(text: str) -> bool:
    """Whether an answer means the whole country."""
    return fold(text[:LONGEST]) in _EVERYWHERE


def has_time(text: str) -> bool:
    """Whether words tell a time at all."""
    return bool(text) and read_planned(text, datetime.now(LOME)) is not None


def read_planned(text: str, now: datetime) -> Planned | None:
    """`demain 8h`, `maintenant`, `chaque lundi 7h jusqu'au 30 décembre`; a day alone begins at nine. None: no time.

    The moment may be past: the caller says so. Never raises.
    """
    said = _french(text[:LONGEST])
    if fold(said) in _NOW:
        return Planned(None)
    every: Every = "day" if _EVERY_DAY.search(said) else "week" if _EVERY_WEEK.search(said) else ""
    until = _UNTIL.search(said) if every else None
    rest = said[: until.start()] if until else said
    rest = re.sub(r"\b(?:chaque|tous les|toutes les|every)\b", " ", rest)
    when = read_when(rest, _midnight(now) if every else now)
    if when is None:
        return Planned(_first(now, every), every, _last(until, now)) if every else None
    return Planned(_moment(when, now, every), every, _last(until, now))


def _french(text: str) -> str:
    said = text.casefold().replace("’", "'")
    return re.sub(r"\b(" + "|".join(_ENGLISH) + r")(s?)\b", lambda found: _ENGLISH[found[1]], said)


def _first(now: datetime, every: Every) -> datetime:
    day = now.astimezone(LOME).date() + timedelta(days=1 if every == "day" else 7)
    return datetime.combine(day, MORNING, LOME)


def _midnight(now: datetime) -> datetime:
    """From which a repeated `8h` is eight in the morning."""
    return datetime.combine(now.astimezone(LOME).date(), time(), LOME)


def _moment(when: When, now: datetime, every: Every) -> datetime:
    at = datetime.combine(when.first, when.start or when.end or MORNING, LOME)
    step = {"": timedelta(), "day": timedelta(days=1), "week": timedelta(days=7)}[every]
    return at + step if every and at <= now else at


def _last(until: re.Match[str] | None, now: datetime) -> date | None:
    when = read_when(until[1], now) if until else None
    return when.last if when else None
