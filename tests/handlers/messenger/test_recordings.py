"""Each row of Meta's table of events (channels.md §3.2) has recordings, and each of these is read as just this."""

import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import (
    CartItem,
    Happened,
    Identity,
    Incoming,
    Location,
    Media,
    Reaction,
    Sender,
    Source,
    StatusReport,
    TemplateNews,
    Warned,
    Watermark,
)
from handlers.messenger.channel import Messenger
from tests.handlers.messenger.conftest import RECORDINGS, SECRET_KEY, account_of, recorded, signed

ACCOUNT, CHANNEL = account_of(), Messenger(SECRET_KEY)
AWA = Sender((Identity("psid", "7000000000000001"),))
BEGAN = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
CDN = "https://scontent.xx.fbcdn.net/v/t1.15752-9"
TAP = "buyer.browse=12~9f~h2x3"


def message(number, own_id="", **read):
    return Incoming(own_id or f"m_{number:04d}", AWA, sent_at=BEGAN + timedelta(milliseconds=number), **read)


def befell(number, what, own_id=""):
    return message(number, own_id, happened=Happened(what))


def comment(number, verb="add", names=AWA.identities, name="Awa Mensah", **read):
    """A comment of Awa's, whose chat is known by it too."""
    own = f"110000000000001_5_{number}"
    return Incoming(
        f"comment:{own}:{verb}",
        Sender((Identity("comment", own), *names), name),
        comment=own,
        sent_at=BEGAN + timedelta(seconds=number),
        source=Source("post", ad="110000000000001_5"),
        **read,
    )


def photo(name):
    return Media("image", f"{CDN}/{name}")


