"""Where a basket goes: what the buyer tells piece by piece, and what he told last time."""

from dataclasses import dataclass, replace
from typing import Any

from base.db import Db
from base.places import place, position
from orders import locks
from orders.basket import Address
from orders.delivery import Way


def set_quarter(
    db: Db, contact_id: int, quarter: str, latitude: float | None = None, longitude: float | None = None
) -> None:
    """To this quarter or town (a slug of base.places): at the buyer's pin, else at its middle; by bus to a town."""
    if latitude is None or longitude is None:
        latitude, longitude = position(place(quarter))
    _set(
        db,
        contact_id,
        "way = %(way)s, quarter = %(quarter)s, latitude = %(latitude)s, longitude = %(longitude)s",
        way="parcel" if place(quarter).kind == "town" else "delivery",
        quarter=quarter,
        latitude=latitude,
        longitude=longitude,
    )


def set_landmark(db: Db, contact_id: int, landmark: str, voice_id: int | None = None) -> None:
    """What to look for there, in the buyer's words, and the voice note (its inbox row) that tells the way beside."""
    _set(db, contact_id, "landmark = %(landmark)s, voice_id = %(voice)s", landmark=landmark, voice=voice_id)


def set_note(db: Db, contact_id: int, note: str | None, voice_id: int | None = None) -> None:
    """A word to whoever sells, in the buyer's words or by a voice note (its inbox row); None: there is none."""
    _set(db, contact_id, "note = %(note)s, note_voice_id = %(voice)s", note=note, voice=voice_id)


def set_recipient(db: Db, contact_id: int, recipient: str) -> None:
    """Who receives."""
    _set(db, contact_id, "recipient = %(recipient)s", recipient=recipient)


def set_phone(db: Db, contact_id: int, phone: str) -> None:
    """The phone of who receives, E.164."""
    _set(db, contact_id, "phone = %(phone)s", phone=phone)


def set_way(db: Db, contact_id: int, way: Way) -> None:
    """How it gets there."""
    _set(db, contact_id, "way = %(way)s", way=way)


def use_address(db: Db, contact_id: int, address: Address) -> None:
    """Take a whole address, as `last_addresses` gave it."""
    _set(
        db,
        contact_id,
        "way = %(way)s, quarter = %(quarter)s, landmark = %(landmark)s, recipient = %(recipient)s,"
        " phone = %(phone)s, latitude = %(latitude)s, longitude = %(longitude)s, voice_id = %(voice)s",
        way=address.way,
        quarter=address.quarter,
        landmark=address.landmark,
        recipient=address.recipient,
        phone=address.phone,
        latitude=address.latitude,
        longitude=address.longitude,
        voice=address.voice_id,
    )


def forget_address(db: Db, contact_id: int) -> None:
    """It goes nowhere yet."""
    use_address(db, contact_id, Address())


def forget_payment(db: Db, contact_id: int) -> None:
    """How it is paid is not said yet."""
    _set(db, contact_id, "payment = null, payment_phone = null")


def set_payment(db: Db, contact_id: int, payment: str, phone: str | None) -> None:
    """How the buyer wishes to pay (cash, flooz, tmoney), and from which phone (E.164) where he says so."""
    _set(db, contact_id, "payment = %(payment)s, payment_phone = %(phone)s", payment=payment, phone=phone)


def _set(db: Db, contact_id: int, what: str, **values: str | float | None) -> None:
    basket_id = locks.own_basket(db, contact_id)
    db.run(f"update basket set {what}, touched_at = market_now() where id = %(basket)s", basket=basket_id, **values)


@dataclass(frozen=True)
class KnownAddress:
    """Where an earlier order went."""

    order_id: int
    address: Address


def last_addresses(db: Db, contact_id: int, most: int = 3) -> tuple[KnownAddress, ...]:
    """Where this person's latest orders went, each address once, the latest first; looked for in his last 20 orders."""
    return tuple(map(_known, db.kept(_LAST, contact=contact_id, most=most)))


def address_of(db: Db, contact_id: int, order_id: int) -> Address | None:
    """Where this order of this person went; None when it is not his."""
    row = db.one(f"{_OF_ORDER} where contact_id = %(contact)s and id = %(id)s", contact=contact_id, id=order_id)
    return _known(row).address if row else None


def _known(row: Any) -> KnownAddress:
    values = row._asdict()
    known = KnownAddress(values.pop("id"), Address(**values))
    if known.address.latitude is not None or known.address.way == "pickup" or not known.address.quarter:
        return known
    latitude, longitude = position(place(known.address.quarter))  # where the pin was is forgotten by then
    return replace(known, address=replace(known.address, latitude=latitude, longitude=longitude))


_OF_ORDER = 'select id, way, quarter, landmark, recipient, phone, latitude, longitude, voice_id from "order"'
_LAST = f"""
with latest as (
    {_OF_ORDER} where contact_id = %(contact)s order by id desc limit 20
), once as (
    select distinct on (quarter, landmark, recipient, phone) * from latest where way <> 'pickup'
    order by quarter, landmark, recipient, phone, id desc
)
select * from once order by id desc limit %(most)s
"""
