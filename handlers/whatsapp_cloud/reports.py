"""What a status of Meta's webhooks says became of one of our messages (channels.md §2.5)."""

from collections.abc import Mapping
from typing import Any, Final

from base.secret import Secret
from bot.messages import DeliveryStatus, Refused, StatusReport
from handlers.errors import BadRequest
from handlers.graph import Document, object_in, objects, read_error
from handlers.signatures import read_our_id
from handlers.whatsapp_cloud.errors import failure
from handlers.whatsapp_cloud.fields import id_of, kind_in

STATUSES: Final[Mapping[str, DeliveryStatus]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",  # of a voice note
    "failed": "failed",
}
# a figure has a line for each of them: nothing else that a webhook says may make one
CATEGORIES: Final = frozenset(
    """
    marketing marketing_lite utility authentication authentication-international service referral_conversion
    """.split()
)
REGULAR: Final = "regular"


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
    return StatusReport(provider_id, status, _our_id(element, secret_key), reason, _pricing(element))


def _pricing(element: Document) -> tuple[str, bool] | None:
    """The category (`utility`), and whether it is billed: where it is told (channels.md §2.5), a free type is not."""
    pricing = object_in(element, "pricing")
    category, kind = kind_in(pricing.get("category")), kind_in(pricing.get("type"))
    if category not in CATEGORIES:
        return None
    return category, kind == REGULAR if kind else pricing.get("billable") is True


def _our_id(element: Document, secret_key: Secret) -> int | None:
    ours = element.get("biz_opaque_callback_data")
    return read_our_id(secret_key, ours) if isinstance(ours, str) else None


def _reason(element: Document) -> Refused:
    codes = (read_error(error).code for error in objects(element.get("errors")))
    return failure(next((code for code in codes if code), None))
