"""How much the sending side takes at once, when it comes back for more, and how long it trusts and waits."""

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from base import clock
from bot import accounts, outbox
from bot.accounts import Contents
from bot.buckets import Given
from bot.messages import Template
from bot.posting import Posting
from tests.bot.outgoing import ME, chat_of, posting_round, put, states
from tests.bot.stall import AWA, KOSSI
from tests.waiting import wait_for

PHONES = [f"+228910000{number:02}" for number in range(65)]


@pytest.fixture
def silence(stall):
    """The provider answers nobody until the test is over."""
    stall.provider.may_answer.clear()
    yield
    stall.provider.may_answer.set()


def put_each(stall, phones):
    """A reply to each of these people."""
    stall.opens(*phones)
    for phone in phones:
        put(stall, phone, "reply")


def test_no_more_is_claimed_than_threads_are_free_and_nobody_is_asked_for_tokens_without_one(
    stall, posting, silence, monkeypatch
):
    put_each(stall, PHONES[:3])
    assert posting.round() == 3
    put_each(stall, PHONES[3:5])
    assert posting.round() == 1  # it has four threads
    monkeypatch.setattr(stall.office.buckets, "of_sender", None)
    assert posting.round() == 0
    assert states(stall) == ["sending"] * 4 + ["waiting"]


def test_a_process_sends_sixty_four_at_once_as_shipped(stall, posting, silence):
    put_each(stall, PHONES)
    shipped = Posting(stall.office)
    assert not shipped.has_more
    assert shipped.round() == 64
    wait_for(lambda: len(stall.provider.sent) == 64, "they wait for each other", 10)
    stall.provider.may_answer.set()
    shipped.drain(10)


def test_announcements_that_hang_at_their_provider_leave_an_answer_its_thread(stall, posting, silence):
    stall.opens(*PHONES[:6])
    for phone in PHONES[:5]:
        put(stall, phone, "bulk")
    assert posting.round() == 3  # of four threads
    put(stall, PHONES[5], "reply")
    assert posting.round() == 1
    assert stall.rows("select kind, state, count(*) from outbox group by 1, 2 order by 1, 2") == [
        ("bulk", "sending", 3),
        ("bulk", "waiting", 2),
        ("reply", "sending", 1),
    ]


def test_what_came_back_is_settled_sooner_where_threads_become_few(stall, posting, silence):
    stall.opens(*PHONES[:3])
    assert posting.patience == 0.12
    put(stall, PHONES[0], "reply")
    put(stall, PHONES[1], "bulk")
    posting.round()
    assert posting.patience == 0.12
    put(stall, PHONES[2], "bulk")
    posting.round()
    assert posting.patience == 0.05  # three threads of four


def test_tokens_that_are_not_used_are_given_back_those_of_announcements_apart(stall, posting, monkeypatch):
    put(stall, AWA, "reply")
    put(stall, KOSSI, "bulk")
    real, unused = stall.office.buckets.of_recipients, []

    def of_recipients(key, rates, conversations, left):
        unused.append(left)
        return real(key, rates, conversations, left)

    monkeypatch.setattr(stall.office.buckets, "of_recipients", of_recipients)
    posting.round()
    assert unused == [(4 - 2, 3 - 1)]


def test_who_waits_for_a_template_keeps_no_token_of_the_senders(stall, posting, monkeypatch):
    """Thousands that wait for a paused one would else use up everybody's rate each time they are looked at."""
    put(stall, AWA, "notice", template=Template("new_order_fr", "fr", ("TG-4K7P2",)))
    put(stall, KOSSI, "reply")
    stall.run("update conversation set last_in_at = null where id = %(id)s", id=chat_of(stall, AWA))
    with stall.database.unit_of_work() as db:
        accounts.put_contents(db, stall.account_id, {"new_order_fr": accounts.Content("HX1", "paused")})
    real, asked = stall.office.buckets.of_recipients, []

    def of_recipients(key, rates, conversations, unused):
        asked.append((list(conversations), unused))
        return real(key, rates, conversations, unused)

    monkeypatch.setattr(stall.office.buckets, "of_recipients", of_recipients)
    posting.round()
    assert asked == [([chat_of(stall, KOSSI)], (4 - 1, 3))]
    assert stall.rows("select state, error from outbox order by id limit 1") == [("waiting", "template waits")]


