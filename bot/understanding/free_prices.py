"""A price of nothing, `savon prix 0`, `savon 0 f`, `savon gratuit`: read as the price that it is, never as a stock."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.stock_shapes import LIKELY, goods_named, joined_kinds
from bot.understanding.stock_words import OPENING
from bot.understanding.typed_numbers import MEASURE, SIZE, Token, tokens_of

_MOST_PARTS, _MOST_TOKENS = 40, 12
_PARTED: Final = re.compile(r"([\n;]|,(?!\d))")
_NOTHING: Final = re.compile(r"(?:0+|z[eé]ro)\s?(?P<money>f\.?\s?cfa|cfa|xof|francs?|frs?|f)?", re.IGNORECASE)
_THE: Final = r"(?:(?:le|la|les|l|mon|ma|mes|du|de|d|des|the|my|of) )*"
_OF: Final = rf"{_THE}(?P<of>(?:(?:[a-z][a-z0-9]*|M|K) )+?)"
_IS: Final = r"(?:(?:[:=-]|a|est|sont|c est|c|fait|passe|coute|vaut|is|are|at|de|pour) )*"
_PRICE: Final = r"(?:(?:le|son|leur|the) )?(?:prix|tarif|price) "
_MONEY: Final = "(?:francs? |cfa |fcfa |f )*"
_WAYS: Final = tuple(
    re.compile(way)
    for way in (
        rf"(?:(?:change|mets|mettez|met|baisse|set) )?{_PRICE}{_OF}{_IS}ZF? {_MONEY}",
        rf"(?:(?:change|mets|mettez|met|baisse|set) )?{_PRICE}{_IS}ZF? {_MONEY}{_IS}{_OF}",
        rf"{_OF}{_IS}{_PRICE}{_IS}ZF? {_MONEY}",
        rf"{_OF}{_IS}ZF? {_PRICE}",
        rf"{_OF}{_IS}(?:coute|vaut|costs?) {_IS}ZF? {_MONEY}",
        rf"{_OF}{_IS}(?:ZF|Z (?:francs?|cfa|fcfa|f)) ",
        rf"ZF {_IS}{_OF}",
        rf"{_OF}{_IS}(?:gratuit|gratuite|gratuits|gratuites|gratuitement|gratis|offert|offerte|free) ",
    )
)
_NO_GOODS: Final = frozenset(
    "livraison livraisons delivery transport cod frais promo promotion deplacement retrait emballage".split()
)


def read_free(text: str) -> tuple[Heard, ...] | None:
    """`savon prix 0`, alone or among stock lines, whose others stay as they are; () where they are none of goods."""
    pieces = _PARTED.split(text)
    if len(pieces) > 2 * _MOST_PARTS:
        return None
    free = {at: heard for at in range(0, len(pieces), 2) if (heard := _read(pieces[at].strip(" .!")))}
    if not free:
        return None
    # read in one go, as a verb may be that of all: `recu 30 pagnes, 5 savons`
    rest = "".join(piece for at, piece in enumerate(pieces) if at not in free and at - 1 not in free).strip(" ,;.!\n")
    others = [one.heard for one in read_stock_lines(rest)] if rest else []
    if rest and not others:
        return ()
    return tuple(sorted((*others, *free.values()), key=lambda one: _place(text, one)))


def _place(text: str, one: Heard) -> int:
    """Where its goods were typed: sizes may stand elsewhere."""
    words = str(one.slots.get("product") or "").split()
    return text.find(words[0]) if words else 0


def _read(part: str) -> Heard | None:
    told = [_zero(part, one) for one in tokens_of(part) if one.kind not in OPENING]
    if "?" in part or len(told) > _MOST_TOKENS:
        return None
    if any(one.is_figure and one.kind not in (SIZE, MEASURE) for one in told):
        return None
    if not _NO_GOODS.isdisjoint(one.kind for one in told):
        return None
    joined = joined_kinds(told)
    found = next((found for way in _WAYS if (found := way.fullmatch(joined))), None)
    if found is None:
        return Heard("set_price", {"price": 0}, LIKELY) if _is_of_price(told) else None
    first, end = (joined.count(" ", 0, place) for place in found.span("of"))
    goods = goods_named(part, told[first:end])
    return Heard("set_price", {"product": goods, "price": 0}, LIKELY) if goods else None


def _zero(part: str, one: Token) -> Token:
    """Nothing, bare or in money: kinds of their own, which are no figures."""
    typed = _NOTHING.fullmatch(part[one.start : one.end].strip())
    return replace(one, kind="ZF" if typed["money"] else "Z") if typed and not one.value else one


def _is_of_price(told: Sequence[Token]) -> bool:
    """Whether a few words tell a price and nothing else with a figure: of which good, is asked."""
    kinds = {one.kind for one in told}
    is_priced = "ZF" in kinds or ("Z" in kinds and not _PRICES.isdisjoint(kinds))
    return is_priced and len(told) <= _MOST_LOOSE


_PRICES: Final = frozenset("prix tarif price francs franc".split())
_MOST_LOOSE: Final = 6  # tokens
