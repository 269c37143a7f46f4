"""The receipt of the order that is spoken of: in words, with its page."""

from datetime import timedelta
from typing import TypedDict

from bot import files, receipt_page
from bot.dialogs.buyer.orders import order_spoken_of
from bot.receipts import receipt_of, values_of
from bot.texts import say
from bot.turn import Turn


class Receipt(TypedDict):
    """The receipt in words, and its page: a public path with the name it is kept under."""

    receipt: str
    document: str
    document_name: str


def receipt(turn: Turn) -> Receipt:
    """Values of the receipt; an order that is gone has none."""
    order = order_spoken_of(turn)
    if order is None:
        return {"receipt": say(turn.person.language, "buyer.unknown_order", {}), "document": "", "document_name": ""}
    told = say(turn.person.language, "receipt.whole", values_of(receipt_of(order, turn.person.language)))
    until = turn.now + timedelta(seconds=turn.config.timing.receipt_link)
    path = files.path_to(receipt_page.KIND, turn.config.secret_key, order.id, until)
    return {"receipt": told, "document": path, "document_name": receipt_page.name_of_page(order.code)}
