"""The simulator's webhook body: JSON with `messages` and `reports`, each element read or left by itself."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard, get_args

from bot.messages import (
    RANKS,
    Card,
    CartItem,
    Identity,
    Incoming,
    Kept,
    Location,
    Media,
    MediaKind,
    Parsed,
    Reaction,
    RefusalKind,
    Refused,
    Sender,
    StatusReport,
)
from handlers.errors import BadRequest

PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")
MOST_ID: Final = 200
MOST_NAME: Final = 100
MOST_LISTED: Final = 30  # cards, phones, lines of a cart
MOST_BIGINT: Final = 2**63 - 1

Element = Mapping[str, Any]


def read_webhook(body: bytes) -> Parsed:
    """What a verified body holds, in order; malformed elements are left out. Raises BadRequest on any other body."""
    try:
        document = json.loads(body)
        if not isinstance(document, dict):
            raise BadRequest
        return Parsed(
            messages=tuple(_kept(document)),
            reports=tuple(filter(None, map(_report, _elements(document, "reports")))),
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest from error


def _elements(document: Element, name: str) -> list[Element]:
    found = document.get(name, [])
    if not isinstance(found, list):
        raise BadRequest
    return [element for element in found if isinstance(element, dict)]


def _kept(document: Element) -> Iterator[Kept]:
    for element in _elements(document, "messages"):
        message = _message(element)
        if message:
            # a body of its own, so that one message can be read again without its neighbours
            yield Kept(message, json.dumps({"messages": [element]}).encode("ascii"))


def _message(element: Element) -> Incoming | None:
    provider_id, phone = _identifier(element.get("id")), element.get("phone")
    if not provider_id or not isinstance(phone, str) or not PHONE.fullmatch(phone):
        return None
    text, tap = _clean(element.get("text")), _identifier(element.get("tap"))
    media, location = _media(element.get("media")), _location(element.get("location"))
    reaction, cards, cart = (
        _reaction(element.get("reaction")),
        tuple(_cards(element.get("cards"))),
        tuple(_cart(element.get("cart"))),
    )
    deletes = _identifier(element.get("deletes"))
    can_read = bool(text or tap or media or location or reaction or cards or cart or deletes)
    return Incoming(
        provider_id=provider_id,
        sender=Sender((Identity("phone", phone),), _clean(element.get("name"))[:MOST_NAME]),
        text=text,
        tap=tap,
        media=media,
        location=location,
        replied_to=_identifier(element.get("replied_to")),
        sent_at=_moment(element.get("sent_at")),
        unread="" if can_read else _unread_kind(element),
        reaction=reaction,
        cards=cards,
        cart=cart,
        edits=_identifier(element.get("edits")) if text else "",
        deletes=deletes,
    )


def _reaction(value: object) -> Reaction | None:
    if not isinstance(value, dict) or not isinstance(value.get("emoji"), str):
        return None
    to = _identifier(value.get("to"))
    return Reaction(to, _clean(value["emoji"])[:MOST_NAME]) if to else None


def _cards(value: object) -> Iterator[Card]:
    for one in _listed(value):
        phones = one.get("phones")
        told = [_clean(phone)[:MOST_NAME] for phone in phones] if isinstance(phones, list) else []
        card = Card(_clean(one.get("name"))[:MOST_NAME], tuple(filter(None, told))[:MOST_LISTED])
        if card != Card():
            yield card


def _cart(value: object) -> Iterator[CartItem]:
    for one in _listed(value):
        product, quantity, price = _identifier(one.get("product")), one.get("quantity"), one.get("price")
        if product and _is_count(quantity):
            yield CartItem(product, quantity, price if _is_count(price) else None)


def _listed(value: object) -> list[Element]:
    found: list[Element] = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return found[:MOST_LISTED]


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9


def _unread_kind(element: Element) -> str:
    named = _identifier(element.get("kind"))
    return named or "unknown"


def _clean(value: object) -> str:
    """Text as PostgreSQL can keep it: no NUL, lone surrogates as question marks."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _identifier(value: object) -> str:
    """An id is taken whole or not at all."""
    if not isinstance(value, str) or len(value) > MOST_ID:
        return ""
    return value if value == _clean(value) else ""


def _media(value: object) -> tuple[Media, ...]:
    if not isinstance(value, dict) or value.get("kind") not in get_args(MediaKind):
        return ()
    reference = _clean(value.get("reference"))
    return (Media(value["kind"], reference, _identifier(value.get("mime"))),) if reference else ()


def _location(value: object) -> Location | None:
    if not isinstance(value, dict):
        return None
    latitude, longitude = _degrees(value.get("latitude"), 90), _degrees(value.get("longitude"), 180)
    if latitude is None or longitude is None:
        return None
    return Location(latitude, longitude, _clean(value.get("label")), _clean(value.get("address")))


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # compared before it is made a float: a JSON whole number may be larger than any float (and NaN is in no range)
    return float(value) if -most <= value <= most else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _report(element: Element) -> StatusReport | None:
    provider_id, status, outbox_id = _identifier(element.get("id")), element.get("status"), element.get("outbox_id")
    if not provider_id or not isinstance(status, str) or status not in RANKS:
        return None
    if outbox_id is not None and not _is_row_id(outbox_id):
        return None
    failure = _failure(element.get("error")) if status == "failed" else None
    return StatusReport(provider_id, status, outbox_id, failure)  # type: ignore[arg-type] # a key of RANKS


def _is_row_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_BIGINT


def _failure(code: object) -> Refused:
    named = _identifier(code) or "unknown"
    for kind in get_args(RefusalKind):
        if kind == named:
            return Refused(kind, named)
    return Refused("content", named)
