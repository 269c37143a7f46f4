"""The marks of words in the tables: where in a message its slots were said."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from base.spelling import fold, spelled
from bot.understanding.goods import unit_named
from bot.understanding.marking import (
    CARRIER,
    GOES_ON,
    GOODS,
    NAME,
    NONE,
    PLACE,
    PRICE,
    QUANTITY,
    REASON,
    UNIT,
    WORKSHOP,
    word_traits,
)
from bot.understanding.message import Span
from bot.understanding.quantities import read_quantity
from bot.understanding.typed_numbers import tokens_of
from catalog.demo.market import demo_products
from tests.learning.tables import Row

_OF_SLOT = {"product": GOODS, "place": PLACE, "name": NAME, "workshop": WORKSHOP, "reason": REASON, "carrier": CARRIER}
_SEED = 20_210_816
_MOST_BETWEEN = 4  # words between goods and their quantity


@dataclass(frozen=True)
class Marked:
    """A message with its intent and a mark for each of its words."""

    said: Span
    intent: str
    marks: tuple[str, ...]
    role: str = "buyer"

    def rows(self) -> Iterator[tuple[list[str], str]]:
        """The traits of each word, and its mark."""
        return zip(word_traits(self.role, self.said, self.intent), self.marks, strict=True)


def marked(row: Row, role: str = "buyer") -> Marked | None:
    """The marks of a message; None where a slot's words are not in it as told, or where it has several commands."""
    said = Span(row.message, spelled(row.message))
    marks = [NONE] * len(said.words)
    if not said.words or "parts" in row.slots:
        return None
    told = _told(row.slots)
    after = 0
    for item in told:
        found = _find(said, item, marks, after)
        if found is None:
            return None
        _mark(marks, found, _OF_SLOT[item.slot])
        after = found[1] if len(told) > 1 else 0
        if item.quantity is not None and role == "buyer":
            _count(said, marks, found, item)
    if role == "vendor" and not _figures(said, marks, row):
        return None
    return Marked(said, row.intents[0], tuple(marks), role)


def _figures(said: Span, marks: list[str], row: Row) -> bool:
    """Mark the words of a vendor's count, its unit and the price; False where one is not in the message."""
    told = [one for one in tokens_of(said.text) if one.is_figure]
    for slot, mark in (("price", PRICE), ("quantity", QUANTITY)):
        wanted = row.slots.get(slot)
        if wanted is None:
            continue
        places = [
            [at for at, word in enumerate(said.words) if one.start <= word.start < one.end and marks[at] == NONE]
            for one in told
            if one.value == wanted
        ]
        places = [found for found in places if found]
        if not places and wanted not in (0, 1):
            return False
        if places:
            _mark(marks, (places[-1][0], places[-1][-1] + 1), mark)
    unit = row.slots.get("unit")
    at = next((at for at, word in enumerate(said.normal) if unit and marks[at] == NONE and _is_unit(word, unit)), None)
    if at is not None:
        marks[at] = UNIT
    return True


def _is_unit(word: str, unit: str) -> bool:
    return unit_named(word) == unit_named(unit) or word.startswith(fold(unit))


def with_other_goods(rows: Sequence[Row], copies: int = 1) -> Iterator[Row]:
    """The rows, those about one good `copies` times more about another, and those of an order about a list of goods.

    What stands around goods is said of any.
    """
    said = {row.slots["product"] for row in rows if row.slots.get("product")}
    goods = sorted(said | {good.name for good in demo_products()})
    chance = random.Random(_SEED)
    for row in rows:
        yield row
        own = row.slots.get("product")
        if own and row.message.count(own) == 1:
            for _ in range(copies):
                yield _with(row, [chance.choice(goods)], "")
            if "items" in row.slots and not row.slots.get("quantity"):
                yield _with(row, chance.sample(goods, chance.choice((2, 2, 3))), chance.choice(_JOINTS))


_JOINTS = (" et ", ", ", ", ", " et du ", ", du ", ", des ", " et de la ", " + ", "\n", " et aussi ", " plus ")


def _with(row: Row, goods: Sequence[str], joint: str) -> Row:
    """The row about these goods in the place of its own, parted by `joint`."""
    last = " et " if joint == ", " else joint
    told = last.join([joint.join(goods[:-1]), goods[-1]]) if len(goods) > 1 else goods[0]
    slots: dict[str, Any] = {**row.slots, "product": goods[0]}
    if "items" in slots:
        own = slots["items"][0]
        slots["items"] = [{**own, "product": good} for good in goods]
    if len(goods) > 1:
        slots.pop("product")
    return Row(row.message.replace(row.slots["product"], told), row.intents, slots)


@dataclass(frozen=True)
class _Told:
    slot: str
    words: str
    quantity: int | None = None
    unit: str | None = None


def _told(slots: Any) -> list[_Told]:
    if "items" in slots:
        return [_Told("product", one["product"], one.get("quantity"), one.get("unit")) for one in slots["items"]]
    return [_Told(slot, slots[slot]) for slot in _OF_SLOT if slots.get(slot)]


def _find(said: Span, item: _Told, marks: Sequence[str], after: int) -> tuple[int, int] | None:
    """The first words from `after` on, else any, that were typed so."""
    wanted = fold(item.words).split()
    for start in (after, 0):
        for first in range(start, len(said.words)):
            for end in range(first + 1, len(said.words) + 1):
                typed = fold(said.part(first, end).typed).split()
                if typed == wanted and all(mark == NONE for mark in marks[first:end]):
                    return first, end
                if len(typed) > len(wanted) + 2:
                    break
    return None


def _mark(marks: list[str], found: tuple[int, int], mark: str) -> None:
    first, end = found
    marks[first:end] = [mark, *[mark + GOES_ON] * (end - first - 1)]


def _count(said: Span, marks: list[str], goods: tuple[int, int], item: _Told) -> None:
    """Mark the nearest words before the goods, else behind, that say how many, and in which unit."""
    before = range(goods[0] - 1, max(goods[0] - 2 - _MOST_BETWEEN, -1), -1)
    behind = range(goods[1], min(goods[1] + _MOST_BETWEEN, len(marks)))
    for place in (*before, *behind):
        length = _counted_by(said, marks, place, item.quantity or 0)
        if length:
            _mark(marks, (place, place + length), QUANTITY)
            break
    if item.unit:
        for place in (*before, *behind):
            word = said.normal[place]
            if marks[place] == NONE and (unit_named(word) == unit_named(item.unit) or word.startswith(fold(item.unit))):
                marks[place] = UNIT
                return


def _counted_by(said: Span, marks: Sequence[str], place: int, wanted: int) -> int:
    """How many unmarked words from a place on say just this quantity; 0 where none do, or one more before does too."""
    quantity, length = read_quantity(said.normal[place:])
    is_free = all(mark == NONE for mark in marks[place : place + length])
    is_whole = not place or read_quantity(said.normal[place - 1 :]) != (quantity, length + 1)
    return length if quantity == wanted and is_free and is_whole else 0
