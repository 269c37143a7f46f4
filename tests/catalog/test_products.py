"""Products in pages, categories with their counts, shops with their bands."""

import threading

import pytest

from base.db import Alone
from catalog import categories, products, stock, vendors
from catalog.products import BLOCK
from catalog.stock import JOB, Change
from tests.catalog.crowd import run_together
from tests.catalog.market import make_category, make_good, make_vendor


@pytest.fixture
def vendor(db):
    return make_vendor(db)


@pytest.fixture
def category(db):
    return make_category(db)


def names(page):
    return [product.name for product in page.products]


def all_pages(read, size):
    pages, after = [], ""
    while True:
        page = read(after, size)
        pages.append([product.id for product in page.products])
        after = page.after
        if not after:
            return pages


def test_a_product_reads_with_its_shop_price_and_what_is_available(db, vendor):
    good = make_good(db, vendor, on_hand=20, price=17_500)
    stock.hold(db, [Change(good.stock_id, 3)], JOB)
    stock.allocate(db, [Change(good.stock_id, 1)], JOB)
    product = products.product(db, good.id)
    assert (product.name, product.unit, product.price, product.available) == ("Riz parfumé 25 kg", "sac", 17_500, 17)
    assert (product.vendor_slug, product.vendor_name, product.vendor_quarter) == ("maman_yawa", "Maman Yawa", "be")


def test_more_promised_than_there_is_reads_as_zero(db, vendor):
    good = make_good(db, vendor, on_hand=5)
    stock.hold(db, [Change(good.stock_id, 5)], JOB)
    stock.count(db, good.stock_id, 2, JOB)
    assert products.product(db, good.id).available == 0


def test_an_unlisted_product_and_one_of_a_closed_shop_read_as_zero(db, vendor):
    good = make_good(db, vendor, on_hand=5)
    assert vendors.open_or_close(db, [vendor], is_open=False)
    assert not vendors.open_or_close(db, [vendor], is_open=False)
    assert products.product(db, good.id).available == 0
    vendors.open_or_close(db, [vendor], is_open=True)
    assert products.product(db, good.id).available == 5
    db.run("update product set is_listed = false where id = %(id)s", id=good.id)
    assert products.product(db, good.id).available == 0


def test_shops_closed_crosswise_by_two_batches_wait_for_nobody(crowd):
    with crowd.unit_of_work() as db:
        shops = [make_vendor(db, "maman_yawa"), make_vendor(db, "tonton_kossi")]
    both_have_one = threading.Barrier(2)

    def close(order):
        with crowd.transaction(in_batch=True) as db:
            vendors.open_or_close(db.turn_of_batch(), [order[0]], is_open=False)
            both_have_one.wait(10)
            with pytest.raises(Alone):
                vendors.open_or_close(db.turn_of_batch(), [order[1]], is_open=False)
            both_have_one.wait(10)

    run_together(close, [shops, shops[::-1]])
    with crowd.unit_of_work() as db:
        assert [shop.is_open for shop in vendors.vendors(db, shops).values()] == [False, False]


def test_two_people_who_close_their_shops_by_themselves_wait_in_one_order(crowd):
    with crowd.unit_of_work() as db:
        shops = [make_vendor(db, f"shop_{number}") for number in range(20)]

    def close(order):
        with crowd.unit_of_work() as db:
            return vendors.open_or_close(db, order, is_open=False)

    assert sorted(run_together(close, [shops, shops[::-1]] * 4)) == [False] * 7 + [True]


def test_an_unknown_product_is_none(db):
    assert products.product(db, 999_999) is None


def test_several_products_come_in_the_order_asked(db, vendor):
    first, second = make_good(db, vendor), make_good(db, vendor, "Maïs")
    assert [product.id for product in products.products(db, [second.id, 999_999, first.id])] == [second.id, first.id]


