"""Every recorded webhook of a Page is read into exactly these words."""

import copy
import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.messages import Identity, Parsed, StatusReport, Watermark
from bot.taps import Tap, read_tap, write_tap
from handlers.errors import BadRequest, BadSignature
from handlers.messenger.channel import Messenger
from handlers.messenger.parsing import OURS
from tests.fakes.messenger import PAGE
from tests.handlers.messenger.conftest import RECORDINGS, SECRET_KEY, account_of, recorded, signed

ACCOUNT, CHANNEL = account_of(), Messenger(SECRET_KEY)
BEGAN = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
CDN = "https://scontent.xx.fbcdn.net/v/t1.15752-9"
WEBHOOKS = sorted(path.stem for path in RECORDINGS.glob("*.json") if not path.stem.startswith("answer_"))


def parse(body):
    return CHANNEL.parse(ACCOUNT, signed(body))


@pytest.mark.parametrize("name", ["postback_without_mid", "referral", "reaction", "edited", "deleted", "send_cart"])
def test_an_event_without_an_id_of_its_own_has_the_same_whenever_it_comes(name):
    first = parse(recorded(name)).messages[0].message.provider_id
    document = json.loads(recorded(name))
    document["entry"][0]["time"] += 60_000
    assert parse(document).messages[0].message.provider_id == first
    for change in ({"timestamp": 1_795_770_099_999}, {"sender": {"id": "7000000000000002"}}):
        other = copy.deepcopy(document)
        other["entry"][0]["messaging"][0] |= change
        assert parse(other).messages[0].message.provider_id != first


def test_what_was_taken_back_is_no_copy_of_the_message_itself():
    assert parse(recorded("text")).messages[0].message.provider_id == "m_0001"
    assert parse(recorded("deleted")).messages[0].message.provider_id != "m_0001"


def event_of(**said):
    sender = {"sender": {"id": "7000000000000001"}, "recipient": {"id": PAGE}}
    return {**sender, "timestamp": 1_795_770_000_001, **said}


def webhook(*events):
    return {"object": "page", "entry": [{"id": PAGE, "time": 1_795_770_000_500, "messaging": list(events)}]}


POISON = [
    *(None, 0, "x", [], {}, True, {"message": {}}, {"sender": None, "message": {"mid": "m_1"}}),
    {"sender": {"id": PAGE}, "message": {"mid": "m_1", "text": "de la page"}},
    {"sender": {"id": [1]}, "timestamp": "x", "message": {"mid": "m_1", "text": "x"}},
    *(event_of(**{name: value}) for name in ("message", "postback", "referral", "reaction") for value in (None, 3, [])),
    *(event_of(message={"mid": mid, "text": "x"}) for mid in (None, 7, "", "m 1", "m_\u0000", "m" * 513, {})),
    *(event_of(message_edit=edit) for edit in ({}, {"mid": "m_1"}, {"mid": "m_1", "text": 3}, "x")),
    *(event_of(delivery=told) for told in (None, {"mids": None}, {"mids": [None, {}, "", "m 1"]})),
    *(event_of(read=told) for told in (None, [{"watermark": 1}], {"watermark": []})),
]


def test_an_event_nested_deeper_than_can_be_written_hurts_nobody():
    events = [event_of(message={"mid": f"m_{n}", "text": str(n)}) for n in (1, 2, 3)]
    events[1]["x"] = None
    found = set()
    for depth in range(800, 1000):
        request = signed(json.dumps(webhook(*events)).replace("null", "[" * depth + "]" * depth).encode())
        try:
            CHANNEL.verify([ACCOUNT], request)
        except BadRequest:
            continue
        parsed = deeper(40, lambda request=request: CHANNEL.parse(ACCOUNT, request))
        found.add(tuple(kept.message.text for kept in parsed.messages))
    assert found - {("1", "3")} == {("1", "2", "3")}  # from Python 3.12 on all that is read is written, too


def deeper(frames, act):
    """What an act returns with so many frames less to go down."""
    return deeper(frames - 1, act) if frames else act()


