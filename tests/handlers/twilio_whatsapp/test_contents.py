"""The contents are made once, and templates are made as WhatsApp can approve them."""

import pytest

from base.secret import Secret
from bot.messages import Accepted, Identity, Letter, Outgoing
from handlers.templates import Standing
from handlers.twilio_whatsapp.contents import (
    CAROUSEL_TEXT,
    CAROUSELS,
    ContentsRefused,
    card_words,
    create_contents,
    definitions,
    link_name,
    make_carousels,
    make_template,
    standings,
    template_definition,
)
from tests.fakes.rules import refuse
from tests.fakes.twilio_rules import check_definition, check_template
from tests.handlers.twilio_whatsapp.conftest import account_of
from tests.shipped import TEXTS, to_send

SID = f"HX{7:032x}"
SITE = "https://bot.example.tg"
NAMES = [
    *[f"fr_qr_{n}" for n in (1, 2, 3)],
    *[f"fr_img_qr_{n}" for n in (1, 2, 3)],
    *[f"fr_list_{n}" for n in range(1, 11)],
    "fr_url_1_8359d3a8",
]


def test_the_family_is_these_seventeen_and_nine_that_need_approval():
    assert list(definitions(SITE)) == NAMES
    assert list(CAROUSELS) == [f"fr_carousel_{n}" for n in range(2, 11)]


def test_a_links_button_opens_one_site_and_another_site_needs_another():
    action = {"type": "URL", "title": "{{2}}", "url": "https://bot.example.tg/{{3}}"}
    assert definitions(SITE)[link_name(SITE)]["types"]["twilio/call-to-action"] == {
        "body": "{{1}}",
        "actions": [action],
    }
    assert link_name("https://other.example.tg") not in (link_name(SITE), *definitions(SITE))
    assert [name for name in definitions() if "url" in name] == []


def test_a_carousel_says_the_same_button_on_each_card():
    rich = CAROUSELS["fr_carousel_2"]["types"]["twilio/carousel"]
    assert rich["body"] == "Voici des articles.\n{{1}}\nFaites glisser, puis touchez un bouton."
    assert rich["cards"] == [
        {
            "body": f"Article : {{{{{n}}}}}.\nDétail : {{{{{n + 1}}}}}.\nTouchez le bouton.",
            "media": f"{{{{{n + 2}}}}}",
            "actions": [{"type": "QUICK_REPLY", "title": "Voir", "id": f"{{{{{n + 3}}}}}"}],
        }
        for n in (2, 6)
    ]
    assert CAROUSELS["fr_carousel_2"]["types"].keys() == {"twilio/carousel"}


def test_they_are_made_once(fake, account):
    first = create_contents(account, SITE)
    assert list(first) == NAMES
    assert create_contents(account, SITE) == first
    assert len(fake.contents) == 17


def test_what_is_missing_is_made_beside_what_is_there(fake, account):
    fake.make_content(definitions()["fr_qr_2"])
    sid = fake.sid_of("fr_qr_2")
    assert create_contents(account, SITE)["fr_qr_2"] == sid
    assert len(fake.contents) == 17


def test_contents_beyond_the_first_page_are_found(fake, account):
    for number in range(501):
        fake.make_content({**definitions()["fr_qr_1"], "friendly_name": f"other_{number}"})
    fake.make_content(definitions()["fr_qr_1"])
    assert create_contents(account, SITE)["fr_qr_1"] == fake.sid_of("fr_qr_1")
    assert len(fake.contents) == 501 + 17


def test_one_that_twilio_refuses_is_left_out_and_the_others_are_made(fake, account, monkeypatch):
    original = fake.make_content

    def refuse_cards(definition):
        return original(definition if "twilio/card" not in definition["types"] else {"types": {}})

    monkeypatch.setattr(fake, "make_content", refuse_cards)
    assert list(create_contents(account, SITE)) == [name for name in NAMES if "img" not in name]


def test_a_stranger_is_told_the_code(fake):
    with pytest.raises(ContentsRefused, match=r"^20003$"):
        create_contents(account_of(fake, auth_token=Secret("wrong")))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"contents": {}},
        {"contents": [], "meta": {"next_page_url": "http://["}},
    ],
)
def test_a_list_that_nobody_can_read_is_no_empty_list(answering, account, document):
    canned = answering(200, document)
    for ask in (create_contents, standings):
        with pytest.raises(ContentsRefused, match=r"^unreadable_answer$"):
            ask(account)
    assert canned.calls == 2


def test_a_list_without_an_end_is_left(answering, account):
    canned = answering(200, {"contents": [], "meta": {"next_page_url": "https://content.twilio.com/v1/Content?Page=1"}})
    with pytest.raises(ContentsRefused, match=r"^endless_list$"):
        create_contents(account)
    assert canned.calls == 20


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {},
        {"friendly_name": ["fr_qr_1"], "sid": SID},
        {"friendly_name": "fr_qr_1"},
        {"friendly_name": "fr_qr_1", "sid": "\x00"},
    ],
)
def test_a_content_that_nobody_can_read_is_passed_over(answering, account, content):
    answering(200, {"contents": [content, {"friendly_name": "fr_qr_2", "sid": SID}], "meta": []})
    assert create_contents(account) == {"fr_qr_2": SID}  # an answer without an id made none of the others


