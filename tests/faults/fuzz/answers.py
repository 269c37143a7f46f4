"""Targets: what providers and other servers answer when they are asked."""

import json
from datetime import UTC, datetime
from typing import get_args

from twilio.http.response import Response

import handlers.twilio_whatsapp
from base import outbound
from base.outbound import Answer, RedirectRefused, Timeouts
from base.templates import TemplateText
from bot.documents import incoming_to_json
from bot.messages import Accepted, Identity, Letter, Outgoing, RefusalKind, Refused, Unclear
from bot.provider_answers import Found, NotTaken, Unknown
from handlers.simulator import sending as simulator_sending
from handlers.templates import STATES
from handlers.twilio_whatsapp import contents, sending
from handlers.twilio_whatsapp.answers import MOST_WAIT, read_send
from handlers.twilio_whatsapp.client import client_of
from handlers.twilio_whatsapp.errors import DAY
from handlers.twilio_whatsapp.remembered import received_since
from handlers.twilio_whatsapp.sending import Way
from tests.fakes.canned import CannedTwilio
from tests.faults.fuzz.doors import ACCOUNT, AWA, recordings
from tests.faults.fuzz.target import Target, is_keepable, parts_of

MOST_CODE = 200  # characters of a refusal's code
WORDS = "Bonjour Awa"
SINCE = datetime(2026, 11, 24, 9, tzinfo=UTC)
SID = f"SM{60:032x}"
TEXT = TemplateText("new_order_fr", "fr", "utility", "Bonjour {{1}}.", ("Awa",))


def status_of(line):
    digits = line[:3]
    return int(digits) if len(digits) == 3 and digits.isdigit() and digits >= b"200" else 200


def answering(data):
    """A line with the status, then the body: Twilio says this to whatever our client asks."""
    status, body = parts_of(data, 2)
    canned = CannedTwilio(status_of(status), body.decode("utf-8", "replace"))
    client_of(ACCOUNT, Timeouts()).http_client = canned
    return canned


def check_result(result, status, longest):
    """What is said of a send fits the answer's status, and can be kept."""
    if isinstance(result, Accepted):
        assert 200 <= status < 300
        assert result.provider_id
        assert is_keepable(result.provider_id)
    elif isinstance(result, Refused):
        assert 300 <= status < 600
        assert result.kind in get_args(RefusalKind)
        check_code(result.code)
        assert result.wait is None or 0 < result.wait <= longest
    else:
        assert isinstance(result, Unclear)
        assert not 400 <= status < 500


def play_send(data):
    """Lines with the status and Retry-After, then the body."""
    line, wait, body = parts_of(data, 3)
    status = status_of(line)
    headers = {"Retry-After": wait.decode("latin-1")} if wait else {}
    result = read_send(Response(status, body.decode("utf-8", "replace"), headers))
    check_result(result, status, max(MOST_WAIT, DAY))
    assert isinstance(result, Unclear) or status < 500


def send_seeds():
    for text in recordings(handlers.twilio_whatsapp, "*.json"):
        told = json.loads(text)
        yield b"%d\n3\n" % told["status"] + json.dumps(told["body"]).encode()
    yield b"429\n1e999\n{}"
    yield b'201\n\n{"sid": "\\u0000\\ud800"}'


def play_list(data):
    """A look-up finds ids that are listed, or says no of a list that it has read, or cannot tell."""
    canned = answering(data)
    letter = Letter(7, Identity("phone", AWA), Outgoing(WORDS))
    found = sending.look_up(Way(ACCOUNT, "https://market.example", Timeouts()), letter, SINCE)
    text = canned.answer.text
    if isinstance(found, Found):
        assert found.provider_ids
        listed = [message.get("sid") for message in json.loads(text)["messages"] if isinstance(message, dict)]
        for sid in found.provider_ids:
            assert sid
            assert is_keepable(sid)
            assert sid in listed
    elif isinstance(found, NotTaken):
        assert canned.answer.status_code == 200
        assert isinstance(json.loads(text)["messages"], list)
    else:
        assert isinstance(found, Unknown)


def play_inbound(data):
    """What came in is read whole, or the rest is asked for again; whatever is read can be kept."""
    answering(data)
    found = next(received_since(ACCOUNT, SINCE, 20, lambda ids: ids, Timeouts()))
    ids = [kept.message.provider_id for kept in found.messages]
    assert len(set(ids)) == len(ids) <= 20
    for kept in found.messages:
        assert is_keepable(incoming_to_json(kept.message))
        assert kept.message.sent_at >= SINCE
        assert kept.message.sender.identities


def inbound_seeds():
    said = {
        "sid": SID,
        "direction": "inbound",
        "from": f"whatsapp:{AWA}",
        "to": ACCOUNT.sender,
        "body": WORDS,
        "num_media": "0",
        "date_sent": "Tue, 24 Nov 2026 09:00:01 +0000",
    }
    files = [{"sid": f"ME{7:032x}", "content_type": "image/jpeg"}, {"sid": "ME1"}, None]
    for other in ({}, {"num_media": "2"}, {"body": None}, {"from": "whatsapp:TG.1"}, {"date_sent": None}, {"sid": []}):
        page = {"messages": [said | other, None], "media_list": files, "next_page_uri": None}
        yield b"200\n" + json.dumps(page).encode()
    yield b"200\n" + json.dumps({"messages": [said], "next_page_uri": "/2010?Page=1"}).encode()
    yield b'401\n{"code": 20003}'


