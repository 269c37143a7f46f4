"""Stock: the table of design §6, row by row, with its ledger."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from base.db import Alone
from catalog import locks, stock
from catalog.errors import NegativeCount
from catalog.stock import Cause, Change, Figures
from tests.catalog.crowd import run_together
from tests.catalog.market import broken_links, figures_of, ledger_of, make_good, make_vendor

STEPS = ["hold", "unhold", "allocate", "free", "hand_over", "give_back", "count"]
AWA = Cause(contact_id=7, inbox_id=70)


@pytest.fixture
def rice(db):
    return make_good(db, make_vendor(db), on_hand=20)


def change(good, quantity, part=None):
    return [Change(good.stock_id, quantity, part)]


def test_a_hold_adds_to_held_and_takes_from_what_is_available(db, rice):
    assert stock.hold(db, change(rice, 3), AWA)
    assert figures_of(db, rice) == (20, 3, 0)
    assert stock.figures(db, rice.stock_id).available == 17


def test_giving_a_hold_back_takes_it_from_held(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    stock.unhold(db, change(rice, 3), AWA)
    assert figures_of(db, rice) == (20, 0, 0)


def test_oui_moves_units_from_held_to_allocated(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    stock.allocate(db, change(rice, 3, 5), AWA)
    assert figures_of(db, rice) == (20, 0, 3)


def test_a_refused_order_frees_its_allocated_units(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    stock.allocate(db, change(rice, 3, 5), AWA)
    stock.free(db, change(rice, 3, 5), AWA)
    assert figures_of(db, rice) == (20, 0, 0)


def test_handing_over_takes_units_from_the_shop_and_from_the_allocated(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    stock.allocate(db, change(rice, 3, 5), AWA)
    assert stock.hand_over(db, change(rice, 3, 5), AWA)
    assert figures_of(db, rice) == (17, 0, 0)


def test_a_return_puts_units_back_into_the_shop(db, rice):
    stock.give_back(db, change(rice, 2, 5), AWA)
    assert figures_of(db, rice) == (22, 0, 0)


def test_a_count_sets_what_lies_in_the_shop_with_the_promised_units_in_it(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    counted = stock.count(db, rice.stock_id, 12, AWA)
    assert counted.before == Figures(20, 3, 0)
    assert counted.after == Figures(12, 3, 0)
    assert counted.after.promised == 3
    assert figures_of(db, rice) == (12, 3, 0)


def test_a_count_below_what_is_promised_is_taken_and_nothing_is_available(db, rice):
    stock.hold(db, change(rice, 6), AWA)
    stock.allocate(db, change(rice, 6, 5), AWA)
    counted = stock.count(db, rice.stock_id, 4, AWA)
    assert (counted.after.available, counted.after.promised) == (0, 6)
    assert figures_of(db, rice) == (4, 0, 6)
    assert counted.after.is_overpromised
    assert not stock.hold(db, change(rice, 1), AWA)


def test_a_count_that_just_covers_what_is_promised_overpromises_nothing(db, rice):
    stock.hold(db, change(rice, 6), AWA)
    assert not stock.count(db, rice.stock_id, 6, AWA).after.is_overpromised


def test_a_negative_count_is_refused_and_changes_nothing(db, rice):
    with pytest.raises(NegativeCount):
        stock.count(db, rice.stock_id, -1, AWA)
    assert figures_of(db, rice) == (20, 0, 0)
    assert ledger_of(db, rice.stock_id) == []


def test_a_count_of_nothing_is_a_count(db, rice):
    assert stock.count(db, rice.stock_id, 0, AWA).after == Figures(0, 0, 0)
    assert figures_of(db, rice) == (0, 0, 0)


def test_a_count_of_an_unknown_stock_says_so(db):
    assert stock.count(db, 999_999, 3, AWA) is None


def test_a_hold_of_more_than_is_available_changes_nothing(db, rice):
    stock.hold(db, change(rice, 15), AWA)
    assert not stock.hold(db, change(rice, 6), AWA)
    assert figures_of(db, rice) == (20, 15, 0)
    assert len(ledger_of(db, rice.stock_id)) == 1


def test_a_hold_of_several_stocks_is_all_or_none(db, rice):
    oil = make_good(db, rice.vendor_id, "Huile 1 L", on_hand=2)
    assert not stock.hold(db, [Change(rice.stock_id, 1), Change(oil.stock_id, 3)], AWA)
    assert (figures_of(db, rice), figures_of(db, oil)) == ((20, 0, 0), (2, 0, 0))
    assert ledger_of(db, rice.stock_id) == ledger_of(db, oil.stock_id) == []
    assert stock.hold(db, [Change(rice.stock_id, 1), Change(oil.stock_id, 2)], AWA)
    assert (figures_of(db, rice), figures_of(db, oil)) == ((20, 1, 0), (2, 2, 0))


def test_two_wishes_for_one_stock_count_together(db, rice):
    assert not stock.hold(db, [Change(rice.stock_id, 11), Change(rice.stock_id, 10)], AWA)
    assert stock.hold(db, [Change(rice.stock_id, 11), Change(rice.stock_id, 9)], AWA)
    assert figures_of(db, rice) == (20, 20, 0)


def test_a_hold_of_an_unknown_stock_is_impossible(db, rice):
    assert not stock.hold(db, [Change(rice.stock_id, 1), Change(999_999, 1)], AWA)
    assert figures_of(db, rice) == (20, 0, 0)


def test_handing_over_more_than_the_vendor_counted_changes_nothing(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    stock.allocate(db, change(rice, 3, 5), AWA)
    stock.count(db, rice.stock_id, 2, AWA)
    assert not stock.hand_over(db, change(rice, 3, 5), AWA)
    assert figures_of(db, rice) == (2, 0, 3)


def test_the_last_units_in_the_shop_can_be_handed_over(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    stock.allocate(db, change(rice, 3, 5), AWA)
    stock.count(db, rice.stock_id, 3, AWA)
    assert stock.hand_over(db, change(rice, 3, 5), AWA)
    assert figures_of(db, rice) == (0, 0, 0)


def test_no_change_at_all_is_done_and_leaves_no_row(db, rice):
    assert stock.hold(db, [], AWA)
    assert ledger_of(db, rice.stock_id) == []


def test_the_ledger_says_who_why_and_the_numbers_before_and_after(db, rice):
    stock.hold(db, change(rice, 3), AWA)
    stock.allocate(db, change(rice, 3, 5), Cause(7, 71))
    rows = db.rows("select * from stock_movement where stock_id = %(id)s order by id", id=rice.stock_id)
    assert [(row.reason, row.contact_id, row.inbox_id, row.vendor_order_id, row.quantity) for row in rows] == [
        ("hold", 7, 70, None, 3),
        ("allocate", 7, 71, 5, 3),
    ]
    assert ledger_of(db, rice.stock_id) == [
        ("hold", 3, Figures(20, 0, 0), Figures(20, 3, 0)),
        ("allocate", 3, Figures(20, 3, 0), Figures(20, 0, 3)),
    ]


def test_two_parts_on_one_stock_leave_two_ledger_rows_that_join(db, rice):
    stock.hold(db, change(rice, 5), AWA)
    stock.allocate(db, [Change(rice.stock_id, 2, 5), Change(rice.stock_id, 3, 6)], AWA)
    assert ledger_of(db, rice.stock_id)[1:] == [
        ("allocate", 2, Figures(20, 5, 0), Figures(20, 3, 2)),
        ("allocate", 3, Figures(20, 3, 2), Figures(20, 0, 5)),
    ]
    stock.hand_over(db, [Change(rice.stock_id, 2, 5), Change(rice.stock_id, 3, 6)], AWA)
    assert ledger_of(db, rice.stock_id)[3:] == [
        ("hand_over", 2, Figures(20, 0, 5), Figures(18, 0, 3)),
        ("hand_over", 3, Figures(18, 0, 3), Figures(15, 0, 0)),
    ]
    assert broken_links(db) == []


def test_a_job_leaves_no_name(db, rice):
    stock.hold(db, change(rice, 5), stock.JOB)
    assert db.one("select contact_id, inbox_id from stock_movement") == (None, None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(1, 9)),
        max_size=20,
    )
)  # fmt: skip
def test_any_run_of_changes_keeps_the_ledger_joined_and_no_number_negative(db, steps):
    good = make_good(db, make_vendor(db, f"v{db.value('select count(*) from vendor')}"), on_hand=10)
    on_hand, held, allocated = 10, 0, 0
    for step, n in steps:
        if step == "hold":
            done = stock.hold(db, change(good, n), AWA)
            assert done == (on_hand - held - allocated >= n)
            held += n * done
        elif step in ("unhold", "allocate") and held >= n:
            getattr(stock, step)(db, change(good, n), AWA)
            held, allocated = held - n, allocated + n * (step == "allocate")
        elif step == "free" and allocated >= n:
            stock.free(db, change(good, n), AWA)
            allocated -= n
        elif step == "hand_over" and allocated >= n:
            done = stock.hand_over(db, change(good, n), AWA)
            assert done == (on_hand >= n)
            on_hand, allocated = on_hand - n * done, allocated - n * done
        elif step == "give_back":
            stock.give_back(db, change(good, n), AWA)
            on_hand += n
        elif step == "count":
            stock.count(db, good.stock_id, n, AWA)
            on_hand = n
        assert figures_of(db, good) == (on_hand, held, allocated)
    assert broken_links(db) == []


def test_of_many_who_want_the_last_units_at_once_exactly_as_many_get_them(crowd):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db), on_hand=7)

    def claim(contact):
        with crowd.unit_of_work() as db:
            locks.stocks(db, [good.stock_id])
            return stock.hold(db, change(good, 1), Cause(contact, None))

    got = run_together(claim, range(20))
    with crowd.unit_of_work() as db:
        assert figures_of(db, good) == (7, 7, 0)
        assert broken_links(db) == []
    assert sorted(got) == [False] * 13 + [True] * 7


def test_crosswise_claims_of_two_stocks_neither_stop_each_other_nor_oversell(crowd):
    with crowd.unit_of_work() as db:
        vendor = make_vendor(db)
        rice, oil = make_good(db, vendor, on_hand=30), make_good(db, vendor, "Huile 1 L", on_hand=30)

    def claim(place):
        pair = [rice, oil] if place % 2 else [oil, rice]
        with crowd.unit_of_work() as db:
            locks.stocks(db, [good.stock_id for good in pair])
            return stock.hold(db, [Change(good.stock_id, 1) for good in pair], Cause(place, None))

    got = [run_together(claim, range(8)) for _ in range(5)]
    with crowd.unit_of_work() as db:
        assert figures_of(db, rice) == figures_of(db, oil) == (30, 30, 0)
        assert broken_links(db) == []
    assert sum(map(sum, got)) == 30


def test_in_a_batch_a_busy_stock_sends_the_turn_away_before_it_wrote(crowd):
    with crowd.unit_of_work() as db:
        good = make_good(db, make_vendor(db))
    with crowd.unit_of_work() as other, crowd.unit_of_work() as db:
        locks.stocks(other, [good.stock_id])
        turn = db.turn_of_batch()
        with pytest.raises(Alone):
            locks.stocks(turn, [good.stock_id])
        assert not turn.has_written


def test_what_is_confirmed_is_as_fresh_as_a_count_and_what_is_busy_is_passed_over(crowd):
    with crowd.unit_of_work() as db:
        shop = make_vendor(db)
        free, busy = make_good(db, shop, on_hand=20), make_good(db, shop, on_hand=20)
        db.run("update stock set confirmed_at = market_now() - interval '8 days'")
    with crowd.unit_of_work() as other, crowd.unit_of_work() as db:
        locks.stocks(other, [busy.stock_id])
        turn = db.turn_of_batch()
        stock.confirm(turn, [free.stock_id, busy.stock_id])
    with crowd.unit_of_work() as db:
        fresh = db.rows("select id from stock where confirmed_at > market_now() - interval '1 day'")
        assert [row.id for row in fresh] == [free.stock_id]
        assert (figures_of(db, free), ledger_of(db, free.stock_id)) == ((20, 0, 0), [])
