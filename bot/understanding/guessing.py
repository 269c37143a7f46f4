"""The likeliest intent of a message that no phrase fits: a linear model, learned from phrases and examples."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.understanding.message import Span
from bot.understanding.traits import tokens_of, traits

WEIGHTS = Path(__file__).parent / "weights"
SCALE = 100  # weights are kept as whole hundredths


@dataclass(frozen=True, slots=True)
class Model:
    """For each trait the weight it gives some intents (by place in `intents`); `known` are the sounds it knows."""

    intents: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]
    known: frozenset[str]

    def probabilities(self, tokens: Sequence[str], is_asked: bool) -> list[float]:
        """How likely each intent is; they sum to 1."""
        scores = list(self.bias)
        for trait in traits(tokens, is_asked):
            for place, weight in self.weights.get(trait, ()):
                scores[place] += weight
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
    """Read what `tests.learning` wrote: lines of trait, tab, `place:weight` in hundredths."""
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("# "))
    read = {trait: tuple(_pair(pair) for pair in pairs.split()) for trait, pairs in rows}
    intents = tuple(intent.removeprefix("=") for intent in read if intent.startswith("="))
    bias = tuple(read.pop(f"={intent}")[0][1] for intent in intents)
    known = frozenset(trait for trait in read if trait.isalnum())
    return Model(intents, bias, read, known)


def _pair(text: str) -> tuple[int, float]:
    place, weight = text.split(":")
    return int(place), int(weight) / SCALE


def guess(role: str, said: Span) -> Mapping[str, float]:
    """How likely each intent is, `unknown` among them; empty for a role without a model."""
    learned = model(role)
    if learned is None:
        return {}
    tokens = tokens_of(said.normal, learned.known)
    return dict(zip(learned.intents, learned.probabilities(tokens, "?" in said.text), strict=True))
