"""The provider's postman: order, one body for what waits, retries, and what the phone is told."""

import json

import pytest

from base.secret import Secret
from dashboard.simulator.postman import MOST_WAITING, Parcel, Postman
from dashboard.simulator.signing import signature_of
from tests.fakes.listener import Listener

SECRET = Secret("between us")
AWA = "+22890000001"
HELLO = Parcel("messages", AWA, {"id": "sim-in-1", "phone": AWA, "text": "bonjour"})
MENU = Parcel("messages", AWA, {"id": "sim-in-2", "phone": AWA, "text": "menu"})
READ = Parcel("reports", AWA, {"id": "sim-42-1-0", "outbox_id": 42, "status": "read"})


@pytest.fixture
def market():
    with Listener() as listener:
        yield listener


@pytest.fixture
def ticks():
    return []


@pytest.fixture
def postman(market, ticks):
    postman = Postman(f"{market.url}/webhooks/simulator", SECRET, lambda *tick: ticks.append(tick), waits=(0, 0))
    yield postman
    postman.close()


def test_what_waits_goes_in_one_signed_body_in_its_order(market, postman, ticks):
    postman.carry([HELLO, READ, MENU])

    path, headers, body = market.asked.get_nowait()
    assert path == "/webhooks/simulator"
    assert headers["X-Assigame-Signature"] == signature_of(SECRET, body)
    assert json.loads(body) == {"messages": [HELLO.content, MENU.content], "reports": [READ.content]}
    assert ticks == [(AWA, "sim-in-1", "delivered"), (AWA, "sim-in-2", "delivered")]


def test_a_market_that_is_away_is_tried_again_with_the_same_bytes(market, postman, ticks):
    market.answers = [(503, {}, b""), (503, {}, b""), (200, {}, b"")]

    postman.carry([HELLO])

    bodies = [market.asked.get_nowait()[2] for _ in range(3)]
    assert len(set(bodies)) == 1
    assert ticks == [(AWA, "sim-in-1", "delivered")]


def test_a_message_that_never_arrives_is_shown_as_failed(market, postman, ticks):
    market.answers = [(503, {}, b"")]

    postman.carry([HELLO, READ])

    assert market.asked.qsize() == 3
    assert ticks == [(AWA, "sim-in-1", "failed")]


def test_a_refusal_is_not_tried_again(market, postman, ticks):
    market.answers = [(400, {}, b"")]

    postman.carry([HELLO])

    assert market.asked.qsize() == 1
    assert ticks == [(AWA, "sim-in-1", "failed")]


def test_the_thread_delivers_what_is_posted_in_order(market, postman):
    parcels = [Parcel("messages", AWA, {"id": f"sim-in-{n}", "phone": AWA}) for n in range(250)]
    for parcel in parcels:
        assert postman.post(parcel)

    ids = []
    while len(ids) < 250:
        ids += [one["id"] for one in json.loads(market.asked.get(timeout=10)[2])["messages"]]
    assert ids == [f"sim-in-{n}" for n in range(250)]


def test_a_full_queue_takes_nothing_more(postman):
    for _ in range(MOST_WAITING):
        postman.waiting.put_nowait(READ)

    assert postman.post(HELLO) is False
    assert postman.waiting.qsize() == MOST_WAITING
