"""From the categories to what lies in the basket: browsing, wishes in words, the basket."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialog import RETURN, State, ask, choose, do, end, pick, tell
from bot.dialogs.buyer import (
    alerting,
    arriving,
    baskets,
    browsing,
    choosing,
    corrections,
    details,
    finding,
    lists,
    wishing,
)
from bot.dialogs.readers import read_quantity, read_quantity_or_none, read_words
from bot.turn import Turn

Shows = Callable[[Turn], Mapping[str, Any]]

PUT = {
    "added": "added",
    "too_many": "fewer",
    "no_more": "no_more",
    "limit": "full",
    "gone": "gone",
}

NAMED = {
    "proposed": "proposal",
    "other_unit": "other_unit",
    "variant": "variant",
    "one": "card",
    "several": "found",
    "nothing": "not_found",
    "unsure": "guess",
    "list": "list",
}
VARIANTS = {"one": "quantity", "proposed": "proposal", "several": "variant", "gone": "gone"}


def _ask_units(says: str, shows: Shows) -> State:
    """How many units of the product on show; `combien` is answered with price and question, so a number follows."""
    spoken = {"no": "pass_over", "how_much": "quantity"}
    asked = ask(says, read_quantity, wishing.add_to_basket, shows=shows, spoken=spoken, missed="missed_quantity")
    return replace(asked, goes=PUT | spoken)


def _ask_which(says: str) -> State:
    """The product, in the buyer's own words."""
    asked = ask(says, read_words, wishing.look_for_words, is_open=True, spoken=["no"], missed="missed_product")
    return replace(asked, goes=NAMED | {"no": "menu"})


def _pick_guess() -> State:
    """Which of the words that may have been meant."""
    picked = pick(
        "guess",
        finding.guess_rows,
        wishing.take_guess,
        none="which",
        shows=finding.sought_words,
        options=["another_word"],
    )
    taken = {outcome: state for outcome, state in NAMED.items() if outcome not in ("unsure", "nothing", "list")}
    return replace(picked, goes=taken | {"none": "which", "another_word": "which"})


def _ask_line_units(says: str) -> State:
    """How many units of a line of the list, in its own unit."""
    spoken = {"no": "list_drop", "how_much": "list_units"}
    asked = ask(says, read_quantity, lists.keep_units, shows=lists.counting, spoken=spoken, missed="missed_quantity")
    return replace(asked, goes={"kept": "list"} | spoken, stands=lists.is_open)


def _list_without(says: str) -> State:
    """A line of the list that cannot be had as it was said."""
    return choose(
        says,
        shows=lists.doubtful,
        stands=lists.is_open,
        spoken=["no"],
        search="list_say",
        leave_out="list_drop",
        no="list_drop",
    )


def _ask_new_quantity(says: str, shows: Shows) -> State:
    """How many units a line of the basket shall have."""
    goes = {"changed": "basket", "too_many": "fewer_in_line", "gone": "basket", "no": "basket"}
    asked = ask(
        says, read_quantity_or_none, baskets.change_quantity, shows=shows, spoken=["no"], missed="missed_quantity"
    )
    return replace(asked, goes=goes)


CATEGORIES = pick(
    "categories", browsing.category_rows, browsing.choose_category, none="no_goods", lasting=True, chosen="products"
)

