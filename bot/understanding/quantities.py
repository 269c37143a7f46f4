"""Whole quantities as people say them: figures, words, dozens."""

from collections.abc import Sequence

from text_to_num import text2num

MOST = 999
"""More than this in a chat order is a price, a size or a mistake."""
MOST_COUNTED = 100 * MOST
"""More than this in a shop's own counts is a phone number, a code or money."""

_DOZENS = {"douzaine": 12, "douzaines": 12, "dizaine": 10, "dizaines": 10, "vingtaine": 20, "centaine": 100}
_HALF_DOZEN = ("demi", "douzaine")
_NUMBER_WORDS = frozenset(
    "un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante"
    " cinquante soixante cent cents et".split()
)

ENGLISH = dict(
    zip("one two three four five seven eight nine ten twelve".split(), (1, 2, 3, 4, 5, 7, 8, 9, 10, 12), strict=True)
)


def read_quantity(normal: Sequence[str]) -> tuple[int, int]:
    """Return (quantity, how many words it takes) at the beginning of normalised words; (0, 0) when there is none.

    `une douzaine de` is 12 and `2 douzaines` 24; the `de` is left to the caller.
    """
    for first in (0, 1):
        if tuple(normal[first : first + 2]) == _HALF_DOZEN and (not first or normal[0] in ("un", "une")):
            return 6, first + 2
    if normal and normal[0] in _DOZENS:
        return _DOZENS[normal[0]], 1
    number, length = _number(normal)
    if number and length < len(normal) and normal[length] in _DOZENS:
        return number * _DOZENS[normal[length]], length + 1
    return number, length


def is_number_word(word: str) -> bool:
    """Tell whether a word is a number in words, no dozen: `deux`, `une`, `two`."""
    return (word in _NUMBER_WORDS and word != "et") or word in ENGLISH


def is_dozen(word: str) -> bool:
    """Tell whether a word multiplies the number before it: `douzaines`."""
    return word in _DOZENS


def is_figure(word: str) -> bool:
    """Tell whether a word is a quantity in figures: `2`, `x2`, `2x`."""
    return _figure(word) > 0


def _figure(word: str) -> int:
    digits = word.removeprefix("x") if word[0] == "x" else word.removesuffix("x")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 3 or digits[0] == "0":
        return 0
    return int(digits)


def _number(normal: Sequence[str]) -> tuple[int, int]:
    if normal and normal[0] in ENGLISH:
        return ENGLISH[normal[0]], 1
    if normal and is_figure(normal[0]):
        length = 2 if len(normal) > 1 and normal[1] == "x" else 1
        return _figure(normal[0]), length
    length = next((place for place, word in enumerate(normal[:5]) if word not in _NUMBER_WORDS), min(5, len(normal)))
    while length and normal[length - 1] == "et":
        length -= 1
    return (_in_words(normal[:length]), length) if length and _in_words(normal[:length]) else (0, 0)


def _in_words(normal: Sequence[str]) -> int:
    try:
        value = int(text2num(" ".join("un" if word == "une" else word for word in normal), "fr"))
    except ValueError:
        return 0
    return value if 0 < value <= MOST else 0
