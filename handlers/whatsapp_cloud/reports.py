"""What a status of Meta's webhooks says became of one of our messages (channels.md §2.5)."""

from collections.abc import Mapping
from typing import Any, Final

from base.secret import Secret
from bot.messages import DeliveryStatus, Refused, StatusReport
from handlers.errors import BadRequest
from handlers.graph import Document, objects, read_error
from handlers.signatures import read_our_id
from handlers.whatsapp_cloud.errors import failure
from handlers.whatsapp_cloud.fields import id_of

STATUSES: Final[Mapping[str, DeliveryStatus]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",  # of a voice note
    "failed": "failed",
}


def read_report(element: Any, secret_key: Secret) -> StatusReport | None:
    """What became of a send; None for a status that we do not know. Raises BadRequest without an id."""
    if not isinstance(element, dict):
        raise BadRequest("no object")
    provider_id = id_of(element)
    told = element.get("status")
    status = STATUSES.get(told) if isinstance(told, str) else None
    if status is None:
        return None
    reason = _reason(element) if status == "failed" else None
    return StatusReport(provider_id, status, _our_id(element, secret_key), reason)


def _our_id(element: Document, secret_key: Secret) -> int | None:
    ours = element.get("biz_opaque_callback_data")
    return read_our_id(secret_key, ours) if isinstance(ours, str) else None


def _reason(element: Document) -> Refused:
    codes = (read_error(error).code for error in objects(element.get("errors")))
    return failure(next((code for code in codes if code), None))
