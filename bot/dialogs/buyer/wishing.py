"""Wishes in words: what is sought or ordered in a sentence, found in the catalog, and added only after a yes."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from bot.dialogs.buyer.browsing import (
    FOUND,
    Facts,
    card,
    is_found_shown,
    product_on_show,
    product_spoken_of,
    show_product,
)
from bot.dialogs.means import cause, number_of
from bot.turn import Turn
from bot.understanding import understand, unit_named
from catalog.products import Product
from catalog.search import find_by_words
from orders import basket

MOST_FOUND = 9
MOST_WISHES = 15
MOST_UNITS = basket.MOST_UNITS
Sought = Literal["one", "several", "nothing", "unnamed"]
Put = Literal["added", "next", "too_many", "no_more", "limit", "gone"]
Opened = Literal["proposed", "other_unit", "one"]
Named = Literal["proposed", "other_unit", "several", "nothing", "one"]
Wished = Literal["proposed", "other_unit", "several", "nothing", "unnamed", "one"]


class Words(TypedDict):
    """The words that nothing was found for."""

    words: str


class Fewer(TypedDict):
    """How many more can be had."""

    count: int
    name: str


class FewerInLine(TypedDict):
    """How many can be had."""

    count: int


class Proposal(TypedDict):
    """What would be added; `amount` in F CFA."""

    quantity: int
    name: str
    unit: str
    amount: int
    vendor: str


class OtherUnit(Facts):
    """A product in short, and the unit that was said though it is sold by another."""

    said: str
    photo: NotRequired[str]


class Added(TypedDict):
    """What is in the basket now; `goods` in F CFA."""

    quantity: int
    name: str
    count: int
    goods: int


def look_for(turn: Turn) -> Sought:
    """A product that was asked for by words; without words what is spoken of, else which one must be asked."""
    forget_wishes(turn)
    sought = turn.slot("product")
    if sought:
        return find(turn, str(sought))
    return "one" if product_spoken_of(turn) else _listed(turn)


def _listed(turn: Turn) -> Literal["several", "unnamed"]:
    """Whether several products that were found are spoken of."""
    return "several" if is_found_shown(turn) else "unnamed"


def look_for_words(turn: Turn, sought: str) -> Named:
    """The answer to `which product?`: with quantities of its own, or with the one that was said before the question."""
    wishes = [wish for heard in understand("buyer", sought) for wish in _wishes(heard.slots) if wish["quantity"]]
    if wishes:
        turn.memory["wishes"] = wishes[:MOST_WISHES]
        return _next_wish(turn)
    turn.memory.pop("wishes", None)
    return _propose(turn, sought)


def forget_wishes(turn: Turn) -> None:
    """What is picked next shows its card; nothing of an older sentence comes up again."""
    turn.memory.pop("wishes", None)
    _want(turn, 0)


def find(turn: Turn, sought: str) -> Literal["one", "several", "nothing"]:
    """Find products by words and remember them, those sold by the unit that was said first."""
    turn.memory["words"] = sought[:60]
    unit = str(turn.memory.get("wanted_unit") or "")
    found = sorted(find_by_words(turn.db, sought, MOST_FOUND), key=lambda product: not _is_sold_by(unit, product))
    _remember(turn, found)
    if not found:
        return "nothing"
    return "one" if len(found) == 1 else "several"


def _is_sold_by(unit: str, product: Product) -> bool:
    """Whether a unit as it was said is the product's; no unit said is any."""
    return unit in ("", unit_named(product.unit))


def _remember(turn: Turn, found: Sequence[Product]) -> None:
    turn.memory["found"] = [product.id for product in found]
    if found:
        turn.memory["scope"] = f"{FOUND}0"
    if len(found) == 1:
        show_product(turn, found[0].id)


def take_wishes(turn: Turn) -> Wished:
    """A sentence that orders: its first wish is proposed, the others wait for their turn."""
    wishes = [wish for heard in turn.heard for wish in _wishes(heard.slots)]
    if not wishes:
        return _wish_for_shown(turn)
    turn.memory["wishes"] = wishes[:MOST_WISHES]
    return _next_wish(turn)