@pytest.mark.parametrize("requests", [None, [], {"status": 7}, {"status": "\x00"}, {"status": "unsubmitted"}])
def test_a_state_that_nobody_can_read_is_no_approval(answering, account, requests):
    answering(200, {"contents": [{"friendly_name": "new_order_fr", "sid": SID, "approval_requests": requests}]})
    (standing,) = standings(account).values()
    assert (standing.provider_id, standing.state in ("missing", "pending")) == (SID, True)


def test_a_template_is_made_submitted_and_its_state_and_reason_are_read(fake, account):
    text = TEXTS["order_news_en"]
    made = make_template(account, text)
    assert made == Standing(fake.sid_of("order_news_en"), "pending", "", text.text, "utility")
    assert fake.approvals[made.provider_id]["category"] == "UTILITY"
    assert standings(account) == {"order_news_en": made}
    refusal = {"status": "rejected", "rejection_reason": "TAG_CONTENT_MISMATCH", "category": "MARKETING"}
    fake.approvals[made.provider_id] |= refusal
    assert standings(account)["order_news_en"] == Standing(
        made.provider_id, "rejected", "TAG_CONTENT_MISMATCH", text.text, "marketing"
    )


def test_a_content_that_was_made_and_never_submitted_is_submitted_and_not_made_again(fake, account):
    text = TEXTS["arrived_fr"]
    fake.make_content(template_definition(text))
    (there,) = standings(account).values()
    assert there.state == "missing"
    made = make_template(account, text, there.provider_id)
    assert made == Standing(there.provider_id, "pending", "", text.text, "marketing")
    assert len(fake.contents) == 1
    assert fake.approvals[there.provider_id]["category"] == "MARKETING"


def test_a_template_that_twilio_refuses_is_left_out(answering, account):
    answering(400, {"code": 20001})
    assert make_template(account, TEXTS["arrived_fr"]) is None


def test_carousels_are_made_and_submitted_once(fake, account):
    made = make_carousels(account, {})
    asked = {name: Standing(fake.sid_of(name), "pending", category="marketing") for name in CAROUSELS}
    assert made == asked == standings(account)
    assert {one["category"] for one in fake.approvals.values()} == {"MARKETING"}
    before = len(fake.requests)
    assert make_carousels(account, standings(account)) == {}
    assert [method for method, *_ in fake.requests[before:]] == ["GET"]
    del fake.approvals[fake.sid_of("fr_carousel_4")]
    known = standings(account)
    assert known["fr_carousel_4"].state == "missing"
    assert make_carousels(account, known) == {"fr_carousel_4": made["fr_carousel_4"]}
    assert len(fake.contents) == 9


@pytest.mark.parametrize("state", ["rejected", "paused", "disabled", "approved"])
def test_what_somebody_decided_of_a_carousel_is_not_asked_again(fake, account, state):
    made = make_carousels(account, {})
    assert make_carousels(account, made | {"fr_carousel_2": Standing(made["fr_carousel_2"].provider_id, state)}) == {}


def test_a_carousel_that_is_refused_is_left_out_and_the_others_are_made(fake, account, monkeypatch):
    original = fake.submit

    def without_the_first(sid, request):
        refuse(20001, request["name"] == "fr_carousel_2")
        return original(sid, request)

    monkeypatch.setattr(fake, "submit", without_the_first)
    assert list(make_carousels(account, {})) == list(CAROUSELS)[1:]


@pytest.mark.parametrize("name", definitions(SITE))
def test_a_definition_keeps_twilios_rules(name):
    check_definition(definitions(SITE)[name])


@pytest.mark.parametrize("name", CAROUSELS)
def test_a_carousel_keeps_twilios_rules_and_whatsapps(name):
    check_definition(CAROUSELS[name])
    check_template(CAROUSELS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_a_template_keeps_twilios_rules_and_whatsapps(name):
    made = template_definition(TEXTS[name])
    check_definition(made)
    check_template(made)


@pytest.mark.parametrize("text", [*(one.text for one in TEXTS.values()), CAROUSEL_TEXT, card_words("{{1}}", "{{2}}")])
def test_a_template_speaks_in_short_sentences(text):
    for sentence in text.replace(".\n", "\n").splitlines():
        assert len(sentence.split()) <= 12


def test_only_an_approved_template_reaches_a_shut_window(fake, account, channel):
    made = make_template(account, TEXTS["new_order_fr"])
    approval = fake.approvals.pop(made.provider_id)
    fake.shut_window("+22890123456")
    template = to_send("new_order_fr", "TG-1", "Riz", "A 1", "R 1")
    sids = {"new_order_fr": made.provider_id}
    letter = Letter(1, Identity("phone", "+22890123456"), Outgoing(""), template, sids)
    assert channel.send(account, letter) == Accepted(fake.messages[0].sid)
    assert (fake.messages[0].status, fake.messages[0].error_code) == ("failed", 63016)
    fake.approvals[made.provider_id] = approval | {"status": "approved"}
    channel.send(account, letter)
    assert (fake.messages[1].status, fake.messages[1].error_code) == ("read", None)
