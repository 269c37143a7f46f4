"""People in Messenger: the events that a word, a tap, a pin or a photo becomes, in webhooks as Meta signs them."""

import itertools
import json
import time
from urllib.parse import urlencode

from base.secret import Secret
from handlers.graph import signature
from tests.fakes.messenger import APP, APP_SECRET, PAGE

BEGAN = int(time.time() * 1000)  # milliseconds: what is said is new
MAP = "https://www.bing.com/maps/default.aspx"


def signed(events, place="messaging"):
    """Headers and bytes of one webhook with these events; what happens in public stands in `changes`."""
    body = json.dumps({"object": "page", "entry": [{"id": PAGE, "time": BEGAN, place: events}]}).encode()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(Secret(APP_SECRET), body)}
    return headers, body


class Phones:
    """All people of one Page, by their page-scoped ids. Numbers every event, so that ids are the same in every run.

    `clock` gives the milliseconds of an event by its number.
    """

    def __init__(self, clock=lambda number: BEGAN + number):
        self._numbers, self._clock = itertools.count(1), clock

    def message(self, psid, **said):
        """A message of somebody's: `text`, `attachments`, `quick_reply`."""
        number = next(self._numbers)
        return self.event(psid, number, message={"mid": f"m_in_{number}", **said})

    def tap(self, psid, reply):
        """A tap on a quick reply, as it was sent."""
        return self.message(psid, text=reply["title"], quick_reply={"payload": reply["payload"]})

    def postback(self, psid, button):
        """A touch of a template's button."""
        number = next(self._numbers)
        told = {"mid": f"m_in_{number}", "title": button["title"], "payload": button["payload"]}
        return self.event(psid, number, postback=told)

    def file(self, psid, kind, url):
        """A file at Meta's; a sticker is an image with a number."""
        payload = {"url": url} | ({"sticker_id": 126361874215276} if kind == "sticker" else {})
        named = {"sticker": "image", "document": "file"}.get(kind, kind)
        return self.message(psid, attachments=[{"type": named, "payload": payload}])

    def pin(self, psid, latitude, longitude):
        """A place: coordinates from an old client, a map's address behind Facebook's redirect from the next one."""
        number = next(self._numbers)
        place = {"type": "location", "payload": {"coordinates": {"lat": latitude, "long": longitude}}}
        if number % 2:
            there = f"{MAP}?{urlencode({'v': 2, 'pc': 'FACEBK', 'where1': f'{latitude}, {longitude}'})}"
            url = f"https://l.facebook.com/l.php?{urlencode({'u': there, 'h': 'AT0'})}"
            place = {"type": "fallback", "payload": {"title": "Pinned Location", "url": url}}
        return self.event(psid, number, message={"mid": f"m_in_{number}", "attachments": [place]})

    def cart(self, psid, items):
        """A cart of the Page's shop: (slug, quantity)."""
        lines = enumerate(items, 1)
        products = [
            {"id": str(n), "retailer_id": slug, "quantity": quantity, "unit_price": 1} for n, (slug, quantity) in lines
        ]
        return self.event(psid, order={"products": products, "note": ""})

    def react(self, psid, mid, emoji):
        """A sign on a message of the Page's."""
        return self.event(psid, reaction={"mid": mid, "action": "react", "reaction": "other", "emoji": emoji})

    def edit(self, psid, mid, words):
        """Other words for what was said."""
        return self.event(psid, message_edit={"mid": mid, "text": words, "num_edit": 1})

    def delete(self, psid, mid):
        """What was said is taken back."""
        return self.event(psid, message={"mid": mid, "is_deleted": True})

    def delivered(self, psid, mids):
        """These messages of the Page's have arrived."""
        return self.event(psid, delivery={"mids": mids, "watermark": BEGAN})

    def read(self, psid, until=BEGAN):
        """Somebody has looked at all that the Page had said until then, in milliseconds."""
        return self.event(psid, read={"watermark": until})

    def echo(self, psid, mid, message):
        """What the Page itself has said comes back."""
        told = {"mid": mid, "is_echo": True, "app_id": int(APP), **message}
        number = next(self._numbers)
        return {**self._stamped(number), "sender": {"id": PAGE}, "recipient": {"id": psid}, "message": told}

    def event(self, psid, number=0, **told):
        """Any event of a person's."""
        return {
            **self._stamped(number or next(self._numbers)),
            "sender": {"id": psid},
            "recipient": {"id": PAGE},
            **told,
        }

    def _stamped(self, number):
        return {"timestamp": self._clock(number)}
