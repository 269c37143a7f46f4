"""A vendor's whole message: stock lines before phrases, several commands in one, figures that must hold."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from base.places import is_place, names_place
from base.when import read_when
from bot.messages import Heard
from bot.understanding.message import read_message
from bot.understanding.slots import only_order
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.stock_shapes import LIKELY, SURE
from bot.understanding.traits import is_code
from bot.understanding.typed_numbers import COUNT, GROUPED, Token, loose_digits, tokens_of
from bot.understanding.typed_numbers import PRICE as MONEY
from bot.understanding.vendor_asking import said_plainly
from bot.understanding.vendor_filling import filled_for_vendor, marked_goods, until

ONE_READING = Callable[[str], tuple[Heard, ...]]
WRITES: Final = frozenset(
    "set_stock add_stock remove_stock out_of_stock back_in_stock set_price add_product delete_product hide promo"
    " end_promo set_zone".split()
)
ORDERS: Final = frozenset("accept_order refuse_order ready handed_over delivered".split())
_ACTS: Final = (WRITES | ORDERS) - {"end_promo"}
_CAPPED: Final = 0.8
_LEAST_OF_PART: Final = 0.5
_LEAST_OF_SEVERAL: Final = 0.1
_TWO: Final = 2
_MOST_PARTS: Final = 8
_MOST_WORDS: Final = 80
_PARTED: Final = re.compile(
    r"\n|[;,](?!\d)|\s+(?:et|mais|puis|and|but|\+)\s+(?:aussi\s+)?|(?<=[\w)])[.!]\s+(?=\w)", re.IGNORECASE
)
_CODE_ALONE: Final = re.compile(r"(?:tg[- ]?)?(?=[a-z]*\d)[0-9a-z]{3,5}(?:\s+(?:aussi|too|pareil))?", re.IGNORECASE)
_ZONE: Final = re.compile(
    r"(?:(?:frais|tarifs?|prix) (?:de )?(?:la )?(?:livraisons?|zones?)|livraisons?|zones?|je livre|nous livrons"
    r"|on livre|delivery) (?:(?:a|aussi|de|pour|to|:) )*"
)
_SELLS_AT: Final = re.compile(r"(?:je|nous|on) (?:vends?|vendons|livre|livrons) (?:(?:aussi|maintenant|a|au|dans) )+")
_MOST_PLACE_WORDS: Final = 4


def with_stock(
    text: str, phrased: tuple[Heard, ...], hear_one: ONE_READING, likely: "Likely", chance: float
) -> tuple[Heard, ...]:
    """What a message says by its stock lines, its several commands, or the phrase that was heard, surest first.

    `hear_one` reads one command by phrases and guesses; `likely` tells whether a guess allows an intent, `chance`
    how likely a message with several commands is by it.
    """
    sure = phrased[0].confidence if phrased else 0.0
    if sure == 1.0:
        return phrased
    plain = said_plainly(text)
    if plain is not None:
        return plain
    phrased = tuple(_asked(agreed(text, one)) if one.intent in WRITES else one for one in phrased)
    lines = _zones_agreed(text) or _borne_out(text, likely)
    if lines and lines[0].intent != "undo" and not all(likely(one.intent, one.confidence) for one in lines):
        lines = ()
    if len(lines) == 1 and not likely(lines[0].intent, 0.0, strict=True):
        lines = (_asked(lines[0]),)
    if lines and (min(one.confidence for one in lines) >= LIKELY or sure < SURE):
        return held(text, lines)
    codes = codes_of(text)
    if sure >= LIKELY and len(codes) < _TWO and not _names_two_orders(text):
        return held(text, phrased)
    parts = several(text, hear_one) if chance >= _LEAST_OF_SEVERAL or len(codes) >= _TWO else ()
    return parts or _of_each(text, codes, hear_one) or held(text, phrased)


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of orders that a message names, in capitals, each once and in order."""
    said = read_message(text, _MOST_WORDS)
    return tuple(dict.fromkeys(word.upper() for word in said.normal if is_code(word))) if said else ()


def _of_each(text: str, codes: Sequence[str], hear_one: ONE_READING) -> tuple[Heard, ...]:
    """`les deux 7HQ2K, 6PL4V sont prêts`: what is said of all the orders that are named."""
    heard = hear_one(text) if len(codes) >= _TWO else ()
    if len(heard) != 1 or heard[0].intent not in ORDERS:
        return ()
    others = {name: value for name, value in heard[0].slots.items() if name != "order"}
    most = min(heard[0].confidence, LIKELY)
    return tuple(replace(heard[0], slots={"order": code, **others}, confidence=most) for code in codes)


