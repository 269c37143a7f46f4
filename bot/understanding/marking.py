"""Which words of a message are a person's own: goods, how many in which unit, places, names, workshops.

A conditional random field over each word and those around it, learned from the tables of `tests/learning`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from base.places import is_place
from base.sounds import sound
from bot.understanding.goods import UNIT_OF
from bot.understanding.guessing import Model, model
from bot.understanding.message import Span
from bot.understanding.names import COLOURS
from bot.understanding.quantities import is_number_word
from bot.understanding.traits import GOODS as AMBIGUOUS
from bot.understanding.traits import OWN, tokens_of

NONE = "-"
GOODS, PLACE, NAME, WORKSHOP = "goods", "place", "name", "workshop"
QUANTITY, UNIT, PRICE, REASON, CARRIER = "quantity", "unit", "price", "reason", "carrier"
FROM = "&"  # before a mark: what it scores to go from it to another
GOES_ON = "+"  # behind the mark of a run's first word: another word of the run
_PIECES = (2, 3, 4)  # letters of a word's beginning and end


@dataclass(frozen=True, slots=True)
class Run:
    """The words `first` to `end` (not included) of a message that mean one thing."""

    mark: str
    first: int
    end: int


@lru_cache(maxsize=64)  # each slot of a message asks for its own
def runs(role: str, intent: str, said: Span) -> tuple[Run, ...]:
    """What the words of a message are, knowing its intent; () for a role that has learned nothing of words."""
    learned = model(f"{role}_words")
    if learned is None or not said.words:
        return ()
    return tuple(_runs(_likeliest(learned, _grammar(role), word_traits(role, said, intent))))


def word_traits(role: str, said: Span, intent: str) -> list[list[str]]:
    """For each word of a message the traits that it is marked by."""
    heard = [_heard(word) for word in said.normal]
    kinds = [_kind(role, word, sounds) for word, sounds in zip(said.normal, heard, strict=True)]
    return [
        [
            *_around("", heard, place),
            *_around("k", kinds, place),
            *_within(said, place),
            f"{intent} {heard[place]}",
            f"!{intent}",
            f"{intent} {kinds[place]}",
            *_where(said, place),
        ]
        for place in range(len(heard))
    ]


@lru_cache(maxsize=1024)
def _heard(word: str) -> str:
    """A word as it sounds, or the kind of figure that it is."""
    token = tokens_of([word], ())[0]
    return sound(word) if token == OWN and word.isalpha() else token


@lru_cache(maxsize=1024)
def _kind(role: str, word: str, heard: str) -> str:
    """What a word is whoever says it: goods, a unit, a number, a colour, a place, one of the market's words, or own."""
    if word in UNIT_OF:
        return UNIT
    if word in COLOURS:
        return "colour"
    if is_number_word(word) or not word.isalpha():
        return heard if not word.isalpha() else QUANTITY
    if word in AMBIGUOUS:
        return GOODS
    if is_place(word):
        return PLACE
    return heard if heard in _frame(role) else OWN


@cache
def _frame(role: str) -> frozenset[str]:
    """The sounds that the intents' model of a role knows."""
    learned = model(role)
    return learned.known if learned else frozenset()


def _around(of: str, told: Sequence[str], place: int) -> Iterator[str]:
    before2, before, word, after, after2 = ["^^", "^", *told, "$", "$$"][place : place + 5]
    yield f"{of}0{word}"
    yield f"{of}-1{before}"
    yield f"{of}-2{before2}"
    yield f"{of}+1{after}"
    yield f"{of}+2{after2}"
    yield f"{of}-10{before} {word}"
    yield f"{of}0+1{word} {after}"
    yield f"{of}-1+1{before} {after}"
    yield f"{of}-2-1{before2} {before}"
    yield f"{of}+1+2{after} {after2}"
    yield f"{of}-101{before} {word} {after}"


def _within(said: Span, place: int) -> Iterator[str]:
    word = said.normal[place]
    yield f"'{word}"
    for size in _PIECES:
        if len(word) > size:
            yield f"<{word[:size]}"
            yield f">{word[-size:]}"
    yield f"#{min(len(word), 8)}"


def _where(said: Span, place: int) -> Iterator[str]:
    """How far from both ends, and what stands between it and its neighbours."""
    yield f"^{min(place, 3)}"
    yield f"${min(len(said.words) - place - 1, 3)}"
    yield f"({_gap(said, place)}"
    if place + 1 < len(said.words):
        yield f"){_gap(said, place + 1)}"


def _gap(said: Span, place: int) -> str:
    gap = said.gap_before(place)
    return "n" if "\n" in gap else gap.strip()[:1]


_Grammar = Sequence[Sequence[tuple[int, int]]]
"""What may follow what: for each mark the places of those that may stand before it, and what each scores there."""


@cache
def _grammar(role: str) -> _Grammar:
    learned = model(f"{role}_words")
    marks = learned.intents if learned else ()
    steps = [learned.scores([FROM + mark]) for mark in marks] if learned else []
    return [[(before, steps[before][to]) for before in _openings(marks, mark)] for to, mark in enumerate(marks)]


def _likeliest(learned: Model, grammar: _Grammar, words: Sequence[Sequence[str]]) -> list[str]:
    """The marks that score highest together (Viterbi): a run goes on only where it has begun."""
    marks = learned.intents
    best: list[float] = [-math.inf if mark.endswith(GOES_ON) else 0 for mark in marks]
    best = [one + score for one, score in zip(best, learned.scores(words[0]), strict=True)]
    ways: list[list[int]] = []
    for word in words[1:]:
        found = [_best_way(best, steps) for steps in grammar]
        ways.append([before for before, _ in found])
        best = [most + score for (_, most), score in zip(found, learned.scores(word), strict=True)]
    told = [max(range(len(marks)), key=best.__getitem__)]
    for way in reversed(ways):
        told.append(way[told[-1]])
    return [marks[place] for place in reversed(told)]


def _best_way(best: Sequence[float], steps: Sequence[tuple[int, int]]) -> tuple[int, float]:
    """From which mark to come, the first of those that score highest, and what it scores."""
    way, most = steps[0][0], -math.inf
    for before, step in steps:
        score = best[before] + step
        if score > most:
            way, most = before, score
    return way, most


def _openings(marks: Sequence[str], mark: str) -> list[int]:
    """The places of what may stand before a word with this mark."""
    begun = (mark, mark.removesuffix(GOES_ON))
    return [place for place, one in enumerate(marks) if not mark.endswith(GOES_ON) or one in begun]


def _runs(marks: Sequence[str]) -> Iterator[Run]:
    starts = [place for place, mark in enumerate(marks) if not mark.endswith(GOES_ON)]
    for first, end in pairwise([*starts, len(marks)]):
        if marks[first] != NONE:
            yield Run(marks[first], first, end)
