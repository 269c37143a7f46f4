"""The shapes of a stock line: goods with a count, a price, both, sizes, or alone, and what each says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from base.places import names_place
from base.spelling import fold
from bot.messages import Heard
from bot.understanding.stock_words import (
    ADD,
    BACK,
    KINDS_OF_BAG,
    NEW,
    NO_GOODS,
    NO_PROMO,
    OUT,
    PRICE,
    REMOVE,
    SET,
    UNITS,
)
from bot.understanding.typed_numbers import COUNT, GROUPED, ONE, TIMES, Token
from bot.understanding.typed_numbers import PRICE as MONEY

SURE, LIKELY, DOUBTED = 0.95, 0.85, 0.75
_MOST_GOODS = 7  # words
_LEAST_PRICE, _SURELY_PRICE, _COIN, _SMALLEST_COIN = 100, 500, 25, 5
_MOST_COUNTED: Final = 1000
_COUNTED_ONLY: Final = frozenset({ADD, REMOVE})

_DET: Final = r"(?:(?:de|d|du|des|l|la|le|les|mes|mon|ma|ce|ces|of|the|some|U(?! \$)) )*"
_UNIT: Final = "(?:" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")"
_OF_A_KIND: Final = "(?:a|en) (?![NPX] )|de (?:" + "|".join(sorted(KINDS_OF_BAG)) + ") "
_COUNTED: Final = rf"(?P<count>[NXU] )(?P<unit>{_UNIT} (?!{_OF_A_KIND}))?"
GOODS: Final = r"(?P<goods>(?:(?:[a-z][a-z0-9]*|[0-9]+|M|K) )+?)"
"""What may name goods, in the kinds of tokens that `joined_kinds` gives."""
_IS: Final = (
    r"(?:(?:[:=@]|c est|est|sont|passe|passent|vaut|coute|coutent|monte|is|are|now|to|a|at|maintenant|il y en a"
    r"|fait) )*"
)
_STOCK_OF: Final = r"(?:(?:au|sur|dans|a|aux|to|from|en|pour) )?(?:(?:le|mon|les) )?(?:stock (?:de |du |des |d )?)?"
_EACH: Final = (
    r"(?:(?:chacun|chacune|each|piece|pieces|unite|net|kg|f|l unite|l une|la piece|le kg|le tout) "
    rf"|(?:le|la|l|par|/|per|U) (?:[a-z]+|{_UNIT}) )?"
)
_AMOUNT: Final = rf"(?P<price>[PN] )(?:(?:f|fcfa|cfa|francs) )?{_EACH}"
_GOES_ON: Final = re.compile(
    rf"(?:[NX] {_UNIT} |\( [NX] (?:{_UNIT} )?\) |[PN] {_EACH}|x? ?[NX] )"
    r"(?:(?:disponibles?|en stock|in stock|au total) )?"
)
_SHAPES: Final = tuple(
    (name, re.compile(shape))
    for name, shape in (
        ("sizes", rf"{_DET}{GOODS}(?::? ?(?:[NO] [:=] ?[NX] )+)"),
        ("sizes", rf"{_DET}{GOODS}(?:N N ){{2,}}"),
        ("priced", rf"(?P<price>[PN] )(?:(?:f|fcfa|cfa|francs) )?(?:(?:le|la|les|l|pour|for|the|U) )+{GOODS}"),
        ("counted", rf"{_DET}{_COUNTED}(?:(?:de|d|du|des|of) )?{_STOCK_OF}{_DET}{GOODS}"),
        ("counted", rf"{_DET}{GOODS}{_IS}{_COUNTED}"),
        ("counted", rf"{_DET}{GOODS}\( {_COUNTED}\) "),
        ("counted", rf"{_DET}{GOODS}{_IS}{_COUNTED}(?:de )?(?P<size>[MK] )"),
        ("packed", rf"{_DET}{GOODS}{_IS}{_COUNTED}de N "),
        ("signed", rf"{_DET}{GOODS}(?P<sign>[+-]|plus|moins) {_COUNTED}"),
        ("measured", rf"{_DET}(?P<measure>K )(?:(?:de|d|of) )?{_STOCK_OF}{_DET}{GOODS}"),
        ("measured", rf"{_DET}{GOODS}{_IS}(?P<measure>K )"),
        (
            "both",
            rf"{_DET}{GOODS}{_IS}{_COUNTED}(?:(?:de )?(?P<size>[MK] ))?"
            rf"(?:(?:a|at|@|:|=|/|-|prix|x|pour|\() )*{_AMOUNT}(?:\) )?",
        ),
        ("both", rf"{_DET}{_COUNTED}(?:(?:de|d|du|des|of) )?{_DET}{GOODS}(?:(?:a|at|@|:|=|prix) )+{_AMOUNT}"),
        ("both", rf"{_DET}(?P<measure>K )(?:(?:de|d|of) )?{_DET}{GOODS}(?:(?:a|at|@|:|=|prix) )+{_AMOUNT}"),
        (
            "listed",
            rf"{_DET}{GOODS}{_IS}(?:- )?{_AMOUNT}(?:[(:-] )?{_COUNTED}(?:\) )?"
            rf"(?:(?:disponibles?|en stock|in stock) )?",
        ),
        ("priced", rf"{_DET}{GOODS}(?P<colon>[:=-] )?{_IS}{_AMOUNT}"),
        (
            "repriced",
            rf"{_DET}{GOODS}(?:(?:passe|passent|augmente|baisse|monte|from|:) )*(?:de )?[PN] (?:a|to) {_AMOUNT}",
        ),
        (
            "repriced",
            rf"{_DET}{GOODS}{_IS}{_AMOUNT}"
            r"(?:au lieu de|et non|et pas|pas|instead of|avant c etait|avant) [PN] (?:f )?",
        ),
        ("bare", rf"{_DET}{GOODS}"),
    )
)


def _tokens(rest: Sequence[Token], joined: str, found: re.Match[str], group: str) -> Sequence[Token]:
    if group not in found.re.groupindex or found[group] is None:
        return ()
    start, end = found.span(group)
    return rest[joined.count(" ", 0, start) : joined.count(" ", 0, end)]


def shaped(typed: str, rest: Sequence[Token], kind: str, *, is_own: bool) -> tuple[Heard, ...]:
    """What the tokens of a line say under what opened or closed it (`is_own`) or the line before; () for no shape."""
    joined = joined_kinds(rest)
    for shape, pattern in _SHAPES:
        found = pattern.fullmatch(joined)
        goods = goods_named(typed, _tokens(rest, joined, found, "goods")) if found else None
        if found and goods is not None:
            parts = _meant(_Found(typed, rest, joined, found, goods), shape, kind, is_own=is_own)
            if parts:
                return parts
    return ()


def joined_kinds(told: Sequence[Token]) -> str:
    """The kinds of tokens, each followed by a blank: what shapes match."""
    return "".join(f"{one.kind} " for one in told)


def goes_on(told: Sequence[Token]) -> bool:
    """Whether a part has no goods of its own: `10 pieces`, `9500 la paire` go on with the part before."""
    return bool(_GOES_ON.fullmatch(joined_kinds(told)))


def unit_of(typed: str) -> str:
    """A unit as typed, in the singular."""
    plain = typed.strip()
    folded = fold(plain)
    if folded in _SAME or len(folded) < 4:
        return plain
    if folded.endswith("xes"):
        return plain[:-2]
    return plain[:-1] if folded.endswith(("s", "eaux")) else plain


_SAME: Final = frozenset({"tas", "pcs", "kgs", "pces"})


def goods_named(typed: str, told: Sequence[Token]) -> str | None:
    """The words of goods as typed; None where they are none."""
    words = [one.kind for one in told if not one.is_figure]
    if not 0 < len(told) <= _MOST_GOODS or not NO_GOODS.isdisjoint(words):
        return None
    if not any(len(word) > 1 and word.isalpha() and word not in _SMALL for word in words):
        return None
    if all(word in _SMALL or word in _WAYS_TO_SELL for word in words):
        return None
    if all(word in UNITS or word in _SMALL for word in words) and "panier" not in words:
        return None
    is_place = names_place(words) and not _ALSO_FRUIT.issuperset(words)
    if told[0].kind in _SMALL - {"a"} or told[-1].kind in _SMALL or is_place:
        return None
    if len(told) > 2 and words[0] in UNITS and words[1] in ("de", "d") and words[2] not in KINDS_OF_BAG:
        return goods_named(typed, told[2:])
    return _unelided(" ".join(typed[told[0].start : told[-1].end].split()), words[0])


def _unelided(goods: str, first: str) -> str:
    """Goods without the `d` that was typed as one with them: `doeuf`, `d'huile`."""
    plain = fold(goods).replace(" ", "")
    is_glued = plain[:1] in ("d", "l") and not plain.startswith(first[:3]) and plain[1:].startswith(first[:3])
    return goods[1:].lstrip("'’ ") if is_glued else goods


_ALSO_FRUIT: Final = frozenset({"mango"})  # a town, and what English calls a mangue
_WAYS_TO_SELL: Final = frozenset("gros detail".split())
_SMALL: Final = frozenset("de d du des l la le les a au aux en un une of the to".split())


@dataclass(frozen=True, slots=True)
class _Found:
    """A shape found in a line, and its goods."""

    typed: str
    rest: Sequence[Token]
    joined: str
    match: re.Match[str]
    goods: str

    def token(self, group: str) -> Token | None:
        """The figure or word of a group."""
        told = _tokens(self.rest, self.joined, self.match, group)
        return told[0] if told else None

    def words(self, group: str) -> str:
        """A group's words as typed."""
        told = _tokens(self.rest, self.joined, self.match, group)
        return self.typed[told[0].start : told[-1].end] if told else ""


