"""An order that no vendor has answered is changed: other quantities, fewer lines, another address, all or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from catalog import locks as catalog_locks
from catalog import stock
from catalog.prices import RULES, tariff
from catalog.products import SELLABLE
from catalog.stock import Cause, Change
from catalog.vendors import vendors
from orders import delivery, history, locks, totals
from orders.basket import Address
from orders.facts import PartCancelled, PartChanged
from orders.offered import MOST_UNITS
from orders.progress import move_parts
from orders.reports import OrderView
from orders.states import State
from orders.terms import Terms

# too_late: a shop has answered · again: price, stock or the order itself is no longer what was confirmed · not_yours
Outcome = Literal["changed", "too_late", "again", "not_yours"]
Detail = Literal["quarter", "landmark", "recipient", "phone"]
ANSWERED: Final[tuple[State, ...]] = ("accepted", "ready", "handed_over", "delivered")
NOWHERE: Final = Address()
DETAILS: Final[tuple[Detail, ...]] = ("quarter", "landmark", "recipient", "phone")


@dataclass(frozen=True)
class Wish:
    """What shall be otherwise: units by line (0 takes it out), and of the address what is not None."""

    units: Mapping[int, int] = field(default_factory=dict)
    address: Address = NOWHERE

    @property
    def is_moved(self) -> bool:
        """Whether it goes to another place."""
        return self.address.quarter is not None


@dataclass(frozen=True)
class Line:
    """A line as it was and as it shall be; `price` in F CFA a unit, `amount` of the whole line as it shall be.

    `most` are the units that can be had, `factor` the units of the stock that one takes.
    """

    id: int
    part_id: int
    product_id: int
    stock_id: int
    name: str
    unit: str
    before: int
    quantity: int
    price: int
    amount: int
    factor: int
    most: int


@dataclass(frozen=True)
class Part:
    """One shop's part as it shall be; `delivery` in F CFA. Without a unit left it is cancelled."""

    id: int
    vendor_name: str
    delay: str
    lines: tuple[Line, ...]
    delivery: int
    is_otherwise: bool
    is_served: bool = True  # its shop sends to the place that is wished for
    prepaid: int = 0  # F CFA that would have to be paid before it leaves the shop

    @property
    def is_left(self) -> bool:
        """Whether anything of it is still wanted."""
        return any(line.quantity for line in self.lines)

    @property
    def goods(self) -> int:
        """F CFA of its lines."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Plan:
    """A change before it is one: the parts that wait for their vendors, and where they shall go."""

    parts: tuple[Part, ...]
    address: Address
    is_moved: bool

    @property
    def total(self) -> int:
        """F CFA of what is left."""
        return sum(part.goods + part.delivery for part in self.parts if part.is_left)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, part by part."""
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def is_otherwise(self) -> bool:
        """Whether anything changes at all."""
        return any(part.is_otherwise for part in self.parts)

    @property
    def unserved(self) -> tuple[str, ...]:
        """Names of the shops that do not send to the place that is wished for."""
        return tuple(part.vendor_name for part in self.parts if part.is_left and not part.is_served)

    @property
    def needs_person(self) -> bool:
        """Whether something would have to be paid before, which a person arranges."""
        return any(part.prepaid for part in self.parts if part.is_left)

    @property
    def lacking(self) -> Line | None:
        """The first line that asks for more than there is."""
        return next((line for line in self.lines if line.quantity > max(line.before, line.most)), None)


def is_changeable(order: OrderView, now: datetime) -> bool:
    """Whether all parts that are open still wait for their vendors; decided again under the order's lock.

    What goes by bus, is fetched or is paid before is changed by a person.
    """
    parts = [own.part for own in order.parts]
    is_waiting = any(part.state == "placed" and part.expires_at and part.expires_at > now for part in parts)
    return is_waiting and not _is_arranged(order) and not any(part.state in ANSWERED for part in parts)


def why_fixed(order: OrderView) -> Literal["over", "arranged", "answered"]:
    """Why an order is no longer changeable: nothing of it is open, a person changes such a one, or a shop answered."""
    if order.is_open and _is_arranged(order):
        return "arranged"
    return "answered" if any(own.part.state in ANSWERED for own in order.parts) else "over"


def _is_arranged(order: OrderView) -> bool:
    return order.way != "delivery" or order.prepaid > 0