MESSAGES = {
    "text": [message(1, text="Bonjour é 👍\nje veux du riz")],
    "quick_reply": [message(2, text="Riz parfumé 25 kg", tap=TAP)],
    "reply_to_ours": [message(3, text="combien ?", replied_to="m_ours")],
    "text_with_commands": [message(4, text="/menu")],
    "image": [message(5, media=(photo("riz.jpg?oh=1&oe=2"),))],
    "two_images": [message(6, media=(photo("a.jpg"), photo("b.jpg")))],
    "audio": [message(7, media=(Media("audio", "https://cdn.fbsbx.com/v/t59/audio.mp4?oh=1"),))],
    "video": [message(8, media=(Media("video", "https://video.xx.fbcdn.net/v/film.mp4"),))],
    "file": [message(9, media=(Media("document", "https://cdn.fbsbx.com/v/recu.pdf?oh=1"),))],
    "thumb": [message(10, text="👍")],
    "thumb_of_its_own_type": [message(11, text="👍")],
    "sticker": [message(12, media=(Media("sticker", f"{CDN}/cat.png"),))],
    "shared_link": [message(13, text="Riz parfumé 25 kg\nhttps://shop.example/riz")],
    "shared_link_beside_its_text": [message(14, text="vous avez ça ? https://shop.example/riz")],
    "shared_link_without_payload": [message(15, text="Pagne\nhttps://shop.example/pagne")],
    "shared_map": [message(16, location=Location(6.1725, 1.2314, "Marché d'Adawlato"))],
    "pin_as_a_link": [message(17, location=Location(6.1725, 1.2314, "Pinned Location"))],
    "location": [message(18, location=Location(6.1725, 1.2314, "Chez Awa"))],
    "reel": [message(19, text="Robe en pagne\nhttps://www.facebook.com/reel/1")],
    "ig_reel": [message(20, text="https://www.instagram.com/reel/1")],
    "post": [message(21, text="Sac de riz\nhttps://www.facebook.com/1/posts/2")],
    "ig_post": [message(22, text="Sandales\nhttps://www.instagram.com/p/1")],
    "product_template": [message(23, text="Riz", product="riz-25")],
    "product_template_without_a_seller": [message(85, text="ça coûte combien ?", product="123")],
    "button_template": [message(86, unread="template")],
    "appointment_booking": [message(24, unread="appointment_booking")],
    "unnamed_kind": [message(25, unread="hologram")],
    "image_without_an_address": [message(26, unread="image")],
    "empty_message": [message(27, unread="unknown")],
    "message_from_an_ad": [message(28, text="Je suis intéressé", source=Source("ad", code="riz", ad="6"))],
    "message_from_an_ad_without_words": [message(29, text="bonjour", source=Source("ad", ad="6"))],
    "message_from_a_product": [message(30, text="il en reste ?", product="123")],
    "echo_of_the_inbox": [befell(32, "taken_over", "m_0032")],
    "echo_without_an_app": [befell(70, "taken_over", "m_0070")],
    "echo_of_another_app": [befell(71, "taken_over", "m_0071")],
    "deleted": [message(33, "deleted:ccc", deletes="m_0001")],
    "get_started": [message(34, "postback:ccc", text="bonjour")],
    "get_started_by_a_link": [message(35, text="bonjour", source=Source("link", code="tiktok"))],
    "get_started_by_an_ad": [message(81, text="bonjour", source=Source("ad", ad="6045246247433"))],
    "ice_breaker": [message(82, text="Comment payer ?")],
    "persistent_menu": [message(36, text="Mes commandes")],
    "postback_of_ours": [message(37, text="Ajouter", tap=TAP)],
    "postback_without_mid": [message(38, "postback:ccc", text="Aide")],
    "postback_without_words": [message(39, unread="postback")],
    "referral": [message(40, "referral:ccc", text="bonjour", source=Source("link", code="tiktok"))],
    "referral_of_an_ad": [
        message(
            80,
            "referral:ccc",
            text="bonjour",
            product="123",
            source=Source("ad", code="riz-promo", ad="6045246247433"),
        )
    ],
    "optin": [message(42, "optin:ccc", text="bonjour", source=Source("link", code="page"))],
    "reaction": [message(47, "reaction:ccc", reaction=Reaction("m_ours", "❤️"))],
    "reaction_without_emoji": [message(48, "reaction:ccc", reaction=Reaction("m_ours", "👍"))],
    "reaction_taken_back": [message(49, "reaction:ccc", reaction=Reaction("m_ours", ""))],
    "edited": [message(51, "edit:ccc", text="je veux du gari", edits="m_0001")],
    "pass_thread_control": [befell(52, "taken_over", "control:ccc")],
    "pass_thread_control_to_us": [befell(74, "given_back", "control:ccc")],
    "take_thread_control": [befell(53, "given_back", "control:ccc")],
    "take_thread_control_from_us": [befell(73, "taken_over", "control:ccc")],
    "standby": [befell(59, "taken_over", "standby:ccc")],
    "standby_postback": [befell(77, "taken_over", "standby:ccc")],
    "standby_echo": [befell(76, "taken_over", "m_0076")],
    "own_phone": [message(83, text="+22890000083")],
    "own_phone_as_a_payload": [message(84, text="+22890000084")],
    "comment": [comment(90, text="prix ?")],
    "comment_below_a_comment": [comment(91, text="moi aussi")],
    "comment_edited": [comment(92, "edited", text="prix du riz ?")],
    "comment_of_nobody": [comment(93, names=(), name="", text="prix ?")],
    "comment_damaged": [comment(98, text="prix ?")],
    "send_cart": [message(55, "order:ccc", cart=(CartItem("riz-parfume-25-kg", 2, 17500), CartItem("gari", 1, 1500)))],
    "send_cart_damaged": [message(56, "order:ccc", unread="order")],
    "unseen_characters": [message(61, text="riz? \nou gari")],
    "out_of_order": [message(62, text="un"), message(63, text="deux"), message(64, text="trois")],
    "damaged": [message(65, text="avant"), message(69, text="après")],
}
REPORTS = {
    "echo_ours": [StatusReport("m_0031", "sent", 4711)],
    "delivery": [StatusReport("m_ours", "delivered"), StatusReport("m_ours_2", "delivered")],
    "standby_delivery": [StatusReport("m_ours", "delivered")],
}
WATERMARKS = {
    "delivery_without_mids": [Watermark(AWA.identities[0], "delivered", BEGAN + timedelta(milliseconds=45))],
    "read": [Watermark(AWA.identities[0], "read", BEGAN + timedelta(milliseconds=46))],
    "standby_read": [Watermark(AWA.identities[0], "read", BEGAN)],
}
TEMPLATES = {
    "template_approved": [TemplateNews("new_order_fr", "fr", "approved")],
    "template_rejected": [TemplateNews("arrived_fr", "fr", "rejected", "PROMOTIONAL")],
}
WARNINGS = {"policy_enforcement": [Warned("policy_enforcement", "warning: The bot violated our policy")]}
SILENT = {
    *("referral_that_opens_nothing", "optin_of_notifications", "reaction_untold", "user_ref"),
    *("request_thread_control", "account_linking", "sender_without_an_id", "echo_ours_without_a_sign", "app_roles"),
    *("comment_of_the_page", "comment_removed", "comment_hidden", "comment_of_a_picture"),
    *("feed_reaction", "feed_post"),
}
ROWS = {
    "message (text)": "text text_with_commands quick_reply own_phone own_phone_as_a_payload reply_to_ours"
    " unseen_characters empty_message out_of_order damaged sender_without_an_id",
    "message (attachments)": "image two_images audio video file sticker shared_link shared_link_beside_its_text"
    " shared_link_without_payload shared_map pin_as_a_link location reel ig_reel post ig_post product_template"
    " product_template_without_a_seller button_template appointment_booking unnamed_kind image_without_an_address",
    "👍": "thumb thumb_of_its_own_type",
    "message.is_echo": "echo_ours echo_ours_without_a_sign echo_of_the_inbox echo_without_an_app echo_of_another_app",
    "message.is_deleted": "deleted",
    "message.referral": "message_from_an_ad message_from_an_ad_without_words message_from_a_product",
    "postback": "get_started get_started_by_a_link get_started_by_an_ad persistent_menu postback_of_ours"
    " postback_without_mid postback_without_words ice_breaker",
    "referral (top level)": "referral referral_of_an_ad referral_that_opens_nothing",
    "optin": "optin optin_of_notifications user_ref",
    "delivery": "delivery delivery_without_mids",
    "read": "read",
    "reaction": "reaction reaction_without_emoji reaction_taken_back reaction_untold",
    "message_edit": "edited",
    "pass_thread_control, take_thread_control, request_thread_control": "pass_thread_control"
    " pass_thread_control_to_us take_thread_control take_thread_control_from_us request_thread_control app_roles",
    "standby": "standby standby_postback standby_echo standby_delivery standby_read",
    "order (send_cart)": "send_cart send_cart_damaged",
    "policy_enforcement": "policy_enforcement",
    "template status (§3.5)": "template_approved template_rejected",
    "account_linking": "account_linking",
    "feed changes": "comment comment_below_a_comment comment_edited comment_of_nobody comment_of_the_page"
    " comment_removed comment_hidden comment_of_a_picture comment_damaged feed_reaction feed_post",
}
WEBHOOKS = sorted(path.stem for path in RECORDINGS.glob("*.json") if not path.stem.startswith("answer_"))


