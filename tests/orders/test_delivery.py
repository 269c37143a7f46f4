"""What bringing goods costs, shop by shop and place by place; and what is paid before they leave."""

import pytest

from base.config import Market
from base.places import place, position
from catalog.vendors import DeliveryTerms, DepositRule, Vendor, vendor
from orders import delivery
from orders.delivery import Destination, MarketFees
from tests.catalog.market import BE, make_vendor

FEES = MarketFees(Market().delivery_bands, Market().parcel_fee)
PLAIN = DeliveryTerms()
OWN_BANDS = DeliveryTerms(bands=((1, 0), (None, 700)))
ZONES = DeliveryTerms(
    zones={"agoe-nyive": 1200, "kara": 3500, "be-kpota": 250}, unserved=frozenset({"baguida", "mango"})
)
FREE = DeliveryTerms(zones={"agoe-nyive": 1200}, unserved=frozenset({"baguida"}), free_above=20_000)
PARCELS = DeliveryTerms(parcel_fee=1500, free_above=1_000)
AT_HOME = DeliveryTerms(has_pickup=False)


def shop(terms=PLAIN, deposit=None):
    return Vendor(1, "yawa", "Maman Yawa", "+22890000101", "be", "au marché", *BE, terms, deposit, "24h", True)


def to(slug, way="delivery"):
    return Destination(way, slug, *position(place(slug)))


TABLE = [
    # shop, where, F CFA of goods, F CFA
    (PLAIN, to("be-kpota"), 5_000, 500),  # 2.5 km
    (PLAIN, to("tokoin-aeroport"), 5_000, 500),  # 3.2 km
    (PLAIN, to("hedzranawoe"), 5_000, 1000),  # 4.7 km
    (PLAIN, to("agoe-nyive"), 5_000, 1500),  # 10.0 km
    (PLAIN, to("adidogome"), 5_000, 1500),  # 12.8 km
    (PLAIN, to("baguida"), 5_000, 1500),  # 9.0 km
    (PLAIN, to("adetikope"), 5_000, 2000),  # 20.2 km
    (PLAIN, to("amadahome"), 5_000, 1000),  # no point of its own: the middle of its commune
    (PLAIN, Destination(), 5_000, 2000),  # no point known at all
    (PLAIN, Destination("delivery", "be", 6.2, 1.2), 5_000, 1500),  # the buyer's pin counts, not the quarter's middle
    (PLAIN, to("kara", "parcel"), 5_000, 2000),
    (PLAIN, to("cinkasse", "parcel"), 500_000, 2000),
    (PLAIN, Destination("pickup"), 5_000, 0),
    (PLAIN, to("kara", "pickup"), 5_000, 0),
    (OWN_BANDS, to("be"), 5_000, 0),
    (OWN_BANDS, to("be-kpota"), 5_000, 700),
    (OWN_BANDS, to("adetikope"), 5_000, 700),
    (OWN_BANDS, to("kara", "parcel"), 5_000, 2000),  # bands are for riders
    (ZONES, to("agoe-nyive"), 5_000, 1200),
    (ZONES, to("be-kpota"), 5_000, 250),
    (ZONES, to("hedzranawoe"), 5_000, 1000),  # no zone: the market's band
    (ZONES, to("kara", "parcel"), 5_000, 3500),
    (ZONES, to("sokode", "parcel"), 5_000, 2000),
    (ZONES, to("baguida"), 5_000, None),
    (ZONES, to("mango", "parcel"), 5_000, None),
    (ZONES, to("baguida", "pickup"), 5_000, 0),  # whoever fetches comes from anywhere
    (FREE, to("hedzranawoe"), 19_999, 1000),
    (FREE, to("hedzranawoe"), 20_000, 0),
    (FREE, to("agoe-nyive"), 19_999, 1200),
    (FREE, to("agoe-nyive"), 20_000, 0),
    (FREE, to("baguida"), 20_000, None),  # free is not everywhere
    (FREE, to("kara", "parcel"), 20_000, 2000),  # the bus is paid all the same
    (PARCELS, to("kara", "parcel"), 5_000, 1500),
    (PARCELS, to("be-kpota"), 5_000, 0),
    (AT_HOME, Destination("pickup"), 5_000, None),
    (AT_HOME, to("be-kpota"), 5_000, 500),
]


@pytest.mark.parametrize("terms, where, goods, fee", TABLE)
def test_what_bringing_goods_costs(terms, where, goods, fee):
    assert delivery.fee(shop(terms), where, goods, FEES) == fee


@pytest.mark.parametrize(
    "km, fee",
    [(0, 500), (4, 500), (4.01, 1000), (8, 1000), (8.01, 1500), (13, 1500), (13.01, 2000), (500, 2000), (None, 2000)],
)
def test_the_market_asks_by_bands(km, fee):
    assert delivery.fee_of_km(FEES.bands, km) == fee


def test_beyond_bands_that_end_the_last_one_counts():
    assert delivery.fee_of_km(((2, 300), (5, 800)), 40) == 800


@pytest.mark.parametrize(
    "rule, way, total, before",
    [
        (None, "delivery", 500_000, 0),
        (None, "pickup", 500_000, 0),
        (None, "parcel", 7_500, 7_500),
        (DepositRule(50_000, 20), "delivery", 50_000, 0),
        (DepositRule(50_000, 20), "delivery", 50_005, 10_005),  # 10 001, in coins of 5 F
        (DepositRule(50_000, 20), "delivery", 100_000, 20_000),
        (DepositRule(50_000, 20), "pickup", 100_000, 20_000),
        (DepositRule(50_000, 20), "parcel", 100_000, 100_000),
        (DepositRule(50_000, None), "delivery", 50_000, 0),
        (DepositRule(50_000, None), "delivery", 50_005, 50_005),
        (DepositRule(0, 100), "delivery", 1_203, 1_203),
    ],
)
def test_what_is_paid_before_it_leaves(rule, way, total, before):
    assert delivery.prepaid(shop(deposit=rule), way, total) == before


def test_a_shop_without_a_word_of_its_own_sells_on_the_markets_terms(db):
    read = vendor(db, make_vendor(db))
    assert (read.delivery, read.deposit) == (DeliveryTerms(), None)


def test_a_shops_terms_are_read_from_its_row(db):
    shop_id = make_vendor(db, bands=[[None, 700], [1, 0]])
    db.run(
        "update vendor set delivery_zones = '{\"kara\": 3500}', unserved = '[\"baguida\"]', free_above = 20000,"
        " parcel_fee = 1500, has_pickup = false, cod_max = 50000, deposit_percent = 20"
    )
    read = vendor(db, shop_id)
    assert read.delivery == DeliveryTerms(
        ((1, 0), (None, 700)), {"kara": 3500}, frozenset({"baguida"}), 20_000, 1_500, has_pickup=False
    )
    assert read.deposit == DepositRule(50_000, 20)
