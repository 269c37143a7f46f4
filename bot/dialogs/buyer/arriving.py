"""Where a link leads: a good's card or the quantity said beside its code, a shop's goods, what is alike, a greeting."""

from typing import Literal, TypedDict

from bot.dialogs.buyer import lists
from bot.dialogs.buyer.browsing import FOUND, PAGE, product_on_show, show_product
from bot.dialogs.buyer.wishing import propose_shown
from bot.dialogs.means import number_of
from bot.turn import Turn
from catalog import products as goods
from catalog import search
from catalog.products import Product

Followed = Literal["one", "proposed", "other_unit", "variant", "alike", "goods", "greeted", "gone"]


class Missed(TypedDict):
    """The good that a link was for."""

    name: str


def follow(turn: Turn) -> Followed:
    """Open what the link names; what it named may be gone."""
    lists.leave(turn)
    match turn.slot("kind"):
        case "product":
            return _open_product(turn, goods.product(turn.db, number_of(turn.slot("id"))))
        case "shop":
            turn.memory["scope"] = f"v{number_of(turn.slot('id'))}"
            return "goods"
    return "greeted"


def _open_product(turn: Turn, product: Product | None) -> Followed:
    """As if it had been found while browsing its section; what cannot be had now gives way to what is like it."""
    if product is None:
        return "gone"
    turn.memory["scope"] = f"c{product.category_id}"
    show_product(turn, product.id)
    if product.available:
        return propose_shown(turn, number_of(turn.slot("quantity")), str(turn.slot("unit") or ""), _said(turn))
    alike = _alike(turn, product)
    if not alike:
        return "one"
    turn.memory |= {"scope": f"{FOUND}0", "found": alike, "words": product.name, "wanted": 0}
    turn.memory.pop("said", None)
    return "alike"


def _said(turn: Turn) -> str:
    return str(turn.slot("said") or "")


def _alike(turn: Turn, product: Product) -> list[int]:
    """What is called like it, else what lies in its section, that can be had now."""
    named = goods.products(turn.db, search.find(turn.db, product.name).ids)
    beside = goods.page_of_category(turn.db, product.category_id, size=PAGE + 1).products
    for found in (named, beside):
        alike = [one.id for one in found if one.available and product.id not in (one.id, one.good_id)]
        if alike:
            return alike[:PAGE]
    return []


def missed(turn: Turn) -> Missed:
    """Values of `there is none of it now`."""
    product = product_on_show(turn)
    return {"name": product.name if product else ""}
