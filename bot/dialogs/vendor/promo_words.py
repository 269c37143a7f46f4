"""A promotion as vendors write it: `promo riz 15000 jusqu'à dimanche`, `-10% sur tout`, `savon 3 pour 1000`."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from base.money import read_amount
from base.spelling import fold
from bot.dialogs.vendor.times import Span, read_time
from catalog.prices import PromoKind

LONGEST: Final = 200  # characters
_PERCENT: Final = re.compile(r"[-−]?\s*(\d{1,2})\s*(?:%|pour\s?cents?|percent)", re.IGNORECASE)
_SUM: Final = r"(\d{1,3}\s?(?:k|mil(?:le)?)(?!\w)|\d[\d .]{2,9})\s*(?:f(?:r?\s?cfa)?\b|francs?)?"
_LOT: Final = re.compile(
    rf"\b(?P<units>\d{{1,3}})\s*(?P<named>(?:[^\W\d]\S*\s){{0,4}}?)(?:pour|for)\s+(?P<sum>{_SUM})", re.IGNORECASE
)
_SUM_OF: Final = re.compile(
    rf"(?:(?:\bà|\ba|:|=)\s*)?\b(?P<sum>{_SUM})\s*\bles\s+(?P<units>\d{{1,3}})\b", re.IGNORECASE
)
_SO_MANY: Final = re.compile(
    rf"\bles\s+(?P<units>\d{{1,3}})(?P<named>(?:\s+[^\W\d]\w*){{1,4}}?)\s+(?:[àa:=]\s+)?(?P<sum>{_SUM})", re.IGNORECASE
)
_PRICE: Final = re.compile(
    r"(?:\bà|\ba|:|\bat|\bc'?est)?\s*(?<![\d/])(\d{1,3}(?:[ .\u00a0]\d{3})+|\d{3,7}|"
    r"\d{1,3}(?:[.,]\d)?\s?(?:k|mil(?:le)?))"
    r"\s*(?:f(?:r?\s?cfa)?\b|francs?)?(?!\s*(?:kg|g|l|cl|ml|%|/))\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"\b(?:jusqu\W{0,2}(?:à|a|aux?|en)?(?!\w)|until|till|à partir d\w+|a partir d\w+|from|pendant|du \d|ce week|ce soir"
    r"|demain|aujourd|today|tomorrow|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|le week|cette semaine"
    r"|\d{1,2} (?:jours?|semaines?|mois|days?|weeks?)\b).*$",
    re.IGNORECASE,
)
_ALL: Final = frozenset(
    "toute la boutique|toute ma boutique|tous mes produits|tous les produits|tous mes articles"
    "|all|everything|toute boutique|ma boutique|mes produits|all goods|tous articles|tous les articles".split("|")
) | frozenset("tout toute toutes tous all everything".split())
_LITTLE: Final = frozenset(
    "promo promos promotion promotions solde soldes reduction remise offre speciale en fais faire fait lance lancer met"
    " mets mettez mettre je veux voudrais une un la le les l de du des d sur pour a au aux avec moins prix avant fin"
    " arrete arretez arreter stop enleve enlevez annule terminee finie est c cest off on end the my mes mon ma plus"
    " fcfa f cfa nouvelle vous svp baisse baisser baissez baissons diminue diminuer diminuez reduis reduire reduisez"
    " casse casser rabais tarif tarifs par on faut il".split()
)

_ENDS: Final = frozenset({"fin"})  # how a good may be called at its end: `gari fin`


@dataclass(frozen=True)
class Wanted:
    """What a message asks: `product` as typed, '' where none is named; kind None where nothing is told of the price."""

    product: str
    is_all: bool
    kind: PromoKind | None = None
    value: int = 0
    quantity: int = 0
    span: Span | None = None  # None: a time that cannot be


def read_promo(text: str, now: datetime) -> Wanted:
    """What a vendor's message says of a promotion; whole F CFA and units. Never raises."""
    text = text[:LONGEST]
    told = _TIME.sub(" ", text)
    span = read_time(text[len(text) - len(_tail(text)) :], now) if _tail(text) else Span()
    percent = _PERCENT.search(told)
    if percent:
        return _wanted(_without(told, percent), "percent", int(percent[1]), span)
    lot = _LOT.search(told) or _SUM_OF.search(told) or _SO_MANY.search(told)
    amount = read_amount(lot["sum"].strip()) if lot else None
    if lot and amount and int(lot["units"]) > 1:
        rest = _without(told, lot)
        named = lot.groupdict().get("named") if not product_named(rest) else ""  # else it is a unit
        return _wanted(named or rest, "lot", amount, span, int(lot["units"]))
    prices = [found for found in _PRICE.finditer(told) if (read_amount(found[1]) or 0) >= 25]
    if prices:
        return _wanted(_without(told, prices[-1]), "price", read_amount(prices[-1][1]) or 0, span)
    return _wanted(told, None, 0, span)


def _tail(text: str) -> str:
    found = _TIME.search(text)
    return found[0] if found else ""


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _wanted(rest: str, kind: PromoKind | None, value: int, span: Span | None, quantity: int = 0) -> Wanted:
    name = product_named(rest)
    is_all = fold(name) in _ALL or fold(rest) in _ALL
    return Wanted("" if is_all else name, is_all, kind, value, quantity, span)


def product_named(text: str) -> str:
    """The words of a message that name a good: what stands between its little words."""
    typed = re.findall(r"[^\s,;:!?()]+", text)
    kept = list(typed)
    while kept and fold(kept[0]) in _LITTLE | {""}:
        kept.pop(0)
    while kept and fold(kept[-1]) in _LITTLE - _ENDS | {""}:
        kept.pop()
    return re.sub(r"^[ld]['’]", "", " ".join(kept))
