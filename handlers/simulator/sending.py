"""What goes to the stand-in provider, and what its answers mean."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from base.outbound import Answer
from base.shortening import shorten
from bot.messages import Accepted, Letter, Refused, SendResult, Template, Unclear
from bot.provider_answers import Found, LookedUp, NotTaken, Unknown

WORD: Final = re.compile(r"[!-~]{1,200}")


# left out where they are empty: a bubble without them has the bytes that it had before there were any
ADDED: Final = frozenset(
    {"document", "document_name", "audio", "link", "asks", "place", "receipt", "comment", "is_by_a_person", "quotes"}
)
ADDED_TO_OFFERS: Final = frozenset({"photo", "product", "section"})
MOST_SECTION: Final = 24  # characters, as on WhatsApp


def payload_of(letter: Letter) -> bytes:
    """The request body; the same letter gives the same bytes, by which the provider knows a repetition."""
    bubble = _without_empty(asdict(letter.bubble), ADDED)
    bubble["offers"] = [_without_empty(_offer(offer), ADDED_TO_OFFERS) for offer in bubble["offers"]]
    content = {
        "outbox_id": letter.outbox_id,
        "to": letter.to.value,
        **bubble,
        "template": _template(letter.template) if letter.template else None,
    }
    return json.dumps(content, sort_keys=True).encode("ascii")


def _offer(offer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**offer, "section": shorten(offer["section"], MOST_SECTION)}


def _template(template: Template) -> dict[str, Any]:
    return {"name": template.name, "language": template.language, "values": template.values}


def _without_empty(document: Mapping[str, Any], added: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value or name not in added}


def look_up_of(letter: Letter) -> bytes:
    """The question whether this letter arrived: the SHA-256 of its bytes, in hex."""
    digest = hashlib.sha256(payload_of(letter)).hexdigest()
    return json.dumps({"digest": digest, "outbox_id": letter.outbox_id}).encode("ascii")


def read_send(answer: Answer) -> SendResult:
    """429 and 503 are a clean no, another 5xx or an answer without an id leaves it open, other 4xx are our fault."""
    if answer.status in (200, 201):
        found = _word(answer, "id")
        return Accepted(found) if found else Unclear("no_id")
    code = _word(answer, "error") or str(answer.status)
    if answer.status in (429, 503):
        return Refused("busy", code, wait=_retry_after(answer))
    if answer.status in (401, 403, 404):
        return Refused("account", code)
    if 400 <= answer.status < 500:
        return Refused("content", code)
    return Unclear(f"status_{answer.status}")


def read_look_up(answer: Answer) -> LookedUp:
    """`{"id": …}` the id there, `{"id": null}` a certain no."""
    document = _document(answer)
    if answer.status != 200 or "id" not in document:
        return Unknown()
    if document["id"] is None:
        return NotTaken()
    found = _word(answer, "id")
    return Found((found,)) if found else Unknown()


def _word(answer: Answer, name: str) -> str:
    """An id or the name of an error; '' for anything else: the database could not keep it."""
    found = _document(answer).get(name)
    return found if isinstance(found, str) and WORD.fullmatch(found) else ""


def _document(answer: Answer) -> dict[str, Any]:
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _retry_after(answer: Answer) -> float | None:
    value = next((value for name, value in answer.headers.items() if name.lower() == "retry-after"), "")
    seconds = float(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0.0
    return seconds or None  # none at all says nothing of when to try again
