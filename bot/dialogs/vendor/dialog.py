"""The vendor's dialog: its tables, and how one comes into them from anywhere."""

from bot.dialog import Dialog
from bot.dialogs.calling import people
from bot.dialogs.settings import SETTINGS_WORDS, settings
from bot.dialogs.vendor.tables.orders import ANSWERS, COMING_BACK, DELIVERY, LISTS
from bot.dialogs.vendor.tables.shop import SHOP
from bot.dialogs.vendor.tables.talk import LED_BY, SIGNS, TALK

VENDOR = Dialog(
    name="vendor",
    start="menu",
    helper="lost",
    states={**LISTS, **ANSWERS, **DELIVERY, **COMING_BACK, **SHOP, **TALK, **SIGNS, **settings(), **people()},
    anywhere={
        **SETTINGS_WORDS,
        "commandes": "waiting",
        "orders": "waiting",
        "en cours": "working",
        "liste": "goods",
        "ma liste": "goods",
        "list": "goods",
        "pause": "pause_first",
        "ouvrir": "resume_first",
        "open": "resume_first",
    },
    commands={
        "a": "accept_named",
        "accepter": "accept_named",
        "accept": "accept_named",
        "r": "refuse_named",
        "refuser": "refuse_named",
        "refuse": "refuse_named",
        "p": "ready_named",
        "pret": "ready_named",
        "ready": "ready_named",
        "remis": "handed_named",
        "handed": "handed_named",
        "livre": "delivered_named",
        "delivered": "delivered_named",
        "retour": "returned_named",
        "return": "returned_named",
    },
    signs=LED_BY,
    doors={
        "accept": "accept_this",
        "refuse": "refuse_this",
        "delivered": "delivered_this",
        "handed_over": "handed_this",
    },
    hears={
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
        "list_my_products": "goods",
        "pause": "pause_first",
        "resume": "resume_first",
        "sales_report": "report",
        "settings": "shop_settings",
    },
)
