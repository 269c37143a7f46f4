"""The simulator's channel against a provider that answers well, badly or not at all."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from base.accounts import SimulatorAccount
from base.secret import Secret
from bot.messages import Accepted, Identity, Letter, Offer, Outgoing, Refused, Template, Unclear
from bot.provider_answers import Found, NotTaken, Unknown
from handlers.channel import WebhookRequest
from handlers.errors import BadSignature
from handlers.signatures import sign_body
from handlers.simulator.channel import SimulatorChannel
from tests.fakes.listener import Listener
from tests.ports import free_port

ACCOUNT = SimulatorAccount(key="simulator", secret=Secret("one secret"))
OTHER = SimulatorAccount(key="other", secret=Secret("another secret"))
BUBBLE = Outgoing("Combien ?", "buttons", (Offer(1, "1 sac", "q:1"), Offer(2, "2 sacs", "q:2", "à deux")))
LETTER = Letter(42, Identity("phone", "+22890000001"), BUBBLE)
SINCE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def provider():
    with Listener() as listener:
        yield listener


@pytest.fixture
def channel(provider):
    return SimulatorChannel(provider.url)


def webhook(body, signature):
    headers = {} if signature is None else {"x-assigame-signature": signature}
    return WebhookRequest("POST", "/webhooks/simulator", "", headers, body)


def test_a_request_belongs_to_the_account_that_signed_it():
    channel = SimulatorChannel("http://127.0.0.1:1")
    request = webhook(b'{"messages": []}', sign_body(OTHER.secret, b'{"messages": []}'))

    assert channel.verify([ACCOUNT, OTHER], request) == (OTHER,)


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha256=" + "0" * 64, "sha256=é", "\ud800"])
def test_a_wrong_signature_is_refused(signature):
    with pytest.raises(BadSignature):
        SimulatorChannel("http://127.0.0.1:1").verify([ACCOUNT, OTHER], webhook(b"{}", signature))


def test_a_changed_body_is_refused():
    request = webhook(b'{"messages": [ ]}', sign_body(ACCOUNT.secret, b'{"messages": []}'))

    with pytest.raises(BadSignature):
        SimulatorChannel("http://127.0.0.1:1").verify([ACCOUNT], request)


def test_a_send_is_signed_and_carries_the_bubble(provider, channel):
    provider.answers = [(201, {}, b'{"id": "sim-42-1-0"}')]

    result = channel.send(ACCOUNT, LETTER)

    path, headers, body = provider.asked.get(timeout=5)
    assert result == Accepted("sim-42-1-0")
    assert path == "/simulator/provider/messages"
    assert headers["X-Assigame-Signature"] == sign_body(ACCOUNT.secret, body)
    assert json.loads(body) == {
        "outbox_id": 42,
        "to": "+22890000001",
        "body": "Combien ?",
        "layout": "buttons",
        "offers": [
            {"number": 1, "title": "1 sac", "id": "q:1", "detail": ""},
            {"number": 2, "title": "2 sacs", "id": "q:2", "detail": "à deux"},
        ],
        "opener": "",
        "photo": "",
        "product": 0,
        "template": None,
    }


def test_a_template_is_named_with_its_values(provider, channel):
    provider.answers = [(201, {}, b'{"id": "sim-43-1-0"}')]
    template = Template("new_order_fr", "fr", ("4K7P2", "2 sacs"))

    channel.send(ACCOUNT, Letter(43, LETTER.to, Outgoing("Nouvelle commande"), template))

    assert json.loads(provider.asked.get(timeout=5)[2])["template"] == {
        "name": "new_order_fr",
        "language": "fr",
        "values": ["4K7P2", "2 sacs"],
    }


@pytest.mark.parametrize(
    "answer, result",
    [
        ((200, {}, b'{"id": "a"}'), Accepted("a")),
        ((201, {}, b'{"id": ""}'), Unclear("no_id")),
        ((201, {}, b"[" * 100_000), Unclear("no_id")),
        ((201, {}, b"null"), Unclear("no_id")),
        ((201, {}, b'{"id": "a\\u0000"}'), Unclear("no_id")),
        ((400, {}, b'{"error": "\\ud800"}'), Refused("content", "400")),
        ((400, {}, b'{"error": ["title"]}'), Refused("content", "400")),
        ((400, {}, b'{"error": "title"}'), Refused("content", "title")),
        ((413, {}, b"too large"), Refused("content", "413")),
        ((403, {}, b'{"error": "signature"}'), Refused("account", "signature")),
        ((404, {}, b""), Refused("account", "404")),
        ((429, {"Retry-After": "7"}, b""), Refused("busy", "429", wait=7.0)),
        ((503, {}, b'{"error": "away"}'), Refused("busy", "away")),
        ((503, {"Retry-After": "soon"}, b""), Refused("busy", "503")),
        ((503, {"Retry-After": "0"}, b""), Refused("busy", "503")),
        ((500, {}, b""), Unclear("status_500")),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), Unclear("status_302")),
    ],
)
def test_an_answer_means_one_thing(provider, channel, answer, result):
    provider.answers = [answer]

    assert channel.send(ACCOUNT, LETTER) == result


def test_a_closed_port_took_nothing():
    channel = SimulatorChannel(f"http://127.0.0.1:{free_port()}")

    assert channel.send(ACCOUNT, LETTER) == Refused("busy", "not_sent")
    assert channel.look_up(ACCOUNT, LETTER, SINCE) == Unknown()


def test_an_answer_cut_short_leaves_it_open(provider, channel):
    provider.answers = [(201, {"Content-Length": "100"}, b"{")]

    assert channel.send(ACCOUNT, LETTER) == Unclear("answer_lost")


@pytest.mark.parametrize(
    "answer, result",
    [
        ((200, {}, b'{"id": "sim-42-1-0"}'), Found(("sim-42-1-0",))),
        ((200, {}, b'{"id": null}'), NotTaken()),
        ((200, {}, b'{"id": 7}'), Unknown()),
        ((200, {}, b'{"id": ""}'), Unknown()),
        ((200, {}, b'{"id": "\\ud800"}'), Unknown()),
        ((200, {}, b"{}"), Unknown()),
        ((503, {}, b'{"id": null}'), Unknown()),
    ],
)
def test_a_look_up_finds_or_denies_or_does_not_know(provider, channel, answer, result):
    provider.answers = [answer]

    assert channel.look_up(ACCOUNT, LETTER, SINCE) == result


def test_a_look_up_asks_for_exactly_the_bytes_that_were_sent(provider, channel):
    channel.send(ACCOUNT, LETTER)
    sent = provider.asked.get(timeout=5)[2]

    channel.look_up(ACCOUNT, LETTER, SINCE)

    path, _, body = provider.asked.get(timeout=5)
    assert path == "/simulator/provider/look-ups"
    assert json.loads(body) == {"digest": hashlib.sha256(sent).hexdigest(), "outbox_id": 42}
