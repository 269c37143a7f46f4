"""Templates are made once in the WABA, and what Meta says of them is told."""

import json

import pytest

from handlers.templates import TEMPLATES
from handlers.whatsapp_cloud.contents import TemplatesRefused, definition, ensure_templates
from tests.fakes.canned_graph import CannedGraph

PATH = "/v25.0/102290129340398/message_templates"


@pytest.fixture
def graph():
    with CannedGraph() as running:
        yield running


def listed(*templates, after=""):
    page = {"data": list(templates), "paging": {"cursors": {"before": "a", "after": after or "z"}}}
    if after:
        page["paging"]["next"] = "https://evil.example/next"
    return 200, page


def told(name, status, language="fr"):
    return {"name": name, "status": status, "language": language, "id": "1"}


def made(graph):
    return [json.loads(body)["name"] for method, _, _, body in graph.asked if method == "POST"]


def test_what_is_missing_is_made_and_everybodys_state_is_told(graph):
    graph.answers = [
        listed(told("new_order_fr", "APPROVED"), told("order_news_fr", "APPROVED", "en"), after="m"),
        listed(told("hello_world", "APPROVED", "en_US"), 7, {"name": []}),
        (200, {"id": "2", "status": "PENDING", "category": "UTILITY"}),
        (200, {"id": "3", "status": "REJECTED", "category": "MARKETING"}),
    ]
    states = ensure_templates(graph.account())
    assert states == {"new_order_fr": "approved", "order_news_fr": "pending", "arrived_fr": "rejected"}
    assert made(graph) == ["order_news_fr", "arrived_fr"]
    assert [(method, path) for method, path, _, _ in graph.asked] == [("GET", PATH)] * 2 + [("POST", PATH)] * 2
    assert [query.get("after") for _, _, query, _ in graph.asked[:2]] == [None, ["m"]]


def test_nothing_is_made_twice(graph):
    graph.answers = [listed(*(told(name, "PAUSED") for name in TEMPLATES))]
    assert ensure_templates(graph.account()) == dict.fromkeys(TEMPLATES, "paused")
    assert made(graph) == []


def test_a_template_that_is_refused_is_left_out(graph):
    graph.answers = [listed(), (200, {"id": "1", "status": "APPROVED"}), (400, {"error": {"code": 100}}), (200, {})]
    assert ensure_templates(graph.account()) == {"new_order_fr": "approved", "arrived_fr": "pending"}


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
def test_a_list_that_cannot_be_read_makes_nothing(graph, answer, why):
    graph.answers = [answer]
    with pytest.raises(TemplatesRefused, match=f"^{why}$"):
        ensure_templates(graph.account())
    assert made(graph) == []


def test_an_account_without_a_waba_has_no_templates(graph):
    with pytest.raises(TemplatesRefused, match="no_waba_id"):
        ensure_templates(graph.account(waba_id=""))
    assert graph.asked == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_definition_has_a_sample_for_each_variable(name):
    (body,) = definition(name, TEMPLATES[name])["components"]
    (samples,) = body["example"]["body_text"]
    assert [f"{{{{{n}}}}}" in body["text"] for n in range(1, len(samples) + 2)] == [True] * len(samples) + [False]
    assert len(body["text"]) <= 1024
    assert not body["text"].startswith("{{")
    assert not body["text"].endswith("}}")
