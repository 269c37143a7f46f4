"""An account whose provider hangs beside one whose provider answers: who writes to the second waits for nobody."""

import json
from copy import copy

import pytest

from bench.report import percentile
from bot.posting import SLOTS
from tests.faults import history
from tests.journeys.conftest import FREE_RATES
from tests.processes.house import PATIENT, house_in, with_calls_of
from tests.processes.numbered import assert_all_were_answered_once_in_order
from tests.processes.providers import TwilioProvider
from tests.processes.talk import Talk, answered_after
from tests.waiting import wait_for

SLOW_SENDER = "whatsapp:+22870000009"
MOST = 3.0  # seconds to a fast answer, of 99 in 100


@pytest.fixture
def slow():
    """A provider that takes every message and says nothing for as long as anybody listens."""
    with TwilioProvider([], callbacks=(), sender=SLOW_SENDER) as provider:
        provider.mode("hang_accepted")
        yield provider


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path, slow):
    """Two doors and a worker of two accounts; a call waits for its answer as long as shipped."""
    more = PATIENT | with_calls_of(1) | second_account(slow)
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, more=more) as house:
        slow.doors = list(house.doors.values())
        house.providers.append(slow)
        yield house.start()


def second_account(provider):
    """Settings of an account at this provider, in the simulator's place."""
    told = {
        "kind": "twilio_whatsapp",
        "key": "slow",
        "account_sid": provider.account_sid,
        "auth_token": provider.auth_token,
        "sender": provider.sender,
        "api_base": provider.url,
        "content_base": provider.url,
        "rates": json.loads(FREE_RATES),
    }
    return {"ASSIGAME__CHANNEL_ACCOUNTS__1": json.dumps(told)}


def answered_on(house, account):
    """Seconds to each answer on this account."""
    of_account = "o.account_id = (select id from channel_account where key = %(account)s)"
    return answered_after(house, of_account, account=account)


def beside(house, provider):
    """The same house, whose people speak on that provider's account."""
    other = copy(house)
    other.provider = provider
    return other


def talk_on_both(house, slow, slow_talk, fast_talk):
    """Those of the fast account talk, and are answered, while every thread of the slow one is taken."""
    with slow_talk:
        wait_for(lambda: len(slow.messages) >= SLOTS, "the slow account is not busy")
        with fast_talk:
            fast_talk.join()
        wait_for(lambda: len(house.provider.messages) >= fast_talk.acknowledged, "the fast account is not answered")
        slow.mode("ok")
        slow_talk.join()
    house.wait_until_idle(300)


def check(house, slow, slow_talk, fast_talk):
    """Everybody was answered once and in order, on the fast account at once."""
    history.check(house)
    for talk in (slow_talk, fast_talk):
        assert_all_were_answered_once_in_order(talk.house, talk.said)
    assert (len(slow.messages), len(house.provider.messages)) == (slow_talk.acknowledged, fast_talk.acknowledged)
    assert house.value("select sum(resent) from outbox") == 0
    took = answered_on(house, "twilio")
    assert len(took) == fast_talk.acknowledged
    assert percentile(took, 0.99) < MOST, took[-10:]
    assert answered_on(house, "slow")[-1] > MOST  # those were really held up


def test_who_writes_on_a_fast_account_waits_for_nobody_on_one_that_hangs(house, slow):
    slow_talk = Talk(beside(house, slow), most=2, people=SLOTS + 8)
    fast_talk = Talk(house, most=8, pause=0.3, people=8)
    talk_on_both(house, slow, slow_talk, fast_talk)
    assert (slow_talk.acknowledged, fast_talk.acknowledged) == (2 * (SLOTS + 8), 8 * 8)
    check(house, slow, slow_talk, fast_talk)


@pytest.mark.soak
def test_a_fast_account_is_as_fast_for_minutes_beside_one_that_hangs(house, slow):
    slow_talk = Talk(beside(house, slow), most=5, people=100)
    fast_talk = Talk(house, most=300, pause=0.3)
    talk_on_both(house, slow, slow_talk, fast_talk)
    assert (slow_talk.acknowledged, fast_talk.acknowledged) == (5 * 100, 300 * len(fast_talk.said))
    check(house, slow, slow_talk, fast_talk)
