"""What a message of Messenger carries beside its text: files, links, places, signs (channels.md §3.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.messages import Location, Media, MediaKind
from handlers.graph import Document, object_in, objects
from handlers.messenger.fields import number_in, url_in, word_in
from handlers.messenger.links import behind, place_of
from handlers.messenger.referrals import good_in
from handlers.words import MOST_TEXT, degrees_in, line_in

MOST_MEDIA: Final = 10
THUMB: Final = "👍"
THUMBS: Final = ("369239263222822", "369239343222814", "369239383222810")  # small; middle and large (unconfirmed)
MEDIA_KINDS: Final[Mapping[str, MediaKind]] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "document",
    "sticker": "sticker",
}
UNREAD: Final = "unknown"


@dataclass(frozen=True)
class Attached:
    """What was read of it; `words` stand in for a text, `link` is the address they hold, `unread` a kind unknown.

    `product` is the good of the Page's shop that it shows.
    """

    media: tuple[Media, ...] = ()
    location: Location | None = None
    words: str = ""
    link: str = ""
    unread: str = ""
    product: str = ""


def read_attachments(value: Any) -> Attached:
    """All of a message's attachments; of those that we cannot read the first one's kind is named."""
    found = [_read(one) for one in objects(value)]
    media = [one for attached in found for one in attached.media]
    return Attached(
        media=tuple(media[:MOST_MEDIA]),
        location=next((one.location for one in found if one.location), None),
        words=next((one.words for one in found if one.words), ""),
        link=next((one.link for one in found if one.link), ""),
        unread=next((one.unread for one in found if one.unread), ""),
        product=next((one.product for one in found if one.product), ""),
    )


def _read(attachment: Document) -> Attached:
    kind = word_in(attachment.get("type"))
    read = READERS.get(kind)
    return (read and read(attachment, kind)) or Attached(unread=kind or UNREAD)


def _file(attachment: Document, kind: str) -> Attached | None:
    payload = object_in(attachment, "payload")
    sticker, url = number_in(payload.get("sticker_id")), url_in(payload.get("url"))
    if sticker in THUMBS:
        return Attached(words=THUMB)
    if not url:
        return None
    return Attached(media=(Media("sticker" if sticker else MEDIA_KINDS[kind], url),))


def _link(attachment: Document, _: str) -> Attached | None:
    """A shared link, whose title and address stand in its payload or, where it has none, beside it."""
    payload = object_in(attachment, "payload")
    title = line_in(payload.get("title")) or line_in(attachment.get("title"))
    shared = url_in(payload.get("url")) or url_in(attachment.get("url"))
    url = behind(shared)
    place = place_of(url)
    if place:
        return Attached(location=Location(place.latitude, place.longitude, title), link=shared)
    words = f"{title}\n{url}".strip()[:MOST_TEXT]
    return Attached(words=words, link=shared) if words else None


def _place(attachment: Document, _: str) -> Attached | None:
    told = object_in(object_in(attachment, "payload"), "coordinates")
    latitude, longitude = degrees_in(told.get("lat"), 90), degrees_in(told.get("long"), 180)
    if latitude is None or longitude is None:
        return None
    return Attached(location=Location(latitude, longitude, line_in(attachment.get("title"))))


def _good(attachment: Document, _: str) -> Attached | None:
    """A good of the Page's shop, of several the first, whose title is what the message says without words."""
    shown = objects(object_in(object_in(attachment, "payload"), "product").get("elements"))
    goods = ((good_in(one), line_in(one.get("title"))) for one in shown)
    return next((Attached(words=title, product=product) for product, title in goods if product), None)


READERS: Final[Mapping[str, Callable[[Document, str], Attached | None]]] = {
    **dict.fromkeys(MEDIA_KINDS, _file),
    **dict.fromkeys(("fallback", "share", "reel", "ig_reel", "post", "ig_post"), _link),
    "location": _place,
    "template": _good,
}
