"""What the events of a Page's webhook say of our own messages: sent and delivered (channels.md §3.2)."""

from collections.abc import Iterator

from bot.messages import StatusReport
from handlers.graph import object_in
from handlers.messenger.events import Event
from handlers.messenger.fields import id_in
from handlers.messenger.handover import Us


def read_reports(event: Event, us: Us) -> Iterator[StatusReport]:
    """The messages that arrived, by their ids, and our own echo, which brings back the signed id of its row.

    They come in `standby` too. A watermark names no message: what was read, and what a delivery without `mids` means,
    is not told.
    """
    if event.place == "changes":
        return
    mids = object_in(event.document, "delivery").get("mids")
    for mid in dict.fromkeys(map(id_in, mids if isinstance(mids, list) else [])):
        if mid:
            yield StatusReport(mid, "delivered")
    echo = object_in(event.document, "message")
    mid = id_in(echo.get("mid"))
    if echo.get("is_echo") is True and mid:
        outbox_id = us.letter_of(echo.get("metadata"))
        if outbox_id is not None:
            yield StatusReport(mid, "sent", outbox_id)
