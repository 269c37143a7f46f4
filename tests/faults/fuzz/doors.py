"""Targets: what knocks at the doors, signed or not, and what the spool holds of it."""

import json
import tempfile
from pathlib import Path
from random import Random

import handlers.simulator
import handlers.twilio_whatsapp
import handlers.whatsapp_cloud
from base.accounts import TwilioWhatsappAccount
from base.secret import Secret
from bot import documents
from bot.messages import RANKS, Kept, Parsed
from bot.spool import ASIDE, Spool
from handlers.channel import WebhookRequest
from handlers.errors import BadRequest, BadSignature
from handlers.signatures import check_twilio, form_pairs, sign_our_id
from handlers.simulator.reading import MOST_ID, read_webhook
from handlers.twilio_whatsapp.channel import TwilioWhatsapp
from handlers.twilio_whatsapp.parsing import MOST_NAME, MOST_TAP
from tests import hostile, hostile_documents
from tests.faults.fuzz.target import NUL_IN_JSON, Target, is_keepable, parts_of

AWA = "+22890123456"
KEY = Secret("the-secret-key")
CHANNEL = TwilioWhatsapp(hostile.BASE, KEY)
ACCOUNT = TwilioWhatsappAccount(
    key="twilio", account_sid=hostile.ACCOUNT, auth_token=Secret(hostile.TOKEN), sender=hostile.SENDER
)
SPOILT = 60  # seeds
MOST_BYTES = 4096


def recordings(package, pattern):
    return [path.read_bytes() for path in sorted((Path(package.__file__).parent / "recordings").glob(pattern))]


def spoilt(make):
    """Bodies of spoilt requests that are short enough, always the same."""
    bodies = [make(Random(number), number + 1, AWA).body for number in range(SPOILT)]
    return [body for body in bodies if len(body) <= MOST_BYTES]


def request_of(knock):
    """A request of tests.hostile as a channel gets it."""
    headers = {name.lower(): value for name, value in knock.headers.items()} | {"content-type": knock.kind}
    return WebhookRequest("POST", knock.path, knock.query, headers, knock.spell())


def parsed_by(channel, account, knock):
    """What a channel reads in a signed request; None when it refuses it."""
    try:
        request = request_of(knock.seal())
        return next((channel.parse(one, request) for one in channel.verify([account], request)), None)
    except (BadRequest, BadSignature):
        return None


def rows_in(parsed):
    """What a door would keep of it, as tests.hostile counts it."""
    for kept in parsed.messages:
        sender = kept.message.sender
        yield hostile.Kept(kept.message.provider_id, sender.identities[0].value)
    for report in parsed.reports:
        yield hostile.Kept(report.provider_id, report.status, is_report=True)


def check_message(message):
    """It can be kept, comes back from JSON the same, and says something or that it cannot be read."""
    assert documents.keepable(message) == message
    assert documents.incoming_from(json.loads(documents.incoming_to_json(message))) == message
    says = bool(message.text or message.tap or message.media or message.location or message.reaction)
    says = says or bool(message.cards or message.cart or message.edits or message.deletes or message.happened)
    assert says != bool(message.unread)
    where = message.location
    assert where is None or (abs(where.latitude) <= 90 and abs(where.longitude) <= 180)
    assert len(message.tap) <= MOST_TAP
    assert len(message.sender.name) <= MOST_NAME
    assert all(one.reference for one in message.media)


def check_report(report):
    """A known status, and a failure just where it failed."""
    assert report.status in RANKS
    assert (report.failure is not None) == (report.status == "failed")
    assert report.failure is None or is_keepable(report.failure.code)


# Twilio


def play_message(body):
    knock = hostile.Knock([], body=body)
    parsed = parsed_by(CHANNEL, ACCOUNT, knock)
    assert (None if parsed is None else [*rows_in(parsed)]) == hostile.rows_of(knock)
    for kept in parsed.messages if parsed else ():
        assert kept.raw == body
        check_message(kept.message)


def play_report(data):
    """A line with the signed id as it came, then the form."""
    query, body = parts_of(data, 2)
    query = query.partition(b"#")[0]  # no server tells a fragment, and Twilio signs none
    knock = hostile.Knock([], path=hostile.REPORTS, query=query.decode("latin-1"), body=body)
    parsed = parsed_by(CHANNEL, ACCOUNT, knock)
    assert (None if parsed is None else [*rows_in(parsed)]) == hostile.rows_of(knock)
    for report in parsed.reports if parsed else ():
        check_report(report)
        if report.outbox_id is not None:
            assert f"o={sign_our_id(KEY, report.outbox_id)}" in unquoted(query)


def unquoted(query):
    return "&".join(
        f"{name.decode('latin-1')}={value.decode('latin-1')}" for name, value in form_pairs(query.replace(b"+", b" "))
    )


def report_seeds():
    told = (f"o={sign_our_id(KEY, 4711)}", "o=4711.00", "o=%ff%00", "", "a=b&o=1.2&o=3")
    forms = recordings(handlers.twilio_whatsapp, "status_*.txt") + spoilt(hostile.spoilt_report)
    return [told[number % len(told)].encode() + b"\n" + body for number, body in enumerate(forms)]


def is_signed(request):
    try:
        check_twilio(request, hostile.BASE, (Secret(hostile.TOKEN),), {"webhooks_sharedkey_1": KEY})
    except BadSignature:
        return False
    return True


