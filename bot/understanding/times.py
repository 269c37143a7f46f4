"""`fanta 200x24`: two figures with a sign between them, which may be packs of so many, or so many at a price."""

import re
from dataclasses import dataclass
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_shapes import LIKELY, goods_named
from bot.understanding.typed_numbers import tokens_of

PACK_UNIT: Final = "paquet"
_LEAST_PRICE, _COIN, _MOST = 100, 5, 99_999
_TIMES: Final = re.compile(r"(?<![\w.,/])([1-9]\d{0,4})(?:[x×*]|\s[x×*]\s)([1-9]\d{0,4})(?![\w.,/])", re.IGNORECASE)


@dataclass(frozen=True)
class Times:
    """A good and two figures as typed, `first` x `second`."""

    product: str
    first: int
    second: int

    @property
    def is_price(self) -> bool:
        """Whether one of the figures may be what one costs, in F CFA."""
        return self.price >= _LEAST_PRICE and self.price % _COIN == 0

    @property
    def price(self) -> int:
        """F CFA of one, where it is a price."""
        return max(self.first, self.second)

    @property
    def count(self) -> int:
        """How many lie there, where it is a price."""
        return min(self.first, self.second)

    @property
    def units(self) -> int:
        """How many lie there, where it is packs."""
        return self.first * self.second


def read_times(text: str) -> Times | None:
    """A message that is a good and two figures with a sign between; None for any other."""
    found = _TIMES.search(text)
    if found is None or "\n" in text or (text[: found.start()].strip() and text[found.end() :].strip(" .!")):
        return None
    named = f"{text[: found.start()]} {text[found.end() :]}".strip(" .!:")
    told = tokens_of(named)
    goods = goods_named(named, told) if told and not any(one.is_figure for one in told) else None
    first, second = int(found[1]), int(found[2])
    if goods is None or min(first, second) == 1 or first * second > _MOST:
        return None
    return Times(goods, first, second)


def heard_times(text: str) -> tuple[Heard, ...]:
    """`lait 5x24` is five packs of 24; what may be a price too has no quantity yet, and is asked."""
    times = read_times(text)
    if times is None:
        return ()
    slots = {"product": times.product}
    if times.is_price:
        return (Heard("set_stock", slots, LIKELY),)
    told = {"quantity": times.first, "unit": PACK_UNIT, "pack": times.second}
    return (Heard("set_stock", {**slots, **told}, LIKELY),)
