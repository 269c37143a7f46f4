"""The figures of a vendor's message that none of its readings has: nothing that was typed is passed over in silence."""

import re
from collections.abc import Sequence
from typing import Final

from bot.messages import Heard
from bot.understanding.tidying import tidied
from bot.understanding.typed_numbers import COUNT, TIMES, Token, tokens_of
from bot.understanding.typed_numbers import PRICE as MONEY
from bot.understanding.vendor_filling import DENIED
from bot.understanding.vendor_hearing import text_of, without_bullets

_FIGURES: Final = frozenset({COUNT, TIMES, MONEY})
_MOST_BEHIND, _MOST_BEFORE = 2, 2  # words that are shown with a figure
_PACK: Final = re.compile(r"[^\W\d](?<!\bpartir) (?:de|of|x) ?$", re.IGNORECASE)
_FROM: Final = re.compile(r"(?:\b(?:à|a|des|dès) )?\bpartir de ?$", re.IGNORECASE)
_TO: Final = re.compile(r" ?(?:f|fcfa|cfa|francs)? (?:à|a|to) ", re.IGNORECASE)


def unread(text: str, heard: Sequence[Heard]) -> tuple[str, ...]:
    """Each figure that is in no reading, with the words beside it as typed; not what was told to be past or wrong."""
    bare = without_bullets(tidied(text))
    told = tokens_of(bare)
    values = {abs(value) for one in heard for value in one.slots.values() if type(value) is int}
    all_sold = all(one.intent == "remove_stock" for one in heard)
    words = " ".join(str(value).casefold() for one in heard for value in one.slots.values())
    return tuple(
        _shown(bare, told, at)
        for at, one in enumerate(told)
        if one.kind in _FIGURES
        and one.value not in values
        and text_of(bare, one) not in words
        and not _is_past(bare, one)
        and not (all_sold and _is_taking(bare, one))
    )


def _is_past(text: str, one: Token) -> bool:
    """`pas 2000`, `de 1000 à 1200`, `5 cartons de 24`: what another figure takes the place of, or is told of it."""
    before = text[: one.start]
    return bool(DENIED.search(before) or _PACK.search(before) or _TO.match(text, one.end))


def _is_taking(text: str, one: Token) -> bool:
    """`vendu 2 robes à 11500`: what they were sold for, which nothing is made of."""
    is_money = one.kind == MONEY or one.value >= _SURELY_PRICE
    return is_money or (one.value >= _LEAST_PRICE and bool(_FOR.search(text[: one.start])))


_LEAST_PRICE, _SURELY_PRICE = 100, 500
_FOR: Final = re.compile(r" (?:à|a|pour|at|for) $", re.IGNORECASE)


def _shown(text: str, told: Sequence[Token], at: int) -> str:
    """A figure with its words: those behind it, else those before; `à partir de 10` of a price for so many."""
    if from_so_many := _FROM.search(text[: told[at].start]):
        return text[from_so_many.start() : told[at].end]
    behind = _words(told[at + 1 : at + 1 + _MOST_BEHIND])
    before = [] if behind else _words(told[max(at - _MOST_BEFORE, 0) : at][::-1])
    near = [told[at], *behind, *before]
    return " ".join(text[min(one.start for one in near) : max(one.end for one in near)].split())


def _words(told: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for one in told:
        if one.is_figure or not one.kind.isalpha():
            break
        found.append(one)
    return found
