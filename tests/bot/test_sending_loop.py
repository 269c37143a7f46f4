"""The sending loop of a process: when it goes round, and what it leaves at its end."""

import os
import threading
import time
from dataclasses import replace

import pytest

from base.db import Database
from bot import engine, uncertain
from bot.answering import Answering
from bot.hands import Finder
from bot.posting import Posting
from bot.sending import Sending
from bot.taking import Taking
from tests.bot.outgoing import put, states
from tests.bot.stall import AWA, KOSSI
from tests.waiting import wait_for


def with_poll(posting, seconds):
    """The posting, with so many seconds between two looks."""
    config = posting.office.config
    timing = config.timing.model_copy(update={"poll": seconds})
    posting.office = replace(posting.office, config=config.model_copy(update={"timing": timing}))
    return posting


@pytest.fixture
def taker(stall, posting):
    """A taker in the process that sends."""
    taker = stall.new_taker()
    taker.sender = posting
    return taker


def test_what_is_to_be_said_goes_at_once_and_sends_that_came_back_are_gathered_for_a_moment(posting):
    waited = []

    class Hurry(threading.Event):
        def wait(self, timeout=None):
            waited.append((timeout, self.is_set()))
            return self.is_set()

    sending = Sending(with_poll(posting, 0.01))
    posting.hurry = Hurry()
    assert sending._called() == ""
    posting.bell.set()
    assert sending._called() == "bell"
    posting.ring()
    assert sending._called() == "hurry"
    assert waited == [(0.12, False), (0.12, True)]
    assert not posting.hurry.is_set()


def test_an_answer_goes_without_a_poll_and_without_a_look(stall, posting, taker, monkeypatch):
    sending = Sending(with_poll(posting, 20.0))
    sending.start()
    wait_for(lambda: not posting.bell.is_set(), "it does not begin")
    monkeypatch.setattr("bot.outbox.claim", None)
    stall.opens(AWA)
    stall.says(AWA, "riz")
    taker.take_waiting()
    wait_for(lambda: states(stall) == ["sent"], "it is not sent and settled")
    sending.end(10)


def test_what_another_process_said_is_found_at_the_ring_and_at_the_poll(stall, posting):
    sending = Sending(with_poll(posting, 20.0))
    sending.start()
    put(stall, AWA, "notice")
    posting.ring()
    wait_for(lambda: states(stall) == ["sent"], "it is not found at the ring")
    sending.end(10)

    polling = Sending(with_poll(stall.new_posting(), 0.05))
    polling.start()
    put(stall, KOSSI, "notice")
    wait_for(lambda: states(stall) == ["sent"] * 2, "it is not found at the poll")
    polling.end(10)


@pytest.mark.parametrize("called", ["bell", "hurry"])
def test_what_is_due_by_its_time_is_found_at_the_poll_where_something_always_calls(stall, posting, called):
    sending = Sending(with_poll(posting, 0.3))
    put(stall, AWA, "notice")  # and nobody rang
    posting.looked_at = time.monotonic()
    assert sending._send("bell") == ""
    assert states(stall) == ["waiting"]
    posting.looked_at, posting.settled_at = time.monotonic() - 0.3, time.monotonic()
    assert sending._send(called) == "bell"  # it went, and came back
    sending._send("bell")
    assert states(stall) == ["sent"]


def test_whose_sender_has_ended_claims_nothing_more(stall, posting, taker):
    sending = Sending(posting)
    sending.start()
    sending.end(10)
    stall.opens(AWA)
    stall.says(AWA, "riz")
    taker.take_waiting()
    assert states(stall) == ["waiting"]


