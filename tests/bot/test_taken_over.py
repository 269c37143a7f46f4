"""An answer goes out where its turn was made: claimed as it is written, sent without a look through the outbox."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from bot import outbox, uncertain
from bot.accounts import Contents
from bot.buckets import Buckets
from bot.engine import FRESH
from bot.posting import LATER
from bot.sessions import Sessions
from tests.bot.outgoing import claim, put, states
from tests.bot.stall import AWA, KOSSI
from tests.waiting import wait_for

CLAIMED = "select state, attempts, lease_owner, sent_at is not null, lease_until > market_now() from outbox"


@pytest.fixture
def taker(stall, posting):
    """A taker in the process that sends."""
    taker = stall.new_taker()
    taker.sender = posting
    return taker


@pytest.fixture
def rung(monkeypatch):
    """Whether the bell was rung, for each batch."""
    told = []
    monkeypatch.setattr(Sessions, "write", lambda _, held, *, ring: told.append(ring))
    return told


@pytest.fixture
def unlooked(monkeypatch):
    """Nobody may look through the outbox."""
    monkeypatch.setattr(outbox, "claim", None)


def asks(stall, taker, *phones):
    """Each of them says a word, and is answered in one batch."""
    stall.opens(*phones)
    for phone in phones:
        stall.says(phone, "riz")
    assert taker.take_waiting() == len(phones)


def goes_out(posting):
    """As the worker at the bell: what was begun is settled when it came back."""
    posting.bell.clear()
    posting.round(looks=False)
    while posting.under_way:
        assert posting.bell.wait(10)
        posting.bell.clear()
        posting.round(looks=False)


def test_the_answers_of_a_batch_are_claimed_as_they_are_written_and_sent_without_a_look(
    stall, posting, taker, rung, unlooked
):
    asks(stall, taker, AWA, KOSSI)
    assert stall.rows(CLAIMED) == [("sending", 1, "me", True, True)] * 2
    assert rung == [False]  # nobody else has anything to look for
    assert len(posting.under_way) == 2  # begun by who has made the turn
    assert not posting.hurry.is_set()  # nothing is left to the loop but what comes back
    goes_out(posting)
    assert stall.rows("select state, attempts, provider_id from outbox order by id") == [
        ("sent", 1, "SM1"),
        ("sent", 1, "SM2"),
    ]
    assert [letter.bubble.body for letter in stall.provider.sent] == [*stall.said(AWA), *stall.said(KOSSI)]


def test_it_knows_of_its_person_what_a_claim_knows(stall, posting, taker):
    asks(stall, taker, AWA)
    handed = list(posting.under_way.values())
    stall.run("update outbox set state = 'waiting', lease_owner = null, attempts = 0")
    with stall.database.unit_of_work() as db:
        claimed = outbox.claim(db, posting.lease, stall.account_id, 1, 0)
    assert [replace(one, now=handed[0].now) for one in claimed] == handed
    assert handed[0].to.value == AWA
    at = stall.value("select last_in_at from conversation where id = %(id)s", id=handed[0].conversation_id)
    assert handed[0].last_in_at == at  # as of this very turn


def test_without_a_sender_in_the_process_it_waits_and_the_bell_is_rung(stall, rung):
    asks(stall, stall.taker, AWA)
    assert stall.rows(CLAIMED) == [("waiting", 0, None, False, None)]
    assert rung == [True]


def test_what_stands_behind_something_open_waits_for_it(stall, posting, taker, rung):
    stall.opens(AWA)
    put(stall, AWA, "notice")
    claim(stall)
    stall.says(AWA, "riz")
    taker.take_waiting()
    assert states(stall) == ["sending", "waiting"]
    assert (rung, posting.under_way) == ([True], {})


@pytest.mark.parametrize("kind", ["bulk", "notice"])
def test_behind_what_is_tried_again_tomorrow_it_goes_at_once(stall, posting, taker, rung, kind):
    stall.opens(AWA)
    put(stall, AWA, kind)
    stall.run("update outbox set due_at = market_now() + interval '1 day', attempts = 1, error = 'busy 131049'")
    stall.says(AWA, "riz")
    taker.take_waiting()
    assert (states(stall), rung) == (["waiting", "sending"], [False])
    goes_out(posting)
    assert states(stall) == ["waiting", "sent"]


def test_what_is_said_behind_it_goes_when_it_has_gone(stall, posting, taker):
    asks(stall, taker, AWA)
    put(stall, AWA, "notice")
    goes_out(posting)  # what is settled tells that it is followed
    assert states(stall) == ["sent", "sent"]
    assert [letter.bubble.body for letter in stall.provider.sent] == stall.said(AWA)


def test_nothing_goes_out_of_an_account_that_is_paused(stall, posting, taker):
    stall.run("update channel_account set paused_at = market_now()")
    asks(stall, taker, AWA)
    assert (states(stall), posting.under_way) == (["waiting"], {})


def test_for_whom_no_token_is_left_it_waits_as_if_nobody_had_claimed_it(stall, posting, taker, monkeypatch):
    rates = stall.account.rates.model_copy(update={"sender_per_second": 1})
    account = stall.account.model_copy(update={"rates": rates})
    posting.office = replace(posting.office, accounts={stall.account_id: account})
    while posting.office.buckets.of_sender(account.key, rates, 1, 0)[0].tokens:
        pass
    asks(stall, taker, AWA)
    assert posting.bell.is_set()
    assert posting.hurry.is_set()  # the loop is to write that it waits
    posting.round(looks=False)
    assert stall.rows("select state, attempts, lease_owner from outbox") == [("waiting", 0, None)]
    assert (stall.provider.sent, posting.starved_until < float("inf")) == ([], True)


def test_for_whom_no_thread_is_left_it_waits_as_if_nobody_had_claimed_it(stall, posting, taker):
    stall.provider.may_answer.clear()
    phones = [f"+2289100000{number}" for number in range(6)]
    asks(stall, taker, *phones)
    posting.round(looks=False)  # it has four threads
    assert states(stall) == ["sending"] * 4 + ["waiting"] * 2
    stall.provider.may_answer.set()
    goes_out(posting)
    assert states(stall) == ["sent"] * 6


def test_what_cannot_be_chosen_while_the_database_is_away_waits_as_if_nobody_had_claimed_it(
    stall, posting, taker, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(Contents, "refresh", gone)
        asks(stall, taker, AWA)
    assert (states(stall), posting.under_way) == (["sending"], {})
    goes_out(posting)  # which finds it again
    assert stall.rows("select state, attempts from outbox") == [("sent", 1)]
    assert len(stall.provider.sent) == 1


def gone(*_):
    raise psycopg.OperationalError("gone")


def test_once_a_process_ends_it_begins_nothing_and_gives_back_what_it_has_claimed(stall, posting, taker, monkeypatch):
    monkeypatch.setattr(posting, "threads", ThreadPoolExecutor(1))  # which nobody shuts down: it could begin
    monkeypatch.setattr(posting.threads, "shutdown", lambda **_: None)
    stall.opens(AWA)
    stall.says(AWA, "riz")
    lease, take_over = posting.lease, posting.take_over

    def at_the_end(claimed, began):
        """The turn was committed, and meanwhile the loop has ended."""
        posting.drain(0)
        take_over(claimed, began)

    posting.take_over = at_the_end
    assert taker.take_waiting() == 1
    assert (states(stall), posting.under_way, stall.provider.sent) == (["sending"], {}, [])
    assert not posting.held_back
    with stall.database.unit_of_work() as db:
        assert outbox.give_back(db, lease.owner) == 1
    assert stall.rows("select state, attempts, lease_owner from outbox") == [("waiting", 0, None)]


def test_two_threads_that_begin_share_the_threads_there_are(stall, posting, taker, monkeypatch):
    """Each has counted them free before the other began."""
    stall.provider.may_answer.clear()
    asks(stall, taker, *(f"+2289100000{number}" for number in range(3)))
    begun, of_answers = [], Buckets.of_answers

    def meanwhile(buckets, key, rates, conversations):
        """The other one begins with all that are left."""
        if not begun:
            begun.append(True)
            asks(stall, taker, "+22891000003")
        return of_answers(buckets, key, rates, conversations)

    monkeypatch.setattr(Buckets, "of_answers", meanwhile)
    asks(stall, taker, "+22891000004")
    assert len(posting.under_way) == 4  # it has four
    assert len(posting.held_back) == 1
    stall.provider.may_answer.set()
    goes_out(posting)
    assert states(stall) == ["sent"] * 5


def test_what_a_process_had_claimed_and_not_begun_when_it_died_waits_for_the_next(stall, posting, taker, monkeypatch):
    monkeypatch.setattr(posting, "take_over", lambda *_: None)
    asks(stall, taker, AWA)
    assert uncertain.let_go_of_the_dead(stall.database, [(posting.lease.owner, set())]) == 1
    assert stall.rows("select state, attempts, lease_owner from outbox") == [("waiting", 0, None)]


def test_a_taker_that_has_just_started_hands_over_as_well(stall, posting, unlooked):
    taker = stall.new_taker(succeeded=0)
    taker.sender = posting
    asks(stall, taker, AWA)
    assert taker.succeeded < FRESH
    goes_out(posting)
    assert states(stall) == ["sent"]


def test_who_hurries_leaves_what_came_back_for_a_moment_and_not_for_longer(stall, posting, taker, monkeypatch):
    asks(stall, taker, AWA, KOSSI)
    goes_out(posting)
    stall.says(AWA, "riz")
    taker.take_waiting()
    wait_for(lambda: all(future.done() for future in posting.under_way), "it is not sent", 10)
    posting.settled_at = time.monotonic()
    posting.bell.clear()
    assert posting.round(looks=False, hurries=True) == 0
    assert posting.bell.is_set()  # so that it comes back to them
    posting.settled_at -= LATER
    assert posting.round(looks=False, hurries=True) == 1


@pytest.mark.parametrize("words", ["riz", "STOP", "photo"])
def test_what_is_handed_over_is_what_a_claim_would_read(stall, taker, posting, monkeypatch, words):
    handed = []
    monkeypatch.setattr(posting, "take_over", lambda claimed, began: handed.extend(claimed))
    stall.opens(AWA, KOSSI)
    stall.says(AWA, words)
    stall.says(KOSSI, "riz")
    assert taker.take_waiting() == 2
    with stall.database.unit_of_work() as db:
        read = [outbox.read(db, [one.id])[one.id] for one in handed]
    assert len(handed) == 2
    assert handed == [replace(one, now=own.now) for one, own in zip(read, handed, strict=True)]
