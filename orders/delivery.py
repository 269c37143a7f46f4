"""What bringing goods from a shop costs: to a quarter by zone or distance, to a town by bus, or nothing at the shop."""

from dataclasses import dataclass
from typing import Literal

from base.places import distance_km
from catalog.vendors import Bands, Vendor

Way = Literal["delivery", "parcel", "pickup"]


@dataclass(frozen=True)
class Destination:
    """Where goods go: a slug of base.places (None for a pickup, or not told yet) and a point where one is known."""

    way: Way = "delivery"
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class MarketFees:
    """What a shop without a price of its own asks: by distance inside Grand Lomé, and for a parcel by bus (F CFA)."""

    bands: Bands
    parcel: int


def fee(vendor: Vendor, to: Destination, goods: int, market: MarketFees) -> int | None:
    """F CFA for bringing goods worth so many F CFA; None where this shop sends nothing, or lets nobody fetch.

    The shop's own zone goes before its parcel price or its bands, those before the market's; free above its threshold
    inside Grand Lomé only, where its own rider goes.
    """
    own = vendor.delivery
    if to.way == "pickup":
        return 0 if own.has_pickup else None
    if to.place in own.unserved:
        return None
    if to.way == "delivery" and own.free_above is not None and goods >= own.free_above:
        return 0
    zone = own.zones.get(to.place) if to.place else None
    if zone is not None:
        return zone
    if to.way == "parcel":
        return market.parcel if own.parcel_fee is None else own.parcel_fee
    return fee_of_km(own.bands or market.bands, _km(vendor, to))


def _km(vendor: Vendor, to: Destination) -> float | None:
    if to.latitude is None or to.longitude is None:
        return None
    return distance_km(vendor.latitude, vendor.longitude, to.latitude, to.longitude)


def fee_of_km(bands: Bands, km: float | None) -> int:
    """F CFA for a distance; an unknown one, and one beyond the last band, pay the last band."""
    if km is not None:
        for most, amount in bands:
            if most is None or km <= most:
                return amount
    return bands[-1][1]


def prepaid(vendor: Vendor, way: Way, total: int) -> int:
    """F CFA of a shop's part (goods and delivery) that are paid before it leaves the shop.

    A parcel is paid whole: nobody collects at a bus station. Else the shop's rule; a share is rounded up to 5 F, the
    smallest coin.
    """
    if way == "parcel":
        return total
    rule = vendor.deposit
    if rule is None or total <= rule.cod_max:
        return 0
    if rule.percent is None:
        return total
    return min(total, -(-total * rule.percent // 500) * 5)
