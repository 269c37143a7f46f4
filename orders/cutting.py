"""A shop serves a part of what was ordered: fewer units, less money, and its buyer chooses about the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from base import facts
from base.db import Db
from catalog import locks as catalog_locks
from catalog import stock
from catalog.stock import Cause, Change
from catalog.vendors import vendors
from orders import delivery, due, history, locks, totals
from orders.facts import PartCut, PartRestKept
from orders.progress import move_parts
from orders.states import CUT, State
from orders.terms import Terms

# whole, nothing: it is no part of it that can be served · already: it was cut or packed before · the others: its end
Outcome = Literal["done", "whole", "nothing", "already", "over", "not_yours"]
COIN = 5  # F CFA, the smallest


@dataclass(frozen=True)
class Line:
    """A line as it was ordered and as it can be served; amounts of the whole line in F CFA."""

    id: int
    stock_id: int
    name: str
    factor: int
    before: int
    after: int
    amount_before: int
    amount: int


@dataclass(frozen=True)
class Plan:
    """A part as it would be; amounts in F CFA.

    `prepaid` of it is paid before it leaves, `overpaid` was paid for what it no longer holds.
    """

    lines: tuple[Line, ...]
    delivery: int
    prepaid: int
    overpaid: int
    before: int

    @property
    def goods(self) -> int:
        """F CFA of what is left."""
        return sum(line.amount for line in self.lines)

    @property
    def total(self) -> int:
        """F CFA with the delivery."""
        return self.goods + self.delivery


@dataclass(frozen=True)
class _Part:
    order_id: int
    vendor_id: int
    contact_id: int
    state: State
    way: delivery.Way
    delivery: int
    total: int
    prepaid: int
    is_arranged: bool
    is_cut: bool
    is_undecided: bool


def plan(db: Db, vendor_order_id: int, units: Mapping[int, int]) -> Plan | None:
    """What a part would be with these units of its lines (line id -> units); None when there is no such part.

    What was agreed stays agreed: a unit never costs more, and bringing it costs what it did, though the shop's own
    threshold may no longer be reached. That the shop has less is not the buyer's doing.
    """
    part = _part(db, vendor_order_id)
    if part is None:
        return None
    lines = tuple(_line(row, units.get(row.id, row.quantity)) for row in db.rows(_LINES, part=vendor_order_id))
    total = sum(line.amount for line in lines) + part.delivery
    prepaid = min(part.prepaid, total)
    if part.prepaid and not part.is_arranged:
        shop = vendors(db, [part.vendor_id])[part.vendor_id]
        prepaid = min(prepaid, delivery.prepaid(shop, part.way, total))
    overpaid = part.prepaid - prepaid if part.is_arranged else 0
    return Plan(lines, part.delivery, prepaid, overpaid, part.total)


_LINES = """
select id, stock_id, name, factor, quantity, coalesce(amount, quantity * price) as amount
from order_line where vendor_order_id = %(part)s order by id
"""


def _line(row: Any, units: int) -> Line:
    after = max(0, min(units, row.quantity))
    share = row.amount if after == row.quantity else row.amount * after // row.quantity // COIN * COIN
    return Line(row.id, row.stock_id, row.name, row.factor, row.quantity, after, row.amount, share)


def _part(db: Db, vendor_order_id: int) -> _Part | None:
    row = db.one(_PART, part=vendor_order_id)
    return _Part(**row._asdict()) if row else None


_PART = """
select v.order_id, v.vendor_id, o.contact_id, o.way, v.delivery, v.goods + v.delivery as total, v.prepaid,
    v.arranged_at is not null as is_arranged,
    case when v.state = 'placed' and v.expires_at <= market_now() then 'expired' else v.state end as state,
    exists (select from order_history h
        where h.order_id = o.id and h.vendor_order_id = v.id and h.fact = 'cut') as is_cut,
    exists (select from part_due d where d.vendor_order_id = v.id and d.what = 'choice') as is_undecided
