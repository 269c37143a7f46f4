"""The provider that a run speaks to: takes messages, reports three times on each, as Twilio does."""

import asyncio
import base64
import hmac
import itertools
import json
import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

from bench.wire import Answer, Caller

ACCOUNT_SID = "AC" + "b" * 32
AUTH_TOKEN = "0123456789abcdef0123456789abcdef"  # of a stand-in that lives for one run
SENDER = "whatsapp:+22890009000"
STATUSES = ("sent", "delivered", "read")
FIRST_PAIR = {"fr_qr": (2, 2), "fr_img_qr": (3, 2), "fr_list": (3, 3)}  # content → place of its first title, stride
KEPT = 64  # messages of one person that a look-up finds


@dataclass(frozen=True)
class Said:
    """One message as the person sees it: ids of what is offered, in their order; `words` of a plain one."""

    sid: str
    to: str
    offers: tuple[str, ...]
    words: str
    is_copy: bool = False  # the program has sent this very bubble before: its own id stands in the callback


@dataclass
class Faults:
    """Shares of sends that meet a fault: 429, a 500 that took nothing, a reset after the message was taken."""

    busy: float = 0.0
    broken: float = 0.0
    reset: float = 0.0
    met: Counter[str] = field(default_factory=Counter)

    def draw(self) -> str:
        """Which fault this send meets, '' for none."""
        chance = random.random()
        for name, share in (("busy", self.busy), ("broken", self.broken), ("reset", self.reset)):
            if chance < share:
                self.met[name] += 1
                return name
            chance -= share
        return ""


def sign(url: str, fields: Mapping[str, str]) -> str:
    """Twilio's signature of a form (channels.md §1.2): HMAC-SHA1 of the address and the sorted names and values."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(AUTH_TOKEN.encode(), text.encode(), "sha1")).decode()


def offers_of(content: str, variables: Mapping[str, str]) -> tuple[str, ...]:
    """The ids that a content's variables offer."""
    shape, _, count = content.rpartition("_")
    if shape not in FIRST_PAIR:
        return ()
    first, stride = FIRST_PAIR[shape]
    return tuple(variables[str(first + 1 + stride * n)] for n in range(int(count)))