def _meant(found: _Found, shape: str, kind: str, *, is_own: bool) -> tuple[Heard, ...]:
    """What a shape says under what opened or closed its line."""
    if shape == "bare":
        return _of_bare(found, kind)
    if shape == "sizes":
        return _of_sizes(found, kind)
    if shape in ("priced", "repriced"):
        return _of_price(found, kind, shape)
    if shape in ("counted", "signed", "measured", "packed"):
        return _of_count(found, kind, shape, is_own=is_own)
    return _of_both(found, kind, shape)


def _of_bare(found: _Found, kind: str) -> tuple[Heard, ...]:
    slots = {"product": found.goods}
    if kind in (OUT, BACK, NO_PROMO):
        return (Heard(kind, slots, SURE),)
    if kind == NEW:
        return (Heard(kind, slots, LIKELY),)
    is_one = kind == REMOVE and re.match(r"(?:le |la |l |U )", found.match[0]) and not found.goods.endswith("s")
    return (Heard(kind, {**slots, "quantity": 1}, LIKELY),) if is_one else ()


def _of_sizes(found: _Found, kind: str) -> tuple[Heard, ...]:
    """`baskets 40:2 41:3`: one part a size."""
    intent = kind if kind in (ADD, REMOVE) else SET
    figures = [one.value for one in found.rest if one.kind in (COUNT, TIMES)]
    if len(figures) % 2 or any(size > 60 for size in figures[::2]) or any(count >= 100 for count in figures[1::2]):
        return ()
    is_told = ":" in found.joined or "=" in found.joined
    if not is_told and (figures[0] < _SMALLEST_SIZE or figures[::2] != sorted(set(figures[::2]))):
        return ()
    pairs = zip(figures[::2], figures[1::2], strict=True)
    return tuple(
        Heard(intent, {"product": found.goods, "size": str(size), "quantity": count}, SURE if is_told else LIKELY)
        for size, count in pairs
    )


