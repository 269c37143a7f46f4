"""Every recorded webhook of Twilio is read into exactly these words."""

import json
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import handlers.twilio_whatsapp
from base.accounts import TwilioWhatsappAccount
from base.secret import Secret
from bot.messages import (
    Card,
    CartItem,
    Identity,
    Incoming,
    Kept,
    Location,
    Media,
    Parsed,
    Reaction,
    Refused,
    Sender,
    Source,
    StatusReport,
)
from handlers.channel import WebhookRequest
from handlers.errors import BadRequest
from handlers.signatures import sign_our_id
from handlers.twilio_whatsapp.channel import TwilioWhatsapp

RECORDINGS = Path(handlers.twilio_whatsapp.__file__).parent / "recordings"
ACCOUNT = TwilioWhatsappAccount(
    key="twilio",
    account_sid="AC00000000000000000000000000000001",
    auth_token=Secret("token"),
    sender="whatsapp:+22870000000",
)
KEY = Secret("the-secret-key")
CHANNEL = TwilioWhatsapp("https://bot.example.tg", KEY)

PHONE = Identity("phone", "+22890123456")
HIDDEN = Identity("bsuid", "TG.13491208655302741918")
AWA = Sender((PHONE,), "Awa")
BOTH = Sender((PHONE, HIDDEN), "Awa")
MEDIA = (
    "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001"
    "/Messages/MM0000000000000000000000000000000e/Media/ME00000000000000000000000000000000"
)
OURS = f"SM{900:032x}"


def sid(number, prefix="SM"):
    return f"{prefix}{number:032x}"


def message(number, sender=AWA, prefix="SM", **read):
    return Incoming(sid(number, prefix), sender, **read)


def report(number, status, failure=None, outbox_id=None):
    return StatusReport(sid(number), status, outbox_id, failure)


