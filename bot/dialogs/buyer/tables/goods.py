"""From the categories to what lies in the basket: browsing, wishes in words, the basket."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialog import RETURN, State, ask, choose, do, pick, tell
from bot.dialogs.buyer import baskets, browsing, wishing
from bot.dialogs.readers import read_quantity, read_quantity_or_none, read_words
from bot.turn import Turn

Shows = Callable[[Turn], Mapping[str, Any]]

PUT = {
    "added": "added",
    "next": "next_wish",
    "too_many": "fewer",
    "no_more": "no_more",
    "limit": "full",
    "gone": "gone",
}

NAMED = {
    "proposed": "proposal",
    "other_unit": "other_unit",
    "one": "card",
    "several": "found",
    "nothing": "not_found",
}


def _ask_units(says: str, shows: Shows) -> State:
    """How many units of the product on show; `combien` is answered with price and question, so a number follows."""
    spoken = {"no": "pass_over", "how_much": "quantity"}
    asked = ask(says, read_quantity, wishing.add_to_basket, shows=shows, spoken=spoken, missed="missed_quantity")
    return replace(asked, goes=PUT | spoken)


def _ask_which(says: str) -> State:
    """The product, in the buyer's own words."""
    asked = ask(says, read_words, wishing.look_for_words, is_open=True, spoken=["no"], missed="missed_product")
    return replace(asked, goes=NAMED | {"no": "menu"})


def _ask_new_quantity(says: str, shows: Shows) -> State:
    """How many units a line of the basket shall have."""
    goes = {"changed": "basket", "too_many": "fewer_in_line", "gone": "basket", "no": "basket"}
    asked = ask(
        says, read_quantity_or_none, baskets.change_quantity, shows=shows, spoken=["no"], missed="missed_quantity"
    )
    return replace(asked, goes=goes)


BROWSING: dict[str, State] = {
    "categories": pick(
        "categories", browsing.category_rows, browsing.choose_category, none="no_goods", lasting=True, chosen="products"
    ),
    "no_goods": choose("no_goods", person="person", asides=["person"], menu="menu"),
    "products": pick(
        "products", browsing.product_rows, browsing.open_product, none="categories", lasting=True, opened="card"
    ),
    "card": pick(
        "card",
        browsing.card_rows,
        browsing.act_on_card,
        none="gone",
        shows=browsing.card,
        lasting=True,
        add="quantity",
        same_shop="products",
        others="products",
        gone="gone",
        spoken=["yes", "no"],
        yes="take_shown",
        no="leave_card",
    ),
    "photo": do(browsing.look_at_photo, shown="photo_shown", without="no_photo", unknown="no_product"),
    "photo_shown": tell("photo", RETURN, shows=browsing.picture),
    "no_photo": tell("no_photo", RETURN),
    "no_product": tell("no_product", RETURN),
    "leave_card": do(browsing.leave_card, others="products", gone="gone"),
    "take_shown": do(browsing.take_shown, add="quantity", gone="gone"),
    "gone": choose("gone", browse="categories", basket="basket"),
    "quantity": _ask_units("quantity", browsing.facts),
    "other_unit": _ask_units("other_unit", wishing.in_other_unit),
    "fewer": _ask_units("fewer", wishing.fewer),
    "no_more": choose("no_more", basket="basket", others="products"),
    "full": choose("full", checkout="checkout", basket="basket"),
    "added": choose("added", shows=wishing.added, checkout="checkout", go_on="products", basket="basket"),
}

WISHING: dict[str, State] = {
    "search": do(wishing.look_for, one="card", several="found", nothing="not_found", unnamed="which"),
    "which": _ask_which("which"),
    "found": pick(
        "found",
        browsing.product_rows,
        wishing.open_found,
        none="not_found",
        lasting=True,
        proposed="proposal",
        other_unit="other_unit",
        one="card",
    ),
    "not_found": choose(
        "not_found", shows=wishing.sought_words, search="which", browse="categories", person="person", asides=["person"]
    ),
    "order": replace(do(wishing.take_wishes), goes=NAMED | {"unnamed": "which"}),
    "proposal": choose("proposal", shows=wishing.proposal, stands=wishing.is_wanted, yes="add_wanted", no="pass_over"),
    "add_wanted": replace(do(wishing.add_wanted), goes=PUT),
    "pass_over": do(wishing.pass_over, next="next_wish", done="card"),
    "next_wish": replace(do(wishing.next_wish), goes=NAMED),
}

BASKET: dict[str, State] = {
    "basket": do(baskets.open_basket, filled="basket_shown", empty="basket_empty"),
    "basket_shown": choose("basket", shows=baskets.shown, checkout="checkout", change="lines", go_on="products"),
    "basket_empty": choose("basket_empty", browse="categories", orders="orders"),
    "lines": pick(
        "lines",
        baskets.line_rows,
        baskets.pick_line,
        none="basket_empty",
        options=["empty"],
        picked="line",
        gone="basket",
        empty="emptying",
    ),
    "line": choose("line", shows=baskets.one_line, quantity="new_quantity", remove="removing", keep="basket"),
    "new_quantity": _ask_new_quantity("new_quantity", baskets.one_line),
    "fewer_in_line": _ask_new_quantity("fewer_in_line", wishing.fewer_in_line),
    "removing": do(baskets.remove_line, removed="basket"),
    "clear": do(baskets.open_basket, filled="emptying", empty="basket_empty"),
    "emptying": choose("emptying", yes="empty_basket", no="basket"),
    "empty_basket": do(baskets.empty_basket, emptied="basket_empty"),
}
