"""A recap holds every line or none."""

import pytest

from base.db import Alone
from catalog import locks as catalog_locks
from catalog import stock, vendors
from catalog.stock import JOB, Change
from orders import basket, holding, locks
from orders.holding import Held, Missing, MissingLine, PriceChange
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, ledger_of, make_good, make_vendor
from tests.orders.buying import AWA, advance, cause, fill, hold


def test_a_recap_holds_every_line_for_fifteen_minutes(db, terms, rice, oil):
    fill(db, (rice, 2), (oil, 5))
    held = hold(db, terms)
    assert (held.until - db.value("select market_now()")).total_seconds() == 900
    assert held.price_changes == ()
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 2, 0), (5, 5, 0))
    assert basket.basket_of(db, AWA).is_held


def test_when_one_line_is_missing_nothing_is_held_and_it_is_said(db, terms, rice, oil):
    fill(db, (rice, 2), (oil, 5))
    stock.hold(db, [Change(oil.stock_id, 3)], JOB)
    assert holding.hold_basket(db, AWA, cause(), terms.hold) == Missing(
        (MissingLine(oil.id, "Huile végétale 1 L", "sac", 5, 2),)
    )
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 0), (5, 3, 0))
    assert basket.basket_of(db, AWA).held_until is None


def test_an_empty_basket_holds_nothing(db, terms, rice):
    assert holding.hold_basket(db, AWA, cause(), terms.hold) == "empty"
    basket.add(db, AWA, rice.id, 1, cause())
    basket.empty(db, AWA, cause())
    assert holding.hold_basket(db, AWA, cause(), terms.hold) == "empty"


def test_showing_the_recap_again_moves_nothing_and_begins_the_time_anew(db, terms, rice):
    fill(db, (rice, 2))
    first = hold(db, terms)
    advance(db, 600)
    second = hold(db, terms)
    assert (second.until - first.until).total_seconds() == 600
    assert figures_of(db, rice) == (10, 2, 0)
    assert len(ledger_of(db, rice.stock_id)) == 1


def test_a_hold_that_ended_but_was_not_swept_is_taken_up_again(db, terms, rice):
    fill(db, (rice, 2))
    hold(db, terms)
    advance(db, 901)
    assert not basket.basket_of(db, AWA).is_held
    hold(db, terms)
    assert figures_of(db, rice) == (10, 2, 0)


def test_when_what_is_held_is_no_longer_sold_all_is_given_back(db, terms, rice, oil, kossi):
    fill(db, (rice, 2), (oil, 1))
    hold(db, terms)
    vendors.open_or_close(db, [kossi], is_open=False)
    assert holding.hold_basket(db, AWA, cause(), terms.hold) == Missing(
        (MissingLine(oil.id, "Huile végétale 1 L", "sac", 1, 0),)
    )
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 0), (5, 0, 0))


def test_a_count_below_what_is_held_makes_the_next_recap_say_what_is_left(db, terms, rice):
    fill(db, (rice, 4))
    stock.count(db, rice.stock_id, 3, JOB)
    missing = holding.hold_basket(db, AWA, cause(), terms.hold)
    assert missing.lines == (MissingLine(rice.id, "Riz parfumé 25 kg", "sac", 4, 3),)


def test_two_lines_on_one_stock_are_held_together_or_missed_in_their_order(db, terms, rice, yawa):
    bowl = make_good(db, yawa, "Riz parfumé, bol", stock_id=rice.stock_id, price=1_400)
    fill(db, (rice, 6), (bowl, 4))
    hold(db, terms)
    assert figures_of(db, rice) == (10, 10, 0)
    stock.count(db, rice.stock_id, 7, JOB)
    holding.release(db, AWA, cause())
    missing = holding.hold_basket(db, AWA, cause(), terms.hold)
    assert missing.lines == (MissingLine(bowl.id, "Riz parfumé, bol", "sac", 4, 1),)
    assert figures_of(db, rice) == (7, 0, 0)


def test_a_price_that_changed_is_said_once_and_is_then_the_price_seen(db, terms, rice):
    fill(db, (rice, 2))
    db.run("update product set price = 18000 where id = %(id)s", id=rice.id)
    assert hold(db, terms).price_changes == (PriceChange(rice.id, "Riz parfumé 25 kg", 17_500, 18_000),)
    assert hold(db, terms).price_changes == ()


def test_non_gives_everything_back_once(db, terms, rice):
    fill(db, (rice, 2))
    hold(db, terms)
    assert holding.release(db, AWA, cause())
    assert not holding.release(db, AWA, cause())
    assert not holding.release(db, 8, cause())
    assert figures_of(db, rice) == (10, 0, 0)
    assert [row[0] for row in ledger_of(db, rice.stock_id)] == ["hold", "unhold"]


def test_of_twenty_recaps_for_the_last_seven_units_exactly_seven_hold(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db), on_hand=7)
        for contact in range(1, 21):
            fill(db, (good, 1), contact=contact)

    def show(contact):
        with crowd.unit_of_work() as db:
            return type(holding.hold_basket(db, contact, cause(contact), terms.hold))

    shown = run_together(show, range(1, 21))
    assert (shown.count(Held), shown.count(Missing)) == (7, 13)
    with crowd.unit_of_work() as db:
        assert figures_of(db, good) == (7, 7, 0)
        assert broken_links(db) == []


def test_baskets_filled_crosswise_hold_without_a_deadlock(crowd, terms):
    with crowd.unit_of_work() as db:
        goods = [make_good(db, make_vendor(db, f"shop_{place}"), on_hand=100) for place in range(4)]
        for contact in range(1, 13):
            turned = goods[contact % 4 :] + goods[: contact % 4]
            fill(db, *((good, 1) for good in turned[:: 1 if contact % 2 else -1]), contact=contact)

    def show(contact):
        with crowd.unit_of_work() as db:
            return type(holding.hold_basket(db, contact, cause(contact), terms.hold))

    assert run_together(show, range(1, 13)) == [Held] * 12
    with crowd.unit_of_work() as db:
        assert [figures_of(db, good) for good in goods] == [(100, 12, 0)] * 4


@pytest.mark.parametrize("busy", ["basket", "stock"])
def test_in_a_batch_a_busy_row_sends_the_turn_away_unwritten(crowd, terms, busy):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db))
        fill(db, (good, 1))
    with crowd.unit_of_work() as other, crowd.unit_of_work() as db:
        if busy == "basket":
            locks.basket(other, AWA)
        else:
            catalog_locks.stocks(other, [good.stock_id])
        turn = db.turn_of_batch()
        with pytest.raises(Alone):
            holding.hold_basket(turn, AWA, cause(), terms.hold)
        assert not turn.has_written


def test_in_a_batch_a_free_basket_is_held(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db))
        fill(db, (good, 1))
    with crowd.unit_of_work() as db:
        assert isinstance(holding.hold_basket(db.turn_of_batch(), AWA, cause(), terms.hold), Held)