MESSAGES = {
    "text": message(1, BOTH, text="Bonjour é 👍\nje veux du riz"),
    "text_phone_hidden": message(2, Sender((HIDDEN,), "Awa"), text="bonjour"),
    "text_phone_only_in_waid": message(3, BOTH, text="bonjour"),
    "text_older_sender": message(4, text="menu"),
    "text_from_an_ad": message(5, text="Je suis intéressé", source=Source("ad", ad="120211234567890", click="AfXXX")),
    "text_from_a_post": message(42, text="Bonjour", source=Source("post", ad="122100000000000")),
    "question_about_a_product": message(43, text="C'est combien ?", product="riz-parfume-25"),
    "by_the_fallback_url": message(44, text="bonjour"),
    "button_tap": message(6, BOTH, text="Accepter", tap="v1:orders:accept:4K7", replied_to=OURS),
    "list_pick": message(7, text="Riz parfumé 25 kg", tap="v1:p:12", replied_to=OURS),
    "list_pick_as_button": message(8, text="Gari", tap="v1:p:13", replied_to=OURS),
    "list_pick_as_json": message(9, tap="v1:p:14", replied_to=OURS),
    "button_tap_as_json": message(10, text="Oui", tap="v1:c:yes", replied_to=OURS),
    "tap_of_every_kind": message(11, text="Riz", tap="from-list", replied_to=OURS),
    "tap_as_plain_json": message(12, text="Riz", tap="v1:p:15", replied_to=OURS),
    "tap_with_broken_json": message(13, text="Riz", replied_to=OURS),
    "photo_with_caption": message(14, prefix="MM", text="mon riz", media=(Media("image", MEDIA, "image/jpeg"),)),
    "photo": message(15, prefix="MM", media=(Media("image", MEDIA, "image/jpeg"),)),
    "voice_note": message(16, prefix="MM", media=(Media("audio", MEDIA, "audio/ogg"),)),
    "sticker": message(17, prefix="MM", media=(Media("sticker", MEDIA, "image/webp"),)),
    "video": message(18, prefix="MM", media=(Media("video", MEDIA, "video/mp4"),)),
    "document": message(19, prefix="MM", text="facture.pdf", media=(Media("document", MEDIA, "application/pdf"),)),
    "two_photos": message(
        20, prefix="MM", media=(Media("image", MEDIA, "image/jpeg"), Media("image", f"{MEDIA}1", "image/png"))
    ),
    "media_without_a_type": message(21, prefix="MM", media=(Media("audio", MEDIA, ""),)),
    "media_without_an_address": message(22, prefix="MM", unread="image"),
    "pin": message(23, location=Location(6.1319, 1.2228)),
    "pin_with_label": message(24, location=Location(6.1319, 1.2228, "Marché d'Assigamé", "Rue du Commerce, Lomé")),
    "pin_off_the_globe": message(25, unread="location"),
    "contact_card": message(26, unread="contacts"),
    "native_order": message(27, unread="order"),
    "unnamed_kind": message(28, unread="unknown"),
    "reply_to_ours": message(29, text="celui-ci", replied_to=OURS),
    "unseen_characters": message(30, Sender((PHONE,), "Aw a"), text="riz \t2 sacs"),
    "reaction": message(32, reaction=Reaction("wamid.HBgLMjI4OTAxMjM0NTYVAgARGBI5", "❤️")),
    "reaction_as_words": message(33, reaction=Reaction(OURS, "👍"), replied_to=OURS),
    "reaction_taken_back": message(34, reaction=Reaction("wamid.HBgLMjI4OTAxMjM0NTYVAgARGBI5", "")),
    "contact_card_with_phones": message(35, cards=(Card("Afi Mensah", ("+22890123456", "97123456")),)),
    "contact_card_as_vcard": message(36, prefix="MM", cards=(Card(),)),
    "native_order_with_items": message(37, cart=(CartItem("riz-parfume-25", 2, 17500), CartItem("pagne-wax", 1, 4500))),
    "edited": message(38, text="3 sacs de riz", edits="wamid.1"),
    "deleted": message(39, deletes="wamid.1"),
    "view_once": message(40, unread="unsupported"),
    "broken_metadata": message(41, unread="contacts"),
    "lone_surrogates": message(31, text="\ufffd\ufffd\ufffdriz\ufffd"),
}
REPORTS = {
    "status_queued": report(50, "accepted"),
    "status_sent": report(50, "sent"),
    "status_delivered": report(50, "delivered"),
    "status_read": report(50, "read"),
    "status_failed_window": report(51, "failed", Refused("window", "63016")),
    "status_undelivered_rate": report(52, "failed", Refused("busy", "63018", wait=6.0)),
    "status_failed_opted_out": report(53, "failed", Refused("opted_out", "21610")),
    "status_failed_unexplained": report(54, "failed", Refused("busy", "unknown", most_tries=3)),
    "status_failed_new_code": report(55, "failed", Refused("busy", "63999", most_tries=3)),
    "status_canceled": report(56, "failed", Refused("final", "canceled")),
    "status_by_its_older_name": report(57, "failed", Refused("unreachable", "63024")),
}
SILENT = {"status_unheard_of"}


def request(body, path="/webhooks/twilio", query="", **headers):
    named = {"content-type": "application/x-www-form-urlencoded", **headers}
    return WebhookRequest("POST", path, query, named, body)


def recorded(name):
    return (RECORDINGS / f"{name}.txt").read_bytes()


def parse(body):
    return CHANNEL.parse(ACCOUNT, request(body))


def parse_report(body, query=""):
    return CHANNEL.parse(ACCOUNT, request(body, "/webhooks/twilio/status", query))


def test_every_recorded_webhook_is_in_these_tables():
    assert {path.stem for path in RECORDINGS.glob("*.txt")} == MESSAGES.keys() | REPORTS.keys() | SILENT


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_read(name):
    body = recorded(name)
    assert parse(body) == Parsed(messages=(Kept(MESSAGES[name], body),))


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_read(name):
    assert parse_report(recorded(name)) == Parsed(reports=(REPORTS[name],))


@pytest.mark.parametrize("name", sorted(SILENT))
def test_a_status_that_we_do_not_know_changes_nothing(name):
    assert parse_report(recorded(name)) == Parsed()


def test_a_report_brings_our_id_home_when_we_signed_it():
    signed = sign_our_id(KEY, 4711)
    body = recorded("status_sent")
    assert parse_report(body, f"o={signed}").reports == (report(50, "sent", outbox_id=4711),)
    for forged in ("o=4711", f"o={sign_our_id(Secret('other'), 4711)}", "o=%ff%00", "x=1", "o"):
        assert parse_report(body, forged).reports == (report(50, "sent"),)


