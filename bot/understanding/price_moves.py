"""A price that is moved, not said: `baisse le riz de 500`, `prix riz +500`, `+10% sur tout`."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.messages import Heard
from bot.understanding.stock_shapes import DOUBTED, GOODS, LIKELY, SURE, joined_kinds
from bot.understanding.stock_words import PRICE
from bot.understanding.typed_numbers import COUNT, GROUPED, SHARE, Token
from bot.understanding.typed_numbers import PRICE as MONEY

RAISE, LOWER = "raise_price", "lower_price"
"""What a line says that moves a price, for those behind it: `augmente le riz de 500 et l'huile de 200`."""
MAY_BE_UNITS: Final = "quantity"
"""The slot of a move that may be one of stock too: `augmente le savon de 50`."""

_LEAST_PRICE, _SURELY_PRICE, _COIN, _MOST_PERCENT = 25, 100, 5, 100
_UP: Final = r"(?:augmente[rz]?|augmentation|monte[rz]?|hausse[rz]?|majore[rz]?|grimpe[rz]?|raise|increase)"
_DOWN: Final = (
    r"(?:baisse[rz]?|diminue[rz]?|diminution|redui[st]|reduire|reduisez|rabaisse[rz]?|descends?|descendez|descendre"
    r"|lower|reduce|decrease)"
)
_MORE: Final = r"(?:r?ajoute[rz]?|add|mets|mettez|plus|\+)"
_LESS: Final = r"(?:enleve[rz]?|retire[rz]?|ote[rz]?|deduis|deduisez|retranche[rz]?|moins|remove|-)"
_WHO: Final = (
    r"(?:(?:je|j ai|on|on a|nous|faut|il faut|veux|vais|voudrais|peux tu|tu peux|moi|encore|un peu|U peu|please) )*"
)
_DET: Final = r"(?:(?:le|la|l|les|du|de|d|des|mon|ma|mes|pour|sur|of|the|on|a|au|aux|chaque) )*"
_TAG: Final = (
    r"(?:(?:tou[st]?|toutes?|le|les|mon|mes|au|aux|du|des|sur|son|all|the|on|to|from|of|a) )*"
    r"(?:prix|tarifs?|prices?)(?: de vente)? "
)
_AMOUNT: Final = r"(?P<amount>[NPR] )(?:(?:f|fcfa|cfa|francs?|balles) )?(?:(?:le|la|l|par|/) [a-z]+ |chacune? |each )?"
_BY: Final = r"(?:de|d|by) "
_SIGN: Final = r"(?:(?P<up>\+|plus) |(?P<down>-|moins) )"
_ASKED: Final = rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})) (?:moi )?(?:encore )?"
_MOVED: Final = rf"(?:(?P<up>{_MORE})|(?P<down>{_LESS})) (?:moi )?"
_IS: Final = r"(?:(?:a|ont|est|va|vont|doit|doivent|:) )*"
_TOLD, _MAYBE, _BARE, _SIGNED = "told", "maybe", "bare", "signed"
_WAYS: Final = tuple(
    (how, re.compile(way))
    for how, way in (
        (_TOLD, rf"{_WHO}{_ASKED}{_TAG}{_DET}(?:{GOODS})?{_BY}{_AMOUNT}"),
        (_TOLD, rf"{_WHO}{_ASKED}(?:{_BY})?{_AMOUNT}{_TAG}{_DET}{GOODS}"),
        (_TOLD, rf"{_WHO}{_MOVED}{_AMOUNT}{_TAG}{_DET}(?:{GOODS})?"),
        (_TOLD, rf"{_WHO}{_MOVED}{_AMOUNT}{_DET}{GOODS}(?:prix|tarif|price) "),
        (_TOLD, rf"{_TAG}{_DET}{GOODS}{_IS}(?:{_SIGN}){_AMOUNT}"),
        (_TOLD, rf"{_DET}{GOODS}(?:prix|tarif|price) {_IS}(?:{_SIGN}){_AMOUNT}"),
        (_TOLD, rf"{_TAG}{_DET}{GOODS}{_IS}{_ASKED}{_BY}{_AMOUNT}"),
        (_MAYBE, rf"{_WHO}{_ASKED}{_DET}(?:{GOODS})?{_BY}{_AMOUNT}"),
        (_MAYBE, rf"{_WHO}{_ASKED}(?:{_BY})?{_AMOUNT}(?:(?:sur|pour|on|le|la|les|l|du) ){_DET}{GOODS}"),
        (_MAYBE, rf"{_DET}{GOODS}{_IS}{_ASKED}{_BY}{_AMOUNT}"),
        (_BARE, rf"{_WHO}{_ASKED}(?:{_TAG})?{_DET}{GOODS}(?::? )?{_AMOUNT}"),
        (_SIGNED, rf"{_DET}{GOODS}:? ?(?:{_SIGN}){_AMOUNT}"),
        (_SIGNED, rf"{_WHO}{_MOVED}{_AMOUNT}(?:sur|on) {_DET}{GOODS}"),
        (_SIGNED, rf"(?:{_SIGN}){_AMOUNT}{_DET}{GOODS}"),
    )
)
_ALL: Final = re.compile(
    r"(?:tou[st]?|toutes?|tou[st]? (?:les|mes) (?:prix|produits|articles)|toutes? (?:les|mes) (?:choses|marchandises)"
    r"|(?:les|mes) (?:prix|produits|articles)|everything|all|all (?:the |my )?(?:prices|products)) "
)
Names = Callable[[Sequence[Token]], str | None]
_OPENS: Final = re.compile(rf"{_WHO}{_ASKED}(?:{_TAG})?{_DET}")


def moving(told: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """The direction that a line opens with, and what is moved: `baisse riz 500 huile 200`; '' for none."""
    joined = joined_kinds(told)
    found = _OPENS.match(joined)
    if not found:
        return "", told
    return (RAISE if found["up"] else LOWER), told[joined.count(" ", 0, found.end()) :]


def moved(told: Sequence[Token], kind: str, goods_of: Names) -> tuple[str, Heard] | None:
    """What moves a price in a line, and its direction; under RAISE or LOWER goods with an amount do too.

    Slots of `set_price`: `by` in F CFA or `percent`, less than 0 where it falls; beside `by` a `price` where the amount
    may be the price itself, a `quantity` where it may be one of stock; `is_all` for all goods, no product for the one
    that was spoken of last.
    """
    if sum(one.kind in (COUNT, MONEY, SHARE) for one in told) != 1:
        return None
    joined = joined_kinds(told)
    for how, way in _WAYS:
        found = way.fullmatch(joined)
        heard = _heard(told, joined, found, how, 1 if found["up"] else -1, goods_of) if found else None
        if heard and found:
            return (RAISE if found["up"] else LOWER), heard
    if kind in (RAISE, LOWER):
        goes_on = _GOING_ON.fullmatch(joined)
        how = _MAYBE if goes_on and goes_on["by"] else _BARE
        heard = _heard(told, joined, goes_on, how, 1 if kind == RAISE else -1, goods_of) if goes_on else None
        return (kind, heard) if heard else None
    return None


_GOING_ON: Final = re.compile(rf"{_DET}{GOODS}(?P<by>{_BY})?{_AMOUNT}")


def _heard(
    told: Sequence[Token], joined: str, found: re.Match[str], how: str, sign: int, goods_of: Names
) -> Heard | None:
    amount = told[joined.count(" ", 0, found.start("amount"))]
    if how == _SIGNED and _is_dash(told, joined, found):
        return None
    named = _named(told, joined, found, goods_of)
    slots = _by(amount, how, sign)
    if named is None or slots is None or (how == _MAYBE and named.get("is_all") and amount.kind == COUNT):
        return None
    is_sure = how == _TOLD and amount.unit != GROUPED and "product" in named
    sure = DOUBTED if MAY_BE_UNITS in slots or "price" in slots else SURE if is_sure else LIKELY
    return Heard(PRICE, {**named, **slots}, sure)


def _is_dash(told: Sequence[Token], joined: str, found: re.Match[str]) -> bool:
    """`savon - 300 f`: a minus apart from its figure may part a price from its goods."""
    at = joined.count(" ", 0, found.start("amount"))
    return at > 1 and told[at - 1].kind == "-" and told[at - 1].end < told[at].start


def _by(amount: Token, how: str, sign: int) -> dict[str, Any] | None:
    """By how much; None where it is no price that is moved."""
    if amount.kind == SHARE:
        is_promotion = sign < 0 and how != _TOLD
        return None if is_promotion or not 0 < amount.value <= _MOST_PERCENT else {"percent": sign * amount.value}
    if amount.value < (_COIN if how == _TOLD or amount.kind == MONEY else _LEAST_PRICE):
        return None
    by = {"by": sign * amount.value}
    if how == _SIGNED:
        return by if amount.kind == MONEY else None
    if how == _BARE:
        return {**by, "price": amount.value}
    if how == _MAYBE and amount.kind == COUNT:
        if amount.value % _COIN:
            return None
        return by if amount.value >= _SURELY_PRICE else {**by, MAY_BE_UNITS: amount.value}
    return by


def _named(told: Sequence[Token], joined: str, found: re.Match[str], goods_of: Names) -> dict[str, Any] | None:
    """The goods as slots: a product, all of them, or none; None where the words are no goods."""
    if found.groupdict().get("goods") is None:
        return {"is_all": True} if re.search(r" (?:les|mes) (?:prix|tarifs|prices) ", f" {joined}") else {}
    start, end = found.span("goods")
    if _ALL.fullmatch(joined[start:end]):
        return {"is_all": True}
    if _OF_STOCK.match(joined[start:end]):
        return None
    product = goods_of(told[joined.count(" ", 0, start) : joined.count(" ", 0, end)])
    return {"product": product} if product else None


_OF_STOCK: Final = re.compile(r"(?:nombre|nbre|quantites?|qte|stocks?|compteur|compte) ")