_SMALLEST_SIZE: Final = 20


def _of_price(found: _Found, kind: str, shape: str) -> tuple[Heard, ...]:
    price = found.token("price")
    if price is None or (kind in (OUT, BACK, ADD, REMOVE, NO_PROMO) and price.kind != MONEY):
        return _new(found, price, kind)
    is_money = price.kind == MONEY or kind == PRICE
    is_round = price.value >= _LEAST_PRICE and price.value % _COIN == 0
    if not (is_money or is_round) or price.value < _SMALLEST_COIN:
        return ()
    if kind in (NEW, ADD):
        return (Heard(NEW, {"product": found.goods, "price": price.value}, LIKELY),)
    if kind in (OUT, BACK, REMOVE):
        return ()
    said = bool(found.token("colon")) or re.search(r" (?:a|est|passe|coute|le|la) ", found.joined) is not None
    sure = (
        SURE
        if is_money or (found.token("colon") and is_round)
        else LIKELY
        if said or price.value >= _SURELY_PRICE
        else DOUBTED
    )
    if kind == SET and not is_money:
        sure = min(sure, DOUBTED)
    return (Heard(PRICE, {"product": found.goods, "price": price.value}, _capped(sure, price, shape)),)


def _new(found: _Found, price: Token | None, kind: str) -> tuple[Heard, ...]:
    """`ajoute collier en perles 3500`: so much is a price, of new goods."""
    is_price = price is not None and price.value >= _SURELY_PRICE and price.value % _COIN == 0
    if kind != ADD or not is_price or price is None:
        return ()
    return (Heard(NEW, {"product": found.goods, "price": price.value}, DOUBTED),)


