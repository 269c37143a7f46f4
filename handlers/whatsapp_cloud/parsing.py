"""What one element of Meta's webhooks says: a person's message (channels.md §2.4)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from bot.messages import Incoming, Location, Media, MediaKind, Reaction, Sender, Source
from handlers.errors import BadRequest
from handlers.graph import Document, object_in, objects, read_error
from handlers.whatsapp import read_cards, read_cart
from handlers.whatsapp_cloud.digests import reference_of
from handlers.whatsapp_cloud.fields import id_in, id_of, kind_in, moment_in, names_in
from handlers.whatsapp_cloud.happenings import renaming_in
from handlers.words import GREETING, degrees_in, line_in, text_in

MOST_TAP: Final = 256
MOST_CLICK: Final = 512
MEDIA_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
UNREADABLE: Final = frozenset({131051, 131052})  # a kind that the API does not hand on; a file that it could not fetch
SYSTEM: Final = "system"
SOURCES: Final[Mapping[str, Literal["ad", "post"]]] = {"ad": "ad", "post": "post"}
UNKNOWN: Final = "unknown"

Said = Mapping[str, Any]  # fields of Incoming


def is_of_a_group(element: Any) -> bool:
    """Whether it was said in a group, which is nobody's talk with the market."""
    return isinstance(element, dict) and bool(element.get("group_id") or element.get("recipient_type") == "group")


def read_message(element: Any, contact: Document) -> Incoming | None:
    """A person's message; what we cannot read is named in `unread`. None for a system message that changes nothing.

    Raises BadRequest without an id or a sender.
    """
    if not isinstance(element, dict):
        raise BadRequest("no object")
    kind = kind_in(element.get("type")) or UNKNOWN
    context = object_in(element, "context")
    message = Incoming(
        provider_id=id_of(element),
        sender=_sender(element, contact),
        replied_to=id_in(context.get("id")),
        sent_at=moment_in(element.get("timestamp")),
        source=_source(object_in(element, "referral")),
        product=line_in(object_in(context, "referred_product").get("product_retailer_id")),
    )
    if kind == SYSTEM:
        happened = renaming_in(element, message.sender.identities)
        return replace(message, happened=happened) if happened else None
    said = {} if _is_unreadable(element) else _READERS.get(kind, _nothing)(element)
    told = {name: value for name, value in said.items() if value}
    if told:
        return replace(message, **told)
    return replace(message, unread=_unread(element, kind))


def _is_unreadable(element: Document) -> bool:
    return any(read_error(error).code in UNREADABLE for error in objects(element.get("errors")))


def _unread(element: Document, kind: str) -> str:
    """The nearest name of what it is: a reply's own kind, else the message's."""
    inner = kind_in(object_in(element, kind).get("type")) if kind in ("interactive", "unsupported") else ""
    return inner or kind


def _sender(element: Document, contact: Document) -> Sender:
    """Phone and scoped id, of the message before those of its contact: each may lack (channels.md §2.3)."""
    own = (element.get("from"), element.get("from_user_id"), contact.get("wa_id"), contact.get("user_id"))
    identities = names_in(own)
    if not identities:
        raise BadRequest("no sender")
    return Sender(identities, line_in(object_in(contact, "profile").get("name")))


def _source(referral: Document) -> Source | None:
    """The advertisement or post that was tapped before the first message; a click in a Status has no id (§2.4)."""
    kind = SOURCES.get(kind_in(referral.get("source_type")))
    if kind is None:
        return None
    ad, click = line_in(referral.get("source_id")), line_in(referral.get("ctwa_clid"), MOST_CLICK)
    return Source(kind, ad=ad, click=click)


def _nothing(element: Document) -> Said:
    return {}


def _text(element: Document) -> Said:
    return {"text": text_in(object_in(element, "text").get("body"))}


def _interactive(element: Document) -> Said:
    interactive = object_in(element, "interactive")
    for kind in ("list_reply", "button_reply"):
        reply = object_in(interactive, kind)
        if reply:
            return {"tap": _tap(reply.get("id")), "text": text_in(reply.get("title"))}
    return {}


def _button(element: Document) -> Said:
    """A template's button: whose payload was not set at the send, has its label for one."""
    button = object_in(element, "button")
    tap, words = _tap(button.get("payload")), text_in(button.get("text"))
    return {"tap": "" if tap == words else tap, "text": words}


def _tap(value: Any) -> str:
    # longer than any id of ours: the words count then
    return text_in(value, MOST_TAP) if isinstance(value, str) and len(value) <= MOST_TAP else ""


def _file(kind: MediaKind) -> Callable[[Document], Said]:
    def read(element: Document) -> Said:
        file = object_in(element, kind)
        reference = file.get("id")
        if not isinstance(reference, str) or not MEDIA_ID.fullmatch(reference):
            return {}
        mime = line_in(file.get("mime_type")).partition(";")[0].strip().lower()
        return {
            "media": (Media(kind, reference_of(reference, file.get("sha256")), mime),),
            "text": text_in(file.get("caption")),
        }

    return read


def _location(element: Document) -> Said:
    place = object_in(element, "location")
    latitude, longitude = degrees_in(place.get("latitude"), 90), degrees_in(place.get("longitude"), 180)
    if latitude is None or longitude is None:
        return {}
    label, address = line_in(place.get("name")), line_in(place.get("address"))
    return {"location": Location(latitude, longitude, label, address)}


def _contacts(element: Document) -> Said:
    return {"cards": read_cards(objects(element.get("contacts")))}


def _reaction(element: Document) -> Said:
    reaction = object_in(element, "reaction")
    to = id_in(reaction.get("message_id"))
    return {"reaction": Reaction(to, line_in(reaction.get("emoji")))} if to else {}


def _order(element: Document) -> Said:
    order = object_in(element, "order")
    return {"cart": read_cart(objects(order.get("product_items"))), "text": text_in(order.get("text"))}


def _request_welcome(element: Document) -> Said:
    return {"text": GREETING}


def _edit(element: Document) -> Said:
    """The words that replace earlier ones: a text, or what stands under a picture."""
    edit = object_in(element, "edit")
    message = object_in(edit, "message")
    kind = kind_in(message.get("type"))
    inner = object_in(message, kind or "text")
    words, edited = text_in(inner.get("body")) or text_in(inner.get("caption")), id_in(edit.get("original_message_id"))
    return {"edits": edited, "text": words} if words and edited else {}


def _revoke(element: Document) -> Said:
    return {"deletes": id_in(object_in(element, "revoke").get("original_message_id"))}


_READERS: Final[Mapping[str, Callable[[Document], Said]]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    "image": _file("image"),
    "video": _file("video"),
    "audio": _file("audio"),
    "document": _file("document"),
    "sticker": _file("sticker"),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "order": _order,
    "request_welcome": _request_welcome,
    "edit": _edit,
    "revoke": _revoke,
}
