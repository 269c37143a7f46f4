"""What several cost together: `savon 3 pour 1000`, `les 3 savons 1000`, `savon 1000 les 3`; a promotion, no stock."""

import re
from dataclasses import dataclass
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_shapes import GOODS, LIKELY, goods_named, joined_kinds
from bot.understanding.stock_words import OPENING
from bot.understanding.typed_numbers import Token, tokens_of

_MOST_TOGETHER, _LEAST_PRICE, _COIN = 12, 50, 5
_AMOUNT: Final = r"(?P<price>[NP] )(?:(?:f|fcfa|cfa|francs) )?"
_COUNT: Final = r"(?P<count>[NX] )"
_WAYS: Final = tuple(
    re.compile(way)
    for way in (
        rf"(?:(?:le|la|les|mes|l|:) )*{GOODS}(?:: )?(?:les )?{_COUNT}(?:[a-z]+ )?(?:pour|for) {_AMOUNT}",
        rf"(?:les )?{_COUNT}(?:(?:de|d) )?{GOODS}(?:pour|for) {_AMOUNT}",
        rf"les {_COUNT}(?:(?:de|d) )?{GOODS}(?:(?:a|pour|:|=) )?{_AMOUNT}",
        rf"(?:(?:le|la|les|mes|l) )*{GOODS}(?:(?:a|:|=) )?{_AMOUNT}les {_COUNT}",
    )
)


def read_lots(text: str) -> tuple[Heard, ...]:
    """What several of a good cost together; of several goods in as many lines a promotion of none. () for else."""
    lines = lines_of(text)
    found = [_lot(line) for line in lines[:_MOST_TOGETHER]]
    lots = [one for one in found if one is not None]
    if len(lots) != len(lines):
        return ()
    return tuple(lots) if len(lots) == 1 else (Heard("promo", {}, LIKELY),) if lots else ()


@dataclass(frozen=True)
class MaybeLot:
    """Units of a good and an amount in F CFA, which is what they cost together, or what each of them costs."""

    product: str
    quantity: int
    price: int


def maybe_lot(text: str) -> MaybeLot | None:
    """`mangue 3 à 200`, `3 mangues 200`, `3x1000 savon`: two things may be meant; None for anything else."""
    if len(lines_of(text)) != 1:
        return None
    line = _TIMES.sub(r"\1 à \2", text.strip())
    told = tokens_of(line)
    joined = joined_kinds(told)
    found = next((found for way in _MAYBE if (found := way.fullmatch(joined))), None)
    if not found:
        return None
    count, price = (told[joined.count(" ", 0, found.start(name))] for name in ("count", "price"))
    first, end = (joined.count(" ", 0, place) for place in found.span("goods"))
    goods = goods_named(line, told[first:end])
    if not goods or not _is_lot(count, price) or price.value > _MOST_OF_LOT:
        return None
    return MaybeLot(goods, count.value, price.value)


_MOST_OF_LOT: Final = 5_000  # F CFA: what costs more is seldom sold by the heap
_TIMES: Final = re.compile(r"(?<![\w.,/])(\d{1,2})\s?[x×*]\s?(\d{2,4})(?![\w.,/])")
_MAYBE: Final = tuple(
    re.compile(way)
    for way in (
        rf"(?:(?:le|la|les|mes|l) )*{GOODS}(?:: )?{_COUNT}(?:a|@|at) {_AMOUNT}",
        rf"{_COUNT}(?:(?:de|d) )?{GOODS}(?:(?:a|@|at|:|=) )?{_AMOUNT}",
        rf"{_COUNT}(?:a|at) {_AMOUNT}(?:(?:de|d|le|la|les|l) )?{GOODS}",
    )
)


def lines_of(text: str) -> list[str]:
    """The lines of a message, a comma between two of them too."""
    return [line.strip() for line in re.split(r"\n|;|,(?!\d)", text) if line.strip(" .!")]


def _lot(line: str) -> Heard | None:
    told = tokens_of(line)
    while told and told[0].kind in OPENING:
        told = told[1:]
    while told and told[-1].kind in _POLITE:
        told = told[:-1]
    joined = joined_kinds(told)
    for way in _WAYS:
        found = way.fullmatch(joined)
        if not found:
            continue
        count, price = (told[joined.count(" ", 0, found.start(name))] for name in ("count", "price"))
        first, end = (joined.count(" ", 0, place) for place in found.span("goods"))
        goods = goods_named(line, told[first:end])
        if goods and _is_lot(count, price):
            return Heard("promo", {"product": goods, "price": price.value}, LIKELY)
    return None


def _is_lot(count: Token, price: Token) -> bool:
    return 1 < count.value <= _MOST_TOGETHER and price.value >= _LEAST_PRICE and price.value % _COIN == 0


_POLITE: Final = frozenset("svp stp merci please".split())
