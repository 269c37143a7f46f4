"""Units as they are said of a number: `1 sac`, `40 sacs`, `12 plateaux`, `3 sacs de 25 kg`."""

from typing import Final

from base.spelling import fold

_LONGEST_MEASURE: Final = 2  # letters: kg, cl and m have no plural
_VOWELS: Final = frozenset("aeiou")
_PLURALS: Final = (("eau", "eaux"), ("al", "aux"))


def many(unit: str, units: int) -> str:
    """A unit of so many; only its first word has a plural."""
    first, blank, rest = unit.partition(" ")
    return f"{_many(first)}{blank}{rest}" if units > 1 else unit


def _many(word: str) -> str:
    if len(word) <= _LONGEST_MEASURE or word[-1] in "sxz" or not word.isalpha():
        return word
    ending = next(((one, more) for one, more in _PLURALS if word.endswith(one)), ("", "s"))
    return word.removesuffix(ending[0]) + ending[1]


def counted(units: int, unit: str) -> str:
    """So many of a unit: `40 sacs`; a unit that begins with a figure of its own stands in brackets, `40 (6 yards)`."""
    if not unit:
        return str(units)
    return f"{units} ({unit})" if unit[0].isdigit() else f"{units} {many(unit, units)}"


def is_elided(unit: str) -> bool:
    """Whether French says `d'` before it: `unités`, `assiettes`, `huile`."""
    plain = fold(unit)
    return plain[:1] in _VOWELS or (plain[:1] == "h" and plain[1:2] in _VOWELS)
