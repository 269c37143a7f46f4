"""Where something may be found in the outbox: looked for there alone, once, and anywhere when nobody knows where."""

import threading
import time

import pytest

from bot.prospects import Prospects

NONE, BOTH = [], [1, 2]


@pytest.fixture
def prospects():
    return Prospects()


def test_nothing_is_looked_for_until_something_leads_there(prospects):
    assert prospects.taken(BOTH, anywhere=False) == NONE
    assert prospects.starved_until == float("inf")


@pytest.mark.parametrize("kept", ["at_once", "next_time"])
def test_an_account_with_more_is_looked_at_once_and_no_other(prospects, kept):
    getattr(prospects, kept).add(2)
    assert prospects.taken(BOTH, anywhere=False) == [2]
    assert prospects.taken(BOTH, anywhere=False) == NONE


def test_a_sender_may_send_again_when_its_second_is_over(prospects):
    prospects.fed_at = {1: time.monotonic() - 0.001, 2: time.monotonic() + 60}
    assert prospects.taken(BOTH, anywhere=False) == [1]
    assert list(prospects.fed_at) == [2]
    assert prospects.starved_until == prospects.fed_at[2]
    assert prospects.taken(BOTH, anywhere=False) == NONE


@pytest.mark.parametrize("is_told", [True, False])
def test_all_are_looked_at_where_it_may_be_anywhere(prospects, is_told):
    if not is_told:
        prospects.anywhere.set()
    prospects.at_once.add(1)
    prospects.fed_at = {2: time.monotonic() + 60}
    assert prospects.taken(BOTH, anywhere=is_told) == BOTH
    assert (prospects.at_once, prospects.fed_at, prospects.anywhere.is_set()) == (set(), {}, False)


def test_what_is_said_while_a_look_begins_is_not_forgotten(prospects):
    class JustThen(threading.Event):
        def is_set(self):
            was_set = super().is_set()
            self.set()
            return was_set

    prospects.anywhere = JustThen()
    assert prospects.taken(BOTH, anywhere=False) == NONE
    assert prospects.taken(BOTH, anywhere=False) == BOTH
