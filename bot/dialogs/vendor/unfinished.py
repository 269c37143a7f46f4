"""Products that a vendor is about to put up, as the chat remembers them until he says yes; the first is asked about."""

from typing import Any, TypedDict, cast

from base.hiding import without_ways_out
from bot import rights
from bot.new_goods import Told
from bot.turn import Turn
from catalog.listing import Condition
from catalog.products import product

KEPT = "adding"  # in memory
MOST = 10
PROMOTED = "promoted"  # in memory: whether a promotion was what was changed last
ADDED = "added"  # in memory: the product that was put up last, while nothing else was changed since


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


def is_fresh(turn: Turn) -> bool:
    """Whether the product that was put up last can be taken away again."""
    kept = turn.memory.get(ADDED)
    found = product(turn.db, kept["id"]) if kept else None
    return found is not None and rights.may(turn, "goods", found.vendor_id)
