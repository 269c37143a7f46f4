"""The buyer's dialog: its tables, and how one comes into them from anywhere."""

from bot.dialog import Dialog
from bot.dialogs.buyer.tables.checkout import ADDRESS, CHECKOUT
from bot.dialogs.buyer.tables.goods import BASKET, BROWSING, WISHING
from bot.dialogs.buyer.tables.talk import GREETING, INFORMATION, ORDERS
from bot.dialogs.calling import called_back
from bot.dialogs.settings import SETTINGS_WORDS, settings

SAME_NAME = (  # intents that lead to the state of their own name
    "greet thanks bye help menu checkout track cancel_order ask_delivery ask_payment ask_trust ask_seller_info"
    " become_vendor opt_out opt_in pickup negotiate complain search order"
).split()

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
        **dict.fromkeys(("photo", "photos", "la photo", "voir la photo", "picture"), "photo"),
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
