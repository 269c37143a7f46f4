"""One basket a person, kept seven days: its lines by shop, and where it shall be brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base.db import Db
from catalog.products import SELLABLE
from catalog.stock import Cause
from orders import holding, locks
from orders.errors import NotAQuantity, NotInBasket
from orders.holding import PriceChange

MOST_LINES: Final = 15
MOST_SHOPS: Final = 5  # with 15 lines the most that two bubbles of a recap surely hold
MOST_UNITS: Final = 999  # of one product

AddressField = Literal["quarter", "landmark", "recipient", "phone"]
ADDRESS_FIELDS: Final[tuple[AddressField, ...]] = ("quarter", "landmark", "recipient", "phone")


@dataclass(frozen=True)
class Address:
    """Where an order goes; None is what was not asked yet. `quarter` is a slug of base.places, `phone` E.164."""

    quarter: str | None = None
    landmark: str | None = None
    recipient: str | None = None
    phone: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def missing(self) -> tuple[AddressField, ...]:
        """What must still be asked, in the order of asking."""
        return tuple(name for name in ADDRESS_FIELDS if not getattr(self, name))


@dataclass(frozen=True)
class BasketLine:
    """Units of one product at today's price; `available` counts what this basket holds itself."""

    product_id: int
    stock_id: int
    vendor_id: int
    name: str
    unit: str
    quantity: int
    price: int  # F CFA a unit, now
    price_seen: int  # F CFA a unit, when the buyer last saw it
    available: int
    held: int

    @property
    def amount(self) -> int:
        """F CFA of the whole line, now."""
        return self.quantity * self.price


@dataclass(frozen=True)
class ShopLines:
    """The lines that one shop serves."""

    vendor_id: int
    vendor_slug: str
    vendor_name: str
    lines: tuple[BasketLine, ...]

    @property
    def goods(self) -> int:
        """F CFA of these lines."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Basket:
    """A person's basket; without shops when nothing is in it."""

    contact_id: int
    shops: tuple[ShopLines, ...] = ()
    address: Address = Address()
    held_until: datetime | None = None
    is_held: bool = False  # the hold has not ended

    @property
    def lines(self) -> tuple[BasketLine, ...]:
        """All lines, shop by shop: the order in which they are shown and numbered."""
        return tuple(line for shop in self.shops for line in shop.lines)

    @property
    def goods(self) -> int:
        """F CFA of everything in it, without delivery."""
        return sum(shop.goods for shop in self.shops)

    @property
    def price_changes(self) -> tuple[PriceChange, ...]:
        """The prices that changed since the buyer saw them."""
        changed = (line for line in self.lines if line.price != line.price_seen)
        return tuple(PriceChange(line.product_id, line.name, line.price_seen, line.price) for line in changed)


@dataclass(frozen=True)
class LineChange:
    """What became of a wish: `quantity` in the basket now, `available` the most that can be in it.

    added: done. Unchanged: too_many (more than `available`), limit (15 lines, 5 shops), gone (no longer sold).
    """

    outcome: Literal["added", "too_many", "limit", "gone"]
    quantity: int
    available: int


def basket_of(db: Db, contact_id: int) -> Basket:
    """This person's basket as it stands; an empty one when there is none."""
    row = db.one(
        "select id, quarter, landmark, recipient, phone, latitude, longitude, held_until,"
        " coalesce(held_until > market_now(), false) as is_held from basket where contact_id = %(contact)s",
        contact=contact_id,
    )
    if row is None:
        return Basket(contact_id)
    address = Address(row.quarter, row.landmark, row.recipient, row.phone, row.latitude, row.longitude)
    return Basket(contact_id, _shops(_line_rows(db, row.id)), address, row.held_until, row.is_held)


def _line_rows(db: Db, basket_id: int) -> Sequence[Any]:
    return db.rows(
        "select l.product_id, p.stock_id, p.vendor_id, p.name, p.unit, l.quantity, p.price, l.price_seen,"
        " case when p.is_listed and v.is_open then greatest(s.on_hand - s.held - s.allocated"
        " + sum(l.held) over (partition by p.stock_id), 0) else 0 end::int as available, l.held,"
        " v.slug as vendor_slug, v.name as vendor_name from basket_line l join product p on p.id = l.product_id"
        " join vendor v on v.id = p.vendor_id join stock s on s.id = p.stock_id"
        " where l.basket_id = %(basket)s order by l.id",
        basket=basket_id,
    )


def _shops(rows: Sequence[Any]) -> tuple[ShopLines, ...]:
    by_shop: dict[int, list[Any]] = {}  # in the order in which the shops came into the basket
    for row in rows:
        by_shop.setdefault(row.vendor_id, []).append(row)
    return tuple(
        ShopLines(vendor_id, own[0].vendor_slug, own[0].vendor_name, tuple(map(_line, own)))
        for vendor_id, own in by_shop.items()
    )


def _line(row: Any) -> BasketLine:
    return BasketLine(**{name: getattr(row, name) for name in BasketLine.__dataclass_fields__})


