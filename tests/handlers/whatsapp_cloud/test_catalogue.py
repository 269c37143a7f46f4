"""Nothing that Meta's webhooks tell (channels.md §2.4, §2.5) is left out: each row of the reference has its recordings.

What each recording is read as stands in test_parsing, by its name.
"""

import re
import warnings
from pathlib import Path

import pytest

from base.config import ROOT
from bot.messages import Parsed
from tests.handlers.whatsapp_cloud.conftest import RECORDINGS, recorded
from tests.handlers.whatsapp_cloud.test_parsing import MESSAGES, REPORTS, SILENT, TEMPLATES, WARNINGS, parse

REFERENCE = Path(ROOT).parent / "shared" / "reference" / "channels.md"
# the first column of the table in §2.4 -> recordings
KINDS = {
    "text": ("text", "text_before_scoped_ids", "text_phone_hidden", "text_phone_empty", "unseen_characters"),
    "interactive": (
        "button_tap",
        "list_pick",
        "flow_reply",
        "interactive_with_errors",
        "button_of_a_message_that_failed",
    ),
    "button": ("template_button", "template_button_without_a_payload"),
    "image / video / document / audio / sticker": (
        *("image", "image_with_caption", "video", "document", "audio", "voice_note", "sticker"),
    ),
    "location": ("location", "location_with_label"),
    "contacts": ("contacts", "contact_info_shared"),
    "reaction": ("reaction", "reaction_taken_back"),
    "order": ("order",),
    "system": (
        *("number_changed", "number_changed_older", "scoped_id_changed", "scoped_id_changed_with_the_number"),
        "identity_changed",
    ),
    "request_welcome": ("request_welcome", "welcome_from_an_ad"),
    "edit": ("edit", "edit_of_a_caption"),
    "revoke": ("revoke",),
    "unsupported": ("unsupported", "unsupported_poll", "unsupported_from_an_ad"),
    "(any) `errors[].code=131052`": ("image_not_fetched",),
    "(value.errors[])": ("number_throttled",),
}
# what is told below that table, and in §2.3
BESIDE = {
    "context: a reply": ("reply_to_ours",),
    "context: forwarded": ("text_forwarded",),
    "context: frequently forwarded": ("text_frequently_forwarded",),
    "context: referred product": ("text_about_a_product",),
    "referral: ad": ("text_from_an_ad", "text_from_an_ad_in_a_status"),
    "referral: post": ("text_from_a_post",),
    "user_preferences": ("user_preferences", "user_preferences_resume", "user_preferences_signup"),
    "user_id_update": ("user_id_update", "user_id_update_phone_hidden"),
    "message_template_status_update": (
        *("template_status", "template_pending", "template_rejected", "template_rejected_by_its_words"),
        *("template_paused", "template_disabled", "template_reinstated", "template_flagged"),
    ),
    "message_template_quality_update": ("template_quality_red", "template_quality_green"),
    "template_category_update": ("template_category",),
    "phone_number_quality_update": ("number_quality",),
    "account_update": ("account_restricted", "account_banned"),
    "account_alerts": ("account_alert",),
    "business_capability_update": ("business_capability",),
    "business_username_updates": ("username_of_ours",),
    "smb_message_echoes": ("echo_of_the_phone_app", "echo_of_the_phone_app_in_a_group"),
    "contacts joined by wa_id or user_id": (
        *("text_phone_in_the_contact", "text_scoped_id_in_the_contact", "text_of_two_people", "text_without_a_contact"),
        "text_of_a_linked_business",
    ),
    "group_id": ("group_message",),
    "a type of years to come": ("unheard_of",),
    "a field of years to come": ("field_unheard_of",),
}
# the words of §2.5
STATUSES = {
    "sent": ("status_sent", "status_of_a_scoped_id"),
    "delivered": ("status_delivered",),
    "read": ("status_read",),
    "played": ("status_played",),
    "failed": (
        *("status_failed_window", "status_failed_capped", "status_failed_pair", "status_failed_file"),
        *("status_failed_unreachable", "status_failed_new_code", "status_failed_unexplained"),
    ),
    "warning": ("status_warning",),
    "deleted": ("status_deleted",),
    "recipient_type": ("status_of_a_group",),
    "pricing": ("status_free_by_an_ad",),
}
ROWS = [*KINDS.items(), *BESIDE.items(), *STATUSES.items()]


def section(number):
    """The text of one section of the reference; '' where that is not at hand, which is said aloud."""
    if not REFERENCE.is_file():
        warnings.warn(f"{REFERENCE.name} is not at ../shared/reference: its rows are not counted", stacklevel=2)
        return ""
    return REFERENCE.read_text(encoding="utf-8").partition(f"### {number} ")[2].partition("\n###")[0]


def test_every_recording_stands_in_a_row_and_every_row_has_one():
    named = [name for _, names in ROWS for name in names]
    assert sorted(named) == sorted(path.stem for path in RECORDINGS.glob("*.json"))
    assert all(names for _, names in ROWS)


def test_every_row_of_the_table_of_kinds_is_here():
    if told := section("2.4"):
        rows = [line.split("|")[1].strip() for line in told.splitlines() if line.startswith("|")]
        assert rows[2:] == [*KINDS]


def test_every_status_that_is_told_is_here():
    if told := section("2.5"):
        words = set(re.findall(r"`(\w+)`", told)) | {"pricing"}
        assert words & STATUSES.keys() == STATUSES.keys() - {"recipient_type"}
        assert "recipient_type" in told


@pytest.mark.parametrize("row, names", ROWS, ids=[row for row, _ in ROWS])
def test_a_row_is_read_as_what_it_is(row, names):
    for name in names:
        parsed = parse(recorded(name))
        assert [kept.message for kept in parsed.messages] == ([MESSAGES[name]] if name in MESSAGES else [])
        assert parsed.reports == ((REPORTS[name],) if name in REPORTS else ())
        assert bool(parsed.templates) == (name in TEMPLATES)
        assert bool(parsed.warnings) == (name in WARNINGS)
        assert (parsed == Parsed()) == (name in SILENT)
