"""What the events of a Page's webhook say: a person's message, or nothing to be answered (channels.md §3.2)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from base.accounts import MessengerAccount
from bot.messages import Incoming, Reaction
from handlers.carts import read_cart
from handlers.graph import Document, object_in, objects
from handlers.messenger.attachments import UNREAD, Attached, read_attachments
from handlers.messenger.comments import read_comment
from handlers.messenger.events import Event, Unusable, bare, own_id, person_in, told_in
from handlers.messenger.fields import id_in
from handlers.messenger.handover import Us, read_control, read_echo, read_standby
from handlers.messenger.referrals import code_in, opens, product_of, referral_in, source_of
from handlers.words import GREETING, line_in, text_in

GET_STARTED: Final = "GET_STARTED"
MOST_TAP: Final = 256
# The id of an offer of ours (`buyer.browse=12~9f~h2x3`): any other payload is its title, as somebody would type it.
OURS: Final = re.compile(r"[a-z_]{1,60}[.!][a-z_]{1,60}=[!-}]{0,120}~[0-9a-z]{1,13}~[0-9a-z]{1,8}")
# where a reaction tells its name and no emoji (unconfirmed)
EMOJIS: Final = {"love": "❤", "like": "👍", "dislike": "👎", "smile": "😆", "wow": "😮", "sad": "😢", "angry": "😠"}


def read_message(event: Event, account: MessengerAccount, us: Us) -> Incoming | None:
    """A person's message, or what befell his chat; None for an event that is neither. Raises Unusable if damaged."""
    if not event.document:
        raise Unusable("no_event")
    match event.place:
        case "changes":
            return read_comment(event, account)
        case "standby":
            return read_standby(event, us)
        case "messaging":
            return _read(event, us)


def _read(event: Event, us: Us) -> Incoming | None:
    for name, read in READERS.items():
        if name in event.document:
            told = told_in(event.document, name)
            return read_echo(told, event, us) if told.get("is_echo") is True else read(told, event)
    for name in CONTROLS:
        if name in event.document:
            return read_control(told_in(event.document, name), event, us)
    return None


def _read_message(told: Document, event: Event) -> Incoming | None:
    mid, message = id_in(told.get("mid")), bare(event)
    if not mid:
        raise Unusable("no_mid")
    if told.get("is_deleted") is True:
        return replace(message, provider_id=own_id(event, "deleted", mid), deletes=mid)
    attached, payload = read_attachments(told.get("attachments")), _payload(object_in(told, "quick_reply"))
    tap = _tap(payload)
    message = replace(
        _come(message, referral_in(told)),
        provider_id=mid,
        text=_words(told, attached) or ("" if tap else payload),
        tap=tap,
        media=attached.media,
        location=attached.location,
        replied_to=id_in(object_in(told, "reply_to").get("mid")),
    )
    message = replace(message, product=message.product or attached.product)
    if _says(message):
        return message
    if message.product or opens(referral_in(told)):
        return replace(message, text=GREETING)
    return replace(message, unread=attached.unread or UNREAD)


def _come(message: Incoming, referral: Document) -> Incoming:
    """With what brought him here."""
    return replace(message, source=source_of(referral), product=product_of(referral))


def _payload(button: Document) -> str:
    """A quick reply's or a button's; '' for one that is longer than any id of ours."""
    payload = line_in(button.get("payload"), MOST_TAP + 1)
    return payload if len(payload) <= MOST_TAP else ""


def _tap(payload: str) -> str:
    """The payload that is an offer's; another (a phone, that of a template) stands for its title."""
    return payload if OURS.fullmatch(payload) else ""


def _words(told: Document, attached: Attached) -> str:
    """The text; a shared link's title and address where there is none; nothing where the text is a map's address."""
    text = text_in(told.get("text"))
    is_map = attached.location is not None and bool(attached.link) and text == attached.link
    return "" if is_map else text or attached.words


def _says(message: Incoming) -> bool:
    return bool(message.text or message.tap or message.media or message.location)


def _read_postback(told: Document, event: Event) -> Incoming:
    payload, title = _payload(told), line_in(told.get("title"))
    provider_id = id_in(told.get("mid")) or own_id(event, "postback", payload)
    message = replace(_come(bare(event), referral_in(told)), provider_id=provider_id, text=title)
    if tap := _tap(payload):
        return replace(message, tap=tap)
    if payload == GET_STARTED or (not title and opens(referral_in(told))):
        return replace(message, text=GREETING)
    return message if title else replace(message, unread="postback")


def _read_referral(told: Document, event: Event) -> Incoming | None:
    """Somebody has come back by a link or an advertisement (m.me): as if he had greeted."""
    if not opens(told):
        return None
    provider_id = own_id(event, "referral", line_in(told.get("ref")))
    return replace(_come(bare(event), told), provider_id=provider_id, text=GREETING)


def _read_optin(told: Document, event: Event) -> Incoming | None:
    """Somebody has begun by a plugin on a page, whose code is a link's.

    None for one of another kind (announcements that Meta has ended), and for a person who has no name here yet.
    """
    code = code_in(told.get("ref"))
    if not code or told.get("type") is not None or not person_in(event, "sender"):
        return None
    come = _come(bare(event), {"ref": code})
    return replace(come, provider_id=own_id(event, "optin", code), text=GREETING)


def _read_reaction(told: Document, event: Event) -> Incoming | None:
    """A sign on a bubble; None for one whose sign is not told. Its shape is unconfirmed."""
    mid, action = id_in(told.get("mid")), told.get("action")
    if not mid:
        raise Unusable("no_mid")
    emoji = line_in(told.get("emoji")) or EMOJIS.get(line_in(told.get("reaction")), "")
    emoji = "" if action == "unreact" else emoji
    if action not in ("react", "unreact") or (action == "react" and not emoji):
        return None
    provider_id = own_id(event, "reaction", mid, str(action), emoji)
    return replace(bare(event), provider_id=provider_id, reaction=Reaction(mid, emoji))


def _read_edit(told: Document, event: Event) -> Incoming:
    """Other words for an earlier message. Its shape is unconfirmed: `{mid, text, num_edit}`."""
    mid, text = id_in(told.get("mid")), text_in(told.get("text"))
    if not mid or not text:
        raise Unusable("no_words")
    return replace(bare(event), provider_id=own_id(event, "edit", mid, text), text=text, edits=mid)


def _read_order(told: Document, event: Event) -> Incoming:
    """A cart of the Page's shop; its note is not read, as a cart has no words."""
    cart = read_cart(objects(told.get("products")), "retailer_id", "unit_price")
    provider_id = id_in(told.get("mid")) or own_id(event, "order", *map(repr, cart))
    message = replace(bare(event), provider_id=provider_id, cart=cart)
    return message if cart else replace(message, unread="order")


READERS: Final[Mapping[str, Callable[[Any, Event], Incoming | None]]] = {
    "message": _read_message,
    "postback": _read_postback,
    "referral": _read_referral,
    "optin": _read_optin,
    "reaction": _read_reaction,
    "message_edit": _read_edit,
    "order": _read_order,
}
# a request for the thread changes nothing, so that it is none of these
CONTROLS: Final = ("pass_thread_control", "take_thread_control")