def _capped(sure: float, figure: Token, shape: str = "") -> float:
    """A figure in two groups, or no whole coin, is never sure."""
    is_odd = figure.unit == GROUPED or (figure.kind != COUNT and figure.value % 5) or shape == "repriced"
    return min(sure, LIKELY) if is_odd else sure


def _of_count(found: _Found, kind: str, shape: str, *, is_own: bool) -> tuple[Heard, ...]:
    if shape == "signed" and _is_dash(found):
        return _dashed(found, kind)
    if shape == "signed":
        kind = ADD if found.match["sign"] in ("+", "plus") else REMOVE
        is_own = True
    if kind in (PRICE, OUT, BACK, NO_PROMO):
        return ()
    count = found.token("count") or found.token("measure")
    if count is None or (count.kind == ONE and kind not in _COUNTED_ONLY):
        return ()
    unit = found.words("measure")[len(str(count.value)) :].strip() if shape == "measured" else found.words("unit")
    is_first = found.match.start("goods") > found.match.start("measure" if shape == "measured" else "count")
    if not unit and not is_first and _is_price_like(count) and not (found.token("colon") or shape == "signed"):
        return _price_or_count(found, kind, count)
    if not unit and is_first and kind in ("", SET) and count.value >= _SURELY_PRICE and count.value % _COIN == 0:
        return (Heard(PRICE, {"product": found.goods, "price": count.value}, DOUBTED),)
    intent = kind if kind in (ADD, REMOVE, SET) else NEW if kind == NEW else SET
    if intent == NEW:
        return (Heard(NEW, {"product": found.goods, "quantity": count.value}, DOUBTED),)
    is_alone = not (unit or found.joined.endswith("X ") or re.search(r" [:=] ", found.joined))
    sure = SURE if is_own or kind or not (is_first or is_alone or shape == "measured") else LIKELY
    if count.value >= _MOST_COUNTED or count.unit == GROUPED or shape == "packed":
        sure = DOUBTED
    goods = found.goods + (f" {found.words('size').strip()}" if found.match.groupdict().get("size") else "")
    slots: dict[str, Any] = {"product": goods, "quantity": count.value}
    unit = unit or _unit_before(found)
    if unit:
        slots["unit"] = unit_of(unit)
    return (Heard(intent, slots, sure),)


def _is_dash(found: _Found) -> bool:
    """Whether a minus has blanks on both sides: it may be a dash then, `riz - 17500`."""
    at = found.joined.count(" ", 0, found.match.start("sign"))
    sign, figure = found.rest[at], found.rest[at + 1]
    return sign.kind == "-" and sign.end < figure.start and found.typed[sign.start - 1 : sign.start].isspace()


