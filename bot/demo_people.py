"""The invented people of the demo market: who buys, who sells, who organizes; none of these numbers is anybody's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from base.db import Db
from bot import contacts


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demo: `role` is buyer, vendor or organizer; `vendor_id` the shop a vendor owns."""

    name: str
    role: str
    phone: str
    vendor_id: int | None = None


BUYERS = (
    DemoPerson("Awa Mensah", "buyer", "+22890000001"),
    DemoPerson("Kodjo Agbéko", "buyer", "+22890000002"),
    DemoPerson("Rachelle Adjavon", "buyer", "+22890000003"),
)
ORGANIZERS = (DemoPerson("Akouvi Lawson", "organizer", "+22890000090"),)


def settle_in(db: Db, account_ids: Sequence[int], people: Iterable[DemoPerson]) -> int:
    """Give each person a contact, a conversation on each account and a role, once; returns how many there are."""
    count = 0
    for person in people:
        for account_id in account_ids:
            contact_id = contacts.contact_with_phone(db, account_id, person.phone, person.name, account_ids)
            if person.role != "buyer":
                contacts.grant(db, contact_id, person.role, person.vendor_id)
        count += 1
    return count


def organizers_of(phones: Iterable[str]) -> tuple[DemoPerson, ...]:
    """The organizers that config.yaml names."""
    return tuple(DemoPerson("", "organizer", phone) for phone in phones)


def shops(vendors: Iterable[tuple[int, str, str]]) -> tuple[DemoPerson, ...]:
    """(vendor id, seller's name, phone) of the seed's vendors as people."""
    return tuple(DemoPerson(name, "vendor", phone, vendor_id) for vendor_id, name, phone in vendors)
