"""Products that a vendor is about to put up, as the chat remembers them until he says yes; the first is asked about."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict, cast

from base.hiding import without_ways_out
from base.spelling import fold
from bot import own_names, rights
from bot.dialogs.vendor.asks import Ask
from bot.new_goods import MOST_QUANTITY, Told, read_good, read_goods, unit_said
from bot.turn import Turn
from catalog.listing import HIGHEST_PRICE, Condition
from catalog.products import product

KEPT = "adding"  # in memory
NEWS = "new_goods"  # in memory: what a message told of goods that are not there, once the rest of it is done
MOST = 10
PROMOTED = "promoted"  # in memory: whether a promotion was what was changed last
ADDED = "added"  # in memory: the product that was put up last, while nothing else was changed since
COUNTED = "counted"  # in memory: whether a change of goods was what was changed last
SHUT = "shut"  # in memory: whether the shop was shut since the last change
ANSWERED = "answered"  # in memory: whether an order was spoken of since the last change


class News(TypedDict):
    """Goods as typed."""

    words: str


class Draft(TypedDict, total=False):
    """What is known of one; a key that is missing has not been told yet."""

    shop: int
    name: str
    price: int  # F CFA
    quantity: int  # of each size, where there are sizes
    unit: str
    sizes: list[str]
    attribute: str
    condition: Condition
    description: str
    category: int
    photos: list[list[int]]  # (inbox row, place) of each
    is_bare: bool  # it goes without a photo
    is_believed: bool  # an odd price is meant
    is_another: bool  # of a name that is there already
    is_asked_section: bool  # the proposed section is not the right one


def current(turn: Turn) -> Draft | None:
    """The product that is asked about now."""
    kept = turn.memory.get(KEPT) or []
    return cast(Draft, kept[0]) if kept else None


def put_first(turn: Turn, drafts: list[Draft]) -> None:
    """Ask about these first; what had begun comes after them, but for one of which nothing was told."""
    older = [draft for draft in turn.memory.get(KEPT) or [] if draft.get("name")]
    turn.memory[KEPT] = [*drafts, *older][:MOST]


def put_behind(turn: Turn, drafts: list[Draft]) -> None:
    """These are asked about once the first one is done with."""
    first, *rest = turn.memory[KEPT]
    turn.memory[KEPT] = [first, *drafts, *rest][:MOST]


def end(turn: Turn) -> None:
    """The first one is done with."""
    left = (turn.memory.get(KEPT) or [])[1:]
    turn.memory.pop(KEPT, None)
    if left:
        turn.memory[KEPT] = left


def change(turn: Turn, **values: Any) -> None:
    """More is known of the first one; None forgets."""
    draft = {**(current(turn) or {}), **values}
    known = {key: value for key, value in draft.items() if value is not None}
    turn.memory[KEPT] = [known, *(turn.memory.get(KEPT) or [])[1:]]


def told_of(told: Told) -> Draft:
    """What was read of a product, as far as it was told; no phone and no link, as all buyers read it."""
    draft: dict[str, Any] = {
        "name": without_ways_out(told.name),
        "price": told.price,
        "quantity": told.quantity,
        "unit": told.unit,
        "sizes": list(told.sizes),
        "attribute": told.attribute,
        "condition": told.condition,
        "description": without_ways_out(told.description),
    }
    return cast(Draft, {key: value for key, value in draft.items() if value not in ("", None, [])})


def goods_told(turn: Turn) -> list[Draft]:
    """The products of the message, those that are there already by their own names."""
    told = read_goods(own_names.plain_words(turn)) or read_goods(turn.words)
    return [told_of(replace(good, name=own_names.named(turn, good.name))) for good in told]


def of_asks(asks: Sequence[Ask]) -> list[Draft]:
    """What was told of goods that nothing is called, one of each name."""
    found: dict[str, Draft] = {}
    for ask in asks:
        draft = found.setdefault(fold(ask["words"]), named(ask["words"]))
        if ask["kind"] == "price" and 0 < ask["value"] <= HIGHEST_PRICE and not ask.get("move"):
            draft.setdefault("price", ask["value"])
        elif ask["kind"] != "price" and 0 <= ask["value"] <= MOST_QUANTITY and not ask["pack"]:
            draft.setdefault("quantity", ask["value"])
            if unit := unit_said(ask["unit"]):
                draft.setdefault("unit", unit)
    return list(found.values())


def named(words: str) -> Draft:
    """A good of which nothing but its name was told."""
    name = told_of(read_good(words)).get("name")
    return Draft(name=name) if name else Draft()


def are_new(turn: Turn) -> bool:
    """Whether goods that a message told of, and that are not there, can be put up now."""
    return bool(turn.memory.get(NEWS))


def news(turn: Turn) -> News:
    """Values of `shall they be added?`."""
    return {"words": ", ".join(dict.fromkeys(ask["words"] for ask in turn.memory.get(NEWS, ())))}


def changed(turn: Turn, what: str = "", value: Any = True) -> None:
    """This was changed last, and is what a word that takes back means."""
    for key in (ADDED, PROMOTED, COUNTED, SHUT, ANSWERED):
        turn.memory.pop(key, None)
    if what:
        turn.memory[what] = value


def shut(turn: Turn) -> None:
    """The shop was shut last, which is asked about before what was changed earlier."""
    turn.memory.pop(ANSWERED, None)
    turn.memory[SHUT] = True


def is_fresh(turn: Turn) -> bool:
    """Whether the product that was put up last can be taken away again."""
    kept = turn.memory.get(ADDED)
    found = product(turn.db, kept["id"]) if kept else None
    return found is not None and rights.may(turn, "goods", found.vendor_id)
