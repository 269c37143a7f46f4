"""Who stands behind the accounts of a house: a provider for each channel, that knocks at the doors of its processes."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import urllib3

from handlers.messenger.handover import PART
from tests.fakes import messenger, messenger_phone
from tests.fakes.graph_phones import FakeCloud, signed, status_of
from tests.fakes.messenger import FakePage
from tests.fakes.twilio import FakeTwilio
from tests.fakes.twilio_phone import Inbound
from tests.journeys import messenger_wire
from tests.journeys.conftest import PUBLIC_URL, settings_of, settle_people


class Knocking:
    """A provider that calls one address with several doors behind it: each try goes to the next of them.

    Each kind has `settings` of its account, delivers (`deliver`), and reads its own messages (`read`): the id, then the
    person's name on the channel, the profile's name and the words. What it took are its `messages`: `sid`, `to`,
    `body`, `ours` (our signed id), `received_at`, `confirmed`.
    """

    def __init__(self, doors):
        self.doors, self._turn, self._noting = list(doors), count(), threading.Lock()
        self.said = set()  # the phone, the name and the words of every message that was knocked with
        self.acknowledged = []  # messages that were answered 200
        # provider's id of a message -> when its first try began, and when one was first answered 200, else the last one
        self.under_way, self._heard = {}, set()

    @property
    def web(self):
        return self.doors[next(self._turn) % len(self.doors)]

    @web.setter
    def web(self, _):
        """The doors say it."""

    def id_of(self, inbound):
        """The provider's id of one delivered message."""
        return self.read(inbound)[0]

    def knock(self, inbound):
        """Deliver one message; the status, 0 for no answer."""
        sid, *said = self.read(inbound)
        self.said.add(tuple(said))
        began = time.monotonic()
        status = self.deliver(inbound)
        self.note_answer(sid, began, time.monotonic(), status)
        if status == 200:
            self.acknowledged.append(inbound)
        return status

    def note_answer(self, sid, began, ended, status):
        """A try of a message is over: it is under way from its first try on, and no longer once it is acknowledged."""
        with self._noting:
            first, last = self.under_way.get(sid, (began, ended))
            self.under_way[sid] = min(first, began), last if sid in self._heard else ended
            if status == 200:
                self._heard.add(sid)

    def knock_together(self, inbounds):
        """Deliver all at once; the statuses in their order."""
        inbounds = list(inbounds)
        with ThreadPoolExecutor(min(64, len(inbounds))) as threads:
            return list(threads.map(self.knock, inbounds))


class TwilioProvider(Knocking, FakeTwilio):
    """WhatsApp at Twilio; it tells by itself what became of a message."""

    key = "twilio"

    def __init__(self, doors, callbacks=("delivered",), **more):
        Knocking.__init__(self, doors)
        FakeTwilio.__init__(self, public_base_url=PUBLIC_URL, callbacks=callbacks, **more)

    @property
    def settings(self):
        """The variables of its account."""
        return settings_of(self)

    def settle(self, market):
        """The demo's people on its account, and its contents, as an operator has made them."""
        settle_people(SimpleNamespace(market=market), self)

    def is_quiet(self):
        """Whether every callback so far has been answered."""
        with self._quiet:
            return self._open_callbacks == 0

    @staticmethod
    def read(inbound):
        return _told_by_twilio(inbound.body)


@lru_cache(maxsize=50_000)
def _told_by_twilio(body):
    form = dict(parse_qsl(body.decode()))
    return (
        form.get("MessageSid", ""),
        form.get("From", "").removeprefix("whatsapp:"),
        form.get("ProfileName", ""),
        form.get("Body", ""),
    )


@dataclass
class Taken:
    """A message that Meta has taken; `document` is what it was handed."""

    sid: str
    to: str
    body: str
    ours: str
    document: dict
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    confirmed: dict = field(default_factory=dict)

    def confirm(self, how):
        self.confirmed.setdefault(how, time.time())


