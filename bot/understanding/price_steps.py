"""What one costs from so many units on: `savon 200 à partir de 10`, `a partir de 10 c 900`, `prix gros 250 détail 300`;
and that it costs so no longer: `enlève le prix de gros du savon`."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from base.spelling import fold
from bot.messages import Heard
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.stock_shapes import GOODS, LIKELY, goods_named, joined_kinds
from bot.understanding.stock_words import CLOSING, OPENING, UNITS
from bot.understanding.terms_slots import FROM, OFF
from bot.understanding.typed_numbers import PRICE as MONEY
from bot.understanding.typed_numbers import Token, tokens_of

_LEAST_BARE, _LEAST, _MOST_UNITS, _MOST_LINES, _MOST_TOKENS = 25, 5, 99_999, 40, 24

_UNIT: Final = "(?:" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")"
_THE: Final = r"(?:(?:le|la|les|l|du|de|d|des|mon|ma|mes|pour|sur|the|of|on|for|:) )*"
_IS: Final = r"(?:(?:[:=,-]|c est|c|est|a|fait|passe a|is|it s|at|prix|price) )*"
_EACH: Final = (
    rf"(?:(?:f|fcfa|cfa|francs) )?(?:(?:le|la|l|par|/|per|U|the) (?:{_UNIT}|une?|one) |(?:chacune?|each|{_UNIT}) )?"
)
_SO_MANY: Final = rf"(?:{_UNIT} )?(?:(?:et plus|ou plus|and more|or more|and up|minimum|mini|min|\+) )?"
_FROM: Final = r"(?:(?:a |des |et )?partir de |des (?:que |l achat de )?|from |starting from |starting at )"
_TAG: Final = (
    r"(?:(?:le |les |mon |mes |nouveaux? |the |new )?(?:prix|tarifs?|prices?)(?: de vente)? (?!de gros|en gros))?"
)


def _so_many(name: str) -> str:
    """`à partir de 10`, `10 et plus`: the units from which a price counts."""
    behind = rf"(?P<{name}>N ){_SO_MANY}"
    plainly = rf"(?P<{name}_more>N )(?:{_UNIT} )?(?:et plus|ou plus|and more|or more|and up) "
    return rf"(?:{_FROM}{behind}(?:on )?|(?:pour )?{plainly})"


def _amount(name: str) -> str:
    return rf"(?P<{name}>[PN] ){_EACH}"


_OPENS: Final = re.compile(rf"{_TAG}{_THE}(?:{GOODS}{_IS})?(?:{_amount('price')}(?:(?:et|puis|mais|and) )*)?")
_STEP: Final = re.compile(
    rf"{_IS}(?:{_amount('before')}{_so_many('units')}|{_so_many('first')}{_IS}{_amount('after')})"
    r"(?:(?:et|puis|mais|and|then) )*"
)
_STEP_FIRST: Final = re.compile(rf"{_so_many('units')}{_IS}{_amount('price')}{_THE}{GOODS}")
_STEP_AROUND: Final = re.compile(rf"{_so_many('units')}{_THE}{GOODS}{_IS}{_amount('price')}")
_MANY: Final = r"(?:(?:prix|tarif) (?:de |en |du )?gros|en gros|gros|wholesale(?: price)?|bulk(?: price)?)"
_SINGLE: Final = r"(?:(?:prix |tarif )?(?:au |en |de |du )?detail|retail(?: price)?|a l unite|l unite)"
_BOTH: Final = tuple(
    re.compile(way)
    for way in (
        rf"{_TAG}{_MANY} {_THE}{GOODS}{_IS}{_amount('many')}(?:(?:et|and|,) )?{_SINGLE} {_IS}{_amount('one')}",
        rf"{_TAG}{_SINGLE} {_THE}{GOODS}{_IS}{_amount('one')}(?:(?:et|and|,) )?{_MANY} {_IS}{_amount('many')}",
        rf"{_TAG}{_THE}{GOODS}{_IS}{_MANY} {_IS}{_amount('many')}(?:(?:et|and|,) )?{_SINGLE} {_IS}{_amount('one')}",
        rf"{_TAG}{_THE}{GOODS}{_IS}{_SINGLE} {_IS}{_amount('one')}(?:(?:et|and|,) )?{_MANY} {_IS}{_amount('many')}",
        rf"{_TAG}{_THE}{GOODS}{_IS}{_amount('one')}(?:{_SINGLE} )?(?:(?:et|and|,) )?{_MANY} {_IS}{_amount('many')}",
    )
)
_SURELY_MANY: Final = r"(?:(?:le )?(?:prix|tarif) (?:de |en )gros|en gros|wholesale(?: price)?)"
_WHOLESALE: Final = tuple(
    re.compile(way)
    for way in (
        rf"{_TAG}{_SURELY_MANY} {_THE}{GOODS}{_IS}{_amount('many')}(?:{_so_many('units')})?",
        rf"{_TAG}{_THE}{GOODS}{_IS}{_SURELY_MANY} {_IS}{_amount('many')}(?:{_so_many('units')})?",
    )
)
_STEPS_OF: Final = (
    rf"(?:(?:prix|tarifs?|prices?) (?:(?:de |en )gros |par quantite |degressifs? |{_FROM}(?P<units>N ){_SO_MANY})"
    r"|(?:wholesale|bulk) prices? |paliers?(?: de prix)? |remises? (?:par|de) quantite )"
)
_TAKE: Final = (
    r"(?:(?:plus de|plus|sans|pas de|enleve[rz]?|supprime[rz]?|retire[rz]?|annule[rz]?|efface[rz]?|arrete[rz]?|fin"
    r"|no more|no|without|remove|delete) )"
)
_TAKEN_AWAY: Final = tuple(
    re.compile(way)
    for way in (
        rf"{_TAKE}(?:(?:le|les|la|l|du|des|de|the) )*{_STEPS_OF}(?:{_THE}{GOODS})?",
        rf"{_THE}{GOODS}{_IS}{_TAKE}(?:(?:le|les|la|l|du|des|de|the) )*{_STEPS_OF}",
    )
)
_DATES: Final = frozenset("h heure heures demain lundi mardi mercredi jeudi vendredi samedi dimanche".split())


def read_steps(text: str) -> tuple[Heard, ...]:
    """A message of which at least one line tells a price for many, and all others are stock lines; () for any other.

    `set_price` with a product (none: the one spoken of last), `price` and FROM, or FROM and OFF. Always asked about.
    """
    if not _TELLS.search(fold(text)):
        return ()
    whole = _of_line(text) if "\n" not in text else ()
    if whole:
        return whole
    lines = [line for line in _LINES.split(text) if line.strip(" .!")]
    if not 1 < len(lines) <= _MOST_LINES:
        return ()
    told = [(_of_line(line), line) for line in lines]
    if not any(steps for steps, _ in told):
        return ()
    found: list[Heard] = []
    for steps, line in told:
        read = steps or tuple(_asked(one.heard) for one in read_stock_lines(line))
        if not read or any("product" not in one.slots for one in read):
            return ()
        found += read
    return tuple(found)


_TELLS: Final = re.compile(
    r"\b(?:partir|des|gros|plus|mini(?:mum)?|min|from|more|up|starting|wholesale|bulk|quantites?|degressifs?|paliers?)\b"
)
_LINES: Final = re.compile(r"\n|;|,(?!\d)")


def _asked(heard: Heard) -> Heard:
    return Heard(heard.intent, heard.slots, min(heard.confidence, LIKELY))


def _of_line(line: str) -> tuple[Heard, ...]:
    told = _bare([one for one in tokens_of(line) if one.kind not in ("(", ")")])
    if len(told) > _MOST_TOKENS or not _DATES.isdisjoint(one.kind for one in told):
        return ()
    joined = joined_kinds(told)
    readers = (_taken_away, _of_both, _wholesale, _first, _chained)
    return next((heard for read in readers if (heard := read(line, told, joined))), ())


def _bare(told: Sequence[Token]) -> list[Token]:
    """Without a greeting before, and politeness behind."""
    rest = list(told)
    while rest and rest[0].kind in OPENING and rest[0].kind not in ("plus", "a", "c"):
        rest.pop(0)
    while rest and rest[-1].kind in _CLOSING:
        rest.pop()
    return rest


_CLOSING: Final = frozenset({one for one in CLOSING if " " not in one} - {"plus", "unite"})


def _taken_away(line: str, told: Sequence[Token], joined: str) -> tuple[Heard, ...]:
    for way in _TAKEN_AWAY:
        found = way.fullmatch(joined)
        named = _named(line, told, joined, found) if found else None
        if found and named is not None:
            units = _figure(told, joined, found, "units")
            return (Heard("set_price", {**named, FROM: units.value if units else 0, OFF: True}, LIKELY),)
    return ()


def _of_both(line: str, told: Sequence[Token], joined: str) -> tuple[Heard, ...]:
    """`prix gros savon 250 détail 300`: from how many units on, is asked."""
    for way in _BOTH:
        found = way.fullmatch(joined)
        named = _named(line, told, joined, found) if found else None
        many, one = (_figure(told, joined, found, name) if found else None for name in ("many", "one"))
        if named and many and one and _is_price(many) and _is_price(one):
            return (_priced({**named}, one), _step(named, many, 0))
    return ()


def _wholesale(line: str, told: Sequence[Token], joined: str) -> tuple[Heard, ...]:
    for way in _WHOLESALE:
        found = way.fullmatch(joined)
        named = _named(line, told, joined, found) if found else None
        many = _figure(told, joined, found, "many") if found else None
        if found and named and many and _is_price(many):
            units = _units(told, joined, found, "units")
            return (_step(named, many, units),)
    return ()


def _first(line: str, told: Sequence[Token], joined: str) -> tuple[Heard, ...]:
    """`à partir de 10, 900 le savon`, `à partir de 10 savons c'est 900`."""
    for way in (_STEP_FIRST, _STEP_AROUND):
        found = way.fullmatch(joined)
        named = _named(line, told, joined, found) if found else None
        price = _figure(told, joined, found, "price") if found else None
        units = _units(told, joined, found, "units") if found else 0
        if named and price and _is_price(price) and _are_many(units):
            return (_step(named, price, units),)
    return ()


def _chained(line: str, told: Sequence[Token], joined: str) -> tuple[Heard, ...]:
    """`savon 250, 200 à partir de 10 et 180 dès 50`: its price where it comes first, then those for many."""
    for opened in _openings(joined):
        named = _named(line, told, joined, opened)
        steps = _steps(told, joined, opened.end()) if named is not None else []
        price = _figure(told, joined, opened, "price")
        if named is None or not steps or (price and not (named and _is_above(price, steps))):
            continue
        base = (_priced(named, price),) if price else ()
        return (*base, *(_step(named, amount, units) for amount, units in steps))
    return ()


def _openings(joined: str) -> Iterator[re.Match[str]]:
    """What may come before the first price for many, the shortest first: nothing, goods, goods with a price."""
    for place in (0, *(blank.end() for blank in re.finditer(" ", joined))):
        found = _OPENS.fullmatch(joined, 0, place)
        if found:
            yield found


def _steps(told: Sequence[Token], joined: str, place: int) -> list[tuple[Token, int]]:
    """The prices for many from a place on, each with its units; [] where anything else stands there."""
    found: list[tuple[Token, int]] = []
    while place < len(joined):
        step = _STEP.match(joined, place)
        if not step:
            return []
        amount = _figure(told, joined, step, "before") or _figure(told, joined, step, "after")
        units = _units(told, joined, step, "units") or _units(told, joined, step, "first")
        if amount is None or not _is_price(amount) or not _are_many(units):
            return []
        found.append((amount, units))
        place = step.end()
    return found


def _is_above(price: Token, steps: Sequence[tuple[Token, int]]) -> bool:
    """Whether a figure before prices for many is the price of one: `riz 20, à partir de 5 17500` tells a count."""
    return _is_price(price) and all(price.value > amount.value for amount, _ in steps)


def _is_price(one: Token) -> bool:
    return one.value >= (_LEAST if one.kind == MONEY else _LEAST_BARE)


def _are_many(units: int) -> bool:
    return 1 < units <= _MOST_UNITS


def _figure(told: Sequence[Token], joined: str, found: re.Match[str], name: str) -> Token | None:
    if name not in found.re.groupindex or found[name] is None:
        return None
    return told[joined.count(" ", 0, found.start(name))]


def _units(told: Sequence[Token], joined: str, found: re.Match[str], name: str) -> int:
    one = _figure(told, joined, found, name) or _figure(told, joined, found, f"{name}_more")
    return one.value if one else 0


def _named(line: str, told: Sequence[Token], joined: str, found: re.Match[str]) -> dict[str, Any] | None:
    """The goods as a slot; {} where none are named, None where the words are no goods."""
    if "goods" not in found.re.groupindex or found["goods"] is None:
        return {}
    first, end = (joined.count(" ", 0, place) for place in found.span("goods"))
    goods = goods_named(line, told[first:end])
    return {"product": goods} if goods else None


def _priced(named: dict[str, Any], price: Token) -> Heard:
    return Heard("set_price", {**named, "price": price.value}, LIKELY)


def _step(named: dict[str, Any], price: Token, units: int) -> Heard:
    return Heard("set_price", {**named, "price": price.value, FROM: units}, LIKELY)
