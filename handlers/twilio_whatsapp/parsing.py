"""What Twilio's webhooks say: a person's message, or what became of one of ours (channels.md §1.1, §1.6)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.messages import (
    DeliveryStatus,
    Identity,
    Incoming,
    Location,
    Media,
    MediaKind,
    Sender,
    Source,
    StatusReport,
)
from handlers.errors import BadRequest
from handlers.twilio_whatsapp.errors import CANCELED, failure
from handlers.twilio_whatsapp.fields import SID, Fields, first, sid_of
from handlers.twilio_whatsapp.meta_shapes import read_beside
from handlers.whatsapp import BSUID, PHONE
from handlers.words import clean, degrees_in, line_in, one_line

PREFIX: Final = "whatsapp:"
MOST_MEDIA: Final = 10
MOST_TAP: Final = 256
MOST_NAME: Final = 200
MOST_CLICK: Final = 512  # an ad's click id

STATUSES: Final[Mapping[str, DeliveryStatus]] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}
_MEDIA_KINDS: Final[Mapping[str, MediaKind]] = {"image": "image", "audio": "audio", "video": "video"}
_NAMED_KINDS: Final[Mapping[str, MediaKind]] = {**_MEDIA_KINDS, "sticker": "sticker", "voice": "audio"}


def read_message(fields: Fields) -> Incoming:
    """A person's message. Raises BadRequest without an id or a sender; what we cannot read is named in `unread`."""
    kind = _kind(fields)
    beside = read_beside(fields, kind)
    message = Incoming(
        provider_id=sid_of(fields, "MessageSid", "SmsMessageSid", "SmsSid"),
        sender=_sender(fields),
        text="" if beside.reaction else first(fields, "Body", "ButtonText", "ListTitle") or beside.words,
        tap="" if beside.reaction else _tap(fields),
        media=() if beside.cards else tuple(_media(fields)),
        location=_location(fields),
        replied_to=_replied_to(fields),
        reaction=beside.reaction,
        cards=beside.cards,
        cart=beside.cart,
        edits=beside.edits,
        deletes=beside.deletes,
        source=_source(fields),
        product=beside.product,
    )
    is_read = message.text or message.tap or message.media or message.location or not beside.is_empty
    return message if is_read else replace(message, unread=kind or "unknown")


def read_report(fields: Fields, outbox_id: int | None) -> StatusReport | None:
    """What became of a send; None for a status that we do not know. Raises BadRequest without an id."""
    provider_id = sid_of(fields, "MessageSid", "SmsSid")
    told = first(fields, "MessageStatus", "SmsStatus").lower()
    status = STATUSES.get(told)
    if status is None:
        return None
    reason = CANCELED if told == "canceled" else failure(_error_code(fields)) if status == "failed" else None
    return StatusReport(provider_id, status, outbox_id, reason)


def _error_code(fields: Fields) -> int | None:
    code = first(fields, "ErrorCode")
    return int(code) if re.fullmatch(r"[0-9]{1,6}", code) else None


def _sender(fields: Fields) -> Sender:
    identities = tuple(dict.fromkeys(_identities(fields)))
    if not identities:
        raise BadRequest("no sender")
    return Sender(identities, one_line(fields.get("ProfileName", ""))[:MOST_NAME])


def _identities(fields: Fields) -> Iterator[Identity]:
    # phone shown: From is the phone, ExternalUserId the business-scoped id; hidden: both are that id
    names = [fields.get(name, "").removeprefix(PREFIX) for name in ("From", "ExternalUserId")]
    phones = [name for name in (*names, f"+{fields.get('WaId', '')}") if PHONE.fullmatch(name)]
    # WaId lacks or adds a digit in some countries: only where From is no phone
    yield from (Identity("phone", phone) for phone in phones[:1])
    yield from (Identity("bsuid", name) for name in names if BSUID.fullmatch(name))


def _source(fields: Fields) -> Source | None:
    """The advertisement or post that was tapped: `ReferralNumMedia=0` alone stands in ordinary messages too (§1.1)."""
    ad, click = line_in(fields.get("ReferralSourceId")), line_in(fields.get("ReferralCtwaClid"), MOST_CLICK)
    if not ad and not click:
        return None
    is_post = fields.get("ReferralSourceType", "").strip().lower() == "post"
    return Source("post" if is_post else "ad", ad=ad, click=click)


def _tap(fields: Fields) -> str:
    tap = first(fields, "ListId", "ButtonPayload") or _interactive_id(fields.get("InteractiveData", ""))
    # longer than any id of ours: the words count then
    return tap if len(tap) <= MOST_TAP else ""


def _interactive_id(text: str) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    data = _object(document)
    for reply in (_object(data.get("list_reply")), _object(data.get("button_reply")), data):
        tap = reply.get("id")
        if isinstance(tap, str) and tap.strip():
            return clean(tap.encode("utf-8", "replace")).strip()
    return ""


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _media(fields: Fields) -> Iterator[Media]:
    # the addresses count, not NumMedia: what is there can be fetched
    for number in range(MOST_MEDIA):
        reference = fields.get(f"MediaUrl{number}", "").strip()
        if reference.startswith(("https://", "http://")):
            mime = fields.get(f"MediaContentType{number}", "").partition(";")[0].strip().lower()
            yield Media(_media_kind(mime, _kind(fields)), reference, mime)


def _media_kind(mime: str, named: str) -> MediaKind:
    if named in _NAMED_KINDS and (named == "sticker" or not mime):
        return _NAMED_KINDS[named]
    return _MEDIA_KINDS.get(mime.partition("/")[0], "document")


def _location(fields: Fields) -> Location | None:
    latitude, longitude = degrees_in(fields.get("Latitude"), 90), degrees_in(fields.get("Longitude"), 180)
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude, one_line(fields.get("Label", "")), one_line(fields.get("Address", "")))


def _replied_to(fields: Fields) -> str:
    sid = fields.get("OriginalRepliedMessageSid", "")
    return sid if SID.fullmatch(sid) else ""


def _kind(fields: Fields) -> str:
    kind = fields.get("MessageType", "").strip().lower()
    return kind if re.fullmatch(r"[a-z0-9_-]{1,40}", kind) else ""