def play_signature(data):
    """Lines with the signature, its settings, the kind of the body and the query, then the body."""
    told, settings, kind, query, body = (part.decode("latin-1") for part in parts_of(data, 5))
    raw, whole = body.encode("latin-1"), hostile.Knock([], query=query, kind=kind, body=body.encode("latin-1")).seal()
    right = whole.headers["X-Twilio-Signature"]

    def knock(signature, raw, more=""):
        headers = {"x-twilio-signature": signature, "content-type": kind}
        headers |= {"x-twilio-webhooks-signature-settings": settings} if more else {}
        return is_signed(WebhookRequest("POST", hostile.MESSAGES, query, headers, raw))

    if told != right:
        assert not knock(told, raw)
        assert not knock(told, raw, settings)
    if kind == hostile.FORM and "#" not in query and raw.isascii() and query.isascii():
        assert knock(right, raw) == (raw.count(b"&") < hostile.MOST_PARAMETERS)
        assert not knock(right, raw + b"&zoblo=1")
        assert not knock(right[:-2] + ("A=" if right[-2] != "A" else "E="), raw)


def signature_seeds():
    settings = ("", "algorithm=HMAC_SHA256", "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256", "key=é,algorithm=é")
    bodies = recordings(handlers.twilio_whatsapp, "*.txt")[:20]
    for number, body in enumerate(bodies):
        kind = (hostile.FORM, "application/json")[number % 2]
        query = ("", "o=1.2", "bodySHA256=0")[number % 3]
        told = hostile.signature(hostile.Knock([], query=query).address, body)
        yield "\n".join((told, settings[number % 4], kind, query, "")).encode() + body


# the simulator


def play_document(body):
    post = hostile_documents.Post(None, body=body).seal()
    try:
        parsed = read_webhook(body)
    except BadRequest:
        parsed = None
    counted = hostile_documents.rows_of(post)
    assert (None if parsed is None else sorted(map(repr, rows_in(parsed)))) == (counted and sorted(map(repr, counted)))
    for kept in parsed.messages if parsed else ():
        check_message(kept.message)
        assert [one.message for one in read_webhook(kept.raw).messages] == [kept.message]
    for report in parsed.reports if parsed else ():
        check_report(report)
        assert len(report.provider_id) <= MOST_ID


# the spool

FOLDER = tempfile.TemporaryDirectory(prefix="fuzz-spool-")
NAME = f"{0:020d}-1-00000000-twilio.webhook"


def play_spool(content):
    """A file is handed on as what it was written from, or put aside: it never stays."""
    spool, stored = Spool(Path(FOLDER.name)), []
    (spool.folder / NAME).write_bytes(content)
    spool.drain(lambda key, webhooks: stored.extend((key, parsed) for parsed in webhooks))
    assert spool.is_empty()
    aside = spool.put_aside()
    assert len(aside) + len(stored) == 1
    for path in aside:
        assert path.suffix in ASIDE
        path.unlink()
    for key, parsed in stored:
        again = documents.parsed_from_json(documents.parsed_to_json(parsed))
        assert key == "twilio"
        assert documents.parsed_to_json(again) == documents.parsed_to_json(parsed)
        for kept in parsed.messages:
            assert not NUL_IN_JSON.search(documents.incoming_to_json(documents.keepable(kept.message)))


def spool_seeds():
    """Every recording as the spool would have written it."""
    for body in recordings(handlers.simulator, "*.json"):
        yield documents.parsed_to_json(read_webhook(body))
    for body in recordings(handlers.twilio_whatsapp, "*.txt"):
        parsed = parsed_by(CHANNEL, ACCOUNT, hostile.Knock([], body=body))
        yield documents.parsed_to_json(parsed or Parsed())
    yield documents.parsed_to_json(Parsed((Kept(next(read_all()), b"\xff\x00"),)))


def read_all():
    for body in recordings(handlers.simulator, "text.json"):
        yield from (kept.message for kept in read_webhook(body).messages)


TWILIO = ("handlers/twilio_whatsapp/channel.py", "handlers/twilio_whatsapp/fields.py", "handlers/words.py")
META_SHAPES = ("handlers/twilio_whatsapp/meta_shapes.py", "handlers/whatsapp.py")
DOORS = {
    "twilio_message": Target(
        play_message,
        lambda: recordings(handlers.twilio_whatsapp, "*.txt") + spoilt(hostile.spoilt_message),
        (
            *TWILIO,
            "handlers/twilio_whatsapp/parsing.py",
            "handlers/twilio_whatsapp/meta_shapes.py",
            "handlers/whatsapp.py",
        ),
        watched=("handlers.signatures",),
    ),
    "twilio_report": Target(
        play_report, report_seeds, (*TWILIO, "handlers/twilio_whatsapp/parsing.py", "handlers/signatures.py")
    ),
    "twilio_signature": Target(play_signature, signature_seeds, ("handlers/signatures.py",)),
    "simulator_document": Target(
        play_document,
        lambda: recordings(handlers.simulator, "*.json") + spoilt(hostile_documents.spoilt),
        ("handlers/simulator/reading.py",),
    ),
    "spool": Target(play_spool, spool_seeds, ("bot/documents.py",), watched=("bot.spool",)),
}
