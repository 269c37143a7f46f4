"""What the simulator's webhook bodies become; every recording stands in the table."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers.simulator
from bot.messages import (
    Card,
    CartItem,
    Identity,
    Incoming,
    Location,
    Media,
    Parsed,
    Reaction,
    Refused,
    Sender,
    StatusReport,
)
from handlers.errors import BadRequest
from handlers.simulator.reading import read_webhook

RECORDINGS = Path(handlers.simulator.__file__).parent / "recordings"
AWA = Sender((Identity("phone", "+22890000001"),), "Awa Mensah")
MOMENT = datetime(2026, 11, 24, 9, 0, 50, 230000, UTC)
KEY = "sim-in-4f5a9f0e-8a51-4b0c-9a3e-5f9f6f0d1a"
PHOTO = "http://127.0.0.1:8000/simulator/photos/Zk3v0v2c7b1mJ0r8q9wXyA"

EXPECTED = {
    "text.json": ([Incoming(f"{KEY}01", AWA, text="je veux 2 sacs de riz", sent_at=MOMENT)], []),
    "tap.json": (
        [Incoming(f"{KEY}02", AWA, tap="ordering.confirm:1:42", replied_to="sim-42-1795510729728-0", sent_at=MOMENT)],
        [],
    ),
    "photo.json": (
        [Incoming(f"{KEY}03", AWA, media=(Media("image", PHOTO, "image/jpeg"),), sent_at=MOMENT)],
        [],
    ),
    "place.json": ([Incoming(f"{KEY}04", AWA, location=Location(6.1386, 1.2467, "Bè"), sent_at=MOMENT)], []),
    "voice.json": ([Incoming(f"{KEY}07", AWA, media=(Media("audio", PHOTO, "audio/ogg"),), sent_at=MOMENT)], []),
    "reaction.json": (
        [
            Incoming(f"{KEY}08", AWA, reaction=Reaction("sim-42-1795510729728-0", "❤️"), sent_at=MOMENT),
            Incoming(f"{KEY}09", AWA, reaction=Reaction("sim-42-1795510729728-0", ""), sent_at=MOMENT),
            Incoming(f"{KEY}10", AWA, sent_at=MOMENT, unread="unknown"),
        ],
        [],
    ),
    "card.json": ([Incoming(f"{KEY}11", AWA, cards=(Card("Afi", ("+22897123456",)),), sent_at=MOMENT)], []),
    "cart.json": (
        [Incoming(f"{KEY}12", AWA, cart=(CartItem("riz-parfume-25", 2, 17500), CartItem("gari", 1)), sent_at=MOMENT)],
        [],
    ),
    "edited.json": (
        [
            Incoming(f"{KEY}13", AWA, text="3 sacs de riz", edits=f"{KEY}01", sent_at=MOMENT),
            Incoming(f"{KEY}14", AWA, deletes=f"{KEY}01", sent_at=MOMENT),
            Incoming(f"{KEY}15", AWA, sent_at=MOMENT, unread="unknown"),
        ],
        [],
    ),
    "reports.json": (
        [],
        [
            StatusReport("sim-42-1795510729728-0", "accepted", 42),
            StatusReport("sim-42-1795510729728-0", "sent", 42),
            StatusReport("sim-42-1795510729728-0", "delivered", 42),
            StatusReport("sim-42-1795510729728-0", "read", 42),
            StatusReport("sim-43-1795510729900-0", "failed", None, Refused("opted_out", "opted_out")),
            StatusReport("sim-44-1795510729901-0", "failed", 44, Refused("content", "131999")),
        ],
    ),
    "damaged.json": (
        [
            Incoming(f"{KEY}05", Sender(AWA.identities, "Awa"), text="bonjour ? le marché"),
            Incoming("sim-in-far", AWA, sent_at=MOMENT, unread="unknown"),
            Incoming(f"{KEY}06", AWA, sent_at=MOMENT, unread="sticker"),
        ],
        [StatusReport("sim-47-1-0", "sent", 47)],
    ),
}


def test_every_recording_is_expected():
    assert {path.name for path in RECORDINGS.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recording_becomes_exactly_these_rows(name):
    parsed = read_webhook((RECORDINGS / name).read_bytes())

    assert ([kept.message for kept in parsed.messages], list(parsed.reports)) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_kept_message_can_be_read_again_from_its_own_bytes(name):
    for kept in read_webhook((RECORDINGS / name).read_bytes()).messages:
        again = read_webhook(kept.raw)

        assert [one.message for one in again.messages] == [kept.message]
        assert again.messages[0].raw == kept.raw


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"7",
        b'{"messages": {}}',
        b'{"reports": "x"}',
        b"[" * 100_000,
        b'{"messages": [' + b"[" * 100_000,
        b'{"messages": [' + b"9" * 10_000 + b"]}",
    ],
)
def test_another_body_is_a_bad_request(body):
    with pytest.raises(BadRequest):
        read_webhook(body)


def test_an_empty_document_holds_nothing():
    assert read_webhook(b"{}") == Parsed()


@pytest.mark.parametrize(
    "location",
    [
        {"latitude": 90.1, "longitude": 0},
        {"latitude": 0, "longitude": -180.5},
        {"latitude": True, "longitude": 0},
        {"latitude": "6", "longitude": "1"},
        {"latitude": 10**400, "longitude": 0},
        {"latitude": 6},
        "Bè",
    ],
)
def test_a_pin_that_is_nowhere_is_no_pin(location):
    body = json.dumps({"messages": [{"id": "a", "phone": "+22890000001", "location": location}]}).encode()

    (kept,) = read_webhook(body).messages

    assert kept.message.location is None
    assert kept.message.unread == "unknown"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "id phone text tap media location sent_at status outbox_id kind reaction to emoji cards name"
                " phones cart product quantity deletes edits".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(messages=st.lists(values, max_size=4), reports=st.lists(values, max_size=4))
def test_any_signed_document_is_read_without_an_error(messages, reports):
    parsed = read_webhook(json.dumps({"messages": messages, "reports": reports}).encode())

    assert len(parsed.messages) <= len(messages)
    assert len(parsed.reports) <= len(reports)
