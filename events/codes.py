"""Codes of bookings (`A3-7K4Q`): the number of the workshop, and letters that are a keyed permutation of an id."""

import re
from typing import Final

from base.codes import ALPHABET, FIRST, Letters
from base.secret import Secret

SHORTEST: Final = 4  # letters: 216,000 bookings, then five
LONGEST: Final = 8
_BETWEEN: Final = re.compile(r"[\s.,:#_–—-]+")
_NUMBER: Final = re.compile(r"A[0-9]{1,3}")
_LETTERS: Final = re.compile(rf"[{FIRST}][{ALPHABET}]{{{SHORTEST - 1},{LONGEST - 1}}}")


def letters_under(key: Secret) -> Letters:
    """What makes the letters of bookings."""
    return Letters(key, "booking code", SHORTEST)


def code_of(number: int, letters: str) -> str:
    """The code as it is shown."""
    return f"A{number}-{letters}"


def read_letters(text: str) -> tuple[str, ...]:
    """The letters that a code may have as it was typed or scanned, the likeliest first; () for what is no code.

    `A37K4Q` is read without its line whichever way it can be: of several at most one is somebody's.
    """
    parts = [part for part in _BETWEEN.split(text.strip().upper()[:40]) if part]
    if len(parts) > 1 and _NUMBER.fullmatch(parts[0]):
        return _letters("".join(parts[1:]))
    typed = "".join(parts)
    behind = [typed[length:] for length in (2, 3, 4) if _NUMBER.fullmatch(typed[:length])]
    return tuple(letters for one in (typed, *behind) for letters in _letters(one))


def _letters(typed: str) -> tuple[str, ...]:
    return (typed,) if _LETTERS.fullmatch(typed) else ()
