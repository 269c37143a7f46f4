"""The page: what it shows, what people do on it, and who may."""

import json
import re

import pytest
from flask import Request
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.test import EnvironBuilder

import webhooks
from base.config import ROOT
from base.secret import Secret
from bot.messages import Card, Identity, Letter, Location, Media, Outgoing, Reaction
from dashboard.simulator.guard import HEADER, Guard
from dashboard.simulator.texts import TEXTS
from handlers.signatures import sign_body
from handlers.simulator.sending import payload_of
from tests.fakes.market import FakeMarket
from tests.files import OGG, PDF, VIDEO, picture

AWA = "+22890000001"
STREAM = f"simulator:phone:{AWA}"
KEY = "4f5a9f0e-8a51-4b0c-9a3e-5f9f6f0d1a01"
HELLO = {"id": KEY, "phone": AWA, "name": "Awa", "text": "bonjour"}


def events(redis):
    return [json.loads(fields[b"event"]) for _, fields in redis.xrange(STREAM)]


def message(market):
    (kept,) = market.kept.get(timeout=10)[2].messages
    return kept.message


def test_the_page_lists_the_people_and_says_what_it_is(client):
    answer = client.get("/simulator")

    setup = json.loads(re.search(r'id="setup">(.*?)</script>', answer.text)[1])
    assert [person["phone"] for person in setup["people"]] == [AWA, "+22890000101"]
    assert setup["credit"] == "© OpenStreetMap contributors; towns: GeoNames (CC BY 4.0)"
    assert TEXTS["fr"]["intro"] in answer.text
    assert "<céréales>" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_speaks_english_when_asked(client):
    answer = client.get("/simulator?lang=en")

    assert '<html lang="en">' in answer.text
    assert TEXTS["en"]["intro"] in answer.text


def test_both_languages_have_every_text():
    assert set(TEXTS["fr"]) == set(TEXTS["en"])


def test_the_page_runs_no_inline_script_and_fetches_nothing_from_elsewhere(client):
    text = client.get("/simulator").text

    scripts = re.findall(r"<script([^>]*)>", text)
    assert [("json" in attributes, "src=" in attributes) for attributes in scripts] == [(True, False), (False, True)]
    assert re.findall(r"(?:src|href)=\"https?://", text) == []
    assert " style=" not in text
    assert " onclick=" not in text


def test_no_script_of_the_page_makes_markup_of_words():
    scripts = sorted((ROOT / "dashboard" / "static").rglob("*.js"))
    assert len(scripts) >= 5
    markup = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|DOMParser|eval\(|new Function")
    assert [path.name for path in scripts if markup.search(path.read_text())] == []


@pytest.mark.parametrize(
    "name", ["page.js", "phone.js", "attach.js", "bubble.js", "sheet.js", "wire.js", "page.css", "mark.svg"]
)
def test_its_files_come_from_here(client, name):
    assert client.get(f"/simulator/static/{name}").status_code == 200


def test_the_browser_never_sees_a_secret(client, account, config):
    answer = client.get("/simulator")

    for secret in (account.secret.reveal(), config.secret_key.reveal()):
        assert secret not in answer.text
        assert secret not in str(answer.headers)
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]


def test_what_is_typed_stands_on_the_phone_and_reaches_the_market_signed(served, client, page, market, redis):
    answer = client.post("/simulator/send", json=HELLO, headers=page)

    heard = message(market)
    (entry, _), *_ = redis.xrange(STREAM)
    assert (answer.status_code, answer.json) == (202, {"id": f"sim-in-{KEY}"})
    assert events(redis)[0] == {"kind": "said", "id": f"sim-in-{KEY}", "text": "bonjour"}
    assert heard.provider_id == f"sim-in-{KEY}"
    assert heard.text == "bonjour"
    assert heard.sender.identities == (Identity("phone", AWA),)
    assert heard.sender.name == "Awa"
    assert int(heard.sent_at.timestamp() * 1000) == int(entry.split(b"-")[0])


def test_the_same_post_again_is_one_message(served, client, page, market, redis):
    client.post("/simulator/send", json=HELLO, headers=page)
    again = client.post("/simulator/send", json=HELLO, headers=page)
    client.post("/simulator/send", json={**HELLO, "id": KEY.replace("4f5a", "0000")}, headers=page)

    ids = []
    while len(ids) < 2:
        ids += [kept.message.provider_id for kept in market.kept.get(timeout=10)[2].messages]
    assert again.status_code == 200
    assert ids == [f"sim-in-{KEY}", f"sim-in-{KEY}".replace("4f5a", "0000")]
    assert [event["id"] for event in events(redis) if event["kind"] == "said"] == ids


