"""Delivery is priced by the straight distance from the shop."""

import pytest

from base.config import Market
from catalog.vendors import vendor
from orders import delivery
from tests.catalog.market import make_vendor

MARKET_BANDS = Market().delivery_bands


@pytest.mark.parametrize(
    "km, fee",
    [(0, 500), (4, 500), (4.01, 1000), (8, 1000), (8.01, 1500), (13, 1500), (13.01, 2000), (500, 2000), (None, 2000)],
)
def test_the_market_asks_by_bands(km, fee):
    assert delivery.fee(MARKET_BANDS, km) == fee


def test_beyond_bands_that_end_the_last_one_counts():
    assert delivery.fee(((2, 300), (5, 800)), 40) == 800


def test_the_fee_is_measured_from_the_shop(db):
    shop = vendor(db, make_vendor(db))
    assert delivery.fee_from(shop, 6.1624, 1.2592, MARKET_BANDS) == 500  # Bè-Kpota, 2.5 km
    assert delivery.fee_from(shop, 6.2000, 1.2000, MARKET_BANDS) == 1500  # 8.3 km
    assert delivery.fee_from(shop, None, None, MARKET_BANDS) == 2000


def test_a_shops_own_bands_go_before_the_markets(db):
    shop = vendor(db, make_vendor(db, bands=[[1, 0], [None, 700]]))
    assert delivery.fee_from(shop, shop.latitude, shop.longitude, MARKET_BANDS) == 0
    assert delivery.fee_from(shop, 6.1624, 1.2592, MARKET_BANDS) == 700
