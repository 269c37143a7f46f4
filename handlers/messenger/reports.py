"""What the events of a Page's webhook say of our own messages: sent, delivered and read (channels.md §3.2)."""

from collections.abc import Iterator

from bot.messages import Identity, StatusReport, Watermark
from handlers.graph import Document, object_in
from handlers.messenger.events import Event, person_in
from handlers.messenger.fields import id_in, milliseconds_in, moment_of
from handlers.messenger.handover import Us


def read_reports(event: Event, us: Us) -> Iterator[StatusReport]:
    """The messages that arrived, by their ids, and our own echo, which brings back the signed id of its row.

    They come in `standby` too.
    """
    if event.place == "changes":
        return
    for mid in _mids(object_in(event.document, "delivery")):
        yield StatusReport(mid, "delivered")
    echo = object_in(event.document, "message")
    mid = id_in(echo.get("mid"))
    if echo.get("is_echo") is True and mid:
        outbox_id = us.letter_of(echo.get("metadata"))
        if outbox_id is not None:
            yield StatusReport(mid, "sent", outbox_id)


def read_watermarks(event: Event) -> Iterator[Watermark]:
    """Until when all was read, or has arrived: of deliveries those that name no messages. They come in `standby` too.

    Nothing of who has no page-scoped id, and nothing without a moment.
    """
    psid = person_in(event, "sender")
    if event.place == "changes" or not psid:
        return
    person, delivery = Identity("psid", psid), object_in(event.document, "delivery")
    arrived = None if _mids(delivery) else moment_of(milliseconds_in(delivery.get("watermark")))
    if arrived:
        yield Watermark(person, "delivered", arrived)
    if seen := moment_of(milliseconds_in(object_in(event.document, "read").get("watermark"))):
        yield Watermark(person, "read", seen)


def _mids(delivery: Document) -> list[str]:
    mids = delivery.get("mids")
    return [mid for mid in dict.fromkeys(map(id_in, mids if isinstance(mids, list) else [])) if mid]
