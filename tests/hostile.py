"""Hostile forms at Twilio's door: how a good one is spoilt, and what of it may be kept by the words of channels.md."""

import base64
import hmac
import json
import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from urllib.parse import parse_qsl, quote_plus, unquote_to_bytes

from tests.conftest import VARIABLES

ACCOUNT, TOKEN = VARIABLES["TWILIO_ACCOUNT_SID"], VARIABLES["TWILIO_AUTH_TOKEN"]
SENDER, BASE = VARIABLES["TWILIO_WHATSAPP_FROM"], VARIABLES["PUBLIC_BASE_URL"]
MESSAGES, REPORTS = "/webhooks/twilio", "/webhooks/twilio/status"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES, MOST_PARAMETERS = 3_000_000, 500


@dataclass
class Knock:
    """One request: what is spoilt before it is signed, and what afterwards."""

    pairs: list[tuple[bytes, bytes]]
    path: str = MESSAGES
    query: str = ""
    kind: str | None = FORM
    body: bytes | None = None  # in the place of the pairs
    spoil: str = ""
    is_signed: bool = True
    headers: dict[str, str] = field(default_factory=dict)

    def spell(self):
        """The body as it is now."""
        if self.body is None:
            self.body = b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in self.pairs)
        return self.body

    def seal(self):
        """Sign it, as Twilio would have signed just this (channels.md §1.2)."""
        if self.is_signed:
            self.headers["X-Twilio-Signature"] = signature(self.address, self.spell())
        return self

    def heard_as(self, body):
        """The same request with this body, signed as before."""
        if body == self.body:
            return self
        is_signed = self.is_signed and signature(self.address, body) == signature(self.address, self.body)
        return replace(self, body=body, is_signed=is_signed)

    def prints(self, sid):
        """The SHA-256 of what a message's row may hold: the form, byte for byte."""
        return {sha256(self.body).hexdigest()}

    @property
    def address(self):
        return f"{BASE}{self.path}" + (f"?{self.query}" if self.query else "")


def _quoted(text):
    return quote_plus(text, safe=":").encode()


def signature(address, body):
    """§1.2: the address, then each distinct name and value in their order, HMAC-SHA1 with the account's token."""
    halves = (piece.partition(b"=") for piece in body.replace(b"+", b" ").split(b"&") if piece)
    told = sorted({(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in halves})
    text = address.encode() + b"".join(name + value for name, value in told)
    return base64.b64encode(hmac.digest(TOKEN.encode(), text, "sha1")).decode()


# what channels.md says is kept


@dataclass(frozen=True)
class Kept:
    """A row: of the inbox with who wrote it, of the reports with what became of the send."""

    sid: str
    told: str
    is_report: bool = False


STATUSES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending"), "accepted"),
    **{status: status for status in ("sent", "delivered", "read")},
    **dict.fromkeys(("failed", "undelivered", "canceled"), "failed"),
}
UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def rows_of(knock):
    """What must be kept of this request: None when it is to be refused, else none or one row (§1.1, §1.6)."""
    if not knock.is_signed or len(knock.body) > MOST_BYTES or knock.body.count(b"&") >= MOST_PARAMETERS:
        return None
    if (knock.kind or "").partition(";")[0].strip().lower() != FORM:
        return None
    told = {}
    for name, value in parse_qsl(knock.body.decode("utf-8", "replace"), keep_blank_values=True):
        told.setdefault(name.translate(UNSEEN), value.translate(UNSEEN))
    is_report = knock.path == REPORTS
    if (told.get("AccountSid"), told.get("From" if is_report else "To")) != (ACCOUNT, SENDER):
        return None
    names = ("MessageSid", "SmsSid") if is_report else ("MessageSid", "SmsMessageSid", "SmsSid")
    sid = next((told[name] for name in names if re.fullmatch("[A-Z]{2}[0-9a-fA-F]{32}", told.get(name, ""))), None)
    if is_report:
        shown = (told.get(name, "").strip() for name in ("MessageStatus", "SmsStatus"))
        status = STATUSES.get(next(filter(None, shown), "").lower())
        return None if sid is None else [Kept(sid, status, is_report=True)] if status else []
    who = _person(told)
    return [Kept(sid, who)] if sid and who else None


