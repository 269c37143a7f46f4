"""Pins of shops: where something is fetched."""

from base.places import address_of
from bot.messages import Location
from catalog.vendors import Vendor


def pin_of(shop: Vendor) -> Location | None:
    """Where a shop's door is, with its name and its address; None where only its quarter is known."""
    if shop.pin is None:
        return None
    return Location(*shop.pin, shop.name, address_of(shop.quarter, shop.landmark))
