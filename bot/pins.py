"""Pins of shops: where something is fetched."""

from base.places import name_of
from bot.messages import Location
from catalog.vendors import Vendor


def pin_of(shop: Vendor) -> Location | None:
    """Where a shop's door is, with its name and its address; None where only its quarter is known."""
    if shop.pin is None:
        return None
    return Location(*shop.pin, shop.name, ", ".join(one for one in (name_of(shop.quarter), shop.landmark) if one))
