"""What the events of a Page's webhook say of our own messages: sent and delivered (channels.md §3.2)."""

from collections.abc import Iterator

from base.secret import Secret
from bot.messages import StatusReport
from handlers.graph import Document, object_in
from handlers.messenger.fields import id_in
from handlers.signatures import read_our_id


def read_reports(event: Document, secret_key: Secret) -> Iterator[StatusReport]:
    """The messages that arrived, by their ids, and our own echo, which brings back the signed id of its row.

    A watermark names no message: what was read, and what a delivery without `mids` means, is not told.
    """
    mids = object_in(event, "delivery").get("mids")
    for mid in dict.fromkeys(map(id_in, mids if isinstance(mids, list) else [])):
        if mid:
            yield StatusReport(mid, "delivered")
    echo = object_in(event, "message")
    mid, metadata = id_in(echo.get("mid")), echo.get("metadata")
    if echo.get("is_echo") is True and mid and isinstance(metadata, str):
        outbox_id = read_our_id(secret_key, metadata)
        if outbox_id is not None:
            yield StatusReport(mid, "sent", outbox_id)
