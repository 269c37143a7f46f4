"""The vendor's dialog: its tables, and how one comes into them from anywhere."""

from bot.dialog import RETURN, Dialog, State, tell
from bot.dialogs.calling import people
from bot.dialogs.flagging import FLAG_WORDS, buyer_rows, choose_buyer, flagging
from bot.dialogs.for_shops import COMMANDS
from bot.dialogs.helping import help_among
from bot.dialogs.settings import SETTINGS_WORDS, settings
from bot.dialogs.vendor.helping import TOPICS
from bot.dialogs.vendor.tables.adding import ADDING
from bot.dialogs.vendor.tables.barring import BAR_COMMANDS, BAR_WORDS, BARRING
from bot.dialogs.vendor.tables.day import CHECK, FIGURES, OPENING, PRICES_OF_DELIVERY, PROMOTIONS, SETTINGS
from bot.dialogs.vendor.tables.orders import ANSWERS, COMING_BACK, DELIVERY, LISTS
from bot.dialogs.vendor.tables.people import PEOPLE
from bot.dialogs.vendor.tables.price_lists import PRICE_LISTS
from bot.dialogs.vendor.tables.questions import QUESTION_WORDS, QUESTIONS, REPLY_COMMANDS
from bot.dialogs.vendor.tables.serving import LYING, PARTLY, RIDERS
from bot.dialogs.vendor.tables.shop import SHOP
from bot.dialogs.vendor.tables.stock import STOCK
from bot.dialogs.vendor.tables.talk import LED_BY, SIGNS, TALK
from bot.dialogs.workshops import WORKSHOP_COMMANDS, WORKSHOP_DOORS, WORKSHOP_HEARS, WORKSHOP_WORDS, workshops
from bot.new_goods import is_caption
from bot.order_words import AWAY_SAID, PARTLY_SAID
from bot.rider_words import RIDER_SAID
from bot.shop_words import OPEN_ASKED

STOCK_INTENTS = (
    "set_stock",
    "add_stock",
    "remove_stock",
    "out_of_stock",
    "back_in_stock",
    "set_price",
    "hide",
    "delete_product",
)
"""What is said of stock, in one part or several."""

STATES: dict[str, State] = {
    **LISTS,
    **ANSWERS,
    **PARTLY,
    **LYING,
    **RIDERS,
    **DELIVERY,
    **COMING_BACK,
    **QUESTIONS,
    **SHOP,
    **STOCK,
    **ADDING,
    **PRICE_LISTS,
    **OPENING,
    **PRICES_OF_DELIVERY,
    **PROMOTIONS,
    **FIGURES,
    **SETTINGS,
    **CHECK,
    **PEOPLE,
    **BARRING,
    **TALK,
    **SIGNS,
    **settings(),
    **people(),
    **workshops(),
    **flagging(buyer_rows, choose_buyer),
}

