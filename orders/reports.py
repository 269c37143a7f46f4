"""Orders as people are told of them: a buyer his order, a vendor his part."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from base.db import Db
from orders.codes import LAST
from orders.delivery import Way
from orders.states import OPEN, OVER, State

PHONE_SEEN: Final = 24 * 3600  # seconds after delivery that vendor and buyer still see each other's phone (design §6)


@dataclass(frozen=True)
class OrderLine:
    """Units as they were ordered; `price` in F CFA a unit."""

    product_id: int
    stock_id: int
    name: str
    unit: str
    quantity: int
    price: int
    amount: int  # F CFA of the whole line, as it was confirmed


@dataclass(frozen=True)
class Part:
    """One vendor's part of an order. Amounts in F CFA; the phones are None while they may not be seen.

    Never holds the buyer's delivery code: a vendor's message is made from this.
    """

    id: int
    order_id: int
    code: str
    state: State
    vendor_id: int
    vendor_slug: str
    vendor_name: str
    vendor_phone: str | None
    vendor_quarter: str
    vendor_landmark: str
    delay: str
    goods: int
    delivery: int
    prepaid: int  # of both, paid before it leaves the shop
    arranged_at: datetime | None  # when a person settled that
    paid: int  # what the buyer is known to have paid: before, as arranged, and at the door, as received
    refunded_at: datetime | None  # when a person gave that back
    overpaid: int  # paid for what its shop can't serve of it
    overpaid_returned_at: datetime | None  # when a person gave that back
    carrier: str | None  # of a parcel that left: the bus company and the number of its receipt
    receipt: str | None
    receipt_photo_id: int | None  # the inbox row of a photo of it
    contact_id: int  # the buyer
    conversation_id: int  # where he ordered
    way: Way
    payment: str  # cash, flooz, tmoney: the buyer's wish
    payment_phone: str | None
    quarter: str
    landmark: str
    latitude: float | None
    longitude: float | None
    recipient: str
    recipient_phone: str | None
    voice_id: int | None  # the inbox row of a voice note that tells the way
    note: str | None  # the buyer's word to the shop
    note_voice_id: int | None  # the inbox row of a voice note that says it
    placed_at: datetime
    changed_at: datetime
    expires_at: datetime | None
    late_at: datetime | None  # until when it should leave its shop
    is_moved: bool  # another shop was asked in its place
    is_undecided: bool  # its buyer may still let go of what is left of it
    lines: tuple[OrderLine, ...]

    @property
    def total(self) -> int:
        """F CFA of this part."""
        return self.goods + self.delivery

    @property
    def due(self) -> int:
        """F CFA of it that are paid when it is received."""
        return self.total - self.prepaid

    @property
    def is_unpaid(self) -> bool:
        """Whether it may not leave its shop yet."""
        return self.prepaid > 0 and self.arranged_at is None

    @property
    def owed(self) -> int:
        """F CFA that the buyer has to be given back, as it is over or is served in part."""
        if self.refunded_at:
            return 0
        difference = 0 if self.overpaid_returned_at else self.overpaid
        return difference + (self.paid if self.state in OVER else 0)

    @property
    def given_back(self) -> int:
        """F CFA that he was given back."""
        difference = self.overpaid if self.overpaid_returned_at or self.refunded_at else 0
        return difference + (self.paid if self.refunded_at and self.state in OVER else 0)


@dataclass(frozen=True)
class BuyerPart:
    """A part as its buyer sees it; the delivery code is shown from the acceptance until it is used."""

    part: Part
    delivery_code: str | None


@dataclass(frozen=True)
class OrderView:
    """An order as its buyer sees it; `total` in F CFA is what was confirmed."""

    id: int
    code: str
    contact_id: int
    conversation_id: int
    placed_at: datetime
    way: Way
    quarter: str
    landmark: str
    recipient: str
    phone: str
    payment: str
    payment_phone: str | None
    total: int
    parts: tuple[BuyerPart, ...]

    @property
    def due(self) -> int:
        """F CFA that is still to be paid, before or at the door."""
        return sum(own.part.total for own in self.parts if own.part.state in OPEN)

    @property
    def prepaid(self) -> int:
        """F CFA of what is due that are paid before."""
        return sum(own.part.prepaid for own in self.parts if own.part.state in OPEN)

    @property
    def unpaid(self) -> int:
        """F CFA of these that are not paid yet."""
        return sum(own.part.prepaid for own in self.parts if own.part.state in OPEN and own.part.is_unpaid)

    @property
    def owed(self) -> int:
        """F CFA that he has to be given back."""
        return sum(own.part.owed for own in self.parts)

    @property
    def paid(self) -> int:
        """F CFA that are known to be paid for the parts that are not over."""
        return sum(own.part.paid for own in self.parts if own.part.state not in OVER)

    @property
    def refunded(self) -> int:
        """F CFA that he was given back."""
        return sum(own.part.given_back for own in self.parts)

    @property
    def delivered(self) -> int:
        """F CFA of the parts that were brought; nobody tells us what was paid for them."""
        return sum(own.part.total for own in self.parts if own.part.state == "delivered")

    @property
    def is_open(self) -> bool:
        """Someone still has to do something."""
        return any(own.part.state in OPEN for own in self.parts)


@dataclass(frozen=True)
class Orders:
    """Some orders of a buyer, newest first; `after` is None on the last page."""

    orders: tuple[OrderView, ...]
    after: int | None


@dataclass(frozen=True)
class Parts:
    """Some parts of a vendor, oldest first; `after` is None on the last page."""

    parts: tuple[Part, ...]
    after: int | None


def orders_of(db: Db, contact_id: int, after: int | None = None, size: int = 9) -> Orders:
    """A buyer's orders, newest first."""
    rows = db.kept(
        'select id from "order" where contact_id = %(contact)s and (%(after)s::bigint is null or id < %(after)s)'
        " order by id desc limit %(most)s",
        contact=contact_id,
        after=after,
        most=size + 1,
    )
    shown = [row.id for row in rows[:size]]
    return Orders(orders_by_ids(db, shown), shown[-1] if len(rows) > size else None)


