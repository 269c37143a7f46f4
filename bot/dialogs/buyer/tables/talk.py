"""What is said around the goods: greetings, the buyer's orders, questions from anywhere."""

from bot.dialog import RETURN, State, choose, do, end, pick, tell
from bot.dialogs.buyer import addresses, asking, baskets, greeting, information, orders, paying, places, receipts
from bot.dialogs.calling import calling_back
from bot.dialogs.settings import hear_language

GREETING: dict[str, State] = {
    "start": do(greeting.welcome, first="first", left="left", back="back", again="menu"),
    "first": choose(
        "first", shows=greeting.welcomed_first, lasting=True, browse="categories", asides=["help"], help="help"
    ),
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
    "smalltalk": tell("smalltalk", RETURN),
    "abuse": tell("abuse", RETURN),
    "language_heard": do(
        hear_language, french="to_french", english="to_english", same="language_set", unnamed="language"
    ),
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
        change_order="change_order",
        cancel_order="cancelling",
        receipt="receipt_shown",
        person="person",
        asides=["receipt", "person"],
        unknown="menu",
    ),
    "receipt": do(orders.find_receipt, one="receipt_shown", several="orders", none="no_orders"),
    "receipt_named": do(orders.name_order, one="receipt_shown", unknown="unknown_order"),
    "receipt_shown": tell("receipt", RETURN, shows=receipts.receipt),
    "track_order": do(orders.find_order, one="order_shown", several="orders", none="not_yet"),
    "not_yet": do(baskets.is_filled, filled="not_ordered", empty="no_orders"),
    "not_ordered": tell("not_ordered", "basket"),
    "order_this": do(orders.take_order, one="order_shown", unknown="unknown_order"),
    "order_named": do(orders.name_order, one="order_shown", unknown="unknown_order"),
    "unknown_order": tell("unknown_order", RETURN),
    "cancel_order": do(
        orders.find_cancellable,
        one="cancelling",
        several="cancel_which",
        workshop="workshop_meant",
        none="none_to_cancel",
    ),
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
    "cancelled": tell("cancelled", "menu", shows=orders.ended),
    "cancelled_partly": tell("cancelled_partly", "order_shown", shows=orders.code_spoken_of),
    "cancel_too_late": choose(
        "cancel_too_late", shows=orders.code_spoken_of, person="person", asides=["person"], menu="menu"
    ),
    "cancelled_before": tell("cancelled_before", "menu", shows=orders.code_spoken_of),
}

INFORMATION: dict[str, State] = {
    "ask_delivery": do(
        information.quote_delivery,
        one_shop="delivery_fee",
        any_shop="delivery_fees",
        parcel="delivery_parcel",
        outside="delivery_outside",
        unserved="delivery_unserved",
    ),
    "delivery_fee": tell("delivery_fee", RETURN, shows=information.fee),
    "delivery_fees": tell("delivery_fees", RETURN, shows=information.fees),
    "delivery_parcel": tell("delivery_parcel", RETURN, shows=information.parcel),
    "delivery_outside": tell("delivery_outside", RETURN, shows=places.parcel_spoken_of),
    "delivery_unserved": tell("delivery_unserved", RETURN, shows=information.unserved),
    "ask_payment": do(paying.hear_question, ways="payment_ways", number="payment_number", order="payment_due"),
    "payment_ways": tell("ask_payment", RETURN),
    "payment_number": tell("payment_number", RETURN),
    "payment_due": choose(
        "payment_due",
        shows=paying.due,
        stands=paying.is_due,
        track="order_shown",
        person="person",
        asides=["person"],
        menu="at_menu",
    ),
    "choose_payment": do(paying.choose_method, wished="payment_wished", order="payment_of_order", other="payment_ways"),
    "payment_wished": tell("payment_wished", RETURN, shows=paying.wished),
    "payment_of_order": choose(
        "payment_of_order", shows=paying.wished_for, stands=paying.is_payable, yes="pay_so", no=RETURN
    ),
    "pay_so": do(paying.wish_for_order, writes="after_yes", done="payment_kept", unknown="unknown_order"),
    "payment_kept": tell("payment_kept", RETURN, shows=paying.wished_for),
    "payment_claim": do(paying.claim, called="payment_claimed", waiting="payment_claimed", unreachable="person_phone"),
    "payment_claimed": tell("payment_claimed", RETURN, shows=paying.claimed),
    "payment_problem": do(
        calling_back("payment_problem"),
        called="payment_problem_kept",
        waiting="person_waiting",
        unreachable="person_phone",
    ),
    "payment_problem_kept": tell("payment_problem_kept", RETURN),
    "ask_trust": tell("ask_trust", RETURN),
    "ask_seller_info": do(
        information.find_seller,
        one="seller",
        many="all_sellers",
        phones="phones_told",
        question="seller_question",
        hidden="numbers_hidden",
    ),
    "seller_question": choose(
        "seller_question", shows=asking.about, stands=asking.is_on_show, yes="ask_first", no=RETURN
    ),
    "numbers_hidden": tell("numbers_hidden", RETURN),
    "seller": tell("seller", RETURN, shows=information.seller),
    "all_sellers": tell("all_sellers", RETURN, shows=information.sellers),
    "pickup": do(addresses.take_pickup, kept="checkout", none="pickup_possible", impossible="no_pickup"),
    "negotiate": tell("negotiate", RETURN),
}
