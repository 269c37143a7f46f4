"""Goods that follow one another on a line with nothing between them: `vendu 3 savons 2 sucre`, `riz 20 savon 5`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bot.understanding.stock_words import UNITS
from bot.understanding.typed_numbers import COUNT, TIMES, Token
from bot.understanding.typed_numbers import PRICE as MONEY

Piece = Sequence[Token]
Pieces = tuple[Piece, ...]
_FIGURES: Final = frozenset({COUNT, TIMES, MONEY})
_SIGNS: Final = frozenset("+-")
_MOST_PIECES: Final = 12
_NO_BEGINNING: Final = frozenset("a au aux de d du des en et f fcfa cfa francs x : = ) @ /".split())
_OF_AMOUNT: Final = frozenset("f fcfa cfa francs".split())
_STATED: Final = frozenset(
    "vendu vendus vendue vendues recu recus recue recues rupture ajoute rajoute enleve retire sorti sold received"
    " fini finis finie finies epuise arrivage prix".split()
)
"""The verbs that begin or end a piece of their own."""


def pieces_of(told: Piece, reads: Callable[[Piece], bool]) -> Pieces:
    """The goods of a line, two or more and each with its figure, where `reads` reads every one of them; () where not.

    All have their count first, or all last, or each its own sign or verb.
    """
    for ends in (
        _before_signs(told),
        _before_verbs(told),
        _behind_verbs(told),
        _before_counts(told),
        _behind_counts(told),
    ):
        found = _cut(told, ends, reads, {}, 0) if ends else None
        if found and 1 < len(found) <= _MOST_PIECES:
            return found
    return ()


def _cut(
    told: Piece,
    ends: Sequence[int],
    reads: Callable[[Piece], bool],
    known: dict[int, tuple[Piece, ...] | None],
    at: int,
) -> Pieces | None:
    """The pieces from a place on, the longest first that leaves a whole rest."""
    if at == len(told):
        return ()
    if at not in known:
        known[at] = None
        for end in sorted((end for end in (*ends, len(told)) if end > at), reverse=True):
            piece = told[at:end]
            if (at or end < len(told)) and reads(piece):
                rest = _cut(told, ends, reads, known, end)
                if rest is not None:
                    known[at] = (piece, *rest)
                    break
    return known[at]


def _before_signs(told: Piece) -> list[int]:
    """`+5 savon -3 riz`."""
    if told[0].kind not in _SIGNS:
        return []
    return [at for at in _within(told) if told[at].kind in _SIGNS and told[at + 1 : at + 2] and told[at + 1].is_figure]


def _before_verbs(told: Piece) -> list[int]:
    """`vendu 3 savon recu 5 riz`."""
    return [at for at in _within(told) if told[at].kind in _STATED] if told[0].kind in _STATED else []


def _behind_verbs(told: Piece) -> list[int]:
    """`riz fini huile fini`."""
    return [at for at in _within(told) if told[at - 1].kind in _STATED] if told[-1].kind in _STATED else []


def _before_counts(told: Piece) -> list[int]:
    """`3 savons 2 sucre`."""
    if told[0].kind not in (COUNT, TIMES):
        return []
    return [at for at in _within(told) if told[at].kind in (COUNT, TIMES) and _may_begin(told[at - 1])]


def _may_begin(before: Token) -> bool:
    return not before.is_figure or before.kind == MONEY


def _behind_counts(told: Piece) -> list[int]:
    """`riz 20 sacs savon 5`, `riz 18000 f huile 24000 f`."""
    if told[0].is_figure or told[0].kind in _SIGNS:
        return []
    return [at for at in _within(told) if _ends(told, at) and _begins(told[at])]


def _within(told: Piece) -> Iterator[int]:
    return iter(range(1, len(told)))


def _begins(one: Token) -> bool:
    return not one.is_figure and one.kind not in _NO_BEGINNING and one.kind not in _SIGNS


def _ends(told: Piece, at: int) -> bool:
    """Whether a piece may end before a place: a figure is there, with its currency or unit, or `le sac`."""
    last = [one for one in told[max(at - 4, 0) : at] if one.kind not in _OF_AMOUNT]
    while last and (last[-1].kind in UNITS or last[-1].kind in ("le", "la", "l", "piece", ")")):
        last.pop()
    return bool(last) and last[-1].kind in _FIGURES
