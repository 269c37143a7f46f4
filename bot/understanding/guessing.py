"""The likeliest intent of a message that no phrase fits: a linear model, learned from phrases and written messages."""

import math
import struct
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from base.lexicon import is_french
from bot.understanding.message import Span
from bot.understanding.traits import PIECE, framed, signs_of, tokens_of, traits, with_models_named

WEIGHTS = Path(__file__).parent / "weights"
SEVERAL = "several"  # what a model says of a message with several commands
SCALE = 100  # weights are kept as whole hundredths
OF_PIECES = 0.5  # what some sounds of a word count against its whole
_SEEN = "_seen"  # at the end of the name of a role's words
LENGTH = "|"  # the line of a model's length
_FEW = 2  # words of a message whose neighbours tell most of what a guess goes by
_ALONE = "^ _ $"  # that a word stands alone tells nothing of the word
_STEM = 4  # letters of a word's beginning, at least, that its forms share
_MOST_PACKED = 2048  # rows of a model; messages are made of the same few
_BYTES = 4  # of a weight in a packed row, and of a sum of them
_MIDDLE = 1 << (8 * _BYTES - 1)
MOST_TORN = 0.55  # confidence: below what leads anywhere, so that it is asked
_OTHER_WAY = {"add_stock": "remove_stock", "remove_stock": "add_stock"}
_TORN = 0.02  # of what the likelier way has
_ENDING = 2  # letters in which they differ, of a longer one


@dataclass(frozen=True, slots=True)
class Model:
    """For each trait the weights it gives some intents: those of `places` and `hundredths` from `rows[trait]` on.

    The last of a row is followed by the first of the next, which `ends` at its number. `known` are the sounds it knows.
    """

    intents: tuple[str, ...]
    bias: tuple[float, ...]
    rows: Mapping[str, int]
    ends: "array[int]"
    places: "array[int]"
    hundredths: "array[int]"
    known: frozenset[str]
    length: int = 0
    """Of a model that also looks at signs: what the traits of a message together weigh, however many; 0: each is 1."""
    packed: dict[str, int] = field(default_factory=dict)
    """The rows that were asked for, up to so many, each as one number whose four bytes at a place are a weight."""

    def scores(self, traits: Iterable[str]) -> list[int]:
        """What these traits give each intent, in hundredths, its bias left out: all of them in one sum a trait."""
        packed, rows = self.packed, self.rows
        total = sum(packed[one] if one in packed else self._packed(one) for one in traits if one in rows)
        places = len(self.intents)
        raised = total + _middles(places)  # none is below zero any more, so none borrows from its neighbour
        return [one - _MIDDLE for one in struct.unpack(f"<{places}I", raised.to_bytes(_BYTES * places, "little"))]

    def _packed(self, trait: str) -> int:
        row = self.rows[trait]
        first, end = self.ends[row - 1], self.ends[row]
        told = zip(self.places[first:end], self.hundredths[first:end], strict=True)
        number = sum(weight << (8 * _BYTES * place) for place, weight in told)
        if len(self.packed) < _MOST_PACKED:
            self.packed[trait] = number
        return number

    def shares(self, traits: Iterable[str]) -> list[float]:
        """How likely each intent is for a message with these traits; they sum to 1."""
        told = tuple(traits)
        by = SCALE / (self.length / length_of(told) if self.length else 1)
        return _shares([bias + score / by for bias, score in zip(self.bias, self.scores(told), strict=True)])


@cache
def _middles(places: int) -> int:
    return sum(_MIDDLE << (8 * _BYTES * place) for place in range(places))


def length_of(traits: Iterable[str]) -> float:
    """How long a message is as the vector of its traits."""
    return math.sqrt(sum(OF_PIECES**2 if trait.startswith(PIECE) else 1 for trait in traits)) or 1.0


