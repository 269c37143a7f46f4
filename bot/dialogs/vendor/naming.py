"""Goods that are named in a row with nothing between them, `rupture tomate oignon`, or by a size alone."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from base.spelling import fold
from bot.turn import Turn
from catalog import matching
from catalog.matching import Match, Wanted
from catalog.meanings import stem

_MOST_WORDS: Final = 8
_MOST_LOOKED_AT: Final = 2_000  # goods of a shop among which those of a size are looked for
_MOST_OFFERED: Final = 200
_SIZE: Final = re.compile(r"\b(?:\d{2}|X{0,4}[SML])\b")
_BETWEEN: Final = frozenset("et ni aussi plus and or".split())
_LITTLE: Final = frozenset("de d du des la le les l".split())

Spans = Mapping[tuple[int, int], Match]


def told_apart(turn: Turn, words: str) -> tuple[str, ...]:
    """The goods that words name one after the other, each as typed; () where they are no two goods of his or more.

    Each begins with the word that its good begins with: `savon noir liquide` is not `savon noir` and `huile liquide`.
    """
    typed = words.split()
    if not 1 < len(typed) <= _MOST_WORDS:
        return ()
    spans = [(at, end) for at in range(len(typed)) for end in range(at + 1, len(typed) + 1)]
    asked = [Wanted(" ".join(typed[at:end]), is_whole=True) for at, end in spans]
    matches = matching.find(turn.db, turn.person.vendor_ids, asked)
    cut = _cut(typed, dict(zip(spans, matches, strict=True)), 0)
    return tuple(" ".join(typed[at:end]) for at, end in cut) if cut and len(cut) > 1 else ()


def _cut(typed: Sequence[str], found: Spans, at: int) -> list[tuple[int, int]] | None:
    """The spans from a place on, the longest first."""
    if at == len(typed):
        return []
    if fold(typed[at]) in _BETWEEN:
        return _cut(typed, found, at + 1)
    for end in range(len(typed), at, -1):
        if _is_good(typed[at:end], found[at, end]) and (rest := _cut(typed, found, end)) is not None:
            return [(at, end), *rest]
    return None


def _is_good(words: Sequence[str], match: Match) -> bool:
    goods = (match.good,) if match.good else match.candidates
    first = next((word for word in fold(" ".join(words)).split() if word not in _LITTLE), "")
    return match.is_met and any(stem(fold(good.name).split()[0]) == stem(first) for good in goods)


def of_size_said(turn: Turn, text: str) -> list[int]:
    """The goods of a size that is said without their name: `le 41 est fini`; [] for none."""
    sizes = {fold(size) for size in _SIZE.findall(text)}
    if not sizes:
        return []
    ids = matching.ids_of_shops(turn.db, turn.person.vendor_ids, _MOST_LOOKED_AT, groups=False)
    found = matching.goods(turn.db, turn.person.vendor_ids, ids)
    return [id_ for id_ in ids if found[id_].good_id and sizes & set(fold(found[id_].label).split())][:_MOST_OFFERED]


_NO_MORE: Final = re.compile(r"(?:(?:il )?(?:n )?y ?(?:en )?a )?plus (?:de |du )?(?:pointure |taille )?(\d{2})")


def is_no_more_of_a_size(turn: Turn) -> bool:
    """`plus de 41`: the 41 is gone, where goods of his are of that size; and not so many more."""
    said = _NO_MORE.fullmatch(fold(turn.words))
    return bool(said and of_size_said(turn, said[1]))


def of_size_alone(turn: Turn, words: str) -> list[int]:
    """The same of words that are a size and nothing else, `41`, `m`."""
    return of_size_said(turn, words.upper()) if _SIZE.fullmatch(words.upper()) else []
