"""One basket a person, kept seven days: its lines by shop, and where it shall be brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base.db import Db
from catalog.barring import BARS
from catalog.prices import Tariff, tariff
from catalog.stock import Cause
from orders import holding, locks, reminding
from orders.delivery import Destination, Way
from orders.errors import NotAQuantity, NotInBasket
from orders.holding import PriceChange
from orders.offered import Basis, LineChange, Offered, Wish

AddressField = Literal["quarter", "landmark", "recipient", "phone"]
ADDRESS_FIELDS: Final[Mapping[Way, tuple[AddressField, ...]]] = {
    "delivery": ("quarter", "landmark", "recipient", "phone"),
    "parcel": ("quarter", "recipient", "phone"),  # it waits at the station
    "pickup": ("recipient", "phone"),
}


@dataclass(frozen=True)
class Address:
    """Where an order goes and how; None is what was not asked yet. `quarter` is a slug of base.places, `phone` E.164.

    For a parcel the quarter is a town, and the recipient is named as on the identity card. `voice_id` is the inbox row
    of a voice note that tells the way.
    """

    quarter: str | None = None
    landmark: str | None = None
    recipient: str | None = None
    phone: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    way: Way = "delivery"
    voice_id: int | None = None

    @property
    def destination(self) -> Destination:
        """What its price depends on."""
        return Destination(self.way, self.quarter, self.latitude, self.longitude)

    @property
    def missing(self) -> tuple[AddressField, ...]:
        """What must still be asked, in the order of asking."""
        return tuple(name for name in ADDRESS_FIELDS[self.way] if not getattr(self, name))


@dataclass(frozen=True)
class BasketLine:
    """Units of one product at today's price.

    `available` counts what this basket holds itself, less what the lines before take of the same stock.
    """

    product_id: int
    stock_id: int
    vendor_id: int
    name: str
    unit: str
    quantity: int
    price_seen: int  # F CFA a unit, when the buyer last saw it
    amount_seen: int  # F CFA of the whole line, when the buyer last saw it
    tariff: Tariff
    factor: int  # units of the stock that one takes
    label: str  # of a variant: what tells it from the others, the end of its name
    available: int
    held: int  # units of the stock
    is_perishable: bool = False

    @property
    def price(self) -> int:
        """F CFA a unit when so many are bought, now."""
        return self.tariff.unit_price(self.quantity)

    @property
    def amount(self) -> int:
        """F CFA of the whole line, now."""
        return self.tariff.amount(self.quantity)

    @property
    def is_held(self) -> bool:
        """Whether a hold covers it, no more and no less."""
        return self.held == self.quantity * self.factor


@dataclass(frozen=True)
class ShopLines:
    """The lines that one shop serves."""

    vendor_id: int
    vendor_slug: str
    vendor_name: str
    lines: tuple[BasketLine, ...]
    is_barred: bool = False  # it does without this buyer

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
    payment: str | None = None  # cash, flooz, tmoney where the buyer said so
    payment_phone: str | None = None  # E.164
    note: str | None = None  # a word to whoever sells
    note_voice_id: int | None = None  # the inbox row of a voice note that says it

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
        """The lines that cost something else than the buyer saw."""
        return tuple(change for change in map(_price_change, self.lines) if change)

    @property
    def short(self) -> tuple[BasketLine, ...]:
        """The lines that can't be had whole."""
        return tuple(line for line in self.lines if line.available < line.quantity)


def _price_change(line: BasketLine) -> PriceChange | None:
    return holding.price_change(
        line.product_id, line.name, line.tariff, line.quantity, line.price_seen, line.amount_seen
    )


def basket_of(db: Db, contact_id: int) -> Basket:
    """This person's basket as it stands; an empty one when there is none."""
    found = db.kept(
        "select id, way, quarter, landmark, recipient, phone, latitude, longitude, voice_id, payment, payment_phone,"
        " note, note_voice_id, held_until,"
        " coalesce(held_until > market_now(), false) as is_held from basket where contact_id = %(contact)s",
        contact=contact_id,
    )
    if not found:
        return Basket(contact_id)
    (row,) = found
    address = Address(
        row.quarter, row.landmark, row.recipient, row.phone, row.latitude, row.longitude, row.way, row.voice_id
    )
    shops = _shops(_line_rows(db, row.id, contact_id))
    return Basket(
        contact_id,
        shops,
        address,
        row.held_until,
        row.is_held,
        row.payment,
        row.payment_phone,
        row.note,
        row.note_voice_id,
    )