def fields(**changed):
    usual = {"MessageSid": sid(1), "From": "whatsapp:+22890123456", "Body": "riz"}
    return urlencode({name: value for name, value in (usual | changed).items() if value is not None}).encode()


@pytest.mark.parametrize(
    "changed, identities",
    [
        ({}, (PHONE,)),
        ({"ExternalUserId": "whatsapp:TG.13491208655302741918"}, (PHONE, HIDDEN)),
        ({"From": "whatsapp:TG.13491208655302741918"}, (HIDDEN,)),
        ({"From": "", "ExternalUserId": "whatsapp:TG.13491208655302741918"}, (HIDDEN,)),
        ({"From": "", "WaId": "22890123456"}, (PHONE,)),
        ({"From": "whatsapp:TG.13491208655302741918", "WaId": "22890123456"}, (PHONE, HIDDEN)),
        ({"WaId": "2289012345"}, (PHONE,)),
        ({"From": "whatsapp:US.ENT.118157992128868448"}, (Identity("bsuid", "US.ENT.118157992128868448"),)),
        ({"ExternalUserId": "whatsapp:"}, (PHONE,)),
    ],
)
def test_a_person_is_named_by_whatever_twilio_shows(changed, identities):
    (kept,) = parse(fields(**changed)).messages
    assert kept.message.sender.identities == identities


@pytest.mark.parametrize(
    ("told", "source"),
    [
        ({}, None),
        ({"ReferralNumMedia": "0"}, None),
        ({"ReferralSourceType": "ad", "ReferralSourceUrl": "https://fb.me/abc", "ReferralHeadline": "Riz"}, None),
        ({"ReferralSourceId": " ", "ReferralCtwaClid": "\x00"}, None),
        ({"ReferralSourceType": "ad", "ReferralSourceId": "12"}, Source("ad", ad="12")),
        ({"ReferralSourceType": "POST", "ReferralSourceId": "12"}, Source("post", ad="12")),
        ({"ReferralSourceType": "reel", "ReferralSourceId": "12"}, Source("ad", ad="12")),
        ({"ReferralCtwaClid": "c" * 600}, Source("ad", click="c" * 512)),
        ({"ReferralSourceId": "1" * 300, "ReferralCtwaClid": "a\nb"}, Source("ad", ad="1" * 200, click="a b")),
    ],
)
def test_whoever_comes_from_an_advertisement_or_a_post_brings_its_ids(told, source):
    (kept,) = parse(fields(**told)).messages
    assert (kept.message.source, kept.message.text) == (source, "riz")


@pytest.mark.parametrize(
    ("told", "product"),
    [
        ({"ProductRetailerId": "riz-25"}, "riz-25"),
        ({"ReferredProductRetailerId": " riz\n25 "}, "riz 25"),
        ({"ReferralProductRetailerId": "x" * 300}, "x" * 200),
        ({"ChannelMetadata": '{"data":{"context":{"referred_product":{"product_retailer_id":"riz"}}}}'}, "riz"),
        ({"ChannelMetadata": '{"data":{"context":{"referred_product":{"product_retailer_id":7}}}}'}, ""),
        ({"ChannelMetadata": '{"data":{"context":{"referred_product":["riz"]}}}'}, ""),
        ({"ProductRetailerId": " "}, ""),
    ],
)
def test_a_question_about_a_good_names_it(told, product):
    (kept,) = parse(fields(**told)).messages
    assert (kept.message.product, kept.message.text, kept.message.unread) == (product, "riz", "")


def test_a_good_without_words_about_it_is_not_read():
    (kept,) = parse(fields(Body="", MessageType="product", ProductRetailerId="riz-25")).messages
    assert (kept.message.product, kept.message.unread) == ("riz-25", "product")


