"""The basket: what can be put in, what it shows, and what ends a hold."""

from dataclasses import replace

import pytest

from catalog import stock, vendors
from catalog.stock import JOB, Change
from orders import addresses, basket, holding, placing
from orders.addresses import KnownAddress
from orders.basket import Address, LineChange
from orders.errors import NotAQuantity, NotInBasket
from tests.catalog.crowd import run_together
from tests.catalog.market import figures_of, make_good, make_vendor
from tests.orders.buying import AWA, CHAT, HOME, advance, cause, everything, fill, hold, order


def quantities(db):
    return {line.name: line.quantity for line in basket.basket_of(db, AWA).lines}


def test_what_is_added_lies_in_the_basket_by_shop(db, by, rice, oil, yawa):
    maize = make_good(db, yawa, "Maïs, bol", price=800)
    for good, quantity in ((rice, 2), (oil, 3), (maize, 1)):
        assert basket.add(db, AWA, good.id, quantity, by).outcome == "added"
    own = basket.basket_of(db, AWA)
    assert [(shop.vendor_slug, [line.name for line in shop.lines]) for shop in own.shops] == [
        ("maman_yawa", ["Riz parfumé 25 kg", "Maïs, bol"]),
        ("tonton_kossi", ["Huile végétale 1 L"]),
    ]
    assert [shop.goods for shop in own.shops] == [35_800, 3_600]
    assert own.goods == 39_400
    assert figures_of(db, rice) == (10, 0, 0)


def test_nobody_has_an_empty_basket_row_before_he_fills_it(db):
    assert basket.basket_of(db, AWA) == basket.Basket(AWA)
    assert db.value("select count(*) from basket") == 0


def test_adding_again_adds_up(db, by, rice):
    basket.add(db, AWA, rice.id, 2, by)
    assert basket.add(db, AWA, rice.id, 3, by) == LineChange("added", 5, 10)
    assert quantities(db) == {"Riz parfumé 25 kg": 5}


def test_setting_a_quantity_replaces_it(db, by, rice):
    basket.add(db, AWA, rice.id, 2, by)
    assert basket.set_quantity(db, AWA, rice.id, 9, by) == LineChange("added", 9, 10)
    assert quantities(db) == {"Riz parfumé 25 kg": 9}


def test_more_than_is_available_is_refused_with_the_figure(db, by, rice):
    basket.add(db, AWA, rice.id, 8, by)
    before = everything(db)
    assert basket.add(db, AWA, rice.id, 3, by) == LineChange("too_many", 8, 10)
    assert basket.set_quantity(db, AWA, rice.id, 11, by) == LineChange("too_many", 8, 10)
    assert everything(db) == before


def test_what_others_hold_is_not_available(db, by, rice):
    stock.hold(db, [Change(rice.stock_id, 9)], JOB)
    assert basket.add(db, AWA, rice.id, 2, by) == LineChange("too_many", 0, 1)


def test_999_units_are_the_most_of_one_product(db, by, yawa):
    sachets = make_good(db, yawa, "Eau, sachet", on_hand=5_000, price=25)
    assert basket.add(db, AWA, sachets.id, 1_000, by) == LineChange("too_many", 0, 999)
    assert basket.add(db, AWA, sachets.id, 999, by) == LineChange("added", 999, 999)


def test_a_sixteenth_line_is_refused_and_a_known_one_is_not(db, by, yawa):
    goods = [make_good(db, yawa, f"Riz {number}") for number in range(16)]
    for good in goods[:15]:
        assert basket.add(db, AWA, good.id, 1, by).outcome == "added"
    assert basket.add(db, AWA, goods[15].id, 1, by) == LineChange("limit", 0, 10)
    assert basket.add(db, AWA, goods[0].id, 1, by).outcome == "added"
    assert len(basket.basket_of(db, AWA).lines) == 15


def test_a_sixth_shop_is_refused_and_a_known_one_is_not(db, by):
    shops = [make_vendor(db, f"shop_{number}") for number in range(6)]
    for shop in shops[:5]:
        assert basket.add(db, AWA, make_good(db, shop, "Riz").id, 1, by).outcome == "added"
    assert basket.add(db, AWA, make_good(db, shops[5], "Riz").id, 1, by) == LineChange("limit", 0, 10)
    assert basket.add(db, AWA, make_good(db, shops[0], "Mil").id, 1, by).outcome == "added"


