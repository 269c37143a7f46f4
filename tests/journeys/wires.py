"""The channels as a journey uses them: phones that say, tap and show, each over its real wire."""

import json
import re

import urllib3

from base.spelling import fold
from bot.dialogs import DIALOGS
from bot.extras import map_of
from bot.messages import Location
from bot.readings import read_command
from bot.routing import BACK_WORDS, HAT_WORDS
from dashboard.simulator.phones import Phones
from dashboard.simulator.photos import Photos
from dashboard.simulator.provider import id_of
from handlers.signatures import form_pairs, sign_body
from tests.files import LISTS, OGG, PDF, VIDEO, picture

NUMBERED = re.compile(r"^([1-9]\d*)\. (.+?)(?: · .*)?$", re.MULTILINE)
HEADING = re.compile(r"\n\n[^\n]+\n\Z")  # of the first section
TYPED_ANYWHERE = {*BACK_WORDS, *HAT_WORDS}
TYPED = re.compile(r"^(.+?) · (.+)$", re.MULTILINE)

MAP = "https://maps.google.com/?q="
FILES = {
    "voice": ("audio", "audio/ogg", OGG),
    "photo": ("image", "image/jpeg", picture("JPEG")),
    "broken": ("image", "image/jpeg", b"\xff\xd8\xffno picture"),
    "gif": ("image", "image/gif", picture("GIF")),
    "sticker": ("sticker", "image/webp", picture("WEBP")),
    "video": ("video", "video/mp4", VIDEO),
    "document": ("document", "application/pdf", PDF),
    **LISTS,
}
"""How a story names a file -> the kind, type and bytes on the wire."""


class Shown:
    """A bubble as the phone shows it: words without the numbered lines, offers by title, how each is chosen."""

    def __init__(self, body, titles, taps, photo, source, audio=""):
        self.titles, self.taps, self.photo, self.source = titles, taps, photo, source
        self.audio = audio
        self.body, self.has_place = without_map(body)

    def __repr__(self):
        return f"{self.body!r} {self.titles}"


def without_map(body):
    """Words without the address of a map, and whether there was one: other channels show a pin or a button for it."""
    lines = body.split("\n")
    kept = [line for line in lines if not line.startswith(MAP)]
    return "\n".join(kept), len(kept) < len(lines)


def with_pins(bubbles):
    """Bubbles of which a pin that stands alone belongs to the next one."""
    shown, is_behind_a_pin = [], False
    for bubble in bubbles:
        if bubble.has_place and not bubble.body and not bubble.titles:
            is_behind_a_pin = True
            continue
        bubble.has_place |= is_behind_a_pin
        is_behind_a_pin = False
        shown.append(bubble)
    return shown


def opens(words):
    """Whether somebody may type this: a command with or without a code, a word for a place, a way, a hat, a search."""
    word = fold(words)
    if word in TYPED_ANYWHERE or word.startswith("voir "):
        return True
    return any(word in one.anywhere or read_command(one.commands, words) for one in DIALOGS)


def from_words(body, photo, source):
    """A bubble without buttons: its numbered lines are its offers, what stands before ` · ` is typed for the others."""
    numbered = NUMBERED.findall(body)
    if numbered:
        before = body[: NUMBERED.search(body).start()]  # the last line may be `0. Retour`
        plain = HEADING.sub("", before).rstrip()
        return Shown(
            plain, [title for _, title in numbered], {title: number for number, title in numbered}, photo, source
        )
    head, _, tail = body.rpartition("\n\n")
    typed = TYPED.findall(tail) if head and all(" · " in line for line in tail.splitlines()) else []
    if typed and all(opens(words) for words, _ in typed):
        return Shown(head, [title for _, title in typed], {title: words for words, title in typed}, photo, source)
    return Shown(body, [], {}, photo, source)


