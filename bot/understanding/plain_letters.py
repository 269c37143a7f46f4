"""A text letter for letter without capitals and accents, so that a place in it is one in the text as typed."""

import unicodedata

_QUOTES = {"’": "'", "‘": "'", "`": "'", "\u00a0": " ", "\u202f": " "}


def plain(text: str) -> str:
    """Return a text of the same length: `Bè, l’Été` is `be, l'ete`. Never raises."""
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter in _QUOTES:
        return _QUOTES[letter]
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)).casefold()
    return bare if len(bare) == 1 else letter