BROWSING: dict[str, State] = {
    "categories": CATEGORIES,
    "catalogue": replace(CATEGORIES, shows=browsing.catalogue),
    "no_goods": choose("no_goods", person="person", asides=["person"], menu="menu"),
    "products": pick(
        "products", browsing.product_rows, browsing.open_product, none="categories", lasting=True, opened="card"
    ),
    "card": pick(
        "card",
        browsing.card_rows,
        browsing.act_on_card,
        none="gone",
        shows=finding.shown,
        lasting=True,
        add="quantity",
        alert="alert_asked",
        choose="variant",
        ask="ask_first",
        asides=["ask"],
        others="products",
        gone="gone",
        spoken=["yes", "no"],
        yes="take_shown",
        no="leave_card",
    ),
    "same_shop": do(browsing.see_shop, shown="products", gone="gone"),
    "photo": do(
        details.look_at_photo,
        shown="photo_shown",
        without="ask_offer",
        unknown="no_product",
        several="found",
        nothing="not_found",
    ),
    "photo_shown": tell("photo", RETURN, shows=details.picture),
    "no_product": tell("no_product", RETURN),
    "leave_card": do(browsing.leave_card, others="products", gone="gone"),
    "take_shown": do(browsing.take_shown, add="quantity", choose="variant", gone="gone"),
    "variant": replace(
        pick("variant", choosing.rows, wishing.take_variant, none="gone", shows=choosing.asked, spoken=["no"]),
        goes={**VARIANTS, "none": "gone", "no": "leave_card"},
    ),
    "ask_variant": do(
        details.answer_variant,
        one="quantity",
        proposed="proposal",
        listed="list",
        several="variant",
        out="variant_out",
        single="ask_offer",
        which="which",
        gone="gone",
        no_row="no_row",
    ),
    "variant_out": tell("variant_out", "variant", shows=details.variant_missing),
    "no_row": tell("no_row", RETURN),
    "ask_quality": do(details.answer_quality, told="quality", unknown="ask_offer", which="which"),
    "quality": tell("quality", RETURN, shows=details.quality),
    "nothing_more": tell("nothing_more", RETURN),
    "gone": choose("gone", browse="categories", basket="basket"),
    "quantity": _ask_units("quantity", browsing.facts),
    "other_unit": _ask_units("other_unit", wishing.in_other_unit),
    "fewer": _ask_units("fewer", wishing.fewer),
    "no_more": choose("no_more", basket="basket", others="products"),
    "full": choose("full", checkout="checkout", basket="basket"),
    "added": choose("added", shows=wishing.added, checkout="checkout", go_on="products", basket="basket"),
}

WISHING: dict[str, State] = {
    "open_link": do(
        arriving.follow,
        one="card",
        proposed="proposal",
        other_unit="other_unit",
        variant="variant",
        alike="link_out",
        goods="products",
        greeted="greet",
        gone="gone",
    ),
    "link_out": tell("link_out", "found", shows=arriving.missed),
    "search": do(wishing.look_for, one="card", several="found", nothing="not_found", unsure="guess", unnamed="which"),
    "which": _ask_which("which"),
    "found": pick(
        "found",
        browsing.product_rows,
        wishing.open_found,
        none="not_found",
        shows=finding.heading,
        lasting=True,
        reads=wishing.read_price,
        proposed="proposal",
        other_unit="other_unit",
        variant="variant",
        one="card",
        several="found",
    ),
    "guess": _pick_guess(),
    "not_found": pick(
        "not_found",
        finding.kin_rows,
        browsing.choose_category,
        none="not_sold",
        shows=finding.sought_words,
        options=["alert", "search"],
        spoken=["no"],
        chosen="products",
        alert="alerting",
        search="which",
        no="categories",
    ),
    "not_sold": choose(
        "not_found",
        shows=finding.sought_words,
        spoken=["no"],
        alert="alerting",
        search="which",
        browse="categories",
        no="categories",
    ),
    "order": replace(do(wishing.take_wishes), goes=NAMED | {"unnamed": "which", "named": "ask_variant"}),
    "proposal": choose("proposal", shows=wishing.proposal, stands=wishing.is_wanted, yes="add_wanted", no="pass_over"),
    "add_wanted": replace(do(wishing.add_wanted), goes=PUT),
    "pass_over": do(wishing.pass_over, done="card"),
}

