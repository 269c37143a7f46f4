"""How well a good's name answers what is sought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from catalog.meanings import Words, stem
from catalog.wanted import Wanted

FIRST_WORD: Final = 0.35  # French names begin with what the thing is: `Lait concentré`, but `Savon au lait`
QUALITY: Final = 0.3
MEASURE: Final = 0.8
UNIT: Final = 0.25
COVERED: Final = 0.3  # for a name that has no word more than was sought
BESIDE_THE_NAME: Final = 0.4  # found in the description, or by its category alone
STEPS: Final = 20  # relevance is told in twentieths; sales decide between equals


@dataclass(frozen=True)
class Candidate:
    """A good as the database found it; `price` in F CFA, `km2` the square of its distance from the place sought."""

    id: int
    title: str  # the name as it is written
    name: str  # folded
    unit: str  # folded
    price: int
    sales: int
    is_out: bool
    tier: int  # 0: all that was sought; further ones are looser
    km2: float = 0.0


@dataclass(frozen=True)
class Score:
    """How many of the words sought are in the name, and how well it answers, in twentieths."""

    named: int
    relevance: int


def score(candidate: Candidate, terms: Sequence[Mapping[Words, float]], wanted: Wanted) -> Score:
    """The score of one good for terms (each: words of goods, and how near they are to what was typed)."""
    name = candidate.name.split()
    places = {word: place for place, word in reversed(list(enumerate(name)))}
    total, named, used = 0.0, 0, set[str]()
    for number, term in enumerate(terms):
        near, words = _nearest(term, places)
        if not words:
            continue
        named += 1
        used |= set(words)
        total += near + (FIRST_WORD if number == 0 and places[words[0]] == 0 else 0.0)
    if not named and terms:
        total = BESIDE_THE_NAME
    total += _qualities(wanted.qualities, name, candidate.unit) + _measures(wanted, name)
    total += COVERED * len(used) / len(name) if name else 0.0
    return Score(named, round(total * STEPS))


def _nearest(term: Mapping[Words, float], places: Mapping[str, int]) -> tuple[float, Words]:
    """The best of a term's words that the name has; equal ones by their place in it."""
    found = [(near, -places[words[0]], words) for words, near in term.items() if all(word in places for word in words)]
    near, _, best = max(found, default=(0.0, 0, ()))
    return near, best


def _qualities(qualities: Sequence[str], name: Sequence[str], unit: str) -> float:
    if not qualities:
        return 0.0
    stems = {stem(word) for word in name}
    total = 0.0
    for quality in qualities:
        if stem(quality) in stems:
            total += QUALITY
        elif stem(quality) == stem(unit):
            total += UNIT
    return total


def _measures(wanted: Wanted, name: Sequence[str]) -> float:
    """`25 kg` and `25kg` are one measure; `1,5 l` is folded to `1 5 l`."""
    if not wanted.measures:
        return 0.0
    joined = f" {' '.join(name)} "
    total = 0.0
    for number, unit in wanted.measures:
        told = number.replace(".", " ")
        total += MEASURE if f" {told} {unit} " in joined or f" {told}{unit} " in joined else 0.0
    return total