def test_what_is_no_longer_sold_is_gone(db, by, rice):
    db.run("update product set is_listed = false")
    assert basket.add(db, AWA, rice.id, 1, by) == LineChange("gone", 0, 0)
    assert basket.add(db, AWA, 999_999, 1, by) == LineChange("gone", 0, 0)


def test_a_closed_shop_has_nothing_available(db, by, rice, yawa):
    vendors.open_or_close(db, [yawa], is_open=False)
    assert basket.add(db, AWA, rice.id, 1, by) == LineChange("too_many", 0, 0)


@pytest.mark.parametrize("quantity", [0, -1])
def test_less_than_one_unit_is_a_mistake_of_the_caller(db, by, rice, quantity):
    with pytest.raises(NotAQuantity):
        basket.add(db, AWA, rice.id, quantity, by)
    assert basket.basket_of(db, AWA).lines == ()


def test_a_line_is_removed_and_the_others_stay(db, by, rice, oil):
    fill(db, (rice, 1), (oil, 1))
    basket.remove(db, AWA, rice.id, by)
    assert quantities(db) == {"Huile végétale 1 L": 1}
    with pytest.raises(NotInBasket):
        basket.remove(db, AWA, rice.id, by)


def test_every_change_of_a_line_is_in_the_history_with_the_message_that_caused_it(db, terms, by, rice, oil):
    basket.add(db, AWA, rice.id, 2, by)
    basket.add(db, AWA, rice.id, 3, by)
    basket.set_quantity(db, AWA, rice.id, 5, by)  # as it was
    basket.add(db, AWA, rice.id, 99, by)  # refused
    basket.add(db, AWA, oil.id, 1, JOB)
    basket.remove(db, AWA, rice.id, by)
    order(db, terms, (rice, 4))  # with the oil
    rows = db.rows("select product_id, quantity_before, quantity_after, inbox_id from basket_history order by id")
    message = cause().inbox_id
    assert [tuple(row) for row in rows] == [
        (rice.id, 0, 2, by.inbox_id),
        (rice.id, 2, 5, by.inbox_id),
        (oil.id, 0, 1, None),
        (rice.id, 5, 0, by.inbox_id),
        (rice.id, 0, 4, message),
        (oil.id, 1, 0, message),
        (rice.id, 4, 0, message),
    ]


def test_emptying_forgets_lines_and_address(db, by, rice):
    fill(db, (rice, 1))
    assert basket.empty(db, AWA, by)
    assert basket.basket_of(db, AWA) == basket.Basket(AWA)
    assert not basket.empty(db, AWA, by)
    assert not basket.empty(db, 8, by)


@pytest.mark.parametrize(
    "change",
    [
        lambda db, rice, oil: basket.add(db, AWA, oil.id, 1, cause()),
        lambda db, rice, oil: basket.set_quantity(db, AWA, rice.id, 1, cause()),
        lambda db, rice, oil: basket.remove(db, AWA, rice.id, cause()),
        lambda db, rice, oil: basket.empty(db, AWA, cause()),
        lambda db, rice, oil: holding.release(db, AWA, cause()),
    ],
    ids=["add", "set", "remove", "empty", "non"],
)
def test_whatever_changes_the_basket_ends_its_hold(db, terms, rice, oil, change):
    fill(db, (rice, 3))
    hold(db, terms)
    assert figures_of(db, rice) == (10, 3, 0)
    change(db, rice, oil)
    assert figures_of(db, rice) == (10, 0, 0)
    assert (basket.basket_of(db, AWA).held_until, basket.basket_of(db, AWA).is_held) == (None, False)


def test_a_refused_change_leaves_the_hold(db, terms, rice):
    fill(db, (rice, 3))
    hold(db, terms)
    assert basket.add(db, AWA, rice.id, 8, cause()) == LineChange("too_many", 3, 10)
    assert figures_of(db, rice) == (10, 3, 0)
    assert basket.basket_of(db, AWA).is_held


def test_what_the_basket_holds_itself_counts_as_available_to_it(db, terms, rice):
    fill(db, (rice, 10))
    hold(db, terms)
    assert basket.basket_of(db, AWA).lines[0].available == 10
    assert basket.add(db, AWA, rice.id, 1, cause()) == LineChange("too_many", 10, 10)


