"""Exact readings that need no understanding: a typed menu number and a command with its codes."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from base.spelling import fold

NUMBER = re.compile(r"(?:le |la |n ?[o°]? ?|numero )?0*(\d{1,2})[.)]?", re.IGNORECASE)
CODE = re.compile(r"[0-9][0-9a-z]{2,5}")  # a code begins with a digit: `accepter merci` is no command
PART = re.compile(r"[^\W_]+")
GLUED = re.compile(r"([ar])([0-9][0-9a-z]{2,4})")  # `A4K7`; `P5MF` is a product's link
POLITE = frozenset("svp stp ok merci please thanks".split())
LONGEST_COMMAND = 60  # characters
MOST_PARTS = 5
# Verbs of workshops: behind them stand a workshop's number (`atelier 3`), a booking's code, lines of a printed list.
NUMBERED = frozenset(
    "atelier session workshop programme program desinscrire unbook noter rate"
    " presence presences attendance present presents arrived absent absents missing".split()
)
BESIDE_NUMBERS = frozenset("atelier session workshop numéro numero no n et and".split())
OF_WORKSHOPS = re.compile(r"[0-9][0-9a-z]{0,7}|a[0-9]{1,3}")
LONGEST_LIST, MOST_LINES = 600, 400  # characters, and parts, of a list that is typed in
RANGE = re.compile(r"(?<![\w-])(\d{1,4})\s*(?:-|–|à|a|au|to)\s*(\d{1,4})(?![\w-])")  # of its lines: `1-20`, `1 à 20`
KEYCAP = re.compile("[\ufe0f\u20e3]")


@dataclass(frozen=True)
class Command:
    """A verb's state, and the codes behind it in capitals, separated by blanks ('' for the bare verb)."""

    state: str
    codes: str


def number_typed(text: str) -> int | None:
    """The number of a menu that a whole message names: `2`, `2.`, `2️⃣`, `le 2`; else None."""
    plain = unicodedata.normalize("NFKC", KEYCAP.sub("", text)).strip()
    found = NUMBER.fullmatch(plain)
    return int(found[1]) if found and int(found[1]) > 0 else None


def read_command(commands: Mapping[str, str], text: str) -> Command | None:
    """A verb of the table with codes behind it: `A 4K7`, `A4K7 svp`, `livré TG-4K7P2 1234`; a single letter needs one.

    Anything else in the message makes it no command. Codes are read letter by letter: folding would shorten `AAA`.
    """
    typed = _parts(text[:LONGEST_LIST])
    verb, *rest = _parted(typed)
    if verb not in commands:
        return None
    if verb in NUMBERED:
        return _of_workshops(commands[verb], _parted(_parts(RANGE.sub(_lines, text[:LONGEST_LIST])))[1:], text)
    codes = [part for part in rest if part != "tg"]
    if len(typed) > MOST_PARTS or not all(CODE.fullmatch(code) for code in codes):
        return None
    if len(text) > LONGEST_COMMAND or (not codes and (len(verb) == 1 or rest)):
        return None
    return Command(commands[verb], " ".join(codes).upper())


def _parts(text: str) -> list[str]:
    return [part.casefold() for part in PART.findall(unicodedata.normalize("NFKC", text))]


def _lines(found: re.Match[str]) -> str:
    """Each line of a range; what stands where the workshop's number does is none."""
    first, last = int(found[1]), int(found[2])
    is_behind = any(map(str.isdigit, found.string[: found.start()]))
    return " ".join(map(str, range(first, last + 1))) if is_behind and 0 < last - first < MOST_LINES else found[0]


def _of_workshops(state: str, rest: Sequence[str], text: str) -> Command | None:
    """`présents atelier 3: 1 4 7 12`; the word for workshop may stand before its number."""
    codes = [part for part in rest if part not in BESIDE_NUMBERS]
    if len(text) > LONGEST_LIST or len(rest) > MOST_LINES or not all(OF_WORKSHOPS.fullmatch(code) for code in codes):
        return None
    return None if rest and not codes else Command(state, " ".join(codes).upper())


def _parted(typed: list[str]) -> list[str]:
    """The verb, folded, and what stands behind it; a polite word is none of it where a code stands before."""
    glued = GLUED.fullmatch(typed[0]) if typed else None
    verb, *rest = [*glued.groups(), *typed[1:]] if glued else [fold(typed[0]), *typed[1:]] if typed else [""]
    while len(rest) > 1 and rest[-1] in POLITE:
        rest.pop()
    return [verb, *rest]
