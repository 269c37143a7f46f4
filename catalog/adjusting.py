"""A vendor's changes of his goods: proposed with their figures, applied after a yes, undone whole for a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from base.db import Db
from catalog import locks, stock
from catalog.bounds import LEAST_OF_STEP, MOST_OF_STEP, MOST_PRICE, MOST_UNITS
from catalog.errors import ImpossibleAmount, UnknownGood
from catalog.figured import (
    REASONS,
    Figured,
    Good,
    Kind,
    Line,
    Seen,
    What,
    columns_of,
    figure_of,
    goods_of,
    know,
    with_figures,
    written,
)
from catalog.stock import Cause, Step

__all__ = ["Kind", "Line", "Seen"]

Source = Literal["message", "file", "voice", "check"]
Applied = Literal["done", "changed", "already", "unknown"]

UNDONE_WITHIN: Final = 24  # hours after it was applied
SMALL: Final = 10  # units


@dataclass(frozen=True)
class Undone:
    """What became of an undoing: `lines` as they are now changed, or, refused, those that fewer lie of than came.

    `kept` are names of goods whose price or listing somebody has changed since: those stay. already: it was undone.
    """

    outcome: Literal["done", "nothing", "already", "refused"]
    lines: tuple[Seen, ...] = ()
    kept: tuple[str, ...] = ()


def propose(db: Db, vendor_ids: Collection[int], lines: Sequence[Line], by: Cause, source: Source) -> int:
    """Write down what is asked, with the figures as they are now, and return its id; nothing else changes.

    Raises UnknownGood where a product is not of these shops or nothing is asked, ImpossibleAmount.
    """
    goods = goods_of(db, (line.product_id for line in lines))
    for line in lines:
        _refuse_impossible(line)
        if line.product_id not in goods or goods[line.product_id].vendor_id not in vendor_ids:
            raise UnknownGood(line.product_id)
    if not lines:
        raise UnknownGood("no line")
    figured = with_figures(lines, goods)
    columns = columns_of(figured)
    vendor = figured[0].good.vendor_id
    made = db.run(_PROPOSE, vendor=vendor, contact=by.contact_id, inbox=by.inbox_id, source=source, **columns)
    know(db, made.rows[0].id, figured)
    return int(made.rows[0].id)


def _refuse_impossible(line: Line) -> None:
    least, most = _BOUNDS.get(line.kind, (0, MOST_UNITS))
    if not least <= line.value <= most:
        raise ImpossibleAmount(line.kind, line.value)
    if line.kind == "step" and not LEAST_OF_STEP <= line.quantity <= MOST_OF_STEP:
        raise ImpossibleAmount(line.kind, line.quantity)


_BOUNDS: Final[Mapping[Kind, tuple[int, int]]] = {
    "price": (1, MOST_PRICE),
    "step": (0, MOST_PRICE),
    "listing": (0, 1),
}


_PROPOSE = """
with made as (
    insert into adjustment (vendor_id, contact_id, inbox_id, source)
    values (%(vendor)s, %(contact)s, %(inbox)s, %(source)s) returning id
), written as (
    insert into adjustment_line (adjustment_id, place, product_id, kind, value, before, after, promised, quantity)
    select made.id, place, product_id, kind, value, before, after, promised, quantity
    from made, unnest(%(products)s::bigint[], %(kinds)s::text[], %(values)s::int[], %(before)s::int[],
        %(after)s::int[], %(bounds)s::int[], %(quantities)s::int[]) with ordinality
        as line(product_id, kind, value, before, after, promised, quantity, place)
)
select id from made
"""


def preview(db: Db, adjustment_id: int) -> tuple[Seen, ...]:
    """Its lines with the figures that were last written down for it; () when there is no such adjustment."""
    return tuple(one.seen() for one in written(db, adjustment_id))


def parts_of(db: Db, adjustment_id: int) -> list[tuple[int, Kind]]:
    """What an adjustment changes, as (shop, kind), each once."""
    return sorted({(one.good.vendor_id, one.line.kind) for one in written(db, adjustment_id)})


def apply(db: Db, adjustment_id: int, vendor_ids: Collection[int], by: Cause) -> Applied:
    """Do what was proposed, all of it or nothing.

    changed: a figure is not what the preview showed; the new ones are written down, and nothing is applied. already: it
    was applied before. unknown: it is not of these shops. Raises Alone in a batch when a row is busy.
    """
    state = locks.adjustment(db, adjustment_id)
    shown = written(db, adjustment_id)
    if state is None or not shown or any(one.good.vendor_id not in vendor_ids for one in shown):
        return "unknown"
    if state.applied_at is not None:
        return "already"
    now = _locked(db, shown)
    if [(one.before, one.bound) for one in now] != [(one.before, one.bound) for one in shown]:
        _show_anew(db, adjustment_id, now)
        return "changed"
    _set_products(db, now)
    stock.adjust(db, [step for one in now if (step := _step(one))], adjustment_id, by, "applied")
    know(db, adjustment_id, now)
    return "done"


def waiting(db: Db, contact_id: int, source: Source, hours: float) -> list[int]:
    """What was proposed for this person within so many hours and is not applied, the newest first."""
    rows = db.rows(
        "select id from adjustment where contact_id = %(contact)s and source = %(source)s and applied_at is null"
        " and made_at > market_now() - make_interval(secs => %(seconds)s) order by id desc",
        contact=contact_id,
        source=source,
        seconds=hours * 3600,
    )
    return [row.id for row in rows]


def drop(db: Db, adjustment_id: int) -> bool:
    """Take back what was proposed; False where it was applied or is gone. Raises Alone in a batch when it is busy."""
    locks.adjustment(db, adjustment_id)
    return bool(_forget(db, [adjustment_id]))


def forget_unanswered(db: Db, seconds: float, limit: int) -> int:
    """A job: forget what was proposed longer ago than that and was never applied, the oldest first; how many."""
    return _forget(db, locks.old_proposals(db, seconds, limit))


def _forget(db: Db, ids: Sequence[int]) -> int:
    return db.run(_FORGET, ids=list(ids)).count if ids else 0


_FORGET = """
with lines as (
    delete from adjustment_line l using adjustment a
    where a.id = l.adjustment_id and a.id = any(%(ids)s) and a.applied_at is null
)
delete from adjustment where id = any(%(ids)s) and applied_at is null
"""


def _locked(db: Db, shown: Sequence[Figured]) -> list[Figured]:
    """The same lines with the figures of now, which nobody else changes any more."""
    held = {row.id: row for row in locks.stocks(db, (one.good.stock_id for one in shown if one.line.kind in REASONS))}
    others = [one.good.id for one in shown if one.line.kind not in REASONS]
    locks.products(db, others)
    if others:
        return with_figures([one.line for one in shown], goods_of(db, (one.good.id for one in shown)))
    goods = {one.good.id: _as_held(one.good, held[one.good.stock_id]) for one in shown}
    return with_figures([one.line for one in shown], goods)


def _as_held(good: Good, row: Any) -> Good:
    return replace(good, on_hand=row.on_hand, promised=row.promised)


def _show_anew(db: Db, adjustment_id: int, now: Sequence[Figured]) -> None:
    db.run("delete from adjustment_line where adjustment_id = %(id)s", id=adjustment_id)
    db.run(_SHOW_ANEW, id=adjustment_id, **columns_of(now))
    know(db, adjustment_id, now)


_SHOW_ANEW = """
insert into adjustment_line (adjustment_id, place, product_id, kind, value, before, after, promised, quantity)
select %(id)s, place, product_id, kind, value, before, after, promised, quantity
from unnest(%(products)s::bigint[], %(kinds)s::text[], %(values)s::int[], %(before)s::int[],
    %(after)s::int[], %(bounds)s::int[], %(quantities)s::int[]) with ordinality
    as line(product_id, kind, value, before, after, promised, quantity, place)
