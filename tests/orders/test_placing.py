"""OUI makes an order of exactly what was held and shown."""

from dataclasses import replace

import pytest

from base.db import Alone
from catalog import locks as catalog_locks
from catalog import stock
from catalog.stock import JOB
from orders import addresses, basket, holding, locks, placing, recap, reports
from orders.facts import OrderPlaced
from orders.holding import Held, PriceChange
from orders.placing import AddressMissing, Placed, PriceChanged
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, ledger_of, make_good, make_vendor
from tests.orders.buying import AWA, CHAT, HOME, advance, cause, everything, fill, hold, order


def say_yes(db, terms, **options):
    return placing.place_order(db, AWA, CHAT, cause(), terms, **options)


def test_oui_makes_one_order_with_a_part_for_each_shop(db, terms, rice, oil):
    placed = order(db, terms, (rice, 2), (oil, 3))
    row = db.one('select * from "order"')
    assert (row.id, row.code) == (placed.order_id, placed.code)
    assert row.code == terms.codes.code_of(row.id)
    assert (row.contact_id, row.conversation_id, row.payment) == (AWA, CHAT, "cash")
    assert (row.quarter, row.landmark, row.recipient, row.phone) == (
        "be-kpota",
        "derrière la pharmacie",
        "Awa Mensah",
        "+22890112233",
    )
    assert row.total == 35_000 + 500 + 3_600 + 1_000
    parts = db.rows("select * from vendor_order order by id")
    assert [(part.id, part.vendor_id, part.state, part.goods, part.delivery) for part in parts] == [
        (placed.vendor_order_ids[0], rice.vendor_id, "placed", 35_000, 500),
        (placed.vendor_order_ids[1], oil.vendor_id, "placed", 3_600, 1_000),
    ]
    assert {(part.expires_at - part.changed_at).total_seconds() for part in parts} == {86_400}
    assert all(len(part.delivery_code) == 4 for part in parts)


def test_the_lines_keep_what_was_shown(db, terms, rice, oil):
    placed = order(db, terms, (rice, 2), (oil, 3))
    db.run("update product set price = price + 1000, name = 'autre'")
    lines = db.rows(
        "select vendor_order_id, product_id, stock_id, name, unit, quantity, price from order_line order by id"
    )
    assert lines == [
        (placed.vendor_order_ids[0], rice.id, rice.stock_id, "Riz parfumé 25 kg", "sac", 2, 17_500),
        (placed.vendor_order_ids[1], oil.id, oil.stock_id, "Huile végétale 1 L", "sac", 3, 1_200),
    ]


def test_what_was_held_is_allocated_to_its_part(db, terms, rice, oil):
    placed = order(db, terms, (rice, 2), (oil, 3))
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 2), (5, 0, 3))
    assert [row[0] for row in ledger_of(db, rice.stock_id)] == ["hold", "allocate"]
    parts = db.rows("select stock_id, vendor_order_id from stock_movement where reason = 'allocate' order by stock_id")
    assert parts == [(rice.stock_id, placed.vendor_order_ids[0]), (oil.stock_id, placed.vendor_order_ids[1])]
    assert broken_links(db) == []


def test_two_lines_on_one_stock_are_allocated_once(db, terms, rice, yawa):
    bowl = make_good(db, yawa, "Riz parfumé, bol", stock_id=rice.stock_id, price=1_400)
    order(db, terms, (rice, 2), (bowl, 3))
    assert figures_of(db, rice) == (10, 0, 5)
    assert db.value("select count(*) from stock_movement where reason = 'allocate'") == 1


def test_the_order_is_recorded_in_history_and_as_a_fact(db, terms, rice, oil):
    placed = order(db, terms, (rice, 2), (oil, 3))
    history = db.rows("select order_id, vendor_order_id, fact, contact_id, inbox_id from order_history order by id")
    assert history == [(placed.order_id, part, "placed", 7, 70) for part in placed.vendor_order_ids]
    assert db.facts == [OrderPlaced(placed.order_id, placed.vendor_order_ids)]


