"""A webhook belongs to the account that signed it and whose sender it speaks of."""

import dataclasses
from urllib.parse import urlencode

import pytest

from base.accounts import SimulatorAccount, TwilioWhatsappAccount
from base.secret import Secret
from handlers.channel import WebhookReply
from handlers.errors import BadRequest, BadSignature
from handlers.signatures import form_pairs, twilio_signature
from handlers.twilio_whatsapp.channel import TwilioWhatsapp
from tests.fakes.twilio_phone import Phones

BASE = "https://bot.example.tg"
CHANNEL = TwilioWhatsapp(BASE, Secret("the-secret-key"))


def account(number, token="token", **more):
    return TwilioWhatsappAccount(
        key=f"twilio_{number}",
        account_sid=f"AC{number:032x}",
        auth_token=Secret(token),
        sender=f"whatsapp:+2287000000{number}",
        **more,
    )


ONE, TWO = account(1), account(2, "another")
SAME_TOKEN = TwilioWhatsappAccount(**{**dict(ONE), "key": "twilio_3", "sender": "whatsapp:+22870000003"})
ACCOUNTS = (SimulatorAccount(key="simulator", secret=Secret("s")), ONE, TWO, SAME_TOKEN)


def phones(of):
    return Phones(of.account_sid, of.auth_token.reveal(), of.sender, f"{BASE}/webhooks/twilio")


def signed(of, path="/webhooks/twilio", **fields):
    return phones(of).sign(f"{BASE}{path}", fields).as_request()


@pytest.mark.parametrize("owner", [ONE, TWO, SAME_TOKEN])
def test_a_message_belongs_to_the_sender_it_was_written_to(owner):
    assert CHANNEL.verify(ACCOUNTS, phones(owner).say("+22890123456", "bonjour").as_request()) == (owner,)


def test_two_senders_of_one_account_get_each_its_own_and_nobody_the_others():
    """One sid and one token sign for both; `To` alone tells which of them was written to."""
    assert (ONE.account_sid, ONE.auth_token) == (SAME_TOKEN.account_sid, SAME_TOKEN.auth_token)
    for order in ((ONE, SAME_TOKEN), (SAME_TOKEN, ONE)):
        for owner in order:
            asked = phones(owner).say("+22890123456", "bonjour").as_request()
            assert CHANNEL.verify(order, asked) == (owner,)
            assert [kept.message.text for kept in CHANNEL.parse(owner, asked).messages] == ["bonjour"]
        with pytest.raises(BadRequest):
            CHANNEL.verify(order, phones(ONE).say("+22890123456", "x", To="whatsapp:+22879999999").as_request())


@pytest.mark.parametrize("owner", [ONE, TWO, SAME_TOKEN])
@pytest.mark.parametrize("status", ["MessageStatus", "SmsStatus"])
def test_a_report_belongs_to_the_sender_that_wrote(owner, status):
    told = {
        status: "sent",
        "AccountSid": owner.account_sid,
        "From": owner.sender,
        "To": "whatsapp:+22890123456",
    }
    assert CHANNEL.verify(ACCOUNTS, signed(owner, "/webhooks/twilio/status?o=1.2", **told)) == (owner,)


def test_two_tokens_sign_while_one_is_being_changed():
    changing = account(1, "new", auth_token_previous=Secret(ONE.auth_token.reveal()))
    for token in ("new", ONE.auth_token.reveal()):
        said = Phones(changing.account_sid, token, changing.sender, f"{BASE}/webhooks/twilio").say("+22890123456", "x")
        assert CHANNEL.verify((changing,), said.as_request()) == (changing,)
    with pytest.raises(BadSignature):
        CHANNEL.verify((changing,), phones(TWO).say("+22890123456", "x").as_request())