def is_open_for(db: Db, contact_id: int) -> bool:
    """Whether an order of this buyer is under way."""
    found = 'select exists (select from vendor_order v join "order" o on o.id = v.order_id'
    return bool(db.value(f"{found} where o.contact_id = %(contact)s and v.state = any(%(open)s))",
                         contact=contact_id, open=list(OPEN)))  # fmt: skip


def unfinished_order_code(db: Db, contact_id: int) -> str | None:
    """The code of the oldest order of this buyer with which someone still has to do something; None without one.

    To give back what was paid is something too.
    """
    code: str | None = db.value(
        'select o.code from "order" o where o.contact_id = %(contact)s and exists'
        " (select from vendor_order v where v.order_id = o.id and (v.state = any(%(open)s)"
        " or v.overpaid > 0 and coalesce(v.overpaid_returned_at, v.refunded_at) is null"
        f" or v.state = any(%(over)s) and v.refunded_at is null and {_PAID} > 0)) order by o.id limit 1",
        contact=contact_id,
        open=list(OPEN),
        over=list(OVER),
    )
    return code


def phone_told(db: Db, vendor_order_id: int) -> str:
    """The phone (E.164) that was told for the order of a part, for organizers; '' when there is none."""
    told = 'select o.phone from vendor_order v join "order" o on o.id = v.order_id where v.id = %(part)s'
    return str(db.value(told, part=vendor_order_id) or "")


def has_ordered(db: Db, contact_id: int) -> bool:
    """Whether this person has ever placed an order."""
    placed = 'select exists (select from "order" where contact_id = %(contact)s)'
    return bool(db.value(placed, contact=contact_id))


def order_by_code(db: Db, contact_id: int, code: str) -> OrderView | None:
    """This buyer's order of that code (as orders.codes.read_code writes it); None also when it is another's."""
    order_id = db.value(
        'select id from "order" where code = %(code)s and contact_id = %(contact)s', code=code, contact=contact_id
    )
    return order(db, order_id) if order_id is not None else None


def order(db: Db, order_id: int) -> OrderView | None:
    """One order, for news to its own buyer; None when there is none."""
    found = orders_by_ids(db, [order_id])
    return found[0] if found else None


def part(db: Db, vendor_order_id: int) -> Part | None:
    """One part, for news to its vendor; None when there is none."""
    found = _parts(db, "v.id = any(%(ids)s)", ids=[vendor_order_id])
    return found[0] if found else None


def parts_of_vendor(
    db: Db,
    vendor_ids: Collection[int],
    states: Collection[State] = OPEN,
    after: int | None = None,
    size: int = 9,
    *,
    stock_id: int | None = None,
) -> Parts:
    """The parts of these shops in these states, oldest first; with `stock_id` those that take from that stock."""
    found = _parts(
        db,
        "v.vendor_id = any(%(vendors)s) and v.state = any(%(states)s) and v.id > %(after)s"
        " and (%(stock)s::bigint is null or exists (select from order_line l"
        " where l.vendor_order_id = v.id and l.stock_id = %(stock)s))",
        _AT_MOST,
        stock=stock_id,
        vendors=list(vendor_ids),
        states=list(states),
        after=after or 0,
        most=size + 1,
    )
    return Parts(found[:size], found[size - 1].id if len(found) > size else None)


def states_of_vendor(db: Db, vendor_ids: Collection[int]) -> Mapping[State, int]:
    """How many open parts these shops have in each state that any is in."""
    rows = db.kept(
        "select state, count(*) as parts from vendor_order where vendor_id = any(%(vendors)s)"
        " and state = any(%(states)s) group by state",
        vendors=list(vendor_ids),
        states=list(OPEN),
    )
    return {row.state: row.parts for row in rows}