def test_the_basket_is_empty_afterwards_and_a_second_oui_finds_nothing(db, terms, rice):
    order(db, terms, (rice, 2))
    assert basket.basket_of(db, AWA) == basket.Basket(AWA)
    before = everything(db)
    assert say_yes(db, terms) == "nothing_held"
    assert everything(db) == before


def test_oui_without_a_basket_is_nothing_held(db, terms):
    assert say_yes(db, terms) == "nothing_held"


def test_oui_without_a_recap_is_nothing_held(db, terms, rice):
    fill(db, (rice, 2))
    before = everything(db)
    assert say_yes(db, terms) == "nothing_held"
    assert everything(db) == before


@pytest.mark.parametrize("late, outcome", [(899, Placed), (900, str)])
def test_oui_counts_until_the_hold_ends(db, terms, rice, late, outcome):
    fill(db, (rice, 2))
    hold(db, terms)
    advance(db, late)
    assert isinstance(say_yes(db, terms), outcome)


def test_oui_after_a_change_of_the_basket_is_nothing_held(db, terms, rice, oil):
    fill(db, (rice, 2))
    hold(db, terms)
    basket.add(db, AWA, oil.id, 1, cause())
    assert say_yes(db, terms) == "nothing_held"


def test_oui_without_a_whole_address_says_what_is_missing(db, terms, rice):
    basket.add(db, AWA, rice.id, 1, cause())
    addresses.set_quarter(db, AWA, "be-kpota")
    hold(db, terms)
    before = everything(db)
    assert say_yes(db, terms) == AddressMissing(("landmark", "recipient", "phone"))
    assert everything(db) == before


def test_a_price_that_changed_after_the_recap_stops_the_oui(db, terms, rice):
    fill(db, (rice, 2))
    hold(db, terms)
    db.run("update product set price = 18000 where id = %(id)s", id=rice.id)
    before = everything(db)
    assert say_yes(db, terms) == PriceChanged((PriceChange(rice.id, "Riz parfumé 25 kg", 17_500, 18_000),))
    assert everything(db) == before
    hold(db, terms)
    assert isinstance(say_yes(db, terms), Placed)


def test_a_total_that_is_not_the_one_confirmed_stops_the_oui(db, terms, rice):
    fill(db, (rice, 2))
    hold(db, terms)
    shown = recap.recap(db, AWA, terms).total
    assert shown == 35_500
    dearer = replace(terms, fees=replace(terms.fees, bands=((None, 900),)))
    assert say_yes(db, dearer, total_seen=shown) == PriceChanged(())
    assert say_yes(db, terms, total_seen=shown, prepaid_seen=100) == PriceChanged(())
    assert isinstance(say_yes(db, terms, total_seen=shown, prepaid_seen=0), Placed)


def test_a_count_below_what_is_held_does_not_break_the_promise(db, terms, rice):
    fill(db, (rice, 4))
    hold(db, terms)
    stock.count(db, rice.stock_id, 1, JOB)
    assert isinstance(say_yes(db, terms), Placed)
    assert figures_of(db, rice) == (1, 0, 4)


def test_codes_of_following_orders_differ(db, terms, rice):
    codes = [order(db, terms, (rice, 1)).code for _ in range(5)]
    assert len(set(codes)) == 5


def test_the_recap_says_everything_before_it_is_confirmed(db, terms, rice, oil):
    fill(db, (rice, 2), (oil, 3))
    shown = recap.recap(db, AWA, terms)
    assert [(block.vendor.name, block.delivery, block.goods, block.vendor.delay) for block in shown.blocks] == [
        ("Maman Yawa", 500, 35_000, "24h"),
        ("Tonton Kossi", 1_000, 3_600, "24h"),
    ]
    assert (shown.goods, shown.delivery, shown.total, shown.address) == (38_600, 1_500, 40_100, HOME)


def test_the_recap_of_an_empty_basket_is_empty(db, terms):
    assert (recap.recap(db, AWA, terms).blocks, recap.recap(db, AWA, terms).total) == ((), 0)