@pytest.mark.parametrize(
    "tokens, bulk, kind, has_more",
    [
        (1, 4, "reply", True),  # as many as were allowed
        (4, 4, "reply", False),
        (4, 0, "reply", False),  # no announcement was allowed, and none is there
        (4, 24, "bulk", False),
        (4, 1, "bulk", False),  # the next may go in a second
    ],
)
def test_there_may_be_more_when_all_that_was_allowed_was_claimed(
    stall, posting, monkeypatch, tokens, bulk, kind, has_more
):
    monkeypatch.setattr(stall.office.buckets, "of_sender", lambda *_: (Given(tokens, 1.0), Given(bulk, 1.0)))
    put(stall, AWA, kind)
    assert posting.round() == 1
    assert posting.has_more is has_more
    assert (posting.starved_until < float("inf")) is ((bulk < 24 and kind == "bulk") or bulk == 0)


def test_without_a_token_the_database_is_not_asked_and_there_is_no_hurry(stall, posting, monkeypatch):
    monkeypatch.setattr(stall.office.buckets, "of_sender", lambda *_: (Given(0, 1.0), Given(0, 1.0)))
    put(stall, AWA, "reply")
    posting.office = replace(posting.office, database=None)
    assert posting.round() == 0
    assert not posting.has_more


def test_a_template_that_is_not_approved_goes_nowhere(stall, posting):
    put(stall, AWA, "notice", template=Template("new_order_fr", "fr", ("TG-4K7P2",)))
    stall.run("update conversation set last_in_at = null")
    with stall.database.unit_of_work() as db:
        accounts.put_contents(db, stall.account_id, {"new_order_fr": accounts.Content("HX1", "rejected")})
    posting_round(stall, posting)
    assert stall.rows("select state, error from outbox") == [("failed", "window shut")]


def test_contents_are_read_again_after_thirty_seconds(stall, monkeypatch):
    contents, clock = Contents(), iter((100.0, 100.0, 130.0, 130.5, 130.5))
    monkeypatch.setattr("bot.accounts.time", SimpleNamespace(monotonic=lambda: next(clock)))
    known = []
    with stall.database.unit_of_work() as db:
        for name in ("one", "two", "three"):
            accounts.remember_contents(db, stall.account_id, {name: f"HX-{name}"}, [])
            contents.refresh(db)
            known.append(sorted(contents.ids(stall.account_id)))
    assert known == [["one"], ["one"], ["one", "three", "two"]]


def test_what_is_too_old_at_this_very_moment_does_not_go(stall, posting):
    put(stall, AWA, "reply")
    with stall.database.unit_of_work() as db:
        (row,) = outbox.claim(db, ME, stall.account_id, 1, 1)
    verdict = posting._start(stall.account, replace(row, too_old_at=row.now), Given(1, 0.0), clock.uptime())
    assert (verdict.settlement.state, verdict.settlement.error) == ("failed", "too old")


def test_a_lease_that_ends_at_this_very_moment_is_over(stall, posting, monkeypatch):
    monkeypatch.setattr("bot.posting.clock.uptime", lambda: 100.0)
    letter = SimpleNamespace(outbox_id=1)
    assert posting._send(stall.account, letter, 100.0 - posting.lease.seconds) is None
    assert stall.provider.sent == []
    assert posting._send(stall.account, letter, 100.1 - posting.lease.seconds).provider_id == "SM1"


def test_a_stop_waits_for_the_sends_under_way_and_no_longer_than_it_may(stall, posting, silence):
    put(stall, AWA, "reply")
    posting.round()
    threading.Timer(0.3, stall.provider.may_answer.set).start()
    posting.drain(10)
    assert states(stall) == ["sent"]

    stall.provider.may_answer.clear()
    put(stall, KOSSI, "reply")
    hurried, begun = stall.new_posting(), time.monotonic()
    hurried.round()
    hurried.drain(0.1)
    assert time.monotonic() - begun < 5  # the provider may take ten
    assert states(stall) == ["sent", "uncertain"]
