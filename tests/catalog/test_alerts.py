"""Alerts end with one fact when something has come, with STOP, and by themselves."""

import threading
from collections import Counter

import pytest

from catalog import alerts, stock
from catalog.alerts import Wish
from catalog.facts import GoodsArrived
from catalog.stock import JOB
from tests.catalog.crowd import run_together
from tests.catalog.market import make_good, make_vendor

AWA, KODJO, CHAT = 7, 8, 70


def states(db):
    return Counter(row.state for row in db.rows("select state from alert"))


def due(db):
    """Twenty seconds pass without a look at the goods."""
    db.run("update alert set looked_at = market_now() - interval '20 seconds'")


def told(db):
    facts, db.facts = db.facts, []
    return [(fact.contact_id, fact.product_id) for fact in facts if isinstance(fact, GoodsArrived)]


def test_what_comes_is_told_once(db):
    assert alerts.ask(db, AWA, CHAT, Wish("gari fin")) == "made"
    due(db)
    assert (alerts.look(db, 10), told(db)) == (1, [])
    gari = make_good(db, make_vendor(db), "Gari fin")
    due(db)
    assert (alerts.look(db, 10), told(db)) == (1, [(AWA, gari.id)])
    due(db)
    assert (alerts.look(db, 10), told(db)) == (0, [])
    assert states(db) == {"told": 1}


@pytest.mark.parametrize("hidden", ["on hand", "listed", "open"])
def test_what_cannot_be_bought_has_not_come(db, hidden):
    gari = make_good(db, make_vendor(db), "Gari fin")
    change = {
        "on hand": "update stock set on_hand = 0",
        "listed": "update product set is_listed = false",
        "open": "update vendor set is_open = false",
    }[hidden]
    db.run(change)
    alerts.ask(db, AWA, CHAT, Wish("Gari fin", product_id=gari.id))
    alerts.ask(db, KODJO, CHAT, Wish("gari"))
    due(db)
    assert (alerts.look(db, 10), told(db), states(db)) == (2, [], {"open": 2})
    db.run("update stock set on_hand = 5")
    db.run("update product set is_listed = true")
    db.run("update vendor set is_open = true")
    due(db)
    assert alerts.look(db, 10) == 2
    assert sorted(told(db)) == [(AWA, gari.id), (KODJO, gari.id)]


def test_what_is_only_near_or_too_dear_has_not_come(db):
    vendor = make_vendor(db)
    make_good(db, vendor, "Riz parfumé")
    make_good(db, vendor, "Robe wax", price=12_000)
    alerts.ask(db, AWA, CHAT, Wish("riz basmati"))
    alerts.ask(db, AWA, CHAT, Wish("robe", max_price=8000))
    due(db)
    assert (alerts.look(db, 10), told(db)) == (2, [])
    cheap = make_good(db, vendor, "Robe simple", price=7000)
    due(db)
    assert (alerts.look(db, 10), told(db)) == (2, [(AWA, cheap.id)])


def test_the_same_is_asked_once_and_five_are_the_most(db):
    for number in range(5):
        assert alerts.ask(db, AWA, CHAT, Wish(f"bien {number}")) == "made"
    assert alerts.ask(db, AWA, CHAT, Wish("bien 0")) == "before"
    assert alerts.ask(db, AWA, CHAT, Wish("bien 5")) == "full"
    assert alerts.ask(db, KODJO, CHAT, Wish("bien 0")) == "made"
    assert states(db) == {"open": 6}
    assert alerts.stop(db, AWA) == 5
    assert alerts.ask(db, AWA, CHAT, Wish("bien 0")) == "made"
    assert states(db) == {"open": 2, "stopped": 5}


def test_after_thirty_days_an_alert_ends_by_itself(db):
    alerts.ask(db, AWA, CHAT, Wish("gari"))
    db.run("update alert set made_at = market_now() - interval '30 days'")
    make_good(db, make_vendor(db), "Gari fin")
    due(db)
    assert (alerts.look(db, 10), told(db), states(db)) == (1, [], {"expired": 1})


def test_those_that_waited_longest_are_looked_at_first(db):
    for number in range(3):
        alerts.ask(db, AWA, CHAT, Wish(f"bien {number}"))
    due(db)
    assert [alerts.look(db, 2), alerts.look(db, 2), alerts.look(db, 2)] == [2, 1, 0]


def test_several_workers_tell_one_arrival_once(crowd):
    with crowd.unit_of_work() as db:
        gari = make_good(db, make_vendor(db), "Gari fin", on_hand=0)
        for contact in range(1, 9):
            alerts.ask(db, contact, CHAT, Wish("gari"))
        stock.count(db, gari.stock_id, 3, JOB)
        due(db)
    heard, lock = [], threading.Lock()

    def look(number):
        with crowd.transaction() as db:
            alerts.look(db, 3)
            with lock:
                heard.extend(told(db))

    run_together(look, range(6))
    for number in range(3):
        look(number)
    assert sorted(heard) == [(contact, gari.id) for contact in range(1, 9)]