def _wishes(slots: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = slots.get("items") or [slots]
    return [_wish(item) for item in items if item.get("product")]


def _wish(item: Mapping[str, Any]) -> dict[str, Any]:
    quantity = _units(item.get("quantity"))
    return {"product": str(item["product"]), "quantity": quantity, "unit": str(item.get("unit") or "")}


def _units(quantity: object) -> int:
    return min(max(number_of(quantity), 0), MOST_UNITS)


def _wish_for_shown(turn: Turn) -> Wished:
    """`je prends 2` names no product: the one spoken of is meant, or one of those just found, or the next one named."""
    turn.memory.pop("wishes", None)
    _want(turn, _units(turn.slot("quantity")))
    return _proposed_or_passed(turn) if product_spoken_of(turn) else _listed(turn)


def _want(turn: Turn, quantity: int, unit: str = "") -> None:
    """Remember how many were said, and in which unit; 0 when no quantity was said."""
    turn.memory["wanted"], turn.memory["wanted_unit"] = quantity, unit


def _next_wish(turn: Turn) -> Named:
    wish = turn.memory["wishes"].pop(0)
    _want(turn, wish["quantity"], wish["unit"])
    return _propose(turn, wish["product"])


def _propose(turn: Turn, sought: str) -> Named:
    """Find what is wanted, and propose it where one product fits and the quantity is sure."""
    found = find(turn, sought)
    return _proposed_or_passed(turn) if found == "one" else found


def _proposed_or_passed(turn: Turn) -> Opened:
    """Whether the product on show is proposed; its card takes no quantity along to another product."""
    outcome = _proposed_or_one(turn)
    if outcome == "one":
        _want(turn, 0)
    return outcome


def _proposed_or_one(turn: Turn) -> Opened:
    """Two kilos are not two sacks: a quantity said in another unit than the product's is asked for again."""
    product = product_on_show(turn)
    unit = str(turn.memory.get("wanted_unit") or "")
    if not turn.memory.get("wanted") or not product or not product.available:
        return "one"
    return "proposed" if _is_sold_by(unit, product) else "other_unit"


def open_found(turn: Turn, row: str) -> Opened:
    """One of several that were found: proposed when a quantity was said for this list, else its card."""
    product_id = number_of(row.partition(":")[2])
    show_product(turn, product_id)
    if product_id not in turn.memory.get("found", ()):  # an older list's
        _want(turn, 0)
    return _proposed_or_one(turn)


def sought_words(turn: Turn) -> Words:
    """Values of `nothing found`."""
    return {"words": str(turn.memory.get("words", ""))}


def is_wanted(turn: Turn) -> bool:
    """Whether a quantity still waits for a yes."""
    return bool(turn.memory.get("wanted"))


def proposal(turn: Turn) -> Proposal:
    """Values of `2 sacs de Riz : 35 000 F CFA. C'est bon ?`."""
    product = product_on_show(turn)
    quantity = number_of(turn.memory.get("wanted", 0))
    if product is None:
        return {"quantity": quantity, "name": "", "unit": "", "amount": 0, "vendor": ""}
    return {
        "quantity": quantity,
        "name": product.name,
        "unit": product.unit,
        "amount": quantity * product.price,
        "vendor": product.vendor_name,
    }


def add_wanted(turn: Turn) -> Put:
    """The buyer said yes to the proposal."""
    return add_to_basket(turn, number_of(turn.memory.get("wanted", 0)))


def add_to_basket(turn: Turn, quantity: int) -> Put:
    """Put units of the product on show into the basket, or nothing.

    next: more wishes of the same sentence wait. too_many: fewer can be had. no_more: none beside those in the basket.
    """
    _want(turn, 0)
    if quantity < 1:
        return "gone"
    product_id = number_of(turn.memory.get("product", ""))
    change = basket.add(turn.db, turn.person.contact_id, product_id, min(quantity, 10 * MOST_UNITS), cause(turn))
    if change.outcome == "added":
        return "next" if turn.memory.get("wishes") else "added"
    if not change.available and not change.quantity:
        return "gone"  # nothing is left, and nothing lies in the basket
    turn.memory["most"] = change.available - change.quantity
    if change.outcome == "too_many" and change.available <= change.quantity:
        return "no_more"
    return change.outcome


def pass_over(turn: Turn) -> Literal["next", "done"]:
    """The buyer said no to the proposal, or to the question how many."""
    _want(turn, 0)
    return "next" if turn.memory.get("wishes") else "done"


def next_wish(turn: Turn) -> Named:
    """The next thing that the sentence ordered; called only while one waits."""
    return _next_wish(turn)


def in_other_unit(turn: Turn) -> OtherUnit:
    """Values of `not sold by the unit that was said`."""
    shown = card(turn)
    values: OtherUnit = {
        "name": shown["name"],
        "price": shown["price"],
        "unit": shown["unit"],
        "stock": shown["stock"],
        "said": str(turn.memory.get("wanted_unit", "")),
    }
    if "photo" in shown:
        values["photo"] = shown["photo"]
    return values


def fewer(turn: Turn) -> Fewer:
    """Values of `only so many are left`."""
    product = product_on_show(turn)
    return {"count": number_of(turn.memory.get("most", 0)), "name": product.name if product else ""}


def fewer_in_line(turn: Turn) -> FewerInLine:
    """Values of `only so many can be had` of a line of the basket."""
    return {"count": number_of(turn.memory.get("most", 0))}


def added(turn: Turn) -> Added:
    """Values of `in the basket`."""
    now = basket.basket_of(turn.db, turn.person.contact_id)
    product = product_on_show(turn)
    own = [line for line in now.lines if product and line.product_id == product.id]
    return {
        "quantity": own[0].quantity if own else 0,
        "name": own[0].name if own else "",
        "count": len(now.lines),
        "goods": now.goods,
    }
