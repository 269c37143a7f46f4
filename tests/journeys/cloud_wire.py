"""WhatsApp at Meta as a journey uses it: signed webhooks, and a fake Graph that shows what a phone would."""

from bot.extras import map_of
from bot.messages import Location
from tests.journeys.wires import FILES, Shown, from_words

SEEN_ONCE = {"code": 131051, "title": "Message type unknown", "error_data": {"details": "not supported"}}


class CloudWire:
    """The twin of TwilioWire; `fake` is a tests.fakes.graph_phones.FakeCloud."""

    key = "whatsapp"

    def __init__(self, fake):
        self.fake, self.read, self.names, self.last = fake, {}, {}, {}

    def say(self, phone, words):
        """A text message."""
        self.last[phone] = self._bring("text", phone, {"body": words})

    def tap(self, phone, shown, title):
        """A button or a row of a bubble, or its number in text mode."""
        if title in shown.taps:
            return self.say(phone, shown.taps[title])
        kind = "list_reply" if shown.source.layout == "list" else "button_reply"
        chosen = next(one for one in shown.source.buttons if one["title"] == title)
        return self._bring("interactive", phone, {"type": kind, kind: chosen}, to=shown.source)

    def pin(self, phone, latitude, longitude):
        """A location."""
        self._bring("location", phone, {"latitude": latitude, "longitude": longitude})

    def media(self, phone, kind, words=""):
        """A file with words below it."""
        named, mime, content = FILES[kind]
        self.fake.send_file(named, phone, self.names[phone], mime, content, words)

    def card(self, phone, name, phones):
        """A contact card."""
        self._bring(
            "contacts", phone, [{"name": {"formatted_name": name}, "phones": [{"phone": one} for one in phones]}]
        )

    def cart(self, phone, items):
        """A cart of the catalogue."""
        items = [
            {"product_retailer_id": slug, "quantity": quantity, "item_price": 1, "currency": "XOF"}
            for slug, quantity in items
        ]
        self._bring("order", phone, {"catalog_id": "194836987003835", "product_items": items})

    def react(self, phone, shown, emoji):
        """A reaction on a bubble."""
        self._bring("reaction", phone, {"message_id": shown.source.wamid, "emoji": emoji})

    def edit(self, phone, words):
        """Other words in the place of the last ones."""
        message = {"type": "text", "text": {"body": words}}
        self._bring("edit", phone, {"original_message_id": self.last[phone], "message": message})

    def delete(self, phone):
        """What was said last is taken back."""
        self._bring("revoke", phone, {"original_message_id": self.last[phone]})

    def unsupported(self, phone):
        """A kind that the provider does not pass on, such as a photo to be seen once."""
        told = {"errors": [SEEN_ONCE], "unsupported": {"type": "view_once"}}
        self.fake.bring("unsupported", phone, self.names[phone], told)

    def refuse_content(self, name):
        """The provider takes its approval of a template back, in all languages."""
        for template in self.fake.templates:
            if template["name"][:-2] == name[:-2]:
                template["status"] = "REJECTED"

    def reports_came(self):
        """Whether there was anything to tell of its messages since the last look; all is told when this returns."""
        return self.fake.tell() > 0

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
            return Shown(map_of(Location(*map(float, message.place))), [], {}, "", message)
        if message.link:
            return Shown(f"{message.body}\n{message.link}", [], {}, message.photo, message)
        if message.layout == "text" and not message.audio:
            return from_words(message.body, message.photo, message)
        return Shown(message.body, message.titles, {}, message.photo, message, message.audio)

    def _bring(self, kind, phone, told, to=None):
        return self.fake.bring(kind, phone, self.names[phone], {kind: told}, to=to)
