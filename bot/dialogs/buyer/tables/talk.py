"""What is said around the goods: greetings, the buyer's orders, questions from anywhere."""

from bot.dialog import RETURN, State, choose, do, end, pick, tell
from bot.dialogs.buyer import addresses, greeting, information, orders

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

ORDERS: dict[str, State] = {
    "orders": pick(
        "orders",
        orders.order_rows,
        orders.pick_order,
        none="no_orders",
        lasting=True,
        spoken=["cancel_order"],
        picked="order_shown",
        unknown="menu",
        cancel_order="cancel_order",
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
        spoken=["no"],
        picked="cancelling",
        unknown="menu",
        no="orders",
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
    "negotiate": tell("negotiate", RETURN),
    "opt_out": tell("opt_out", RETURN),
    "opt_in": tell("opt_in", RETURN),
}