@pytest.mark.parametrize("poison", POISON)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_damaged_event_hurts_none_of_its_neighbours(poison, place):
    events = [event_of(message={"mid": f"m_{n}", "text": str(n)}) for n in (1, 2)]
    events.insert(place, poison)
    parsed = parse(webhook(*events))
    assert [kept.message.text for kept in parsed.messages] == ["1", "2"]
    assert parsed.reports == parsed.watermarks == ()


AT = 1_795_770_000_046
PERSON, UNTIL = Identity("psid", "7000000000000001"), BEGAN + timedelta(milliseconds=46)


@pytest.mark.parametrize(
    ("told", "reports", "marks"),
    [
        ({"read": {"watermark": AT}}, (), (Watermark(PERSON, "read", UNTIL),)),
        ({"read": {"watermark": AT, "seq": 7, "mids": ["m_1"]}}, (), (Watermark(PERSON, "read", UNTIL),)),
        ({"delivery": {"watermark": AT}}, (), (Watermark(PERSON, "delivered", UNTIL),)),
        ({"delivery": {"watermark": AT, "mids": []}}, (), (Watermark(PERSON, "delivered", UNTIL),)),
        ({"delivery": {"watermark": AT, "mids": ["m 1", 7]}}, (), (Watermark(PERSON, "delivered", UNTIL),)),
        ({"delivery": {"watermark": AT, "mids": ["m_1"]}}, (StatusReport("m_1", "delivered"),), ()),
        ({"delivery": {"watermark": AT}, "sender": {"id": PAGE}}, (), ()),
        ({"read": {"watermark": AT}, "sender": {"user_ref": "r"}}, (), ()),
    ],
)
@pytest.mark.parametrize("place", ["messaging", "standby", "changes"])
def test_a_watermark_is_told_of_a_person_and_where_no_message_is_named(told, reports, marks, place):
    parsed = parse({"object": "page", "entry": [{"id": PAGE, "time": 1, place: [event_of(**told)]}]})
    nothing = place == "changes"
    assert parsed == Parsed(reports=() if nothing else reports, watermarks=() if nothing else marks)


@pytest.mark.parametrize("mark", [None, 0, -1, True, 1.5, "1795770000046", [], {}, 10**13, 10**400])
@pytest.mark.parametrize("name", ["delivery", "read"])
def test_a_watermark_that_is_no_moment_says_nothing(name, mark):
    assert parse(webhook(event_of(**{name: {"watermark": mark}}))) == Parsed()


def test_the_watermarks_of_one_webhook_come_by_their_time():
    events = [{**event_of(read={"watermark": AT + n}), "timestamp": AT + n} for n in (2, 0, 1)]
    found = [mark.until for mark in parse(webhook(*events)).watermarks]
    assert found == [UNTIL + timedelta(milliseconds=n) for n in range(3)]


@pytest.mark.parametrize("place", ["messaging", "standby", "changes"])
@pytest.mark.parametrize("poison", POISON)
def test_a_damaged_event_hurts_none_of_the_others_of_a_batch_of_fifty_wherever_it_stands(poison, place):
    said = [event_of(message={"mid": f"m_{n}", "text": str(n)}) for n in range(49)]
    for position in (0, 1, 24, 48, 49):
        entries = [
            {"id": PAGE, "time": 1, "messaging": said[:position]},
            {"id": PAGE, "time": 1, place: [poison]},
            {"id": PAGE, "time": 1, "messaging": said[position:]},
        ]
        messages = [kept.message for kept in parse({"object": "page", "entry": entries}).messages]
        assert [one.text for one in messages if one.happened is None] == [str(n) for n in range(49)]
        assert place == "standby" or len(messages) == 49


POISONED_CHANGES = [
    *({"field": "feed", "value": value} for value in (None, [], "x", 3, {"item": []}, {"item": "comment"})),
    *({"field": field, "value": {}} for field in (None, [], {}, 3, "messenger_template_status_update")),
    *({"field": "feed", "value": {"item": "comment", "verb": verb, "comment_id": "1_2"}} for verb in ([], {}, None)),
    *(
        {"field": "feed", "value": {"item": "comment", "verb": "add", "message": "x", "comment_id": one}}
        for one in (None, 12, [], "", "1/2", "é", "1" * 40)
    ),
    {"field": "message_template_status_update", "value": {"event": [], "message_template_name": {}}},
]


