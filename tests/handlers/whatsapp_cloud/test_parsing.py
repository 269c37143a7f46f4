"""Every recorded webhook of Meta is read into exactly these words."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from base.accounts import WhatsappCloudAccount
from base.secret import Secret
from bot.messages import (
    Card,
    CartItem,
    Happened,
    Identity,
    Incoming,
    Location,
    Media,
    Parsed,
    Reaction,
    Refused,
    Sender,
    Source,
    StatusReport,
    TemplateNews,
    Warned,
)
from handlers.errors import BadRequest
from handlers.signatures import sign_our_id
from tests.fakes.graph_cloud import NUMBER_ID, WABA_ID, knock
from tests.handlers.whatsapp_cloud.conftest import CHANNEL, RECORDINGS, SECRET_KEY, recorded, value_of, webhook

ACCOUNT = WhatsappCloudAccount(key="whatsapp", phone_number_id=NUMBER_ID, waba_id=WABA_ID)
PHONE = Identity("phone", "+22890123456")
HIDDEN = Identity("bsuid", "TG.13491208655302741918")
AWA = Sender((PHONE, HIDDEN), "Awa")
ONLY_HIDDEN, ONLY_PHONE = Sender((HIDDEN,), "Awa"), Sender((PHONE,), "Awa")
NAMELESS = Sender((PHONE, HIDDEN))
OURS = "wamid.HBgLMjI4OTAxMjM0NTYVAgARGBI5OTAw"
BEGUN = datetime(2026, 11, 24, 8, tzinfo=UTC)
DIGEST = "426173653634206f66207468652066696c652773207368613235362068617368"
FILE = f"1013859600285441.{DIGEST}"
RENAMED, NEW_PHONE = Identity("bsuid", "TG.2"), Identity("phone", "+22897654321")


def wamid(number):
    return f"wamid.HBgLMjI4OTAxMjM0NTYVAgASGBQzQTc{number:04d}"


def message(number, sender=AWA, **read):
    return Incoming(wamid(number), sender, sent_at=BEGUN + timedelta(seconds=number), **read)


def report(number, status, failure=None, outbox_id=None, pricing=None):
    return StatusReport(wamid(number), status, outbox_id, failure, pricing)


def happened(own_id, identities, what, moment):
    return Incoming(own_id, Sender(identities), sent_at=moment, happened=what)


AD = "120212345678900001"
MESSAGES = {
    "text": message(1, text="Bonjour é 👍\nje veux du riz"),
    "text_phone_hidden": message(2, ONLY_HIDDEN, text="bonjour"),
    "text_phone_empty": message(3, ONLY_HIDDEN, text="bonjour"),
    "text_before_scoped_ids": message(4, ONLY_PHONE, text="menu"),
    "text_phone_in_the_contact": message(5, text="bonjour"),
    "text_scoped_id_in_the_contact": message(6, text="bonjour"),
    "text_of_two_people": message(7, text="c'est moi"),
    "text_without_a_contact": message(8, NAMELESS, text="bonjour"),
    "text_of_a_linked_business": message(
        9, Sender((Identity("bsuid", "US.ENT.11815799212886844830"),), "Awa"), text="bonjour"
    ),
    "text_forwarded": message(10, text="promo riz"),
    "text_from_an_ad": message(11, text="Je suis intéressé", source=Source("ad", ad="1", click="Aff")),
    "text_about_a_product": message(12, text="Encore disponible ?", replied_to=OURS, product="riz-parfume-25"),
    "reply_to_ours": message(13, text="celui-ci", replied_to=OURS),
    "button_tap": message(14, text="Accepter", tap="orders.accept=4K7~1~1", replied_to=OURS),
    "list_pick": message(15, text="Riz parfumé 25 kg", tap="shop.product=12~1~2", replied_to=OURS),
    "flow_reply": message(16, unread="nfm_reply", replied_to=OURS),
    "interactive_with_errors": message(17, unread="carousel_reply"),
    "template_button": message(18, text="Accepter", tap="orders.accept=4K7~1~1", replied_to=OURS),
    "template_button_without_a_payload": message(19, text="Stop promos", replied_to=OURS),
    "image": message(20, media=(Media("image", FILE, "image/jpeg"),)),
    "image_with_caption": message(21, text="mon riz", media=(Media("image", FILE, "image/jpeg"),)),
    "video": message(22, media=(Media("video", FILE, "video/mp4"),)),
    "document": message(23, text="la facture", media=(Media("document", FILE, "application/pdf"),)),
    "voice_note": message(24, media=(Media("audio", FILE, "audio/ogg"),)),
    "sticker": message(25, media=(Media("sticker", FILE, "image/webp"),)),
    "image_not_fetched": message(26, unread="image"),
    "location": message(27, location=Location(6.1319, 1.2228)),
    "location_with_label": message(
        28, location=Location(6.1319, 1.2228, "Marché d'Assigamé", "Rue du Commerce, Lomé"), replied_to=OURS
    ),
    "contacts": message(29, cards=(Card("Afi Mensah", ("+22890123457", "97 12 34 56")),)),
    "contact_info_shared": message(30, ONLY_HIDDEN, cards=(Card("Awa", ("+22890123456",)),), replied_to=OURS),
    "reaction": message(31, reaction=Reaction(OURS, "❤️")),
    "reaction_taken_back": message(32, reaction=Reaction(OURS, "")),
    "order": message(33, text="Vite svp", cart=(CartItem("riz-parfume-25", 2, 17500), CartItem("pagne-wax", 1, 4500))),
    "number_changed": message(34, NAMELESS, happened=Happened("renamed", (NEW_PHONE,))),
    "scoped_id_changed": message(35, NAMELESS, happened=Happened("renamed", (RENAMED,))),
    "request_welcome": message(36, text="bonjour"),
    "edit": message(37, text="3 sacs de riz", edits=wamid(1)),
    "edit_of_a_caption": message(38, text="mon maïs", edits=wamid(1)),
    "revoke": message(39, deletes=wamid(1)),
    "unsupported": message(40, unread="unsupported"),
    "unsupported_poll": message(41, unread="poll"),
    "unheard_of": message(42, unread="hologram"),
    "unseen_characters": message(43, Sender((PHONE,), "Aw a"), text="riz \t2 sacs\nvite?"),
    "text_from_a_post": message(44, text="Bonjour", source=Source("post", ad=AD, click="Bgg")),
    "text_from_an_ad_in_a_status": message(45, text="Bonjour", source=Source("ad", ad=AD)),
    "welcome_from_an_ad": message(46, text="bonjour", source=Source("ad", ad=AD, click="Cgg")),
    "unsupported_from_an_ad": message(47, unread="unsupported", source=Source("ad", ad=AD, click="Dgg")),
    "text_frequently_forwarded": message(48, text="promo riz"),
    "audio": message(49, media=(Media("audio", FILE, "audio/mpeg"),)),
    "scoped_id_changed_with_the_number": message(50, NAMELESS, happened=Happened("renamed", (NEW_PHONE, RENAMED))),
    "number_changed_older": message(51, NAMELESS, happened=Happened("renamed", (NEW_PHONE,))),
    "button_of_a_message_that_failed": message(53, text="Accepter", tap="orders.accept=4K7~1~1", replied_to=OURS),
    "echo_of_the_phone_app": message(54, Sender((PHONE,)), happened=Happened("taken_over")),
    "user_id_update": happened(
        "renamed:69c7a48439c497daa3f6bcf7872aa87662173d76",
        (HIDDEN,),
        Happened("renamed", (PHONE, RENAMED)),
        BEGUN + timedelta(seconds=100),
    ),
    "user_id_update_phone_hidden": happened(
        "renamed:69c7a48439c497daa3f6bcf7872aa87662173d76",
        (HIDDEN,),
        Happened("renamed", (RENAMED,)),
        BEGUN + timedelta(seconds=100),
    ),
    "user_preferences": happened(
        "stopped:971370225d38321b70ca4bf47dcbf4a26aea8635",
        (PHONE, HIDDEN),
        Happened("stopped"),
        BEGUN + timedelta(seconds=100),
    ),
    "user_preferences_resume": happened(
        "resumed:54a7da286e93b3f4c4cc4d0b12119a545a1947eb",
        (PHONE, HIDDEN),
        Happened("resumed"),
        BEGUN + timedelta(seconds=200),
    ),
}
REPORTS = {
    "status_sent": report(900, "sent", pricing=("service", False)),
    "status_delivered": report(900, "delivered", pricing=("service", False)),
    "status_read": report(900, "read"),
    "status_played": report(900, "read"),
    "status_free_by_an_ad": report(900, "delivered", pricing=("referral_conversion", False)),
    "status_of_a_scoped_id": report(901, "delivered"),
    "status_failed_window": report(902, "failed", Refused("window", "131047")),
    "status_failed_capped": report(903, "failed", Refused("busy", "131049", wait=86400.0, most_tries=1)),
    "status_failed_pair": report(904, "failed", Refused("busy", "131056", wait=6.0)),
    "status_failed_file": report(905, "failed", Refused("content", "131053")),
    "status_failed_unreachable": report(906, "failed", Refused("unreachable", "131026")),
    "status_failed_new_code": report(907, "failed", Refused("busy", "139999", most_tries=3)),
    "status_failed_unexplained": report(908, "failed", Refused("busy", "unknown", most_tries=3)),
}
TEMPLATES = {
    "template_status": ("approved", ""),
    "template_pending": ("pending", ""),
    "template_rejected": ("rejected", "INVALID_FORMAT"),
    "template_rejected_by_its_words": ("rejected", "The variables touch"),
    "template_paused": ("paused", "FIRST_PAUSE"),
    "template_disabled": ("disabled", ""),
    "template_reinstated": ("approved", ""),
    "template_category": (None, "", "marketing"),
}
NAMED = "message_template_name new_order_fr, message_template_language fr"
WARNINGS = {
    "number_throttled": ("130429", "(#130429) Rate limit hit"),
    "template_flagged": (
        "message_template_status_update",
        f"event FLAGGED, message_template_id 1, {NAMED}, reason NONE, disable_date DATE",
    ),
    "template_quality_red": (
        "message_template_quality_update",
        f"previous_quality_score YELLOW, new_quality_score RED, message_template_id 1, {NAMED}",
    ),
    "template_category": (
        "template_category_update",
        f"message_template_id 1, {NAMED}, previous_category UTILITY, new_category MARKETING",
    ),
    "number_quality": (
        "phone_number_quality_update",
        "display_phone_number 22870000000, event FLAGGED, current_limit TIER_10K",
    ),
    "account_restricted": (
        "account_update",
        "phone_number 22870000000, event ACCOUNT_RESTRICTION,"
        " restriction_type RESTRICTED_BIZ_INITIATED_MESSAGING, expiration 1795600000",
    ),
    "account_banned": (
        "account_update",
        "event DISABLED_UPDATE, waba_ban_state DISABLE, waba_ban_date 1795507200",
    ),
    "account_alert": (
        "account_alerts",
        "entity_type BUSINESS, entity_id 123456, alert_severity CRITICAL, alert_status ACTIVE,"
        " alert_type INCREASED_CAPABILITIES_ELIGIBILITY_FAILED, alert_description Not eligible for a higher limit",
    ),
    "business_capability": (
        "business_capability_update",
        "max_daily_conversation_per_phone 250, max_phone_numbers_per_business 2",
    ),
}
SILENT = {
    *("group_message", "status_deleted", "status_warning", "status_of_a_group", "echo_of_the_phone_app_in_a_group"),
    *("identity_changed", "user_preferences_signup", "template_quality_green", "username_of_ours", "field_unheard_of"),
}


def parse(body):
    return CHANNEL.parse(ACCOUNT, knock(body))


def read(element, contacts=()):
    """The one message that is read of an element."""
    (kept,) = parse(webhook(value_of(messages=[element], contacts=list(contacts)))).messages
    return kept.message


def plain(**changed):
    return {"from": "22890123456", "id": "wamid.1", "timestamp": "1795507200", "type": "text"} | changed


def test_every_recorded_webhook_is_in_these_tables():
    tables = (MESSAGES, REPORTS, TEMPLATES, WARNINGS)
    assert {path.stem for path in RECORDINGS.glob("*.json")} == SILENT.union(*tables)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_read(name):
    parsed = parse(recorded(name))
    assert [kept.message for kept in parsed.messages] == [MESSAGES[name]]
    assert parsed.reports == ()


@pytest.mark.parametrize("name", MESSAGES)
def test_what_is_kept_of_a_message_is_read_again_as_the_same(name):
    (kept,) = parse(recorded(name)).messages
    assert parse(kept.raw) == Parsed(messages=(kept,))


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_read(name):
    assert parse(recorded(name)) == Parsed(reports=(REPORTS[name],))


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_has_become_is_read(name):
    assert parse(recorded(name)).templates == (TemplateNews("new_order_fr", "fr", *TEMPLATES[name]),)


@pytest.mark.parametrize("name", WARNINGS)
def test_what_is_said_of_the_account_is_told_in_its_own_words(name):
    assert parse(recorded(name)).warnings == (Warned(*WARNINGS[name]),)


@pytest.mark.parametrize("name", sorted(SILENT))
def test_what_is_no_talk_with_the_market_changes_nothing(name):
    assert parse(recorded(name)) == Parsed()


def test_a_report_brings_our_id_home_when_we_signed_it():
    def told(ours):
        status = {"id": "wamid.1", "status": "sent", "biz_opaque_callback_data": ours}
        return parse(webhook(value_of(statuses=[status]))).reports

    assert told(sign_our_id(SECRET_KEY, 4711)) == (StatusReport("wamid.1", "sent", 4711),)
    for forged in ("4711", sign_our_id(Secret("other"), 4711), "", None, 4711, ["4711"]):
        assert told(forged) == (StatusReport("wamid.1", "sent"),)


@pytest.mark.parametrize(
    "names, contacts, identities",
    [
        ({"from": "22890123456"}, [], [PHONE]),
        ({"from": "+22890123456"}, [], [PHONE]),
        ({"from": "TG.13491208655302741918"}, [], [HIDDEN]),
        ({"from": "22890123456", "from_user_id": HIDDEN.value}, [], [PHONE, HIDDEN]),
        ({"from": None, "from_user_id": HIDDEN.value}, [{"wa_id": "22890123456", "user_id": HIDDEN.value}], None),
        ({"from": "22890123456"}, [{"wa_id": "22890123456", "user_id": HIDDEN.value}], None),
        ({"from": "22890123456"}, [{"wa_id": "22891111111", "user_id": HIDDEN.value}], [PHONE]),
        ({"from": "22890123456", "from_user_id": HIDDEN.value}, [{"wa_id": "2289", "user_id": HIDDEN.value}], None),
        ({"from": 22890123456, "from_user_id": HIDDEN.value}, [{"wa_id": [], "user_id": {}}, 7, None], [HIDDEN]),
    ],
)
def test_a_person_is_named_by_whatever_meta_shows(names, contacts, identities):
    heard = read(plain(text={"body": "riz"}, **names), contacts)
    assert heard.sender.identities == tuple(identities or (PHONE, HIDDEN))


@pytest.mark.parametrize(
    "changed, unread",
    [
        ({"text": {"body": " \x00 "}}, "text"),
        ({"text": "riz"}, "text"),
        ({"type": "image", "image": {"id": "../../me"}}, "image"),
        ({"type": "image", "image": {"id": "1" * 129}}, "image"),
        ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, "location"),
        ({"type": "location", "location": {"latitude": "nan", "longitude": 0}}, "location"),
        ({"type": "location", "location": {"latitude": 10**400, "longitude": True}}, "location"),
        ({"type": "contacts", "contacts": {}}, "contacts"),
        ({"type": "reaction", "reaction": {"emoji": "👍"}}, "reaction"),
        ({"type": "order", "order": {"product_items": [{"product_retailer_id": "riz", "quantity": 0}]}}, "order"),
        ({"type": "order", "order": {"product_items": [{"product_retailer_id": "riz", "quantity": 10**5000}]}}, None),
        ({"type": "edit", "edit": {"original_message_id": "wamid.0", "message": {"type": "image"}}}, "edit"),
        ({"type": "edit", "edit": {"message": {"type": "text", "text": {"body": "riz"}}}}, "edit"),
        ({"type": "revoke"}, "revoke"),
        ({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {}}}, "button_reply"),
        ({"type": ["text"]}, "unknown"),
        ({"type": "x" * 41}, "unknown"),
    ],
)
def test_what_cannot_be_read_is_named(changed, unread):
    if unread is None:  # a number of more digits than Python reads: no JSON of Meta's
        with pytest.raises((BadRequest, ValueError)):
            read(plain(**changed))
        return
    heard = read(plain(**changed))
    assert (heard.unread, heard.text, heard.tap, heard.media) == (unread, "", "", ())


def test_what_is_too_long_is_cut_and_a_strange_tap_counts_as_its_words():
    assert read(plain(text={"body": "é" * 5000})).text == "é" * 4096
    long_name = [{"wa_id": "22890123456", "profile": {"name": "n" * 500}}]
    assert read(plain(text={"body": "riz"}), long_name).sender.name == "n" * 200
    reply = {"type": "button_reply", "button_reply": {"id": "x" * 257, "title": "Riz"}}
    heard = read(plain(type="interactive", interactive=reply))
    assert (heard.tap, heard.text) == ("", "Riz")
    cards = [{"name": {"formatted_name": "A"}, "phones": [{"phone": str(n)} for n in range(9)]}] * 9
    assert read(plain(type="contacts", contacts=cards)).cards == (Card("A", ("0", "1", "2", "3", "4")),) * 5


@pytest.mark.parametrize("told", ["", "0", "-1", "1e9", "9" * 12, None, [], True, "١", 1795507200.5])
def test_a_time_that_is_none_is_left_out(told):
    assert read(plain(timestamp=told, text={"body": "riz"})).sent_at is None


def test_a_time_may_be_a_number_and_the_year_may_be_far():
    assert read(plain(timestamp=1795507200, text={"body": "riz"})).sent_at == BEGUN
    assert read(plain(timestamp="99999999999", text={"body": "riz"})).sent_at == datetime.fromtimestamp(
        99999999999, UTC
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b'{"a":' * 9000, b"1" * 5000])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(BadRequest):
        parse(body)


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"x"'])
def test_what_is_no_object_says_nothing(body):
    assert parse(body) == Parsed()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"object": "page", "entry": json.loads(recorded("text"))["entry"]},
        {"object": "whatsapp_business_account", "entry": {"changes": []}},
        {"object": "whatsapp_business_account", "entry": [None, 1, {"changes": [None, {"field": "messages"}]}]},
    ],
)
def test_another_envelope_holds_nothing(document):
    assert parse(json.dumps(document).encode()) == Parsed()
