"""How fast one conversation may go: nobody is slowed who writes by hand, and no machine is answered for ever."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import Any, Self

REMEMBERED = 8  # different answers of one minute


@dataclass(frozen=True)
class Allowed:
    """What an account lets one conversation have in a minute: turns, and answers that are equal; 0 sets no bound."""

    turns: int = 0
    equal: int = 0


BOUNDLESS = Allowed()


@dataclass(frozen=True)
class Pace:
    """One minute (since 1970) of a conversation: its turns, and how often each of its answers was given."""

    minute: int = 0
    turns: int = 0
    given: tuple[tuple[str, int], ...] = ()

    def one_more(self, minute: int) -> Self:
        """With one more turn; another minute begins anew."""
        return replace(self, turns=self.turns + 1) if minute == self.minute else type(self)(minute, 1)

    def giving(self, answer: str) -> Self:
        """With that answer given once more."""
        others = tuple(one for one in self.given if one[0] != answer)
        return replace(self, given=(*others, (answer, self.times(answer) + 1))[-REMEMBERED:])

    def times(self, answer: str) -> int:
        """How often it was given in this minute."""
        return dict(self.given).get(answer, 0)

    def to_document(self) -> list[Any]:
        """As JSON holds it."""
        return [self.minute, self.turns, [list(one) for one in self.given]]


STILL = Pace()


def pace_from(document: Sequence[Any]) -> Pace:
    """Read what `to_document` wrote."""
    minute, turns, given = document
    return Pace(minute, turns, tuple((answer, times) for answer, times in given))


def mark_of(said: Sequence[tuple[str, Mapping[str, Any], Sequence[str]]]) -> str:
    """A short mark of text keys with their values and the choices offered: equal answers have equal marks."""
    words = json.dumps(said, sort_keys=True, default=str)
    return blake2s(words.encode(), digest_size=6).hexdigest()