def test_a_new_price_shows_beside_the_one_seen_until_it_is_held(db, terms, by, rice):
    basket.add(db, AWA, rice.id, 2, by)
    db.run("update product set price = 18000 where id = %(id)s", id=rice.id)
    own = basket.basket_of(db, AWA)
    assert own.goods == 36_000
    assert [(change.before, change.after) for change in own.price_changes] == [(17_500, 18_000)]
    hold(db, terms)
    assert basket.basket_of(db, AWA).price_changes == ()


def test_the_address_is_told_piece_by_piece(db, rice):
    basket.add(db, AWA, rice.id, 1, cause())
    assert basket.basket_of(db, AWA).address.missing == ("quarter", "landmark", "recipient", "phone")
    addresses.set_quarter(db, AWA, "be-kpota")
    addresses.set_landmark(db, AWA, "derrière la pharmacie")
    assert basket.basket_of(db, AWA).address.missing == ("recipient", "phone")
    addresses.set_recipient(db, AWA, "Awa Mensah")
    addresses.set_phone(db, AWA, "+22890112233")
    assert basket.basket_of(db, AWA).address == HOME
    assert HOME.missing == ()


def test_a_pin_is_more_exact_than_its_quarter(db):
    addresses.set_quarter(db, AWA, "be-kpota", 6.1630, 1.2600)
    address = basket.basket_of(db, AWA).address
    assert (address.quarter, address.latitude, address.longitude) == ("be-kpota", 6.1630, 1.2600)


def test_the_last_orders_address_can_be_used_again(db, terms, rice):
    assert addresses.last_addresses(db, AWA) == ()
    order(db, terms, (rice, 1))
    assert basket.basket_of(db, AWA).address == Address()
    (known,) = addresses.last_addresses(db, AWA)
    assert known.address == HOME
    assert addresses.address_of(db, AWA, known.order_id) == HOME
    assert addresses.address_of(db, 8, known.order_id) is None
    addresses.use_address(db, AWA, known.address)
    assert basket.basket_of(db, AWA).address == HOME


def test_the_last_three_addresses_are_known_each_once_and_a_pickup_is_none(db, terms, rice):
    def order_to(**changed):
        basket.add(db, AWA, rice.id, 1, cause())
        addresses.use_address(db, AWA, replace(HOME, **changed))
        hold(db, terms)
        return placing.place_order(db, AWA, CHAT, cause(), terms).order_id

    first = order_to()
    order_to(landmark="face au marché")
    kara = order_to(way="parcel", quarter="kara", landmark="", recipient="Afi Mensah")
    order_to(way="pickup")
    again = order_to()
    sister = order_to(recipient="Afi", phone="+22897123456")
    assert addresses.last_addresses(db, AWA) == (
        KnownAddress(sister, replace(HOME, recipient="Afi", phone="+22897123456")),
        KnownAddress(again, HOME),
        KnownAddress(kara, replace(HOME, way="parcel", quarter="kara", landmark="", recipient="Afi Mensah")),
    )
    assert first < again
    assert addresses.last_addresses(db, 8) == ()


@pytest.mark.parametrize(
    "way, missing",
    [
        ("delivery", ("quarter", "landmark", "recipient", "phone")),
        ("parcel", ("quarter", "recipient", "phone")),
        ("pickup", ("recipient", "phone")),
    ],
)
def test_each_way_asks_for_what_it_needs(way, missing):
    assert Address(way=way).missing == missing


def test_a_town_makes_it_a_parcel_and_a_quarter_a_delivery(db):
    addresses.set_quarter(db, AWA, "kara")
    assert basket.basket_of(db, AWA).address.way == "parcel"
    addresses.set_quarter(db, AWA, "be-kpota")
    assert basket.basket_of(db, AWA).address.way == "delivery"


def test_every_touch_is_remembered(db, rice):
    basket.add(db, AWA, rice.id, 1, cause())
    first = db.value("select touched_at from basket")
    advance(db, 60)
    addresses.set_landmark(db, AWA, "marché")
    assert (db.value("select touched_at from basket") - first).total_seconds() == 60


def test_one_person_in_two_chats_fills_one_basket(crowd):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db), on_hand=100)

    def add(_):
        with crowd.unit_of_work() as db:
            return basket.add(db, AWA, good.id, 1, cause()).outcome

    assert run_together(add, range(10)) == ["added"] * 10
    with crowd.unit_of_work() as db:
        assert basket.basket_of(db, AWA).lines[0].quantity == 10
        assert db.value("select count(*) from basket") == 1