def test_a_sender_that_dies_of_a_bug_is_handed_nothing_more(stall, posting, taker, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    monkeypatch.setattr(Posting, "round", lambda *_, **__: 1 / 0)
    sending = Sending(posting)
    sending.start()
    sending.thread.join(10)
    assert not posting.is_open


def test_one_that_does_not_announce_leaves_announcements_to_others(stall, sends_no_bulk):
    stall.opens(AWA, KOSSI)
    put(stall, AWA, "bulk")
    put(stall, KOSSI, "notice")
    wait_for(sends_no_bulk.round, "there is no token")
    sends_no_bulk.drain(10)
    assert stall.rows("select kind, state from outbox order by id") == [("bulk", "waiting"), ("notice", "sent")]


@pytest.fixture
def sends_no_bulk(stall):
    """The sending side of a door."""
    posting = Posting(stall.office, slots=4, announces=lambda: False)
    yield posting
    posting.threads.shutdown()


def test_a_door_that_ends_finishes_its_turn_settles_its_sends_and_gives_the_rest_back(stall):
    answering = Answering(lambda: Posting(stall.office, slots=1, announces=lambda: False))
    taking = Taking(lambda: replaced(stall.new_taker(), answering.sender()), 5.0)
    stall.opens(AWA, KOSSI)
    stall.provider.may_answer.clear()
    stall.says(AWA, "riz")
    taking.start()
    wait_for(lambda: stall.provider.sent, "nothing is sent")
    threading.Timer(0.3, stall.provider.may_answer.set).start()
    answering.end(taking, 10)
    assert (states(stall), taking.thread.is_alive(), answering.sending.thread.is_alive()) == (["sent"], False, False)


CLAIMED_BY_ME = """
update outbox set state = 'sending', attempts = 1, lease_owner = 'me', lease_until = market_now() + interval '30 s'
returning id
"""


def test_a_door_that_ends_while_its_sender_is_still_being_made_ends_it_too_and_gives_back_what_it_claimed(stall):
    is_asked, may_be_made = threading.Event(), threading.Event()

    def make():
        is_asked.set()
        assert may_be_made.wait(10)
        posting = Posting(stall.office, slots=1, announces=lambda: False)
        stall.rows(CLAIMED_BY_ME)
        return posting

    answering = Answering(make)
    taking = Taking(lambda: replaced(stall.new_taker(), answering.sender()), 5.0)
    stall.opens(AWA)
    put(stall, AWA, "notice")
    taking.start()
    assert is_asked.wait(10)
    threading.Timer(0.3, may_be_made.set).start()
    answering.end(taking, 10)
    assert (answering.sending.is_settled, answering.sending.thread.is_alive()) == (True, False)
    assert stall.rows("select state, lease_owner from outbox") == [("waiting", None)]


def test_where_a_turn_outlasts_the_end_of_its_door_others_give_back_what_it_claims(stall, tmp_path, monkeypatch):
    may_commit, is_at_work = threading.Event(), threading.Event()
    folder = tmp_path / "hands"
    answering = Answering(lambda: Posting(stall.office, slots=1, folder=folder, announces=lambda: False))
    taking = Taking(lambda: replaced(stall.new_taker(), answering.sender()), 5.0)
    stall.opens(AWA)
    stall.says(AWA, "riz")
    write = engine.write
    monkeypatch.setattr(
        engine, "write", lambda *told, **how: is_at_work.set() or (may_commit.wait(10) and write(*told, **how))
    )
    taking.start()
    assert is_at_work.wait(10)
    answering.end(taking, 0.2)
    may_commit.set()
    taking.thread.join(10)
    assert stall.rows("select state, lease_owner, attempts from outbox") == [("sending", "me", 1)]
    hand = answering.sending.posting.hand
    hand._notes.close()  # as its process ends
    os.close(hand._file)
    assert uncertain.let_go_of_the_dead(stall.database, Finder(folder, "other").dead()) == 1
    assert stall.rows("select state, lease_owner, attempts from outbox") == [("waiting", None, 0)]


def test_a_door_that_ends_while_the_database_is_away_ends_in_peace(stall):
    away = Database("postgresql+psycopg://postgres@/nothing?host=/nowhere")
    answering = Answering(lambda: Posting(replace(stall.office, database=away), slots=1))
    taking = Taking(lambda: replaced(stall.new_taker(), answering.sender()), 0.05)
    taking.start()
    wait_for(lambda: answering.sending, "it does not begin")
    answering.end(taking, 5)
    assert not taking.thread.is_alive()


def replaced(taker, sender):
    """A taker with this sender."""
    taker.sender = sender
    return taker


def test_at_the_end_of_the_interpreter_nothing_more_is_begun_and_what_was_claimed_waits(stall, posting, taker):
    posting.threads.shutdown()
    stall.opens(AWA, KOSSI)
    stall.says(AWA, "riz")
    taker.take_waiting()
    posting.round(looks=False)
    assert stall.rows("select state, attempts, lease_owner from outbox") == [("waiting", 0, None)]
    assert (posting.is_open, posting.round()) == (False, 0)


def test_a_thread_that_cannot_be_had_is_told_aloud(stall, posting, taker, monkeypatch):
    def submit(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(posting.threads, "submit", submit)
    stall.opens(AWA)
    stall.says(AWA, "riz")
    with pytest.raises(RuntimeError, match="new thread"):
        taker.take_waiting()
