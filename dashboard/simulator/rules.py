"""What the stand-in provider refuses: it is as strict as WhatsApp (channels.md §1.4, §2), and counts by itself."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.simulator.beside import fault_beside
from dashboard.simulator.phone_numbers import is_phone

LAYOUTS: Final = ("text", "buttons", "list")
MOST_OFFERS: Final = {"buttons": 3, "list": 10}
MOST_TITLE: Final = {"buttons": 20, "list": 24}
MOST_WORDS: Final = {"detail": 72, "section": 24}


def fault_of(send: Mapping[str, Any]) -> str:
    """The name of the first rule that a send breaks, '' when it is well made."""
    if not isinstance(send.get("outbox_id"), int) or not is_phone(send.get("to")):
        return "no_recipient"
    if send.get("layout") not in LAYOUTS:
        return "layout"
    if _files(send) > 1 or (_files(send) and send["layout"] != "text" and not send.get("photo")):
        return "files"
    if send.get("audio") and send.get("body"):
        return "words_with_a_sound"
    is_bare = bool(_files(send) or send.get("place")) and send["layout"] == "text" and send.get("body") == ""
    if not is_bare and not _fits(send.get("body"), _most_words(send)):
        return "body"
    fault = fault_beside(send)
    if fault:
        return fault
    return "" if send["layout"] == "text" else _offers_fault(send["layout"], send)


def _most_words(send: Mapping[str, Any]) -> int:
    is_plain = send["layout"] == "text" and not (_files(send) or send.get("link") or send.get("asks"))
    return 4096 if is_plain else 1024


def _files(send: Mapping[str, Any]) -> int:
    return sum(bool(send.get(name)) for name in ("photo", "document", "audio"))


def _offers_fault(layout: str, send: Mapping[str, Any]) -> str:
    offers = send.get("offers")
    if not isinstance(offers, Sequence) or not 1 <= len(offers) <= MOST_OFFERS[layout]:
        return "offers"
    if layout == "list" and not _fits(send.get("opener"), 20):
        return "opener"
    return next(filter(None, (_offer_fault(layout, offer) for offer in offers)), "") or _doubled(offers)


def _offer_fault(layout: str, offer: Any) -> str:
    if not isinstance(offer, Mapping) or not _fits(offer.get("title"), MOST_TITLE[layout]):
        return "title"
    if not _fits(offer.get("id"), 200):
        return "offer_id"
    for name, most in MOST_WORDS.items():
        told = offer.get(name, "")
        if not isinstance(told, str) or len(told) > most:
            return name
    return ""


def _doubled(offers: Sequence[Mapping[str, Any]]) -> str:
    ids = [offer["id"] for offer in offers]
    return "" if len(set(ids)) == len(ids) else "doubled_id"


def _fits(value: object, most: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= most