def test_a_tap_goes_by_its_id(served, client, page, market):
    tap = {"text": "Oui", "tap": "ordering.confirm:1:42", "replied_to": "sim-42-1-0"}
    client.post("/simulator/send", json={**HELLO, **tap}, headers=page)

    heard = message(market)
    assert (heard.text, heard.tap, heard.replied_to) == ("", "ordering.confirm:1:42", "sim-42-1-0")


def test_a_pin_goes_with_its_label(served, client, page, market):
    place = {"latitude": 6.1386, "longitude": 1.2467, "label": "Bè"}
    client.post("/simulator/send", json={**HELLO, "text": "", "location": place}, headers=page)

    assert message(market).location == Location(6.1386, 1.2467, "Bè")


def test_a_photo_is_kept_where_the_market_fetches_it(served, client, page, market):
    photo = b"\xff\xd8\xff" + b"x" * 1000
    name = client.post("/simulator/photos", data=photo, headers=page).json["photo"]
    client.post("/simulator/send", json={**HELLO, "text": "", "photo": name}, headers=page)

    heard = message(market)
    address = f"{market.config.server.local_url}/simulator/photos/{name}"
    assert heard.media == (Media("image", address, "image/jpeg"),)
    assert client.get(f"/simulator/photos/{name}").data == photo


@pytest.mark.parametrize(
    ("name", "content", "kind", "mime"),
    [
        ("file", OGG, "audio", "audio/ogg"),
        ("file", b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio", "audio/wav"),
        ("file", VIDEO, "video", "video/mp4"),
        ("file", PDF, "document", "application/pdf"),
        ("sticker", picture("PNG"), "sticker", "image/png"),
    ],
)
def test_any_file_of_the_page_goes_by_what_it_is(served, client, page, market, name, content, kind, mime):
    kept = client.post("/simulator/photos", data=content, headers=page).json["photo"]
    client.post("/simulator/send", json={**HELLO, "text": "", name: kept}, headers=page)

    address = f"{market.config.server.local_url}/simulator/photos/{kept}"
    assert message(market).media == (Media(kind, address, mime),)
    assert client.get(f"/simulator/photos/{kept}").mimetype == mime


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ({"card": {"name": "Afi", "phone": "97 12 34 56"}}, {"cards": (Card("Afi", ("97 12 34 56",)),)}),
        ({"reaction": {"to": "sim-42-1-0", "emoji": "❤️"}}, {"reaction": Reaction("sim-42-1-0", "❤️")}),
        ({"text": "3 sacs", "edits": "sim-in-1"}, {"text": "3 sacs", "edits": "sim-in-1"}),
        ({"deletes": "sim-in-1"}, {"deletes": "sim-in-1"}),
        ({"once": True}, {"unread": "view_once"}),
    ],
)
def test_what_is_no_text_reaches_the_market_as_it_is(served, client, page, market, redis, sent, heard):
    answer = client.post("/simulator/send", json={**HELLO, "text": "", **sent}, headers=page)

    found = message(market)
    assert answer.status_code == 202
    assert {name: getattr(found, name) for name in heard} == heard
    assert (found.media, found.tap, found.location) == ((), "", None)
    assert events(redis)[0] == {"kind": "said", "id": f"sim-in-{KEY}", "text": "", **sent}


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"x" * 1_500_000])
def test_other_files_are_refused(client, page, content):
    assert client.post("/simulator/photos", data=content, headers=page).status_code == 415


@pytest.mark.parametrize("name", ["x", "Zk3v0v2c7b1mJ0r8q9wXyA", "%2e%2e"])
def test_a_photo_that_is_not_there_is_not_found(client, name):
    assert client.get(f"/simulator/photos/{name}").status_code == 404


def test_a_seen_bubble_is_reported_as_read(served, client, page, market, account, channel):
    sent = channel.send(account, Letter(42, Identity("phone", AWA), Outgoing("Bonjour")))
    reports = []
    while len(reports) < 2:
        reports += market.kept.get(timeout=10)[2].reports

    answer = client.post("/simulator/seen", json={"phone": AWA, "ids": [sent.provider_id]}, headers=page)

    (report,) = market.kept.get(timeout=10)[2].reports
    assert answer.status_code == 204
    assert (report.provider_id, report.outbox_id, report.status) == (sent.provider_id, 42, "read")


