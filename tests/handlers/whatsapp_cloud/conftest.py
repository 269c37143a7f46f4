"""Meta's Cloud API on loopback, an account that speaks to it, and its recordings."""

import json
from pathlib import Path

import pytest

import handlers.whatsapp_cloud
from base.secret import Secret
from handlers.whatsapp_cloud.channel import WhatsappCloud
from tests.fakes.graph_cloud import NUMBER_ID, FakeGraph

RECORDINGS = Path(handlers.whatsapp_cloud.__file__).parent / "recordings"
SECRET_KEY = Secret("the-secret-key")
CHANNEL = WhatsappCloud(SECRET_KEY)


def recorded(name):
    return (RECORDINGS / f"{name}.json").read_bytes()


def element(name):
    """The message or the status of a recording, and its contacts."""
    (change,) = json.loads(recorded(name))["entry"][0]["changes"]
    value = change["value"]
    return *value.get("messages", []), *value.get("statuses", []), value.get("contacts", [])


def value_of(number=NUMBER_ID, **lists):
    return {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, **lists}


def webhook(*values):
    """The bytes of a webhook with one change for each value."""
    changes = [{"field": "messages", "value": value} for value in values]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}).encode()


@pytest.fixture
def fake():
    with FakeGraph() as running:
        yield running


@pytest.fixture
def account(fake):
    return fake.account()


@pytest.fixture
def channel():
    return CHANNEL
