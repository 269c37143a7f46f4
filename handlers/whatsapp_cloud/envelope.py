"""The envelope of Meta's webhooks: whose elements it holds, and each of them by itself (channels.md §2.2, §2.3)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from base.accounts import WhatsappCloudAccount
from handlers.graph import Document, object_in, objects

OBJECT: Final = "whatsapp_business_account"
MESSAGES, ECHOES = "messages", "smb_message_echoes"
UPDATES, PREFERENCES = "user_id_update", "user_preferences"
# field of a webhook -> the list of its value whose elements are each about one person
ELEMENTS: Final[Mapping[str, str]] = {
    MESSAGES: "messages",
    ECHOES: "message_echoes",
    UPDATES: "user_id_update",
    PREFERENCES: "user_preferences",
}


@dataclass(frozen=True)
class Change:
    """One change of a webhook: its field, its value, and the WABA that it befell."""

    field: str
    waba_id: str
    value: Document

    @property
    def number_id(self) -> str:
        """The number that it is of; '' where it tells none, as in news of a whole WABA."""
        number = object_in(self.value, "metadata").get("phone_number_id")
        return number if isinstance(number, str) else ""

    def is_of(self, account: WhatsappCloudAccount) -> bool:
        """Whether it is of this number or, without one, of its WABA; talk is of a number always."""
        if self.number_id:
            return self.number_id == account.phone_number_id
        return self.field != MESSAGES and bool(self.waba_id) and self.waba_id == account.waba_id


@dataclass(frozen=True)
class Element:
    """One element as it came (`document`: no object when it is poison), and its contact; {} without one."""

    field: str
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
            ELEMENTS[self.field]: [self.document],
        }
        entry = {"changes": [{"field": self.field, "value": value}]}
        return json.dumps({"object": OBJECT, "entry": [entry]}).encode("ascii")


def changes_of(document: Document) -> list[Change]:
    """All changes of a webhook, in order; none of another product's."""
    return [*_changes(document)] if document.get("object") == OBJECT else []


def elements_of(change: Change, number_id: str) -> Iterator[Element]:
    """What a change says of people; a message is joined with its contact by phone or by scoped id."""
    name = ELEMENTS.get(change.field)
    if name is None:
        return
    contacts = _contacts(change.value) if change.field == MESSAGES else {}
    for element in listed(change.value, name):
        names = (("wa_id", "from"), ("user_id", "from_user_id"))
        told = [(key, element.get(name)) for key, name in names] if isinstance(element, dict) else []
        keys = ((key, name) for key, name in told if isinstance(name, str) and name)
        contact = next((contacts[key] for key in keys if key in contacts), {})
        yield Element(change.field, element, contact, number_id)


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


def _changes(document: Document) -> Iterator[Change]:
    for entry in objects(document.get("entry")):
        waba = entry.get("id")
        for change in objects(entry.get("changes")):
            field = change.get("field")
            yield Change(
                field if isinstance(field, str) else "",
                waba if isinstance(waba, str) else "",
                object_in(change, "value"),
            )