def _shares(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def model(role: str) -> Model | None:
    """The model of a role; None for a role that has learned none."""
    path = WEIGHTS / f"{role}.txt"
    return read_model(path.read_text("utf-8")) if path.exists() else None


def read_models() -> None:
    """Of every role, with the words that each was told, so that nobody's first message waits for it."""
    for path in WEIGHTS.glob("*.txt"):
        if path.stem.endswith(_SEEN):
            _seen(path.stem.removesuffix(_SEEN))
        else:
            model(path.stem)


def read_model(text: str) -> Model:
    """Read what `tests.learning` wrote: lines of trait, tab, `place:weight` in hundredths; `=intent` has its bias."""
    intents: list[str] = []
    bias: list[float] = []
    length = 0
    rows: dict[str, int] = {}
    ends, places, hundredths = array("I", [0]), array("B"), array("h")
    for line in text.splitlines():
        if not line or line.startswith("# "):
            continue
        trait, _, pairs = line.partition("\t")
        if trait == LENGTH:
            length = int(pairs)
            continue
        told = list(map(int, pairs.replace(":", " ").split()))  # place, weight, place, weight, …
        if trait.startswith("="):
            intents.append(trait.removeprefix("="))
            bias.append(told[1] / SCALE)
            continue
        rows[trait] = len(ends)
        places.extend(told[::2])
        hundredths.extend(told[1::2])
        ends.append(len(places))
    known = frozenset(trait for trait in rows if trait.isalnum())
    return Model(tuple(intents), tuple(bias), rows, ends, places, hundredths, known, length)


def guess(role: str, said: Span) -> Mapping[str, float]:
    """How likely each intent is, `unknown` among them; empty for a role without a model."""
    return _likely(role, said.normal, said.text)[0]


def chance_of_several(role: str, said: Span) -> float:
    """How likely a message has several commands; 0 for a role whose model was never told of such."""
    return _likely(role, said.normal, said.text)[1]


def is_torn(intent: str, chances: Mapping[str, float]) -> bool:
    """Whether goods that come by a guess may as well go, or the other way: weights alone then take the wrong one."""
    other = _OTHER_WAY.get(intent, "")
    return chances.get(other, 0.0) >= chances[intent] * _TORN


def evidence(role: str, said: Span) -> float:
    """The share of a message's words, and of how they stand, that a role's model knows: how far its guess is borne out.

    Of a message of more than two words 1: there the words bear each other out.
    """
    learned = model(role)
    if learned is None or len(said.words) > _FEW:
        return 1.0
    words = with_models_named(said.normal) if learned.length else said.normal
    told = [trait for trait in framed(tokens_of(words, learned.known)) if trait != _ALONE]
    return sum(trait in learned.rows for trait in told) / len(told)


def is_another_word(role: str, word: str) -> bool:
    """Whether a normalised word is French and no message that the model learned from has it, nor a form of it.

    That it sounds like one of theirs makes it no slip: `hurlait` is no `URL`.
    """
    seen, stems = _seen(role)
    return word not in seen and is_french(word) and _stem(word) not in stems


@cache
def _seen(role: str) -> tuple[frozenset[str], frozenset[str]]:
    """The French words of the messages that a role's model learned from, and how they begin."""
    path = WEIGHTS / f"{role}{_SEEN}.txt"
    words = frozenset(path.read_text("utf-8").split("\n")[1:-1])
    return words, frozenset(word[:size] for word in words for size in range(_STEM, len(word) + 1))


def _stem(word: str) -> str:
    return word[: max(_STEM, len(word) - _ENDING)]


@lru_cache(maxsize=256)  # a message is guessed once for each way it is heard
def _likely(role: str, words: tuple[str, ...], text: str) -> tuple[Mapping[str, float], float]:
    learned = model(role)
    if learned is None:
        return {}, 0.0
    signs = signs_of(text) if learned.length else ()
    named = with_models_named(words) if learned.length else words
    likely = learned.shares((*traits(words, tokens_of(named, learned.known), "?" in text), *signs))
    chances = dict(zip(learned.intents, likely, strict=True))
    several = chances.pop(SEVERAL, 0.0)
    rest = (1 - several) or 1.0
    return {intent: chance / rest for intent, chance in chances.items()}, several
