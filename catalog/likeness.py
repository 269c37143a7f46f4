"""What a typed word may mean of a market's words: itself, or what sounds or looks like it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from base.lexicon import is_french, sounds_french
from base.sounds import sound, sounds
from base.spelling import normalise
from catalog.meanings import Words, meanings, stem
from catalog.vocabulary import SHORTEST, SHORTEST_NEAR, Vocabulary

REMEMBERED: Final = 2000  # readings of typed words
NEAREST: Final = 3  # words that one may be meant to be
_LONGEST_ENDING: Final = 2  # letters that a French word may want for to be the one that is sold
_SHORTEST_GLUED: Final = 7  # letters of several words typed without a blank
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
    remembered = known.remembered  # that of these words: more may be taken in meanwhile
    reading = remembered.get(word)
    if isinstance(reading, Reading):
        return reading
    reading = _read(known, stem(word))
    if len(remembered) >= REMEMBERED:
        remembered.clear()
    remembered[word] = reading
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
    yield 0.95, _sounding(known, {single for key in sounds(word) for single in known.heard(key)}, is_known)
    yield BEGUN, _begun(known, word, _LONGEST_ENDING if is_known else len(word) + _LONGEST_ENDING)
    yield 0.9, {single for single in (_without_article(word), normalise(word)) if single != word}
    yield 0.85, _sounding(known, set(known.heard_loosely(word)), is_known)
    if not is_known and not sounds_french(word):
        yield _BY_LETTERS, _near(known, word)


def _sounding(known: Vocabulary, words: set[str], is_known: bool) -> set[str]:
    """What sounds so. A French word is no slip for a foreign name, such as `bague` for `bag`."""
    return {word for word in words if not is_known or known.sells(word)}


def _without_article(word: str) -> str:
    """`lhuile` and `dananas` have an article glued before."""
    return word[1:] if word[:1] in ("l", "d") and word[1:2] in _VOWELS else word


def _begun(known: Vocabulary, word: str, most: int) -> set[str]:
    """Words that begin so, and have at most so many letters more."""
    if len(word) < SHORTEST:
        return set()
    return {single for single in known.beginning(word) if len(single) - len(word) <= most}


def _near(known: Vocabulary, word: str) -> set[str]:
    """The words with the fewest letters or sounds in another place, among those that begin with the same sound."""
    if len(word) < SHORTEST_NEAR or not word.isalpha():
        return set()
    key = sound(word)
    found = set(known.near(word, key, 1 if len(word) <= 6 else 2))
    if len(key) > SHORTEST_NEAR:
        found.update(known.near_heard(key))
    best = min((distance for distance, _ in found), default=0)
    return set(sorted({single for distance, single in found if distance == best})[:NEAREST])


def _unglued(known: Vocabulary, word: str) -> Reading:
    """`pomdeter`, `sacamain`: words of one name that were typed without a blank, each spelled by ear."""
    parts = _parts(known, word, set()) if len(word) >= _SHORTEST_GLUED and word.isalpha() else None
    goods = [part for part in parts or () if part not in _LITTLE_INSIDE]
    if len(goods) < 2:
        return UNKNOWN
    forms = tuple(known.forms(good)[0] for good in goods)
    return Reading({forms: 0.85}, taken_for=(" ".join(goods),))


def _parts(known: Vocabulary, word: str, dead: set[str]) -> list[str] | None:
    """The words that these letters are, longest first; None when they are not all used up.

    `dead` are ends of the word that are no words: `lalala…` would be tried in more ways than anybody can wait for.
    """
    if not word:
        return []
    for end in range(len(word), 0, -1) if word not in dead else ():
        part = word[:end] if word[:end] in _LITTLE_INSIDE else _sold_like(known, word[:end])
        rest = _parts(known, word[end:], dead) if part else None
        if rest is not None:
            return [part, *rest]
    dead.add(word)
    return None


def _sold_like(known: Vocabulary, word: str) -> str:
    """A word of goods that sounds so; '' when there is none."""
    if len(word) < SHORTEST:
        return ""
    return min((s for key in sounds(word) for s in known.heard(key) if known.sells(s)), default="")
