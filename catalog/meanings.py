"""What shoppers' words mean: other names of a good, foreign words spelled by ear, and the kinds of goods."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

Words = tuple[str, ...]  # one or more words that mean one thing together

SHORTEST_PLURAL: Final = 4  # letters: `jus` and `riz` are no plurals


@dataclass(frozen=True)
class Meanings:
    """The table `catalog/words.txt`: what a way means, and the goods of a kind, all in the singular."""

    goods: Mapping[Words, tuple[Words, ...]]
    kinds: Mapping[Words, tuple[Words, ...]]

    @property
    def longest(self) -> int:
        """The most words that a way has."""
        return max(map(len, self.goods))

    def of(self, way: Words) -> Mapping[Words, float]:
        """What is shown to whoever says this: goods of that name first, then the goods of that kind; {} when unknown.

        The values say how near it is to what was said, from 1 (the very word) to 0.
        """
        named = {way: 1.0} | dict.fromkeys(self.goods.get(way, ()), 0.95)
        found: dict[Words, float] = {}
        for name, near in named.items():
            found.setdefault(name, near)
            for good in self.kinds.get(name, ()):
                found.setdefault(good, near - 0.2)
        return found if len(found) > 1 or way in self.kinds else {}

    def words(self) -> Iterable[str]:
        """All single words that the table explains."""
        return {way[0] for way in (*self.goods, *self.kinds) if len(way) == 1}


def stem(word: str) -> str:
    """A folded word in the singular."""
    return word[:-1] if len(word) >= SHORTEST_PLURAL and word[-1] in "sx" else word


@cache
def meanings() -> Meanings:
    """The table, read once."""
    goods: dict[Words, tuple[Words, ...]] = {}
    kinds: dict[Words, tuple[Words, ...]] = {}
    for line in (Path(__file__).parent / "words.txt").read_text("utf-8").splitlines():
        kind, is_kind, members = line.partition(" > ")
        good, is_good, ways = line.partition(": ")
        if line.startswith("#"):
            continue
        if is_kind:
            kinds[_words(kind)] = tuple(_way(member) for member in members.split())
        elif is_good:
            for way in map(_way, ways.split()):
                goods[way] = (*goods.get(way, ()), _words(good))
    return Meanings(goods, kinds)


def _way(written: str) -> Words:
    return _words(written.replace("+", " "))


def _words(written: str) -> Words:
    return tuple(map(stem, written.split()))