def signed_by_key(owner, key, secret):
    """A webhook of a sender that a shared key has signed, in the place of the token."""
    plain, body = signed(owner), urlencode({"AccountSid": owner.account_sid, "To": owner.sender}).encode()
    headers = {
        "x-twilio-signature": twilio_signature(
            Secret(secret), f"{BASE}/webhooks/twilio", form_pairs(body), "HMAC_SHA256"
        ),
        "x-twilio-webhooks-signature-settings": f"key={key},algorithm=HMAC_SHA256",
    }
    return dataclasses.replace(plain, body=body, headers={**plain.headers, **headers})


def test_a_shared_key_signs_for_its_account_only():
    keyed = account(4, signing_key_id="webhooks_sharedkey_1", signing_key_secret=Secret("shared"))
    asked = signed_by_key(keyed, "webhooks_sharedkey_1", "shared")
    assert CHANNEL.verify((*ACCOUNTS, keyed), asked) == (keyed,)
    with pytest.raises(BadSignature):
        CHANNEL.verify(ACCOUNTS, asked)


def test_two_shared_keys_and_the_token_sign_while_one_is_being_changed():
    keys = {"signing_key_id": "webhooks_sharedkey_2", "signing_key_secret": Secret("new")}
    before = {"signing_key_id_previous": "webhooks_sharedkey_1", "signing_key_secret_previous": Secret("old")}
    changing, changed = account(4, **keys, **before), account(4, **keys)
    new, old = (
        signed_by_key(changing, f"webhooks_sharedkey_{number}", word) for number, word in ((2, "new"), (1, "old"))
    )
    plain = phones(changing).say("+22890123456", "bonjour").as_request()
    assert [CHANNEL.verify((changing,), one) for one in (new, old, plain)] == [(changing,)] * 3
    assert CHANNEL.verify((changed,), new) == (changed,)
    for refused in (old, signed_by_key(changing, "webhooks_sharedkey_1", "new")):
        with pytest.raises(BadSignature):
            CHANNEL.verify((changed,), refused)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"AccountSid": ONE.account_sid, "To": "whatsapp:+22879999999"},
        {"AccountSid": TWO.account_sid, "To": ONE.sender},
        {"AccountSid": ONE.account_sid, "To": TWO.sender},
        {"AccountSid": ONE.account_sid, "From": ONE.sender},
    ],
)
def test_a_signed_webhook_for_nobodys_sender_is_a_bad_request(fields):
    with pytest.raises(BadRequest):
        CHANNEL.verify(ACCOUNTS, signed(ONE, **fields))


def test_a_signed_report_of_nobodys_send_is_a_bad_request():
    with pytest.raises(BadRequest):
        CHANNEL.verify(ACCOUNTS, signed(ONE, "/webhooks/twilio/status", AccountSid=ONE.account_sid, To=ONE.sender))


@pytest.mark.parametrize("signature", ["", "wrong", "é" * 28, "\udc80", "A" * 100_000])
def test_a_wrong_signature_is_refused_before_anything_is_read(signature):
    good = phones(ONE).say("+22890123456", "bonjour").as_request()
    with pytest.raises(BadSignature):
        CHANNEL.verify(ACCOUNTS, dataclasses.replace(good, headers={**good.headers, "x-twilio-signature": signature}))
    with pytest.raises(BadSignature):
        CHANNEL.verify((), good)


@pytest.mark.parametrize("body", [b"", b"%", b"\x00=\xff&%ED%A0%80=%zz", b"=", b"&" * 5000])
def test_a_hostile_body_with_a_missing_signature_is_refused(body):
    good = phones(ONE).say("+22890123456", "bonjour").as_request()
    with pytest.raises(BadSignature):
        CHANNEL.verify(ACCOUNTS, dataclasses.replace(good, body=body))


def test_the_answer_says_nothing_in_twiml():
    asked = phones(ONE).say("+22890123456", "bonjour").as_request()
    assert CHANNEL.reply(asked) == WebhookReply(200, b"<Response/>", {"Content-Type": "text/xml"})


def test_the_channel_owns_its_two_paths():
    assert (CHANNEL.kind, CHANNEL.paths) == ("twilio_whatsapp", ("/webhooks/twilio", "/webhooks/twilio/status"))
