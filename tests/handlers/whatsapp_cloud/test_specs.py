"""What we send keeps to Meta's own API description, where that is at hand, and to what its newer prose adds."""

import re
import warnings
from functools import cache
from pathlib import Path

import pytest
import yaml

from base.config import ROOT
from bot.messages import Letter, Outgoing
from tests.fakes.graph_rules import check_message
from tests.handlers.whatsapp_cloud.test_mapping import CASES, CATALOG, PAGE
from tests.handlers.whatsapp_cloud.test_sending import AWA, BUBBLES, HIDDEN, offers
from tests.shipped import TEXTS, to_send

SPEC = Path(ROOT).parent / "shared" / "specs" / "meta_business_messaging_v23.yaml"
# of channels.md §2.3 and §2.5, which are newer than the description
NEWER = {"biz_opaque_callback_data", "recipient"}
KNOWN_FIELDS = {"messaging_product", "recipient_type", "to", "type", *NEWER} | {
    *("text", "image", "document", "audio", "location", "interactive", "template")
}
# kinds of interactive messages that it does not know yet, by channels.md §2.6: what their action must be
NEWER_ACTIONS = {
    "cta_url": {"name": "cta_url", "parameters": {"display_text": "Voir le reçu", "url": PAGE}},
    "location_request_message": {"name": "send_location"},
    "request_contact_info": {"name": "request_contact_info"},
}
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
CONTENTS = dict.fromkeys(TEXTS, "1")
LETTERS = [
    *(Letter(1, case.to, case.bubble) for case in CASES.values()),
    *(Letter(1, AWA, bubble) for bubble, _ in BUBBLES.values()),
    *(Letter(1, HIDDEN, bubble) for bubble, _ in BUBBLES.values()),
    *(Letter(1, AWA, Outgoing("Oui ?", "buttons", offers(n))) for n in (1, 3)),
    *(Letter(1, AWA, Outgoing("Oui ?", "list", offers(n, "x" * 72), opener="x" * 20)) for n in (1, 10)),
    *(Letter(1, AWA, Outgoing("x"), to_send(name, *one.samples), CONTENTS) for name, one in TEXTS.items()),
]


@cache
def described():
    """The description, or None, and that is said aloud."""
    if SPEC.is_file():
        return yaml.load(SPEC.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    warnings.warn(f"{SPEC.name} is not at ../shared/specs: checked against our own list of fields only", stacklevel=2)
    return None


def resolved(schema, root):
    """A schema with its reference followed and the parts of an allOf put together, as they are meant."""
    while "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    if "allOf" not in schema:
        return schema
    whole = {"type": "object", "properties": {}, "required": []}
    for part in (resolved(one, root) for one in schema["allOf"]):
        whole["properties"] |= part.get("properties", {})
        whole["required"] = [*whole["required"], *part.get("required", [])]
        whole["additionalProperties"] = part.get("additionalProperties", True)
    return whole


def faults(schema, value, root, where="$"):
    """Where a value breaks an OpenAPI 3.1 schema, as far as this description uses the language."""
    schema = resolved(schema, root)
    if "type" in schema and not isinstance(value, KINDS[schema["type"]]):
        return [f"{where}: no {schema['type']}"]
    found = [f"{where}: not one of {schema['enum']}"] if value not in schema.get("enum", [value]) else []
    found += [
        fault
        for choice in ("oneOf", "anyOf")
        if choice in schema
        for fault in chosen(schema, choice, value, root, where)
    ]
    if isinstance(value, str):
        found += [f"{where}: too long"] * (len(value) > schema.get("maxLength", len(value)))
        found += [f"{where}: pattern"] * (not re.search(schema.get("pattern", ""), value))
    if isinstance(value, list):
        found += [f"{where}: too many"] * (len(value) > schema.get("maxItems", len(value)))
        found += [f"{where}: too few"] * (len(value) < schema.get("minItems", 0))
        items = schema.get("items", {})
        found += [fault for n, item in enumerate(value) for fault in faults(items, item, root, f"{where}[{n}]")]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{where}.{name}: missing" for name in schema.get("required", []) if name not in value]
        strict = schema.get("additionalProperties") is False
        found += [f"{where}.{name}: unknown" for name in value if strict and name not in known]
        for name, item in value.items():
            found += faults(known[name], item, root, f"{where}.{name}") if name in known else []
    return found


def chosen(schema, choice, value, root, where):
    """The faults of the nearest of several schemas; a discriminator names the one."""
    named = schema.get("discriminator", {}).get("mapping", {}).get(value.get("type"))
    options = [{"$ref": named}] if named else schema[choice]
    return min((faults(option, value, root, where) for option in options), key=len)


def test_a_schema_that_is_broken_is_noticed():
    root = {"components": {"schemas": {"s": {"type": "string", "maxLength": 1, "pattern": "^a"}}}}
    part = {"type": "object", "additionalProperties": False, "properties": {"b": {"$ref": "#/components/schemas/s"}}}
    listed = {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}}
    schema = {"allOf": [{"required": ["a"], "properties": {"d": listed, "e": listed}}, part]}
    assert faults(schema, {"b": "bb", "c": 1, "d": [], "e": ["", "", 3]}, root) == [
        "$.a: missing",
        "$.c: unknown",
        "$.b: too long",
        "$.b: pattern",
        "$.d: too few",
        "$.e: too many",
        "$.e[2]: no string",
    ]
    either = {"oneOf": [{"required": ["x", "y"]}, {"required": ["z"]}]}
    assert faults(either, {"x": 1}, root) == ["$.y: missing"]


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
    if root := described():
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
    if root := described():
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
    if root := described():
        schema = root["components"]["schemas"]["Message"]
        common = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+22890123456"}
        assert faults(schema, common | spoilt, root) == [fault]