def test_bubbles_that_are_not_on_the_phone_are_not_reported(client, page, flask, redis):
    ids = ["sim-42-1-0", "nonsense", "sim-42-99999999999999999999-0", 7, None]

    assert client.post("/simulator/seen", json={"phone": AWA, "ids": ids}, headers=page).status_code == 204
    assert redis.keys("simulator:*") == []


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": 7},
        {"id": "../../x"},
        {"phone": "90000001"},
        {"phone": None},
        {"text": ""},
        {"text": "  "},
        {"text": 7},
        {"text": "x" * 4097},
        {"text": "", "tap": "x" * 201},
        {"text": "", "photo": "../secret"},
        {"text": "", "location": "Bè"},
        {"text": "", "card": {}},
        {"text": "", "reaction": {"to": "", "emoji": "x"}},
        {"text": "", "reaction": {"to": "x"}},
        {"text": "", "edits": 7},
        {"text": "", "deletes": "x" * 201},
        {"text": "", "once": "yes"},
    ],
)
def test_a_message_that_no_page_sends_is_refused(client, page, redis, change):
    assert client.post("/simulator/send", json={**HELLO, **change}, headers=page).status_code == 400
    assert redis.keys("simulator:*") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_post_of_another_shape_is_refused(client, page, body):
    assert client.post("/simulator/send", data=body, headers=page).status_code == 400
    assert client.post("/simulator/seen", data=body, headers=page).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": None, "Origin": "null"},
        {"Sec-Fetch-Site": None, "Origin": "http://["},
        {"Sec-Fetch-Site": None},
        {"X-Simulator-Token": None},
        {"X-Simulator-Token": "0" * 64},
        {"X-Simulator-Token": "é"},
    ],
)
@pytest.mark.parametrize("path", ["send", "seen", "photos"])
def test_another_site_may_not_post(client, page, redis, path, headers):
    sent = {name: value for name, value in {**page, **headers}.items() if value is not None}

    assert client.post(f"/simulator/{path}", json=HELLO, headers=sent).status_code == 403
    assert redis.keys("simulator:*") == []


def test_a_token_is_worth_nothing_with_another_cookie(flask, page):
    stranger = flask.test_client()
    stranger.get("/simulator")

    assert stranger.post("/simulator/send", json=HELLO, headers=page).status_code == 403
    assert flask.test_client().post("/simulator/send", json=HELLO, headers=page).status_code == 403


def test_a_page_of_before_the_key_was_changed_posts_on():
    visitor = {"HTTP_COOKIE": "simulator=somebody"}
    told = {HEADER: Guard(Secret("old")).token("somebody"), "Sec-Fetch-Site": "same-origin"}
    asked = Request(EnvironBuilder(headers=told, environ_overrides=visitor).get_environ())
    assert Guard(Secret("new", "old")).allows(asked)
    assert not Guard(Secret("new")).allows(asked)


def test_an_older_browser_is_known_by_its_origin(client, page):
    headers = {"X-Simulator-Token": page["X-Simulator-Token"], "Origin": "http://localhost"}

    assert client.post("/simulator/send", json={**HELLO, "text": ""}, headers=headers).status_code == 400


def test_a_signed_bubble_is_no_key_to_the_page(client, account):
    assert (
        client.post("/simulator/send", data=payload_of(Letter(1, Identity("phone", AWA), Outgoing("x")))).status_code
        == 403
    )


@pytest.fixture
def without_redis(config, port):
    away = Redis(host="127.0.0.1", port=port, socket_timeout=0.2, retry=Retry(NoBackoff(), 0))
    return webhooks.create_app(FakeMarket(config, away, {})).test_client()


def test_without_redis_a_post_is_told_to_come_again(without_redis):
    token = without_redis.get("/simulator").text.split('"token": "')[1].split('"')[0]
    headers = {"X-Simulator-Token": token, "Sec-Fetch-Site": "same-origin"}

    answer = without_redis.post("/simulator/send", json=HELLO, headers=headers)

    assert (answer.status_code, answer.json) == (503, {"error": "away"})


def test_without_redis_a_send_was_certainly_not_taken(without_redis, account):
    body = payload_of(Letter(1, Identity("phone", AWA), Outgoing("x")))
    headers = {"X-Assigame-Signature": sign_body(account.secret, body)}

    answer = without_redis.post("/simulator/provider/messages", data=body, headers=headers)

    assert (answer.status_code, answer.json) == (503, {"error": "away"})


def test_without_redis_a_stream_asks_the_browser_to_come_back(without_redis):
    answer = without_redis.get(f"/simulator/stream?phones=%2B{AWA[1:]}")

    assert (answer.status_code, answer.text) == (200, "retry: 3000\n\n")
    answer.close()
