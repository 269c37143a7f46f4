"""The taking loop: how long it rests between two looks at what waits."""

import json
import time
from contextlib import nullcontext
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bot.calls import MOST
from bot.sessions import Sessions
from bot.taking import SHORTEST, Taking
from tests.bot.stall import AWA
from tests.waiting import wait_for

POLL = 5.0
PHONES = [AWA, *(f"+2289100{number:04d}" for number in range(1, 6))]


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
    taking = Taking(lambda: SimpleNamespace(bot=stall, take_waiting=lambda _: takes.append("take") or 0), 0.05)
    look = taking._pause
    taking._pause = lambda *given, **named: looks.append("look") or look(*given, **named)
    taking.start()
    wait_for(lambda: len(looks) >= 4, "it does not look")
    assert len(takes) == 1
    taking.ring()
    wait_for(lambda: len(takes) == 2, "nothing is taken at the bell")
    stall.says(AWA, "1")
    wait_for(lambda: len(takes) > 2, "nothing is taken of what another process has stored")
    taking.end()
    taking.thread.join(5)
    assert not taking.thread.is_alive()


@pytest.fixture
def named(stall):
    """A loop that hardly ever looks, its taker, who never takes anything, and whom it was asked to take."""
    asked = []
    taker = SimpleNamespace(bot=stall, missed=0, followed=(), took=0)
    taker.take_waiting = lambda chats: asked.append(list(chats)) or taker.took
    taking = Taking(lambda: taker, POLL)
    taking.start()
    wait_for(lambda: asked, "it does not look at its start")
    asked.clear()
    yield taking, taker, asked
    taking.end()
    taking.thread.join(5)


def test_what_this_process_has_stored_is_taken_as_it_becomes_due_without_a_look(named):
    taking, _, asked = named
    began = time.monotonic()
    taking.heed([(7, 0.3), (8, 0.0), (9, 0.0), (8, 0.0)])
    wait_for(lambda: len(asked) == 3, "they are not taken")
    assert asked == [[8, 9], [8], [7]]  # the taker says of none that nothing more is open: it took nothing
    assert 0.3 <= time.monotonic() - began < POLL


def test_where_others_are_at_it_it_looks_again_and_again_each_time_later(named):
    taking, taker, asked = named
    taker.missed = 1
    began = time.monotonic()
    taking.heed([(7, 0.0)])
    wait_for(lambda: len(asked) == 5, "it does not look")
    assert asked == [[7], [], [], [], []]
    assert 0.02 + 0.04 + 0.08 + 0.16 <= time.monotonic() - began < POLL


def test_what_is_open_behind_what_was_taken_is_taken_next(named):
    taking, taker, asked = named
    taker.took, taker.followed = 1, [7]
    taking.heed([(7, 0.0)])
    wait_for(lambda: len(asked) >= 3, "nothing is taken behind it")
    taker.took = 0
    wait_for(lambda: taking.calls.next_at == float("inf"), "it goes on for ever")
    assert asked == [[7]] * len(asked)


def test_of_a_chat_that_wrote_ten_times_no_more_is_asked_than_it_has_messages(named):
    taking, taker, asked = named
    left = [9]
    taker.took = 1

    def take(chats):
        asked.append(list(chats))
        taker.followed = [7] if left[0] else []
        left[0] -= 1
        return 1

    taker.take_waiting = take
    taking.heed([(7, 0.0)] * 10)
    wait_for(lambda: left[0] < 0, "they are not taken")
    time.sleep(0.1)
    assert asked == [[7]] * 10


def test_who_has_nothing_more_is_not_asked_for_though_he_called_thrice(named):
    taking, taker, asked = named
    taker.took = 1  # his three words were one message
    taking.heed([(7, 0.0), (8, 0.0), (7, 0.0), (7, 0.0)])
    wait_for(lambda: asked, "nobody is taken")
    time.sleep(0.1)
    assert asked == [[7, 8]]


def test_a_look_is_for_all_that_is_due_and_too_many_calls_are_a_look(named):
    taking, _, asked = named
    taking.calls.add([(1, 0.0), (2, 60.0)])
    taking.ring()
    wait_for(lambda: asked, "it does not look")
    assert asked == [[]]
    taking.heed([(number, 0.0) for number in range(MOST)])
    wait_for(lambda: len(asked) == 2, "it does not look")
    assert asked == [[], []]
    assert taking.calls.next_at == float("inf")


def test_redis_has_the_sessions_of_a_moments_turns_in_one_call_and_all_of_them_at_the_end(
    stall, posting, redis, monkeypatch
):
    stored, store = [], Sessions.store
    monkeypatch.setattr("bot.sessions.GATHERS", 1.0)
    monkeypatch.setattr(
        Sessions, "store", lambda own, **ring: stored.append(len(own.unstored.texts)) or store(own, **ring)
    )
    stall.opens(*PHONES)
    taker = stall.new_taker()
    taker.sender = posting  # who sends in this process: nobody else has to hear of an answer
    taking = Taking(lambda: taker, POLL)
    taking.start()
    wait_for(lambda: taking.look_at > 0, "it does not look at its start")
    *first, last = PHONES
    for phone in first:
        is_answered(stall, taking, phone)
    wait_for(lambda: len(redis.keys("session:*")) == len(first), "Redis has no sessions")
    assert sum(stored) == len(first)
    assert len(stored) < len(first)

    is_answered(stall, taking, last)
    taking.end()
    assert taking.is_over(5)
    rows = stall.rows("select id, revision from conversation where revision > 0")
    assert len(rows) == len(PHONES)
    assert [json.loads(redis.get(f"session:{row.id}"))["revision"] for row in rows] == [row.revision for row in rows]


def is_answered(stall, taking, phone):
    """Whoever says a word with this phone, in a turn of his own."""
    stall.says(phone, "riz")
    taking.ring()
    wait_for(lambda: stall.value("select bool_and(state = 'done') from inbox"), "nobody is answered")
