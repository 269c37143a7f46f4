"""`une douzaine d'œufs`, of goods that are counted by the pack of 30: twelve of them are not twelve packs."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from base.spelling import fold
from bot import own_names
from bot.dialogs.vendor.asks import UNSAID, Ask
from bot.turn import Turn
from bot.understanding.goods import is_measure, is_unit
from bot.understanding.quantities import is_dozen
from bot.understanding.typed_numbers import tokens_of
from catalog.matching import Good
from catalog.meanings import stem

_DOZEN: Final = 12
_PACK: Final = re.compile(r"\b(?P<pack>[a-z]+) (?:(?:de|d|of|x) )?(?P<size>\d{1,3})\b(?: (?P<behind>[a-z]+))?")
_PARTED: Final = re.compile(r"[\n,;]|\bet\b|\band\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_ENGLISH: Final = frozenset({"dozen", "dozens"})


def is_said(turn: Turn, units: int, product: str) -> bool:
    """Whether so many of a product were said as dozens, or tens: `2 douzaines`; `savon 12, œufs une douzaine`."""
    typed, named = own_names.plain_words(turn), _words(product)
    own = [part for part in _PARTED.split(typed) if named <= _words(part)]
    told = _figures(own, units) or _figures([typed], units)
    return bool(told) and all(any(is_dozen(word) or word in _ENGLISH for word in figure) for figure in told)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))


def _figures(parts: Sequence[str], units: int) -> list[set[str]]:
    """The words of each figure that is so many."""
    return [_words(part[one.start : one.end]) for part in parts for one in tokens_of(part) if one.value == units]


def need(ask: Ask, good: Good) -> Literal["dozen", "amount"] | None:
    """Whether it has to be asked how many packs that is; of goods that are sold by the dozen it is counted so.

    amount: of such it is no whole number of dozens, and how many they are is asked.
    """
    if not ask.get("is_dozen"):
        return None
    if "douzaine" in fold(f"{good.unit} {good.name}").split():
        is_whole = ask["value"] % _DOZEN == 0
        ask["value"] = ask["value"] // _DOZEN if is_whole else UNSAID
        ask["is_dozen"] = False
        return None if is_whole else "amount"
    pack, _ = pack_of(good)
    is_told = stem(pack) in {stem(word) for word in f"{ask['unit']} {fold(ask['words'])}".split()}
    return "dozen" if pack and not is_told else None


def pack_of(good: Good) -> tuple[str, int]:
    """The pack that a good's name tells, and how many are in it: `Œufs, plateau de 30` is (plateau, 30); ('', 0)."""
    for found in _PACK.finditer(fold(good.name)):
        if is_unit(found["pack"]) and not is_measure(found["behind"] or ""):
            return found["pack"], int(found["size"])
    return "", 0