@pytest.mark.parametrize("poison", POISONED_CHANGES)
@pytest.mark.parametrize("position", range(4))
def test_a_damaged_comment_hurts_none_of_its_neighbours(poison, position):
    changes = [
        {"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": f"1_{n}", "message": str(n)}}
        for n in range(3)
    ]
    changes.insert(position, poison)
    parsed = parse({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": changes}]})
    assert [kept.message.text for kept in parsed.messages] == ["0", "1", "2"]
    assert (parsed.templates, parsed.warnings) == ((), ())


def test_a_good_that_is_shown_without_words_is_a_greeting_about_it():
    referral = {"product": {"id": "123"}}
    shown = {"type": "template", "payload": {"product": {"elements": [{"id": "9", "retailer_id": "riz-25"}]}}}
    told = [{"mid": "m_1", "referral": referral}, {"mid": "m_2", "attachments": [shown]}]
    messages = [kept.message for kept in parse(webhook(*(event_of(message=one) for one in told))).messages]
    assert [(one.text, one.product, one.unread) for one in messages] == [
        ("bonjour", "123", ""),
        ("bonjour", "riz-25", ""),
    ]


@pytest.mark.parametrize("created", [None, "x", -1, 0, 1e9, True, 10**400, 4_102_444_800, []])
def test_a_comments_impossible_time_is_that_of_the_entry(created):
    value = {"item": "comment", "verb": "add", "comment_id": "1_2", "message": "x", "created_time": created}
    entry = {"id": PAGE, "time": 1_795_770_000_500, "changes": [{"field": "feed", "value": value}]}
    (kept,) = parse({"object": "page", "entry": [entry]}).messages
    assert kept.message.sent_at == BEGAN + timedelta(milliseconds=500)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("poison", [None, 3, [], {}, {"id": PAGE}, {"id": PAGE, "messaging": {"0": 1}}, {"id": {}}])
def test_a_damaged_entry_hurts_none_of_its_neighbours(poison, place):
    entries = [webhook(event_of(message={"mid": f"m_{n}", "text": str(n)}))["entry"][0] for n in (1, 2)]
    entries.insert(place, poison)
    assert [kept.message.text for kept in parse({"object": "page", "entry": entries}).messages] == ["1", "2"]


def test_what_is_left_out_is_counted_without_a_word_of_it():
    with capture_logs() as lines:
        parse(recorded("damaged"))
    reason = "no_event,no_message,no_mid"
    said = {"event": "events_left_out", "log_level": "warning", "account": "messenger", "count": 4, "reason": reason}
    assert lines == [said]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff"),
        *(b"[" * 100_000, b'{"object":"page","entry":' + b"[" * 5000 + b"]" * 5000),
    ],
)
def test_a_body_that_is_no_json_is_refused(body):
    with pytest.raises(BadRequest):
        parse(body)


@pytest.mark.parametrize(
    "body", [b"[]", b"3", b"null", b"{}", b'{"object":"instagram","entry":[]}', b'{"object":["page"]}']
)
def test_a_body_of_another_kind_says_nothing(body):
    assert parse(body) == Parsed()


@pytest.mark.parametrize("entry", [None, 3, "x", {}, {"id": PAGE}, []])
def test_a_webhook_without_entries_says_nothing(entry):
    assert parse({"object": "page", "entry": entry}) == Parsed()


@pytest.mark.parametrize("timestamp", [None, "x", -1, 1e300, 10**400, True, 4_102_444_800_000, [], float("nan")])
def test_an_impossible_time_is_that_of_the_entry(timestamp):
    said = event_of(message={"mid": "m_1", "text": "x"}) | {"timestamp": timestamp}
    (kept,) = parse(webhook(said)).messages
    assert kept.message.sent_at == BEGAN + timedelta(milliseconds=500)