"""


def _step(one: Figured) -> Step | None:
    """A line as its ledger has it; None for what moves nothing, such as the last one of an empty shelf."""
    reason = REASONS.get(one.line.kind)
    quantity = one.after if reason == "count" else abs(one.after - one.before)
    if reason is None or (reason != "count" and not quantity):
        return None
    return Step(one.good.stock_id, reason, quantity, one.before, one.after)


def _set_products(db: Db, figured: Sequence[Figured]) -> None:
    """Prices, those for many too, and what is listed."""
    prices = {one.good.id: one.after for one in figured if one.line.kind == "price"}
    listed = {one.good.id: bool(one.after) for one in figured if one.line.kind == "listing"}
    if prices or listed:
        db.run(
            "update product p set price = coalesce(n.price, p.price), is_listed = coalesce(n.is_listed, p.is_listed)"
            " from unnest(%(ids)s::bigint[], %(prices)s::int[], %(listed)s::bool[]) as n(id, price, is_listed)"
            " where p.id = n.id",
            ids=sorted(prices.keys() | listed.keys()),
            prices=[prices.get(id_) for id_ in sorted(prices.keys() | listed.keys())],
            listed=[listed.get(id_) for id_ in sorted(prices.keys() | listed.keys())],
        )
    steps = {(one.good.id, one.line.quantity): one.after for one in figured if one.line.kind == "step"}
    set_steps(db, steps)


def set_steps(db: Db, steps: Mapping[tuple[int, int], int]) -> None:
    """What one costs from so many units on, by (product, units), in F CFA; 0: there is no such price any more."""
    if not steps:
        return
    db.run(
        _SET_STEPS,
        products=[product for product, _ in steps],
        quantities=[quantity for _, quantity in steps],
        prices=list(steps.values()),
    )


_SET_STEPS = """
with told as (
    select * from unnest(%(products)s::bigint[], %(quantities)s::int[], %(prices)s::int[]) as t(product, units, price)
), gone as (
    delete from price_rule r using told t
    where r.product_id = t.product and r.kind = 'step' and r.quantity = t.units and t.price = 0
)
insert into price_rule (product_id, kind, quantity, price)
select product, 'step', units, price from told where price > 0
on conflict (product_id, kind, quantity) do update set price = excluded.price
"""


_LAST = f"""
select id from adjustment where contact_id = %(contact)s
    and applied_at > market_now() - interval '{UNDONE_WITHIN} hours'
    and case when %(named)s::bigint is null then source <> 'file' else id = %(named)s end
    order by applied_at desc, id desc limit 1
