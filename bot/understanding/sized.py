"""Units of one size that come or go: `vendu 1 baskets homme 41`, `+2 baskets taille 42`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_shapes import shaped
from bot.understanding.typed_numbers import COUNT, ONE, TIMES, Token

_SIZES: Final = range(20, 61)
_COUNTS: Final = frozenset({COUNT, TIMES, ONE})
_SIZE_WORDS: Final = frozenset("pointure pointures taille tailles size numero".split())


def sized(typed: str, rest: Sequence[Token], kind: str, *, is_own: bool) -> Heard | None:
    """What the tokens say under what opened or closed their line; None where they do not end in a size."""
    if rest[0].kind not in _COUNTS or not is_size(rest[-1]) or rest[0].value >= _SIZES.start:
        return None
    told = shaped(typed, _without_its_word(rest[:-1]), kind, is_own=is_own)
    if len(told) != 1 or "quantity" not in told[0].slots:
        return None
    return replace(told[0], slots={**told[0].slots, "size": str(rest[-1].value)})


def is_size(one: Token) -> bool:
    """Whether a figure may be a size of shoes or clothes."""
    return one.kind == COUNT and one.value in _SIZES


def _without_its_word(told: Sequence[Token]) -> Sequence[Token]:
    """`2 baskets pointure`: without what a figure was the size of."""
    return told[:-1] if told[-1].kind in _SIZE_WORDS else told
