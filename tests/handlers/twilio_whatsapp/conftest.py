"""A Twilio on loopback with the family of contents made once, and an account that speaks to it."""

import json

import pytest

from base.accounts import TwilioWhatsappAccount
from base.outbound import Timeouts
from base.secret import Secret
from handlers.twilio_whatsapp.channel import TwilioWhatsapp
from handlers.twilio_whatsapp.client import client_of
from handlers.twilio_whatsapp.contents import create_contents, make_template
from tests.fakes.canned import CannedTwilio
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, SENDER, FakeTwilio
from tests.shipped import TEXTS

SECRET_KEY = Secret("the-secret-key")


def account_of(fake, **changed):
    usual = {
        "key": "twilio",
        "account_sid": ACCOUNT_SID,
        "auth_token": Secret(AUTH_TOKEN),
        "sender": SENDER,
        "api_base": fake.url,
        "content_base": fake.url,
        "messaging_base": fake.url,
    }
    return TwilioWhatsappAccount(**(usual | changed))


@pytest.fixture
def fake():
    with FakeTwilio() as running:
        yield running


@pytest.fixture
def account(fake):
    return account_of(fake)


@pytest.fixture
def answering(account, monkeypatch):
    """Called with a status and a document: that is what Twilio says to whatever the account asks; its calls count."""

    def answer(status, document):
        canned = CannedTwilio(status, json.dumps(document))
        monkeypatch.setattr(client_of(account, Timeouts()), "http_client", canned)
        return canned

    return answer


@pytest.fixture
def contents(account):
    made = {name: make_template(account, text).provider_id for name, text in TEXTS.items()}
    return create_contents(account) | made


@pytest.fixture
def channel():
    return TwilioWhatsapp("https://bot.example.tg", SECRET_KEY)
