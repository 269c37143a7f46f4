"""The channels as a journey uses them: phones that say, tap and show, each over its real wire."""

import json
import re

import urllib3

from dashboard.simulator.phones import Phones
from handlers.signatures import sign_body

NUMBERED = re.compile(r"^([1-9]\d*)\. (.+?)(?: · .*)?$", re.MULTILINE)
COMMAND = re.compile(r"(A|R|suivi|livre|retour|attention|acheter|ma boutique|organisation)\b")
TYPED = re.compile(r"^(.+?) · (.+)$", re.MULTILINE)


class Shown:
    """A bubble as the phone shows it: words without the numbered lines, offers by title, how each is chosen."""

    def __init__(self, body, titles, taps, photo, source):
        self.body, self.titles, self.taps, self.photo, self.source = body, titles, taps, photo, source

    def __repr__(self):
        return f"{self.body!r} {self.titles}"


def from_words(body, photo, source):
    """A bubble without buttons: its numbered lines are its offers, what stands before ` · ` is typed for the others."""
    numbered = NUMBERED.findall(body)
    if numbered:
        plain = body[: NUMBERED.search(body).start()].rstrip()  # the last line may be `0. Retour`
        return Shown(
            plain, [title for _, title in numbered], {title: number for number, title in numbered}, photo, source
        )
    head, _, tail = body.rpartition("\n\n")
    typed = TYPED.findall(tail) if head and all(" · " in line for line in tail.splitlines()) else []
    if typed and all(COMMAND.match(words) for words, _ in typed):
        return Shown(head, [title for _, title in typed], {title: words for words, title in typed}, photo, source)
    return Shown(body, [], {}, photo, source)


class TwilioWire:
    """Signed Twilio webhooks, and a fake Twilio that renders contents as the phone shows them."""

    key = "twilio"

    def __init__(self, fake):
        self.fake, self.read, self.reported, self.names = fake, {}, 0, {}

    def say(self, phone, words):
        """A text message."""
        self._deliver(self.fake.say(phone, words, name=self.names[phone]))

    def tap(self, phone, shown, title):
        """A button of a bubble, or its number in text mode."""
        if title in shown.taps:
            return self.say(phone, shown.taps[title])
        by = "ListId" if shown.source.layout == "list" else "ButtonPayload"
        return self._deliver(self.fake.tap(shown.source, title, name=self.names[phone], by=by))

    def pin(self, phone, latitude, longitude):
        """A location."""
        self._deliver(self.fake.pin(phone, latitude, longitude, name=self.names[phone]))

    def media(self, phone, kind):
        """A voice note or a photo."""
        mime = {"voice": "audio/ogg", "photo": "image/jpeg"}[kind]
        self._deliver(self.fake.photo(phone, f"{self.fake.url}/media/1", mime=mime, name=self.names[phone]))

    def refuse_contents(self):
        """The provider takes its approvals back."""
        self.fake.approvals.clear()

    def reports_came(self):
        """Whether the provider has told of its messages since the last look; it has told all when this returns."""
        self.fake.settle()
        seen, self.reported = self.reported, len(self.fake.posted)
        return self.reported > seen

    def new_bubbles(self, phones):
        """Phone -> what came there since the last look."""
        return {phone: self._fresh(phone) for phone in phones}

    def _fresh(self, phone):
        messages = self.fake.to(phone)
        fresh = messages[self.read.get(phone, 0) :]
        self.read[phone] = len(messages)
        return [self._shown(message) for message in fresh]

    def _shown(self, message):
        if message.layout == "text":
            return from_words(message.body, message.photo, message)
        return Shown(message.body, list(message.titles), {}, message.photo, message)

    def _deliver(self, inbound):
        assert self.fake.deliver(inbound) == 200


class SimulatorWire:
    """Signed webhooks of the simulator, and its streams as the page reads them."""

    key = "simulator"

    def __init__(self, web, secret, redis):
        self.web, self.secret, self.phones, self.http = web, secret, Phones(redis), urllib3.PoolManager()
        self.read, self.names, self.number = {}, {}, 0

    def say(self, phone, words):
        """A text message."""
        self._post(phone, text=words)

    def tap(self, phone, shown, title):
        """A button of a bubble, or its number in text mode."""
        if title in shown.taps:
            return self.say(phone, shown.taps[title])
        offer = next(offer for offer in shown.source["offers"] if offer["title"] == title)
        return self._post(phone, text=title, tap=offer["id"])

    def pin(self, phone, latitude, longitude):
        """A location."""
        self._post(phone, location={"latitude": latitude, "longitude": longitude})

    def media(self, phone, kind):
        """A voice note or a photo."""
        kind, mime = {"voice": ("audio", "audio/ogg"), "photo": ("image", "image/jpeg")}[kind]
        self._post(phone, media={"kind": kind, "reference": f"{self.web}/simulator/photos/1", "mime": mime})

    def reports_came(self):
        """Nobody tells of its bubbles."""
        return False

    def new_bubbles(self, phones):
        """Phone -> what came there since the last look."""
        found = {phone: [] for phone in phones}
        cursors = {phone: self.read.get(phone, "0") for phone in phones}
        for entry in self.phones.after(cursors, 0) if cursors else ():
            self.read[entry.phone] = entry.id
            if entry.event.get("kind") == "bubble":
                found[entry.phone].append(self._shown(entry.event))
        return found

    def _shown(self, event):
        offers = event.get("offers") or []
        if event.get("layout", "text") == "text":
            return from_words(event["body"], event.get("photo"), event)
        return Shown(event["body"], [offer["title"] for offer in offers], {}, event.get("photo"), event)

    def _post(self, phone, **message):
        self.number += 1
        body = json.dumps(
            {"messages": [{"id": f"sim-in-{self.number}", "phone": phone, "name": self.names[phone], **message}]}
        ).encode()
        headers = {"Content-Type": "application/json", "X-Assigame-Signature": sign_body(self.secret, body)}
        answer = self.http.request("POST", f"{self.web}/webhooks/simulator", body=body, headers=headers, timeout=10)
        assert answer.status == 200, answer.data
