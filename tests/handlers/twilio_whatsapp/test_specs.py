"""What we send and what the fake answers keep to Twilio's own API descriptions, where those are at hand."""

import json
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.messages import Identity, Letter, Link, Location, Offer, Outgoing
from handlers.twilio_whatsapp.contents import (
    CAROUSELS,
    create_contents,
    definitions,
    make_carousels,
    make_template,
    template_definition,
)
from tests.handlers.schemas import described, faults
from tests.shipped import TEXTS

API, CONTENT = "twilio_api_v2010.json", "twilio_content_v1.json"
OFFERS = tuple(Offer(n, f"Produit {n}", f"v1:p:{n}", "500 F CFA") for n in range(1, 4))
BUBBLES = [
    Outgoing("Bonjour"),
    Outgoing("Riz", photo="https://bot.example.tg/riz.jpg"),
    Outgoing("Riz", "buttons", OFFERS),
    Outgoing("Riz", "buttons", OFFERS, photo="https://bot.example.tg/riz.jpg"),
    Outgoing("Nos produits", "list", OFFERS, opener="Voir"),
    Outgoing("Votre reçu", document="https://bot.example.tg/recu.pdf", document_name="Reçu TG-4K7P2"),
    Outgoing("", audio="https://bot.example.tg/received/1.1.2.ab"),
    Outgoing("Votre reçu", link=Link("Ouvrir", "https://bot.example.tg/documents/ab")),
    Outgoing("Notre boutique", place=Location(6.1319, 1.2228, "Marché")),
    Outgoing("Nos produits", "list", tuple(replace(o, photo="https://bot.example.tg/riz.jpg") for o in OFFERS), "Voir"),
]
# what stands in for the description when it is not at hand: the fields of channels.md §1.4
ARRAYS = {"MediaUrl", "PersistentAction"}
KNOWN_FIELDS = {"To", "From", "Body", "ContentSid", "ContentVariables", "StatusCallback", *ARRAYS}
SITE = "https://bot.example.tg"
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"


@pytest.fixture
def contents(fake, account):
    """All of them, and the carousels approved."""
    carousels = make_carousels(account, {})
    for name in carousels:
        fake.approve(name)
    return create_contents(account, SITE) | {name: one.provider_id for name, one in carousels.items()}


def parameters(root, path):
    return {parameter["name"] for parameter in root["paths"][path]["get"]["parameters"]}


def send_all(account, channel, contents):
    for number, bubble in enumerate(BUBBLES, 1):
        channel.send(account, Letter(number, Identity("phone", "+22890123456"), bubble, None, contents))


def posted(fake, ending):
    return [(path, body) for method, path, _, body in fake.requests if method == "POST" and path.endswith(ending)]


def test_every_form_we_send_is_one_of_twilios(fake, account, channel, contents):
    send_all(account, channel, contents)
    forms = [parse_qs(body.decode(), strict_parsing=True) for _, body in posted(fake, "/Messages.json")]
    assert len(forms) == len(BUBBLES)
    assert {name for form in forms for name in form} == KNOWN_FIELDS
    assert all(len(values) == 1 for form in forms for values in form.values())
    if root := described(API):
        operation = root["paths"][MESSAGES]["post"]
        schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        for form in forms:
            flat = {name: values if name in ARRAYS else values[0] for name, values in form.items()}
            assert faults(schema | {"additionalProperties": False}, flat, root) == []


def test_every_look_up_asks_with_twilios_parameters(fake, account, channel):
    letter = Letter(1, Identity("phone", "+22890123456"), BUBBLES[0])
    channel.look_up(account, letter, datetime(2026, 11, 24, 8, 0, 0, 999, tzinfo=UTC))
    query = parse_qs(urlsplit(fake.requests[-1][1]).query)
    assert query == {
        "To": ["whatsapp:+22890123456"],
        "From": ["whatsapp:+22870000000"],
        "DateSent>": ["2026-11-24T07:59:58Z"],
        "PageSize": ["100"],
    }
    if root := described(API):
        assert query.keys() <= parameters(root, MESSAGES)


