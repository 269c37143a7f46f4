"""A batch is read in order and each element by itself: poison, other numbers and changed bytes hurt nothing."""

import itertools
import json

import pytest
from structlog.testing import capture_logs

from base.accounts import WhatsappCloudAccount
from base.secret import Secret
from bot import documents
from bot.messages import RANKS, Refused, StatusReport
from handlers.errors import BadRequest
from tests.fakes.graph_cloud import APP_SECRET, NUMBER_ID, knock
from tests.faults.fuzz.target import mutated
from tests.handlers.whatsapp_cloud.conftest import CHANNEL, RECORDINGS, element, value_of, webhook
from tests.seeds import chance_of

ACCOUNT = WhatsappCloudAccount(key="whatsapp", app_secret=Secret(APP_SECRET), phone_number_id=NUMBER_ID)
OTHER = ACCOUNT.model_copy(update={"key": "second", "phone_number_id": "2"})
POISON = [
    None,
    7,
    "Awa +22890123456",
    [],
    {},
    {"id": "wamid.1"},
    {"from": "22890123456", "type": "text", "text": {"body": "bonjour"}},
    {"id": "wamid.1", "from": "0", "type": "text"},
    {"id": "wamid.\x00", "from": "22890123456"},
    {"id": ["wamid.1"], "from": {"a": 1}, "type": {}},
]
STATUSES = ["sent", "delivered", "read", "failed"]


def parse(body, account=ACCOUNT):
    return CHANNEL.parse(account, knock(body))


def said(number):
    return {"from": "22890123456", "id": f"wamid.{number}", "type": "text", "text": {"body": f"riz {number}"}}


def told(number, status):
    return {"id": f"wamid.{number}", "status": status, "errors": [{"code": 131026}] if status == "failed" else None}


def texts(parsed):
    return [kept.message.text for kept in parsed.messages]


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
def test_poison_at_any_place_of_a_batch_of_fifty_is_left_out_alone(poison):
    for place in range(50):
        messages = [said(number) for number in range(50)]
        messages[place] = poison
        statuses = [told(number, "delivered") for number in range(50)]
        statuses[place] = {"id": None} if isinstance(poison, dict) else poison
        with capture_logs() as logs:
            parsed = parse(webhook(value_of(messages=messages, statuses=statuses)))
        others = [number for number in range(50) if number != place]
        assert texts(parsed) == [f"riz {number}" for number in others]
        assert parsed.reports == tuple(StatusReport(f"wamid.{number}", "delivered") for number in others)
        usual = {"event": "whatsapp_element_unread", "log_level": "warning", "account": "whatsapp", "place": place}
        assert logs == [usual | {"kind": "message"}, usual | {"kind": "status"}]


@pytest.mark.parametrize("order", [*itertools.permutations(STATUSES)], ids="-".join)
def test_statuses_are_told_in_the_order_they_came_and_are_the_same_in_every_order(order):
    parsed = parse(webhook(value_of(statuses=[told(1, status) for status in order])))
    assert [report.status for report in parsed.reports] == list(order)
    assert frozenset(parsed.reports) == {
        StatusReport("wamid.1", "sent"),
        StatusReport("wamid.1", "delivered"),
        StatusReport("wamid.1", "read"),
        StatusReport("wamid.1", "failed", failure=Refused("unreachable", "131026")),
    }
    assert max(parsed.reports, key=lambda report: RANKS[report.status]).status == "read"
    apart = [parse(webhook(value_of(statuses=[told(1, status)]))).reports for status in order]
    assert tuple(report for reports in apart for report in reports) == parsed.reports


@pytest.mark.parametrize(
    "more",
    [
        *({"pricing": value} for value in (None, [], "PMP", 10**300, {"type": {"a": [None]}}, {"category": "zoblo"})),
        *({"conversation": value} for value in (None, [], {"origin": 7, "expiration_timestamp": "x"})),
        {"recipient_id": None, "recipient_user_id": [], "timestamp": {}},
    ],
)
def test_what_a_status_tells_oddly_of_money_and_people_changes_nothing(more):
    parsed = parse(webhook(value_of(statuses=[told(1, "sent") | more, told(2, "read")])))
    assert parsed.reports == (StatusReport("wamid.1", "sent"), StatusReport("wamid.2", "read"))


