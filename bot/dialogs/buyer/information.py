"""Questions about delivery and sellers, answered from the market's own rows."""

from typing import Literal, TypedDict

from base.places import Place, find_places, position
from bot.dialogs.buyer.browsing import product_on_show
from bot.dialogs.means import quarter_name, terms
from bot.turn import Turn
from catalog.vendors import Vendor, vendor
from orders.basket import basket_of
from orders.delivery import fee_from


class Fee(TypedDict):
    """What bringing goods from one shop to a quarter costs, F CFA."""

    vendor: str
    quarter: str
    fee: int
    delay: str


class Fees(TypedDict):
    """The least and the most that a delivery costs, F CFA."""

    least: int
    most: int


class Seller(TypedDict):
    """Who sells the product on show."""

    name: str
    vendor: str
    quarter: str
    landmark: str


def quote_delivery(turn: Turn) -> Literal["one_shop", "any_shop", "outside"]:
    """What delivery costs: exactly when shop and quarter are known, else from least to most."""
    place = _asked_place(turn)
    if place is not None and place.kind != "quartier":
        turn.memory["place"] = place.slug
        return "outside"
    shop = _shop_spoken_of(turn)
    if place is None or shop is None:
        return "any_shop"
    turn.memory["fee"] = fee_from(shop, *position(place), terms(turn).bands)
    turn.memory["fee_of"] = [shop.id, place.slug]
    return "one_shop"


def _asked_place(turn: Turn) -> Place | None:
    found = find_places(str(turn.slot("place") or ""))
    return found.exact or next(iter(found.candidates), None)


def _shop_spoken_of(turn: Turn) -> Vendor | None:
    product = product_on_show(turn)
    if product:
        return vendor(turn.db, product.vendor_id)
    shops = basket_of(turn.db, turn.person.contact_id).shops
    return vendor(turn.db, shops[0].vendor_id) if len(shops) == 1 else None


def fee(turn: Turn) -> Fee:
    """Values of the exact price."""
    shop_id, slug = turn.memory["fee_of"]
    shop = vendor(turn.db, shop_id)
    return {
        "vendor": shop.name if shop else "",
        "quarter": quarter_name(slug),
        "fee": turn.memory["fee"],
        "delay": shop.delay if shop else "24h",
    }


def fees(turn: Turn) -> Fees:
    """Values of the range of prices."""
    bands = terms(turn).bands
    return {"least": bands[0][1], "most": bands[-1][1]}


def find_seller(turn: Turn) -> Literal["one", "many"]:
    """Whether one shop is spoken of."""
    return "one" if product_on_show(turn) else "many"


def seller(turn: Turn) -> Seller:
    """Values of who sells the product on show."""
    product = product_on_show(turn)
    shop = vendor(turn.db, product.vendor_id) if product else None
    return {
        "name": product.name if product else "",
        "vendor": shop.name if shop else "",
        "quarter": quarter_name(shop.quarter) if shop else "",
        "landmark": f", {shop.landmark}" if shop and shop.landmark else "",
    }
