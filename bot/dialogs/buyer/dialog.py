"""The buyer's table: browsing, basket, checkout, orders, and questions from anywhere."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.dialog import RETURN, Dialog, State, ask, choose, do, end, pick, tell
from bot.dialogs.buyer import addresses, baskets, browsing, checkout, greeting, information, orders, wishing
from bot.dialogs.buyer.calling import called_back
from bot.dialogs.buyer.readers import read_phone_said, read_quantity, read_quantity_or_none, read_where, read_who
from bot.dialogs.means import read_words
from bot.dialogs.settings import SETTINGS_WORDS, settings
from bot.turn import Turn

SAME_NAME = (  # intents that lead to the state of their own name
    "greet thanks bye help menu checkout track cancel_order ask_delivery ask_payment ask_trust ask_seller_info"
    " become_vendor opt_out opt_in pickup complain search order"
).split()
Shows = Callable[[Turn], Mapping[str, Any]]


PUT = {
    "added": "added",
    "next": "next_wish",
    "too_many": "fewer",
    "no_more": "no_more",
    "limit": "full",
    "gone": "gone",
}
LOCATED = {
    "found": "landmark",
    "told": "recipient",
    "complete": "holding",
    "several": "quarters",
    "pinned": "pinned",
    "outside": "outside",
    "unknown": "quarter_again",
}


def _ask_units(says: str, shows: Shows) -> State:
    """How many units of the product on show."""
    asked = ask(says, read_quantity, wishing.add_to_basket, shows=shows, spoken=["no"])
    return replace(asked, goes=PUT | {"no": "pass_over"})


def _ask_quarter(says: str, **options: str) -> State:
    """Where it is brought; `options` are asides."""
    asked = ask(says, read_where, addresses.find_quarter, is_open=True, options=options, asides=options, spoken=["no"])
    return replace(asked, goes=LOCATED | options | {"no": "let_go"})


def _ask_who(says: str, shows: Shows | None = None, **others: str) -> State:
    """Who receives it; of `others`, who writes himself is offered, the rest is spoken."""
    asked = ask(says, read_who, addresses.keep_recipient, shows=shows, is_open=True, missed="missed_name")
    return _with(asked, {"kept": "phone", "complete": "holding"}, "myself", others)


def _ask_phone(says: str, shows: Shows | None = None, **others: str) -> State:
    """Whom to phone; of `others`, the phone that the channel told is offered, the rest is spoken."""
    asked = ask(says, read_phone_said, addresses.keep_phone, shows=shows, missed="missed_phone")
    return _with(asked, {"kept": "holding"}, "my_number", others)


def _with(asked: State, goes: dict[str, str], offered: str, others: dict[str, str]) -> State:
    options = tuple(choice for choice in others if choice == offered)
    spoken = tuple(choice for choice in others if choice != offered)
    return replace(asked, goes=goes | others, options=options, spoken=spoken)


def _ask_new_quantity(says: str, shows: Shows) -> State:
    """How many units a line of the basket shall have."""
    goes = {"changed": "basket", "too_many": "fewer_in_line", "gone": "basket", "no": "basket"}
    return replace(ask(says, read_quantity_or_none, baskets.change_quantity, shows=shows, spoken=["no"]), goes=goes)


def _hold(recap: str) -> State:
    """Hold the basket, and show this recap."""
    return do(
        checkout.hold,
        held=recap,
        changed="recap_changed",
        missing="missing",
        empty="basket_empty",
        incomplete="quarter",
    )


def _recap(says: str, shows: Shows) -> State:
    """The only question whose yes makes an order."""
    return choose(says, shows=shows, confirm="placing", correct="correcting", cancel="let_go")


GREETING: dict[str, State] = {
    "start": do(greeting.welcome, first="first", left="left", back="back", again="menu"),
    "first": choose("first", shows=greeting.welcomed, lasting=True, browse="categories", asides=["help"], help="help"),
    "left": choose(
        "left", shows=greeting.reminded, lasting=True, browse="categories", basket="basket", orders="orders"
    ),
    "back": choose(
        "back", shows=greeting.welcomed, lasting=True, browse="categories", basket="basket", orders="orders"
    ),
    "menu": choose("menu", lasting=True, browse="categories", basket="basket", orders="orders"),
    "greet": do(greeting.answer_greeting, begin="start", again="hello"),
    "hello": tell("hello", RETURN, shows=greeting.greeted),
    "bye": end("bye"),
    "thanks": tell("thanks", RETURN),
    "all_right": tell("all_right", RETURN),
}

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
    ),
    "gone": choose("gone", browse="categories", basket="basket"),
    "quantity": _ask_units("quantity", browsing.facts),
    "fewer": _ask_units("fewer", wishing.fewer),
    "no_more": choose("no_more", basket="basket", others="products"),
    "full": choose("full", checkout="checkout", basket="basket"),
    "added": choose("added", shows=wishing.added, checkout="checkout", go_on="products", basket="basket"),
}

WISHING: dict[str, State] = {
    "search": do(wishing.look_for, one="card", several="found", nothing="not_found", unnamed="which"),
    "which": ask(
        "which",
        read_words,
        wishing.look_for_words,
        is_open=True,
        spoken=["no"],
        proposed="proposal",
        one="card",
        several="found",
        nothing="not_found",
        no="menu",
    ),
    "found": pick(
        "found",
        browsing.product_rows,
        wishing.open_found,
        none="not_found",
        lasting=True,
        proposed="proposal",
        one="card",
    ),
    "not_found": choose(
        "not_found", shows=wishing.sought_words, search="which", browse="categories", person="person", asides=["person"]
    ),
    "order": do(
        wishing.take_wishes, proposed="proposal", one="card", several="found", nothing="not_found", unnamed="which"
    ),
    "proposal": choose("proposal", shows=wishing.proposal, stands=wishing.is_wanted, yes="add_wanted", no="pass_over"),
    "add_wanted": replace(do(wishing.add_wanted), goes=PUT),
    "pass_over": do(wishing.pass_over, next="next_wish", done="card"),
    "next_wish": do(wishing.next_wish, proposed="proposal", one="card", several="found", nothing="not_found"),
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

ADDRESS: dict[str, State] = {
    "checkout": do(
        checkout.begin,
        empty="basket_empty",
        same="same_address",
        quarter="quarter",
        landmark="landmark",
        recipient="recipient",
        phone="phone",
        complete="holding",
    ),
    "same_address": choose("same_address", shows=addresses.last_address, yes="last_address", no="quarter"),
    "last_address": do(addresses.use_last_address, kept="holding"),
    "quarter": _ask_quarter("quarter"),
    "quarter_again": _ask_quarter("quarter_again", person="person"),
    "quarters": pick(
        "quarters",
        addresses.quarter_rows,
        addresses.take_quarter,
        none="quarter",
        options=["other_quarter"],
        found="landmark",
        told="recipient",
        complete="holding",
        outside="outside",
        other_quarter="quarter",
    ),
    "pinned": choose("pinned", shows=addresses.place_spoken_of, yes="take_pin", no="quarter"),
    "take_pin": do(addresses.take_pin, found="landmark"),
    "outside": choose(
        "outside",
        shows=addresses.place_spoken_of,
        other_quarter="quarter",
        person="person",
        asides=["person"],
        basket="basket",
    ),
    "landmark": ask(
        "landmark",
        read_where,
        addresses.keep_landmark,
        is_open=True,
        keeps=["browse"],  # `le marché` is a landmark here
        options=["skip"],
        spoken=["give_up"],
        kept="recipient",
        complete="holding",
        far="outside",
        skip="no_landmark",
        give_up="let_go",
    ),
    "no_landmark": do(addresses.skip_landmark, kept="recipient", complete="holding"),
    "recipient": do(addresses.know_name, known="recipient_known", unknown="recipient_asked"),
    "recipient_known": _ask_who(
        "recipient_known", addresses.own_name, myself="own_name", another="recipient_asked", give_up="let_go"
    ),
    "recipient_asked": _ask_who("recipient_asked", no="let_go"),
    "own_name": do(addresses.use_own_name, kept="phone"),
    "phone": do(addresses.know_phone, known="phone_known", unknown="phone_asked"),
    "phone_known": _ask_phone(
        "phone_known", addresses.own_phone, my_number="own_phone", another_number="phone_asked", give_up="let_go"
    ),
    "phone_asked": _ask_phone("phone_asked", no="let_go"),
    "own_phone": do(addresses.use_own_phone, kept="holding"),
}

CHECKOUT: dict[str, State] = {
    "holding": _hold("recap"),
    "holding_anew": _hold("recap_expired"),
    "holding_changed": do(checkout.hold_again, held="recap_changed", missing="missing"),
    "recap": _recap("recap", checkout.recapped),
    "recap_changed": _recap("recap_changed", checkout.recapped_anew),
    "recap_expired": _recap("recap_expired", checkout.recapped),
    "placing": do(
        checkout.place,
        writes="after_yes",
        placed="placed",
        expired="holding_anew",
        changed="holding_changed",
        incomplete="checkout",
    ),
    "placed": choose("placed", shows=checkout.ordered, track="order_shown", menu="menu"),
    "missing": choose("missing", shows=checkout.missed, adapt="adapting", basket="basket"),
    "adapting": do(baskets.adapt, adapted="holding"),
    "correcting": choose("correcting", goods="lines", address="quarter", recipient="recipient", phone="phone"),
    "let_go": do(checkout.let_go, kept="basket_kept"),
    "basket_kept": choose("basket_kept", basket="basket", browse="categories", menu="menu"),
}

ORDERS: dict[str, State] = {
    "orders": pick(
        "orders",
        orders.order_rows,
        orders.pick_order,
        none="no_orders",
        lasting=True,
        picked="order_shown",
        unknown="menu",
    ),
    "no_orders": choose("no_orders", browse="categories", basket="basket"),
    "order_shown": pick(
        "order",
        orders.order_ways,
        orders.act_on_order,
        none="no_orders",
        shows=orders.whole,
        refresh="order_shown",
        cancel_order="cancelling",
        person="person",
        asides=["person"],
        unknown="menu",
    ),
    "track": do(orders.find_order, one="order_shown", several="orders", none="no_orders"),
    "order_this": do(orders.take_order, one="order_shown", unknown="unknown_order"),
    "order_named": do(orders.name_order, one="order_shown", unknown="unknown_order"),
    "unknown_order": tell("unknown_order", RETURN),
    "cancel_order": do(orders.find_cancellable, one="cancelling", several="cancel_which", none="none_to_cancel"),
    "cancel_which": pick(
        "cancel_which",
        orders.cancellable_rows,
        orders.pick_order,
        none="no_orders",
        picked="cancelling",
        unknown="menu",
    ),
    "none_to_cancel": choose("none_to_cancel", orders="orders", person="person", asides=["person"]),
    "cancelling": choose("cancelling", shows=orders.code_spoken_of, yes="cancel_now", no="order_shown"),
    "cancel_now": do(
        orders.cancel,
        writes="after_yes",
        done="cancelled",
        partly="cancelled_partly",
        too_late="cancel_too_late",
        already="cancelled_before",
    ),
    "cancelled": tell("cancelled", "menu", shows=orders.code_spoken_of),
    "cancelled_partly": tell("cancelled_partly", "order_shown", shows=orders.code_spoken_of),
    "cancel_too_late": choose(
        "cancel_too_late", shows=orders.code_spoken_of, person="person", asides=["person"], menu="menu"
    ),
    "cancelled_before": tell("cancelled_before", "menu", shows=orders.code_spoken_of),
}

INFORMATION: dict[str, State] = {
    "ask_delivery": do(
        information.quote_delivery, one_shop="delivery_fee", any_shop="delivery_fees", outside="delivery_outside"
    ),
    "delivery_fee": tell("delivery_fee", RETURN, shows=information.fee),
    "delivery_fees": tell("delivery_fees", RETURN, shows=information.fees),
    "delivery_outside": tell("delivery_outside", RETURN, shows=addresses.place_spoken_of),
    "ask_payment": tell("ask_payment", RETURN),
    "ask_trust": tell("ask_trust", RETURN),
    "ask_seller_info": do(information.find_seller, one="seller", many="all_sellers"),
    "seller": tell("seller", RETURN, shows=information.seller),
    "all_sellers": tell("all_sellers", RETURN),
    "become_vendor": tell("become_vendor", RETURN),
    "pickup": tell("pickup", RETURN),
    "opt_out": tell("opt_out", RETURN),
    "opt_in": tell("opt_in", RETURN),
}

BUYER = Dialog(
    name="buyer",
    start="start",
    helper="lost",
    states={
        **GREETING,
        **BROWSING,
        **WISHING,
        **BASKET,
        **ADDRESS,
        **CHECKOUT,
        **ORDERS,
        **INFORMATION,
        **settings(),
        **called_back(),
    },
    anywhere={
        **SETTINGS_WORDS,
        **dict.fromkeys(("panier", "mon panier", "basket", "cart"), "basket"),
        **dict.fromkeys(("commander", "valider", "checkout"), "checkout"),
        **dict.fromkeys(("mes commandes", "my orders", "orders"), "orders"),
        "suivi": "track",
        "produits": "categories",
        "products": "categories",
    },
    commands=dict.fromkeys(("suivi", "track", "commande", "order"), "order_named"),
    doors={"track": "order_this"},
    hears={
        **{intent: intent for intent in SAME_NAME},
        "browse": "categories",
        "view_cart": "basket",
        "clear_cart": "clear",
        "list_orders": "orders",
        **dict.fromkeys(("confirm", "deny"), "all_right"),
        "human": "person",
        **dict.fromkeys(("ask_price", "ask_stock"), "search"),
    },
)
