"""One message taken apart: the quarter or town, the landmark with its relation, who receives, and his phone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from base.phones import read_phone
from base.places import RELATIONS, Place, find_places, is_place
from base.spelling import fold, normalise
from bot.dialogs.buyer import readers
from bot.dialogs.buyer.naming import NAMES_NOBODY, ONLY_NAME
from bot.dialogs.buyer.readers import LONGEST_NAME, without_phone
from bot.messages import Incoming

LONGEST_LANDMARK = 200  # characters
SHORTEST_LANDMARK = 6  # of the rest of a sentence that named the quarter
MOST_NAME_WORDS = 4
_PARTS = re.compile(r"\s*[,;\n]+\s*")
_MARKED = re.compile(
    r"(?:^|(?<=\s))(?:c['’ ]?est pour|pour|au nom de|destinataire|demande[zr]?|appelez|nom|for|name)"
    r"\s*:?\s+(?P<name>\D+)$",
    re.IGNORECASE,
)
_SAME = re.compile(r"\b(?:meme (?:adresse|endroit|lieu|place)|comme (?:la )?derniere fois|same (?:address|place))\b")
_RELATION_SPELLINGS = (
    (re.compile(r"\bderriere\b", re.IGNORECASE), "derrière"),
    (re.compile(r"\b[aà] c[oô]t[eé] (?=d[eu'’ ]|des\b)", re.IGNORECASE), "à côté "),
    (re.compile(r"\bpres d", re.IGNORECASE), "près d"),
    (re.compile(r"\bapres\b", re.IGNORECASE), "après"),
    (re.compile(r"\bnon loins?\b", re.IGNORECASE), "non loin"),
    (re.compile(r"\ben fasse?\b", re.IGNORECASE), "en face"),
)
_OTHERWISE = re.compile(
    r"\W*(?:(?:attends?|pardon|ok|oui)\W+)*(?:non|no|plut[oô]t|finalement|en fait|je change)\b"
    r"(?:\W*\b(?:plut[oô]t|finalement|en fait|c['’ ]?(?:est)?|livre[rz]?|mets|mettez|moi|[aà]|au|vers|quartier)\b)*\W*",
    re.IGNORECASE,
)
_POLITE_END = re.compile(r"[\s,;:.!?]+(?:svp|stp|s'il vous pla[iî]t|merci)?[\s,;:.!?]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """What a message said of an address; '' and None for what it did not say. `phone` is E.164."""

    place: Place | None = None
    candidates: tuple[Place, ...] = ()
    landmark: str = ""
    recipient: str = ""
    phone: str = ""


def read_told(text: str) -> Told:
    """`Bè-Kpota derrière la pharmacie Pour Tous, pour Afi Mensah 90 12 34 56`, or any part of it; never raises."""
    recipient, phone, rest = _person(text)
    found = find_places(rest)
    landmark = tidy(found.rest) if found.exact or found.candidates else ""
    is_landmark = len(landmark) >= SHORTEST_LANDMARK
    return Told(found.exact, found.candidates, landmark if is_landmark else "", recipient, phone)


def read_landmark(text: str) -> Told:
    """The same where only the landmark was asked: a quarter in it belongs to its name (`marché d'Amoutivé`)."""
    recipient, phone, rest = _person(text)
    return Told(landmark=tidy(rest), recipient=recipient, phone=phone)


def is_same_again(text: str) -> bool:
    """Whether it asks for the address of last time."""
    return bool(_SAME.search(fold(text)))


def is_landmark(text: str) -> bool:
    """Whether words begin as a landmark does (`derrière le marché d'Amoutivé`), so that a place in them is its name."""
    return next(iter(normalise(text).split()), "") in RELATIONS


def other_place(text: str) -> str:
    """The quarter or town that takes the place of the one just told: `Adidogomé` of `non plutôt Adidogomé`; '' else."""
    opening = _OTHERWISE.match(text)
    place = _POLITE_END.sub("", text[opening.end() :]) if opening else ""
    return place if place and is_place(place) else ""


def is_sure(said: Incoming) -> bool:
    """Whether a message certainly answers the question for a landmark: it names one, or another quarter."""
    return readers.is_landmark(said) or bool(other_place(said.text))


def tidy(landmark: str) -> str:
    """A landmark as a rider reads it: its words as typed, relations spelled as in a book, no politeness behind."""
    words = _POLITE_END.sub("", " ".join(landmark.split())).strip(" ,;:.-")
    for typed, spelled in _RELATION_SPELLINGS:
        words = typed.sub(spelled, words)
    return words[:LONGEST_LANDMARK]


def _person(text: str) -> tuple[str, str, str]:
    """Who receives, his phone, and the words that are left."""
    phone = read_phone(text) or ""
    recipient, kept = "", []
    for index, part in enumerate(_PARTS.split(text.strip())):
        words = without_phone(part) if phone else part
        name, rest = ("", words) if recipient else _named(words, index, has_phone=words != part)
        recipient = recipient or name
        kept += [rest] if rest else []
    return recipient[:LONGEST_NAME], phone, ", ".join(kept)


def _named(words: str, index: int, *, has_phone: bool) -> tuple[str, str]:
    """A name in one part of a message, and the part without it.

    A name stands behind `pour` and the like, or is a part of its own: written with capitals, or with the phone.
    """
    marked = _MARKED.search(words)
    if marked and _is_name(marked["name"].split(), is_written=has_phone or marked.start() == 0):
        return marked["name"].strip(), words[: marked.start()].strip()
    alone = words.split()
    is_part = has_phone or (index > 0 and len(alone) > 1)
    if is_part and _is_name(alone, is_written=has_phone) and not find_places(words).candidates:
        return " ".join(alone), ""
    return "", words


def _is_name(words: Sequence[str], *, is_written: bool) -> bool:
    """Up to four words that could be a person's; `is_written` where even small letters are believed."""
    name = " ".join(words)
    normal = normalise(name).split()
    if not normal or len(words) > MOST_NAME_WORDS or not ONLY_NAME.fullmatch(name) or is_place(name):
        return False
    if NAMES_NOBODY.issuperset(normal) or not RELATIONS.isdisjoint(normal):
        return False
    return is_written or all(word[0].isupper() for word in words)