class Likely(Protocol):
    """Tells whether a guess allows an intent that is read with a confidence; strictly: finds it likely itself."""

    def __call__(self, intent: str, confidence: float, *, strict: bool = False, part: str = "") -> bool:
        """True where no other intent is much likelier, of the message or a `part` of it."""


def _asked(heard: Heard) -> Heard:
    """A reading that another way to read does not bear out: less than sure."""
    return replace(heard, confidence=min(heard.confidence, LIKELY))


def _zones_agreed(text: str) -> tuple[Heard, ...]:
    """Where is sold, less sure where the words of a single place are marked as another."""
    zones = read_zones(text)
    said = read_message(text, _MOST_WORDS) if len(zones) == 1 else None
    is_other = said is not None and filled_for_vendor("set_zone", said) != zones[0].slots
    return (_asked(zones[0]),) if is_other else zones


def _borne_out(text: str, likely: Likely) -> tuple[Heard, ...]:
    """The stock lines, each less sure where neither its own words nor the whole message are likely to say so."""
    read = [(one.typed, agreed(one.typed, one.heard)) for one in read_stock_lines(text)]
    return tuple(
        heard
        if likely(heard.intent, 0.0, strict=True, part=typed) or likely(heard.intent, 0.0, strict=True)
        else _asked(heard)
        for typed, heard in read
    )


def stock_lines(text: str) -> tuple[Heard, ...]:
    """The stock lines of a message, each less sure where its words are marked as other goods."""
    return tuple(agreed(one.typed, one.heard) for one in read_stock_lines(text))


def agreed(typed: str, heard: Heard) -> Heard:
    """A reading whose goods are those that its words are marked as; of goods with words too many the marked ones."""
    product = heard.slots.get("product")
    said = read_message(typed, _MOST_WORDS) if product else None
    if not product or said is None:
        return heard
    marked = marked_goods(heard.intent, said)
    if marked.casefold() == product.casefold():
        told = filled_for_vendor(heard.intent, said)
        names = (*_BOTH_TELL, "unit") if heard.intent == "set_stock" else _BOTH_TELL
        same = all(told.get(name) == heard.slots.get(name) for name in names)
        return heard if same and not _may_hold_talk(product) else _asked(heard)
    slots = {**heard.slots, "product": marked} if marked and _is_within(marked, product) else heard.slots
    return replace(heard, slots=slots, confidence=min(heard.confidence, LIKELY))


def _may_hold_talk(product: str) -> bool:
    """Whether goods have more words than a name and what it is like: one of them may be a unit, or talk."""
    return len(product.replace("'", " ").replace("’", " ").split()) > _MOST_PLAIN_WORDS


_MOST_PLAIN_WORDS: Final = 2
_BOTH_TELL: Final = ("quantity", "price", "percent")


def _is_within(marked: str, product: str) -> bool:
    """Whether goods are some words of others in a row: what else stands there is talk, a place or a purpose."""
    some, whole = marked.casefold().split(), product.casefold().split()
    return any(
        whole[at : at + len(some)] == some
        and not any(letter.isdigit() for word in (*whole[:at], *whole[at + len(some) :]) for letter in word)
        for at in range(len(whole))
    )


def _names_two_orders(text: str) -> bool:
    said = read_message(text, _MOST_WORDS)
    return said is not None and only_order(said) is None and len(_PARTED.split(text)) > 1


def several(text: str, hear_one: ONE_READING) -> tuple[Heard, ...]:
    """The commands of a message that is made of nothing but commands; () for any other."""
    parts = [part.strip() for part in _PARTED.split(text) if part and part.strip(" .!")]
    if not 1 < len(parts) <= _MOST_PARTS:
        return ()
    found: list[Heard] = []
    for part in parts:
        if _CODE_ALONE.fullmatch(part.strip(" .!")) and found and found[-1].intent in ORDERS:
            said = read_message(part, _MOST_WORDS)
            order = only_order(said) if said else None
            found.append(replace(found[-1], slots={"order": order}))
            continue
        heard = stock_lines(part) or hear_one(part)
        if not heard or not all(map(_acts, heard)):
            return ()
        found += heard
    if len(found) < _TWO or _is_mixed(found):
        return ()
    return held(text, tuple(replace(one, confidence=min(one.confidence, LIKELY)) for one in found))


def _is_mixed(found: Sequence[Heard]) -> bool:
    """Whether some parts are about orders and others about goods: then one of them is mostly a reason or talk."""
    return len({one.intent in ORDERS for one in found}) > 1


