"""One good in several sizes, named once: `prix riz 25kg 18000 et 5kg 4500`, `riz 25kg 2 et 5kg 4`."""

import re
from typing import Final

from bot.messages import Heard
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.stock_shapes import LIKELY

_MOST_COUNTED, _LEAST_PRICE, _COIN = 100, 500, 5
_SIZE: Final = r"\d{1,3}(?:[.,]\d)?\s?(?:kgs?|kilos?|g|gr|l|litres?|cl|ml|yards?)"
_FIGURE: Final = r"\d{1,6}(?:\s?(?:f|fcfa|cfa|francs?)\b)?"
_IS: Final = r"(?:\s*[:=]\s*|\s+(?:(?:à|a|c'est|est)\s+)?)"
_ONE: Final = rf"{_SIZE}{_IS}{_FIGURE}"
_ROW: Final = re.compile(
    r"\s*(?:(?P<price>prix|tarif|price)\s+(?:(?:du|de|des|la|le)\s+)*)?(?P<goods>[^\W\d][^\d\n,;:=?]{0,40}?)\s+"
    rf"(?P<row>{_ONE}(?:(?:\s*,\s*|\s+et\s+){_ONE})+)\s*[.!]*\s*",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    rf"(?P<size>{_SIZE}){_IS}(?P<figure>\d{{1,6}})(?P<money>\s?(?:f|fcfa|cfa|francs?)\b)?", re.IGNORECASE
)


def read_sizes(text: str) -> tuple[Heard, ...] | None:
    """The price or the count of each size, all of the good that is named before the first; None for no such row."""
    found = _ROW.fullmatch(text)
    if found is None or not _is_name(found["goods"]):
        return None
    typed = list(_PAIR.finditer(found["row"]))
    pairs = [(f"{found['goods']} {one['size']}", int(one["figure"])) for one in typed]
    in_money = [bool(one["money"]) for one in typed]
    looks_priced = all(figure >= _LEAST_PRICE and figure % _COIN == 0 for _, figure in pairs)
    if found["price"] or all(in_money) or looks_priced:
        return tuple(Heard("set_price", {"product": product, "price": price}, LIKELY) for product, price in pairs)
    if any(in_money) or any(units >= _MOST_COUNTED for _, units in pairs):
        return None
    return tuple(Heard("set_stock", {"product": product, "quantity": units}, LIKELY) for product, units in pairs)


def _is_name(goods: str) -> bool:
    """Whether words are a good's name and no verb: `vendu riz` is none."""
    read = [one.heard for one in read_stock_lines(f"{goods} 5")]
    return [(one.intent, one.slots.get("product")) for one in read] == [("set_stock", goods)]
