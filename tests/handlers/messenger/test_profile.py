"""A Page is set up as it is wanted, and told us again when Meta has stopped."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.understanding import understand
from handlers.messenger import profile, templates
from handlers.messenger.profile import FIELDS, MENU, QUESTIONS, PageRefused
from handlers.templates import Standing
from tests.fakes.messenger import APP, PAGE, error
from tests.handlers.messenger.conftest import account_of
from tests.shipped import TEXTS


def test_the_profile_has_a_first_button_a_greeting_and_a_menu(fake, account):
    profile.set_profile(account)
    assert fake.profile["get_started"] == {"payload": "GET_STARTED"}
    (greeting,) = fake.profile["greeting"]
    assert greeting["locale"] == "default"
    assert 0 < len(greeting["text"]) <= 160
    assert fake.profile["persistent_menu"] == [
        {
            "locale": "default",
            "composer_input_disabled": False,
            "call_to_actions": [
                {"type": "postback", "title": "Menu", "payload": "MENU"},
                {"type": "postback", "title": "Mes commandes", "payload": "ORDERS"},
                {"type": "postback", "title": "Aide", "payload": "HELP"},
            ],
        }
    ]
    assert fake.profile["ice_breakers"] == [
        {
            "locale": "default",
            "call_to_actions": [
                {"question": "Que vendez-vous ?", "payload": "GOODS"},
                {"question": "Comment ça marche ?", "payload": "HOW"},
                {"question": "Comment payer ?", "payload": "PAYMENT"},
                {"question": "Où est ma commande ?", "payload": "WHERE"},
            ],
        }
    ]
    assert [(asked.method, asked.path) for asked in fake.asked] == [("POST", "/v25.0/me/messenger_profile")]


def test_the_profile_is_within_its_limits():
    (menu,) = profile.profile()["persistent_menu"]
    assert len(menu["call_to_actions"]) <= 5
    assert all(len(action["title"]) <= 30 and len(action["payload"]) <= 1000 for action in menu["call_to_actions"])
    assert len(QUESTIONS) <= 4
    assert all(len(question) <= 80 for question, _ in QUESTIONS)


INTENTS = {
    **{"Menu": "menu", "Mes commandes": "list_orders", "Aide": "help", "Que vendez-vous ?": "browse"},
    **{"Comment ça marche ?": "help", "Comment payer ?": "ask_payment", "Où est ma commande ?": "track"},
}


@pytest.mark.parametrize("title", [*dict(MENU), *dict(QUESTIONS)])
def test_each_line_of_the_menu_and_each_question_is_understood_as_if_it_were_typed(title):
    assert [heard.intent for heard in understand("buyer", title)] == [INTENTS[title]]


def test_the_page_is_subscribed_with_all_fields(fake, account):
    profile.subscribe(account)
    (asked,) = fake.asked
    assert (asked.method, asked.path, asked.document) == ("POST", f"/v25.0/{PAGE}/subscribed_apps", None)
    assert asked.query == {"subscribed_fields": ",".join(FIELDS)}
    assert len(FIELDS) == len(set(FIELDS)) == 15


def app(fields, app_id=APP):
    return {"id": app_id, "name": "Assigamé", "subscribed_fields": fields}


@pytest.mark.parametrize(
    ("apps", "is_subscribed"),
    [
        ([app(list(FIELDS))], True),
        ([app([{"name": field} for field in FIELDS])], True),
        ([app(list(FIELDS), "1"), app(list(FIELDS))], True),
        ([app([*profile.NEEDED])], True),
        ([app(["messages"])], False),
        ([app([])], False),
        ([app(list(FIELDS), "1")], False),
        ([app(None)], False),
        ([], False),
        ([None, 3, {}], False),
    ],
)
def test_whether_meta_still_tells_us(fake, account, apps, is_subscribed):
    fake.apps = apps
    assert profile.is_subscribed(account) == is_subscribed
    assert profile.keep_subscribed(account) != is_subscribed
    assert [asked.method for asked in fake.asked] == ["GET", "GET"] + ["POST"] * (not is_subscribed)
    assert profile.is_subscribed(account)


def test_without_an_app_id_any_app_counts(fake):
    fake.apps = [app(list(FIELDS), "1")]
    assert profile.is_subscribed(account_of(fake.url, app_id=""))


@pytest.mark.parametrize(
    "mood", [(401, error(190)), (500, b""), (200, b"?"), "reset", (302, {}, {"Location": "http://x/"})]
)
@pytest.mark.parametrize("before", [0, 1])
def test_a_graph_that_is_away_or_refuses_is_asked_again_next_time(fake, account, mood, before):
    fake.moods = [(200, {"data": []})] * before + [mood]
    assert profile.keep_subscribed(account) is bool(before)
    assert profile.keep_subscribed(account) is True
    assert profile.keep_subscribed(account) is False


def fields_of(fake):
    (one,) = fake.apps
    return one["subscribed_fields"]


def test_what_a_page_is_needed_to_tell():
    assert {"messaging_referrals", "messaging_handovers", "standby", "feed", "message_echoes"} < profile.NEEDED
    assert {*FIELDS} > profile.NEEDED


def test_a_field_that_meta_refuses_costs_no_other(fake, account):
    fake.unsubscribable = {"send_cart", "messaging_policy_enforcement"}
    with capture_logs() as logs:
        assert profile.keep_subscribed(account) is True
    assert {*fields_of(fake)} == {*FIELDS} - fake.unsubscribable
    assert [log["setting"] for log in logs if "setting" in log] == ["messaging_policy_enforcement,send_cart"]
    asked = [one.query["subscribed_fields"].split(",") for one in fake.asked if one.method == "POST"]
    assert (len(asked), {*asked[1]}) == (2 + len(FIELDS) - len(profile.NEEDED), profile.NEEDED)
    assert profile.keep_subscribed(account) is False


def test_a_needed_field_that_meta_refuses_costs_no_other_either(fake, account):
    fake.unsubscribable = {"feed"}
    profile.subscribe(account)
    assert fields_of(fake) == [field for field in FIELDS if field != "feed"]


def test_a_page_that_may_be_told_nothing_says_so(fake, account):
    fake.unsubscribable = {*FIELDS}
    with pytest.raises(PageRefused, match="200"):
        profile.subscribe(account)
    assert (profile.keep_subscribed(account), fake.apps) == (True, [])


def test_nobody_there_ends_nothing():
    assert profile.keep_subscribed(account_of("http://127.0.0.1:1")) is False


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((400, error(200)), "200"),
        ((401, error(190, 463)), "190/463"),
        ((500, b""), "HTTP 500"),
        ((200, b"[]"), "unreadable answer"),
        ((200, error(100)), "100"),
    ],
)
def test_a_refusal_says_its_code(fake, account, answer, why):
    fake.moods = [answer]
    with pytest.raises(PageRefused) as refused:
        profile.set_profile(account)
    assert str(refused.value) == f"Meta refuses what the Page is set up with: {why}"


def test_a_template_is_submitted_and_how_it_stands_is_told(fake, account):
    fake.templates = [
        {"name": "new_order_fr", "language": "en", "id": "1", "status": "APPROVED"},  # not the language of its name
        {"name": "attention_fr", "language": "fr", "id": "2", "status": "REJECTED", "rejected_reason": "SPAM"},
        {"name": "hello", "id": "3", "status": "SOMETHING", "rejected_reason": "NONE", "components": [7, {}]},
    ]
    told = TEXTS["order_news_en"]
    made = templates.make_template(account, told)
    assert made == Standing("903", "approved", "", told.text)
    assert templates.templates(account) == {
        "attention_fr": Standing("2", "rejected", "SPAM"),
        "hello": Standing("3", "pending"),
        "order_news_en": replace(made, category="utility"),
    }
    (posted,) = (asked.document for asked in fake.asked if asked.method == "POST")
    assert posted == {
        "name": "order_news_en",
        "language": "en",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": told.text, "example": {"body_text": [list(told.samples)]}}],
    }


def test_a_template_that_meta_refuses_is_left_out_and_a_list_that_nobody_can_read_is_none(fake, account):
    fake.moods = [(400, error(100)), (200, {"data": {}}), (401, error(190))]
    assert templates.make_template(account, TEXTS["order_news_fr"]) is None
    for why in ("unreadable answer", "190"):
        with pytest.raises(PageRefused, match=why):
            templates.templates(account)
