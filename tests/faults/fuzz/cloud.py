"""Targets: Meta's webhooks of the Cloud API, and what its Graph answers to a send and of a file."""

import json
from dataclasses import replace

import handlers.whatsapp_cloud
from base.accounts import WhatsappCloudAccount
from base.outbound import Answer
from base.secret import Secret
from bot.messages import Accepted, Refused, Unclear
from handlers.channel import WebhookRequest
from handlers.errors import BadRequest, BadSignature
from handlers.graph import SIGNATURE, greet, retry_after, signature, signers
from handlers.signatures import sign_our_id
from handlers.whatsapp_cloud.channel import WhatsappCloud
from handlers.whatsapp_cloud.media import ADDRESS
from handlers.whatsapp_cloud.sending import read_send
from tests.fakes.graph_cloud import APP_SECRET, MOODS, NUMBER_ID, TOKEN, VERIFY_TOKEN, knock
from tests.faults.fuzz.answers import check_result, status_of
from tests.faults.fuzz.doors import KEY, check_message, check_report, recordings
from tests.faults.fuzz.target import Target, parts_of

CHANNEL = WhatsappCloud(KEY)
ACCOUNT = WhatsappCloudAccount(
    key="whatsapp",
    app_secret=Secret(APP_SECRET),
    verify_token=Secret(VERIFY_TOKEN),
    access_token=Secret(TOKEN),
    phone_number_id=NUMBER_ID,
)
MODULES = ("envelope", "fields", "parsing", "happenings", "news", "digests", "reports", "channel")
LONGEST = 86400.0  # seconds of a wait
MOST_TEXT = 4096


def play_webhook(body):
    """What is read can be kept, and is read again as the same; what belongs to no number of ours is nobody's."""
    request = knock(body)
    try:
        accounts = CHANNEL.verify([ACCOUNT], request)
    except BadRequest:
        return
    if not accounts:
        return
    (account,) = accounts
    parsed = CHANNEL.parse(account, request)
    for kept in parsed.messages:
        check_message(kept.message)
        assert len(kept.message.text) <= MOST_TEXT
        assert [one.message for one in CHANNEL.parse(account, replace(request, body=kept.raw)).messages] == [
            kept.message
        ]
    for report in parsed.reports:
        check_report(report)
        assert report.outbox_id is None or sign_our_id(KEY, report.outbox_id).encode() in body


def webhook_seeds():
    """The recordings, one whose status brings an id home, and a batch of two numbers."""
    seeds = recordings(handlers.whatsapp_cloud, "*.json")
    yield from seeds
    ours = sign_our_id(KEY, 4711)
    sent = json.loads(next(one for one in seeds if b'"status": "sent"' in one))
    value = sent["entry"][0]["changes"][0]["value"]
    value["statuses"][0]["biz_opaque_callback_data"] = ours
    sent["entry"].append({"changes": [{"field": "messages", "value": value | {"metadata": {"phone_number_id": "2"}}}]})
    yield json.dumps(sent).encode()


def play_signature(data):
    """A line with the signature as it came, one with the query of a greeting, then the body."""
    told, query, body = parts_of(data, 3)
    told, query = told.decode("latin-1"), query.decode("latin-1")
    right = signature(Secret(APP_SECRET), body)
    for header in {told, right}:
        request = WebhookRequest("POST", "/webhooks/whatsapp", "", {SIGNATURE: header}, body)
        try:
            found = signers([ACCOUNT], request)
        except BadSignature:
            found = []
        assert bool(found) == (header == right)
    try:
        reply = greet([ACCOUNT], WebhookRequest("GET", "/webhooks/whatsapp", query, {}, b""))
    except BadSignature:
        return
    assert reply.status == 200
    assert "subscribe" in query
    assert "hub.verify_token" in query or "%" in query


def signature_seeds():
    asked = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    words = ("un+mot+%C3%A0+nous", "un%20mot%20%E0", "", "un mot")
    bodies = recordings(handlers.whatsapp_cloud, "text*.json")
    for number, body in enumerate(bodies):
        told = signature(Secret(APP_SECRET if number % 2 else "other"), body)
        yield "\n".join((told, asked + words[number % len(words)], "")).encode() + body


def play_send(data):
    """Lines with the status and Retry-After, then the body."""
    line, wait, body = parts_of(data, 3)
    status = min(status_of(line), 599)  # no server says more
    answer = Answer(status, {"retry-after": wait.decode("latin-1")} if wait else {}, body)
    result = read_send(answer)
    check_result(result, status, LONGEST)
    assert isinstance(result, Accepted | Refused | Unclear)
    waits = retry_after(answer)
    assert waits is None or 0 < waits <= 3600


def send_seeds():
    for status, headers, body in MOODS.values():
        yield b"%d\n%s\n" % (status, headers.get("Retry-After", "").encode()) + body
    yield b'200\n\n{"messaging_product": "whatsapp", "messages": [{"id": "wamid.1"}]}'
    yield b"429\n1e999\n{}"


def play_address(data):
    """An address that may be asked for is read in one way: nothing in its host ends it, or stands before it."""
    address = data.decode("utf-8", "replace")
    if ADDRESS.fullmatch(address):
        host = address.partition("//")[2].partition("/")[0]
        assert host.isascii()
        assert not set(host) & set("@\\#?[]% \t\r\n")


def address_seeds():
    yield b"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3"
    yield b"http://127.0.0.1:8000/files/1"
    yield b"https://lookaside.fbsbx.com@evil.example/\\x"
    yield b"https://evil.example\\@lookaside.fbsbx.com/"


CLOUD = {
    "cloud_webhook": Target(
        play_webhook,
        webhook_seeds,
        (
            *("handlers/graph.py", "handlers/whatsapp.py", "handlers/words.py"),
            *(f"handlers/whatsapp_cloud/{name}.py" for name in MODULES),
        ),
    ),
    "cloud_signature": Target(play_signature, signature_seeds, ("handlers/graph.py",)),
    "cloud_send": Target(play_send, send_seeds, ("handlers/whatsapp_cloud/sending.py", "handlers/graph.py")),
    "cloud_address": Target(play_address, address_seeds, ("handlers/whatsapp_cloud/media.py",)),
}
