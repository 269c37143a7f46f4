"""Hostile documents at the simulator's door: how a good one is spoilt, and what of it may be kept."""

import hmac
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256

from tests.conftest import VARIABLES
from tests.hostile import NOISE, Kept, flipped, spoil, torn

PATH = "/webhooks/simulator"
MOST_BYTES = 3_000_000
LAST = datetime.max.replace(tzinfo=UTC)
RANKED = ("accepted", "sent", "delivered", "read", "failed")


@dataclass
class Post:
    """One request: its document, or the bytes in its place."""

    document: object
    body: bytes | None = None
    spoil: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    is_signed: bool = True
    path: str = PATH
    query: str = ""
    kind: str = "application/json"
    signed_in = "X-Assigame-Signature"
    secret = VARIABLES["SIMULATOR_SECRET"]

    def spell(self):
        """The body as it is now."""
        if self.body is None:
            self.body = json.dumps(self.document).encode()
        return self.body

    def seal(self):
        """Sign just these bytes."""
        if self.is_signed:
            self.headers[self.signed_in] = self.signature()
        return self

    def signature(self):
        """HMAC-SHA256 of the body with the secret."""
        return "sha256=" + hmac.digest(self.secret.encode(), self.spell(), "sha256").hex()

    def a_list(self, chance):
        """One of the lists whose elements are each a message or a report."""
        return self.document[chance.choice(("messages", "reports"))]

    def heard_as(self, body):
        """The same request with this body, signed as before."""
        return self if body == self.body else replace(self, body=body, is_signed=False)

    @cached_property
    def read(self):
        """What the body says. Raises ValueError or RecursionError."""
        return json.loads(self.body)

    def prints(self, sid):
        """The SHA-256 of what a message's row may hold: its own element of the document, or one of its copies."""
        own = [one for one in self.read["messages"] if isinstance(one, dict) and one.get("id") == sid]
        return {sha256(json.dumps({"messages": [one]}).encode("ascii")).hexdigest() for one in own}


class Refused(Exception):
    """It is to be refused, whatever it says."""


def taken_by(post):
    """What a request says that is signed, not too long, and JSON. Raises Refused."""
    if not post.is_signed or len(post.body) > MOST_BYTES:
        raise Refused
    try:
        return post.read
    except (ValueError, RecursionError):
        raise Refused from None


def object_in(inside, name):
    """The object of this name, or an empty one."""
    found = inside.get(name)
    return found if isinstance(found, dict) else {}


def list_in(inside, name):
    """The list of this name, poison and all, or an empty one."""
    found = inside.get(name)
    return found if isinstance(found, list) else []


def objects_in(inside, name):
    """The objects of the list of this name."""
    return [one for one in list_in(inside, name) if isinstance(one, dict)]


# what is kept


def rows_of(post):
    """What must be kept of this request: None when it is to be refused, else its rows in order, messages first."""
    try:
        document = taken_by(post)
    except Refused:
        return None
    if not isinstance(document, dict):
        return None
    messages, reports = document.get("messages", []), document.get("reports", [])
    if not isinstance(messages, list) or not isinstance(reports, list):
        return None
    said = sorted((element for element in messages if isinstance(element, dict)), key=_moment)
    kept = [_message(element) for element in said]
    return [row for row in (*kept, *(_report(e) for e in reports if isinstance(e, dict))) if row]


def _message(element):
    sid, phone = element.get("id"), element.get("phone")
    is_person = isinstance(phone, str) and re.fullmatch(r"\+[1-9]\d{7,14}", phone, re.ASCII)
    return Kept(sid, phone) if _is_name(sid) and is_person else None


def _moment(element):
    """When it was sent; what does not tell it in whole comes last."""
    try:
        moment = datetime.fromisoformat(element.get("sent_at"))
        return moment.astimezone(UTC) if moment.tzinfo else LAST
    except (TypeError, ValueError, OverflowError):
        return LAST


def _report(element):
    sid, status, row = element.get("id"), element.get("status"), element.get("outbox_id")
    is_row = row is None or (type(row) is int and 0 < row < 1 << 63)
    known = isinstance(status, str) and status in RANKED
    return Kept(sid, status, is_report=True) if _is_name(sid) and known and is_row else None


