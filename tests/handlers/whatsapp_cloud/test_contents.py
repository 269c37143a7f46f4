"""Templates are made in the WABA, and what Meta says of them is told."""

import json

import pytest

from handlers.templates import Standing
from handlers.whatsapp_cloud.contents import TemplatesRefused, definition, make_template, templates
from tests.fakes.canned_graph import CannedGraph
from tests.shipped import TEXTS

PATH = "/v25.0/102290129340398/message_templates"


@pytest.fixture
def graph():
    with CannedGraph() as running:
        yield running


def listed(*found, after=""):
    page = {"data": list(found), "paging": {"cursors": {"before": "a", "after": after or "z"}}}
    if after:
        page["paging"]["next"] = "https://evil.example/next"
    return 200, page


def told(name, status, language="fr", **more):
    return {"name": name, "status": status, "language": language, "id": "1", **more}


def test_everybodys_state_is_told_over_all_pages(graph):
    body = {"type": "BODY", "text": "Bonjour {{1}}."}
    graph.answers = [
        listed(told("new_order_fr", "APPROVED", components=[{"type": "HEADER"}, body]), after="m"),
        listed(
            told("order_news_fr", "APPROVED", "en"),  # not the language of its name
            told("hello_world", "APPROVED", "en_US"),
            told("order_news_en", "REJECTED", "en", rejected_reason="INVALID_FORMAT", components=7),
            told("arrived_fr", "PAUSED", rejected_reason="NONE", category="MARKETING"),
            told("arrived_en", "LIMIT_EXCEEDED", "en", category=7),
            told("attention_fr", "IN_APPEAL"),
            7,
            {"name": []},
        ),
    ]
    assert templates(graph.account()) == {
        "new_order_fr": Standing("1", "approved", "", "Bonjour {{1}}."),
        "order_news_en": Standing("1", "rejected", "INVALID_FORMAT"),
        "arrived_fr": Standing("1", "paused", category="marketing"),
        "arrived_en": Standing("1", "disabled"),
        "attention_fr": Standing("1", "pending"),
    }
    assert [(method, path) for method, path, _, _ in graph.asked] == [("GET", PATH)] * 2
    assert [query.get("after") for _, _, query, _ in graph.asked] == [None, ["m"]]


def test_a_template_is_made(graph):
    graph.answers = [(200, {"id": "2", "status": "PENDING", "category": "UTILITY"})]
    text = TEXTS["order_news_en"]
    assert make_template(graph.account(), text) == Standing("2", "pending", "", text.text, "utility")
    ((method, path, _, body),) = graph.asked
    assert (method, path, json.loads(body)) == ("POST", PATH, definition(text))


def test_a_template_that_is_refused_is_left_out(graph):
    graph.answers = [(400, {"error": {"code": 100}})]
    assert make_template(graph.account(), TEXTS["order_news_fr"]) is None


@pytest.mark.parametrize(
    "answer, why",
    [
        ((401, {"error": {"code": 190}}), "190"),
        ((503, []), "http_503"),
        ((200, {"data": {}}), "unreadable_answer"),
        ((200, []), "unreadable_answer"),
        (listed(after="m"), "endless_list"),
    ],
)
def test_a_list_that_cannot_be_read_is_none(graph, answer, why):
    graph.answers = [answer]
    with pytest.raises(TemplatesRefused, match=f"^{why}$"):
        templates(graph.account())


def test_an_account_without_a_waba_has_no_templates(graph):
    with pytest.raises(TemplatesRefused, match="no_waba_id"):
        templates(graph.account(waba_id=""))
    assert graph.asked == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_definition_has_a_sample_for_each_variable(name):
    made = definition(TEXTS[name])
    (body,) = made["components"]
    (samples,) = body["example"]["body_text"]
    assert [f"{{{{{n}}}}}" in body["text"] for n in range(1, len(samples) + 2)] == [True] * len(samples) + [False]
    assert (made["name"], made["language"]) == (name, name[-2:])
    assert made["category"] == ("MARKETING" if name.startswith(("arrived", "announcement")) else "UTILITY")
