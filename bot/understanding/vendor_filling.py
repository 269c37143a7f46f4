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
from bot.understanding.quantities import MOST_COUNTED
from bot.understanding.slots import WHEN, only_order
from bot.understanding.stock_shapes import unit_of
from bot.understanding.traits import is_code
from bot.understanding.typed_numbers import COUNT, MEASURE, ODD, ONE, SHARE, TIMES, Token, tokens_of
from bot.understanding.typed_numbers import PRICE as MONEY

Values = dict[str, Any]
ROLE: Final = "vendor"
_LEAST_PRICE, _LIKE_A_PRICE, _MOST_COUNTED = 25, 100, 1000
_CARRIERS: Final = re.compile(
    r"\b(?:rakieta|lk|etrab|nagod[eé]|adji|dc ?10|cheval blanc|stif|tcv|gozem|la poste)\b", re.IGNORECASE
)
_RECEIPT: Final = re.compile(
    r"(?:\b(?:re[çc]u|ticket|bordereau|receipt|bon|r[ée]c[ée]piss[ée]|papier)\b[\s,:]*"
    r"(?:(?:c['’]est|c|est|porte|dit|le|is|number|n[°o]|num(?:[eé]ro)?)[\s.:]*){0,4}|\bn°\s?)"
    r"([a-z]{0,3}-?\d[\w-]{1,11})",
    re.IGNORECASE,
)
_FROM_ENGLISH: Final = tuple(
    (re.compile(rf"\b{english}\b", re.IGNORECASE), french)
    for english, french in (
        ("(?:till|until)", "jusqu'à"),
        ("tomorrow", "demain"),
        ("today", "aujourd'hui"),
        ("monday", "lundi"),
        ("tuesday", "mardi"),
        ("wednesday", "mercredi"),
        ("thursday", "jeudi"),
        ("friday", "vendredi"),
        ("saturday", "samedi"),
        ("sunday", "dimanche"),
        ("december", "décembre"),
        ("now", ""),
    )
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
        (r"\b(?:semaines?|hebdo\w*|week(?:ly)?|(?:7|sept) (?:derniers )?jours|depuis (?:lundi|mardi))\b", "week"),
        (
            r"\b(?:mois|mensuel\w*|month(?:ly)?|30 (?:derniers )?jours|janvier|fevrier|mars|avril|mai|juin|juillet|aout"
            r"|septembre|octobre|novembre|decembre)\b",
            "month",
        ),
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
    for english, french in _FROM_ENGLISH:
        typed = english.sub(french, typed)
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
    if not named:
        return {}
    first, end = named[0].first, named[0].end
    while first and said.gap_before(first) == "-":
        first -= 1
    while end < len(said.words) and said.gap_before(end) == "-":
        end += 1
    return {"product": said.part(first, end).typed}


def _figures(intent: str, said: Span, kinds: frozenset[str]) -> list[Token]:
    """The figures outside of the goods, without those that are told to be wrong or past: `pas 30`, `au lieu de 500`."""
    goods = [(said.words[run.first].start, said.words[run.end - 1].end) for run in _runs(intent, said, marking.GOODS)]
    told = [
        one
        for one in tokens_of(said.text)
        if one.kind in kinds and not any(one.start < end and start < one.end for start, end in goods[:1])
    ]
    return [one for one in told if not DENIED.search(said.text[: one.start])] or told


DENIED: Final = re.compile(
    r"(?:\b(?:pas|plus|plus [aà]|not|au lieu de|à la place de|instead of|avant|ancien(?: prix)?|from|non)"
    r"|\bmarqu[eé]|\b[eé]crit) $",
    re.IGNORECASE,
)
_COUNTS: Final = frozenset({COUNT, TIMES, ONE, MEASURE})
_AMOUNTS: Final = frozenset({COUNT, MONEY})


def _counted(intent: str, said: Span) -> Values:
    least = 0 if intent == "set_stock" else 1  # none left is a count, none sold is no sale
    figures = [one for one in _figures(intent, said, _COUNTS) if least <= one.value <= MOST_COUNTED]
    if _is_in_doubt(said, figures):
        figures = []
    found = next(reversed([one for one in figures if one.kind != ONE] or figures), None)
    slots = _product(intent, said)
    if found is None:
        is_one = intent == "remove_stock" and slots and _IS_ONE.search(said.text) and not slots["product"].endswith("s")
        return {**slots, "quantity": 1} if is_one else slots
    slots["quantity"] = found.value
    unit = _runs(intent, said, marking.UNIT)
    if not slots.get("product"):
        return {**_behind(said, found, unit), "quantity": found.value}
    if unit or found.kind == MEASURE:
        slots["unit"] = unit_of(said.part(unit[0].first, unit[0].end).typed if unit else found.unit)
    return slots


def _is_in_doubt(said: Span, figures: Sequence[Token]) -> bool:
    """Whether several figures may be the count, or a half: none of them is taken then, it is asked."""
    counts = [one for one in figures if one.kind in (COUNT, TIMES) and not _OF_PACK.search(said.text[: one.start])]
    return len({one.value for one in counts if one.value < _MOST_COUNTED}) > 1 or any(
        one.kind == ODD and "demi" in said.text[one.start : one.end].casefold() for one in tokens_of(said.text)
    )


_OF_PACK: Final = re.compile(r"[^\W\d] (?:de|of|x) ?$", re.IGNORECASE)
_IS_ONE: Final = re.compile(r"\b(?:le |la |l['’ ]|mon |ma )", re.IGNORECASE)


def _behind(said: Span, count: Token, unit: Sequence[Run]) -> Values:
    """Goods that are called as a unit is, or the word behind the count."""
    if unit:
        return {"product": said.part(unit[0].first, unit[0].end).typed}
    at = next((at for at, word in enumerate(said.words) if word.start >= count.end), len(said.words))
    while at < len(said.words) and said.normal[at] in ARTICLES:
        at += 1
    word = said.part(at, at + 1)
    return {"product": word.typed} if word.words and word.normal[0].isalpha() and not is_measure(word.normal[0]) else {}


def _price(intent: str, said: Span) -> Values:
    """The last amount: what is said before it is what it was; a new good's is the highest."""
    told = [one for one in _figures(intent, said, _AMOUNTS) if one.value >= _LEAST_PRICE]
    told = [one for one in told if one.kind == MONEY] or [one for one in told if one.value >= _LIKE_A_PRICE] or told
    if not told:
        return {}
    return {"price": max(one.value for one in told) if intent == "add_product" else told[-1].value}


def _priced(intent: str, said: Span) -> Values:
    return {**_product(intent, said), **_price(intent, said)}


def _added(intent: str, said: Span) -> Values:
    slots = _priced(intent, said)
    told = [one for one in _figures(intent, said, _COUNTS) if one.value not in (slots.get("price"), 0)]
    counts = [one for one in told if one.kind != ONE and one.value < _MOST_COUNTED]
    if len(counts) == 1:
        slots["quantity"] = counts[0].value
    elif not counts and _ONLY_ONE.search(said.text):
        slots["quantity"] = 1
    return slots


_ONLY_ONE: Final = re.compile(r"\b(?:un|une) seule?\b", re.IGNORECASE)


def _promo(intent: str, said: Span) -> Values:
    shares = [one.value for one in tokens_of(said.text) if one.kind == SHARE]
    if not shares and _HALF_PRICE.search(said.text):
        shares = [50]
    if shares:
        goods = {name: _without_share(goods, shares[0]) for name, goods in _product(intent, said).items()}
        return {**goods, "percent": shares[0], WHEN: said.text}
    for_so_many = _SO_MANY_FOR.search(said.text)
    price = {"price": int(for_so_many[1])} if for_so_many else {}
    return {**_priced(intent, said), **price, WHEN: said.text}


def _without_share(goods: str, share: int) -> str:
    """`savon de 10` of `baisse le savon de 10%`: the goods alone."""
    return re.sub(rf"\s+(?:de|d'|of|by|à|a)\s*{share}$", "", goods)


_SO_MANY_FOR: Final = re.compile(r"(?<!\w)\d{1,2} (?:pour|for|à) (\d{3,6})(?!\w)")


def _zone(intent: str, said: Span) -> Values:
    found = _runs(intent, said, marking.PLACE)
    place = typed_place(said) or (said.part(found[0].first, found[0].end).typed if found else "")
    price = {"price": 0} if _FREE.search(said.text) else _price(intent, said)
    return {**({"place": place} if place else {}), **price}


_FREE: Final = re.compile(r"\bgratuite?s?\b|\bgratos\b|\bfree\b", re.IGNORECASE)


_BEFORE_CODE: Final = frozenset("tg commande commandes cmd cmde colis numero no n order parcel".split())


def _order(intent: str, said: Span) -> Values:
    whole = {word.upper() for word in said.normal if is_code(word)}
    if whole:
        return {"order": whole.pop()} if len(whole) == 1 else {}
    told = [at for at, word in enumerate(said.normal[:-1]) if word in _BEFORE_CODE]
    order = only_order(said.part(told[-1] + 1)) if told else None
    return {"order": order} if order else {}


def _refusal(intent: str, said: Span) -> Values:
    found = _runs(intent, said, marking.REASON)
    reason = {"reason": said.part(found[0].first, found[-1].end).typed} if found else {}
    return {**_order(intent, said), **reason}


def _carried(intent: str, said: Span) -> Values:
    receipt, carrier = _RECEIPT.search(said.text), _CARRIERS.search(said.text)
    marked = _runs(intent, said, marking.CARRIER)
    by = carrier[0] if carrier else said.part(marked[0].first, marked[0].end).typed if marked else ""
    beside = {fold(one) for found in (receipt, carrier) if found for one in found[0].split()}
    rest = Span(said.text, tuple(word for word in said.words if word.normal not in beside))
    order = _order(intent, rest) if rest.words else {}
    return {**order, **({"carrier": by} if by else {}), **({"receipt": receipt[1]} if receipt else {})}


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
