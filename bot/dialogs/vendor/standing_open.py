"""Whether a shop is open, for a vendor who asks: told with its hours, and nothing is opened or shut by it."""

from collections.abc import Iterator
from typing import TypedDict

from bot.dialogs.means import words
from bot.dialogs.vendor.opening import hours_told, known_shops, pause_told
from bot.turn import Turn
from catalog.vendors import Vendor


class Standing(TypedDict):
    """Of each shop whether it is open, its hours, and a pause to come, on lines of their own."""

    shops: str


def standing(turn: Turn) -> Standing:
    """Values of `is my shop open?`."""
    return {"shops": "\n".join(line for shop in known_shops(turn) for line in _lines(turn, shop))}


def _lines(turn: Turn, shop: Vendor) -> Iterator[str]:
    time = pause_told(turn, shop)
    if shop.is_open:
        yield words(turn, "vendor.standing.open", shop=shop.name)
    elif time:
        yield words(turn, "vendor.standing.shut_until", shop=shop.name, time=time)
    else:
        yield words(turn, "vendor.standing.shut", shop=shop.name)
    yield hours_told(turn, shop.hours or turn.config.market.opening)
    if shop.is_open and time:
        yield words(turn, "vendor.standing.pause", time=time)