_BARS: Final = BARS.format(vendor="p.vendor_id", contact="%(contact)s")


def _line_rows(db: Db, basket_id: int, contact_id: int) -> Sequence[Any]:
    return db.kept(
        f"select {holding.LINE}, p.vendor_id, w.choice, coalesce(p.is_perishable, c.is_perishable) as is_perishable,"
        f" v.slug as vendor_slug, v.name as vendor_name, {_BARS} as is_barred {holding.LINES}"
        " join category c on c.id = p.category_id left join variant w on w.product_id = p.id"
        " where l.basket_id = %(basket)s order by l.id",
        basket=basket_id,
        contact=contact_id,
    )


def _shops(rows: Sequence[Any]) -> tuple[ShopLines, ...]:
    available = holding.available(rows)
    by_shop: dict[int, list[Any]] = {}  # in the order in which the shops came into the basket
    for row in rows:
        by_shop.setdefault(row.vendor_id, []).append(row)
    return tuple(
        ShopLines(
            vendor_id,
            own[0].vendor_slug,
            own[0].vendor_name,
            tuple(_line(row, available[row.id]) for row in own),
            own[0].is_barred,
        )
        for vendor_id, own in by_shop.items()
    )


def _line(row: Any, available: int) -> BasketLine:
    return BasketLine(
        product_id=row.product_id,
        stock_id=row.stock_id,
        vendor_id=row.vendor_id,
        name=row.name,
        unit=row.unit,
        quantity=row.quantity,
        price_seen=row.price_seen,
        amount_seen=row.amount_seen,
        tariff=tariff(row.price, row.rules),
        factor=row.factor,
        label=", ".join(value for _, value in row.choice or ()),
        available=available,
        held=row.held,
        is_perishable=row.is_perishable,
    )


def add(db: Db, contact_id: int, product_id: int, quantity: int, by: Cause) -> LineChange:
    """Put `quantity` more units into the basket; a hold ends. Raises NotAQuantity below 1."""
    return add_all(db, contact_id, [Wish(product_id, quantity)], by)[0]


def add_all(db: Db, contact_id: int, wishes: Sequence[Wish], by: Cause) -> tuple[LineChange, ...]:
    """Put more units of several products into the basket in one step, each that can be; what became of each.

    A hold ends when one was added. Raises NotAQuantity below 1.
    """
    return _put(db, contact_id, wishes, by, adds=True)


def set_quantity(db: Db, contact_id: int, product_id: int, quantity: int, by: Cause) -> LineChange:
    """Make it `quantity` units, whatever was there; a hold ends. Raises NotAQuantity below 1."""
    return _put(db, contact_id, [Wish(product_id, quantity)], by, adds=False)[0]


def _put(db: Db, contact_id: int, wishes: Sequence[Wish], by: Cause, *, adds: bool) -> tuple[LineChange, ...]:
    for wish in wishes:
        if wish.quantity < 1:
            raise NotAQuantity(wish.quantity)
    basket_id = locks.own_basket(db, contact_id)
    offered = Offered(db, basket_id, [wish.product_id for wish in wishes])
    before = offered.quantities()
    changes = tuple(offered.take(wish, adds=adds) for wish in wishes)
    if any(change.outcome == "added" for change in changes):
        holding.release_baskets(db, [basket_id], by)
        _write(db, basket_id, offered.changed(before), by)
    return changes


def _write(db: Db, basket_id: int, lines: Sequence[Basis], by: Cause) -> None:
    db.run(
        _PUT,
        basket=basket_id,
        products=[line.product_id for line in lines],
        befores=[line.before for line in lines],
        quantities=[line.quantity for line in lines],
        prices=[line.price for line in lines],
        amounts=[line.amount for line in lines],
        inbox=by.inbox_id,
        after=reminding.AFTER,
    )


