"""The likeliest intent of a message that no phrase fits: a linear model, learned from phrases and written messages."""

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.understanding.message import Span
from bot.understanding.traits import tokens_of, traits

WEIGHTS = Path(__file__).parent / "weights"
SCALE = 100  # weights are kept as whole hundredths


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

    def scores(self, traits: Iterable[str]) -> list[int]:
        """What these traits give each intent, in hundredths, its bias left out."""
        scores = [0] * len(self.intents)
        for trait in traits:
            row = self.rows.get(trait, 0)  # row 0 is empty
            for at in range(self.ends[row - 1] if row else 0, self.ends[row]):
                scores[self.places[at]] += self.hundredths[at]
        return scores

    def shares(self, traits: Iterable[str]) -> list[float]:
        """How likely each intent is for a message with these traits; they sum to 1."""
        return _shares([bias + score / SCALE for bias, score in zip(self.bias, self.scores(traits), strict=True)])


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


def read_model(text: str) -> Model:
    """Read what `tests.learning` wrote: lines of trait, tab, `place:weight` in hundredths; `=intent` has its bias."""
    intents: list[str] = []
    bias: list[float] = []
    rows: dict[str, int] = {}
    ends, places, hundredths = array("I", [0]), array("B"), array("h")
    for line in text.splitlines():
        if not line or line.startswith("# "):
            continue
        trait, _, pairs = line.partition("\t")
        told = [pair.split(":") for pair in pairs.split()]
        if trait.startswith("="):
            intents.append(trait.removeprefix("="))
            bias.append(int(told[0][1]) / SCALE)
            continue
        rows[trait] = len(ends)
        places.extend(int(place) for place, _ in told)
        hundredths.extend(int(weight) for _, weight in told)
        ends.append(len(places))
    known = frozenset(trait for trait in rows if trait.isalnum())
    return Model(tuple(intents), tuple(bias), rows, ends, places, hundredths, known)


def guess(role: str, said: Span) -> Mapping[str, float]:
    """How likely each intent is, `unknown` among them; empty for a role without a model."""
    return _likely(role, said.normal, "?" in said.text)


@lru_cache(maxsize=64)  # a message is guessed once for each way it is heard
def _likely(role: str, words: tuple[str, ...], is_asked: bool) -> Mapping[str, float]:
    learned = model(role)
    if learned is None:
        return {}
    likely = learned.shares(traits(words, tokens_of(words, learned.known), is_asked))
    return dict(zip(learned.intents, likely, strict=True))
