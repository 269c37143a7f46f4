"""A request is Twilio's, or the simulator's, or it is nobody's."""

import dataclasses
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from base.secret import Secret
from handlers.channel import WebhookRequest
from handlers.errors import BadSignature
from handlers.signatures import (
    MOST_PARAMETERS,
    check_body,
    check_twilio,
    form_pairs,
    read_our_id,
    sign_body,
    sign_our_id,
    twilio_signature,
    webhook_urls,
)

# the vectors of Twilio's own library, version 9.13.0
TOKEN = Secret("0123456789abcdef0123456789abcdef")
BASE = "https://bot.example.tg"
PARAMS = {
    "MessageSid": "SM00000000000000000000000000000001",
    "AccountSid": "AC00000000000000000000000000000001",
    "From": "whatsapp:+22890123456",
    "To": "whatsapp:+22870000000",
    "Body": "Bonjour é 👍",
    "NumMedia": "0",
    "ProfileName": "Awa",
    "WaId": "22890123456",
    "Label": "",
}
SHA1 = "sQ6Wx17TUIqMkwQNZitS3HkVSuI="
SHA1_WITH_PORT = "KqUaLLcvRKJVKekkz6T3yyCJxXY="
SHA256 = "LtTvWFEBriikPzH9gsgL82ObXOvzI00J7XzqpMxksd4="
BLANK_DROPPED = "cbCyFswk/2xAF6eiaZKF0Lm9XFw="
JSON_HASH = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
JSON_SIGNATURE = "rDbyQQaaXYVr73Dq2xn5MhXRch0="
SHARED = {"webhooks_sharedkey_1": TOKEN}
FORM = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}


