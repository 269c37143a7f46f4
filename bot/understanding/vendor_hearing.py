"""A vendor's whole message: stock lines before phrases, several commands in one, figures that must hold."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from base.places import names_place
from base.spelling import fold
from base.when import read_when
from bot.messages import Heard
from bot.understanding.message import read_message
from bot.understanding.slots import only_order
from bot.understanding.stock_lines import read_stock_lines
from bot.understanding.stock_shapes import LIKELY, SURE
from bot.understanding.typed_numbers import COUNT, GROUPED, Token, loose_digits, tokens_of
from bot.understanding.typed_numbers import PRICE as MONEY
from bot.understanding.vendor_filling import marked_goods, until

ONE_READING = Callable[[str], tuple[Heard, ...]]
WRITES: Final = frozenset(
    "set_stock add_stock remove_stock out_of_stock back_in_stock set_price add_product delete_product hide promo"
    " end_promo set_zone".split()
)
ORDERS: Final = frozenset("accept_order refuse_order ready handed_over delivered".split())
_ACTS: Final = (WRITES | ORDERS) - {"end_promo"}
_CAPPED: Final = 0.8
_LEAST_OF_PART: Final = 0.5
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


def with_stock(text: str, phrased: tuple[Heard, ...], hear_one: ONE_READING, likely: "Likely") -> tuple[Heard, ...]:
    """What a message says by its stock lines, its several commands, or the phrase that was heard, surest first.

    `hear_one` reads one command by phrases and guesses; `likely` tells whether a guess allows an intent.
    """
    sure = phrased[0].confidence if phrased else 0.0
    if sure == 1.0:
        return phrased
    phrased = tuple(_asked(agreed(text, one)) if one.intent in WRITES else one for one in phrased)
    lines = read_zones(text) or stock_lines(text)
    if lines and lines[0].intent != "undo" and not all(likely(one.intent, one.confidence) for one in lines):
        lines = ()
    if len(lines) == 1 and not likely(lines[0].intent, 0.0, strict=True):
        lines = (_asked(lines[0]),)
    if lines and (min(one.confidence for one in lines) >= LIKELY or sure < SURE):
        return held(text, lines)
    if sure >= LIKELY and not _names_two_orders(text):
        return held(text, phrased)
    return several(text, hear_one) or held(text, phrased)


class Likely(Protocol):
    """Tells whether a guess allows an intent that is read with a confidence; strictly: finds it likely itself."""

    def __call__(self, intent: str, confidence: float, *, strict: bool = False) -> bool:
        """True where no other intent is much likelier."""


def _asked(heard: Heard) -> Heard:
    """A reading that another way to read does not bear out: less than sure."""
    return replace(heard, confidence=min(heard.confidence, LIKELY))


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
        return heard
    slots = {**heard.slots, "product": marked} if marked and _is_within(marked, product) else heard.slots
    return replace(heard, slots=slots, confidence=min(heard.confidence, LIKELY))


def _is_within(marked: str, product: str) -> bool:
    """Whether goods are the first words of others, which then tell a place or a purpose: `riz à la gare`."""
    some, whole = marked.casefold().split(), product.casefold().split()
    return whole[: len(some)] == some and len(whole) > len(some) and fold(whole[len(some)]) in _BESIDE


_BESIDE: Final = frozenset("a au aux devant chez dans sur till until qui que they viennent".split())


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
    if len(found) < 2:
        return ()
    return held(text, tuple(replace(one, confidence=min(one.confidence, LIKELY)) for one in found))


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
    values = {value for value in told if isinstance(value, int)}
    words = " ".join(str(value).casefold() for value in told)
    figures = [one for one in tokens_of(_without_bullets(text)) if one.is_figure]
    for one in figures:
        typed = text_of(text, one)
        if one.value not in values and typed not in words:
            return False
    return all(word in words for word in loose_digits(text))


def _without_bullets(text: str) -> str:
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
            found.append(Heard("set_zone", {"place": named, "price": one.value}, SURE))
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
    return tuple(Heard("set_zone", {"place": text[place[0].start : place[-1].end]}, SURE) for place in told)


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
