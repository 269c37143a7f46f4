"""What the events of a Page's webhook say: a person's message, or nothing to be answered (channels.md §3.2)."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final

from bot.messages import CartItem, Identity, Incoming, Reaction, Sender
from handlers.graph import Document, object_in, objects
from handlers.messenger.attachments import UNREAD, Attached, read_attachments
from handlers.messenger.fields import id_in, milliseconds_in, moment_of, number_in
from handlers.words import count_in, line_in, text_in

GET_STARTED: Final = "GET_STARTED"
GREETING: Final = "bonjour"
MOST_TAP: Final = 256
MOST_ITEMS: Final = 30
MOST_UNITS: Final = 9999
# The id of an offer of ours (`buyer.browse=12~9f~h2x3`): any other postback is its title, as somebody would type it.
OURS: Final = re.compile(r"[a-z_]{1,60}[.!][a-z_]{1,60}=[!-}]{0,120}~[0-9a-z]{1,13}~[0-9a-z]{1,8}")
# where a reaction tells its name and no emoji (unconfirmed)
EMOJIS: Final = {"love": "❤", "like": "👍", "dislike": "👎", "smile": "😆", "wow": "😮", "sad": "😢", "angry": "😠"}


class Unusable(Exception):
    """An event that cannot be a message: it says why, without anything of the person's."""


@dataclass(frozen=True)
class Event:
    """One element of `messaging` with the Page that it came to and its time in milliseconds, 0 without one."""

    page: str
    at: int
    document: Document

    @property
    def raw(self) -> bytes:
        """A webhook's body with this event alone, so that it can be read again without its neighbours."""
        entry = {"id": self.page, "time": self.at, "messaging": [self.document]}
        return json.dumps({"object": "page", "entry": [entry]}).encode("ascii")


def pages_in(document: Document) -> frozenset[str]:
    """The ids of the Pages that a webhook speaks of."""
    return frozenset(filter(None, (number_in(entry.get("id")) for entry in objects(document.get("entry")))))


def events_of(document: Document, page: str) -> list[Event]:
    """The events of a Page by their time: those that Meta sends again come in any order."""
    return sorted(_events(document, page), key=attrgetter("at"))


def _events(document: Document, page: str) -> Iterator[Event]:
    for entry in objects(document.get("entry")):
        if number_in(entry.get("id")) != page:
            continue
        told = entry.get("messaging")
        for event in told if isinstance(told, list) else []:
            found = event if isinstance(event, dict) else {}
            at = milliseconds_in(found.get("timestamp")) or milliseconds_in(entry.get("time"))
            yield Event(page, at, found)


def read_message(event: Event) -> Incoming | None:
    """A person's message; None for an event that is none. Raises Unusable for a damaged one."""
    for name, read in READERS.items():
        if name in event.document:
            told = event.document[name]
            if not isinstance(told, dict):
                raise Unusable(f"no_{name}")
            return None if told.get("is_echo") is True else read(told, event)
    if not event.document:
        raise Unusable("no_event")
    return None


def _read_message(told: Document, event: Event) -> Incoming | None:
    mid, message = id_in(told.get("mid")), _bare(event)
    if not mid:
        raise Unusable("no_mid")
    if told.get("is_deleted") is True:
        return replace(message, provider_id=_own_id(event, "deleted", mid), deletes=mid)
    attached = read_attachments(told.get("attachments"))
    message = replace(
        message,
        provider_id=mid,
        text=_words(told, attached),
        tap=line_in(object_in(told, "quick_reply").get("payload"), MOST_TAP + 1),
        media=attached.media,
        location=attached.location,
        replied_to=id_in(object_in(told, "reply_to").get("mid")),
    )
    if len(message.tap) > MOST_TAP:  # longer than any id of ours: the words count then
        message = replace(message, tap="")
    if _says(message):
        return message
    if _opens(told):
        return replace(message, text=GREETING)
    return replace(message, unread=attached.unread or UNREAD)


def _words(told: Document, attached: Attached) -> str:
    """The text; a shared link's title and address where there is none; nothing where the text is a map's address."""
    text = text_in(told.get("text"))
    is_map = attached.location is not None and bool(attached.link) and text == attached.link
    return "" if is_map else text or attached.words


