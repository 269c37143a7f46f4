"""The organizers' list: lines are settled once, whoever else settles at the same moment."""

import threading

import pytest

from base.db import Alone
from bot import attention
from tests.catalog.crowd import run_together


def two_lines(crowd):
    with crowd.unit_of_work() as db:
        for order in (1, 2):
            attention.ask(db, "code_locked", {"vendor_order": order})
    with crowd.unit_of_work() as db:
        return [item.id for item in attention.open_items(db)]


def test_lines_settled_crosswise_by_two_batches_wait_for_nobody(crowd):
    lines = two_lines(crowd)
    both_have_one = threading.Barrier(2)

    def settle(order):
        with crowd.transaction(in_batch=True) as db:
            assert attention.settle(db.turn_of_batch(), [order[0]], 7) == {order[0]}
            both_have_one.wait(10)
            with pytest.raises(Alone):
                attention.settle(db.turn_of_batch(), [order[1]], 7)
            both_have_one.wait(10)

    run_together(settle, [lines, lines[::-1]])
    with crowd.unit_of_work() as db:
        assert attention.open_items(db) == []


def test_what_many_ask_for_at_one_moment_is_one_line_and_one_is_told_so(crowd):
    def ask(_):
        with crowd.unit_of_work() as db:
            return attention.ask(db, "account_paused", {"account": 1})

    assert sorted(run_together(ask, range(8))) == [False] * 7 + [True]
    with crowd.unit_of_work() as db:
        assert len(attention.open_items(db)) == 1


def test_each_line_is_settled_by_one_of_many(crowd):
    lines = two_lines(crowd)

    def settle(order):
        with crowd.unit_of_work() as db:
            return len(attention.settle(db, order, None))

    assert sorted(run_together(settle, [lines, lines[::-1]] * 4)) == [0] * 7 + [2]


def test_lines_come_by_their_groups_and_a_page_goes_on_behind_a_settled_one(crowd):
    kinds = ("account_paused", "code_locked", "payment_claim", "person_asked", "never_heard_of", "complaint")
    with crowd.unit_of_work() as db:
        for kind in kinds:
            attention.ask(db, kind, {"contact": 1})
    told = ["person_asked", "complaint", "payment_claim", "code_locked", "account_paused", "never_heard_of"]
    with crowd.unit_of_work() as db:
        found = attention.grouped_items(db)
        assert [item.kind for item in found] == told
        attention.settle(db, [found[2].id], 7)
    with crowd.unit_of_work() as db:
        assert [item.kind for item in attention.grouped_items(db, found[2].id, 2)] == told[3:5]
        assert attention.group_of("never_heard_of") == "service"
