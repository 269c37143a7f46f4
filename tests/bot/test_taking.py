"""The taking loop: how long it rests between two looks at what waits."""

from contextlib import nullcontext
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bot.taking import SHORTEST, Taking
from tests.bot.stall import AWA
from tests.waiting import wait_for

POLL = 5.0


def test_it_rests_until_the_next_message_is_due_or_not_at_all_where_one_is_due_already(stall):
    def rests(*, also_due):
        return Taking(lambda: None, POLL)._pause(stall.database, also_due=also_due)

    assert rests(also_due=True) == rests(also_due=False) == POLL
    stall.says(AWA, "1")
    assert rests(also_due=True) == 0
    assert rests(also_due=False) == POLL  # it has just found that others are at it
    stall.run("update inbox set due_at = market_now() + interval '2 seconds'")
    assert rests(also_due=True) == pytest.approx(2, abs=0.5)
    assert rests(also_due=False) == pytest.approx(2, abs=0.5)


def test_it_rests_a_little_before_a_message_that_others_may_take():
    nearly_due = SimpleNamespace(value=lambda *_, **__: Decimal("0.004"))
    taking = Taking(lambda: None, POLL)
    database = SimpleNamespace(autocommit=lambda: nullcontext(nearly_due))
    assert taking._pause(database, also_due=False) == SHORTEST
    assert taking._pause(database, also_due=True) == 0.004


def test_it_takes_when_it_is_rung_or_something_is_due_and_else_only_looks(stall):
    takes, looks = [], []
    taking = Taking(lambda: SimpleNamespace(bot=stall, take_waiting=lambda: takes.append("take") or 0), 0.05)
    look = taking._pause
    taking._pause = lambda *given, **named: looks.append("look") or look(*given, **named)
    taking.start()
    wait_for(lambda: len(looks) >= 4, "it does not look")
    assert len(takes) == 1
    taking.bell.set()
    wait_for(lambda: len(takes) == 2, "nothing is taken at the bell")
    stall.says(AWA, "1")
    wait_for(lambda: len(takes) > 2, "nothing is taken of what another process has stored")
    taking.end()
    taking.thread.join(5)
    assert not taking.thread.is_alive()
