"""What orders forget: places on the map after a while, and a whole person, whose orders stay without him.

An order, its lines and amounts are kept ten years (togo.md §8.2) for the shops' books; the person's part of it is not
needed for them.
"""

from base.db import Db
from catalog.stock import JOB
from orders import complaints, holding, locks
from orders.basket import take_out


def words_of(db: Db, contact_id: int) -> tuple[str, ...]:
    """Every name, phone (E.164) and landmark in a person's basket and orders, and what he complained of in pieces."""
    rows = db.rows(
        'with told as (select recipient, phone, payment_phone, landmark, note from "order" where contact_id = %(id)s'
        " union all select recipient, phone, payment_phone, landmark, note from basket where contact_id = %(id)s)"
        " select distinct word from told, unnest(array[recipient, phone, payment_phone, landmark, note]) as word"
        " where word <> ''",
        id=contact_id,
    )
    return (*(row.word for row in rows), *complaints.words_of(db, contact_id))


def shops_of(db: Db, contact_id: int) -> tuple[int, ...]:
    """The shops that a person has ordered from."""
    rows = db.rows(
        'select distinct v.vendor_id from "order" o join vendor_order v on v.order_id = o.id'
        " where o.contact_id = %(id)s order by v.vendor_id",
        id=contact_id,
    )
    return tuple(row.vendor_id for row in rows)


def forget_person(db: Db, contact_id: int) -> int:
    """Take the person out of his orders, and his basket away with whatever it holds; how many orders and baskets."""
    orders = db.rows('select id from "order" where contact_id = %(id)s order by id', id=contact_id)
    basket_id = locks.basket(db, contact_id)
    locks.orders(db, [row.id for row in orders])
    if basket_id is not None:
        holding.release_baskets(db, [basket_id], JOB)
        take_out(db, [basket_id], JOB)
        db.run("delete from basket where id = %(id)s", id=basket_id)
    anonymous = db.run(
        "update \"order\" set recipient = '', phone = '', payment_phone = null, landmark = '', latitude = null,"
        " longitude = null, note = null, note_voice_id = null, source = null where contact_id = %(id)s",
        id=contact_id,
    ).count
    db.run(
        "update vendor_order set carrier = null, receipt = null, receipt_photo_id = null"
        " where order_id = any(%(orders)s) and (carrier is not null or receipt_photo_id is not null)",
        orders=[row.id for row in orders],
    )
    complaints.forget_person(db, contact_id)
    return anonymous + (basket_id is not None)


def forget_pins(db: Db, seconds: float, limit: int) -> int:
    """A job: forget where on the map orders went that ended `seconds` ago; how many.

    Found by an index of the orders that still hold a place, oldest first: however many there ever were, it looks at
    those of the last weeks only.
    """
    orders = locks.orders_with_old_pins(db, seconds, limit)
    return db.run('update "order" set latitude = null, longitude = null where id = any(%(ids)s)', ids=orders).count
