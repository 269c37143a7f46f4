"""How a word sounds: people write French by ear, so `livrezon` and `livraison` have one key."""

import re
from functools import lru_cache
from typing import Final

# In this order. Capitals and figures are sounds that are done: 1 2 5 are nasals, S is ch, N is gn, U is ou, A is wa;
# X is an end that is heard (é) or that lets the consonant before it be heard (e mute): people write one for the other.
_SPELLINGS: Final = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        (r"(.)\1+", r"\1"),
        (r"sch|sh|ch", "S"),
        (r"ph", "f"),
        (r"h", ""),
        (r"(?<=[^s])tion", "sion"),
        (r"(?<=[^aeiouy])(?:aient|ait|ais|ai|ay|ei|ey|ees?|ez|er|est?|et|e)$", "X"),
        (r"(?<=[iuy])(?:ees?|ez|er|es?)$", "X"),
        (r"qu|q|ck", "k"),
        (r"gn", "N"),
        (r"ge(?=[ao])|g(?=[eiyX])", "j"),
        (r"gu(?=[eiyX])", "g"),
        (r"c(?=[eiyX])|z", "s"),
        (r"c", "k"),
        (r"(?:eau|au)x?", "o"),
        (r"o[iy]|wa", "wA"),
        (r"ou|w(?!A)", "U"),
        (r"(?:ain|aim|ein|in|im|yn|ym|un)(?![aeiouyXUA5])", "5"),
        (r"(?<=i)en(?![aeiouyXUAt])", "5"),
        (r"(?:an|am|en|em)(?![aeiouyXUA5])", "1"),
        (r"(?:on|om)(?![aeiouyXUA125])", "2"),
        (r"ai|ay|ei|ey", "e"),
        (r"oeu|eu|oe", "e"),
        (r"il+e?$", "i"),
        (r"y", "i"),
        (r"(?<=..)(?:[tdpx]s?|s)$", ""),
        (r"x", "ks"),
        (r"(?<=..)X$", ""),
        (r"X", "e"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """The key of how a folded word sounds in French; equal keys sound alike. Figures stay as they are; never raises."""
    if not word.isalpha() or not word.isascii():
        return word
    for spelling, sound in _SPELLINGS:
        word = spelling.sub(sound, word)
    return word
