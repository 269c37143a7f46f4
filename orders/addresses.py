"""Where a basket goes: what the buyer tells piece by piece, and what he told last time."""

from base.db import Db
from base.places import place, position
from orders import locks
from orders.basket import Address


def set_quarter(
    db: Db, contact_id: int, quarter: str, latitude: float | None = None, longitude: float | None = None
) -> None:
    """Deliver in this quarter (a slug of base.places): at the buyer's pin, else at the quarter's middle."""
    if latitude is None or longitude is None:
        latitude, longitude = position(place(quarter))
    _set(db, contact_id, "quarter = %(quarter)s, latitude = %(latitude)s, longitude = %(longitude)s", quarter=quarter,
         latitude=latitude, longitude=longitude)  # fmt: skip


def set_landmark(db: Db, contact_id: int, landmark: str) -> None:
    """What to look for there, in the buyer's words."""
    _set(db, contact_id, "landmark = %(landmark)s", landmark=landmark)


def set_recipient(db: Db, contact_id: int, recipient: str) -> None:
    """Who receives."""
    _set(db, contact_id, "recipient = %(recipient)s", recipient=recipient)


def set_phone(db: Db, contact_id: int, phone: str) -> None:
    """The phone of who receives, E.164."""
    _set(db, contact_id, "phone = %(phone)s", phone=phone)


def use_address(db: Db, contact_id: int, address: Address) -> None:
    """Take a whole address, as `last_address` gave it."""
    _set(
        db,
        contact_id,
        "quarter = %(quarter)s, landmark = %(landmark)s, recipient = %(recipient)s, phone = %(phone)s,"
        " latitude = %(latitude)s, longitude = %(longitude)s",
        quarter=address.quarter,
        landmark=address.landmark,
        recipient=address.recipient,
        phone=address.phone,
        latitude=address.latitude,
        longitude=address.longitude,
    )


def _set(db: Db, contact_id: int, what: str, **values: str | float | None) -> None:
    basket_id = locks.own_basket(db, contact_id)
    db.run(f"update basket set {what}, touched_at = market_now() where id = %(basket)s", basket=basket_id, **values)


def last_address(db: Db, contact_id: int) -> Address | None:
    """Where this person's latest order went, to be offered again; None before the first."""
    row = db.one(
        'select quarter, landmark, recipient, phone, latitude, longitude from "order"'
        " where contact_id = %(contact)s order by id desc limit 1",
        contact=contact_id,
    )
    return Address(**row._asdict()) if row else None
