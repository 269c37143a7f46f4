"""The job behind price lists: read apart, applied and undone in batches, none of which holds a lock for long."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from base.db import Db
from base.facts import record
from base.log import logger
from base.sheets.apart import Reading
from base.spelling import fold
from bot import locks, price_lists
from bot.posting import Office
from bot.price_lists import ListAdvanced, ListApplied, ListRead, ListUndone, Outcome, PriceList
from bot.received import FOLDER
from catalog import adjusting
from catalog.figured import Good, goods_of
from catalog.sheets import making
from catalog.sheets.apart import read_apart
from catalog.sheets.comparing import Compared, compare
from catalog.sheets.sheet import Sheet
from catalog.stock import Cause

log = logger(__name__)
LEASE: Final = 90.0  # seconds: longer than a file may be read
AT_ONCE: Final = 200  # goods in one transaction
LONG: Final = 500  # lines above which half of the way is told
MOST_ATTEMPTS: Final = 5  # of reading a file that ends its reader's reader
MOST_NAMED: Final = 5
LOST: Final = "lost"  # the refusal of a file that never came
MAY_STILL: Final = """
select not exists (select from unnest(%(shops)s::bigint[]) as s(id) where not exists (select from role r
  where r.contact_id = %(contact)s and r.vendor_id = s.id and r.role = 'vendor' and r.suspended_at is null))
