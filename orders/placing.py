"""OUI: what was held becomes an order, split by shop."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from base import facts, hours
from base.db import Db, jsonb
from catalog import locks as catalog_locks
from catalog import stock
from catalog.stock import Cause, Change
from catalog.vendors import Vendor
from orders import basket as baskets
from orders import due, history, locks
from orders.basket import AddressField, Basket
from orders.codes import draw_delivery_code
from orders.facts import OrderPlaced
from orders.holding import PriceChange
from orders.recap import Recap, recap_of
from orders.terms import Terms


@dataclass(frozen=True)
class Placed:
    """An order was made; its parts wait for their vendors."""

    order_id: int
    code: str
    vendor_order_ids: tuple[int, ...]


@dataclass(frozen=True)
class PriceChanged:
    """Nothing was ordered: what the buyer confirmed is no longer what it costs; show the recap again.

    `lines` is empty when only a delivery price changed, or a shop no longer sends there.
    """

    lines: tuple[PriceChange, ...]


@dataclass(frozen=True)
class AddressMissing:
    """Nothing was ordered: this must be asked first."""

    fields: tuple[AddressField, ...]


NothingHeld = Literal["nothing_held"]  # the hold ended or the basket changed: show the recap again


def place_order(
    db: Db,
    contact_id: int,
    conversation_id: int,
    by: Cause,
    terms: Terms,
    *,
    total_seen: int | None = None,
    prepaid_seen: int | None = None,
    source: Mapping[str, Mapping[str, str]] | None = None,
) -> Placed | PriceChanged | AddressMissing | NothingHeld:
    """Order exactly what this person's live hold covers, news goes to this conversation.

    `total_seen`, `prepaid_seen`: F CFA of the recap that was confirmed and what of it is paid before, where the caller
    knows them; `source`: what brought the buyer, `{"first": …, "last": …}`. A second OUI finds nothing held.
    """
    basket_id = locks.basket(db, contact_id)
    basket = baskets.basket_of(db, contact_id)
    if basket_id is None or not _is_covered(basket):
        return "nothing_held"
    recap = recap_of(db, basket, terms)
    if basket.address.missing:
        return AddressMissing(basket.address.missing)
    is_seen = total_seen in (None, recap.total) and prepaid_seen in (None, recap.prepaid)
    if basket.price_changes or recap.unserved or not is_seen:
        return PriceChanged(basket.price_changes)
    catalog_locks.stocks(db, (line.stock_id for line in basket.lines))
    placed = _write(db, recap, basket, conversation_id, terms, source)
    part_of_shop = dict(zip((block.vendor.id for block in recap.blocks), placed.vendor_order_ids, strict=True))
    stock.allocate(db, _allocations(basket, part_of_shop), by)
    baskets.clear(db, basket_id, by)
    history.write(db, [(placed.order_id, part) for part in placed.vendor_order_ids], "placed", by)
    facts.record(db, OrderPlaced(placed.order_id, placed.vendor_order_ids))
    return placed


def _is_covered(basket: Basket) -> bool:
    return basket.is_held and bool(basket.lines) and all(line.is_held for line in basket.lines)


def _allocations(basket: Basket, part_of_shop: dict[int, int]) -> list[Change]:
    units: dict[tuple[int, int], int] = defaultdict(int)
    for line in basket.lines:
        units[line.stock_id, part_of_shop[line.vendor_id]] += line.quantity * line.factor
    return [Change(stock_id, quantity, part) for (stock_id, part), quantity in sorted(units.items())]


def _write(
    db: Db,
    recap: Recap,
    basket: Basket,
    conversation_id: int,
    terms: Terms,
    source: Mapping[str, Mapping[str, str]] | None,
) -> Placed:
    order_id, now = db.rows("select nextval(pg_get_serial_sequence('\"order\"', 'id')), market_now()")[0]
    code = terms.codes.code_of(order_id)
    address = recap.address
    db.run(
        _ORDER,
        id=order_id,
        code=code,
        contact=basket.contact_id,
        conversation=conversation_id,
        way=address.way,
        quarter=address.quarter if address.way != "pickup" else "",
        landmark=address.landmark if address.way == "delivery" else "",
        latitude=address.latitude,
        longitude=address.longitude,
        payment=basket.payment or "cash",
        payment_phone=basket.payment_phone,
        recipient=address.recipient,
        phone=address.phone,
        voice=address.voice_id,
        note=basket.note,
        note_voice=basket.note_voice_id,
        total=recap.total,
        source=jsonb(source) if source else None,
    )
    parts = write_parts(db, order_id, recap, terms, now)
    return Placed(order_id, code, tuple(parts[block.vendor.id] for block in recap.blocks))


_ORDER = """
insert into "order" (id, code, contact_id, conversation_id, way, quarter, landmark, latitude, longitude, recipient,
    phone, voice_id, note, note_voice_id, payment, payment_phone, total, source)
