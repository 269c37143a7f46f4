"""What may stand beside a bubble's words, and how the stand-in provider wants it (channels.md §2.6, §3.4)."""

from collections.abc import Mapping
from typing import Any, Final

MOST_LABEL: Final = 20
MOST_CARDS: Final = 10
ASKED: Final = ("", "location", "phone")


def fault_beside(send: Mapping[str, Any]) -> str:
    """The name of the first rule that a send's link, question, pin, receipt or goods break, '' when none does."""
    for name, is_well_made in RULES.items():
        if send.get(name) and not is_well_made(send, send[name]):
            return name
    return ""


def _is_link(send: Mapping[str, Any], link: Any) -> bool:
    """A button that opens an address stands alone below words."""
    if not isinstance(link, Mapping) or send.get("offers") or any(map(send.get, ("photo", "document", "audio"))):
        return False
    title, url = link.get("title"), link.get("url")
    is_label = isinstance(title, str) and 0 < len(title.strip()) <= MOST_LABEL
    return is_label and isinstance(url, str) and url.startswith(("https://", "http://127.0.0.1"))


def _is_question(send: Mapping[str, Any], asked: Any) -> bool:
    """A question for place or phone has no other button."""
    return asked in ASKED and send["layout"] == "text" and not send.get("link")


def _is_pin(send: Mapping[str, Any], place: Any) -> bool:
    """A pin has neither words nor offers, but a label and an address."""
    if not isinstance(place, Mapping) or send.get("body") or send.get("offers"):
        return False
    return _is_degrees(place.get("latitude"), 90) and _is_degrees(place.get("longitude"), 180)


def _is_degrees(value: Any, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most


def _is_receipt(send: Mapping[str, Any], receipt: Any) -> bool:
    """Its figures add up."""
    lines = receipt.get("lines") if isinstance(receipt, Mapping) else None
    if not isinstance(lines, list) or not lines or not receipt.get("code"):
        return False
    if not all(isinstance(line, Mapping) and _are_whole(line, "quantity", "price") for line in lines):
        return False
    goods = sum(line["quantity"] * line["price"] for line in lines)
    return _are_whole(receipt, "delivery", "total") and bool(goods + receipt["delivery"] == receipt["total"])


def _are_whole(document: Mapping[str, Any], *names: str) -> bool:
    return all(type(document.get(name)) is int and document[name] >= 0 for name in names)


def _are_goods(send: Mapping[str, Any], offers: Any) -> bool:
    """At most ten cards with a photo, each photo at an address."""
    if not isinstance(offers, list):
        return False
    photos = [one["photo"] for one in offers if isinstance(one, Mapping) and one.get("photo")]
    return len(photos) <= MOST_CARDS and all(str(photo).startswith(("https://", "http://")) for photo in photos)


RULES: Final = {"link": _is_link, "asks": _is_question, "place": _is_pin, "receipt": _is_receipt, "offers": _are_goods}
