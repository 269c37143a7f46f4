"""Targets: what Meta tells of a Page, what it answers, and the links that people share there."""

import json
from urllib.parse import urlsplit

import handlers.messenger
from base.outbound import Answer
from bot.messages import Location
from handlers.errors import BadRequest
from handlers.graph import MOST_WAIT
from handlers.messenger import profile
from handlers.messenger.answers import read_send
from handlers.messenger.channel import Messenger, is_meta_address
from handlers.messenger.links import behind, place_of
from handlers.words import MOST_TEXT
from tests.faults.fuzz.answers import check_code, status_of
from tests.faults.fuzz.doors import KEY, check_message, check_report, recordings
from tests.faults.fuzz.target import Target, is_keepable, parts_of
from tests.handlers.messenger.conftest import account_of, signed

CHANNEL, ACCOUNT = Messenger(KEY), account_of()
HOSTS = (".fbcdn.net", ".fbsbx.com")


def play_webhook(body):
    """Signed bytes are refused, or read: in order, each message again from its own bytes."""
    request = signed(body)
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
        assert is_keepable(kept.message.provider_id)
        kinds = [identity.kind for identity in kept.message.sender.identities]
        assert kinds in (["comment"], ["comment", "psid"]) if kept.message.comment else kinds == ["psid"]
        assert CHANNEL.parse(account, signed(kept.raw)).messages == (kept,)
    times = [kept.message.sent_at for kept in parsed.messages if kept.message.sent_at]
    assert times == sorted(times)
    for report in parsed.reports:
        check_report(report)
        assert report.status in ("sent", "delivered")
    for mark in parsed.watermarks:
        assert (mark.to.kind, mark.status in ("delivered", "read")) == ("psid", True)
        assert set(mark.to.value) <= set("0123456789")
        assert mark.until.tzinfo is not None


def webhook_seeds():
    yield from (one for one in recordings(handlers.messenger, "*.json") if b'"object"' in one)


def play_answer(data):
    """Lines with the status and Retry-After, then the body."""
    line, wait, body = parts_of(data, 3)
    answer = Answer(status_of(line), {"retry-after": wait.decode("latin-1")}, body)
    result = read_send(answer)
    if code := getattr(result, "code", ""):
        assert answer.status >= 300
        check_code(code)
        assert result.wait is None or 0 < result.wait <= MOST_WAIT
    elif told := getattr(result, "provider_id", ""):
        assert answer.status < 300
        assert is_keepable(told)
    try:
        assert profile.checked(answer)
    except profile.PageRefused as error:
        check_code(error.why)


def answer_seeds():
    for text in recordings(handlers.messenger, "answer_*.json"):
        told = json.loads(text)
        yield b"%d\n3\n" % told["status"] + json.dumps(told["body"]).encode()
    yield b"429\n1e999\n{}"
    yield b'200\n\n{"message_id": "\\u0000\\ud800"}'


def play_link(data):
    """A place is on the globe; a file's address that may be asked for is at one of Meta's hosts, however it is read."""
    url = data.decode("utf-8", "surrogateescape")
    place = place_of(behind(url))
    assert place is None or (isinstance(place, Location) and abs(place.latitude) <= 90 and abs(place.longitude) <= 180)
    if is_meta_address(ACCOUNT, url):
        host = urlsplit(url.replace("\\", "/")).hostname
        assert url.startswith("https://")
        assert host.endswith(HOSTS)


def link_seeds():
    yield b"https://l.facebook.com/l.php?u=https%3A%2F%2Fmaps.google.com%2F%3Fq%3D6.1725%2C1.2314&h=AT0"
    yield b"https://www.bing.com/maps/default.aspx?v=2&where1=6.1725%2C+1.2314"
    yield b"https://www.google.com/maps/place/X/@6.2,1.3,17z/data=!3d6.1725!4d1.2314"
    yield b"https://www.openstreetmap.org/?mlat=6.1725&mlon=1.2314#map=17"
    yield b"https://scontent.xx.fbcdn.net/v/riz.jpg?oh=1"
    yield b"https://evil.example\\.fbcdn.net/x"
    yield b"https://[::1"


ROOM = "handlers/messenger/"
MESSENGER = {
    "messenger_webhook": Target(
        play_webhook,
        webhook_seeds,
        (
            *(f"{ROOM}{name}.py" for name in ("channel", "parsing", "fields", "attachments", "reports", "comments")),
            *("handlers/graph.py", "handlers/words.py"),
        ),
    ),
    "messenger_answer": Target(play_answer, answer_seeds, (f"{ROOM}answers.py", f"{ROOM}profile.py")),
    "messenger_link": Target(play_link, link_seeds, (f"{ROOM}links.py",), 512),
}
