"""The envelope of Meta's webhooks: whose elements it holds, and each of them by itself (channels.md §2.2, §2.3)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from handlers.graph import Document, object_in, objects

OBJECT: Final = "whatsapp_business_account"
FIELD: Final = "messages"


@dataclass(frozen=True)
class Element:
    """One message as it came (`document`: no object when it is poison), and its contact; {} without one."""

    document: Any
    contact: Document
    number_id: str

    def alone(self) -> bytes:
        """The body of a webhook that holds nothing else, so that it can be read again without its neighbours.

        Raises RecursionError.
        """
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": self.number_id},
            "contacts": [self.contact] if self.contact else [],
            "messages": [self.document],
        }
        entry = {"changes": [{"field": FIELD, "value": value}]}
        return json.dumps({"object": OBJECT, "entry": [entry]}).encode("ascii")


def numbers_in(document: Document) -> frozenset[str]:
    """The phone number ids whose messages and statuses a webhook tells."""
    return frozenset(filter(None, map(_number_of, _values(document))))


def tells_other_things(document: Document) -> bool:
    """Whether it is WhatsApp's, and about templates or the account: nothing of a person."""
    changes = [change for entry in objects(document.get("entry")) for change in objects(entry.get("changes"))]
    return document.get("object") == OBJECT and bool(changes) and all(one.get("field") != FIELD for one in changes)


def values_of(document: Document, number_id: str) -> Iterator[Document]:
    """The values of all changes that are of this number, in order."""
    for value in _values(document):
        if _number_of(value) == number_id:
            yield value


def messages_of(value: Document, number_id: str) -> Iterator[Element]:
    """The messages of one value, each joined with its contact by phone or by scoped id."""
    contacts = _contacts(value)
    for element in listed(value, "messages"):
        names = (("wa_id", "from"), ("user_id", "from_user_id"))
        told = [(key, element.get(name)) for key, name in names] if isinstance(element, dict) else []
        keys = ((key, name) for key, name in told if isinstance(name, str) and name)
        yield Element(element, next((contacts[key] for key in keys if key in contacts), {}), number_id)


def listed(value: Document, name: str) -> list[Any]:
    """A list of the value, poison and all; [] when it is none."""
    found = value.get(name)
    return found if isinstance(found, list) else []


def _contacts(value: Document) -> dict[tuple[str, str], Document]:
    found: dict[tuple[str, str], Document] = {}
    for contact in objects(value.get("contacts")):
        for key in ("wa_id", "user_id"):
            name = contact.get(key)
            if isinstance(name, str):
                found.setdefault((key, name), contact)
    return found


def _values(document: Document) -> Iterator[Document]:
    if document.get("object") != OBJECT:
        return
    for entry in objects(document.get("entry")):
        for change in objects(entry.get("changes")):
            if change.get("field") == FIELD:
                yield object_in(change, "value")


def _number_of(value: Document) -> str:
    number = object_in(value, "metadata").get("phone_number_id")
    return number if isinstance(number, str) else ""
