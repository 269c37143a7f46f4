"""The invented people of the demo market: who buys, who sells, who organizes; none of these numbers is anybody's."""

from collections.abc import Callable, Iterable, Sequence
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


def shops(vendors: Iterable[tuple[int, str, str]]) -> tuple[DemoPerson, ...]:
    """(vendor id, seller's name, phone) of the seed's vendors as people."""
    return tuple(DemoPerson(name, "vendor", phone, vendor_id) for vendor_id, name, phone in vendors)


MANY = """
with numbered as (
  select n, nextval(pg_get_serial_sequence('contact', 'id')) as contact_id
  from generate_series(%(first)s::int, %(last)s::int) as n
), people as (
  insert into contact (id, name) overriding system value select contact_id, 'Client ' || n from numbered
), chats as (
  insert into conversation (account_id, contact_id) select account, contact_id
  from numbered, unnest(%(accounts)s::bigint[]) as account
)
insert into identity (account_id, kind, value, contact_id)
select account, 'phone', '+22879' || lpad(n::text, 6, '0'), contact_id
from numbered, unnest(%(accounts)s::bigint[]) as account
"""
STEP = 10_000
MOST = 999_999  # invented numbers below +22879


def settle_many(db: Db, account_ids: Sequence[int], count: int, on_progress: Callable[[int, int], None]) -> int:
    """Bring the invented buyers without a story up to `count` (at most 999,999); returns how many were added."""
    known: int = db.value(
        "select count(distinct value) from identity where kind = 'phone' and value like '+22879______'"
    )
    wanted = min(count, MOST)
    for first in range(known + 1, wanted + 1, STEP):
        last = min(first + STEP - 1, wanted)
        db.run(MANY, first=first, last=last, accounts=list(account_ids))
        on_progress(last, wanted)
    return max(0, wanted - known)
