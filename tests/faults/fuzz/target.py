"""What a target is: one parser of bytes from outside, with good inputs to begin from and a promise that it keeps."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.hostile import NOISE

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes neither NUL nor a lone surrogate
NUL_IN_JSON = re.compile(r"(?<!\\)(\\\\)*\\u0000")  # as an escape; behind another backslash it is six characters
MOST_CHANGES = 4


@dataclass(frozen=True)
class Target:
    """`play` raises for an input with which a promise is broken; `modules` are the files whose reading it plays.

    Their coverage leads to new inputs, and that of the modules that are `watched` too.
    """

    play: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    modules: tuple[str, ...]
    most_bytes: int = 4096
    watched: tuple[str, ...] = ()

    @property
    def leading(self):
        """The names of all modules whose coverage counts."""
        return (*(module.removesuffix(".py").replace("/", ".") for module in self.modules), *self.watched)


def mutated(chance, seeds):
    """One of the seeds with some of its bytes changed, taken out, said twice, or put from another."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, MOST_CHANGES)):
        first = chance.randrange(len(data) + 1)
        end = min(len(data), first + chance.choice((0, 1, 2, 8, 64)))
        other = chance.choice(seeds)
        place = chance.randrange(len(other) + 1)
        data[first:end] = chance.choice(
            (b"", bytes([chance.randrange(256)]), data[first:end] * 2, chance.choice(NOISE), other[place : place + 32])
        )
    return bytes(data)


def text_of(data):
    """Any text, lone surrogates too."""
    return data.decode("utf-8", "surrogateescape")


def parts_of(data, count):
    """The first lines of an input, and all that is behind them: one part each."""
    lines = data.split(b"\n", count - 1)
    return (*lines, *[b""] * (count - len(lines)))


def is_keepable(text):
    """Whether this is a text that the database takes."""
    return isinstance(text, str) and not UNKEEPABLE.search(text)
