"""What WhatsApp's own messages hold, whoever hands them on: names of people, cards, carts (channels.md §2.3, §2.4)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.messages import Card, CartItem
from handlers.words import count_in, line_in

PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
BSUID: Final = re.compile(r"[A-Z]{2}(?:\.[A-Za-z0-9]{1,128}){1,3}")
MOST_TEXT: Final = 200
MOST_CARDS, MOST_PHONES, MOST_ITEMS, MOST_UNITS = 5, 5, 30, 9999

Document = Mapping[str, Any]


def read_cards(documents: Iterable[Document]) -> tuple[Card, ...]:
    """The first contact cards of a message."""
    return tuple(_card(one) for one in [*documents][:MOST_CARDS])


def _card(document: Document) -> Card:
    name, phones = document.get("name"), document.get("phones")
    told = name.get("formatted_name") if isinstance(name, dict) else name
    listed = [one for one in phones if isinstance(one, dict)] if isinstance(phones, list) else []
    known = [f"+{number}" for one in listed if (number := _known(one))]
    typed = [line_in(one.get("phone"), MOST_TEXT) for one in listed if not _known(one)]
    return Card(line_in(told, MOST_TEXT), tuple(filter(None, (*known, *typed)))[:MOST_PHONES])


def _known(document: Document) -> str:
    """The number that WhatsApp knows, which is whole: it goes before those that are only typed."""
    known = line_in(document.get("wa_id"), MOST_TEXT)
    return known if known.isascii() and known.isdigit() else ""


def read_cart(documents: Iterable[Document]) -> tuple[CartItem, ...]:
    """The first lines of a native cart; one without a product or a number of pieces is left out."""
    return tuple(filter(None, (_item(one) for one in [*documents][:MOST_ITEMS])))


def _item(document: Document) -> CartItem | None:
    product = line_in(document.get("product_retailer_id"), MOST_TEXT)
    quantity, price = count_in(document.get("quantity")), count_in(document.get("item_price"))
    return CartItem(product, min(quantity, MOST_UNITS), price) if product and quantity else None
