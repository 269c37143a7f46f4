"""The contents are made once, and templates are made as WhatsApp can approve them."""

import pytest

from base.secret import Secret
from bot.messages import Accepted, Identity, Letter, Outgoing
from handlers.templates import Standing
from handlers.twilio_whatsapp.contents import (
    ContentsRefused,
    create_contents,
    definitions,
    make_template,
    template_definition,
    templates,
)
from tests.fakes.twilio_rules import check_definition, check_template
from tests.handlers.twilio_whatsapp.conftest import account_of
from tests.shipped import TEXTS, to_send

SID = f"HX{7:032x}"
NAMES = [
    *[f"fr_qr_{n}" for n in (1, 2, 3)],
    *[f"fr_img_qr_{n}" for n in (1, 2, 3)],
    *[f"fr_list_{n}" for n in range(1, 11)],
]


def test_the_family_is_these_sixteen():
    assert list(definitions()) == NAMES


def test_they_are_made_once(fake, account):
    first = create_contents(account)
    assert list(first) == NAMES
    assert create_contents(account) == first
    assert len(fake.contents) == 16


def test_what_is_missing_is_made_beside_what_is_there(fake, account):
    fake.make_content(definitions()["fr_qr_2"])
    sid = fake.sid_of("fr_qr_2")
    assert create_contents(account)["fr_qr_2"] == sid
    assert len(fake.contents) == 16


def test_contents_beyond_the_first_page_are_found(fake, account):
    for number in range(501):
        fake.make_content({**definitions()["fr_qr_1"], "friendly_name": f"other_{number}"})
    fake.make_content(definitions()["fr_qr_1"])
    assert create_contents(account)["fr_qr_1"] == fake.sid_of("fr_qr_1")
    assert len(fake.contents) == 501 + 16


def test_one_that_twilio_refuses_is_left_out_and_the_others_are_made(fake, account, monkeypatch):
    original = fake.make_content

    def refuse_cards(definition):
        return original(definition if "twilio/card" not in definition["types"] else {"types": {}})

    monkeypatch.setattr(fake, "make_content", refuse_cards)
    assert list(create_contents(account)) == [name for name in NAMES if "img" not in name]


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
    for ask in (create_contents, templates):
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
    (standing,) = templates(account).values()
    assert (standing.provider_id, standing.state in ("missing", "pending")) == (SID, True)


def test_a_template_is_made_submitted_and_its_state_and_reason_are_read(fake, account):
    text = TEXTS["order_news_en"]
    made = make_template(account, text)
    assert made == Standing(fake.sid_of("order_news_en"), "pending", "", text.text)
    assert fake.approvals[made.provider_id]["category"] == "UTILITY"
    assert templates(account) == {"order_news_en": made}
    fake.approvals[made.provider_id] |= {"status": "rejected", "rejection_reason": "TAG_CONTENT_MISMATCH"}
    assert templates(account)["order_news_en"] == Standing(
        made.provider_id, "rejected", "TAG_CONTENT_MISMATCH", text.text
    )


def test_a_content_that_was_made_and_never_submitted_is_submitted_and_not_made_again(fake, account):
    text = TEXTS["arrived_fr"]
    fake.make_content(template_definition(text))
    (there,) = templates(account).values()
    assert there.state == "missing"
    assert make_template(account, text, there.provider_id) == Standing(there.provider_id, "pending", "", text.text)
    assert len(fake.contents) == 1
    assert fake.approvals[there.provider_id]["category"] == "MARKETING"


def test_a_template_that_twilio_refuses_is_left_out(answering, account):
    answering(400, {"code": 20001})
    assert make_template(account, TEXTS["arrived_fr"]) is None


@pytest.mark.parametrize("name", definitions())
def test_a_definition_keeps_twilios_rules(name):
    check_definition(definitions()[name])


@pytest.mark.parametrize("name", TEXTS)
def test_a_template_keeps_whatsapps_rules_and_speaks_in_short_sentences(name):
    made = template_definition(TEXTS[name])
    check_definition(made)
    check_template(made)
    for sentence in TEXTS[name].text.replace(".\n", "\n").splitlines():
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