def test_what_came_in_is_asked_for_with_twilios_parameters(fake, account, channel):
    fake.photo("+22890123456", fake.keeps(b"x", f"ME{7:032x}"))
    next(channel.received_since(account, datetime(2026, 1, 2, 3, 4, 5, 999, tzinfo=UTC), 10, lambda ids: ids))
    listed, files = (urlsplit(path) for _, path, _, _ in fake.requests)
    query = parse_qs(listed.query)
    assert query == {"To": ["whatsapp:+22870000000"], "DateSent>": ["2026-01-02T03:04:05Z"], "PageSize": ["100"]}
    assert files.path == listed.path.replace(".json", f"/SM{1:032x}/Media.json")
    if root := described(API):
        assert query.keys() <= parameters(root, MESSAGES)
        assert MESSAGES.replace(".json", "/{MessageSid}/Media.json") in root["paths"]


def test_what_came_in_is_told_by_the_fake_as_by_twilio(fake, account):
    fake.photo("+22890123456", fake.keeps(b"x", f"ME{7:032x}"), "riz")
    (told,) = fake.listed({"To": account.sender})["messages"]
    files = fake.media_of(told["sid"])
    assert (told["direction"], told["num_media"], len(files["media_list"])) == ("inbound", "1", 1)
    if root := described(API):
        schemas = root["components"]["schemas"]
        for name, answer in (("message", told), ("message.media", files["media_list"][0])):
            schema = schemas[f"api.v2010.account.{name}"]
            assert faults(schema, answer, root) == []
            assert schema["properties"].keys() == answer.keys()


def test_the_sign_that_somebody_writes_is_told_in_no_description_that_is_at_hand(fake, account, channel):
    channel.show_typing(account, Identity("phone", "+22890123456"), f"SM{1:032x}")
    ((path, body),) = posted(fake, "Typing.json")
    assert (path, json.loads(body).keys()) == ("/v3/Indicators/Typing.json", {"channel", "messageId"})
    warnings.warn("no description of messaging/v3 is at hand: checked against channels.md §1.4 only", stacklevel=1)


def test_every_content_we_make_is_one_of_twilios(fake, account):
    create_contents(account, SITE)
    make_carousels(account, {})
    for text in TEXTS.values():
        make_template(account, text)
    made = [json.loads(body) for _, body in posted(fake, "/v1/Content")]
    assert made == [*definitions(SITE).values(), *CAROUSELS.values(), *map(template_definition, TEXTS.values())]
    if root := described(CONTENT):
        schema = root["components"]["schemas"]["ContentCreateRequest"]
        assert [fault for content in made for fault in faults(schema, content, root)] == []


def test_the_requests_for_approval_are_twilios(fake, account):
    made = {name: make_template(account, text) for name, text in TEXTS.items()} | make_carousels(account, {})
    categories = {name: text.category.upper() for name, text in TEXTS.items()} | dict.fromkeys(CAROUSELS, "MARKETING")
    asked = posted(fake, "/ApprovalRequests/whatsapp")
    assert [path for path, _ in asked] == [
        f"/v1/Content/{one.provider_id}/ApprovalRequests/whatsapp" for one in made.values()
    ]
    documents = [json.loads(body) for _, body in asked]
    assert documents == [{"name": name, "category": category} for name, category in categories.items()]
    if root := described(CONTENT):
        schema = root["components"]["schemas"]["ContentApprovalRequest"]
        assert [fault for document in documents for fault in faults(schema, document, root)] == []


@pytest.mark.parametrize("part", ["message", "content"])
def test_the_fake_answers_as_twilio_does(fake, account, channel, contents, part):
    send_all(account, channel, contents)
    documents = {
        "message": (API, "api.v2010.account.message", map(fake.document, fake.messages)),
        "content": (CONTENT, "content.v1.content", fake.contents.values()),
    }
    name, schema_name, answers = documents[part]
    answers = list(answers)
    assert len(answers) == {"message": len(BUBBLES), "content": 17 + 9}[part]
    if root := described(name):
        schema = root["components"]["schemas"][schema_name]
        assert [fault for answer in answers for fault in faults(schema, answer, root)] == []
        assert all(schema["properties"].keys() <= answer.keys() for answer in answers)