def _says(message: Incoming) -> bool:
    return bool(message.text or message.tap or message.media or message.location)


def _read_postback(told: Document, event: Event) -> Incoming:
    payload, title = line_in(told.get("payload"), MOST_TAP + 1), line_in(told.get("title"))
    own_id = id_in(told.get("mid")) or _own_id(event, "postback", payload)
    message = replace(_bare(event), provider_id=own_id, text=title)
    if OURS.fullmatch(payload) and len(payload) <= MOST_TAP:
        return replace(message, tap=payload)
    if payload == GET_STARTED or (not title and _opens(told)):
        return replace(message, text=GREETING)
    return message if title else replace(message, unread="postback")


def _read_referral(told: Document, event: Event) -> Incoming | None:
    """Somebody has come back by a link or an advertisement (m.me): as if he had greeted."""
    if not _opens({"referral": told}):
        return None
    return replace(_bare(event), provider_id=_own_id(event, "referral", line_in(told.get("ref"))), text=GREETING)


def _read_reaction(told: Document, event: Event) -> Incoming | None:
    """A sign on a bubble; None for one whose sign is not told. Its shape is unconfirmed."""
    mid, action = id_in(told.get("mid")), told.get("action")
    if not mid:
        raise Unusable("no_mid")
    emoji = line_in(told.get("emoji")) or EMOJIS.get(line_in(told.get("reaction")), "")
    emoji = "" if action == "unreact" else emoji
    if action not in ("react", "unreact") or (action == "react" and not emoji):
        return None
    own_id = _own_id(event, "reaction", mid, str(action), emoji)
    return replace(_bare(event), provider_id=own_id, reaction=Reaction(mid, emoji))


def _read_edit(told: Document, event: Event) -> Incoming:
    """Other words for an earlier message. Its shape is unconfirmed: `{mid, text, num_edit}`."""
    mid, text = id_in(told.get("mid")), text_in(told.get("text"))
    if not mid or not text:
        raise Unusable("no_words")
    return replace(_bare(event), provider_id=_own_id(event, "edit", mid, text), text=text, edits=mid)


def _read_order(told: Document, event: Event) -> Incoming:
    """A cart of the Page's shop; its note is not read, as a cart has no words."""
    lines = [_item(one) for one in objects(told.get("products"))[:MOST_ITEMS]]
    cart = tuple(line for line in lines if line)
    own_id = id_in(told.get("mid")) or _own_id(event, "order", *map(repr, cart))
    message = replace(_bare(event), provider_id=own_id, cart=cart)
    return message if cart else replace(message, unread="order")


def _item(product: Document) -> CartItem | None:
    slug, quantity = line_in(product.get("retailer_id")), count_in(product.get("quantity"))
    return CartItem(slug, min(quantity, MOST_UNITS), count_in(product.get("unit_price"))) if slug and quantity else None


def _opens(told: Document) -> bool:
    """Whether a referral says that somebody has just come."""
    return object_in(told, "referral").get("type") == "OPEN_THREAD"


def _bare(event: Event) -> Incoming:
    """Who and when. Raises Unusable without a page-scoped id: `user_ref` alone cannot be answered."""
    psid = number_in(object_in(event.document, "sender").get("id"))
    if not psid or psid == event.page:
        raise Unusable("no_sender")
    return Incoming("", Sender((Identity("psid", psid),)), sent_at=moment_of(event.at))


def _own_id(event: Event, kind: str, *parts: str) -> str:
    """The same for the same event, where the provider gives none of its own."""
    psid = number_in(object_in(event.document, "sender").get("id"))
    told = json.dumps([psid, milliseconds_in(event.document.get("timestamp")), kind, *parts])
    return f"{kind}:{hashlib.sha256(told.encode('ascii')).hexdigest()[:40]}"


READERS: Final[Mapping[str, Callable[[Any, Event], Incoming | None]]] = {
    "message": _read_message,
    "postback": _read_postback,
    "referral": _read_referral,
    "reaction": _read_reaction,
    "message_edit": _read_edit,
    "order": _read_order,
}
