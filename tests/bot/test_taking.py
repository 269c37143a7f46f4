"""The taking loop: how long it rests between two looks at what waits."""

import pytest

from bot.taking import SHORTEST, Taking
from tests.bot.stall import AWA

POLL = 5.0


def test_it_rests_until_the_next_message_is_due_and_after_turns_looks_again_at_what_is_due_already(stall):
    def rests(*, has_taken):
        return Taking(lambda: None, POLL)._pause(stall.database, has_taken=has_taken)

    assert rests(has_taken=True) == rests(has_taken=False) == POLL
    stall.says(AWA, "1")
    assert rests(has_taken=True) == 0
    assert rests(has_taken=False) == POLL  # others are at it
    stall.run("update inbox set due_at = market_now() + interval '2 seconds'")
    assert rests(has_taken=True) == pytest.approx(2, abs=0.5)
    assert rests(has_taken=False) == pytest.approx(2, abs=0.5)
    stall.run("update inbox set due_at = market_now() + interval '0.01 seconds'")
    assert rests(has_taken=False) == SHORTEST
