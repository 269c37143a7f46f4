"""Questions about delivery and sellers, answered from the market's own rows."""

from typing import Literal, TypedDict

from base.places import Place, find_places, is_in_grand_lome, is_in_togo, nearest, nearest_town, position
from base.spelling import normalise
from bot.dialogs.buyer import opening
from bot.dialogs.buyer.browsing import product_on_show
from bot.dialogs.buyer.following import PHONE_WORDS, phones
from bot.dialogs.means import quarter_name, shop_called, terms
from bot.turn import Turn
from bot.understanding.buyer_asking import NUMBER
from catalog.vendors import Vendor, vendor
from orders.basket import basket_of
from orders.delivery import Destination, Way
from orders.delivery import fee as fee_of


class Fee(TypedDict):
    """What bringing goods from one shop to a quarter costs, F CFA."""

    vendor: str
    quarter: str
    fee: int
    delay: str


class ParcelFee(TypedDict):
    """What a parcel by bus to a town costs, F CFA."""

    quarter: str
    fee: int


class Unserved(TypedDict):
    """A shop and a place it sends nothing to."""

    vendor: str
    quarter: str


class Fees(TypedDict):
    """The least and the most that a delivery costs, F CFA."""

    least: int
    most: int


class FeesHere(Fees):
    """The same, and the quarter that a pin lies in."""

    quarter: str


class Seller(TypedDict):
    """Who sells the product on show."""

    name: str
    vendor: str
    quarter: str
    landmark: str
    hours: str
    level: str


class Sellers(TypedDict):
    """When most shops are open: a sentence."""

    hours: str


def quote_delivery(turn: Turn) -> Literal["one_shop", "any_shop", "parcel", "outside", "unserved"]:
    """What delivery costs: exactly when shop and place are known, else from least to most.

    parcel: to a town, by bus. outside: neither rider nor bus go there, but a bus goes near.
    """
    place, shop = _asked_place(turn), _shop_spoken_of(turn)
    if place is None:
        return "any_shop"
    turn.memory["place"] = place.slug
    if place.kind == "outside":
        turn.memory["town"] = nearest_town(*position(place)).slug
        return "outside"
    way: Way = "parcel" if place.kind == "town" else "delivery"
    turn.memory["fee_of"] = [shop.id if shop else 0, place.slug]
    turn.memory["fee"] = terms(turn).fees.parcel
    if shop is not None:
        to = Destination(way, place.slug, *position(place))
        turn.memory["fee"] = fee_of(shop, to, _goods(turn, shop), terms(turn).fees)
        if turn.memory["fee"] is None:
            return "unserved"
    if way == "parcel":
        return "parcel"
    return "one_shop" if shop else "any_shop"


def _goods(turn: Turn, shop: Vendor) -> int:
    """F CFA of what already lies in the basket from this shop."""
    found = (one.goods for one in basket_of(turn.db, turn.person.contact_id).shops if one.vendor_id == shop.id)
    return next(found, 0)


def quote_here(turn: Turn) -> Literal["one_shop", "any_shop", "outside", "unserved", "abroad"]:
    """The same for the pin of this message, which no question asked for. abroad: it is outside Togo."""
    pin = turn.said.location
    if pin is None or not is_in_togo(pin.latitude, pin.longitude):
        return "abroad"
    near = nearest(pin.latitude, pin.longitude) if is_in_grand_lome(pin.latitude, pin.longitude) else None
    if near is None or near.kind != "quartier":
        turn.memory["place"] = turn.memory["town"] = nearest_town(pin.latitude, pin.longitude).slug
        return "outside"
    turn.memory["place"] = near.slug
    shop = _shop_spoken_of(turn)
    if shop is None:
        return "any_shop"
    to = Destination("delivery", near.slug, pin.latitude, pin.longitude)
    turn.memory["fee"] = fee_of(shop, to, _goods(turn, shop), terms(turn).fees)
    turn.memory["fee_of"] = [shop.id, near.slug]
    return "one_shop" if turn.memory["fee"] is not None else "unserved"


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


def parcel(turn: Turn) -> ParcelFee:
    """Values of what a parcel by bus costs."""
    return {"quarter": quarter_name(turn.memory["fee_of"][1]), "fee": turn.memory["fee"]}


def unserved(turn: Turn) -> Unserved:
    """Values of `this shop does not send there`."""
    shop_id, slug = turn.memory["fee_of"]
    shop = vendor(turn.db, shop_id)
    return {"vendor": shop.name if shop else "", "quarter": quarter_name(slug)}


def fees(turn: Turn) -> Fees:
    """Values of the range of prices."""
    bands = terms(turn).fees.bands
    return {"least": bands[0][1], "most": bands[-1][1]}


def fees_here(turn: Turn) -> FeesHere:
    """Values of the range of prices where a pin lies."""
    return {**fees(turn), "quarter": quarter_name(turn.memory.get("place"))}


def find_seller(turn: Turn) -> Literal["one", "many", "phones", "question", "hidden"]:
    """Whether one shop is spoken of.

    Who wants its number has it where it accepted an order of his (phones); else a question goes through the market,
    about the product on show (question), or once there is one (hidden).
    """
    product = product_on_show(turn)
    if not turn.slot(NUMBER) and PHONE_WORDS.isdisjoint(normalise(turn.words).split()):
        return "one" if product else "many"
    told = {one["vendor"] for one in phones(turn)["phones"]}
    if told and (product is None or product.vendor_name in told):
        return "phones"
    return "question" if product else "hidden"


def seller(turn: Turn) -> Seller:
    """Values of who sells the product on show."""
    product = product_on_show(turn)
    shop = vendor(turn.db, product.vendor_id) if product else None
    return {
        "name": product.name if product else "",
        "vendor": shop_called(turn, shop.name, shop.level) if shop else "",
        "level": shop.level if shop else "new",
        "quarter": quarter_name(shop.quarter) if shop else "",
        "landmark": f", {shop.landmark}" if shop and shop.landmark else "",
        "hours": opening.told(turn, shop) if shop else "",
    }


def sellers(turn: Turn) -> Sellers:
    """Values of who sells here, when no shop is spoken of."""
    return {"hours": opening.told_of_most(turn)}