from vendor_order v join "order" o on o.id = v.order_id where v.id = %(part)s
"""


def is_cuttable(db: Db, vendor_order_id: int) -> bool:
    """Whether its shop may still say that it has less: once, and before it is packed."""
    part = _part(db, vendor_order_id)
    return part is not None and _standing(part) == "done"


def _standing(part: _Part) -> Literal["done", "already", "over"]:
    if part.state not in CUT.sources:
        return "already" if CUT.answers[part.state] == "already" else "over"
    return "already" if part.is_cut else "done"


def accept_partly(
    db: Db, vendor_order_id: int, vendor_ids: Collection[int], units: Mapping[int, int], by: Cause, terms: Terms
) -> Outcome:
    """A shop of `vendor_ids` will prepare so many units of each line: the rest is free again, and the buyer chooses.

    His silence keeps it (orders.due): he ordered these goods, may still call them back until they leave, and a lost
    message would end an order that both want. Until then it does not leave.
    """
    part = _part(db, vendor_order_id)
    if part is None or part.vendor_id not in vendor_ids:
        return "not_yours"
    locks.orders(db, [part.order_id])
    wanted, part = plan(db, vendor_order_id, units), _part(db, vendor_order_id)
    if part is None or wanted is None:
        return "not_yours"
    catalog_locks.stocks(db, (line.stock_id for line in wanted.lines))
    standing = _standing(part)
    if standing != "done":
        return standing
    if not any(line.after for line in wanted.lines):
        return "nothing"
    if all(line.after == line.before for line in wanted.lines):
        return "whole"
    stock.free(db, _freed(wanted, vendor_order_id), by)
    _write(db, vendor_order_id, part, wanted, by)
    due.wait_for_choice(db, vendor_order_id, terms.hours, terms.rest_kept)
    facts.record(db, PartCut(part.order_id, vendor_order_id))
    return "done"


def _freed(wanted: Plan, vendor_order_id: int) -> list[Change]:
    units: dict[int, int] = {}
    for line in wanted.lines:
        units[line.stock_id] = units.get(line.stock_id, 0) + (line.before - line.after) * line.factor
    return [Change(stock_id, number, vendor_order_id) for stock_id, number in sorted(units.items()) if number]


def _write(db: Db, vendor_order_id: int, part: _Part, wanted: Plan, by: Cause) -> None:
    both = [(part.order_id, vendor_order_id)]
    _write_lines(db, wanted.lines)
    db.run(
        "update vendor_order set goods = %(goods)s, prepaid = %(prepaid)s, overpaid = overpaid + %(overpaid)s"
        " where id = %(part)s",
        part=vendor_order_id,
        goods=wanted.goods,
        prepaid=wanted.prepaid,
        overpaid=wanted.overpaid,
    )
    if part.state == "placed":
        move_parts(db, [vendor_order_id], "accepted", ["placed"])
        history.write(db, both, "accepted", by)
    lines = [{"name": line.name, "before": line.before, "after": line.after} for line in wanted.lines]
    told = {"lines": lines, "before": wanted.before, "after": wanted.total, "overpaid": wanted.overpaid}
    history.write(db, both, "cut", by, told)
    totals.sum_up(db, part.order_id)


def _write_lines(db: Db, lines: Sequence[Line]) -> None:
    db.run("delete from order_line where id = any(%(ids)s)", ids=[line.id for line in lines if not line.after])
    left = [line for line in lines if line.after]
    db.run(
        "update order_line l set quantity = told.quantity, amount = told.amount"
        " from unnest(%(ids)s::bigint[], %(quantities)s::int[], %(amounts)s::int[]) as told(id, quantity, amount)"
        " where l.id = told.id and l.quantity <> told.quantity",
        ids=[line.id for line in left],
        quantities=[line.after for line in left],
        amounts=[line.amount for line in left],
    )


def keep_rest(
    db: Db, vendor_order_id: int, contact_id: int, by: Cause, terms: Terms
) -> Literal["kept", "over", "not_yours"]:
    """Its buyer wants what is left: it may leave; over: he or time has decided before, or the part has ended."""
    part = _part(db, vendor_order_id)
    if part is None or part.contact_id != contact_id:
        return "not_yours"
    locks.orders(db, [part.order_id])
    part = _part(db, vendor_order_id)
    if part is None or not part.is_undecided or part.state not in due.IN_PREPARATION:
        return "over"
    db.run("delete from part_due where vendor_order_id = %(part)s and what = 'choice'", part=vendor_order_id)
    due.start_again(db, vendor_order_id, terms.hours)
    history.write(db, [(part.order_id, vendor_order_id)], "rest_kept", by)
    facts.record(db, PartRestKept(part.order_id, vendor_order_id))
    return "kept"


@dataclass(frozen=True)
class Cut:
    """What a shop cut from a part: names with units before and after, F CFA before, after and to be given back.

    `until`: when the buyer's silence keeps the rest; None once it is decided, or while the shop is shut.
    """

    lines: tuple[tuple[str, int, int], ...]
    before: int
    after: int
    overpaid: int
    until: datetime | None


def last_cut(db: Db, vendor_order_id: int) -> Cut | None:
    """What was cut from a part; None when nothing was."""
    row = db.one(
        "select h.details, d.at from vendor_order v join order_history h on h.order_id = v.order_id"
        " and h.vendor_order_id = v.id and h.fact = 'cut'"
        " left join part_due d on d.vendor_order_id = v.id and d.what = 'choice'"
        " where v.id = %(part)s order by h.id desc limit 1",
        part=vendor_order_id,
    )
    if row is None:
        return None
    told = row.details
    lines = tuple((line["name"], line["before"], line["after"]) for line in told["lines"])
    return Cut(lines, told["before"], told["after"], told["overpaid"], row.at)