def _state(db: Db, order_id: int, contact_id: int) -> Literal["open", "too_late", "not_yours"]:
    row = db.one(
        "select count(*) filter (where v.state = 'placed' and v.expires_at > market_now()) as waiting,"
        " count(*) filter (where v.state = any(%(answered)s)) as answered"
        ' from "order" o join vendor_order v on v.order_id = o.id where o.id = %(order)s and o.contact_id = %(contact)s'
        " having count(*) > 0",
        answered=list(ANSWERED),
        order=order_id,
        contact=contact_id,
    )
    if row is None:
        return "not_yours"
    return "open" if row.waiting and not row.answered else "too_late"


def plan(db: Db, order_id: int, wish: Wish, terms: Terms) -> Plan:
    """What an order would be with a wish. A line with more units than before costs what its product costs now."""
    now = db.one(
        'select way, quarter, landmark, recipient, phone, latitude, longitude from "order" where id = %(order)s',
        order=order_id,
    )
    before = Address(**now._asdict()) if now else NOWHERE
    address = _laid_over(before, wish.address)
    by_part: dict[int, list[Any]] = {}
    for row in db.rows(_LINES, order=order_id):
        by_part.setdefault(row.part_id, []).append(row)
    shops = vendors(db, {rows[0].vendor_id for rows in by_part.values()})
    parts = []
    for part_id, rows in by_part.items():
        shop = shops[rows[0].vendor_id]
        lines = tuple(_line(row, wish.units.get(row.id, row.before)) for row in rows)
        goods = sum(line.amount for line in lines)
        is_otherwise = address != before or any(line.quantity != line.before for line in lines)
        is_priced_anew = wish.is_moved or (is_otherwise and shop.delivery.free_above is not None)
        fee = delivery.fee(shop, address.destination, goods, terms.fees) if is_priced_anew else rows[0].delivery
        agreed = rows[0].delivery if fee is None else fee
        is_served = fee is not None or not wish.is_moved
        prepaid = delivery.prepaid(shop, address.way, goods + agreed)
        parts.append(Part(part_id, shop.name, shop.delay, lines, agreed, is_otherwise, is_served, prepaid))
    return Plan(tuple(parts), address, wish.is_moved)


_LINES = f"""
select l.id, l.vendor_order_id as part_id, o.vendor_id, o.delivery, l.product_id, l.stock_id, l.name, l.unit,
    l.quantity as before, l.price as price_before, coalesce(l.amount, l.quantity * l.price) as amount_before, l.factor,
    p.price, {RULES} as rules, {SELLABLE} as available
from vendor_order o join order_line l on l.vendor_order_id = o.id join product p on p.id = l.product_id
    join stock s on s.id = l.stock_id join vendor v on v.id = o.vendor_id
where o.order_id = %(order)s and o.state = 'placed' and o.expires_at > market_now() order by o.id, l.id
"""


def _line(row: Any, quantity: int) -> Line:
    now = tariff(row.price, row.rules)
    is_priced_anew = quantity > row.before or row.rules  # what lots and steps made cheaper depends on how many they are
    price = now.unit_price(quantity) if is_priced_anew else row.price_before
    amount = now.amount(quantity) if is_priced_anew else quantity * row.price_before
    return Line(
        id=row.id,
        part_id=row.part_id,
        product_id=row.product_id,
        stock_id=row.stock_id,
        name=row.name,
        unit=row.unit,
        before=row.before,
        quantity=quantity,
        price=price,
        amount=row.amount_before if quantity == row.before else amount,
        factor=row.factor,
        most=min(row.before + row.available, MOST_UNITS),
    )


def _laid_over(before: Address, wanted: Address) -> Address:
    values = {name: getattr(wanted, name) or getattr(before, name) for name in DETAILS}
    where = wanted if wanted.quarter is not None else before
    return Address(**values, latitude=where.latitude, longitude=where.longitude, way=before.way)


def change_order(
    db: Db, order_id: int, contact_id: int, wish: Wish, by: Cause, terms: Terms, *, total_seen: int
) -> Outcome:
    """The buyer said yes to a plan of `total_seen` F CFA: all of it, or nothing. An answer that came first wins."""
    if _state(db, order_id, contact_id) == "not_yours":
        return "not_yours"
    locks.orders(db, [order_id])
    if _state(db, order_id, contact_id) != "open":
        return "too_late"
    known = plan(db, order_id, wish, terms)
    catalog_locks.stocks(db, (line.stock_id for line in known.lines))
    wanted = plan(db, order_id, wish, terms)  # prices and stock as they are under the locks
    if (
        wanted.total != total_seen
        or not wanted.total
        or not wanted.is_otherwise
        or wanted.lacking
        or wanted.unserved
        or wanted.needs_person
        or not _move_stock(db, wanted, by)
    ):
        return "again"
    _write(db, order_id, wanted, by)
    return "changed"