def list_seeds():
    said = {"sid": SID, "direction": "outbound-api", "body": WORDS, "date_created": "Tue, 24 Nov 2026 09:00:01 +0000"}
    others = (
        {"date_created": "Tue, 24 Nov 2026 08:00:00 -0000"}, {"date_created": None}, {"body": None}, {"sid": None},
        {"direction": "inbound"}, {"date_created": "24 Nov 99999 09:00 +999999999999"}, {"body": "Bonjour\n Awa"},
    )  # fmt: skip
    for other in others:
        page = {"messages": [said | other, said], "next_page_uri": None}
        yield b"200\n" + json.dumps(page).encode()
    yield b'200\n{"messages": [[], null, 7, "x", {"sid": ["\\u0000"]}], "next_page_uri": "/2010"}'
    yield b'404\n{"code": 20404}'


def play_contents(data):
    """Contents are listed and made, or the account is told why not; a list of any length has an end."""
    for name, sid in told(data, contents.create_contents).items():
        assert name in contents.definitions()
        assert sid
        assert is_keepable(sid)
    made = told(data, lambda account: contents.make_template(account, TEXT))
    carousels = told(data, lambda account: contents.make_carousels(account, {}))
    assert carousels.keys() <= contents.CAROUSELS.keys()
    for one in [*told(data, contents.standings).values(), *carousels.values(), *([made] if made else [])]:
        assert one.state in {"missing", "pending", *STATES.values()}
        assert all(map(is_keepable, (one.provider_id, one.reason, one.text)))


def told(data, ask):
    """What is read of that answer, {} when the account is told that it is refused."""
    answering(data)
    try:
        return ask(ACCOUNT)
    except contents.ContentsRefused as error:
        check_code(str(error))
        return {}


def check_code(code):
    assert is_keepable(code)
    assert 0 < len(code) <= MOST_CODE


def contents_seeds():
    named = [{"friendly_name": name, "sid": f"HX{number:032x}"} for number, name in enumerate(contents.definitions())]
    approved = [one | {"approval_requests": {"status": "approved"}} for one in named]
    following = "https://content.twilio.com/v1/Content?PageSize=500&Page=1&PageToken=x"
    for listed in (named, approved, named[:3], [], {}, [None], [{"friendly_name": ["x"]}], [{"friendly_name": "x"}]):
        for meta in ({"next_page_url": None}, {}, {"next_page_url": following}, {"next_page_url": "http://["}, [], 7):
            yield b"200\n" + json.dumps({"contents": listed, "meta": meta}).encode()
    yield b'201\n{"sid": "HX1", "status": "received"}'
    yield b'400\n{"code": 20001}'


def play_simulator(data):
    """Lines with the status and Retry-After, then the body."""
    line, wait, body = parts_of(data, 3)
    answer = Answer(status_of(line), {"retry-after": wait.decode("latin-1")}, body)
    check_result(simulator_sending.read_send(answer), answer.status, MOST_WAIT * 28)
    found = simulator_sending.read_look_up(answer)
    if isinstance(found, Found):
        assert all(found.provider_ids)
        assert all(map(is_keepable, found.provider_ids))
    else:
        assert isinstance(found, NotTaken | Unknown)
        assert not isinstance(found, NotTaken) or answer.status == 200


def simulator_seeds():
    yield b'201\n\n{"id": "sim-7-1795510729728-0"}'
    yield b'200\n\n{"id": null}'
    yield b'503\n5\n{"error": "away"}'
    yield b'400\n\n{"error": "body"}'
    yield b'429\n99999\n{"error": {"a": ["\\u0000"]}}'
    yield b'200\n\n{"id": "\\ud800"}'


def play_redirect(data):
    """An answer leads nowhere but to the first host or a named one, never from https to http."""
    target = data.decode("latin-1")
    url, allowed = "https://api.twilio.com/Media/ME1", (".twiliocdn.com", "media.example")
    try:
        there = outbound._next(url, target, "api.twilio.com", allowed)
    except RedirectRefused:
        return
    assert there.startswith("https://")
    host = there.removeprefix("https://").replace("\\", "/").partition("/")[0].partition("?")[0].partition("#")[0]
    host = host.rpartition("@")[2].partition(":")[0].lower()
    assert host in ("api.twilio.com", "media.example") or host.endswith(".twiliocdn.com")


def redirect_seeds():
    hosts = ("https://api.twilio.com/x", "//media.example/a?b#c", "https://s3.twiliocdn.com:443/", "/Media/ME2", "..",
             "http://api.twilio.com/", "https://twiliocdn.com.example/", "https://[::1]/", "https://api.twilio.com@x.y/",
             "https://media.example\\@x/", "http://[", "javascript:x", "https://MEDIA.example/",
             "https://x:99999999/", "https://evil.example\\.twiliocdn.com/",
             "https://evil.example\\@media.example/")  # fmt: skip
    return [host.encode() for host in hosts]


ANSWERS = {
    "twilio_send": Target(play_send, send_seeds, ("handlers/twilio_whatsapp/answers.py",)),
    "twilio_inbound": Target(play_inbound, inbound_seeds, ("handlers/twilio_whatsapp/remembered.py",)),
    "twilio_list": Target(play_list, list_seeds, ("handlers/twilio_whatsapp/sending.py",)),
    "twilio_contents": Target(play_contents, contents_seeds, ("handlers/twilio_whatsapp/contents.py",)),
    "simulator_answer": Target(play_simulator, simulator_seeds, ("handlers/simulator/sending.py",)),
    "redirect": Target(play_redirect, redirect_seeds, ("base/outbound.py",), 512),
}
