"""Buyers and vendors of a house: known to the database before they say their first word."""

from dataclasses import dataclass

from bot import contacts
from catalog import stock
from catalog.demo import plant_scale
from catalog.stock import JOB
from orders import addresses, basket
from orders.basket import Address


@dataclass(frozen=True)
class Someone:
    """A person with a contact and a conversation."""

    name: str
    phone: str
    contact_id: int


def home_of(name, phone):
    return Address("be-kpota", "derrière la pharmacie", name, phone, 6.1624, 1.2592)


def people_of(house, count, first="+22891000000"):
    """So many buyers, each with the first phone's followers."""
    account_id = house.value("select id from channel_account where key = 'twilio'")
    made = []
    with house.database.unit_of_work() as db:
        for number in range(1, count + 1):
            name, phone = f"Ami{number:02d}", f"+{int(first[1:]) + number}"
            made.append(Someone(name, phone, contacts.contact_with_phone(db, account_id, phone, name, (account_id,))))
    return made


def shops_of(house, count):
    """So many invented shops with one product each and their owners: (owner, product id, stock id)."""
    account_id = house.value("select id from channel_account where key = 'twilio'")
    with house.database.unit_of_work() as db:
        plant_scale(db, products=count * 3, vendors=count)
        rows = db.rows(
            "select distinct on (v.id) v.id, v.name, v.phone, p.id as product_id, p.stock_id from vendor v"
            " join product p on p.vendor_id = v.id where v.slug like 'serie%%' order by v.id, p.id"
        )
        made = []
        for row in rows:
            contact_id = contacts.contact_with_phone(db, account_id, row.phone, row.name, (account_id,))
            contacts.grant(db, contact_id, "vendor", row.id)
            made.append((Someone(row.name, row.phone, contact_id), row.product_id, row.stock_id))
    assert len(made) == count
    return made


def fill_baskets(house, wishes):
    """(someone, product ids in order) … : nothing but these lies in each basket, one unit of each, and the address."""
    with house.database.unit_of_work() as db:
        for someone, product_ids in wishes:
            basket.empty(db, someone.contact_id, JOB)
            for product_id in product_ids:
                added = basket.add(db, someone.contact_id, product_id, 1, JOB)
                assert added.outcome == "added", (added, product_id)
            addresses.use_address(db, someone.contact_id, home_of(someone.name, someone.phone))


def stock_up(house, stock_ids, units):
    """What lies in each of these shops is counted."""
    with house.database.unit_of_work() as db:
        for stock_id in stock_ids:
            stock.count(db, stock_id, units, JOB)