def _acts(heard: Heard) -> bool:
    """Whether a part is a command that names what it is about."""
    named = "order" if heard.intent in ORDERS else "place" if heard.intent == "set_zone" else "product"
    return heard.intent in _ACTS and named in heard.slots and heard.confidence >= _LEAST_OF_PART


def held(text: str, heard: Sequence[Heard]) -> tuple[Heard, ...]:
    """The readings, less sure where one writes and a figure that was typed stands in none of them."""
    if not any(one.intent in WRITES and one.confidence > _CAPPED for one in heard) or _holds(text, heard):
        return tuple(heard)
    return tuple(replace(one, confidence=min(one.confidence, _CAPPED)) for one in heard)


def _holds(text: str, heard: Sequence[Heard]) -> bool:
    told = [value for one in heard for value in one.slots.values()]
    values = {abs(value) for value in told if isinstance(value, int)}
    words = " ".join(str(value).casefold() for value in told)
    figures = [one for one in tokens_of(without_bullets(text)) if one.is_figure]
    for one in figures:
        typed = text_of(text, one)
        if typed == _NINE_OR_NEW or (one.value not in values and typed not in words):
            return False
    return all(word in words for word in loose_digits(text))


_NINE_OR_NEW: Final = "neuf"


def without_bullets(text: str) -> str:
    """The text with blanks in the place of the numbers that count its lines."""
    return _BULLET.sub(lambda found: " " * len(found[0]), text)


_BULLET: Final = re.compile(r"(?m)^\s*\(?\d{1,2}\s?[.)°](?=\s*[^\W\d])")


def text_of(text: str, token: Token) -> str:
    """What was typed for a token, folded."""
    return " ".join(text[token.start : token.end].casefold().split())


def read_zones(text: str) -> tuple[Heard, ...]:
    """`livraison agoe 1000 be 500`, `je vends aussi à Lomé et Tsévié`: one zone a part."""
    told = [one for one in tokens_of(text) if one.kind not in (":", "-", "=", "(", ")")]
    joined = "".join(f"{one.kind} " for one in told)
    opened = _ZONE.match(joined)
    if opened:
        return _priced_zones(text, told[joined.count(" ", 0, opened.end()) :])
    opened = _SELLS_AT.match(joined)
    return _zones(text, told[joined.count(" ", 0, opened.end()) :]) if opened else ()


def _priced_zones(text: str, rest: Sequence[Token]) -> tuple[Heard, ...]:
    found: list[Heard] = []
    place: list[Token] = []
    for one in rest:
        if one.kind in (COUNT, MONEY):
            named = _place_of(text, place)
            if not named or one.value < 100 or one.unit == GROUPED:
                return ()
            found.append(Heard("set_zone", {"place": named, "price": one.value}, _sure_of(place)))
            place = []
        elif one.is_figure:
            return ()
        elif not (place or one.kind in _BETWEEN) or (place and one.kind not in _ENDS):
            place.append(one)
    return tuple(found) if not place else ()


_BETWEEN: Final = frozenset("et a de pour les le la c est".split())
_ENDS: Final = frozenset("a c est f fcfa cfa francs".split())


def _zones(text: str, rest: Sequence[Token]) -> tuple[Heard, ...]:
    places: list[list[Token]] = [[]]
    for one in rest:
        if one.kind in ("et", "a") or (places[-1] and "," in text[places[-1][-1].end : one.start]):
            places.append([])
        if one.kind not in ("et", "a"):
            places[-1].append(one)
    told = [place for place in places if place]
    if not any(_place_of(text, place) for place in told) or any(len(place) > _MOST_PLACE_WORDS for place in told):
        return ()
    return tuple(Heard("set_zone", {"place": text[place[0].start : place[-1].end]}, _sure_of(place)) for place in told)


def _sure_of(place: Sequence[Token]) -> float:
    """Sure where every word is one of a place: `bè kpota`, not `bè maintenant`."""
    return SURE if all(is_place(one.kind) for one in place) else LIKELY


def _place_of(text: str, place: Sequence[Token]) -> str:
    if not 0 < len(place) <= _MOST_PLACE_WORDS or not names_place([one.kind for one in place]):
        return ""
    return text[place[0].start : place[-1].end]


def moment_slot(intent: str) -> str:
    """The slot of a moment: a shop's pause and a promotion last until it, all else is due by it."""
    return "until" if intent in ("pause", "promo") else "deadline"


def read_moment(intent: str, typed: str, now: datetime) -> str:
    """The moment in ISO 8601 that words of time tell for an intent; '' for none."""
    if moment_slot(intent) == "until":
        return until(typed, now)
    when = read_when(typed, now)
    return when.deadline if when else ""
