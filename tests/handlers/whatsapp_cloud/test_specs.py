"""What we send keeps to Meta's own API description, where that is at hand, and to what its newer prose adds."""

from dataclasses import replace

import pytest

from bot.messages import Letter, Outgoing
from tests.fakes.graph_rules import check_message
from tests.handlers.schemas import described, faults
from tests.handlers.whatsapp_cloud.test_mapping import CASES, CATALOG, PAGE
from tests.handlers.whatsapp_cloud.test_sending import AWA, BUBBLES, HIDDEN, offers
from tests.shipped import TEXTS, to_send

SPEC = "meta_business_messaging_v23.yaml"
# of channels.md §2.3 and §2.5, which are newer than the description
NEWER = {"biz_opaque_callback_data", "recipient"}
KNOWN_FIELDS = {"messaging_product", "recipient_type", "to", "type", "context", *NEWER} | {
    *("text", "image", "document", "audio", "location", "interactive", "template")
}
# kinds of interactive messages that it does not know yet, by channels.md §2.6: what their action must be
NEWER_ACTIONS = {
    "cta_url": {"name": "cta_url", "parameters": {"display_text": "Voir le reçu", "url": PAGE}},
    "location_request_message": {"name": "send_location"},
    "request_contact_info": {"name": "request_contact_info"},
    "catalog_message": {"name": "catalog_message"},
}
SECTIONS = tuple(replace(one, section=f"Rayon {one.number % 4}") for one in offers(10, "x" * 72))
CONTENTS = dict.fromkeys(TEXTS, "1")
LETTERS = [
    *(Letter(1, case.to, case.bubble) for case in CASES.values()),
    *(Letter(1, AWA, bubble) for bubble, _ in BUBBLES.values()),
    *(Letter(1, HIDDEN, bubble) for bubble, _ in BUBBLES.values()),
    *(Letter(1, AWA, Outgoing("Oui ?", "buttons", offers(n))) for n in (1, 3)),
    *(Letter(1, AWA, Outgoing("Oui ?", "list", offers(n, "x" * 72), opener="x" * 20)) for n in (1, 10)),
    Letter(1, AWA, Outgoing("Oui ?", "list", SECTIONS, opener="Voir", quotes="wamid.HBgL1")),
    Letter(1, AWA, Outgoing("Oui", quotes="wamid.HBgL1")),
    *(Letter(1, AWA, Outgoing("x"), to_send(name, *one.samples), CONTENTS) for name, one in TEXTS.items()),
]


def every_payload(fake, account, channel):
    """All forms of all letters: each but the last of a letter is refused, so that the next one goes out."""
    payloads = []
    take = fake.take

    def refuse(payload):
        payloads.append(payload)
        fake.moods = [] if payload.get("type", "text") == "text" else ["content"]
        return take(payload)

    fake.take = refuse
    for letter in LETTERS:
        channel.send(account.model_copy(update={"catalog_id": CATALOG}), letter)
    return payloads


def messages_schema(root):
    operation = root["paths"]["/{Version}/{Phone-Number-ID}/messages"]["post"]
    return operation["requestBody"]["content"]["application/json"]["schema"]


def faults_of(payload, root):
    """Where a payload breaks the description; the kinds that it does not know yet are looked at as buttons."""
    told = {"to": "+22890123456"} | {name: value for name, value in payload.items() if name not in NEWER}
    interactive = told.get("interactive", {})
    if interactive.get("type") in NEWER_ACTIONS:
        known = {"buttons": [{"type": "reply", "reply": {"id": "1", "title": "Oui"}}]}
        told["interactive"] = interactive | {"type": "button", "action": known}
    return faults(messages_schema(root), told, root)


def test_every_payload_we_send_is_one_of_metas(fake, account, channel):
    payloads = every_payload(fake, account, channel)
    assert {name for payload in payloads for name in payload} == KNOWN_FIELDS
    assert {payload["type"] for payload in payloads} == {
        *("text", "image", "document", "audio", "location", "interactive", "template"),
    }
    kinds = {payload["interactive"]["type"] for payload in payloads if payload["type"] == "interactive"}
    assert kinds == {"button", "list", "product", "product_list", *NEWER_ACTIONS}
    assert all(len(payload["biz_opaque_callback_data"]) <= 512 for payload in payloads)
    assert all(("to" in payload) != ("recipient" in payload) for payload in payloads)
    if root := described(SPEC):
        assert [fault for payload in payloads for fault in faults_of(payload, root)] == []


def test_the_kinds_that_the_description_does_not_know_do_what_the_newer_prose_says(fake, account, channel):
    for payload in every_payload(fake, account, channel):
        told = payload.get("interactive", {})
        if told.get("type") in NEWER_ACTIONS:
            action = told["action"]
            if told["type"] == "cta_url":
                assert 0 < len(action["parameters"]["display_text"]) <= 20
                title = NEWER_ACTIONS["cta_url"]["parameters"]["display_text"]
                action = action | {"parameters": action["parameters"] | {"display_text": title}}
            assert action == NEWER_ACTIONS[told["type"]]


def test_the_strict_fake_takes_all_of_it(fake, account, channel):
    approved = {(name, one.language): one.text for name, one in TEXTS.items()}
    for payload in every_payload(fake, account, channel):
        check_message(payload, approved)


def test_a_sign_that_somebody_writes_is_one_of_metas(fake, account, channel):
    sent = []
    fake.show_typing = lambda payload: sent.append(payload) or (200, {}, b'{"success": true}')
    channel.show_typing(account, AWA, "wamid.HBgL1")
    if root := described(SPEC):
        body = root["paths"]["/{Version}/{Phone-Number-ID}/messages"]["post"]["requestBody"]
        examples = body["content"]["application/json"]["examples"]
        (example,) = (one["value"] for name, one in examples.items() if "typing" in name)
        assert sent == [example | {"message_id": "wamid.HBgL1"}]
    assert len(sent) == 1


@pytest.mark.parametrize(
    "spoilt, fault",
    [
        ({"type": "text", "text": {"body": "x", "words": "y"}}, "$.text.words: unknown"),
        ({"type": "audio"}, "$.audio: missing"),
        (
            {"type": "interactive", "interactive": {"type": "button", "action": {"buttons": []}}},
            "$.interactive.action.buttons: too few",
        ),
        (
            {"type": "template", "template": {"name": "x", "language": {"code": "fr"}}},
            "$.template.language.policy: missing",
        ),
    ],
)
def test_the_description_sees_a_fault(spoilt, fault):
    if root := described(SPEC):
        schema = root["components"]["schemas"]["Message"]
        common = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+22890123456"}
        assert faults(schema, common | spoilt, root) == [fault]
