"""What ends by itself ends once, in bounded batches, and passes over what someone works on."""

from catalog import locks as catalog_locks
from orders import basket, expiry, locks, progress
from orders.facts import PartExpired
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, ledger_of, make_good, make_vendor
from tests.orders.buying import AWA, advance, cause, everything, fill, hold, order, state_of


def test_a_hold_that_ended_gives_its_units_back_and_leaves_the_basket(db, terms, rice, oil):
    fill(db, (rice, 2), (oil, 1))
    hold(db, terms)
    advance(db, 899)
    assert expiry.expire_holds(db) == 0
    assert figures_of(db, rice) == (10, 2, 0)
    advance(db, 1)
    assert expiry.expire_holds(db) == 1
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 0), (5, 0, 0))
    assert len(basket.basket_of(db, AWA).lines) == 2
    assert expiry.expire_holds(db) == 0


def test_holds_on_one_stock_end_together_in_batches(db, terms, rice):
    for contact in range(1, 6):
        fill(db, (rice, 2), contact=contact)
        hold(db, terms, contact=contact)
    advance(db, 900)
    assert [expiry.expire_holds(db, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert figures_of(db, rice) == (10, 0, 0)
    assert broken_links(db) == []


def test_the_job_has_no_name_in_the_ledger(db, terms, rice):
    fill(db, (rice, 2))
    hold(db, terms)
    advance(db, 900)
    expiry.expire_holds(db)
    assert [row[0] for row in ledger_of(db, rice.stock_id)] == ["hold", "unhold"]
    assert db.one("select contact_id, inbox_id from stock_movement where reason = 'unhold'") == (None, None)


def test_an_order_that_no_vendor_answered_expires_after_24_hours(db, terms, rice, oil):
    placed = order(db, terms, (rice, 2), (oil, 3))
    silent, answered = placed.vendor_order_ids
    progress.accept(db, answered, [oil.vendor_id], cause(50))
    advance(db, 86_399)
    assert expiry.expire_unanswered(db) == 0
    advance(db, 1)
    db.facts.clear()
    assert expiry.expire_unanswered(db) == 1
    assert (state_of(db, silent), state_of(db, answered)) == ("expired", "accepted")
    assert (figures_of(db, rice), figures_of(db, oil)) == ((10, 0, 0), (5, 0, 3))
    assert db.facts == [PartExpired(placed.order_id, silent)]
    last = db.one("select vendor_order_id, fact, contact_id from order_history order by id desc limit 1")
    assert last == (silent, "expired", None)
    assert expiry.expire_unanswered(db) == 0


def test_unanswered_orders_on_one_stock_leave_a_ledger_row_each(db, terms, rice):
    for _ in range(3):
        order(db, terms, (rice, 1))
    advance(db, 86_400)
    assert expiry.expire_unanswered(db, limit=2) == 2
    assert figures_of(db, rice) == (10, 0, 1)
    assert expiry.expire_unanswered(db, limit=2) == 1
    assert figures_of(db, rice) == (10, 0, 0)
    assert db.value("select count(*) from stock_movement where reason = 'free'") == 3
    assert broken_links(db) == []


def test_a_basket_that_nobody_touched_for_a_week_is_forgotten(db, terms, rice):
    fill(db, (rice, 2))
    advance(db, 7 * 86_400 - 1)
    assert expiry.drop_old_baskets(db, 7 * 86_400) == 0
    advance(db, 1)
    assert expiry.drop_old_baskets(db, 7 * 86_400) == 1
    assert basket.basket_of(db, AWA) == basket.Basket(AWA)
    assert db.value("select count(*) from basket_line") == 0
    last = db.one("select product_id, quantity_before, quantity_after, inbox_id from basket_history order by id desc")
    assert tuple(last) == (rice.id, 2, 0, None)


def test_a_basket_that_still_holds_is_not_forgotten(db, terms, rice):
    fill(db, (rice, 2))
    hold(db, terms)
    advance(db, 8 * 86_400)
    before = everything(db)
    assert expiry.drop_old_baskets(db, 7 * 86_400) == 0
    assert everything(db) == before
    expiry.expire_holds(db)
    assert expiry.drop_old_baskets(db, 7 * 86_400) == 1
    assert figures_of(db, rice) == (10, 0, 0)


def test_a_basket_someone_works_on_is_passed_over(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db))
        for contact in (1, 2):
            fill(db, (good, 1), contact=contact)
            hold(db, terms, contact=contact)
        advance(db, 900)
    with crowd.unit_of_work() as other:
        locks.basket(other, 1)
        with crowd.unit_of_work() as db:
            assert expiry.expire_holds(db) == 1
    with crowd.unit_of_work() as db:
        assert figures_of(db, good) == (10, 1, 0)
        assert expiry.expire_holds(db) == 1


def test_two_workers_and_their_buyers_give_everything_back_once(crowd, terms):
    with crowd.unit_of_work() as db:
        goods = [make_good(db, make_vendor(db, f"shop_{place}"), on_hand=50) for place in range(3)]
        for contact in range(1, 13):
            fill(db, *((good, 1) for good in goods[:: 1 if contact % 2 else -1]), contact=contact)
            hold(db, terms, contact=contact)
        advance(db, 900)

    def work(task):
        with crowd.unit_of_work() as db:
            if isinstance(task, int):
                basket.empty(db, task, cause(task))
            else:
                expiry.expire_holds(db, limit=3)

    run_together(work, [*range(1, 9), "worker", "worker", "worker", "worker"])
    with crowd.unit_of_work() as db:
        while expiry.expire_holds(db):
            pass
        assert [figures_of(db, good) for good in goods] == [(50, 0, 0)] * 3
        assert broken_links(db) == []


def test_a_job_waits_for_a_stock_and_not_for_a_basket(crowd, terms):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db))
        fill(db, (good, 1))
        hold(db, terms)
        advance(db, 900)

    def work(who):
        with crowd.unit_of_work() as db:
            if who == "worker":
                return expiry.expire_holds(db)
            catalog_locks.stocks(db, [good.stock_id])
            return 0

    assert sum(run_together(work, ["worker", "turn", "turn"])) == 1
