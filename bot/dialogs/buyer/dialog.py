"""The buyer's dialog: its tables, and how one comes into them from anywhere."""

from bot.dialog import RETURN, Dialog, State, tell
from bot.dialogs.buyer.helping import TOPICS
from bot.dialogs.buyer.signs import LED_BY, SIGNS
from bot.dialogs.buyer.tables.after import ANOTHER_SHOP, ASKED, CHANGING, COMPLAINING, ERRANDS
from bot.dialogs.buyer.tables.asking import ASKING, ASKING_COMMANDS, ASKING_WORDS
from bot.dialogs.buyer.tables.checkout import ADDRESS, CHECKOUT
from bot.dialogs.buyer.tables.goods import ALERTS, BASKET, BROWSING, LISTING, WISHING
from bot.dialogs.buyer.tables.rights import ANNOUNCEMENTS, DATA, LINKING, RIGHTS_WORDS
from bot.dialogs.buyer.tables.selling import APPLYING
from bot.dialogs.buyer.tables.talk import GREETING, INFORMATION, ORDERS
from bot.dialogs.calling import called_back
from bot.dialogs.for_shops import COMMANDS, DOORS, answers, buttons
from bot.dialogs.helping import help_among
from bot.dialogs.settings import SETTINGS_WORDS, settings
from bot.dialogs.workshops import WORKSHOP_COMMANDS, WORKSHOP_DOORS, WORKSHOP_HEARS, WORKSHOP_WORDS, workshops

SAME_NAME = (  # intents that lead to the state of their own name
    "greet thanks bye help checkout track cancel_order ask_delivery ask_payment ask_trust ask_seller_info"
    " become_vendor opt_out opt_in pickup negotiate complain search order alert_me choose_payment payment_claim"
    " payment_problem smalltalk abuse data_request change_quantity remove_item ask_variant"
    " ask_quality open_link"
).split()
IN_PUBLIC = frozenset(  # what a comment below a post may ask of the market: goods, and questions before buying
    "search order open_link ask_price ask_stock ask_photo ask_variant ask_quality ask_delivery ask_payment ask_trust"
    " ask_seller_info pickup negotiate browse become_vendor event_info help".split()
)

STATES: dict[str, State] = {
    **GREETING,
    **BROWSING,
    **WISHING,
    **LISTING,
    **ASKING,
    **ALERTS,
    **BASKET,
    **ADDRESS,
    **CHECKOUT,
    **ORDERS,
    **ASKED,
    **CHANGING,
    **ANOTHER_SHOP,
    **COMPLAINING,
    **ERRANDS,
    **INFORMATION,
    **SIGNS,
    **ANNOUNCEMENTS,
    **DATA,
    **LINKING,
    **APPLYING,
    **answers(),
    **buttons(),
    **settings(),
    **called_back(),
    **workshops(),
}

BUYER = Dialog(
    name="buyer",
    start="start",
    helper="lost",
    states={**STATES, "help": tell("help", RETURN, shows=help_among("buyer", TOPICS, STATES))},
    anywhere={
        **SETTINGS_WORDS,
        **RIGHTS_WORDS,
        **ASKING_WORDS,
        **WORKSHOP_WORDS,
        **dict.fromkeys(("menu", "accueil", "home"), "at_menu"),  # where a question may come first, once
        **dict.fromkeys(("panier", "mon panier", "basket", "cart"), "basket"),
        **dict.fromkeys(("commander", "valider", "checkout"), "checkout"),
        **dict.fromkeys(("mes commandes", "my orders", "orders"), "orders"),
        **dict.fromkeys(("photo", "photos", "la photo", "voir la photo", "picture"), "photo"),
        **dict.fromkeys(("code", "mon code", "le code", "my code"), "codes"),
        **dict.fromkeys(("recu", "mon recu", "le recu", "facture", "ma facture", "la facture", "receipt"), "receipt"),
        **dict.fromkeys(("meme boutique", "la meme boutique", "same shop", "the same shop"), "same_shop"),
        "suivi": "track_order",
        **dict.fromkeys(("mot au vendeur", "un mot au vendeur", "note", "word to the seller"), "note"),
        **dict.fromkeys(("catalogue", "le catalogue", "voir le catalogue", "catalog", "the catalogue"), "catalogue"),
        **dict.fromkeys(("vendre", "devenir vendeur", "devenir vendeuse", "ouvrir une boutique"), "become_vendor"),
        **dict.fromkeys(("ouvrir ma boutique", "sell", "become a seller", "open a shop"), "become_vendor"),
        "produits": "categories",
        "products": "categories",
    },
    commands={
        **COMMANDS,
        **ASKING_COMMANDS,
        **WORKSHOP_COMMANDS,
        **dict.fromkeys(("suivi", "track", "commande", "order"), "order_named"),
        **dict.fromkeys(("modifier", "change"), "change_named"),
        **dict.fromkeys(("remplacer", "replace"), "swap"),
        **dict.fromkeys(("attendre", "wait"), "wait_this"),
        **dict.fromkeys(("abandonner", "drop"), "drop_this"),
        **dict.fromkeys(("garder", "keep"), "keep_rest_this"),
        **dict.fromkeys(("course", "errand"), "errand_named"),
        **dict.fromkeys(("livre", "delivered"), "errand_ending"),
        **dict.fromkeys(("recu", "facture", "receipt"), "receipt_named"),
        **dict.fromkeys(("lier", "link"), "link_named"),
        **dict.fromkeys(("delier", "unlink"), "unlink_named"),
    },
    doors={
        **DOORS,
        **WORKSHOP_DOORS,
        "track": "order_this",
        "see": "arrived_this",
        "ask": "ask_this",
        "basket": "basket",
        "swap": "swap",
        "wait_on": "wait_this",
        "drop": "drop_this",
        "keep_rest": "keep_rest_this",
        "drop_rest": "drop_this",
    },
    signs=LED_BY,
    public=IN_PUBLIC,
    hears={
        **{intent: intent for intent in SAME_NAME},
        **WORKSHOP_HEARS,
        "menu": "at_menu",
        "language": "language_heard",
        "browse": "categories",
        "view_cart": "basket",
        "clear_cart": "clear",
        "list_orders": "orders",
        **dict.fromkeys(("confirm", "deny"), "all_right"),
        "human": "person",
        "give_address": "address_said",
        "give_name": "name_said",
        "give_phone": "phone_said",
        "refund_request": "refund",
        "ask_photo": "photo",
        "choose": "ask_variant",
        "more": "nothing_more",
        **dict.fromkeys(("ask_price", "ask_stock"), "search"),
    },
)