def test_many_ouis_for_one_hold_make_one_order(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db), on_hand=7)
        fill(db, (good, 2))
        hold(db, terms)

    def say(_):
        with crowd.unit_of_work() as db:
            return say_yes(db, terms)

    said = run_together(say, range(12))
    assert said.count("nothing_held") == 11
    with crowd.unit_of_work() as db:
        assert figures_of(db, good) == (7, 0, 2)
        assert db.value('select count(*) from "order"') == 1


def test_fifty_buyers_make_exactly_as_many_orders_as_there_are_units(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db), on_hand=7)
        for contact in range(1, 51):
            fill(db, (good, 1), contact=contact)

    def buy(contact):
        with crowd.unit_of_work() as db:
            held = holding.hold_basket(db, contact, cause(contact), terms.hold)
        if not isinstance(held, Held):
            return 0
        with crowd.unit_of_work() as db:
            return isinstance(placing.place_order(db, contact, contact, cause(contact), terms), Placed)

    assert sum(run_together(buy, range(1, 51))) == 7
    with crowd.unit_of_work() as db:
        assert figures_of(db, good) == (7, 0, 7)
        assert broken_links(db) == []
        assert db.value('select count(distinct code) from "order"') == 7


@pytest.mark.parametrize("busy", ["basket", "stock"])
def test_in_a_batch_a_busy_row_sends_the_oui_away_unwritten(crowd, terms, busy):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db))
        fill(db, (good, 1))
        hold(db, terms)
    with crowd.unit_of_work() as other, crowd.unit_of_work() as db:
        if busy == "basket":
            locks.basket(other, AWA)
        else:
            catalog_locks.stocks(other, [good.stock_id])
        turn = db.turn_of_batch()
        with pytest.raises(Alone):
            say_yes(turn, terms)
        assert not turn.has_written


def test_a_parcel_is_ordered_whole_before_it_leaves_and_a_wish_of_payment_goes_with_it(db, terms, yawa, rice):
    fill(db, (rice, 2))
    addresses.use_address(db, AWA, replace(HOME, way="parcel", quarter="kara", landmark=""))
    addresses.set_payment(db, AWA, "tmoney", "+22890112233")
    hold(db, terms)
    placed = placing.place_order(db, AWA, CHAT, cause(), terms)
    row = db.one('select way, quarter, landmark, payment, payment_phone, total from "order"')
    assert tuple(row) == ("parcel", "kara", "", "tmoney", "+22890112233", 37_000)
    part = reports.part(db, placed.vendor_order_ids[0])
    assert (part.goods, part.delivery, part.prepaid, part.due) == (35_000, 2_000, 37_000, 0)


def test_what_is_fetched_costs_nothing_to_bring_and_goes_nowhere(db, terms, rice):
    fill(db, (rice, 1))
    addresses.set_way(db, AWA, "pickup")
    hold(db, terms)
    placing.place_order(db, AWA, CHAT, cause(), terms)
    assert tuple(db.one('select way, quarter, landmark, total from "order"')) == ("pickup", "", "", 17_500)


def test_a_shop_that_sends_nothing_there_gets_no_order(db, terms, yawa, rice):
    fill(db, (rice, 1))
    hold(db, terms)
    db.run("update vendor set unserved = '[\"be-kpota\"]' where id = %(id)s", id=yawa)
    before = everything(db)
    assert placing.place_order(db, AWA, CHAT, cause(), terms) == PriceChanged(())
    assert everything(db) == before


def test_a_deposit_is_a_part_of_the_total_that_is_paid_before(db, terms, yawa, rice):
    db.run("update vendor set cod_max = 20000, deposit_percent = 20 where id = %(id)s", id=yawa)
    placed = order(db, terms, (rice, 2))
    part = reports.part(db, placed.vendor_order_ids[0])
    assert (part.total, part.prepaid, part.due) == (35_500, 7_100, 28_400)