class TwilioWire:
    """Signed Twilio webhooks, and a fake Twilio that renders contents as the phone shows them."""

    key = "twilio"

    def __init__(self, fake):
        self.fake, self.read, self.reported, self.names, self.last = fake, {}, 0, {}, {}

    def say(self, phone, words):
        """A text message."""
        inbound = self.fake.say(phone, words, name=self.names[phone])
        self.last[phone] = dict(form_pairs(inbound.body))[b"MessageSid"].decode()
        self._deliver(inbound)

    def tap(self, phone, shown, title):
        """A button of a bubble, or its number in text mode."""
        if title in shown.taps:
            return self.say(phone, shown.taps[title])
        by = "ListId" if shown.source.layout == "list" else "ButtonPayload"
        return self._deliver(self.fake.tap(shown.source, title, name=self.names[phone], by=by))

    def pin(self, phone, latitude, longitude):
        """A location."""
        self._deliver(self.fake.pin(phone, latitude, longitude, name=self.names[phone]))

    def media(self, phone, kind, words=""):
        """A file with words below it."""
        named, mime, content = FILES[kind]
        url = self.fake.keeps(content, f"ME{kind}")
        self._deliver(self.fake.photo(phone, url, words, mime, self.names[phone], named))

    def card(self, phone, name, phones):
        """A contact card."""
        contact = {"name": {"formatted_name": name}, "phones": [{"phone": one} for one in phones]}
        self._deliver(self.fake.beside(phone, "contacts", {"contacts": [contact]}, self.names[phone]))

    def cart(self, phone, items):
        """A cart of the catalogue."""
        items = [{"product_retailer_id": slug, "quantity": quantity, "item_price": 1} for slug, quantity in items]
        self._deliver(self.fake.beside(phone, "order", {"order": {"product_items": items}}, self.names[phone]))

    def react(self, phone, shown, emoji):
        """A reaction on a bubble."""
        self._deliver(self.fake.react(shown.source, emoji, self.names[phone]))

    def edit(self, phone, words):
        """Other words in the place of the last ones."""
        data = {"edit": {"original_message_id": self.last[phone]}}
        self._deliver(self.fake.beside(phone, "text", data, self.names[phone], words))

    def delete(self, phone):
        """What was said last is taken back."""
        data = {"revoke": {"original_message_id": self.last[phone]}}
        self._deliver(self.fake.beside(phone, "revoke", data, self.names[phone]))

    def unsupported(self, phone):
        """A kind that the provider does not pass on, such as a photo to be seen once."""
        self._deliver(self.fake.beside(phone, "unsupported", {}, self.names[phone]))

    def refuse_content(self, name):
        """The provider takes its approval of a template back, in all languages."""
        for language in ("fr", "en"):
            self.fake.approvals[self.fake.sid_of(name[:-2] + language)]["status"] = "rejected"

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
        if message.place:
            return Shown(f"{MAP}{message.place}", [], {}, "", message)
        if message.layout == "link":
            return Shown(f"{message.body}\n{message.link[1]}", [], {}, "", message)
        if message.layout == "text" and "/received/" in message.photo and not message.body:
            return Shown(message.body, [], {}, "", message, message.photo)
        if message.layout == "text":
            is_document = "/documents/" in message.photo and "/documents/code/" not in message.photo
            return from_words(message.body, "" if is_document else message.photo, message)
        return Shown(message.body, list(message.titles), {}, message.photo, message)

    def _deliver(self, inbound):
        assert self.fake.deliver(inbound) == 200


class SimulatorWire:
    """Signed webhooks of the simulator, and its streams as the page reads them."""

    key = "simulator"

    def __init__(self, web, secret, redis):
        self.web, self.secret, self.phones, self.http = web, secret, Phones(redis), urllib3.PoolManager()
        self.read, self.names, self.last, self.number = {}, {}, {}, 0
        self.photos = Photos(redis, web)

    def say(self, phone, words):
        """A text message."""
        self._post(phone, text=words)
        self.last[phone] = f"sim-in-{self.number}"

    def tap(self, phone, shown, title):
        """A button of a bubble, or its number in text mode."""
        if title in shown.taps:
            return self.say(phone, shown.taps[title])
        offer = next(offer for offer in shown.source["offers"] if offer["title"] == title)
        return self._post(phone, text=title, tap=offer["id"])

    def pin(self, phone, latitude, longitude):
        """A location."""
        self._post(phone, location={"latitude": latitude, "longitude": longitude})

    def media(self, phone, kind, words=""):
        """A file with words below it."""
        named, mime, content = FILES[kind]
        reference = self.photos.address(self.photos.keep(content))
        self._post(phone, text=words, media={"kind": named, "reference": reference, "mime": mime})

    def card(self, phone, name, phones):
        """A contact card."""
        self._post(phone, cards=[{"name": name, "phones": phones}])

    def cart(self, phone, items):
        """A cart of the catalogue."""
        self._post(phone, cart=[{"product": slug, "quantity": quantity} for slug, quantity in items])

    def react(self, phone, shown, emoji):
        """A reaction on a bubble."""
        self._post(phone, reaction={"to": shown.source["id"], "emoji": emoji})

    def edit(self, phone, words):
        """Other words in the place of the last ones."""
        self._post(phone, text=words, edits=self.last[phone])

    def delete(self, phone):
        """What was said last is taken back."""
        self._post(phone, deletes=self.last[phone])

    def unsupported(self, phone):
        """A kind that the provider does not pass on, such as a photo to be seen once."""
        self._post(phone, kind="unsupported")

    def reports_came(self):
        """Nobody tells of its bubbles."""
        return False

    def new_bubbles(self, phones):
        """Phone -> what came there since the last look."""
        found = {phone: [] for phone in phones}
        cursors = {phone: self.read.get(phone, "0") for phone in phones}
        for entry in self.phones.after(cursors, 0) if cursors else ():
            self.read[entry.phone] = entry.id
            if entry.event.get("kind") == "bubble" and not entry.event.get("receipt"):  # it only says it once more
                sent_id = id_of(entry.event["outbox_id"], entry.id)
                found[entry.phone].append(self._shown({**entry.event, "id": sent_id}))
        return found

    def _shown(self, event):
        offers = event.get("offers") or []
        if event.get("place"):
            return Shown(map_of(Location(**event["place"])), [], {}, "", event)
        if event.get("link"):
            return Shown(f"{event['body']}\n{event['link']['url']}", [], {}, "", event)
        if event.get("audio"):
            return Shown(event["body"], [], {}, "", event, event["audio"])
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