def _dashed(found: _Found, kind: str) -> tuple[Heard, ...]:
    """`savon - 3` takes away, though not for sure; `riz - 17500` is a price."""
    count = found.token("count")
    if count is None:
        return ()
    if count.value >= _SURELY_PRICE and count.value % _COIN == 0 and not found.words("unit"):
        return (Heard(PRICE, {"product": found.goods, "price": count.value}, LIKELY),)
    return (Heard(REMOVE, {"product": found.goods, "quantity": count.value}, LIKELY),)


def _unit_before(found: _Found) -> str:
    """`plateaux d'oeufs 13`: the unit that the goods stand in; '' for none."""
    told = _tokens(found.rest, found.joined, found.match, "goods")
    is_unit = len(told) > 2 and told[0].kind in UNITS and told[1].kind in ("de", "d")
    is_kind = is_unit and told[2].kind in KINDS_OF_BAG
    return found.typed[told[0].start : told[0].end] if is_unit and not is_kind else ""


def _is_price_like(count: Token) -> bool:
    return (
        count.kind == COUNT
        and count.value >= _LEAST_PRICE
        and (count.value % _COIN == 0 or count.value >= _MOST_COUNTED)
    )


def _price_or_count(found: _Found, kind: str, count: Token) -> tuple[Heard, ...]:
    """`savon 250` may be either, so neither is sure; behind a colon it is the price."""
    if re.search(r" a N $", found.joined) and count.value % _COIN == 0:
        return (Heard(PRICE, {"product": found.goods, "price": count.value}, DOUBTED),) if kind == SET else ()
    if kind == SET or (
        not kind and count.value < _SURELY_PRICE and ":" not in found.joined and "=" not in found.joined
    ):
        return (Heard(SET, {"product": found.goods, "quantity": count.value}, DOUBTED),)
    if kind in (ADD, REMOVE) and count.value < _SURELY_PRICE:
        return (Heard(kind, {"product": found.goods, "quantity": count.value}, DOUBTED),)
    return ()


def _of_both(found: _Found, kind: str, shape: str) -> tuple[Heard, ...]:
    """A count and a price: first counted it is of known goods, first priced of new ones."""
    count, price = found.token("count") or found.token("measure"), found.token("price")
    if count is None or price is None or count.kind == ONE or kind in (OUT, BACK, NO_PROMO):
        return ()
    is_price = price.kind == MONEY or (price.value >= _LEAST_PRICE and price.value % 5 == 0)
    if not is_price or count.value >= _MOST_COUNTED or (price.kind != MONEY and price.value <= count.value):
        return ()
    slots: dict[str, Any] = {"product": found.goods, "quantity": count.value}
    sure = _both_sure(found, count, price)
    if shape == "listed":
        is_shown = bool(
            found.match["unit"] or "(" in found.joined or count.kind == TIMES or "disponible" in found.joined
        )
        if kind in (ADD, REMOVE) or not (is_shown or kind == NEW):
            return ()
        return (Heard(NEW, {"product": found.goods, "price": price.value, "quantity": count.value}, sure),)
    if kind == NEW:
        return (Heard(NEW, {"product": found.goods, "price": price.value, "quantity": count.value}, sure),)
    if kind == PRICE:
        return ()
    size = found.match.groupdict().get("size")
    goods = found.goods + (f" {found.words('size').strip()}" if size else "")
    slots["product"] = goods
    if found.match.groupdict().get("unit") and kind not in (ADD, REMOVE):
        slots["unit"] = unit_of(found.words("unit"))
    if kind == REMOVE:
        return (Heard(REMOVE, slots, LIKELY),)
    intent = ADD if kind == ADD else SET
    most = DOUBTED if kind == ADD else SURE
    return (
        Heard(intent, slots, min(sure, most)),
        Heard(PRICE, {"product": goods, "price": price.value}, min(sure, most)),
    )


def _both_sure(found: _Found, count: Token, price: Token) -> float:
    """Sure where the count cannot be taken for a size, nor the price for a count."""
    is_told = count.kind == TIMES or bool(found.match.groupdict().get("unit")) or "(" in found.joined
    sure = SURE if is_told and price.value >= _LEAST_PRICE else LIKELY
    return min(sure, DOUBTED) if GROUPED in (count.unit, price.unit) else sure