def _move_stock(db: Db, wanted: Plan, by: Cause) -> bool:
    """More units are taken first, all or none; what is no longer wanted is given back."""
    left = [part for part in wanted.parts if part.is_left]
    more = _moved(line for part in left for line in part.lines if line.quantity > line.before)
    fewer = _moved(line for part in left for line in part.lines if line.quantity < line.before)
    gone = _moved(line for part in wanted.parts if not part.is_left for line in part.lines)
    if not stock.hold(db, [Change(change.stock_id, change.quantity) for change in more], by):
        return False
    stock.allocate(db, more, by)
    stock.free(db, fewer, by)
    stock.free(db, gone, by)
    return True


def _moved(lines: Iterable[Line]) -> list[Change]:
    units: Counter[tuple[int, int]] = Counter()
    for line in lines:
        units[line.stock_id, line.part_id] += abs(line.quantity - line.before) * line.factor
    return [Change(stock_id, quantity, part_id) for (stock_id, part_id), quantity in sorted(units.items())]


def _write(db: Db, order_id: int, wanted: Plan, by: Cause) -> None:
    left = [part for part in wanted.parts if part.is_left]
    gone = [part.id for part in wanted.parts if not part.is_left]
    _write_lines(db, [line for part in left for line in part.lines])
    db.run(
        "update vendor_order v set goods = told.goods, delivery = told.delivery"
        " from unnest(%(ids)s::bigint[], %(goods)s::int[], %(deliveries)s::int[]) as told(id, goods, delivery)"
        " where v.id = told.id",
        ids=[part.id for part in left],
        goods=[part.goods for part in left],
        deliveries=[part.delivery for part in left],
    )
    address = wanted.address
    db.run(
        'update "order" set quarter = %(quarter)s, landmark = %(landmark)s, recipient = %(recipient)s,'
        " phone = %(phone)s, latitude = %(latitude)s, longitude = %(longitude)s,"
        " voice_id = case when %(moved)s then null else voice_id end where id = %(order)s",
        order=order_id,
        moved=wanted.is_moved,
        **{name: getattr(address, name) for name in (*DETAILS, "latitude", "longitude")},
    )
    if gone:
        move_parts(db, gone, "cancelled", ["placed"])
        history.write(db, [(order_id, part_id) for part_id in gone], "cancelled", by)
    totals.sum_up(db, order_id)
    _tell(db, order_id, [part for part in left if part.is_otherwise], by)
    for part_id in gone:
        facts.record(db, PartCancelled(order_id, part_id))


def _write_lines(db: Db, lines: Sequence[Line]) -> None:
    otherwise = [line for line in lines if line.quantity != line.before]
    db.run("delete from order_line where id = any(%(ids)s)", ids=[line.id for line in otherwise if not line.quantity])
    kept = [line for line in otherwise if line.quantity]
    db.run(
        "update order_line l set quantity = told.quantity, price = told.price, amount = told.amount"
        " from unnest(%(ids)s::bigint[], %(quantities)s::int[], %(prices)s::int[], %(amounts)s::int[])"
        " as told(id, quantity, price, amount) where l.id = told.id",
        ids=[line.id for line in kept],
        quantities=[line.quantity for line in kept],
        prices=[line.price for line in kept],
        amounts=[line.amount for line in kept],
    )


def _tell(db: Db, order_id: int, parts: Sequence[Part], by: Cause) -> None:
    """What each shop's part was and is: the notice to its vendor is made from the history."""
    for part in parts:
        lines = [
            {
                "stock": line.stock_id,
                "name": line.name,
                "before": line.before,
                "after": line.quantity,
                "factor": line.factor,
            }
            for line in part.lines
            if line.quantity != line.before
        ]
        history.write(db, [(order_id, part.id)], "changed", by, {"lines": lines})
        facts.record(db, PartChanged(order_id, part.id))


def last_change(db: Db, order_id: int, vendor_order_id: int) -> Sequence[Mapping[str, Any]]:
    """The lines (name, before, after) that a part's last change was about; none when only the address changed."""
    details = db.value(
        "select details from order_history where order_id = %(order)s and vendor_order_id = %(part)s"
        " and fact = 'changed' order by id desc limit 1",
        order=order_id,
        part=vendor_order_id,
    )
    lines: Sequence[Mapping[str, Any]] = details["lines"] if details else ()
    return lines
