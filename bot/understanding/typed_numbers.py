"""The figures of a vendor's line as typed: counts, prices, sizes and shares, each with the place where it stands.

Forms of amounts are those of togo.md §2.4. What could be two things is odd and never read for sure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from base.money import read_amount
from base.spelling import fold, spelled
from bot.understanding.quantities import is_dozen, is_number_word, read_quantity
from bot.understanding.stock_words import UNITS

COUNT, TIMES, ONE, PRICE, SHARE, SIZE, MEASURE, ODD = "N", "X", "U", "P", "R", "M", "K", "O"
"""Kinds of figures: bare, `x12`, `une`, with a word of money, a per cent, glued to a measure, a measure, unreadable."""
FIGURES: Final = frozenset({COUNT, TIMES, ONE, PRICE, SHARE, SIZE, MEASURE, ODD})
GROUPED: Final = "grouped"
"""The unit of a bare figure whose thousands are parted by a blank: it may be two figures."""

_GROUPS: Final = r"[1-9]\d{0,2}(?:[ .,'’\u00a0\u202f]\d{3})+"
_MEASURES: Final = (
    r"kgs?|kilos?|g|gr|grammes?|l|litres?|cl|ml|m|metres?|mètres?|cm|mm|go|gb|mo|mah|w|v|watts?|yards?|pouces?"
    r"|inch(?:es)?"
)
_FIGURE: Final = re.compile(
    rf"""(?<![\w.,/])(?:
    (?P<share>\d{{1,3}})\s?(?:%|pour\ ?cents?\b|percent\b)
    |(?P<measure>\d+(?:[.,]\d+)?)(?P<gap>\s?)(?P<unit>{_MEASURES})(?!\w)(?!['’])
    |(?P<times>[x×*]\s?)?(?P<figures>(?<![x×*])(?<![x×*]\s){_GROUPS}|\d+)(?P<decimal>[.,]\d{{1,3}}(?=\s?(?:k|mil)))?
      (?P<thousands>\s?(?:k|mil|mille|mill|milles)(?:\d{{1,3}}|\s\d{{3}})?(?!\w*[a-eg-wyz]))?
      (?P<currency>\s?(?:f\.?\s?cfa|cfa|xof|francs?|frs?|f)(?!\w)(?!['’]))?
      (?P<each>\s?x(?=\s|$))?
    )(?![\w])(?![.,]\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_ANY_DIGITS: Final = re.compile(r"\w*\d\w*")
_HALF: Final = re.compile(
    r"(?<![\w/])\d+\s?/\s?\d+(?![\w/])|(?<!\w)\d+[.,]\d+(?!\w)|(?<!\w)\d+\s?-\s?\d+(?!\w)|(?<!\w)\d{1,2}\s?(?:à|a|to)\s?\d{1,2}(?!\w)"
    r"|(?<!\w)\d+\s(?:ou|or)\s\d+(?!\w)|\bet demie?\b"
)
_CURRENCY: Final = frozenset("f fcfa cfa franc francs frs xof".split())
_MARKS: Final = frozenset(":=+-−–()/@")
_MODELS: Final = frozenset(
    "iphone galaxy itel tecno infinix redmi samsung taille pointure size numero modele version ps playstation type"
    " camon spark note hot pop pixel smart poco note".split()
)
"""The words whose figure behind them names goods: `iphone 11`."""
_MODEL_FIGURE: Final = re.compile(
    rf"\b((?:{'|'.join(sorted(_MODELS - {'modele'}))}) \d{{1,3}}) (?=\d{{3}}(?!\d))", re.IGNORECASE
)
"""`iphone 11 165k`: the blank behind a model's figure parts no thousands."""


@dataclass(frozen=True, slots=True)
class Token:
    """A normalised word, a mark, or a figure: its kind, value, unit where it measures, and where it was typed."""

    kind: str
    value: int
    unit: str
    start: int
    end: int

    @property
    def is_figure(self) -> bool:
        """Whether it is one of FIGURES."""
        return self.kind in FIGURES


@lru_cache(maxsize=64)  # each reader of a line asks for them
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words, marks and figures of `text`, in order."""
    text = _MODEL_FIGURE.sub(lambda found: f"{found[1]}\t", text)
    figures = _figures(text)
    taken = {place for one in figures for place in range(one.start, one.end)}
    words = [Token(w.normal, 0, "", w.start, w.end) for w in spelled(text) if w.start not in taken]
    within = taken | {place for w in words for place in range(w.start, w.end)}
    marks = [
        Token("-" if sign in "−–" else sign, 0, "", place, place + 1)
        for place, sign in enumerate(text)
        if sign in _MARKS and place not in within and not _is_hyphen(text, place)
    ]
    told = sorted([*figures, *words, *marks], key=lambda one: one.start)
    return tuple(_with_maize(text, list(_with_dozens(list(_in_words(told))))))


def _with_maize(text: str, told: Sequence[Token]) -> Iterator[Token]:
    """`mais 5`, `3 bols de mais blanc` are the grain, no but."""
    for at, one in enumerate(told):
        yield replace(one, kind=MAIZE) if one.kind == "mais" and _is_maize(text, told, at) else one


def _is_maize(text: str, told: Sequence[Token], at: int) -> bool:
    one, following = told[at], told[at + 1] if at + 1 < len(told) else None
    if text[one.start : one.end].casefold() == "maïs":
        return True
    is_begun = not at or told[at - 1].kind in _BEFORE_MAIZE or told[at - 1].is_figure
    return is_begun and (
        following is None or following.is_figure or following.kind in _MARKS or following.kind in _BEHIND_MAIZE
    )


MAIZE: Final = "maize"
"""The kind of the grain, whose name is another word without its dots."""
_BEFORE_MAIZE: Final = (
    frozenset("le du de d mon ya et prix + - : vendu recu rupture ajoute enleve retire reste plus fini".split()) | UNITS
)
_BEHIND_MAIZE: Final = frozenset(
    "blanc jaune rouge sec frais grain grains moulu concasse fini finis finie est a augmente baisse passe vendu recu"
    " reste et prix".split()
)


def _is_hyphen(text: str, place: int) -> bool:
    """Whether a sign joins two words: `vingt-cinq`, `t-shirt`."""
    return text[place] == "-" and text[place - 1 : place].isalpha() and text[place + 1 : place + 2].isalpha()


def _figures(text: str) -> list[Token]:
    odd = [Token(ODD, 0, "", found.start(), found.end()) for found in _HALF.finditer(text) if not _is_amount(found[0])]
    found = [
        _figure(one, text)
        for one in _FIGURE.finditer(text)
        if not any(one.start() < o.end and o.start < one.end() for o in odd)
    ]
    return sorted([*odd, *found], key=lambda one: one.start)


def _is_amount(typed: str) -> bool:
    return bool(re.fullmatch(_GROUPS, typed))


def _figure(found: re.Match[str], text: str) -> Token:
    start, end = found.span()
    if found["share"]:
        return Token(SHARE, int(found["share"]), "", start, end)
    if found["measure"]:
        whole = found["measure"].isdigit() and len(found["measure"]) < 7
        kind = SIZE if not found["gap"] or not whole else MEASURE
        return Token(kind, int(found["measure"]) if whole else 0, found["unit"], start, end)
    is_money = bool(found["thousands"] or found["currency"])
    typed = text[found.start("figures") : end]
    figures = re.sub(r"\D", "", found["figures"])
    if is_money:
        amount = read_amount(typed)
        return Token(PRICE, amount, "", start, end) if amount else Token(ODD, 0, "", start, end)
    is_odd = len(figures) > 9 or (len(figures) > 1 and figures[0] == "0") or bool(found["decimal"])
    if is_odd:
        return Token(ODD, 0, "", start, end)
    kind = TIMES if found["times"] or found["each"] else COUNT
    return Token(kind, int(figures), GROUPED if " " in found["figures"] else "", start, end)


def _in_words(told: Sequence[Token]) -> Iterator[Token]:
    """Numbers in words become figures, and figures behind a model's name words of it."""
    place = 0
    while place < len(told):
        one = told[place]
        before = told[place - 1].kind if place else ""
        if one.kind == COUNT and before in _MODELS and one.unit != GROUPED:
            yield Token(str(one.value), 0, "", one.start, one.end)
        elif before == "quelqu":  # somebody, whom `qqn` writes in one place: no figure
            yield one
        elif one.kind in ("un", "une", "one"):
            yield Token(ONE, 1, "", one.start, one.end)
        elif _is_counted(told, place):
            following = [t.kind for t in told[place : place + 6]]
            value, length = read_quantity(following)
            if value:
                amount = _thousands_in_words(told, place)
                if amount:
                    yield amount[0]
                    place += amount[1]
                    continue
                yield Token(COUNT, value, "", one.start, told[place + length - 1].end)
                place += length
                continue
            yield one
        elif _is_cereal(told, place):
            yield Token("mil", 0, "", one.start, one.end)
        elif one.kind in ("mille", "mil") and (not place or not told[place - 1].is_figure):
            amount = _thousands_in_words(told, place)
            yield amount[0] if amount else one
            place += amount[1] if amount else 1
            continue
        else:
            yield one
        place += 1


def _is_cereal(told: Sequence[Token], place: int) -> bool:
    """`mil 30`, `vendu 2 bols de mil`: the grain, no thousand."""
    one, before = told[place], told[place - 1].kind if place else ""
    is_mil = one.kind in ("mille", "mil") and one.end - one.start == _MIL
    following = told[place + 1].kind if place + 1 < len(told) else ""
    return is_mil and (not place or before in _BEFORE_GOODS) and following not in _CURRENCY


def _is_counted(told: Sequence[Token], place: int) -> bool:
    """Whether a word is a number; `neuf` only where one is due, else it says new."""
    word, before = told[place].kind, told[place - 1] if place else None
    following = told[place + 1].kind if place + 1 < len(told) else ""
    if word == "demi":
        return is_dozen(following)
    if is_dozen(word):
        return not (before and (before.is_figure or before.kind in ("un", "une") or is_number_word(before.kind)))
    return is_number_word(word) and (
        word != "neuf" or before is None or before.kind in _BEFORE_NINE or following in UNITS
    )


_MIL: Final = len("mil")
_BEFORE_GOODS: Final = frozenset("le du de d mon ya et vendu recu".split())
_BEFORE_NINE: Final = frozenset("vendu recu reste que plus ajoute + - : ai a vingt trente quarante cinquante".split())


def _thousands_in_words(told: Sequence[Token], place: int) -> tuple[Token, int] | None:
    """`deux mille cinq cents`, `cinq cents`, `mille`: an amount of 100 or more in words."""
    length = 0
    while place + length < len(told) and (
        is_number_word(told[place + length].kind) or told[place + length].kind in ("mille", "mil", "et")
    ):
        length += 1
    for end in range(length, 0, -1):
        amount = read_amount(" ".join(one.kind for one in told[place : place + end]))
        if amount and amount >= 100:
            kind = PRICE if any(one.kind in ("mille", "mil") for one in told[place : place + end]) else COUNT
            if told[place + end : place + end + 1] and told[place + end].kind in _CURRENCY:
                kind, end = PRICE, end + 1
            return Token(kind, amount, "", told[place].start, told[place + end - 1].end), end
    return None


def _with_dozens(told: Sequence[Token]) -> Iterator[Token]:
    """`2 douzaines` is 24, `une douzaine` 12."""
    place = 0
    while place < len(told):
        one = told[place]
        following = told[place + 1] if place + 1 < len(told) else None
        if one.kind in (COUNT, ONE) and following and is_dozen(following.kind):
            by = read_quantity([following.kind])[0]
            yield Token(COUNT, one.value * by, "", one.start, following.end)
            place += 2
            continue
        if one.kind in (COUNT, ONE) and following and following.kind in ("dozen", "dozens"):
            yield Token(COUNT, one.value * 12, "", one.start, following.end)
            place += 2
            continue
        yield one
        place += 1


def loose_digits(text: str) -> list[str]:
    """The words with figures in them that are no figure: `a70`, `4k7p2`."""
    figures = _figures(text)
    return [
        fold(found[0])
        for found in _ANY_DIGITS.finditer(text)
        if not any(one.start < found.end() and found.start() < one.end for one in figures)
    ]