def _is_name(value):
    """An id of at most 200 characters that UTF-8 and PostgreSQL can hold."""
    if not isinstance(value, str) or not 0 < len(value) <= 200 or "\x00" in value:
        return False
    return not re.search("[\ud800-\udfff]", value)


# how the simulator would have said it


def _said(number, phone, words):
    moment = "2026-11-24T09:00:50.230000+00:00"
    sid = f"sim-in-{number:032x}"
    return {"id": sid, "phone": phone, "name": "Awa", "sent_at": moment, "replied_to": "", "text": words}


def document(number, phone):
    """A good document."""
    return Post(_whole(number, phone))


def _whole(number, phone):
    """One document with each kind of element."""
    more = {
        "media": {"kind": "image", "reference": "http://127.0.0.1/x", "mime": "image/jpeg"},
        "location": {"latitude": 6.17, "longitude": 1.23, "label": "Bè", "address": ""},
        "tap": "v1:buyer.menu~browse",
    }
    reports = [
        {"id": f"sim-{number}", "status": "delivered", "outbox_id": 7},
        {"id": f"sim-{number}", "status": "sent"},
    ]
    said = _said(number, phone, f"je cherche zoblo{number}")
    return {"messages": [said, {**said, "id": f"sim-two-{number}", **more}], "reports": reports}


# how it is spoilt: each takes the chance and a good request

VALUES = (
    None, True, False, 0, -1, 1, 2**63, 10**400, 1e308, float("nan"), float("inf"), "", " ", "x" * 201, "x" * 70_000,
    "\x00", "\ud800", "é👍", "+22890000001\n", "+228900000019999999", "٣", [], {}, [[]], ["read"], {"id": "x"}, "read",
)  # fmt: skip


def _places(value, at=()):
    """The way to every value in a document."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield from _places(below, (*at, key))


def _holder(chance, post):
    way = chance.choice([way for way in _places(post.document) if way])
    inside = post.document
    for key in way[:-1]:
        inside = inside[key]
    return inside, way[-1]


def replaced(chance, post):
    inside, key = _holder(chance, post)
    inside[key] = chance.choice(VALUES)


def dropped(chance, post):
    inside, key = _holder(chance, post)
    del inside[key]


def renamed(chance, post):
    inside, key = _holder(chance, post)
    if isinstance(inside, dict):
        inside[chance.choice((key.upper(), f"{key}\x00", "", "__class__"))] = inside.pop(key)


def doubled(chance, post):
    elements = post.a_list(chance)
    elements *= chance.choice((2, 3, 40))


def strange(chance, post):
    elements = post.a_list(chance)
    elements.insert(chance.randrange(len(elements) + 1), chance.choice(VALUES))


def whole(chance, post):
    post.document = chance.choice(VALUES)


def sprinkled(chance, post):
    body = post.spell()
    for _ in range(chance.choice((1, 3))):
        cut = chance.randrange(len(body) + 1)
        body = body[:cut] + chance.choice((*NOISE, b"}", b"[", b'"', b",", b"\\u0000", b"\\ud83d")) + body[cut:]
    post.body = body


def no_document(chance, post):
    deep = (b"[" * 100_000, b'{"entry":' * 50_000, b'{"a":' * 900 + b"1" + b"}" * 900)
    post.body = chance.choice((*deep, b"", b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b"NaN", b'"\\ud800"', b"{" * 99))


def large(chance, post):
    post.document["messages"][0]["text"] = "x" * chance.choice((5_000, 2_900_000, 3_100_000))


def wrongly_signed(chance, post):
    good = post.signature()
    told = chance.choice(("", good[:-1], good.upper(), good.removeprefix("sha256="), "é" * 71, "x" * 9_000, good + "0"))
    post.headers |= chance.choice(({}, {post.signed_in: told}))
    post.is_signed = False


# in the order in which two of them spoil one document: first its values, then its bytes, at last its signature
SPOILERS = (
    large, doubled, strange, replaced, replaced, dropped, renamed, whole, torn, flipped, sprinkled, no_document,
    wrongly_signed,
)  # fmt: skip


def spoilt(chance, number, phone):
    """One good document of that number, spoilt once, seldom twice, and signed as it then is."""
    return spoil(chance, document(number, phone), SPOILERS)
