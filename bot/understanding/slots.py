"""The places in a phrase where people put their own words: what fits there, and the value it gives."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from base.money import read_amount
from bot.understanding.goods import read_asked_product, read_bare_items, read_items, read_list, read_product
from bot.understanding.message import Span
from bot.understanding.quantities import read_quantity

REFUSED_AT_DOOR = "refused_at_door"
"""The reason of who tells that his customer did not take a parcel."""
_METHODS = {
    "tmoney": "tmoney|t money|mixx|mix|mixx by yas|mix by yas|togocom|togocel|yas",
    "flooz": "flooz|floz|flouz|floose|moov money|moov",
    "cash": "livraison|la livraison|cash|especes|espece|liquide|main propre|en main propre|reception|a la livraison"
    "|a la reception|apres livraison",
    "card": "carte|cartes|carte visa|visa|carte bancaire|mastercard|carte credit|carte bleue",
}
_METHOD_OF = {name: method for method, names in _METHODS.items() for name in names.split("|")}
_PERIODS = {
    "day": "aujourd hui|jour|ce jour|la journee|journee|aujourdhui|ce matin|du jour",
    "week": "semaine|cette semaine|la semaine|hebdo",
    "month": "mois|ce mois|ce mois ci|le mois|mensuel",
}
_PERIOD_OF = {name: period for period, names in _PERIODS.items() for name in names.split("|")}
_TIME_WORD = (
    r"(?:[0-9]{1,2}(?:h[0-9]{0,2})?|h|aujourd|hui|demain|apres|matin|soir|midi|nuit|lundi|mardi|mercredi|jeudi|vendredi"
    r"|samedi|dimanche|semaine|weekend|week|end|jours?|heures?|mois|prochaine?|prochain|un|une|deux|trois|quatre|cinq"
    r"|avant|pour|des|de|d|ici|jusqu|a|au|le|la|ce|cet|cette|pendant|maintenant|toute|journee|fin|debut|meme)"
)
_AT_THE_DOOR = (
    r"(?:le client|client|la cliente|l acheteur) (?:(?:n a )?pas (?:pris|voulu)|a refuse|refuse|(?:n )?est pas venu"
    r"|(?:ne )?repond pas|(?:ne )?veut plus)(?: (?:le colis|la commande))? "
)
_CODE = re.compile(r"(?=[a-z]{0,4}[0-9])[0-9a-z]{3,5}")
_MEASURED = re.compile(r"[0-9]{1,2}h[0-9]{0,2}|[0-9]+(?:kg|g|l|cl|ml|go|f|k|mil|cm|m)")
_ONE_TIME_WORD = re.compile(_TIME_WORD)
_MAX_PRICE = re.compile(r"\b(?:max|maximum|moins de|pas plus de|jusqu a|a moins de|en dessous de) ")
_BETWEEN = re.compile(r"\b(?:entre|de) ")


def _words(most: int, lazy: bool = True) -> str:
    return rf"(?:\S+ ){{1,{most}}}{'?' if lazy else ''}"


def _any_of(names: Mapping[str, str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + ") "


Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """What fits (a pattern over normalised words, each followed by a blank) and the slots it gives, or None."""

    pattern: str
    values: Callable[[Span], Values | None]


def _typed(name: str) -> Callable[[Span], Values | None]:
    return lambda said: {name: said.typed}


def _product(said: Span) -> Values | None:
    product = read_asked_product(said)
    return {"product": product} if product else None


def _quantity(said: Span) -> Values | None:
    quantity, length = read_quantity(said.normal)
    return {"quantity": quantity} if quantity and length == len(said.words) else None


def _searched(said: Span) -> Values | None:
    product = read_product(said)
    return _priced(said) or ({"product": product} if product else None)


def _priced(said: Span) -> Values | None:
    """`robe entre 5 et 8 mil`, `mixeur max 3k`: product words and whole F CFA."""
    joined = said.joined()
    for pattern, bounds in ((_MAX_PRICE, _most), (_BETWEEN, _range)):
        for match in pattern.finditer(joined):
            place = joined.count(" ", 0, match.start())
            prices = bounds(said.part(place + match[0].count(" ")).typed)
            product = read_product(said.part(0, place))
            if product and prices:
                return {"product": product, **prices}
    return None


def _most(typed: str) -> dict[str, int] | None:
    amount = read_amount(typed)
    return {"max_price": amount} if amount else None


def _range(typed: str) -> dict[str, int] | None:
    """A word like `mil` behind the second end counts for both: `entre 5 et 8 mil`."""
    ends = re.split(r"\s(?:et|à|a)\s", typed)
    if len(ends) != 2:
        return None
    low, high = (read_amount(end) for end in ends)
    if low and high and low < 100 and high >= 1000:
        low *= 1000
    return {"min_price": low, "max_price": high} if low and high and low < high else None


def _ordered(read: Callable[[Span], tuple[Any, ...]]) -> Callable[[Span], Values | None]:
    def values(said: Span) -> Values | None:
        items = [item.as_slot() for item in read(said)]
        if not items:
            return None
        return {"items": items, **(items[0] if len(items) == 1 else {})}

    return values


def _code(said: Span) -> Values:
    return {"order": said.normal[-1].upper()}


def only_order(said: Span) -> str | None:
    """The order code in a message that has exactly one, in capitals; hours, measures and amounts are no codes."""
    codes = {word.upper() for word in said.normal if _CODE.fullmatch(word) and not _MEASURED.fullmatch(word)}
    return codes.pop() if len(codes) == 1 else None


def _place(said: Span) -> Values | None:
    """Where to: the end of `de Bè à Agoè`, without an article before and a time behind."""
    first = max((index + 1 for index, word in enumerate(said.normal) if word == "a"), default=0)
    end = len(said.words)
    while end > first and _ONE_TIME_WORD.fullmatch(said.normal[end - 1]):
        end -= 1
    if end - first > 1 and said.normal[first] in ("la", "le", "l"):
        first += 1
    return {"place": said.part(first, end).typed} if first < end else None


def _refused_at_door(said: Span) -> Values:
    return {"reason": REFUSED_AT_DOOR}


def _nothing(said: Span) -> Values:
    return {}


def _named(name: str, values: Mapping[str, str]) -> Callable[[Span], Values | None]:
    return lambda said: {name: values[" ".join(said.normal)]}


SLOTS: Mapping[str, Slot] = {
    "product": Slot(_words(9), _product),
    "searched": Slot(_words(16, lazy=False), _searched),
    "priced": Slot(_words(16, lazy=False), _priced),
    "items": Slot(_words(60, lazy=False), _ordered(read_items)),
    "bare_items": Slot(_words(60, lazy=False), _ordered(read_bare_items)),
    "list_items": Slot(_words(60, lazy=False), _ordered(read_list)),
    "quantity": Slot(_words(3), _quantity),
    "order": Slot(r"(?:numero |n )?(?:tg [0-9a-z]{3,5} |(?=[a-z]{0,4}[0-9])[0-9a-z]{3,5} )", _code),
    "reason": Slot(_words(12), _typed("reason")),
    "at_the_door": Slot(_AT_THE_DOOR, _refused_at_door),
    "came_back": Slot(r"(?:est )?(?:revenue?) ", _refused_at_door),
    "carrier": Slot(_words(3), _typed("carrier")),
    "receipt": Slot(r"(?=[a-z]*[0-9])[0-9a-z]{2,12} ", _typed("receipt")),
    "place": Slot(r"(?:(?!quel|combien|domicile|qui |partout)[a-z]+ ){1,5}?", _place),
    "method": Slot(_any_of(_METHOD_OF), _named("method", _METHOD_OF)),
    "other_method": Slot(_any_of(_METHOD_OF), _nothing),
    "period": Slot(_any_of(_PERIOD_OF), _named("period", _PERIOD_OF)),
    "when": Slot(rf"(?:{_TIME_WORD} ){{1,7}}", _nothing),
    "some_words": Slot(_words(9), _nothing),
}
"""`when`, `some_words` and `other_method` are heard and give no slot."""
