"""A webhook belongs to the Pages that its app has signed for and that it speaks of."""

import pytest

from base.accounts import SimulatorAccount
from base.secret import Secret
from bot.messages import Parsed
from handlers.channel import Greeted, WebhookReply, WebhookRequest
from handlers.errors import BadRequest, BadSignature
from handlers.messenger.channel import Messenger
from tests.fakes.messenger import APP_SECRET, APP_SECRET_BEFORE, PAGE, VERIFY_TOKEN
from tests.handlers.messenger.conftest import SECRET_KEY, account_of, recorded, signed

CHANNEL = Messenger(SECRET_KEY)
ONE, TWO = account_of(), account_of(key="second", page_id="110000000000002")
FOREIGN = account_of(
    key="foreign", page_id="110000000000003", app_secret=Secret("other"), app_secret_previous=Secret("")
)
ACCOUNTS = (SimulatorAccount(key="simulator", secret=Secret("s")), ONE, TWO, FOREIGN)
# channels.md §9
VECTOR = (
    rb'{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"sender":{"id":"2"},"recipient":{"id":"1"},'
    rb'"timestamp":1,"message":{"mid":"m_1","text":"\u00e9"}}]}]}'
)
SIGNED = "sha256=6b91980f2a022796c2449dd70d09fc8356a38836e64956b59ba5ef751c82a9f8"


def of_pages(*pages):
    return {"object": "page", "entry": [{"id": page, "time": 1, "messaging": []} for page in pages]}


def test_the_recorded_signature_of_meta_is_believed():
    request = WebhookRequest("POST", "/webhooks/messenger", "", {"x-hub-signature-256": SIGNED}, VECTOR)
    account = account_of(page_id="1")
    assert CHANNEL.verify([account], request) == (account,)
    assert CHANNEL.parse(account, request).messages[0].message.text == "é"


@pytest.mark.parametrize("secret", [APP_SECRET, APP_SECRET_BEFORE])
def test_both_secrets_of_an_app_are_believed_while_it_is_changed(secret):
    assert CHANNEL.verify(ACCOUNTS, signed(recorded("text"), secret)) == (ONE,)


@pytest.mark.parametrize("secret", ["another", APP_SECRET.upper()])
def test_any_other_secret_is_refused(secret):
    with pytest.raises(BadSignature):
        CHANNEL.verify(ACCOUNTS, signed(recorded("text"), secret))


@pytest.mark.parametrize("told", ["", "sha256=", "sha1=00", SIGNED[:-1], SIGNED.upper(), "é", "\ud800"])
def test_any_other_signature_is_refused(told):
    request = signed(VECTOR)
    with pytest.raises(BadSignature):
        CHANNEL.verify(ACCOUNTS, WebhookRequest("POST", request.path, "", {"x-hub-signature-256": told}, VECTOR))


def test_the_signature_is_over_the_bytes_as_they_came():
    request = signed(VECTOR)
    changed = WebhookRequest("POST", request.path, "", request.headers, VECTOR.replace(rb"\u00e9", "é".encode()))
    with pytest.raises(BadSignature):
        CHANNEL.verify([account_of(page_id="1")], changed)


def test_one_webhook_may_speak_of_several_pages_of_an_app():
    document = of_pages(TWO.page_id, PAGE, TWO.page_id, "999")
    assert CHANNEL.verify(ACCOUNTS, signed(document)) == (ONE, TWO)


def test_a_page_is_not_spoken_of_by_another_apps_signature():
    assert CHANNEL.verify(ACCOUNTS, signed(of_pages(PAGE, FOREIGN.page_id))) == (ONE,)
    assert CHANNEL.verify(ACCOUNTS, signed(of_pages(FOREIGN.page_id))) == ()


OF_NOBODY = [of_pages(), of_pages("999"), {"object": "page"}, {"object": "page", "entry": 3}, [], 7, None]


@pytest.mark.parametrize("document", [*OF_NOBODY, {"object": "instagram", "entry": [{"id": PAGE}]}])
def test_signed_but_of_nobodys_page_is_nobodys_and_no_refusal_brings_it_again(document):
    assert CHANNEL.verify(ACCOUNTS, signed(document)) == ()
    assert CHANNEL.parse(ONE, signed(document)) == Parsed()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_signed_but_no_json_is_a_bad_request(body):
    with pytest.raises(BadRequest):
        CHANNEL.verify(ACCOUNTS, signed(body))


def greeting(query):
    return CHANNEL.greet(ACCOUNTS, WebhookRequest("GET", "/webhooks/messenger", query, {}, b""))


def test_meta_hears_its_challenge_when_it_knows_our_word():
    assert isinstance(CHANNEL, Greeted)
    asked = f"hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}&hub.challenge=1158201444"
    assert greeting(asked) == WebhookReply(200, b"1158201444", {"Content-Type": "text/plain"})


@pytest.mark.parametrize(
    "query",
    [
        *("", "hub.mode=subscribe&hub.challenge=1", "hub.mode=subscribe&hub.verify_token=x&hub.challenge=1"),
        *(f"hub.mode=unsubscribe&hub.verify_token={VERIFY_TOKEN}", f"hub.verify_token={VERIFY_TOKEN}&hub.challenge=1"),
    ],
)
def test_nobody_else_hears_it(query):
    with pytest.raises(BadSignature):
        greeting(query)


def test_a_kept_webhook_is_answered_with_its_status_alone():
    assert CHANNEL.reply(signed(recorded("text"))) == WebhookReply(200, b"", {})
    assert (CHANNEL.kind, CHANNEL.paths) == ("messenger", ("/webhooks/messenger",))