def part_by_prefix(db: Db, vendor_ids: Collection[int], prefix: str) -> tuple[Part, ...]:
    """The parts of these shops whose code begins so (orders.codes.read_prefix writes it): the open ones, at most ten.

    When none is open, the closed ones, so that it can be said what became of them.
    """
    for states in (OPEN, ("delivered", *OVER)):
        found = _parts(
            db,
            "v.vendor_id = any(%(vendors)s) and v.state = any(%(states)s) and starts_with(o.code, %(prefix)s)"
            " and o.code between %(prefix)s and %(last)s",
            _AT_MOST,
            vendors=list(vendor_ids),
            states=list(states),
            prefix=prefix,
            last=prefix + LAST,
            most=10,
        )
        if found:
            return found
    return ()


# Nobody tells us what is paid at the door; but what was received was paid for.
_PAID = """
(case when v.arranged_at is not null then v.prepaid else 0 end
    + case when v.state = 'delivered' or v.state = 'returned' and exists (select from order_history h
        where h.order_id = v.order_id and h.vendor_order_id = v.id and h.fact = 'delivered')
    then v.goods + v.delivery - v.prepaid else 0 end)
"""
_PARTS = """
select v.id, v.order_id, o.code, v.state, v.vendor_id, w.slug as vendor_slug, w.name as vendor_name, w.delay,
    w.quarter as vendor_quarter, w.landmark as vendor_landmark, v.goods, v.delivery, v.prepaid, v.arranged_at,
    {paid} as paid, v.refunded_at, v.overpaid, v.overpaid_returned_at, v.carrier, v.receipt, v.receipt_photo_id,
    o.contact_id, o.conversation_id, o.way, o.payment, o.payment_phone, o.quarter, o.landmark, o.latitude, o.longitude,
    o.recipient, o.voice_id, o.note, o.note_voice_id, o.placed_at, v.changed_at, v.expires_at, v.late_at,
    v.delivery_code,
    v.state in ('refused', 'expired') and exists (select from order_history h
        where h.order_id = o.id and h.vendor_order_id = v.id and h.fact = 'moved') as is_moved,
    v.state in ('accepted', 'ready') and exists (select from part_due d
        where d.vendor_order_id = v.id and d.what = 'choice') as is_undecided,
    case when {seen} then w.phone end as vendor_phone, case when {seen} then o.phone end as recipient_phone
from vendor_order v join "order" o on o.id = v.order_id join vendor w on w.id = v.vendor_id
where {where} order by v.id
"""
_SEEN = (
    "(v.state in ('accepted', 'ready', 'handed_over')"
    " or v.state = 'delivered' and v.changed_at > market_now() - make_interval(secs => %(phone_seen)s))"
)
# Only where one is needed: a limit of null is planned as a tenth of the rows, all of which may be read in order then.
_AT_MOST: Final = "limit %(most)s"


def _parts(db: Db, where: str, limit: str = "", **values: Any) -> tuple[Part, ...]:
    return tuple(own.part for own in _buyer_parts(db, where, limit, **values))


def _buyer_parts(db: Db, where: str, limit: str = "", **values: Any) -> list[BuyerPart]:
    rows = db.kept(_PARTS.format(paid=_PAID, seen=_SEEN, where=where) + limit, phone_seen=PHONE_SEEN, **values)
    lines = _lines(db, [row.id for row in rows])
    return [_buyer_part(row, tuple(lines[row.id])) for row in rows]


def _buyer_part(row: Any, lines: tuple[OrderLine, ...]) -> BuyerPart:
    values = row._asdict()
    delivery_code = values.pop("delivery_code")
    is_shown = row.state in ("accepted", "ready", "handed_over")
    return BuyerPart(Part(lines=lines, **values), delivery_code if is_shown else None)


def _lines(db: Db, part_ids: Sequence[int]) -> dict[int, list[OrderLine]]:
    rows = db.kept(
        "select vendor_order_id, product_id, stock_id, name, unit, quantity, price,"
        " coalesce(amount, quantity * price) as amount from order_line"
        " where vendor_order_id = any(%(ids)s) order by id",
        ids=list(part_ids),
    )
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for row in rows:
        lines[row.vendor_order_id].append(_line(row))
    return lines


def _line(row: Any) -> OrderLine:
    return OrderLine(row.product_id, row.stock_id, row.name, row.unit, row.quantity, row.price, row.amount)


def orders_by_ids(db: Db, order_ids: Sequence[int]) -> tuple[OrderView, ...]:
    """These orders, in this order; what is not there is left out."""
    parts: dict[int, list[BuyerPart]] = defaultdict(list)
    for own in _buyer_parts(db, "v.order_id = any(%(ids)s)", ids=list(order_ids)):
        parts[own.part.order_id].append(own)
    found = db.kept(
        "select id, code, contact_id, conversation_id, placed_at, way, quarter, landmark, recipient, phone, payment,"
        " payment_phone, total"
        ' from "order" where id = any(%(ids)s)',
        ids=list(order_ids),
    )
    by_id = {row.id: OrderView(**row._asdict(), parts=tuple(parts[row.id])) for row in found}
    return tuple(by_id[order_id] for order_id in order_ids if order_id in by_id)