def test_what_twilio_adds_for_the_fallback_url_and_its_token_change_nothing():
    body, token = fields(), {"i-twilio-idempotency-token": "8f3b"}
    more = body + b"&" + urlencode({"ErrorCode": "11200", "ErrorUrl": "https://first.example/webhooks/twilio"}).encode()
    (first,) = CHANNEL.parse(ACCOUNT, request(body, **token)).messages
    (again,) = CHANNEL.parse(ACCOUNT, request(more, **token)).messages
    assert first.message == again.message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"%%%=%%%&&&",
        b"Body",
        fields(MessageSid=None),
        fields(MessageSid="SM1"),
        fields(MessageSid=f"{sid(1)}\x00"[:33]),
        fields(MessageSid=sid(1)[:-1] + "é"),
        fields(From=None),
        fields(From="whatsapp:"),
        fields(From="whatsapp:+0"),
        fields(From="whatsapp:+228 90 12 34 56"),
        fields(From="whatsapp:TG." + "1" * 200),
        fields(From="whatsapp:+22890123456\n"),
        fields(From="messenger:12345"),
        b"&".join([fields()] * 400),
    ],
)
def test_a_body_without_an_id_or_a_sender_is_refused(body):
    with pytest.raises(BadRequest):
        parse(body)


@pytest.mark.parametrize("body", [b"", b"MessageStatus=sent", b"MessageStatus=sent&MessageSid=1"])
def test_a_report_without_an_id_is_refused(body):
    with pytest.raises(BadRequest):
        parse_report(body)


def test_the_path_decides_what_a_form_is():
    """A person's message has a SmsStatus too, and a report that names no status says nothing."""
    assert parse(fields(SmsStatus="received", MessageStatus="sent")).messages[0].message.text == "riz"
    assert parse_report(fields()) == Parsed()


@pytest.mark.parametrize(
    "asked",
    [
        WebhookRequest("GET", "/webhooks/twilio", fields().decode(), {}, b""),
        request(b'{"MessageSid":"SM1"}', **{"content-type": "application/json"}),
        WebhookRequest("POST", "/webhooks/twilio", "", {}, fields()),
    ],
)
def test_what_is_no_form_is_refused(asked):
    with pytest.raises(BadRequest):
        CHANNEL.parse(ACCOUNT, asked)


def test_a_tap_longer_than_any_of_ours_counts_as_its_words():
    (kept,) = parse(fields(Body="Riz", ButtonPayload="x" * 257)).messages
    assert (kept.message.tap, kept.message.text) == ("", "Riz")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"id": 7}', '{"id": "  "}', '{"list_reply": []}', "null", '{"id"'])
def test_strange_interactive_data_is_no_tap(text):
    (kept,) = parse(fields(InteractiveData=text)).messages
    assert kept.message.tap == ""


def test_a_lone_surrogate_in_interactive_data_can_be_kept():
    (kept,) = parse(fields(InteractiveData=r'{"id": "v1:\ud800\u0000x"}')).messages
    assert kept.message.tap == "v1:?x"


TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from([sid(1), "whatsapp:+22890123456", "6.1", "nan", "1_0", "image"])
)
NAMES = st.sampled_from(
    """MessageSid From ExternalUserId WaId ProfileName Body ListId ButtonPayload InteractiveData NumMedia MediaUrl0
    MediaContentType0 Latitude Longitude Label MessageType MessageStatus ErrorCode OriginalRepliedMessageSid""".split()
)


@given(st.sampled_from([parse, parse_report]), st.lists(st.tuples(NAMES, TEXTS), max_size=12), st.binary(max_size=20))
@example(parse_report, [("MessageSid", sid(1)), ("From", "whatsapp:+22890123456"), ("MessageStatus", "sent")], b"")
@example(parse, [("MessageSid", sid(1)), ("From", "whatsapp:+22890123456")], b"&Body=%00%ED%A0%80\xff")
def test_any_form_is_read_or_refused_and_what_is_read_can_be_kept(reading, pairs, noise):
    try:
        parsed = reading(urlencode(pairs).encode("ascii") + noise)
    except BadRequest:
        return
    assert len(parsed.messages) + len(parsed.reports) <= 1
    for kept in parsed.messages:
        document = json.dumps(asdict(kept.message), ensure_ascii=False)
        assert "\\u0000" not in document
        assert document.encode("utf-8")  # no lone surrogate: PostgreSQL takes it
