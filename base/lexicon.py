"""The words of everyday French, folded: a word that French has is no misspelling of another that sounds otherwise."""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final

import spellchecker

from base.sounds import sound, sounds_of_all
from base.spelling import fold

_SEEN_AT_LEAST: Final = 200  # times in the subtitles that the list was counted in: rarer ones are names and slips
_SHORTEST: Final = 3  # letters


def read() -> None:
    """Read the words now: a third of a second of CPU that no search has to wait for."""
    _sounds()


def is_french(word: str) -> bool:
    """Whether a folded word is one of everyday French."""
    return word in _words()


def sounds_french(word: str) -> bool:
    """Whether a folded word sounds like one of everyday French."""
    return len(word) > _SHORTEST and sound(word) in _sounds()


@cache
def _words() -> frozenset[str]:
    return frozenset(_read())


@cache
def _sounds() -> frozenset[str]:
    return frozenset(key for key in sounds_of_all([word for word in _words() if len(word) > _SHORTEST]) if len(key) > 2)


def _read() -> Iterator[str]:
    """The French list of pyspellchecker (counted in subtitles, 140,000 words), without what is seen too seldom."""
    packed = resources.files(spellchecker).joinpath("resources", "fr.json.gz").read_bytes()
    counted: Mapping[str, int] = json.loads(gzip.decompress(packed))
    for word in (fold(word) for word, seen in counted.items() if seen >= _SEEN_AT_LEAST):
        if len(word) >= _SHORTEST and word.isalpha():
            yield word
