"""People of a filled market who come back, each for one visit: whom and what for is drawn from all that was planted."""

import random
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bench.buyers import Buyer, Offered
from bench.filling import phone_of
from bench.provider import Inbound, Phones, Said
from catalog.links import Link

VISIT: Final = ("menu", "browse", "category", "good")
OPENED: Final = "card"  # what a good's code opens
EMPTY_EVERY: Final = 10  # of the planted goods every tenth was never in stock: its code opens what is like it


@dataclass
class Visitor(Buyer):
    """One who was here before: he looks around, then types the code of a good that a poster or a post had."""

    code: str = ""
    left: deque[str] = field(default_factory=lambda: deque(VISIT))

    def next(self) -> Inbound:
        """The next message of the visit, which is not over."""
        self.step = self.left.popleft()
        return self.phones.say(self.phone, self.code) if self.step == VISIT[-1] else self._message(self.step)

    def hear(self, said: Said) -> bool:
        """See a message; whether it is what the step leads to."""
        is_led = super().hear(said)
        return is_led if self.step != VISIT[-1] else bool(self.now) and self.now[0].state == OPENED

    def astray(self) -> None:
        """Go home."""
        self.left.clear()
        self.now: tuple[Offered, ...] = ()


@dataclass
class Visits:
    """Who comes one after the other to a market of so many people and goods, the first of which has this id.

    Two markets with one seed get the same draws: the person and the good at the same part of all of either. Goods that
    were never in stock are left out, as there are none of them among the few of a small market.
    """

    phones: Phones
    size: int
    first_good: int
    seed: int
    here: set[str] = field(default_factory=set)  # phones of those whose visit is not over
    numbers: "count[int]" = field(default_factory=count)

    def begin(self) -> Visitor:
        """The next one who is not here already."""
        while True:
            chance = random.Random(f"{self.seed} {next(self.numbers)}")
            phone, place = phone_of(1 + int(chance.random() * self.size)), chance.random()
            if phone not in self.here:
                self.here.add(phone)
                code = Link("product", self.first_good + good_at(place, self.size) - 1).code
                return Visitor(phone, self.phones, chance, code=code)

    def end(self, visitor: Visitor) -> None:
        """He may come again."""
        self.here.discard(visitor.phone)


def good_at(place: float, goods: int) -> int:
    """The number of the good at a place from 0 to 1 of so many, numbered from 1, of which those in stock count."""
    nth = int(place * (goods - goods // EMPTY_EVERY))
    return 1 + nth + nth // (EMPTY_EVERY - 1)