# What an amount is beside the unit price so many times is kept only where it is another.
_PUT = f"""
with {reminding.TOUCHED}, given as (
    select * from unnest(%(products)s::bigint[], %(befores)s::int[], %(quantities)s::int[], %(prices)s::int[],
        %(amounts)s::int[]) with ordinality as g(product_id, before, quantity, price, amount, place)
), put as (
    insert into basket_line as l (basket_id, product_id, quantity, price_seen, amount_seen)
    select %(basket)s, product_id, quantity, price, nullif(amount, price * quantity) from given order by place
    on conflict (basket_id, product_id) do update set quantity = excluded.quantity, price_seen = excluded.price_seen,
        amount_seen = excluded.amount_seen
    returning basket_id, product_id, quantity
)
insert into basket_history (basket_id, product_id, inbox_id, quantity_before, quantity_after)
select put.basket_id, put.product_id, %(inbox)s, given.before, put.quantity from put join given using (product_id)
where put.quantity <> given.before order by given.place
"""

_GONE = """
gone as (
    delete from basket_line
    where basket_id = any(%(baskets)s) and (product_id = any(%(products)s) or %(products)s::bigint[] is null)
    returning id, basket_id, product_id, quantity
)
insert into basket_history (basket_id, product_id, inbox_id, quantity_before, quantity_after)
select basket_id, product_id, %(inbox)s, quantity, 0 from gone order by id
"""
_TAKE_OUT = f"with {_GONE}"
_CLEAR = f"""
with emptied as (
    update basket set way = 'delivery', quarter = null, landmark = null, latitude = null, longitude = null,
        recipient = null, phone = null, voice_id = null, note = null, note_voice_id = null, payment = null,
        payment_phone = null, held_until = null, touched_at = market_now() where id = %(id)s
), forgotten as (
    {reminding.FORGET}
), {_GONE}"""


def remove(db: Db, contact_id: int, product_id: int, by: Cause) -> None:
    """Take a product out of the basket; a hold ends. Raises NotInBasket."""
    basket_id = locks.basket(db, contact_id)
    if basket_id is None or not db.value(_HAS_LINE, basket=basket_id, product=product_id):
        raise NotInBasket(product_id)
    holding.release_baskets(db, [basket_id], by)
    take_out(db, [basket_id], by, [product_id])
    reminding.touch(db, basket_id)


def adapt(db: Db, contact_id: int, by: Cause) -> None:
    """Make every line what can be had of it, and take out those of which nothing can; a hold ends."""
    basket_id = locks.basket(db, contact_id)
    now = basket_of(db, contact_id)
    if basket_id is None or not now.short:
        return
    holding.release_baskets(db, [basket_id], by)
    gone = [line.product_id for line in now.short if not line.available]
    if gone:
        take_out(db, [basket_id], by, gone)
    _write(db, basket_id, [_cut(line) for line in now.short if line.available], by)


def _cut(line: BasketLine) -> Basis:
    price, amount = line.tariff.unit_price(line.available), line.tariff.amount(line.available)
    return Basis(line.product_id, line.quantity, line.available, price, amount)


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
    return db.run(_CLEAR, id=basket_id, baskets=[basket_id], products=None, inbox=by.inbox_id).count


def take_out(db: Db, basket_ids: Sequence[int], by: Cause, product_ids: Sequence[int] | None = None) -> int:
    """Remove the lines of baskets whose locks the caller holds, or those of some products; how many lines."""
    products = None if product_ids is None else list(product_ids)
    return db.run(_TAKE_OUT, baskets=list(basket_ids), products=products, inbox=by.inbox_id).count


def note_prices_seen(db: Db, basket: Basket) -> tuple[PriceChange, ...]:
    """What of this basket costs something else than its person saw, noted as seen now: each change is told once."""
    if not basket.price_changes:
        return ()
    basket_id = locks.basket_changed(db, basket.contact_id)
    if basket_id is None:
        return ()
    now = basket_of(db, basket.contact_id)  # as it is under the lock
    changes = now.price_changes
    changed = [line for line in now.lines if _price_change(line)]
    db.run(
        "update basket_line l set price_seen = g.price, amount_seen = nullif(g.amount, g.price * l.quantity)"
        " from unnest(%(products)s::bigint[], %(prices)s::int[], %(amounts)s::int[]) as g(product_id, price, amount)"
        " where l.basket_id = %(basket)s and l.product_id = g.product_id",
        basket=basket_id,
        products=[line.product_id for line in changed],
        prices=[line.price for line in changed],
        amounts=[line.amount for line in changed],
    )
    return changes
