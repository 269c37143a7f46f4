"""The contents are made once, and the template is one that WhatsApp can approve."""

import pytest

from base.secret import Secret
from bot.messages import Accepted, Identity, Letter, Outgoing, Template
from handlers.twilio_whatsapp.contents import (
    CAROUSEL_TEXT,
    TEMPLATES,
    TO_APPROVE,
    ContentsRefused,
    approval_states,
    card_words,
    create_contents,
    definitions,
    link_name,
    made,
    submit_for_approval,
    submit_missing,
    usable,
)
from tests.fakes.twilio_rules import check_definition, check_template, refuse
from tests.handlers.twilio_whatsapp.conftest import account_of

SID = f"HX{7:032x}"
SITE = "https://bot.example.tg"
NAMES = [
    *[f"fr_qr_{n}" for n in (1, 2, 3)],
    *[f"fr_img_qr_{n}" for n in (1, 2, 3)],
    *[f"fr_list_{n}" for n in range(1, 11)],
    "fr_url_1_8359d3a8",
    *[f"fr_carousel_{n}" for n in range(2, 11)],
    "new_order_fr",
    "order_news_fr",
    "arrived_fr",
]


def test_the_family_is_these_twenty_nine():
    assert list(definitions(SITE)) == NAMES


def test_a_links_button_opens_one_site_and_another_site_needs_another():
    action = {"type": "URL", "title": "{{2}}", "url": "https://bot.example.tg/{{3}}"}
    assert definitions(SITE)[link_name(SITE)]["types"]["twilio/call-to-action"] == {
        "body": "{{1}}",
        "actions": [action],
    }
    assert link_name("https://other.example.tg") not in (link_name(SITE), *definitions(SITE))
    assert [name for name in definitions() if "url" in name] == []


def test_a_carousel_says_the_same_button_on_each_card():
    rich = definitions()["fr_carousel_2"]["types"]["twilio/carousel"]
    assert rich["body"] == "Voici des articles.\n{{1}}\nFaites glisser, puis touchez un bouton."
    assert rich["cards"] == [
        {
            "body": f"Article : {{{{{n}}}}}.\nDétail : {{{{{n + 1}}}}}.\nTouchez le bouton.",
            "media": f"{{{{{n + 2}}}}}",
            "actions": [{"type": "QUICK_REPLY", "title": "Voir", "id": f"{{{{{n + 3}}}}}"}],
        }
        for n in (2, 6)
    ]
    assert definitions()["fr_carousel_2"]["types"].keys() == {"twilio/carousel"}


def test_they_are_made_once(fake, account):
    first = create_contents(account, SITE)
    assert list(first) == NAMES
    assert create_contents(account, SITE) == first == made(account, SITE)
    assert len(fake.contents) == 29


def test_what_is_missing_is_made_beside_what_is_there(fake, account):
    fake.make_content(definitions()["fr_qr_2"])
    sid = fake.sid_of("fr_qr_2")
    assert create_contents(account, SITE)["fr_qr_2"] == sid
    assert len(fake.contents) == 29


def test_contents_beyond_the_first_page_are_found(fake, account):
    for number in range(501):
        fake.make_content({**definitions()["fr_qr_1"], "friendly_name": f"other_{number}"})
    fake.make_content(definitions()["fr_qr_1"])
    assert create_contents(account, SITE)["fr_qr_1"] == fake.sid_of("fr_qr_1")
    assert len(fake.contents) == 501 + 29


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
    for ask in (create_contents, approval_states):
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
def test_a_state_that_nobody_can_read_is_none(answering, account, requests):
    answering(200, {"contents": [{"friendly_name": "new_order_fr", "approval_requests": requests}]})
    assert approval_states(account) == {"new_order_fr": "unsubmitted"}


def test_the_template_is_submitted_and_its_state_read(fake, account):
    sids = create_contents(account)
    assert approval_states(account) == dict.fromkeys(TO_APPROVE, "unsubmitted")
    assert submit_for_approval(account, "new_order_fr", sids["new_order_fr"]) == "received"
    fake.approve("new_order_fr")
    assert approval_states(account) == dict.fromkeys(TO_APPROVE, "unsubmitted") | {"new_order_fr": "approved"}


def test_what_waits_for_somebody_is_not_submitted_again(fake, account):
    sids = create_contents(account)
    assert submit_missing(account, sids, approval_states(account)) == dict.fromkeys(TO_APPROVE, "received")
    before = len(fake.requests)
    assert submit_missing(account, sids, approval_states(account)) == dict.fromkeys(TO_APPROVE, "received")
    assert [method for method, *_ in fake.requests[before:]] == ["GET"]


def test_a_carousel_that_is_refused_keeps_no_template_from_being_approved(fake, account, monkeypatch):
    sids, original = create_contents(account), fake.submit

    def without_carousels(sid, request):
        refuse(20001, "carousel" in request["name"])
        return original(sid, request)

    monkeypatch.setattr(fake, "submit", without_carousels)
    states = submit_missing(account, sids, {})
    assert states == dict.fromkeys(TEMPLATES, "received")
    monkeypatch.setattr(fake, "submit", lambda *_: refuse(20001, when=True))
    with pytest.raises(ContentsRefused, match=r"^20001$"):
        submit_missing(account, sids, {})


@pytest.mark.parametrize("state", ["unsubmitted", "received", "pending", "rejected", "paused", "disabled", None])
def test_a_carousel_is_used_while_it_is_approved_and_no_other_content_needs_that(state):
    sids = {"fr_carousel_2": "HX2", "fr_carousel_3": "HX3", "fr_list_2": "HX4", "new_order_fr": "HX5"}
    states = {"fr_carousel_3": "approved"} | ({"fr_carousel_2": state, "new_order_fr": state} if state else {})
    assert usable(sids, states) == sids | {"fr_carousel_2": ""}


@pytest.mark.parametrize("name", definitions(SITE))
def test_a_definition_keeps_twilios_rules(name):
    check_definition(definitions(SITE)[name])


@pytest.mark.parametrize("name", TO_APPROVE)
def test_what_is_approved_keeps_whatsapps_rules(name):
    check_template(definitions()[name])


@pytest.mark.parametrize(
    "text", [*(one.text for one in TEMPLATES.values()), CAROUSEL_TEXT, card_words("{{1}}", "{{2}}")]
)
def test_a_template_speaks_in_short_sentences(text):
    for sentence in text.replace(".\n", "\n").splitlines():
        assert len(sentence.split()) <= 12


def test_only_an_approved_template_reaches_a_shut_window(fake, account, channel):
    sids = create_contents(account)
    fake.shut_window("+22890123456")
    template = Template("new_order_fr", "fr", ("TG-1", "Riz", "A 1", "R 1"))
    letter = Letter(1, Identity("phone", "+22890123456"), Outgoing(""), template, sids)
    assert channel.send(account, letter) == Accepted(fake.messages[0].sid)
    assert (fake.messages[0].status, fake.messages[0].error_code) == ("failed", 63016)
    submit_for_approval(account, "new_order_fr", sids["new_order_fr"])
    fake.approve("new_order_fr")
    channel.send(account, letter)
    assert (fake.messages[1].status, fake.messages[1].error_code) == ("read", None)
