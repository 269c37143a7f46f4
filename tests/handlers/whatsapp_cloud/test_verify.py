"""A webhook belongs to the numbers that it speaks of, of the app that signed it; a greeting to who knows our word."""

import dataclasses
import json

import pytest

from base.accounts import SimulatorAccount, WhatsappCloudAccount
from base.secret import Secret
from bot.messages import Parsed
from handlers.channel import Greeted, WebhookReply, WebhookRequest
from handlers.errors import BadRequest, BadSignature
from tests.fakes.graph_cloud import knock
from tests.handlers.whatsapp_cloud.conftest import CHANNEL, recorded, value_of, webhook


def account(number, secret="first app", before=""):
    return WhatsappCloudAccount(
        key=f"number_{number}",
        app_secret=Secret(secret),
        app_secret_previous=Secret(before),
        verify_token=Secret(f"word {number} é"),
        access_token=Secret("EAA"),
        phone_number_id=str(number),
    )


CHANGING = account(4).model_copy(update={"verify_token_previous": Secret("word 9")})
ONE, TWO, OTHER_APP = account(1, before="older"), account(2, before="older"), account(3, "second app")
ACCOUNTS = (SimulatorAccount(key="simulator", secret=Secret("first app")), ONE, TWO, OTHER_APP)


def spoken(*numbers):
    return webhook(*(value_of(number, messages=[]) for number in numbers))


@pytest.mark.parametrize("secret", ["first app", "older"])
@pytest.mark.parametrize(
    "numbers, owners",
    [("1", [ONE]), ("2", [TWO]), ("21", [ONE, TWO]), ("19", [ONE]), ("13", [ONE])],
)
def test_a_batch_belongs_to_every_number_of_the_app_that_signed(secret, numbers, owners):
    assert CHANNEL.verify(ACCOUNTS, knock(spoken(*numbers), secret)) == owners


def test_another_app_signs_for_its_own_number_alone():
    assert CHANNEL.verify(ACCOUNTS, knock(spoken("1", "3"), "second app")) == [OTHER_APP]


@pytest.mark.parametrize(
    "body",
    [
        spoken("9"),
        spoken("3"),
        spoken(""),
        spoken(),
        webhook({"metadata": {"phone_number_id": 1}}, {"metadata": []}, {}),
        b'{"object": "page", "entry": [{"changes": [{"field": "feed"}]}]}',
        b"[]",
        b"7",
    ],
)
def test_signed_but_of_nobodys_number_is_nobodys_and_no_refusal_brings_it_again(body):
    request = knock(body, "first app")
    assert [*CHANNEL.verify(ACCOUNTS, request)] == []
    assert CHANNEL.parse(ONE, request) == Parsed()


@pytest.mark.parametrize("body", [b"", b"no json", b"\xff"])
def test_signed_but_no_json_is_a_bad_request(body):
    with pytest.raises(BadRequest):
        CHANNEL.verify(ACCOUNTS, knock(body, "first app"))


@pytest.mark.parametrize("name", ["template_status", "user_id_update", "user_preferences"])
def test_news_of_something_else_is_taken_from_who_signed(name):
    request = knock(recorded(name), "first app")
    assert CHANNEL.verify(ACCOUNTS, request) == [ONE, TWO]
    assert [CHANNEL.parse(one, request).messages for one in (ONE, TWO)] == [(), ()]


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha256=" + "0" * 64, "é" * 71, "\udc80", "A" * 100_000])
def test_a_wrong_signature_is_refused_before_anything_is_read(signature):
    good = knock(spoken("1"), "first app")
    headers = {"x-hub-signature-256": signature} if signature is not None else {}
    for body in (good.body, b"no json"):
        with pytest.raises(BadSignature):
            CHANNEL.verify(ACCOUNTS, dataclasses.replace(good, headers=headers, body=body))


def test_the_signature_is_over_the_very_bytes():
    body = b'{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"sender":{"id":"2"},"recipient":{"id":"1"},'
    body += b'"timestamp":1,"message":{"mid":"m_1","text":"\\u00e9"}}]}]}'
    told = "sha256=6b91980f2a022796c2449dd70d09fc8356a38836e64956b59ba5ef751c82a9f8"
    assert knock(body, "app_secret_test").headers["x-hub-signature-256"] == told
    good = knock(spoken("1"), "first app")
    for changed in (good.body + b" ", json.dumps(json.loads(good.body), indent=1).encode()):
        with pytest.raises(BadSignature):
            CHANNEL.verify(ACCOUNTS, dataclasses.replace(good, body=changed))


def test_nobodys_secret_signs():
    with pytest.raises(BadSignature):
        CHANNEL.verify((), knock(spoken("1"), "first app"))
    with pytest.raises(BadSignature):
        CHANNEL.verify(ACCOUNTS[:1], knock(spoken("1"), "first app"))


def greeting(query):
    return WebhookRequest("GET", "/webhooks/whatsapp", query, {}, b"")


@pytest.mark.parametrize("word", ["word%201%20%C3%A9", "word+2+%C3%A9", "word+4+%C3%A9", "word+9"])
def test_the_challenge_goes_back_to_who_knows_a_word_of_ours(word):
    asked = greeting(f"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={word}")
    assert CHANNEL.greet((*ACCOUNTS, CHANGING), asked) == WebhookReply(
        200, b"1158201444", {"Content-Type": "text/plain"}
    )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=word",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=word+1+%C3%A9",
        "hub.challenge=1&hub.verify_token=word+1+%C3%A9",
        "hub.mode=subscribe&hub.verify_token=%ff%00&\udc80",
    ],
)
def test_any_other_greeting_is_refused(query):
    with pytest.raises(BadSignature):
        CHANNEL.greet(ACCOUNTS, greeting(query))


def test_a_strange_challenge_goes_back_as_it_can():
    asked = greeting("hub.mode=subscribe&hub.verify_token=word+1+%C3%A9&hub.challenge=\udc80%ff")
    assert CHANNEL.greet(ACCOUNTS, asked).body == "?\ufffd".encode()


def test_the_channel_owns_its_path_and_answers_with_a_status_alone():
    assert (CHANNEL.kind, CHANNEL.paths) == ("whatsapp_cloud", ("/webhooks/whatsapp",))
    assert isinstance(CHANNEL, Greeted)
    assert CHANNEL.reply(knock(spoken("1"))) == WebhookReply()


def test_an_account_of_another_kind_is_no_number():
    with pytest.raises(TypeError):
        CHANNEL.parse(ACCOUNTS[0], knock(spoken("1")))
