"""Slots of a vendor's guessed message: its goods, figures, place, order, reason and day, each read where it stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from base.spelling import fold
from base.when import read_when
from bot.understanding import marking
from bot.understanding.filling import typed_place
from bot.understanding.goods import ARTICLES, is_measure
from bot.understanding.marking import Run, runs
from bot.understanding.message import Span
from bot.understanding.slots import WHEN, only_order
from bot.understanding.stock_shapes import unit_of
from bot.understanding.typed_numbers import COUNT, MEASURE, ONE, SHARE, TIMES, Token, tokens_of
from bot.understanding.typed_numbers import PRICE as MONEY

Values = dict[str, Any]
ROLE: Final = "vendor"
_LEAST_PRICE: Final = 25
_CARRIERS: Final = re.compile(
    r"\b(?:rakieta|lk|etrab|nagod[eé]|adji|dc ?10|cheval blanc|stif|tcv|gozem|la poste)\b", re.IGNORECASE
)
_RECEIPT: Final = re.compile(
    r"\b(?:re[çc]u|ticket|bordereau|receipt|bon)\b\s*(?:n°|no|num[eé]ro|:)?\s*([a-z]{0,3}-?\d[\w-]{1,11})",
    re.IGNORECASE,
)
_HALF_PRICE: Final = re.compile(r"\bmoiti[eé] (?:du )?prix\b|\bhalf price\b", re.IGNORECASE)
_LASTING: Final = re.compile(
    r"\b(\d{1,2}|un|une|deux|trois|quatre|cinq|six|sept) (jours?|semaines?|mois|days?|weeks?)\b", re.IGNORECASE
)
_UNITS_OF_TIME: Final = {"j": 1, "d": 1, "s": 7, "w": 7, "m": 30}
_FEW: Final = dict(zip("un une deux trois quatre cinq six sept".split(), (1, 1, 2, 3, 4, 5, 6, 7), strict=True))
_DAY_AND_NIGHT: Final = re.compile(r"T\d\d:\d\d$")
_PERIODS: Final = tuple(
    (re.compile(pattern), period)
    for pattern, period in (
        (r"\b(?:semaine|hebdo\w*|week(?:ly)?|7 jours)\b", "week"),
        (r"\b(?:mois|mensuel\w*|month(?:ly)?|30 jours)\b", "month"),
        (r"\b(?:aujourd hui|jour|journee|journalier\w*|ce matin|today|daily|day|quotidien\w*|soir)\b", "day"),
    )
)


def filled_for_vendor(intent: str, said: Span) -> Values:
    """The slots of an intent that a vendor's message holds, as typed; whole units and F CFA."""
    reader = _READERS.get(intent)
    return reader(intent, said) if reader else {}


def until(typed: str, now: datetime) -> str:
    """The day in ISO 8601 that words of time last until: `2 jours`, `jusqu'à lundi`; '' where they tell none."""
    lasting = _LASTING.search(typed)
    if lasting:
        count = _FEW.get(lasting[1].casefold()) or int(lasting[1])
        return (now + timedelta(days=count * _UNITS_OF_TIME[lasting[2][0].casefold()])).date().isoformat()
    when = read_when(typed, now)
    return _DAY_AND_NIGHT.sub("", when.deadline) if when else ""


def _runs(intent: str, said: Span, mark: str) -> list[Run]:
    return [run for run in runs(ROLE, intent, said) if run.mark == mark]


def marked_goods(intent: str, said: Span) -> str:
    """The goods that the words of a message are marked as, as typed; '' for none."""
    return str(_product(intent, said).get("product", ""))


def _product(intent: str, said: Span) -> Values:
    found = _runs(intent, said, marking.GOODS)
    named = [run for run in found if not all(word in ARTICLES for word in said.normal[run.first : run.end])]
    return {"product": said.part(named[0].first, named[0].end).typed} if named else {}


def _figure(intent: str, said: Span, mark: str, kinds: frozenset[str]) -> Token | None:
    """The figure that is marked so, else the only one that can be it outside of the goods."""
    told = [one for one in tokens_of(said.text) if one.kind in kinds]
    for run in _runs(intent, said, mark):
        start, end = said.words[run.first].start, said.words[run.end - 1].end
        marked = [one for one in told if one.start < end and start < one.end]
        if marked:
            return marked[0]
    goods = [(said.words[run.first].start, said.words[run.end - 1].end) for run in _runs(intent, said, marking.GOODS)]
    free = [
        one for one in told if one.kind != ONE and not any(one.start < end and start < one.end for start, end in goods)
    ]
    return free[0] if len(free) == 1 else None


_COUNTS: Final = frozenset({COUNT, TIMES, ONE, MEASURE})
_AMOUNTS: Final = frozenset({COUNT, MONEY})