class Provider:
    """One sender's messages; `heard` is called for each, in the order they were taken."""

    def __init__(self, port: int, heard: Callable[[Said], None]) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.heard = heard
        self.faults = Faults()
        self.reports_are_on = True
        self.refused: Callable[[str], None] = lambda refusal: None  # called for each report that was not taken
        self.done: Callable[[str], None] = lambda sid: None  # called when a message's three reports were taken
        self.contents: dict[str, dict[str, Any]] = {}
        self.callbacks = Caller(port, 256)  # by which reports come
        self._sids = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._taken: set[str] = set()  # callbacks that name a bubble
        self._said: defaultdict[str, deque[tuple[Said, datetime]]] = defaultdict(lambda: deque(maxlen=KEPT))

    def close(self) -> None:
        """Let go of the connections."""
        self.callbacks.close()

    @property
    def open_reports(self) -> int:
        """Messages whose reports are not all taken yet."""
        return len(self._tasks)

    def handle(self, method: str, target: str, body: bytes) -> Answer:
        """One request of the program."""
        parts = urlsplit(target)
        if parts.path.endswith("/Messages.json"):
            if method == "POST":
                return self._take(dict(parse_qsl(body.decode(), keep_blank_values=True)))
            return 200, self._listed(dict(parse_qsl(parts.query)))
        return self._contents(method, parts.path, body)

    def _take(self, form: Mapping[str, str]) -> Answer:
        fault = self.faults.draw()
        if fault == "busy":
            return 429, b'{"code": 20429, "message": "Too Many Requests", "status": 429}'
        if fault == "broken":
            return 500, b'{"code": 20500, "message": "Internal Server Error", "status": 500}'
        said = self._read(form)
        self._said[said.to].append((said, datetime.now(UTC)))
        self.heard(said)
        if self.reports_are_on:
            task = asyncio.create_task(self._report(said, form.get("StatusCallback", "")))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self.done(said.to)
        return None if fault == "reset" else (201, b'{"sid": "%b", "status": "queued"}' % said.sid.encode())

    def _read(self, form: Mapping[str, str]) -> Said:
        sid, to = f"SM{next(self._sids):032x}", form["To"].removeprefix("whatsapp:")
        content = self.contents.get(form.get("ContentSid", ""))
        is_copy = self._is_copy(form.get("StatusCallback", ""))
        if content is None:
            return Said(sid, to, (), form.get("Body", ""), is_copy)
        values = json.loads(form["ContentVariables"])
        return Said(sid, to, offers_of(content["friendly_name"], values), values.get("1", ""), is_copy)

    def _is_copy(self, callback: str) -> bool:
        """Whether a bubble that the program names came before; the floor names none."""
        if not urlsplit(callback).query:
            return False
        is_known = callback in self._taken
        self._taken.add(callback)
        return is_known

    async def _report(self, said: Said, callback: str) -> None:
        await asyncio.sleep(0)  # the answer to the send goes first
        callback = callback.partition("#")[0]  # how to connect: neither sent nor signed
        target = callback.removeprefix(self.base)
        for status in STATUSES:
            fields = {
                "AccountSid": ACCOUNT_SID, "ApiVersion": "2010-04-01", "ChannelPrefix": "whatsapp", "From": SENDER,
                "MessageSid": said.sid, "MessageStatus": status, "SmsSid": said.sid, "SmsStatus": status,
                "To": f"whatsapp:{said.to}",
            }  # fmt: skip
            body = "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()).encode()
            if refusal := await self.callbacks.refusal(target, body, sign(callback, fields)):
                self.refused(refusal)
        self.done(said.to)

    def _listed(self, query: Mapping[str, str]) -> bytes:
        to = query.get("To", "").removeprefix("whatsapp:")
        rows = [
            {
                "sid": said.sid, "body": said.words, "direction": "outbound-api", "status": "delivered",
                "date_created": format_datetime(at.replace(microsecond=0)),
            }
            for said, at in reversed(self._said[to])
        ]  # fmt: skip
        return json.dumps({"messages": rows, "next_page_uri": None}).encode()

    def _contents(self, method: str, path: str, body: bytes) -> Answer:
        if method == "POST" and path.endswith("/ApprovalRequests/whatsapp"):
            content = self.contents[path.split("/")[3]]
            # a list is what the floor sends too: photos side by side are never approved here
            status = "pending" if content["friendly_name"].startswith("fr_carousel") else "approved"
            content["approval_requests"] = {"status": status}
            return 201, json.dumps({"status": status}).encode()
        if method == "POST":
            sid = f"HX{len(self.contents) + 1:032x}"
            self.contents[sid] = {**json.loads(body), "sid": sid}
            return 201, json.dumps(self.contents[sid]).encode()
        return 200, json.dumps({"contents": list(self.contents.values()), "meta": {}}).encode()


@dataclass(frozen=True)
class Inbound:
    """A signed webhook as it goes over the wire."""

    target: str
    body: bytes
    signature: str


class Phones:
    """What people's messages become at the provider: signed forms."""

    target = "/webhooks/twilio"

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}{self.target}"
        self._sids = itertools.count(random.getrandbits(100) << 20)

    def say(self, phone: str, words: str, tap: str = "") -> Inbound:
        """Words, or a tap on the offer with that id."""
        sid, digits = f"SM{next(self._sids):032x}", phone.removeprefix("+")
        fields = {
            "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Awa", "MessageType": "text", "SmsSid": sid,
            "WaId": digits, "SmsStatus": "received", "Body": words, "To": SENDER, "NumSegments": "1",
            "ReferralNumMedia": "0", "MessageSid": sid, "AccountSid": ACCOUNT_SID, "From": f"whatsapp:{phone}",
            "ApiVersion": "2010-04-01",
            "ChannelMetadata": f'{{"type":"whatsapp","data":{{"context":{{"ProfileName":"Awa","WaId":"{digits}"}}}}}}',
        }  # fmt: skip
        if tap:
            fields |= {"MessageType": "interactive", "ButtonPayload": tap, "ButtonText": words}
        return Inbound(self.target, urlencode(fields).encode(), sign(self.url, fields))