"""


def last_of(db: Db, contact_id: int) -> int | None:
    """The change by message that this person had applied last within a day, undone or not; None without any."""
    found = db.value(_LAST, contact=contact_id, named=None)
    return None if found is None else int(found)


def undo(db: Db, vendor_ids: Collection[int], by: Cause, named: int | None = None) -> Undone:
    """Take back the last change by message that this person had applied within a day, or a named one, whole or not.

    What lay there is moved back by the difference, so that what was sold since stays sold; a price and a listing go
    back only where they are what was set. nothing: a line of it is not of these shops, which are those where he may do
    all that it did. Raises Alone in a batch when a row is busy.
    """
    adjustment_id = db.value(_LAST, contact=by.contact_id, named=named)
    if adjustment_id is None:
        return Undone("nothing")
    state = locks.adjustment(db, adjustment_id)
    done = written(db, adjustment_id)
    if state is None or not done or any(one.good.vendor_id not in vendor_ids for one in done):
        return Undone("nothing")
    if state.undone_at is not None:
        return Undone("already")
    now = {one.good.id: one.good for one in _locked(db, done)}
    moved = _moved_back(done, now)
    short = tuple(one.seen() for one in moved if one.after < 0)
    if short:
        return Undone("refused", short)
    set_back, kept = _set_back(done, now)
    steps = [Step(one.good.stock_id, "undo", one.after - one.before, one.before, one.after) for one in moved]
    _set_products(db, set_back)
    stock.adjust(db, steps, adjustment_id, by, "undone")
    return Undone("done", tuple(one.seen() for one in (*moved, *set_back)), kept)


def _moved_back(done: Iterable[Figured], now: Mapping[int, Good]) -> list[Figured]:
    """One line a stock that was moved: from what lies there now to what would without the change."""
    differences: dict[int, int] = {}
    goods: dict[int, tuple[Line, Good]] = {}
    for one in done:
        if one.line.kind in REASONS:
            differences[one.good.stock_id] = differences.get(one.good.stock_id, 0) + one.after - one.before
            goods.setdefault(one.good.stock_id, (replace(one.line, kind="count"), now[one.good.id]))
    return [
        Figured(*goods[stock_id], goods[stock_id][1].on_hand, goods[stock_id][1].on_hand - difference)
        for stock_id, difference in differences.items()
        if difference
    ]


def _set_back(done: Sequence[Figured], now: Mapping[int, Good]) -> tuple[list[Figured], tuple[str, ...]]:
    """Prices and listings to set as they were, the first of several of one good; and the goods that keep theirs."""
    first: dict[What, Figured] = {}
    last: dict[What, Figured] = {}
    for one in done:
        if one.line.kind not in REASONS:
            what, _ = figure_of(one.line, one.good)
            first.setdefault(what, one)
            last[what] = one
    back: list[Figured] = []
    kept: list[str] = []
    for what, one in last.items():
        good = now[one.good.id]
        _, current = figure_of(one.line, good)
        if current != one.after:
            kept.append(good.name)
        elif current != first[what].before:
            back.append(Figured(one.line, good, current, first[what].before))
    return back, tuple(kept)


def is_small(seen: Sequence[Seen]) -> bool:
    """Whether it is one stock of few units and without a doubt, which a vendor may have done without being asked."""
    return len(seen) == 1 and _is_small(seen[0])


def _is_small(one: Seen) -> bool:
    return one.line.kind in REASONS and not one.doubts and abs(one.after - one.before) <= SMALL


def takes_small_at_once(db: Db, vendor_ids: Collection[int]) -> bool:
    """Whether all these shops have small changes done without being asked."""
    return bool(db.value("select bool_and(small_at_once) from vendor where id = any(%(ids)s)", ids=list(vendor_ids)))


def take_small_at_once(db: Db, vendor_ids: Collection[int], *, is_on: bool) -> None:
    """Have small changes of these shops done at once, or asked about. Raises Alone in a batch when one is busy."""
    locks.vendors(db, vendor_ids)
    db.run("update vendor set small_at_once = %(on)s where id = any(%(ids)s)", ids=list(vendor_ids), on=is_on)