LISTING: dict[str, State] = {
    "list": do(
        lists.next_doubt,
        which="list_which",
        variant="list_variant",
        units="list_units",
        fewer="list_fewer",
        out="list_out",
        unknown="list_unknown",
        shown="list_shown",
        empty="list_gone",
    ),
    "list_which": pick(
        "list_which",
        lists.found_rows,
        lists.take_found,
        none="list_unknown",
        shows=lists.doubtful,
        stands=lists.is_open,
        options=["leave_out"],
        spoken=["no"],
        reads=lists.read_one_of,
        known="list",
        unclear="list_which_unclear",
        leave_out="list_drop",
        no="list_drop",
    ),
    "list_which_unclear": tell("list_not_there", "list"),
    "list_variant": pick(
        "list_variant",
        lists.variant_rows,
        lists.take_variant,
        none="list_out",
        shows=lists.variant_asked,
        stands=lists.is_open,
        options=["leave_out"],
        spoken=["no"],
        known="list",
        leave_out="list_drop",
        no="list_drop",
    ),
    "list_units": _ask_line_units("list_units"),
    "list_fewer": _ask_line_units("list_fewer"),
    "list_out": _list_without("list_out"),
    "list_unknown": _list_without("list_unknown"),
    "list_say": ask(
        "which",
        read_words,
        lists.look_again,
        stands=lists.is_open,
        is_open=True,
        spoken=["no"],
        missed="missed_product",
        found="list",
        no="list_drop",
    ),
    "list_drop": do(lists.drop, dropped="list"),
    "list_shown": ask(
        "list",
        corrections.read_correction,
        corrections.correct,
        shows=lists.shown,
        stands=lists.is_open,
        options=["yes", "no"],
        missed="missed_list",
        corrected="list",
        unclear="list_unclear",
        yes="list_put",
        no="list_leave",
    ),
    "list_unclear": tell("missed_list", "list"),
    "list_leave": do(lists.leave, left="list_gone"),
    "list_gone": choose("list_gone", browse="categories", basket="basket"),
    "list_put": do(lists.put, added="list_added", full="full", gone="gone"),
    "list_added": choose("list_added", shows=lists.added_all, checkout="checkout", go_on="products", basket="basket"),
}

ALERTS: dict[str, State] = {
    "alert_me": do(
        alerting.ask_alert, asked="alert_asked", one="card", several="found", unsure="guess", unnamed="which"
    ),
    "alert_asked": choose("alert_asked", shows=alerting.waited, yes="alerting", no="categories"),
    "alerting": do(
        alerting.make_alert,
        writes="after_yes",
        made="alert_made",
        before="alert_before",
        full="alert_full",
        muted="alert_muted",
    ),
    "alert_made": end("alert_made", shows=alerting.waited),
    "alert_before": end("alert_before", shows=alerting.waited),
    "alert_full": end("alert_full", shows=alerting.waited),
    "alert_muted": end("alert_muted"),
    "arrived_this": do(alerting.open_arrived, opened="card"),
}

BASKET: dict[str, State] = {
    "basket": do(baskets.open_basket, filled="basket_shown", short="basket_short", empty="basket_empty"),
    "basket_shown": choose("basket", shows=baskets.shown, checkout="checkout", change="lines", go_on="products"),
    "basket_short": choose(
        "basket_short", shows=baskets.shown, adapt="basket_adapted", change="lines", go_on="products"
    ),
    "basket_adapted": do(baskets.adapt, adapted="basket"),
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
    "change_quantity": do(
        baskets.change_by_words,
        changed="basket",
        too_many="fewer_in_line",
        gone="basket",
        several="which_to_change",
        proposed="proposal",
        listed="found",
        unnamed="which",
        empty="order_to_change",
    ),
    "which_to_change": pick(
        "lines",
        baskets.meant_rows,
        baskets.change_meant,
        none="basket_empty",
        spoken=["no"],
        changed="basket",
        too_many="fewer_in_line",
        gone="basket",
        no="basket",
    ),
    "remove_item": do(
        baskets.remove_by_words,
        removed="basket",
        several="which_to_remove",
        unknown="not_in_basket",
        empty="basket_empty",
    ),
    "which_to_remove": pick(
        "which_to_remove",
        baskets.meant_rows,
        baskets.remove_meant,
        none="basket_empty",
        spoken=["no"],
        removed="basket",
        no="basket",
    ),
    "not_in_basket": tell("not_in_basket", "basket"),
    "clear": do(baskets.is_filled, filled="emptying", empty="basket_empty"),
    "emptying": choose("emptying", yes="empty_basket", no="basket"),
    "empty_basket": do(baskets.empty_basket, emptied="basket_empty"),
}
