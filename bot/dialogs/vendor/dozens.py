"""`une douzaine d'œufs`, of goods that are counted by the pack of 30: twelve of them are not twelve packs."""

import re
from typing import Final, Literal

from base.spelling import fold
from bot import own_names
from bot.dialogs.vendor.asks import Ask
from bot.turn import Turn
from bot.understanding.goods import is_measure, is_unit
from bot.understanding.quantities import is_dozen
from bot.understanding.typed_numbers import tokens_of
from catalog.matching import Good
from catalog.meanings import stem

_DOZEN: Final = 12
_PACK: Final = re.compile(r"\b(?P<pack>[a-z]+) (?:(?:de|d|of|x) )?(?P<size>\d{1,3})\b(?: (?P<behind>[a-z]+))?")
_ENGLISH: Final = frozenset({"dozen", "dozens"})


def is_said(turn: Turn, units: int) -> bool:
    """Whether so many were said as dozens, or tens: `2 douzaines`."""
    typed = own_names.plain_words(turn)
    told = (fold(typed[one.start : one.end]).split() for one in tokens_of(typed) if one.value == units)
    return any(is_dozen(word) or word in _ENGLISH for words in told for word in words)


def need(ask: Ask, good: Good) -> Literal["dozen"] | None:
    """Whether it has to be asked how many packs that is; of goods that are sold by the dozen it is counted so."""
    if not ask.get("is_dozen"):
        return None
    if "douzaine" in fold(f"{good.unit} {good.name}").split() and ask["value"] % _DOZEN == 0:
        ask["value"] //= _DOZEN
        ask["is_dozen"] = False
        return None
    pack, _ = pack_of(good)
    is_told = stem(pack) in {stem(word) for word in f"{ask['unit']} {fold(ask['words'])}".split()}
    return "dozen" if pack and not is_told else None


def pack_of(good: Good) -> tuple[str, int]:
    """The pack that a good's name tells, and how many are in it: `Œufs, plateau de 30` is (plateau, 30); ('', 0)."""
    for found in _PACK.finditer(fold(good.name)):
        if is_unit(found["pack"]) and not is_measure(found["behind"] or ""):
            return found["pack"], int(found["size"])
    return "", 0