def test_a_category_shows_what_is_in_stock_first_and_ends_without_a_next_page(db, vendor, category):
    for number in range(1, 8):
        make_good(db, vendor, f"Riz {number}", on_hand=0 if number in (1, 4) else 5)
    first = products.page_of_category(db, category, size=4)
    second = products.page_of_category(db, category, first.after, size=4)
    assert names(first) == ["Riz 2", "Riz 3", "Riz 5", "Riz 6"]
    assert names(second) == ["Riz 7", "Riz 1", "Riz 4"]
    assert second.after == ""


def test_a_page_that_is_exactly_full_is_the_last(db, vendor, category):
    for number in range(4):
        make_good(db, vendor, f"Riz {number}")
    page = products.page_of_category(db, category, size=4)
    assert (len(page.products), page.after) == (4, "")


def test_an_empty_category_is_one_empty_page(db, category):
    assert products.page_of_category(db, category) == products.Page((), "")


def test_a_page_mark_that_is_no_mark_begins_at_the_beginning(db, vendor, category):
    good = make_good(db, vendor)
    for mark in ("abc", "1.2", "-1.0.0", "1.0.x"):
        assert [product.id for product in products.page_of_category(db, category, mark).products] == [good.id]


def test_a_product_sold_out_between_two_pages_does_not_hide_another(db, vendor, category):
    goods = [make_good(db, vendor, f"Riz {number}") for number in range(6)]
    first = products.page_of_category(db, category, size=3)
    stock.count(db, goods[1].stock_id, 0, JOB)
    second = products.page_of_category(db, category, first.after, size=3)
    assert names(second) == ["Riz 3", "Riz 4", "Riz 5"]
    assert names(products.page_of_category(db, category, second.after, size=3)) == ["Riz 1"]


def test_pages_of_a_large_category_show_every_product_once(db, vendor, category):
    goods = [make_good(db, vendor, f"Riz {number}", on_hand=number % 3) for number in range(BLOCK * 2 + 17)]
    pages = all_pages(lambda after, size: products.page_of_category(db, category, after, size), 9)
    shown = [product_id for page in pages for product_id in page]
    assert sorted(shown) == [good.id for good in goods]
    assert all(len(page) == 9 for page in pages[:-1])


def test_a_shop_shows_only_its_own_listed_products(db, vendor):
    own, other = make_good(db, vendor), make_good(db, make_vendor(db, "tonton_kossi"), "Huile 1 L")
    db.run("update product set is_listed = false where id = %(id)s", id=make_good(db, vendor, "Mil").id)
    assert [product.id for product in products.page_of_vendor(db, vendor).products] == [own.id]
    assert [product.id for product in products.page_of_vendor(db, other.vendor_id).products] == [other.id]


def test_categories_come_in_the_markets_order_with_their_counts_in_the_language_asked(db, vendor):
    make_category(db, "vide", 0)
    drinks, grains = make_category(db, "boissons", 2), make_category(db, "cereales", 1)
    make_good(db, vendor, "Bissap", category=drinks)
    make_good(db, vendor, "Riz", category=grains)
    make_good(db, vendor, "Maïs", category=grains)
    listed = categories.categories(db, "fr")
    assert [(category.name, category.products) for category in listed] == [("Cereales", 2), ("Boissons", 1)]
    assert [category.name for category in categories.categories(db, "en")] == ["cereales (en)", "boissons (en)"]
    assert categories.categories(db, "ee") == listed


def test_a_category_is_counted_to_a_hundred_and_no_further(db, vendor, category):
    for number in range(99):
        make_good(db, vendor, f"Riz {number}")
    assert [one.products for one in categories.categories(db)] == [99]
    for number in range(99, 102):
        make_good(db, vendor, f"Riz {number}")
    assert [one.products for one in categories.categories(db)] == [100]


def test_a_shop_reads_with_its_own_bands_near_to_far(db):
    own = make_vendor(db, "boutique_essi", bands=[[None, 3000], [6, 1500], [2, 700]])
    assert vendors.vendor(db, own).delivery.bands == ((2, 700), (6, 1500), (None, 3000))
    assert vendors.vendor(db, make_vendor(db)).delivery.bands is None
    assert vendors.vendor(db, 999_999) is None
