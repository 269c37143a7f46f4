"""What bringing goods from a shop to a quarter costs, by straight distance."""

from base.places import distance_km
from catalog.vendors import Bands, Vendor


def fee(bands: Bands, km: float | None) -> int:
    """F CFA for a distance; an unknown one, and one beyond the last band, pay the last band."""
    if km is not None:
        for most, amount in bands:
            if most is None or km <= most:
                return amount
    return bands[-1][1]


def fee_from(vendor: Vendor, latitude: float | None, longitude: float | None, market_bands: Bands) -> int:
    """F CFA from this shop to a point; the shop's own bands where it has some, else the market's."""
    bands = vendor.bands or market_bands
    if latitude is None or longitude is None:
        return fee(bands, None)
    return fee(bands, distance_km(vendor.latitude, vendor.longitude, latitude, longitude))