def _person(told):
    """The phone where one is shown, else the business-scoped id."""
    shown = [told.get(name, "").removeprefix("whatsapp:") for name in ("From", "ExternalUserId")]
    phones = [who for who in (*shown, "+" + told.get("WaId", "")) if re.fullmatch(r"\+[1-9]\d{6,14}", who, re.ASCII)]
    hidden = [who for who in shown if re.fullmatch(r"[A-Z]{2}(\.[A-Za-z0-9]{1,128}){1,3}", who)]
    return next(iter([*phones, *hidden]), None)


# how Twilio would have said it


def message(number, phone, words):
    """A good message."""
    sid, digits = f"SM{number:032x}", phone.removeprefix("+")
    data = {"type": "whatsapp", "data": {"context": {"ProfileName": "Awa", "WaId": digits}}}
    return Knock(
        _bytes(
            {
                "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Awa", "MessageType": "text", "SmsSid": sid,
                "WaId": digits, "SmsStatus": "received", "Body": words, "To": SENDER, "NumSegments": "1",
                "ReferralNumMedia": "0", "MessageSid": sid, "AccountSid": ACCOUNT,
                "ChannelMetadata": json.dumps(data), "From": f"whatsapp:{phone}", "ApiVersion": "2010-04-01",
            }
        )
    )  # fmt: skip


def report(number, phone, status):
    """A good status callback."""
    sid = f"SM{number:032x}"
    fields = {
        "ChannelPrefix": "whatsapp", "ApiVersion": "2010-04-01", "MessageStatus": status, "SmsSid": sid,
        "SmsStatus": status, "To": f"whatsapp:{phone}", "From": SENDER, "MessageSid": sid, "AccountSid": ACCOUNT,
    }  # fmt: skip
    return Knock(_bytes(fields), path=REPORTS)


def _bytes(fields):
    return [(name.encode(), value.encode()) for name, value in fields.items()]


# how it is spoilt: each takes the chance and a good request

NOISE = (
    b"", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"\xf0\x9f\x91", "é👍".encode(), "\u202eziR".encode(),
    b" ", b"\r\n", b"null", b"-1", b"1e999", b"nan", b"'; drop table inbox; --", b"%00", b"{{1}}", b"\x7f\x1b[2J",
)  # fmt: skip
COUNTS = (b"9" * 400, b"-1", b"1e400", b"NaN", "١٢".encode(), b"0x10", b"1_0", b" 3 ", b"", b"10000000000")
COUNTED = (b"NumMedia", b"NumSegments", b"ReferralNumMedia", b"Latitude", b"Longitude", b"ErrorCode", b"WaId")
DOCUMENTS = (
    b"{", b"[" * 100_000, b'{"a":' * 5_000, b"null", b"7", b'"\\ud800"', b'{"id": "v1:\\ud800\\u0000x"}', b'{"id": 7}',
    b'{"list_reply": []}', b'{"list_reply": {"id": "' + b"x" * 5_000 + b'"}}', b"\xff{}", b'{"id": 1e999}', b"NaN",
)  # fmt: skip
STRANGE = (b"MediaUrl0", b"ListId", b"ButtonPayload", b"ExternalUserId", b"MessageStatus", b"Label", b"constructor")


def _set(knock, name, value):
    knock.pairs = [pair for pair in knock.pairs if pair[0] != name]
    knock.pairs.append((name, value))


def blank(chance, knock):
    place = chance.randrange(len(knock.pairs))
    knock.pairs[place] = (knock.pairs[place][0], b"")


def drop(chance, knock):
    del knock.pairs[chance.randrange(len(knock.pairs))]


