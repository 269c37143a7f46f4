"""Where a shop brings its goods, and for how much: the prices that a message tells are shown, and count after a yes."""

from collections.abc import Mapping
from typing import Literal, TypedDict

from base.money import format_short
from base.places import find_places, name_of
from bot import rights
from bot.dialogs.means import words
from bot.dialogs.zones import DEAREST, read_zones
from bot.turn import Turn
from catalog import vendors

KEPT = "zones"  # in memory: slug of base.places -> F CFA
MOST_SHOWN = 12  # places


class Prices(TypedDict):
    """Names of the shops, and a line for each place with its price."""

    shops: str
    prices: str


def own_shops(turn: Turn) -> tuple[int, ...]:
    """The shops whose delivery prices this person sets."""
    return rights.shops(turn, "zones")


def hear(turn: Turn) -> Literal["told", "untold"]:
    """Places with their prices are kept until a yes; untold: none, or one of them is no place or has no price."""
    read = read_zones(turn.words)
    told = read["zones"] if read and not read["unserved"] else _understood(turn)
    turn.memory[KEPT] = told
    return "told" if told else "untold"


def _understood(turn: Turn) -> dict[str, int]:
    told = {}
    for one in turn.heard:
        found = find_places(str(one.slots.get("place") or ""))
        price = one.slots.get("price")
        if found.exact is None or found.rest or not isinstance(price, int) or not 0 <= price <= DEAREST:
            return {}
        told[found.exact.slug] = price
    return told


def is_kept(turn: Turn) -> bool:
    """Whether prices wait for their yes."""
    return bool(turn.memory.get(KEPT))


def kept(turn: Turn) -> Prices:
    """Values of the question whether these shall be the prices."""
    return _told(turn, turn.memory.get(KEPT) or {})


def now(turn: Turn) -> Prices:
    """Values of the texts about the prices as they are."""
    known = vendors.vendors(turn.db, own_shops(turn)).values()
    return _told(turn, next((dict(shop.delivery.zones) for shop in known), {}))


def _told(turn: Turn, prices: Mapping[str, int]) -> Prices:
    named = sorted((name_of(slug), fee) for slug, fee in prices.items())
    lines = [words(turn, "zones.price", place=place, price=format_short(fee)) for place, fee in named]
    shops = ", ".join(shop.name for shop in vendors.vendors(turn.db, own_shops(turn)).values())
    shown = lines[:MOST_SHOWN] or [words(turn, "zones.usual")]
    return {"shops": shops, "prices": "\n".join((*shown, *(["…"] if len(lines) > MOST_SHOWN else [])))}


def set_prices(turn: Turn) -> Literal["done"]:
    """These are the prices from now on; other places stay as they are. A recap that is open is shown anew."""
    vendors.set_zones(turn.db, own_shops(turn), turn.memory.pop(KEPT, None) or {})
    return "done"
