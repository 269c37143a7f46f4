"""What WhatsApp's own messages hold, whoever hands them on: names of people, cards, carts (channels.md §2.3, §2.4)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.messages import Card, CartItem
from handlers import carts
from handlers.words import line_in

PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")
BSUID: Final = re.compile(r"[A-Z]{2}(?:\.[A-Za-z0-9]{1,128}){1,3}")
MOST_TEXT: Final = 200
MOST_CARDS, MOST_PHONES = 5, 5

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
    """The lines of a native cart."""
    return carts.read_cart(documents, "product_retailer_id", "item_price")