"""
TO_DO: Final = "status in ('new', 'changed') and outcome is null"


def work(office: Office) -> int:
    """A job: do what the price list that waits longest needs; returns how many there were, 0 or 1."""
    with office.database.unit_of_work() as db:
        list_id = locks.due_price_list(db, LEASE)
        one = price_lists.price_list(db, list_id) if list_id else None
    if one is None:
        return 0
    if one.state == "waiting":
        _read(office, one)
        return 1
    step = _apply_some if one.state == "applying" else _undo_some
    began = time.monotonic()
    while _batch(office, one, step):
        pass
    log.info("list_worked_off", list_id=one.id, state=one.state, took_seconds=round(time.monotonic() - began, 2))
    return 1


def _batch(office: Office, one: PriceList, step: Any) -> bool:
    """One transaction; whether there is more to do."""
    with office.database.unit_of_work() as db:
        return locks.price_list(db, one.id, one.attempts, LEASE) and bool(step(db, one))


def _read(office: Office, one: PriceList) -> None:
    """The file is read before there is a transaction, and compared in one."""
    with office.database.unit_of_work() as db:
        row = db.one(
            "select state, reason, file from received_media where (inbox_id, place) = (%(inbox)s, %(place)s)",
            inbox=one.inbox_id,
            place=one.place,
        )
    refused = _unkept(row) if one.attempts <= MOST_ATTEMPTS else "broken"
    found = None
    if row and not refused:
        try:
            found = read_apart(office.config.var / FOLDER / row.file)
        except FileNotFoundError:  # on another machine, whose folder should be this one's too
            log.error("file_not_here", inbox_id=one.inbox_id)
            refused = LOST
    with office.database.unit_of_work() as db:
        if locks.price_list(db, one.id, one.attempts, LEASE):
            _keep(db, one, found, refused or (found.refused if found else "") or "")


def _unkept(row: Any) -> str:
    """Why there is no file to read; '' when there is one."""
    if row is None or row.state == "gone":
        return LOST
    if row.state == "kept":
        return ""
    kinds = {"locked": "locked", "too_large": "too_large", "no_picture": "wrong_type", "other_kind": "wrong_type"}
    return kinds.get(row.reason, LOST)


def _keep(db: Db, one: PriceList, found: Reading[Sheet] | None, refused: str) -> None:
    record(db, ListRead(one.id))
    if found is None or found.sheet is None or refused:
        price_lists.settle(db, one, "refused", refused)
        _tell_log(one, found, refused, 0)
        return
    lines = compare(db, one.vendor_ids, found.sheet.lines)
    price_lists.keep_lines(db, one.id, lines)
    is_any = any(line.status in ("new", "changed") for line in lines)
    price_lists.settle(db, one, "asked" if is_any else "empty", header=found.sheet.header)
    _tell_log(one, found, "", len(lines))


def _tell_log(one: PriceList, found: Reading[Sheet] | None, refused: str, count: int) -> None:
    log.info(
        "list_read",
        list_id=one.id,
        outcome=refused or "read",
        line_count=count,
        took_seconds=round(found.seconds, 2) if found else 0,
        peak_bytes=found.peak_bytes if found else 0,
        is_alone=bool(found and found.is_alone),
    )


def _apply_some(db: Db, one: PriceList) -> bool:
    """The next lines that are not applied; with the last of them the list is."""
    lines = [outcome.line for outcome in price_lists.outcomes(db, one.id, TO_DO, AT_ONCE)]
    if not lines:
        price_lists.settle(db, one, "applied")
        record(db, ListApplied(one.id))
        return False
    if not db.value(MAY_STILL, contact=one.contact_id, shops=list(one.vendor_ids)):
        return _leave_rest(db, one)
    by = Cause(one.contact_id, one.inbox_id)
    adjusted, adjustment_id = _adjust(db, one, [line for line in lines if line.status == "changed"], by)
    made = _make(db, [line for line in lines if line.status == "new"], by)
    _mark(db, one.id, dict.fromkeys(adjusted, "done"), adjustment_id)
    _mark(db, one.id, dict.fromkeys(made, "done"), None, made)
    _mark(db, one.id, {line.number: "stale" for line in lines if line.number not in {*adjusted, *made}}, None)
    _tell_half(db, one, len(lines))
    return True


def _leave_rest(db: Db, one: PriceList) -> bool:
    """Who said yes owns a shop of it no longer: nothing more of it is done; where nothing was, nothing is told."""
    if not db.value(
        "select exists (select from price_list_line where list_id = %(id)s and outcome = 'done')", id=one.id
    ):
        price_lists.settle(db, one, "passed")
        return False
    db.run(f"update price_list_line set outcome = 'stale' where list_id = %(id)s and {TO_DO}", id=one.id)
    return True


def _adjust(db: Db, one: PriceList, lines: Sequence[Compared], by: Cause) -> tuple[list[int], int | None]:
    """Apply the changes of these lines; the numbers of those that were, and their adjustment.

    What somebody has changed since the list was compared is left as it is. Found changed under the locks, all is looked
    at once more, and nobody changes it then.
    """
    for _ in range(2):
        goods = goods_of(db, (line.product_id for line in lines if line.product_id))
        fresh = [line for line in lines if line.product_id in goods and _is_fresh(line, goods[line.product_id])]
        asked = [change for line in fresh for change in line.asked]
        if not asked:
            break
        adjustment_id = adjusting.propose(db, one.vendor_ids, asked, by, "file")
        if adjusting.apply(db, adjustment_id, one.vendor_ids, by) == "done":
            return [line.number for line in fresh], adjustment_id
    return [], None


def _is_fresh(line: Compared, good: Good) -> bool:
    """Whether a good's figures are those that the line was compared with."""
    is_price = line.price is None or good.price == line.price_before
    is_price = is_price and (line.steps is None or good.steps == dict(line.steps_before or ()))
    return is_price and (line.quantity is None or good.on_hand // good.factor == line.quantity_before)


def _make(db: Db, lines: Sequence[Compared], by: Cause) -> dict[int, int]:
    """Put up new goods, but those that somebody has put up since; number -> product."""
    known = db.rows(
        "select vendor_id, folded from product where vendor_id = any(%(vendors)s) and folded = any(%(names)s)",
        vendors=[line.vendor_id for line in lines],
        names=[fold(line.name) for line in lines],
    )
    taken = {(row.vendor_id, row.folded) for row in known}
    return {line.number: making.make(db, line, by) for line in lines if (line.vendor_id, fold(line.name)) not in taken}


def _mark(
    db: Db,
    list_id: int,
    outcomes: Mapping[int, str],
    adjustment_id: int | None,
    products: Mapping[int, int] | None = None,
) -> None:
    if not outcomes:
        return
    db.run(
        "update price_list_line l set outcome = n.outcome, product_id = coalesce(n.product_id, l.product_id),"
        " adjustment_id = coalesce(%(adjustment)s, l.adjustment_id)"
        " from unnest(%(numbers)s::int[], %(outcomes)s::text[], %(products)s::bigint[]) as n(number, outcome,"
        " product_id) where l.list_id = %(id)s and l.number = n.number",
        id=list_id,
        adjustment=adjustment_id,
        numbers=list(outcomes),
        outcomes=list(outcomes.values()),
        products=[(products or {}).get(number) for number in outcomes],
    )


def _tell_half(db: Db, one: PriceList, size: int) -> None:
    row = db.one(
        "select count(*) as count, count(outcome) as done from price_list_line"
        " where list_id = %(id)s and status in ('new', 'changed')",
        id=one.id,
    )
    if row and row.count > LONG and row.done - size < row.count // 2 <= row.done:
        record(db, ListAdvanced(one.id, row.done, row.count))


SHORT: Final = """
select l.name from price_list_line l join product p on p.id = l.product_id join stock s on s.id = p.stock_id
where l.list_id = %(id)s and l.outcome = 'done' and l.status = 'changed' and l.quantity is not null
  and s.on_hand < (l.quantity - l.quantity_before) * p.factor order by l.number limit %(most)s
"""


def _undo_some(db: Db, one: PriceList) -> bool:
    """Take back one adjustment, or some new goods; with the last of them the list is undone.

    Where fewer lie there than would go, nothing is begun, and the goods are named.
    """
    done = price_lists.outcomes(db, one.id, "outcome = 'done'", AT_ONCE)
    if not done:
        price_lists.settle(db, one, "undone")
        record(db, ListUndone(one.id))
        return False
    is_begun = db.value(
        "select exists (select from price_list_line where list_id = %(id)s and outcome in ('undone', 'kept'))",
        id=one.id,
    )
    short = [] if is_begun else [row.name for row in db.rows(SHORT, id=one.id, most=MOST_NAMED)]
    if short:
        price_lists.settle(db, one, "applied", "short")
        record(db, ListUndone(one.id, tuple(short)))
        return False
    _take_back(db, one, done)
    return True


def _take_back(db: Db, one: PriceList, done: Sequence[Outcome]) -> None:
    by = Cause(one.contact_id, one.inbox_id)
    adjustment_id = next((outcome.adjustment_id for outcome in done if outcome.adjustment_id), None)
    if adjustment_id is None:
        vendor_ids = list(one.vendor_ids)
        gone = {
            outcome.line.number: making.take_back(db, vendor_ids, outcome.line.product_id, by)
            for outcome in done
            if outcome.line.product_id
        }
        _mark(db, one.id, {number: "undone" if is_gone else "kept" for number, is_gone in gone.items()}, None)
        return
    undone = adjusting.undo(db, one.vendor_ids, by, named=adjustment_id)
    its = price_lists.outcomes(db, one.id, f"adjustment_id = {int(adjustment_id)}")
    kept = {outcome.line.name for outcome in its} if undone.outcome != "done" else set(undone.kept)
    _mark(db, one.id, {o.line.number: "kept" if o.line.name in kept else "undone" for o in its}, None)
