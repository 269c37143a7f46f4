"""What was written to a sender is read from Twilio's list as its webhook would have been."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from twilio.http.response import Response

from base.outbound import Timeouts
from base.secret import Secret
from bot.messages import Card, Identity, Media, Outgoing
from bot.provider_answers import Remembered
from handlers.channel import Remembering
from handlers.twilio_whatsapp.client import client_of
from tests.handlers.twilio_whatsapp.conftest import account_of
from tests.handlers.twilio_whatsapp.test_sending import letter

AWA, KOSSI = "+22890000001", "+22890000002"
FILE = f"ME{7:032x}"
SINCE = timedelta(minutes=10)


def all_of(ids):
    return ids


def ask(channel, account, since=None, limit=500, unknown=all_of):
    return next(channel.received_since(account, since or datetime.now(UTC) - SINCE, limit, unknown))


def said(remembered):
    return [(kept.message.sender.identities[0].value, kept.message.text) for kept in remembered.messages]


def by_webhook(channel, account, inbound):
    (kept,) = channel.parse(account, inbound.as_request()).messages
    return kept.message


def asked(fake):
    return [path for _, path, _, _ in fake.requests]


def test_twilio_is_a_channel_that_remembers(channel):
    assert isinstance(channel, Remembering)


def test_words_are_read_as_their_webhook_except_for_the_name_and_with_their_time(fake, account, channel):
    inbounds = [fake.say(AWA, "Bonjour é 👍\nje veux du riz"), fake.say("TG.123456", "riz")]
    found = ask(channel, account)
    assert found.is_whole
    for inbound, kept, heard in zip(inbounds, found.messages, fake.heard[account.sender], strict=True):
        message = by_webhook(channel, account, inbound)
        assert kept.message.sent_at == heard.at.replace(microsecond=0)
        assert replace(kept.message, sent_at=None) == replace(message, sender=replace(message.sender, name=""))


def test_what_is_kept_can_be_read_again_as_a_form(fake, account, channel):
    fake.say(AWA, "riz")
    (kept,) = ask(channel, account).messages
    again = replace(fake.say(AWA, "x").as_request(), body=kept.raw)
    (read,) = channel.parse(account, again).messages
    assert replace(read.message, sent_at=kept.message.sent_at) == kept.message


def test_a_tap_is_its_title_as_if_it_had_been_typed_and_a_pin_is_unread(fake, account, channel, contents):
    channel.send(account, letter(Outgoing("Bonjour")))
    message = fake.messages[0]
    message.buttons = [{"title": "Oui", "id": "v1:yes"}]
    fake.tap(message, "Oui")
    fake.pin(AWA, 6.13, 1.22)
    tap, pin = (kept.message for kept in ask(channel, account).messages)
    assert (tap.text, tap.tap, tap.unread) == ("Oui", "", "")
    assert (pin.text, pin.location, pin.unread) == ("", None, "unknown")


@pytest.mark.parametrize(
    ("mime", "kind"),
    [("image/jpeg", "image"), ("audio/ogg", "audio"), ("video/mp4", "video"), ("application/pdf", "document")],
)
def test_files_are_asked_for_beside_the_message_and_can_be_fetched(fake, account, channel, mime, kind):
    fake.photo(AWA, fake.keeps(b"bytes", FILE), caption="mon riz", mime=mime, kind=kind)
    (kept,) = ask(channel, account).messages
    sid = kept.message.provider_id
    address = f"{fake.url}/2010-04-01/Accounts/{account.account_sid}/Messages/{sid}/Media/{FILE}"
    assert (kept.message.text, kept.message.media) == ("mon riz", (Media(kind, address, mime),))
    assert asked(fake)[-1] == f"/2010-04-01/Accounts/{account.account_sid}/Messages/{sid}/Media.json"
    assert channel.fetch(account, kept.message.media[0], 100).content == b"bytes"


def test_a_sticker_and_a_contact_card_are_known_by_their_types(fake, account, channel):
    fake.photo(AWA, fake.keeps(b"x", FILE), mime="image/webp", kind="sticker")
    fake.photo(AWA, fake.keeps(b"x", FILE), mime="text/vcard", kind="contacts")
    sticker, card = (kept.message for kept in ask(channel, account).messages)
    assert [media.kind for media in sticker.media] == ["sticker"]
    assert (card.media, card.cards) == ((), (Card(),))


def test_files_that_twilio_has_no_longer_leave_the_words(fake, account, channel, monkeypatch):
    fake.photo(AWA, fake.keeps(b"x", FILE), caption="mon riz")
    fake.photo(AWA, fake.keeps(b"x", FILE))
    monkeypatch.setattr(fake, "media_of", lambda sid: None)
    found = ask(channel, account)
    assert [(k.message.text, k.message.media, k.message.unread) for k in found.messages] == [
        ("mon riz", (), ""),
        ("", (), "unknown"),
    ]
    assert found.is_whole


def test_a_file_that_cannot_be_asked_for_now_holds_up_its_own_message_alone(fake, account, channel, monkeypatch):
    fake.say(AWA, "avant")
    fake.photo(AWA, fake.keeps(b"x", FILE))
    fake.say(AWA, "après")
    original = client_of(account, Timeouts()).http_client.request

    def busy(method, uri, *rest, **more):
        return Response(503, "{}", {}) if "Media.json" in uri else original(method, uri, *rest, **more)

    monkeypatch.setattr(client_of(account, Timeouts()).http_client, "request", busy)
    found = ask(channel, account)
    assert (said(found), found.is_whole) == ([(AWA, "avant"), (AWA, "après")], False)


def test_after_three_such_files_the_rest_waits(fake, account, channel, monkeypatch):
    for _ in range(5):
        fake.photo(AWA, fake.keeps(b"x", FILE))
    fake.say(AWA, "après")
    original = client_of(account, Timeouts()).http_client.request
    calls = []

    def lost(method, uri, *rest, **more):
        calls.append(uri)
        return Response(500, "", {}) if "Media.json" in uri else original(method, uri, *rest, **more)

    monkeypatch.setattr(client_of(account, Timeouts()).http_client, "request", lost)
    assert ask(channel, account) == Remembered((), is_whole=False)
    assert len([uri for uri in calls if "Media.json" in uri]) == 3


def test_the_oldest_come_first_and_those_of_one_second_in_the_order_they_came(fake, account, channel):
    for number, ahead in enumerate((0, -60, 0, -60)):
        fake.ahead = timedelta(seconds=ahead)
        fake.say(AWA, str(number))
    assert [text for _, text in said(ask(channel, account))] == ["1", "3", "0", "2"]


def test_all_pages_are_read(fake, account, channel):
    for number in range(250):
        fake.say(AWA, str(number))
    found = ask(channel, account)
    assert [text for _, text in said(found)] == [str(number) for number in range(250)]
    assert (found.is_whole, len(fake.requests)) == (True, 3)


def test_a_limit_leaves_the_youngest_for_the_next_time(fake, account, channel):
    for number in range(5):
        fake.say(AWA, str(number))
    found = ask(channel, account, limit=3)
    assert ([text for _, text in said(found)], found.is_whole) == (["0", "1", "2"], False)
    known = {kept.message.provider_id for kept in found.messages}
    rest = ask(channel, account, limit=3, unknown=lambda ids: [sid for sid in ids if sid not in known])
    assert ([text for _, text in said(rest)], rest.is_whole) == (["3", "4"], True)


def test_of_what_is_known_nothing_more_is_asked(fake, account, channel):
    fake.photo(AWA, fake.keeps(b"x", FILE))
    assert ask(channel, account, unknown=lambda ids: []) == Remembered((), is_whole=True)
    assert len(fake.requests) == 1


def test_older_messages_and_our_own_are_not_told(fake, account, channel):
    channel.send(account, letter(Outgoing("Bonjour"), to=Identity("phone", AWA)))
    fake.ahead = timedelta(minutes=-11)
    fake.say(AWA, "trop tôt")
    assert ask(channel, account) == Remembered((), is_whole=True)


def test_each_of_two_senders_is_asked_for_its_own(fake, account, channel):
    other = account_of(fake, key="twilio_2", sender="whatsapp:+22870000009")
    fake.say(AWA, "à la première")
    fake.say(KOSSI, "à la seconde", To=other.sender)
    assert said(ask(channel, account)) == [(AWA, "à la première")]
    assert said(ask(channel, other)) == [(KOSSI, "à la seconde")]


def test_a_stranger_learns_nothing(fake, channel):
    fake.say(AWA, "riz")
    stranger = account_of(fake, auth_token=Secret("wrong"))
    assert ask(channel, stranger) == Remembered((), is_whole=False)
    nobody = account_of(fake, api_base="http://127.0.0.1:1")
    assert ask(channel, nobody) == Remembered((), is_whole=False)


GOOD = {
    "sid": f"SM{60:032x}",
    "direction": "inbound",
    "from": f"whatsapp:{AWA}",
    "to": "whatsapp:+22870000000",
    "body": "riz",
    "num_media": "0",
    "date_sent": "Tue, 24 Nov 2026 09:00:01 +0000",
}
NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        {},
        {"sid": None},
        {"sid": "SM\x00"},
        {"direction": "outbound-api"},
        {"direction": 7},
        {"from": None},
        {"from": "whatsapp:+0"},
        {"from": ["whatsapp:+22890000001"]},
        {"to": "whatsapp:+22870000009"},
        {"date_sent": None},
        {"date_sent": f"Tue, 24 Nov {10**20} 09:00:01 +0000", "date_created": "soon"},
        {"date_sent": "Tue, 24 Nov 2020 09:00:01 +0000"},
    ],
)
def test_an_element_that_nobody_can_read_hurts_no_neighbour(answering, account, channel, bad):
    strange = GOOD | bad if isinstance(bad, dict) and bad else bad
    if isinstance(strange, dict) and strange:
        strange["sid"] = strange["sid"] if "sid" in bad else f"SM{61:032x}"
    answering(200, {"messages": [strange, GOOD]})
    found = ask(channel, account, since=NOON)
    assert [kept.message.provider_id for kept in found.messages] == [GOOD["sid"]]
    assert found.is_whole


@pytest.mark.parametrize(
    "changed",
    [
        {"body": None},
        {"body": 7},
        {"body": "r\x00iz\ud800"},
        {"num_media": None},
        {"date_sent": None, "date_created": GOOD["date_sent"]},
    ],
)
def test_a_message_that_is_read_can_be_kept(answering, account, channel, changed):
    answering(200, {"messages": [GOOD | changed]})
    (kept,) = ask(channel, account, since=NOON).messages
    assert json.dumps(kept.message.text, ensure_ascii=False).encode()
    assert "\x00" not in kept.message.text


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (200, []),
        (200, {}),
        (200, {"messages": {}}),
        (200, {"messages": [], "next_page_uri": "http://["}),
        (200, {"messages": [], "next_page_uri": "/2010-04-01/Accounts/AC1/Messages.json?Page=1"}),
        (401, {"code": 20003}),
        (302, {}),
        (500, {}),
    ],
)
def test_a_list_that_nobody_can_read_is_not_whole(answering, account, channel, status, document):
    answering(status, document)
    assert ask(channel, account, since=NOON) == Remembered((), is_whole=False)


@pytest.mark.parametrize(
    ("media", "fields"),
    [
        ({"media_list": [None, {}, {"sid": "ME1"}, {"sid": FILE, "content_type": 7}]}, 1),
        ({"media_list": {}}, 0),
        ([], 0),
        ({"media_list": [{"sid": FILE}] * 50}, 10),
    ],
)
def test_a_list_of_files_that_nobody_can_read_leaves_the_words(account, channel, monkeypatch, media, fields):
    class Answers:
        def request(self, method, uri, *_, **__):
            listed = {"messages": [GOOD | {"num_media": "1"}]}
            return Response(200, json.dumps(media if "Media.json" in uri else listed), {})

    monkeypatch.setattr(client_of(account, Timeouts()), "http_client", Answers())
    (kept,) = ask(channel, account, since=NOON).messages
    assert (kept.message.text, len(kept.message.media)) == ("riz", fields)
