"""Each line of the table of errors (channels.md §3.9) means what it says there."""

import pytest

from bot.messages import Refused
from handlers.graph import GraphError
from handlers.messenger.errors import MEANINGS, refusal

TABLE = {
    "busy": [(1, 0), (2, 0), (1200, 0), (2, 2018344), (4, 0), (32, 0), (613, 0), (80006, 0), (17, 0), (341, 0)],
    "window": [(10, 2018278), (10, 2534022)],
    "account": [
        *((10, 2018065), (10, 2018108), (200, 2018108), (10, 1893063), (10, 0), (200, 0), (3, 0)),
        *((190, 0), (190, 460), (190, 463), (190, 467), (368, 0)),
    ],
    "unreachable": [(551, 0), (551, 1545041), (200, 1545041), (100, 2018001)],
    "content": [(100, 0), (100, 2018034), (100, 2018047), (100, 2018008), (100, 2018007)],
    "final": [(10, 2018300), (10303, 0), (10900, 0), (10901, 0), (2018218, 0), (100, 2018218)],
}
LINES = [(kind, code, subcode) for kind, keys in TABLE.items() for code, subcode in keys]


@pytest.mark.parametrize(("kind", "code", "subcode"), LINES)
def test_a_line_of_the_table(kind, code, subcode):
    refused = refusal(GraphError(code, subcode))
    assert (refused.kind, refused.code) == (kind, f"{code}/{subcode}" if subcode else str(code))


@pytest.mark.parametrize(("way", "kind"), [("utility", "final"), ("human_agent", "window"), ("comment", "final")])
def test_a_permission_of_one_kind_of_send_stops_no_page(way, kind):
    missing = ((3, 0), (10, 0), (10, 7), (10, 2018065), (10, 2018108), (200, 0), (200, 2018108))
    assert {refusal(GraphError(*key), way=way).kind for key in missing} == {kind}
    stops = ((10, 1893063), (190, 0), (190, 463), (368, 0))
    assert {refusal(GraphError(*key), way=way).kind for key in stops} == {"account"}
    others = {(10, 2018278): "window", (10, 2018300): "final", (200, 1545041): "unreachable", (613, 0): "busy"}
    assert {key: refusal(GraphError(*key), way=way).kind for key in others} == others


def test_the_table_is_whole():
    assert {(code, subcode) for _, code, subcode in LINES} == set(MEANINGS)


def test_what_is_retried_says_when_and_how_often():
    assert refusal(GraphError(1, 0)) == Refused("busy", "1", None, 3)
    assert refusal(GraphError(613, 0)) == Refused("busy", "613", 60.0)
    assert refusal(GraphError(613, 0), 5.0) == Refused("busy", "613", 60.0)
    assert refusal(GraphError(613, 0), 90.0) == Refused("busy", "613", 90.0)


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        *((10, 7, "account"), (190, 7, "account"), (551, 7, "unreachable"), (100, 7, "content"), (299, 0, "final")),
        *((4242, 0, "content"), (4242, 2018278, "content"), (2, 7, "busy")),
    ],
)
def test_an_unknown_subcode_counts_as_its_code_and_an_unknown_code_as_our_words_fault(code, subcode, kind):
    assert refusal(GraphError(code, subcode)).kind == kind
