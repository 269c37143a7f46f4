"""News of templates and accounts reach the WABA's own accounts, in few words, whatever Meta puts into them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Parsed, TemplateNews, Warned
from handlers.whatsapp_cloud.news import TOLD
from tests.fakes.graph_cloud import knock
from tests.handlers.whatsapp_cloud.conftest import CHANNEL, recorded, value_of, webhook
from tests.handlers.whatsapp_cloud.test_happenings import ACCOUNT, ALL, body, parse

STATUS = "message_template_status_update"
EVENTS = {
    "APPROVED": "approved",
    "REINSTATED": "approved",
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "REJECTED": "rejected",
    "PAUSED": "paused",
    "LOCKED": "paused",
    "DISABLED": "disabled",
    "PENDING_DELETION": "disabled",
    "DELETED": "missing",
    "ARCHIVED": "disabled",
}


def told(event, **more):
    return {"event": event, "message_template_name": "new_order_fr", "message_template_language": "fr", **more}


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_is_a_state(event):
    assert parse(body((STATUS, told(event)))) == Parsed(templates=(TemplateNews("new_order_fr", "fr", EVENTS[event]),))


@pytest.mark.parametrize(
    "value", [told("FLAGGED"), told("ZOBLO"), told(["APPROVED"]), told(None), {"event": "APPROVED"}, {}]
)
def test_an_event_that_is_no_state_or_no_templates_is_told_as_a_warning(value):
    parsed = parse(body((STATUS, value)))
    assert parsed.templates == ()
    assert [one.what for one in parsed.warnings] == [STATUS]


CATEGORY = "template_category_update"
CATEGORIES = {
    "marketing": ({"new_category": "MARKETING"}, "marketing", "new_category MARKETING"),
    "utility": ({"new_category": "UTILITY"}, "utility", None),
    "marketing soon": (
        {"new_category": "UTILITY", "correct_category": "MARKETING"},
        "utility",
        "new_category UTILITY, correct_category MARKETING",
    ),
    "unheard of": ({"new_category": "ZOBLO"}, "", "new_category ZOBLO"),
    "damaged": ({"new_category": ["MARKETING"]}, "", "new_category MARKETING"),
}


@pytest.mark.parametrize("told, category, words", CATEGORIES.values(), ids=CATEGORIES)
def test_a_templates_category_is_read_and_told_of_unless_it_is_no_marketing(told, category, words):
    named = {"message_template_name": "new_order_fr", "message_template_language": "fr"}
    warned = f"message_template_name new_order_fr, message_template_language fr, {words}"
    assert parse(body((CATEGORY, named | told))) == Parsed(
        templates=(TemplateNews("new_order_fr", "fr", None, "", category),) if category else (),
        warnings=(Warned(CATEGORY, warned),) if words else (),
    )
    assert parse(body((CATEGORY, told))).templates == ()


@pytest.mark.parametrize("name", ["template_status", "account_restricted", "number_quality", "business_capability"])
def test_news_without_a_number_are_of_all_numbers_of_the_waba_and_of_no_other(name):
    raw = recorded(name)
    assert CHANNEL.verify(ALL, knock(raw)) == ALL[:2]
    first, second, third = (parse(raw, account) for account in ALL)
    assert first == second != Parsed()
    assert third == Parsed()


def test_an_account_without_a_waba_hears_no_news():
    nameless = ACCOUNT.model_copy(update={"waba_id": ""})
    assert parse(body((STATUS, told("APPROVED")), waba=""), nameless) == Parsed()


@pytest.mark.parametrize(
    "error, warned",
    [
        ({"code": 130429, "title": "Rate limit hit"}, Warned("130429", "Rate limit hit")),
        (
            {"code": 131031, "title": "x", "error_data": {"details": "Account\nlocked\x00"}},
            Warned("131031", "Account locked"),
        ),
        ({"code": "x"}, Warned("error")),
        ({"code": True, "message": ["x"]}, Warned("error")),
        ({"code": 1, "message": "é" * 5000}, Warned("1", "é" * 300)),
    ],
)
def test_an_error_of_the_number_is_told_by_its_code(error, warned):
    assert parse(webhook(value_of(errors=[None, 7, error]))) == Parsed(warnings=(warned,))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=400),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=200), inner, max_size=30),
    max_leaves=60,
)


@given(st.sampled_from(sorted(TOLD)), JSON)
def test_whatever_stands_in_news_is_cut_to_a_line(field, value):
    for warned in parse(body((field, value))).warnings:
        assert warned.what == field
        assert len(warned.detail) <= 300
        assert warned.detail == " ".join(warned.detail.split())
        assert json.dumps(warned.detail).count("\\u0000") == 0
