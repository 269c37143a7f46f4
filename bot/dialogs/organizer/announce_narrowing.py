"""What narrows an announcement and is not read: `sauf ceux de Kara`, `qui ont un panier`, which nobody may drop."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal

from base.later import Later
from base.spelling import fold, normalise
from bot.broadcasts import zones
from bot.dialogs.organizer.announce_query import LONGEST, OUT, read_left_out, read_query

if TYPE_CHECKING:
    from bot.understanding import organizer_spelling
else:
    organizer_spelling = Later("bot.understanding.organizer_spelling")

Who = Literal["all", "buyers", "vendors", "attendees", "organizers"]
NOUNS: Final[tuple[tuple[Who, frozenset[str]], ...]] = (
    (
        "attendees",
        frozenset(
            "inscrit inscrits inscrite inscrites participant participants participante participantes attendee attendees"
            " registered booked".split()
        ),
    ),
    (
        "vendors",
        frozenset(
            "vendeur vendeurs vendeuse vendeuses commercant commercants commercante commercantes marchand marchands"
            " marchande marchandes boutique boutiques vendor vendors seller sellers shop shops".split()
        ),
    ),
    (
        "buyers",
        frozenset(
            "acheteur acheteurs acheteuse acheteuses client clients cliente clientes buyer buyers customer"
            " customers".split()
        ),
    ),
    ("organizers", frozenset("organisateur organisateurs organisatrice organisatrices organizer organizers".split())),
    ("all", frozenset("tous toutes tout all everyone everybody chacun monde".split())),
)
"""What people of a kind are called; the first kind that words name is meant."""
_PEOPLE: Final = "|".join(sorted({word for who, words in NOUNS if who != "all" for word in words}))
_NAMED: Final = re.compile(
    rf"\b(?:{_PEOPLE}|tous|toutes|tout le monde|everyone|everybody|all|ceux|celles|gens|personnes|people|those)\b"
)
_STATES: Final = (
    r"absente?s?|inacti(?:f|fs|ve|ves)|silencieux|silencieuses?|verifiee?s?|suspendue?s?|presente?s?|muets|verified"
    r"|inactive"
)
_OPENS: Final = re.compile(
    rf"\b(?:(?P<out>{OUT})|(?P<clause>qui|dont|ayant|avec|sans|who|whose|having|with|without)"
    rf"|(?P<word>non|pas|jamais|not|never|{_STATES}))\b"
)
_CLAUSE_ALONE: Final = re.compile(
    rf"^(?:{OUT}|sans|qui|ki|dont|ayant|non|{_STATES}|who|whose|without|(?:pas|jamais|not|never) (?:vus?|vues?|venus?"
    r"|prevenu\w*|command\w*|verifie\w*|seen|ordered|verified))\b"
)
_SOME: Final = re.compile(
    rf"\b(?:nouveaux|nouvelles|anciens|anciennes|meilleurs|meilleures|premiers|premieres|derniers|dernieres|fideles|new"
    rf"|best|last|first) (?:{_PEOPLE})\b"
)
_IDLE: Final = re.compile(
    r"^(?:qui|who) (?:leur |les )?(?:dis|dit|disent|annonce|rappelle|explique|informe|previent|says)\b"
    r"|^(?:sans|without) (?:exception|attendre|tarder|faute|delai|distinction|delay)\b"
    r"|^(?:pas|not) (?:maintenant|tout de suite|aujourd hui|ce soir|demain|avant|now|today|tomorrow|before)\b"
    r"|^(?:avec|with) (?:(?:cette|ce|la|le|l|une|un|this|the|a) )?(?:photo|image|affiche|texte|message|vocal|note"
    r"|video|picture|text)\b"
)
_DENIES: Final = re.compile(rf"\b(?:n|ne|pas|non|plus|jamais|sans|not|never|without|{OUT})\b")
_LIVES: Final = re.compile(
    r"^(?:qui|who) (?:(?:sont|se trouvent|are)(?: (?:bases|installes|situes|based))?"
    r"|habitent|vivent|resident|travaillent|vendent|livrent|live|work|sell)"
    r" (?:a|au|aux|dans|de|d|du|des|en|in|at|from)\b"
)
_BOOKED: Final = re.compile(
    r"^(?:qui|who) (?:sont|se sont|are|have) (?:inscrite?s?|booked|registered)\b.*"
    r"\b(?:ateliers?|sessions?|seances?|workshops?)\b"
)
_TIME: Final = re.compile(
    r"^(?:(?:a|le|pour|des|vers|ce|cet|cette|on|at) )*(?:\d|demain|aujourd|matin|soir|midi|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi|dimanche|chaque|maintenant|tomorrow|today|tonight|now|every|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday)"
)
_BREAK: Final = "comma"  # stands for one, where letters are made plain
_PARTS: Final = re.compile(rf"\b(?:{_BREAK}|et|ou|and|or|puis|ni|mais|but)\b")
_SHORTEST: Final = 2  # words of a clause: `qui sont` goes on


def unread(text: str) -> tuple[str, ...]:
    """What narrows the people whom words name and is not read as such, in plain letters; () for nothing. Never raises.

    Nothing of `vendeurs qui ont commandé`; all of `sauf ceux de Kara`: neither a place nor a kind of people can be
    left out.
    """
    said = _plain(text)
    named = _NAMED.search(said)
    if not named:
        return ()
    some = _SOME.search(said)
    return (*((some[0],) if some else ()), *_clauses_unread(said, named.end()))


def _plain(text: str) -> str:
    """`o vdr, ki …` as `aux vendeurs comma qui …`."""
    marked = re.sub(r"[,;/+]", f" {_BREAK} ", text[:LONGEST])
    return re.sub(r"\bki\b", "qui", normalise(organizer_spelling.respelled(marked)))


def _clauses_unread(said: str, named: int) -> Iterator[str]:
    """The clauses behind the people: what is left out goes as far as the words do."""
    opened = [one for one in _OPENS.finditer(said) if one.start() >= named]
    out = next((one for one in opened if one["out"]), None)
    last = out.start() if out else len(said)
    starts = _starts(said, [one for one in opened if one.start() < last])
    kinds = _kinds(said[: opened[0].start()]) if opened else frozenset()
    clauses = [said[start:end].strip() for start, end in zip(starts, [*starts[1:], last], strict=False)]
    yield from (clause for clause in clauses if not _is_read(clause, kinds))
    if out:
        yield from (part for part in _parts(said[out.end() :]) if not _is_left_out(part, kinds))


def _starts(said: str, opened: Sequence[re.Match[str]]) -> list[int]:
    """Where clauses begin: `pas` within one is its own, and so is what follows on `qui sont`."""
    starts: list[int] = []
    for one in opened:
        words = said[starts[-1] : one.start()] if starts else ""
        is_within = bool(starts) and (
            len(words.split()) <= _SHORTEST or (one["word"] is not None and not _PARTS.search(words))
        )
        if not is_within:
            starts.append(one.start())
    return starts


def _parts(words: str) -> tuple[str, ...]:
    """What is said one by one: at least one, though it be empty."""
    return tuple(part.strip() for part in _PARTS.split(words) if part.strip()) or ("",)


def _kinds(words: str) -> frozenset[Who]:
    """The kinds of people that words name."""
    typed = set(words.split())
    return frozenset(who for who, nouns in NOUNS if who != "all" and nouns & typed)


def _is_read(clause: str, kinds: frozenset[Who]) -> bool:
    """Whether a clause that keeps some of the people is read, and tells of no others than these kinds, if any."""
    if _IDLE.match(clause):
        return True
    if kinds and not _kinds(clause) <= kinds:
        return False
    if read_query(clause):
        return True
    return not _DENIES.search(clause) and bool((_LIVES.match(clause) and _has_place(clause)) or _BOOKED.match(clause))


def _has_place(words: str) -> bool:
    return any(zones.name_in(part) for part in _parts(words))


def _is_left_out(part: str, kinds: frozenset[Who]) -> bool:
    """Whether a part of what is left out is read: neither a place nor other people are; a time is no part of it."""
    if _has_place(part) or not _kinds(part) <= kinds:
        return False
    if read_left_out(part):
        return not _DENIES.search(part) and not read_query(part)
    return bool(_TIME.match(part))


def lives_somewhere(clause: str) -> bool:
    """Whether a clause says where people are: `qui habitent a zoblo`."""
    return bool(_LIVES.match(clause)) and not _DENIES.search(clause)


def is_clause(text: str) -> bool:
    """Whether words narrow the people before them, and are nothing to be told: `qui n'ont pas de produits`."""
    return "?" not in text and bool(_CLAUSE_ALONE.match(fold(text[:LONGEST])))