@pytest.mark.parametrize(
    ("pricing", "expected"),
    [
        ({"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}, ("utility", True)),
        ({"billable": True, "type": "free_customer_service", "category": "utility"}, ("utility", False)),
        ({"type": "regular", "category": "authentication-international"}, ("authentication-international", True)),
        ({"billable": True, "pricing_model": "CBP", "category": "service"}, ("service", True)),
        ({"billable": "yes", "category": "service"}, ("service", False)),
    ],
)
def test_a_status_tells_what_its_message_is_charged_for(pricing, expected):
    parsed = parse(webhook(value_of(statuses=[told(1, "sent") | {"pricing": pricing}])))
    assert parsed.reports == (StatusReport("wamid.1", "sent", pricing=expected),)


def test_a_thousand_elements_of_many_changes_are_read_in_their_order():
    values = [
        value_of(
            messages=[said(n) for n in range(first, first + 50)],
            statuses=[told(n, "read") for n in range(first, first + 50)],
        )
        for first in range(0, 500, 50)
    ]
    parsed = parse(webhook(*values))
    assert texts(parsed) == [f"riz {number}" for number in range(500)]
    assert [report.provider_id for report in parsed.reports] == [f"wamid.{number}" for number in range(500)]


def test_each_number_hears_its_own_elements_alone():
    body = webhook(
        value_of(messages=[said(1)]),
        value_of("2", messages=[said(2)], statuses=[told(9, "sent")]),
        value_of("3", messages=[said(3)]),
        value_of(messages=[said(4)]),
    )
    assert CHANNEL.verify([ACCOUNT, OTHER], knock(body)) == [ACCOUNT, OTHER]
    assert texts(parse(body)) == ["riz 1", "riz 4"]
    assert (texts(parse(body, OTHER)), parse(body, OTHER).reports) == (["riz 2"], (StatusReport("wamid.9", "sent"),))


def test_what_is_kept_of_one_message_holds_nothing_of_its_neighbours():
    first, contacts = element("text")
    kept = parse(webhook(value_of(messages=[first, said(2)], contacts=[*contacts, {"wa_id": "22891111111"}]))).messages
    assert b"riz 2" not in kept[0].raw
    assert b"22891111111" not in kept[0].raw
    assert json.loads(kept[1].raw)["entry"][0]["changes"][0]["value"]["messages"] == [said(2)]


def test_an_element_nested_deeper_than_can_be_written_hurts_nobody():
    deep = said(2) | {"x": None}
    body = webhook(value_of(messages=[said(1), deep, said(3)]))
    for depth in range(100, 1000, 25):
        nested = body.replace(b'"x": null', b'"x": ' + b"[" * depth + b"]" * depth)
        try:
            parsed = parse(nested)
        except BadRequest:
            continue
        assert texts(parsed) in (["riz 1", "riz 2", "riz 3"], ["riz 1", "riz 3"])


def test_two_thousand_changed_webhooks_are_read_or_refused_and_what_is_read_can_be_kept():
    chance, seeds = chance_of("FAULT_SEED"), [path.read_bytes() for path in sorted(RECORDINGS.glob("*.json"))]
    counted = {"read": 0, "of_nobody": 0, "refused": 0}
    for _ in range(2000):
        request = knock(mutated(chance, seeds))
        try:
            parsed = [CHANNEL.parse(account, request) for account in CHANNEL.verify([ACCOUNT], request)]
        except BadRequest:
            counted["refused"] += 1
            continue
        counted["read" if parsed else "of_nobody"] += 1
        for kept in (message for one in parsed for message in one.messages):
            assert documents.keepable(kept.message) == kept.message
            assert [one.message for one in parse(kept.raw).messages] == [kept.message]
    assert counted["read"] > 100
    assert counted["of_nobody"] + counted["refused"] > 100
