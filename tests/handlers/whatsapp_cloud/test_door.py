"""The whole door with a Cloud API number on: Meta's greeting, its webhooks, and what it must not be told again."""

import pytest

import webhooks
from base.config import load
from tests.conftest import VARIABLES
from tests.fakes.graph_cloud import NUMBER_ID, knock
from tests.fakes.market import FakeMarket
from tests.handlers.whatsapp_cloud.conftest import recorded, value_of, webhook
from wiring import channels

ACCOUNT = {
    "META_APP_SECRET": "app_secret_test",
    "META_VERIFY_TOKEN": "our-own-word",
    "WHATSAPP_ACCESS_TOKEN": "EAA",
    "WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID,
}
PATH = "/webhooks/whatsapp"


@pytest.fixture
def market(redis, tmp_path):
    config = load(environ=VARIABLES | ACCOUNT | {"ASSIGAME_VAR": str(tmp_path / "var")})
    return FakeMarket(config, redis, channels(config))


@pytest.fixture
def client(market):
    return webhooks.create_app(market).test_client()


def post(client, body, secret="app_secret_test"):
    told = knock(body, secret).headers["x-hub-signature-256"]
    return client.post(PATH, data=body, headers={"X-Hub-Signature-256": told}, content_type="application/json")


def test_the_greeting_is_answered_with_its_challenge(client):
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "our-own-word"}
    answer = client.get(PATH, query_string=asked)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"42", "text/plain")
    assert client.get(PATH, query_string=asked | {"hub.verify_token": "another"}).status_code == 403


def test_a_signed_webhook_is_kept(client, market):
    assert post(client, recorded("button_tap")).status_code == 200
    kind, account, parsed = market.kept.get_nowait()
    assert (kind, account) == ("whatsapp_cloud", "whatsapp")
    assert [kept.message.text for kept in parsed.messages] == ["Accepter"]


@pytest.mark.parametrize(
    "body, secret, status",
    [
        (recorded("text"), "another", 403),
        (webhook(value_of("9", messages=[])), "app_secret_test", 200),
        (b"{", "app_secret_test", 400),
        (recorded("template_status"), "app_secret_test", 200),
    ],
)
def test_every_other_webhook_is_answered_and_says_nothing_of_anybody(client, market, body, secret, status):
    assert post(client, body, secret).status_code == status
    assert [parsed.messages for *_, parsed in market.kept.queue if parsed.messages] == []
