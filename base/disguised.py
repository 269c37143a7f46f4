"""Phones in disguise: spelled out (`quatre-vingt-dix douze 34 cinquante six`), or with letters (`9O l2 34 S6`)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from base.phones import is_togo_mobile
from base.spelling import fold

DIGITS: Final = 8  # of a number of Togo
COUNTRY: Final = "228"
LETTERS: Final = str.maketrans("oliszb", "011528")
TOKEN: Final = re.compile(r"[^\W_]+")
BETWEEN: Final = re.compile(r"(?:[^\w\n]|_){0,4}")
UNITS: Final[Mapping[str, int]] = {
    **{"zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8},
    **{"neuf": 9, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "oh": 0},
}
TEENS: Final[Mapping[str, int]] = {
    **{"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16},
    **{"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19},
}
TENS: Final[Mapping[str, int]] = {
    **{"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70},
    **{"huitante": 80, "octante": 80, "nonante": 90, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
}
AND: Final = frozenset({"et", "and"})


@dataclass(frozen=True)
class Piece:
    """Digits that stand somewhere in a text; `is_plain`: they were typed as digits."""

    digits: str
    start: int
    end: int
    is_plain: bool


def without_disguised(text: str, sign: str) -> str:
    """Return `text` with a sign in the place of every mobile number of Togo that is spelled out or has letters in it.

    What stands in digits alone is left: base.phones finds it. Without one `text` is returned as it is. Never raises.
    """
    written, at = [], 0
    for run in _runs(text):
        for start, end in _numbers(run):
            written += [text[at:start], sign]
            at = end
    return "".join((*written, text[at:])) if written else text


def _numbers(run: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Where the numbers of a run stand."""
    place = 0
    while place < len(run):
        length = _length_at(run, place)
        if length:
            yield run[place].start, run[place + length - 1].end
        place += length or 1


def _length_at(run: Sequence[Piece], place: int) -> int:
    """How many pieces the number has that begins here, 0 without one."""
    digits, is_plain = "", True
    for length, piece in enumerate(run[place:], 1):
        digits, is_plain = digits + piece.digits, is_plain and piece.is_plain
        bare = digits.removeprefix("00").removeprefix(COUNTRY) if len(digits) > DIGITS else digits
        if len(bare) == DIGITS and not is_plain and is_togo_mobile(f"+{COUNTRY}{bare}"):
            return length
        if len(digits) > DIGITS + len(COUNTRY) + 2:
            return 0
    return 0


def _runs(text: str) -> Iterator[list[Piece]]:
    """Pieces that follow each other with no other word between them."""
    tokens = list(TOKEN.finditer(text))
    folded = [fold(token[0]) for token in tokens]
    run: list[Piece] = []
    place = 0
    while place < len(tokens):
        digits, length = _read(folded, place)
        first, last = tokens[place], tokens[place + max(length, 1) - 1]
        if length and run and not BETWEEN.fullmatch(text, run[-1].end, first.start()):
            yield run
            run = []
        if length:
            run.append(Piece(digits, first.start(), last.end(), first[0].isdigit()))
        elif run:
            yield run
            run = []
        place += length or 1
    if run:
        yield run


def _read(words: Sequence[str], place: int) -> tuple[str, int]:
    """The digits that stand here, and of how many words; ('', 0) for no digits."""
    word = words[place]
    if word.isascii() and any(map(str.isdigit, word)) and len(word) <= DIGITS + len(COUNTRY):
        plain = word.translate(LETTERS)
        return (plain, 1) if plain.isdigit() else ("", 0)
    value, length = _number(words, place)
    return (str(value), length) if length else ("", 0)


def _number(words: Sequence[str], place: int) -> tuple[int, int]:
    """A number below 100 in words, as much of it as follows; (0, 0) for none."""
    one, two = (words[at] if at < len(words) else "" for at in (place, place + 1))
    if one == "quatre" and two in ("vingt", "vingts"):
        value, length = _below_twenty(words, place + 2)
        return 80 + value, 2 + length
    if one in TENS:
        at = place + 1 + (two in AND)
        most = 20 if one == "soixante" else 10
        value, length = _below_twenty(words, at)
        return (TENS[one] + value, at - place + length) if 0 < value < most else (TENS[one], 1)
    return _below_twenty(words, place)


def _below_twenty(words: Sequence[str], place: int) -> tuple[int, int]:
    one, two = (words[at] if at < len(words) else "" for at in (place, place + 1))
    if one == "dix" and two in ("sept", "huit", "neuf"):
        return 10 + UNITS[two], 2
    if one in TEENS:
        return TEENS[one], 1
    return (UNITS[one], 1) if one in UNITS else (0, 0)