values (%(id)s, %(code)s, %(contact)s, %(conversation)s, %(way)s, %(quarter)s, %(landmark)s, %(latitude)s,
    %(longitude)s, %(recipient)s, %(phone)s, %(voice)s, %(note)s, %(note_voice)s, %(payment)s, %(payment_phone)s,
    %(total)s, %(source)s)
"""


def write_parts(db: Db, order_id: int, recap: Recap, terms: Terms, now: datetime) -> dict[int, int]:
    """The parts of an order that this recap tells, with their lines and what waits for their vendors; by shop."""
    lines = [(block.vendor.id, line) for block in recap.blocks for line in block.lines]
    waits = [(block.vendor.id, one) for block in recap.blocks for one in due.of_placed(block.vendor, terms, now)]
    rows = db.run(
        _PARTS,
        order=order_id,
        expiries=[_expiry(block.vendor, terms, now) for block in recap.blocks],
        vendors=[block.vendor.id for block in recap.blocks],
        goods=[block.goods for block in recap.blocks],
        deliveries=[block.delivery for block in recap.blocks],
        prepaid=[block.prepaid for block in recap.blocks],
        codes=[draw_delivery_code() for _ in recap.blocks],
        shops=[vendor_id for vendor_id, _ in waits],
        whats=[one.what for _, one in waits],
        ats=[one.at for _, one in waits],
        left=[one.left for _, one in waits],
        sellers=[vendor_id for vendor_id, _ in lines],
        products=[line.product_id for _, line in lines],
        stocks=[line.stock_id for _, line in lines],
        names=[line.name for _, line in lines],
        units=[line.unit for _, line in lines],
        quantities=[line.quantity for _, line in lines],
        prices=[line.price for _, line in lines],
        factors=[line.factor for _, line in lines],
        amounts=[line.amount for _, line in lines],
    ).rows
    return {row.vendor_id: row.id for row in rows}


def _expiry(shop: Vendor, terms: Terms, now: datetime) -> datetime:
    """Until when a shop may be silent: never before it was open for a while, so that no holiday ends an order.

    A shop that was shut by hand, or that never opens, gets no more than the market's time: its buyer does not wait.
    """
    plain = now + timedelta(seconds=terms.unanswered)
    opened = hours.after(shop.hours or terms.hours, now, terms.answered) if shop.is_open else None
    return max(plain, opened) if opened else plain


_PARTS = """
with made as (
    insert into vendor_order (order_id, vendor_id, goods, delivery, prepaid, delivery_code, expires_at)
    select %(order)s, part.* from unnest(%(vendors)s::bigint[], %(goods)s::int[], %(deliveries)s::int[],
        %(prepaid)s::int[], %(codes)s::text[], %(expiries)s::timestamptz[]) as part
    returning id, vendor_id
), lines as (
    insert into order_line (vendor_order_id, product_id, stock_id, name, unit, quantity, price, factor, amount)
    select made.id, l.product, l.stock, l.name, l.unit, l.quantity, l.price, l.factor, l.amount
    from unnest(%(sellers)s::bigint[], %(products)s::bigint[], %(stocks)s::bigint[], %(names)s::text[],
        %(units)s::text[], %(quantities)s::int[], %(prices)s::int[], %(factors)s::int[], %(amounts)s::int[])
        with ordinality as l(seller, product, stock, name, unit, quantity, price, factor, amount, place)
    join made on made.vendor_id = l.seller order by l.place
), waiting as (
    insert into part_due (vendor_order_id, what, at, left_seconds)
    select made.id, one.what, one.at, one.left_seconds
    from unnest(%(shops)s::bigint[], %(whats)s::text[], %(ats)s::timestamptz[], %(left)s::float8[])
        as one(shop, what, at, left_seconds)
    join made on made.vendor_id = one.shop
)
select id, vendor_id from made
"""