class GraphProvider(Knocking):
    """Meta, as far as its channels are one: `fake` is its Graph, which takes messages and reports nothing by itself."""

    key, path, place, moods = "", "", 0, {}

    def __init__(self, doors, fake):
        super().__init__(doors)
        self.fake, self.messages, self.posted = fake, [], []
        self._http = urllib3.PoolManager(maxsize=64, retries=False)
        fake.on_taken = self._take

    def __enter__(self):
        self.fake.__enter__()
        return self

    def __exit__(self, *raised):
        self.fake.__exit__(*raised)
        self._http.clear()

    @property
    def settings(self):
        """The variables of its account; two of Meta's are at two addresses."""
        own = self._settings()
        address = own.pop("GRAPH_API_BASE")
        return own | {f"ASSIGAME__CHANNEL_ACCOUNTS__{self.place}__API_BASE": address}

    def meets(self, mood):
        """What befalls the next message that is sent: a word of `moods`, or of the fake's own."""
        self.fake.moods.append(self.moods.get(mood, mood))

    def is_quiet(self):
        """Nothing is on its way that no test has sent."""
        return True

    def to(self, name):
        """What a person was sent, by his name on the channel."""
        return [message for message in list(self.messages) if message.to == name]

    def deliver(self, inbound):
        """Post a signed document; the status, 0 for no answer."""
        address = self.web + urlsplit(inbound.url).path
        try:
            return self._http.request("POST", address, body=inbound.body, headers=inbound.headers, timeout=15).status
        except urllib3.exceptions.HTTPError:
            return 0

    def report(self, message, status):
        """Tell what became of a message; the door's answer."""
        answer = self.deliver(self.inbound(*self.signed_report(message, status)))
        self.posted.append((message.sid, status, answer))
        if answer == 200:
            message.confirm("report")
        return answer

    def inbound(self, headers, body):
        """Signed bytes on their way to the channel's address."""
        return Inbound(f"{PUBLIC_URL}{self.path}", headers, body)

    def _take(self, sid, document, is_told):
        message = self.taken(sid, document)
        if message:
            if is_told:
                message.confirm("answer")
            self.messages.append(message)


class CloudProvider(GraphProvider):
    """WhatsApp at Meta's Cloud API."""

    key, path, place = "whatsapp", "/webhooks/whatsapp", 1
    moods = {"accept_then_reset": "reset"}

    def __init__(self, doors):
        super().__init__(doors, FakeCloud(statuses=()))

    def _settings(self):
        return settings_of(self.fake)

    def settle(self, market):
        """The demo's people on its account, and its templates, made and approved."""
        settle_people(SimpleNamespace(market=market), self.fake)

    @staticmethod
    def name_of(phone):
        """How the channel names the person of a phone."""
        return phone

    def say(self, phone, words, name="Awa"):
        """A signed text message."""
        _, said = self.fake.said_by("text", phone, name, {"text": {"body": words}})
        return self.inbound(*signed([said]))

    @staticmethod
    def read(inbound):
        value = json.loads(inbound.body)["entry"][0]["changes"][0]["value"]
        (message,), (contact,) = value["messages"], value["contacts"]
        return message["id"], f"+{message['from']}", contact["profile"].get("name", ""), message["text"]["body"]

    @staticmethod
    def signed_report(message, status):
        return signed([{"statuses": [status_of(message.sid, status, message.ours, phone=message.to)]}])

    def taken(self, sid, document):
        """A payload, as it is kept."""
        shown = next(one for one in self.fake.shown if one.wamid == sid)
        return Taken(sid, f"+{document['to'].removeprefix('+')}", shown.body, shown.ours, document)


class PageProvider(GraphProvider):
    """A Page of Messenger; what it took comes back as an echo, which is its report of `sent`."""

    key, path, place = "messenger", "/webhooks/messenger", 2
    moods = {
        "accept_then_reset": "take_and_reset",
        "throttled": (400, messenger.error(613), {}),
        "token": (401, messenger.error(190), {}),
        "away": (503, b"<html>Service Unavailable</html>", {}),
    }

    def __init__(self, doors):
        super().__init__(doors, FakePage())
        self._phones = messenger_phone.Phones()

    def _settings(self):
        return messenger_wire.settings_of(self.fake)

    @staticmethod
    def name_of(phone):
        """How the channel names the person of a phone."""
        return messenger_wire.psid_of(phone)

    def say(self, phone, words, name=""):
        """A signed text message; nobody's name comes with it."""
        return self.inbound(*messenger_phone.signed([self._phones.message(self.name_of(phone), text=words)]))

    @staticmethod
    def read(inbound):
        (event,) = json.loads(inbound.body)["entry"][0]["messaging"]
        return event["message"]["mid"], event["sender"]["id"], "", event["message"]["text"]

    def signed_report(self, message, status):
        if status == "sent":
            return messenger_phone.signed([self._phones.echo(message.to, message.sid, message.document["message"])])
        return messenger_phone.signed([self._phones.delivered(message.to, [message.sid])])

    @staticmethod
    def taken(sid, document):
        """A document, as it is kept; None for one that is no whole letter."""
        message = document["message"]
        if message["metadata"].startswith(PART):
            return None
        return Taken(sid, document["recipient"]["id"], messenger_wire.words_of(message), message["metadata"], document)