def add(db: Db, contact_id: int, product_id: int, quantity: int, by: Cause) -> LineChange:
    """Put `quantity` more units into the basket; a hold ends. Raises NotAQuantity below 1."""
    return _put(db, contact_id, product_id, quantity, by, adds=True)


def set_quantity(db: Db, contact_id: int, product_id: int, quantity: int, by: Cause) -> LineChange:
    """Make it `quantity` units, whatever was there; a hold ends. Raises NotAQuantity below 1."""
    return _put(db, contact_id, product_id, quantity, by, adds=False)


def _put(db: Db, contact_id: int, product_id: int, quantity: int, by: Cause, *, adds: bool) -> LineChange:
    if quantity < 1:
        raise NotAQuantity(quantity)
    basket_id = locks.own_basket(db, contact_id)
    offered = db.one(_OFFERED, product=product_id, basket=basket_id)
    if offered is None:
        return LineChange("gone", 0, 0)
    most = min(offered.available + offered.held, MOST_UNITS)
    wanted = quantity + (offered.quantity if adds else 0)
    if wanted > most:
        return LineChange("too_many", offered.quantity, most)
    if not offered.quantity and (offered.lines >= MOST_LINES or offered.other_shops >= MOST_SHOPS):
        return LineChange("limit", 0, most)
    holding.release_baskets(db, [basket_id], by)
    db.run(
        _PUT,
        basket=basket_id,
        product=product_id,
        before=offered.quantity,
        quantity=wanted,
        price=offered.price,
        inbox=by.inbox_id,
    )
    _touch(db, basket_id)
    return LineChange("added", wanted, most)


_OFFERED = f"""
select p.price, {SELLABLE} as available, coalesce(l.quantity, 0) as quantity, coalesce(l.held, 0) as held,
    (select count(*) from basket_line where basket_id = %(basket)s) as lines,
    (select count(distinct o.vendor_id) from basket_line b join product o on o.id = b.product_id
        where b.basket_id = %(basket)s and o.vendor_id <> p.vendor_id) as other_shops
from product p join vendor v on v.id = p.vendor_id join stock s on s.id = p.stock_id
    left join basket_line l on l.product_id = p.id and l.basket_id = %(basket)s
where p.id = %(product)s and p.is_listed
"""

_PUT = """
with put as (
    insert into basket_line as l (basket_id, product_id, quantity, price_seen)
    values (%(basket)s, %(product)s, %(quantity)s, %(price)s)
    on conflict (basket_id, product_id) do update set quantity = excluded.quantity, price_seen = excluded.price_seen
    returning basket_id, product_id, quantity
)
insert into basket_history (basket_id, product_id, inbox_id, quantity_before, quantity_after)
select basket_id, product_id, %(inbox)s, %(before)s, quantity from put where quantity <> %(before)s
"""

_TAKE_OUT = """
with gone as (
    delete from basket_line
    where basket_id = any(%(baskets)s) and (product_id = %(product)s or %(product)s::bigint is null)
    returning id, basket_id, product_id, quantity
)
insert into basket_history (basket_id, product_id, inbox_id, quantity_before, quantity_after)
select basket_id, product_id, %(inbox)s, quantity, 0 from gone order by id
"""


def remove(db: Db, contact_id: int, product_id: int, by: Cause) -> None:
    """Take a product out of the basket; a hold ends. Raises NotInBasket."""
    basket_id = locks.basket(db, contact_id)
    if basket_id is None or not db.value(_HAS_LINE, basket=basket_id, product=product_id):
        raise NotInBasket(product_id)
    holding.release_baskets(db, [basket_id], by)
    take_out(db, [basket_id], by, product_id)
    _touch(db, basket_id)


_HAS_LINE = "select id from basket_line where basket_id = %(basket)s and product_id = %(product)s"


def empty(db: Db, contact_id: int, by: Cause) -> bool:
    """Take everything out, the address too; a hold ends. True when something was in it."""
    basket_id = locks.basket(db, contact_id)
    if basket_id is None:
        return False
    holding.release_baskets(db, [basket_id], by)
    return clear(db, basket_id, by) > 0


def clear(db: Db, basket_id: int, by: Cause) -> int:
    """Forget lines, hold and address of a basket whose lock the caller holds; how many lines there were."""
    db.run(
        "update basket set quarter = null, landmark = null, latitude = null, longitude = null, recipient = null,"
        " phone = null, held_until = null, touched_at = market_now() where id = %(id)s",
        id=basket_id,
    )
    return take_out(db, [basket_id], by)


def take_out(db: Db, basket_ids: Sequence[int], by: Cause, product_id: int | None = None) -> int:
    """Remove the lines of baskets whose locks the caller holds, or those of one product; how many lines."""
    return db.run(_TAKE_OUT, baskets=list(basket_ids), product=product_id, inbox=by.inbox_id).count


def _touch(db: Db, basket_id: int) -> None:
    db.run("update basket set touched_at = market_now() where id = %(id)s", id=basket_id)