def _counted(intent: str, said: Span) -> Values:
    found = _figure(intent, said, marking.QUANTITY, _COUNTS)
    slots = _product(intent, said)
    if found is None:
        return slots
    slots["quantity"] = found.value
    unit = _runs(intent, said, marking.UNIT)
    if not slots.get("product"):
        return {**_behind(said, found, unit), "quantity": found.value}
    if intent == "set_stock" and (unit or found.kind == MEASURE):
        slots["unit"] = unit_of(said.part(unit[0].first, unit[0].end).typed if unit else found.unit)
    return slots


def _behind(said: Span, count: Token, unit: Sequence[Run]) -> Values:
    """Goods that are called as a unit is, or the word behind the count."""
    if unit:
        return {"product": said.part(unit[0].first, unit[0].end).typed}
    at = next((at for at, word in enumerate(said.words) if word.start >= count.end), len(said.words))
    while at < len(said.words) and said.normal[at] in ARTICLES:
        at += 1
    word = said.part(at, at + 1)
    return {"product": word.typed} if word.words and word.normal[0].isalpha() and not is_measure(word.normal[0]) else {}


_FROM_TO: Final = re.compile(r"\b(?:de|from)\s+(\d[\d .]*)\s*(?:f|fcfa|francs)?\s*(?:à|a|to)\s+\d", re.IGNORECASE)


def _price(intent: str, said: Span) -> Values:
    found = _figure(intent, said, marking.PRICE, _AMOUNTS)
    told = [one for one in tokens_of(said.text) if one.kind in _AMOUNTS]
    if told and _FROM_TO.search(said.text):
        found = told[-1]
    return {"price": found.value} if found and found.value >= _LEAST_PRICE else {}


def _priced(intent: str, said: Span) -> Values:
    return {**_product(intent, said), **_price(intent, said)}


def _added(intent: str, said: Span) -> Values:
    slots = _priced(intent, said)
    marked = _runs(intent, said, marking.QUANTITY)
    count = _figure(intent, said, marking.QUANTITY, _COUNTS) if marked else None
    if count and count.value != slots.get("price"):
        slots["quantity"] = count.value
    return slots


def _promo(intent: str, said: Span) -> Values:
    shares = [one.value for one in tokens_of(said.text) if one.kind == SHARE]
    if not shares and _HALF_PRICE.search(said.text):
        shares = [50]
    if shares:
        return {**_product(intent, said), "percent": shares[0], WHEN: said.text}
    return {**_priced(intent, said), WHEN: said.text}


def _zone(intent: str, said: Span) -> Values:
    found = _runs(intent, said, marking.PLACE)
    place = typed_place(said) or (said.part(found[0].first, found[0].end).typed if found else "")
    return {**({"place": place} if place else {}), **_price(intent, said)}


def _order(intent: str, said: Span) -> Values:
    order = only_order(said)
    return {"order": order} if order else {}


def _refusal(intent: str, said: Span) -> Values:
    found = _runs(intent, said, marking.REASON)
    reason = {"reason": said.part(found[0].first, found[-1].end).typed} if found else {}
    return {**_order(intent, said), **reason}


def _carried(intent: str, said: Span) -> Values:
    receipt, carrier = _RECEIPT.search(said.text), _CARRIERS.search(said.text)
    beside = {fold(one) for found in (receipt, carrier) if found for one in found[0].split()}
    rest = Span(said.text, tuple(word for word in said.words if word.normal not in beside))
    order = _order(intent, rest) if rest.words else {}
    return {**order, **({"carrier": carrier[0]} if carrier else {}), **({"receipt": receipt[1]} if receipt else {})}


def period_of(said: Span) -> Values:
    """The period that a report is asked for; {} for none."""
    joined = said.joined()
    found = next((period for pattern, period in _PERIODS if pattern.search(joined)), None)
    return {"period": found} if found else {}


_READERS: Final[Mapping[str, Callable[[str, Span], Values]]] = {
    **dict.fromkeys(("set_stock", "add_stock", "remove_stock"), _counted),
    **dict.fromkeys(
        (
            "out_of_stock",
            "back_in_stock",
            "delete_product",
            "hide",
            "end_promo",
            "list_my_products",
            "share_link",
            "photo_for",
        ),
        _product,
    ),
    "set_price": _priced,
    "add_product": _added,
    "promo": _promo,
    "set_zone": _zone,
    **dict.fromkeys(("accept_order", "ready", "delivered"), _order),
    "refuse_order": _refusal,
    "handed_over": _carried,
    "sales_report": lambda intent, said: period_of(said),
    "pause": lambda intent, said: {WHEN: said.text},
}