def test_over_long_values_are_cut_and_over_long_ids_are_none():
    said = {
        "mid": "m" * 512,
        "text": "a" * 5000,
        "quick_reply": {"payload": "p" * 257},
        "reply_to": {"mid": "r" * 513},
        "attachments": [{"type": "image", "payload": {"url": f"{CDN}/{n}"}} for n in range(11)],
    }
    (kept,) = parse(webhook(event_of(message=said))).messages
    assert (len(kept.message.text), kept.message.tap, kept.message.replied_to) == (4096, "", "")
    assert [one.reference for one in kept.message.media] == [f"{CDN}/{n}" for n in range(10)]
    assert kept.message.provider_id == "m" * 512


@pytest.mark.parametrize(
    "url", [None, 3, "", "x", "file:///etc/passwd", "https://a b", f"https://{'a' * 4089}", "ftp://a"]
)
def test_a_file_without_a_web_address_cannot_be_read(url):
    said = {"mid": "m_1", "attachments": [{"type": "image", "payload": {"url": url}}]}
    (kept,) = parse(webhook(event_of(message=said))).messages
    assert (kept.message.media, kept.message.unread) == ((), "image")


@pytest.mark.parametrize(
    ("lat", "long"), [(91, 0), (0, 181), (None, 1), ("x", 1), (float("nan"), 0), (10**400, 0), (True, 1)]
)
def test_a_place_off_the_globe_cannot_be_read(lat, long):
    said = {"mid": "m_1", "attachments": [{"type": "location", "payload": {"coordinates": {"lat": lat, "long": long}}}]}
    (kept,) = parse(webhook(event_of(message=said))).messages
    assert (kept.message.location, kept.message.unread) == (None, "location")


@given(
    st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
    st.from_regex(r"[!-}]{0,120}", fullmatch=True),
    st.integers(0, 36**12),
    st.integers(0, 36**7),
    st.booleans(),
)
def test_every_id_that_an_offer_can_have_is_known_as_ours(dialog, name, choice, said, minute, is_door):
    assert OURS.fullmatch(write_tap(Tap(dialog, name, choice, said, minute, is_door)))


@pytest.mark.parametrize("payload", ["GET_STARTED", "MENU", "ORDERS", "HELP", "v1:p:12", "buyer.browse", ""])
def test_other_payloads_are_none_of_ours(payload):
    assert not OURS.fullmatch(payload)
    assert read_tap(payload) is None


NOISE = (
    b"\x00",
    b"\xff",
    b"\\ud800",
    b"null",
    b"{}",
    b"[]",
    b"1e999",
    b'"',
    b"-1",
    b"true",
    b"NaN",
    b"\\u0000",
    b"[[[[",
)


def spoilt(chance, body):
    """Some bytes changed, taken out, or said twice."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 5)):
        first = chance.randrange(len(data))
        end = min(len(data), first + chance.choice((0, 1, 4, 30)))
        data[first:end] = chance.choice(
            (b"", bytes([chance.randrange(256)]), data[first:end] * 2, chance.choice(NOISE))
        )
    return bytes(data)


def replaced(chance, value):
    """A document with values of other kinds here and there."""
    if chance.random() < 0.04:
        return chance.choice(
            (None, 0, -1, 1.5, 10**30, "", "x" * 5000, "\ud800\x00", [], {}, [None], True, float("inf"))
        )
    if isinstance(value, dict):
        return {name: replaced(chance, one) for name, one in value.items()}
    return [replaced(chance, one) for one in value] if isinstance(value, list) else value


def test_two_thousand_spoilt_webhooks_are_read_or_refused():
    chance, bodies, read = Random(2000), [recorded(name) for name in WEBHOOKS], 0
    for number in range(2000):
        body = chance.choice(bodies)
        whole = spoilt(chance, body) if number % 2 else json.dumps(replaced(chance, json.loads(body))).encode()
        request = signed(whole)
        try:
            for account in CHANNEL.verify([ACCOUNT], request):
                CHANNEL.parse(account, request)
                read += 1
        except BadRequest:
            continue
        except BadSignature:
            pytest.fail("it was signed")
    assert read > 500
