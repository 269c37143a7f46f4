"""The stand-in provider: takes signed sends, puts them on phones, reports what became of them."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request
from redis import RedisError

from base.secret import Secret
from dashboard.simulator.documents import read_document
from dashboard.simulator.phones import Phones
from dashboard.simulator.postman import Parcel, Postman
from dashboard.simulator.rules import fault_of
from dashboard.simulator.signing import HEADER, is_signed

OWN: Final = re.compile(r"https?://[^/]+(/media/(?:thumbnail/)?[0-9a-f]{64}\.jpg|/received/[0-9a-f.]{1,120})")
SHOWN: Final = ("body", "layout", "offers", "opener")
BESIDE: Final = ("link", "asks", "place", "receipt", "quotes")


def add_provider(blueprint: Blueprint, phones: Phones, postman: Postman, secret: Secret) -> None:
    """The provider's two routes, under /provider."""
    provider = Provider(phones, postman, secret)
    blueprint.add_url_rule("/provider/messages", "take", provider.take, methods=["POST"])
    blueprint.add_url_rule("/provider/look-ups", "look_up", provider.look_up, methods=["POST"])


class Provider:
    """Answers in JSON: `{"id": …}`, or `{"error": …}` with 400, 403 or 503 when it certainly took nothing."""

    def __init__(self, phones: Phones, postman: Postman, secret: Secret) -> None:
        self.phones = phones
        self.postman = postman
        self.secret = secret

    def take(self) -> tuple[Response, int]:
        """One bubble for one phone; the same bytes again are the same bubble and get the same id."""
        body = request.get_data(cache=False)
        send = self._signed(body)
        if send is None:
            return _no("signature", 403)
        fault = fault_of(send)
        if fault:
            return _no(fault, 400)
        try:
            appended = self.phones.append_once(send["to"], _digest(body), bubble_of(send))
        except RedisError:
            return _no("away", 503)  # a retry with the same bytes finds what this one may have left
        sent_id = id_of(send["outbox_id"], appended.id)
        if appended.is_new:
            self._report(send, sent_id)
        return jsonify(id=sent_id), 201

    def look_up(self) -> tuple[Response, int]:
        """`{"digest": …}` of a send's bytes → its id here, or null."""
        asked = self._signed(request.get_data(cache=False))
        if asked is None:
            return _no("signature", 403)
        try:
            found = self.phones.known(str(asked.get("digest")))
        except RedisError:
            return _no("away", 503)
        return jsonify(id=found and id_of(asked.get("outbox_id"), found)), 200

    def _signed(self, body: bytes) -> Mapping[str, Any] | None:
        if not is_signed(self.secret, body, request.headers.get(HEADER, "")):
            return None
        return read_document(body) or {}

    def _report(self, send: Mapping[str, Any], sent_id: str) -> None:
        for status in ("sent", "delivered"):
            self.postman.post(report_parcel(send["to"], send["outbox_id"], sent_id, status))


def bubble_of(send: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the phone shows; a file of our own is named without its host, so that it shows under any address."""
    shown = {name: send.get(name) for name in SHOWN}
    shown["offers"] = [_offer(one) for one in send.get("offers") or ()]
    beside = {name: send[name] for name in BESIDE if send.get(name)}
    photo = _shown_under_any_address(str(send.get("photo") or ""))
    files = {name: _shown_under_any_address(str(send[name])) for name in ("document", "audio") if send.get(name)}
    named = {"document_name": str(send.get("document_name") or "")} if "document" in files else {}
    return {"kind": "bubble", "outbox_id": send["outbox_id"], **shown, "photo": photo, **files, **named, **beside}


def _offer(offer: Any) -> Any:
    """An offer as the phone shows it; what is none in words alone stays as it came."""
    if not isinstance(offer, Mapping) or not offer.get("photo"):
        return offer
    return {**offer, "photo": _shown_under_any_address(str(offer["photo"]))}


def _shown_under_any_address(url: str) -> str:
    own = OWN.fullmatch(url)
    return own[1] if own else url


def id_of(outbox_id: object, entry_id: str) -> str:
    """The provider's id of a bubble: entries of two phones may have one number, an outbox row is never in two."""
    return f"sim-{outbox_id}-{entry_id}"


def report_parcel(phone: str, outbox_id: object, sent_id: str, status: str) -> Parcel:
    """What the webhook hears of a bubble."""
    return Parcel("reports", phone, {"id": sent_id, "outbox_id": outbox_id, "status": status})


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _no(error: str, status: int) -> tuple[Response, int]:
    return jsonify(error=error), status
