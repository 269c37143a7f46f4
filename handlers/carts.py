"""Carts that were filled in a provider's own catalogue, the same wherever they come from (channels.md §2.4, §3.2)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.messages import CartItem
from handlers.words import count_in, line_in

MOST_ITEMS, MOST_UNITS = 30, 9999
MOST_SLUG: Final = 200


def read_cart(lines: Iterable[Mapping[str, Any]], product: str, price: str) -> tuple[CartItem, ...]:
    """The first lines of a cart; one without a product or a number of pieces is left out.

    `product` and `price` are the provider's names of what a line says of the seller's id and of one piece's price.
    """
    return tuple(filter(None, (_item(line, product, price) for line in [*lines][:MOST_ITEMS])))


def _item(line: Mapping[str, Any], product: str, price: str) -> CartItem | None:
    slug, quantity = line_in(line.get(product), MOST_SLUG), count_in(line.get("quantity"))
    return CartItem(slug, min(quantity, MOST_UNITS), count_in(line.get(price))) if slug and quantity else None
