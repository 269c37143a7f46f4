"""A Page on loopback, the account that speaks for it, and webhooks as Meta signs them."""

import json
from pathlib import Path

import pytest

import handlers.messenger
from base.accounts import MessengerAccount
from base.secret import Secret
from handlers.channel import WebhookRequest
from handlers.graph import signature
from handlers.messenger.channel import Messenger
from tests.fakes.messenger import APP, APP_SECRET, APP_SECRET_BEFORE, PAGE, TOKEN, VERIFY_TOKEN, FakePage

SECRET_KEY = Secret("the-secret-key")
RECORDINGS = Path(handlers.messenger.__file__).parent / "recordings"


def account_of(url="https://graph.facebook.com", **changed):
    usual = {
        "key": "messenger",
        "app_secret": Secret(APP_SECRET),
        "app_secret_previous": Secret(APP_SECRET_BEFORE),
        "verify_token": Secret(VERIFY_TOKEN),
        "access_token": Secret(TOKEN),
        "page_id": PAGE,
        "app_id": APP,
        "api_base": url,
    }
    return MessengerAccount(**(usual | changed))


def signed(body, secret=APP_SECRET):
    """A webhook with these bytes, or with this document."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-hub-signature-256": signature(Secret(secret), raw), "content-type": "application/json"}
    return WebhookRequest("POST", "/webhooks/messenger", "", headers, raw)


def recorded(name):
    return (RECORDINGS / f"{name}.json").read_bytes()


@pytest.fixture
def fake():
    with FakePage() as page:
        yield page


@pytest.fixture
def account(fake):
    return account_of(fake.url)


@pytest.fixture
def channel():
    return Messenger(SECRET_KEY)
