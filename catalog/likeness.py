"""What a typed word may mean of a market's words: itself, or what sounds or looks like it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from base.lexicon import is_french, sounds_french
from base.sounds import loose_sound, sound, sounds
from base.spelling import normalise
from catalog.meanings import Words, meanings, stem
from catalog.vocabulary import SHORTEST, Vocabulary

REMEMBERED: Final = 2000  # readings of typed words
NEAREST: Final = 3  # words that one may be meant to be
_LONGEST_ENDING: Final = 2  # letters that a French word may want for to be the one that is sold
_SHORTEST_GLUED: Final = 7  # letters of several words typed without a blank
_SHORTEST_NEAR: Final = 4
_BY_LETTERS: Final = 0.7  # how near the words are that only look alike
BEGUN: Final = 0.92  # and those whose end is missing: nothing was misspelt
_VOWELS: Final = tuple("aeiouyh")
_LITTLE_INSIDE: Final = frozenset("de d du des a au l la le en".split())


@dataclass(frozen=True)
class Reading:
    """Words of goods with how near they are (1 to 0), the categories that are named, and what the word was taken for.

    `taken_for` is empty for a word that is known as it stands; several words are a guess among them.
    """

    means: Mapping[Words, float]
    categories: frozenset[int] = frozenset()
    taken_for: tuple[str, ...] = ()
    is_sure: bool = True

    @property
    def is_known(self) -> bool:
        """Whether anything is, or was, sold under it."""
        return bool(self.means or self.categories)


UNKNOWN: Final = Reading({})


def read_word(known: Vocabulary, word: str) -> Reading:
    """What a folded word may mean; UNKNOWN when it is like nothing that is sold."""
    remembered = known.remembered.get(word)
    if isinstance(remembered, Reading):
        return remembered
    reading = _read(known, stem(word))
    if len(known.remembered) >= REMEMBERED:
        known.remembered.clear()
    known.remembered[word] = reading
    return reading


def read_beginning(known: Vocabulary, word: str) -> Reading:
    """The same for a word that no good has any more: it may be the beginning of others' words."""
    return _found(known, BEGUN, _begun(known, stem(word), most=len(word)) - {stem(word)}) or UNKNOWN


def _read(known: Vocabulary, word: str) -> Reading:
    means, categories = known.means((word,)), known.categories.get(word, frozenset())
    if means or categories:
        return Reading(means, categories)
    if word.isdigit() or meanings().of((word,)):
        return UNKNOWN
    for near, words in _likenesses(known, word):
        if reading := _found(known, near, words):
            return reading
    return _unglued(known, word)


def _found(known: Vocabulary, near: float, words: set[str]) -> Reading | None:
    """What these words mean together; None when nothing is sold under them."""
    means: dict[Words, float] = {}
    categories: set[int] = set()
    taken: dict[frozenset[Words], str] = {}  # one word for those that name the same goods
    for word in sorted(words):
        own = known.means((word,))
        means |= {good: value * near for good, value in own.items()}
        categories |= known.categories.get(word, frozenset())
        if own:
            taken.setdefault(frozenset(own), word)
    if not means and not categories:
        return None
    is_sure = near > _BY_LETTERS or len(taken) < 2
    return Reading(means, frozenset(categories), () if near == BEGUN else tuple(taken.values()), is_sure)


def _likenesses(known: Vocabulary, word: str) -> Iterator[tuple[float, set[str]]]:
    """Words of the market that are like this one, the likest first, with how like they are."""
    is_known = is_french(word)
    yield 0.95, _sounding(known, {single for key in sounds(word) for single in known.heard.get(key, ())}, is_known)
    yield BEGUN, _begun(known, word, _LONGEST_ENDING if is_known else len(word) + _LONGEST_ENDING)
    yield 0.9, {single for single in (_without_article(word), normalise(word)) if single != word}
    yield 0.85, _sounding(known, set(known.loosely.get(loose_sound(word), ())), is_known)
    if not is_known and not sounds_french(word):
        yield _BY_LETTERS, _near(known, word)


def _sounding(known: Vocabulary, words: set[str], is_known: bool) -> set[str]:
    """What sounds so. A French word is no slip for a foreign name, such as `bague` for `bag`."""
    return {word for word in words if not is_known or word in known.stems}


def _without_article(word: str) -> str:
    """`lhuile` and `dananas` have an article glued before."""
    return word[1:] if word[:1] in ("l", "d") and word[1:2] in _VOWELS else word


def _begun(known: Vocabulary, word: str, most: int) -> set[str]:
    """Words that begin so, and have at most so many letters more."""
    if len(word) < SHORTEST:
        return set()
    return {single for single in known.stems if single.startswith(word) and len(single) - len(word) <= most}


def _near(known: Vocabulary, word: str) -> set[str]:
    """The words with the fewest letters or sounds in another place, among those that begin with the same sound."""
    if len(word) < _SHORTEST_NEAR or not word.isalpha():
        return set()
    key, most = sound(word), 1 if len(word) <= 6 else 2
    found = [(distance, single) for single, distance in _within(word, _spelled(known), most)]
    if len(key) > _SHORTEST_NEAR:
        found += [(one, single) for near, one in _within(key, known.heard, 1) for single in known.heard[near]]
    same = [(distance, single) for distance, single in found if sound(single)[0] == key[0]]
    best = min((distance for distance, _ in same), default=0)
    return set(sorted({single for distance, single in same if distance == best})[:NEAREST])


def _within(word: str, among: Mapping[str, object], most: int) -> Iterator[tuple[str, float]]:
    found = process.extract(word, list(among), scorer=OSA.distance, score_cutoff=most, limit=9)
    return ((near, distance) for near, distance, _ in found)


def _spelled(known: Vocabulary) -> dict[str, None]:
    words = (single for singles in known.heard.values() for single in singles)
    return {single: None for single in words if len(single) >= _SHORTEST_NEAR}


def _unglued(known: Vocabulary, word: str) -> Reading:
    """`pomdeter`, `sacamain`: words of one name that were typed without a blank, each spelled by ear."""
    parts = _parts(known, word) if len(word) >= _SHORTEST_GLUED and word.isalpha() else None
    goods = [part for part in parts or () if part not in _LITTLE_INSIDE]
    if len(goods) < 2:
        return UNKNOWN
    forms = tuple(min(known.stems[good]) for good in goods)
    return Reading({forms: 0.85}, taken_for=(" ".join(goods),))


def _parts(known: Vocabulary, word: str) -> list[str] | None:
    """The words that these letters are, longest first; None when they are not all used up."""
    if not word:
        return []
    for end in range(len(word), 0, -1):
        part = word[:end] if word[:end] in _LITTLE_INSIDE else _sold_like(known, word[:end])
        rest = _parts(known, word[end:]) if part else None
        if rest is not None:
            return [part, *rest]
    return None


def _sold_like(known: Vocabulary, word: str) -> str:
    """A word of goods that sounds so; '' when there is none."""
    if len(word) < SHORTEST:
        return ""
    return min((s for key in sounds(word) for s in known.heard.get(key, ()) if s in known.stems), default="")