VENDOR = Dialog(
    name="vendor",
    start="menu",
    helper="lost",
    states={**STATES, "help": tell("help", RETURN, shows=help_among("vendor", TOPICS, STATES))},
    anywhere={
        **SETTINGS_WORDS,
        **QUESTION_WORDS,
        **WORKSHOP_WORDS,
        **FLAG_WORDS,
        **BAR_WORDS,
        "commandes": "waiting",
        "orders": "waiting",
        "en cours": "working",
        **dict.fromkeys(("liste", "list", "excel", "liste excel", "ma liste excel", "list excel"), "list_own"),
        "ma liste": "goods",
        **dict.fromkeys(
            ("ajouter", "ajouter produit", "ajouter un produit", "nouveau produit", "new product", "add product"),
            "add_may",
        ),
        **dict.fromkeys(("stock", "mon stock", "my stock"), "shelves"),
        **dict.fromkeys(("promos", "mes promos"), "promos"),
        **dict.fromkeys(("sales", "my sales"), "report_heard"),
        "pause": "pause_first",
        "ouvrir": "resume_first",
        "open": "resume_first",
        **dict.fromkeys(("annule", "annuler", "annulez", "undo"), "undo_first"),
        **dict.fromkeys(("petits changements", "petit changement", "small changes"), "small_first"),
        **dict.fromkeys(("accepter une partie", "accept a part", "en partie", "in part"), "partly_named"),
        **dict.fromkeys(("mon livreur", "my rider"), "rider_named"),
        **dict.fromkeys(("aides", "mes aides", "helpers", "my helpers"), "helpers_first"),
        **dict.fromkeys(("reglages", "ma boutique reglages", "settings"), "shop_settings"),
    },
    commands={
        **COMMANDS,
        **REPLY_COMMANDS,
        **BAR_COMMANDS,
        **WORKSHOP_COMMANDS,
        "a": "accept_named",
        "accepter": "accept_named",
        "accept": "accept_named",
        "r": "refuse_named",
        "refuser": "refuse_named",
        "refuse": "refuse_named",
        **dict.fromkeys(("partie", "part"), "partly_named"),
        **dict.fromkeys(("livreur", "rider"), "rider_named"),
        "p": "ready_named",
        "pret": "ready_named",
        "ready": "ready_named",
        "remis": "handed_named",
        "handed": "handed_named",
        "livre": "delivered_named",
        "delivered": "delivered_named",
        "code": "delivered_named",
        **dict.fromkeys(("tg", "voir", "see", "detail", "details"), "part_named"),
        "retour": "returned_named",
        "return": "returned_named",
        **dict.fromkeys(("appliquer", "apply"), "list_yes"),
        **dict.fromkeys(("laisser", "leave"), "list_no"),
        **dict.fromkeys(("o", "y"), "voice_yes_this"),
        "n": "voice_no_this",
        "compter": "check_this",
        "count": "check_this",
    },
    signs=LED_BY,
    captions={"image": is_caption},
    doors={
        **WORKSHOP_DOORS,
        "accept": "accept_this",
        "refuse": "refuse_this",
        "partly": "partly_this",
        "delivered": "delivered_this",
        "handed_over": "handed_this",
        "apply_list": "list_this",
        "drop_list": "list_not_this",
        "undo_list": "list_undo_this",
        "photo_again": "photo_again",
        "see_orders": "waiting",
        "voice_yes": "voice_yes_this",
        "voice_no": "voice_no_this",
        "answer": "reply_this",
        "check": "check_this",
        "restock": "restock_this",
        "open_shop": "menu",
    },
    hears={
        RIDER_SAID: "rider_heard",
        PARTLY_SAID: "partly_heard",
        AWAY_SAID: "away_heard",
        OPEN_ASKED: "open_told",
        **WORKSHOP_HEARS,
        "greet": "hello",
        "thanks": "thanks",
        "bye": "bye",
        "help": "help",
        "menu": "menu",
        "orders_pending": "waiting",
        "accept_order": "accept_heard",
        "refuse_order": "refusal_heard",
        "ready": "ready_heard",
        "handed_over": "handed_heard",
        "delivered": "delivered_heard",
        "confirm": "yes_or_no",
        "deny": "yes_or_no",
        "human": "person",
        **dict.fromkeys((*STOCK_INTENTS, "undo"), "stock_heard"),
        "list_my_products": "goods_heard",
        "pause": "pause_heard",
        "resume": "resume_first",
        "set_hours": "hours_first",
        "promo": "promo_first",
        "end_promo": "promo_end_first",
        **dict.fromkeys(("sales_report", "dashboard"), "report_heard"),
        "traffic_report": "traffic",
        "payout_info": "payout_heard",
        "set_alert": "few_heard",
        "set_zone": "zones_first",
        "settings": "settings_heard",
        "add_product": "add_heard_may",
        "add_helper": "helper_heard",
        "photo_for": "photo_heard",
        "share_link": "share_heard",
    },
)