def noisy(chance, knock):
    place = chance.randrange(len(knock.pairs))
    name, value = knock.pairs[place]
    cut = chance.choice((0, len(value) // 2, len(value)))
    knock.pairs[place] = (name, value[:cut] + chance.choice(NOISE) + value[cut:])


def replaced(chance, knock):
    place = chance.randrange(len(knock.pairs))
    knock.pairs[place] = (knock.pairs[place][0], chance.choice(NOISE))


def misnamed(chance, knock):
    place = chance.randrange(len(knock.pairs))
    name, value = knock.pairs[place]
    knock.pairs[place] = (chance.choice((name.lower(), name + b"\x00", name + b" ", b"\xed\xa0\x80", b"", name)), value)


def repeated(chance, knock):
    name, value = chance.choice(knock.pairs)
    again = (name, chance.choice((value, b"", value + b"x", *NOISE)))
    knock.pairs.insert(chance.randrange(len(knock.pairs) + 1), again)


def shuffled(chance, knock):
    chance.shuffle(knock.pairs)


def counted(chance, knock):
    _set(knock, chance.choice(COUNTED), chance.choice(COUNTS))


def broken_json(chance, knock):
    _set(knock, chance.choice((b"ChannelMetadata", b"InteractiveData")), chance.choice(DOCUMENTS))


def unknown(chance, knock):
    _set(knock, chance.choice(STRANGE), chance.choice((*NOISE, b"https://api.twilio.com/x", b"sent", b"x" * 300)))


def long(chance, knock):
    value = chance.choice((b"x " * 2_500, "é".encode() * 5_000, b"x" * 100_000, b"x" * 5_000_000))
    _set(knock, chance.choice((b"Body", b"ProfileName", b"Label")), value)


def crowded(chance, knock):
    more = chance.choice((470, 484, 485, 1_000, 5_000))
    knock.pairs += [(b"p%d" % number, b"") for number in range(more)]


def torn(chance, knock):
    body = knock.spell()
    knock.body = body[: chance.randrange(len(body) + 1)]


def flipped(chance, knock):
    body = bytearray(knock.spell() or b"=")  # another spoiler may have left nothing
    for _ in range(chance.choice((1, 1, 3, 30))):
        body[chance.randrange(len(body))] = chance.randrange(256)
    knock.body = bytes(body)


def sprinkled(chance, knock):
    body = knock.spell()
    for _ in range(chance.choice((1, 3))):
        cut = chance.randrange(len(body) + 1)
        body = body[:cut] + chance.choice((b"&&", b"%", b"%zz", b";", b"=", b"&=&", b"%00", b"+", b"\x00")) + body[cut:]
    knock.body = body


def no_form(chance, knock):
    knock.body = chance.choice((b"", b"&" * 499, b"&" * 5_000, b"=", b"{}", b"[" * 1_000, bytes(range(256)), b"%" * 99))


def other_kind(chance, knock):
    kinds = (
        None,
        "",
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        f"{FORM.upper()}; charset=x",
    )
    knock.kind = chance.choice(kinds)


def asked(chance, knock):
    knock.query = chance.choice(("o=%ff%00", "o=1.2", "o=" + "9" * 400, "o", "bodySHA256=0", "a=b&a=c&%zz"))


def said_again(chance, knock):
    """The id of an earlier message: a copy with other words."""
    place = next(number for number, (name, _) in enumerate(knock.pairs) if name == b"MessageSid")
    knock.pairs[place] = (b"MessageSid", b"SM%032x" % chance.randrange(1, 40))


def wrongly_signed(chance, knock):
    good = signature(knock.address, knock.spell())
    told = {"X-Twilio-Signature": chance.choice(("", good[:-2], good.lower() + "=", good + "A", "é" * 28, "x" * 9_000))}
    other = {"X-Twilio-Signature": signature(knock.address + "x", knock.body)}
    sha256 = {"X-Twilio-Signature": good, "X-Twilio-Webhooks-Signature-Settings": "algorithm=HMAC_SHA256"}
    unheard = {"X-Twilio-Signature": good, "X-Twilio-Webhooks-Signature-Settings": "key=x,algorithm=HMAC_SHA1"}
    knock.headers |= chance.choice(({}, told, told, other, sha256, unheard))
    knock.is_signed = False


# in the order in which two of them spoil one form: first its pairs, then its bytes, at last its signature
SPOILERS = (
    said_again, blank, drop, noisy, noisy, replaced, misnamed, repeated, repeated, shuffled, counted, counted,
    broken_json, unknown, long, crowded, other_kind, asked, torn, flipped, flipped, sprinkled, no_form,
    wrongly_signed,
)  # fmt: skip


def spoilt_message(chance, number, phone):
    """One good message of that number, spoilt once, seldom twice, and signed as it then is."""
    return spoil(chance, message(number, phone, f"je cherche zoblo{number}"), SPOILERS)


def spoilt_report(chance, number, phone):
    """One good status callback of that number, spoilt in the same ways."""
    return spoil(chance, report(number, phone, chance.choice((*STATUSES, "unheard_of", " READ "))), SPOILERS)


def spoil(chance, good, spoilers):
    """A good request after one of these ways, seldom two in their order, signed as it then is."""
    chosen = {chance.choice(spoilers) for _ in range(chance.choice((1, 1, 1, 2)))}
    ways = sorted(chosen, key=spoilers.index)
    for way in ways:
        way(chance, good)
    good.spoil = "+".join(way.__name__ for way in ways)
    return good.seal()