def parse(body):
    return CHANNEL.parse(ACCOUNT, signed(body))


def shown(parsed):
    """The messages, with the ids that were made of a hash cut to their kind."""
    return [hidden(kept.message) for kept in parsed.messages]


def hidden(one):
    kind, colon, digest = one.provider_id.partition(":")
    if not colon or one.comment:
        return one
    assert len(digest) == 40
    assert set(digest) <= set(string.hexdigits)
    return replace(one, provider_id=f"{kind}:ccc")


def test_every_row_has_recordings_and_every_recording_its_meaning():
    of_rows = [name for names in ROWS.values() for name in names.split()]
    read_as = [*MESSAGES, *REPORTS, *WATERMARKS, *TEMPLATES, *WARNINGS, *SILENT]
    assert sorted(of_rows) == sorted(read_as) == WEBHOOKS


@pytest.mark.parametrize(("row", "name"), [(row, name) for row, names in ROWS.items() for name in names.split()])
def test_a_recording_is_read_into_its_words(row, name):
    parsed = parse(recorded(name))
    assert shown(parsed) == MESSAGES.get(name, [])
    assert list(parsed.reports) == REPORTS.get(name, [])
    assert list(parsed.watermarks) == WATERMARKS.get(name, [])
    assert list(parsed.templates) == TEMPLATES.get(name, [])
    assert list(parsed.warnings) == WARNINGS.get(name, [])


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_kept_with_bytes_that_say_it_alone(name):
    messages = parse(recorded(name)).messages
    assert messages
    assert [parse(kept.raw).messages for kept in messages] == [(kept,) for kept in messages]


def test_what_is_said_to_somebody_else_is_not_kept():
    for name in ("standby", "standby_postback", "standby_echo"):
        (kept,) = parse(recorded(name)).messages
        assert not {b"text", b"title", b"payload"} & {*kept.raw.replace(b'"', b" ").split()}


def test_a_page_that_names_no_app_takes_the_inbox_alone_for_a_person():
    nameless = account_of(app_id="")

    def heard(name):
        parsed = CHANNEL.parse(nameless, signed(recorded(name)))
        return [kept.message.happened.what for kept in parsed.messages]

    assert [heard(name) for name in ROWS["message.is_echo"].split()] == [[], [], ["taken_over"], ["taken_over"], []]
    assert heard("pass_thread_control") == ["taken_over"]
    assert heard("pass_thread_control_to_us") == ["given_back"]


def test_who_comments_is_known_by_the_comment_alone_where_the_settings_say_so():
    account = account_of(comment_author_is_psid=False)
    (kept,) = CHANNEL.parse(account, signed(recorded("comment"))).messages
    assert kept.message == comment(90, names=(), text="prix ?")
    assert not kept.message.is_spoken


def test_what_we_say_below_a_comment_is_answered_by_nobody_when_no_author_is_told():
    account = account_of(public_reply="prix ?")
    assert CHANNEL.parse(account, signed(recorded("comment_of_nobody"))).messages == ()
    assert len(CHANNEL.parse(account, signed(recorded("comment"))).messages) == 1