def request(signature=SHA1, *, body=None, query="shop=42", method="POST", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return WebhookRequest(
        method=method,
        path="/webhooks/twilio",
        query=query,
        headers={**FORM, "x-twilio-signature": signature, **named},
        body=urlencode(PARAMS).encode() if body is None else body,
    )


def check(asked, base=BASE, token=TOKEN, shared=SHARED):
    check_twilio(asked, base, (token,), shared)


def refused(asked, base=BASE, token=TOKEN, shared=SHARED):
    with pytest.raises(BadSignature) as caught:
        check(asked, base, token, shared)
    return caught.value.args == ()


def settings(value):
    return {"x_twilio_webhooks_signature_settings": value}


@pytest.mark.parametrize(
    "asked",
    [
        request(SHA1),
        request(SHA1_WITH_PORT),
        request(SHA1, **settings("key=webhooks_sharedkey_1")),
        request(SHA256, **settings("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")),
        request(SHA256, **settings(" key=webhooks_sharedkey_1 , algorithm=HMAC_SHA256 ")),
        request(SHA256, **settings("algorithm=HMAC_SHA256")),
        request(
            JSON_SIGNATURE,
            body=b'{"a":1}',
            query=f"shop=42&bodySHA256={JSON_HASH}",
            content_type="application/json",
        ),
    ],
)
def test_what_twilio_signed_is_let_in(asked):
    check(asked)


@pytest.mark.parametrize("base", [BASE, f"{BASE}/", f"{BASE}:443"])
def test_the_configured_address_may_carry_its_port_or_an_end_slash(base):
    check(request(SHA1), base=base)
    check(request(SHA1_WITH_PORT), base=base)


@pytest.mark.parametrize(
    "asked",
    [
        request(BLANK_DROPPED),
        request(""),
        request("sQ6Wx17TUIqMkwQNZitS3HkVSuÏ="),
        request("\udcff\udc00"),
        request(SHA1.lower()),
        request(SHA256),
        request(SHA1, **settings("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")),
        request(SHA256, **settings("key=webhooks_sharedkey_2,algorithm=HMAC_SHA256")),
        request(SHA1, **settings("algorithm=HMAC_MD5")),
        request(SHA1, query="shop=43"),
        request(SHA1, query=""),
        request(SHA1, query="shop=%342"),
        request(SHA1, body=urlencode({**PARAMS, "Body": "Bonsoir"}).encode()),
        request(SHA1, body=urlencode({**PARAMS, "New": ""}).encode()),
        request(SHA1, body=b""),
        request(SHA1, method="GET"),
        request(SHA1, content_type="text/plain"),
        request(SHA1, body=b"&".join([b"a=1"] * (MOST_PARAMETERS + 1))),
        request(
            JSON_SIGNATURE, body=b'{"a":2}', query=f"shop=42&bodySHA256={JSON_HASH}", content_type="application/json"
        ),
        request(JSON_SIGNATURE, body=b'{"a":1}', query=f"shop=42&bodySHA256={JSON_HASH}"),
    ],
)
def test_anything_else_is_refused_and_nothing_is_said(asked):
    assert refused(asked)


def test_another_token_or_another_host_is_refused():
    assert refused(request(SHA1), token=Secret("1" * 32))
    assert refused(request(SHA1), base="https://other.example.tg")
    assert refused(request(SHA1), base="https://bot.example.tg:8443/elsewhere")


def test_a_request_without_any_header_is_refused():
    assert refused(dataclasses.replace(request(), headers={}))


def test_the_fragment_of_the_configured_address_is_not_signed():
    url = f"{BASE}/webhooks/twilio?shop=42"
    assert twilio_signature(TOKEN, f"{url}#rc=3&rp=all", form_pairs(urlencode(PARAMS).encode())) == SHA1


def test_repeated_names_are_signed_by_their_distinct_values():
    twice = form_pairs(b"b=2&a=z&a=y&a=z&c=")
    assert twilio_signature(TOKEN, BASE, twice) == twilio_signature(TOKEN, BASE, ((b"", b"ayazb2c"),))


def test_a_get_is_signed_by_its_address_alone():
    signature = RequestValidator(TOKEN.reveal()).compute_signature(f"{BASE}/webhooks/twilio?a=1&b=", {})
    check(request(signature, method="GET", query="a=1&b=", body=b""))


def test_bytes_that_are_no_utf_8_are_signed_as_they_came():
    body = b"Body=%ff%ed%a0%80%00%zz+%"
    signed = twilio_signature(TOKEN, f"{BASE}/webhooks/twilio?shop=42", ((b"Body", b"\xff\xed\xa0\x80\x00%zz %"),))
    check(request(signed, body=body))


def test_both_addresses_keep_path_and_query_untouched_and_the_configured_one_is_tried_first():
    assert webhook_urls("http://[::1]:8000/bot", "/webhooks/%7Etwilio", "q=%C3%A9&&x=+") == (
        "http://[::1]:8000/bot/webhooks/%7Etwilio?q=%C3%A9&&x=+",
        "http://[::1]/bot/webhooks/%7Etwilio?q=%C3%A9&&x=+",
    )
    assert webhook_urls("https://me:you@bot.tg", "/w", "") == ("https://me:you@bot.tg/w", "https://me:you@bot.tg:443/w")


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=6), st.booleans())
def test_for_every_form_our_signature_is_that_of_twilios_library(params, strong):
    algorithm = "HMAC_SHA256" if strong else "HMAC_SHA1"
    url = f"{BASE}/webhooks/twilio?x={quote('é')}"
    theirs = RequestValidator(TOKEN.reveal()).compute_signature(url, params, algorithm)
    pairs = form_pairs(urlencode(params).encode())
    assert twilio_signature(TOKEN, url, pairs, algorithm) == theirs


def test_our_id_comes_back_only_as_we_signed_it():
    key = Secret("the-secret-key")
    signed = sign_our_id(key, 7312)
    assert read_our_id(key, signed) == 7312
    assert len(signed) == len("7312.") + 32
    wrong = ["", "7312", "7312.", signed + "0", signed.upper(), signed.replace("7312", "7313"), "é.é", "\udcff.1"]
    wrong += [f"0{signed}", f" {signed}", f"+{signed}", "²." + signed[5:], "9" * 5000 + "." + signed[5:]]
    assert [read_our_id(key, text) for text in wrong] == [None] * len(wrong)
    assert read_our_id(Secret("another"), signed) is None
    assert read_our_id(Secret("another", "a third", key.reveal()), signed) == 7312


def test_a_body_of_our_own_is_let_in_only_as_we_signed_it():
    key, raw = Secret("between us"), b'{"text": "\xff"}'
    signed = WebhookRequest("POST", "/", "", {"x-assigame-signature": sign_body(key, raw)}, raw)
    check_body(key, signed)
    for changed in (
        dataclasses.replace(signed, body=raw + b" "),
        dataclasses.replace(signed, headers={}),
        dataclasses.replace(signed, headers={"x-assigame-signature": "sha256=é"}),
    ):
        with pytest.raises(BadSignature):
            check_body(key, changed)
    with pytest.raises(BadSignature):
        check_body(Secret("not ours"), signed)
