"""What vendors and buyers do with a part of an order, each under its order's lock (table: orders.states)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from base.hours import DAYTIME, Hours
from base.secret import constant_time_equal
from catalog import locks as catalog_locks
from catalog.stock import Cause, Change
from orders import due, history, locks, states
from orders.facts import CodeLocked, CodeUnlocked, PaymentArranged, PaymentReturned, PaymentTaken
from orders.states import Action, Deposit, Outcome, State

MOST_WRONG_CODES: Final = 5
RefusalReason = Literal["shortage", "closed", "too_far", "other"]


@dataclass(frozen=True)
class OrderCancelled:
    """What became of a whole order's cancelling: the parts that ended and those that had already left their shop.

    done · partly: some parts can't be called back · too_late: none can · already: nothing was open · not_yours.
    """

    outcome: Literal["done", "partly", "too_late", "already", "not_yours"]
    cancelled: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Part:
    id: int
    order_id: int
    vendor_id: int
    contact_id: int
    state: State
    delivery_code: str
    wrong_codes: int
    is_unpaid: bool
    is_undecided: bool


def accept(
    db: Db, vendor_order_id: int, vendor_ids: Collection[int], by: Cause, market_hours: Hours = DAYTIME
) -> Outcome:
    """A vendor of `vendor_ids` will prepare it: done, already, refused, cancelled, expired or not_yours.

    `market_hours` are those of shops that have told none: from them follows until when it should be handed over.
    """
    outcome = _by_vendor(db, vendor_order_id, vendor_ids, states.ACCEPT, by)
    if outcome == "done":
        due.promise(db, vendor_order_id, market_hours)
    return outcome


def refuse(db: Db, vendor_order_id: int, vendor_ids: Collection[int], reason: RefusalReason, by: Cause) -> Outcome:
    """He can't serve it, until it leaves the shop: done (units freed), already, too_late, cancelled, …, not_yours."""
    return _by_vendor(db, vendor_order_id, vendor_ids, states.REFUSE, by, {"reason": reason})


def ready(db: Db, vendor_order_id: int, vendor_ids: Collection[int], by: Cause) -> Outcome:
    """It waits in the shop: done, already, too_early (not accepted yet), refused, cancelled, expired or not_yours."""
    outcome = _by_vendor(db, vendor_order_id, vendor_ids, states.READY, by)
    if outcome == "done":
        due.wait_for_buyer(db, vendor_order_id)
    return outcome


def hand_over(
    db: Db, vendor_order_id: int, vendor_ids: Collection[int], by: Cause, deposit: Deposit | None = None
) -> Outcome:
    """It left the shop: done (on hand falls), short (his count says fewer), unpaid, already, too_early, …, not_yours.

    `deposit` says where a parcel was left; the facts that follow find it on the part.
    """
    if deposit is None:
        return _by_vendor(db, vendor_order_id, vendor_ids, states.HAND_OVER, by)
    action = replace(states.HAND_OVER, leaves=deposit)
    return _by_vendor(db, vendor_order_id, vendor_ids, action, by)


def take_back(
    db: Db, vendor_order_id: int, vendor_ids: Collection[int], by: Cause, *, is_sellable: bool = True
) -> Outcome:
    """It came back, not taken or returned: done (on hand rises when sellable), already, too_early, … or not_yours."""
    action = states.TAKE_BACK if is_sellable else replace(states.TAKE_BACK, stock=None)
    return _by_vendor(db, vendor_order_id, vendor_ids, action, by, {"is_sellable": is_sellable})


def deliver(db: Db, vendor_order_id: int, vendor_ids: Collection[int], code: str, by: Cause) -> Outcome:
    """The buyer told his code: done, wrong_code (counted), locked (five wrong), already, too_early, …, not_yours."""
    part = _part(db, vendor_order_id)
    return _deliver(db, part, code, by) if part and part.vendor_id in vendor_ids else "not_yours"


def deliver_as_rider(db: Db, vendor_order_id: int, contact_id: int, code: str, by: Cause) -> Outcome:
    """The same of whoever brings this part; it may not have been said yet that it left the shop: too_early then."""
    part = _part(db, vendor_order_id)
    if part is not None:
        locks.orders(db, [part.order_id])
    is_rider = db.value(_IS_RIDER, part=vendor_order_id, contact=contact_id)
    return _deliver(db, part, code, by) if part and is_rider else "not_yours"


_IS_RIDER = "select exists (select from order_rider where vendor_order_id = %(part)s and contact_id = %(contact)s)"


def _deliver(db: Db, part: _Part, code: str, by: Cause) -> Outcome:
    part, changes = _lock(db, part, states.DELIVER)
    if states.DELIVER.answers[part.state] == "done":
        if part.wrong_codes >= MOST_WRONG_CODES:
            facts.record(db, CodeLocked(part.order_id, part.id))
            return "locked"
        if not constant_time_equal(code.strip(), part.delivery_code):
            return _count_wrong_code(db, part, by)
    return _act(db, part, states.DELIVER, changes, by)


def cancel_order(db: Db, order_id: int, contact_id: int, by: Cause) -> OrderCancelled:
    """The buyer no longer wants the order: every part that is still in its shop ends."""
    parts = _parts(db, [order_id])
    if not parts or parts[0].contact_id != contact_id:
        return OrderCancelled("not_yours")
    locks.orders(db, [order_id])
    changes = changes_of(db, [part.id for part in parts])
    catalog_locks.stocks(db, (change.stock_id for change in changes))
    outcomes = {
        part: _act(db, part, states.CANCEL, [change for change in changes if change.vendor_order_id == part.id], by)
        for part in _parts(db, [order_id])
    }
    cancelled = tuple(part.id for part, outcome in outcomes.items() if outcome == "done")
    kept = tuple(part.id for part in outcomes if part.state in ("handed_over", "delivered"))
    return OrderCancelled(_whole(cancelled, kept), cancelled, kept)


def cancel_part(db: Db, vendor_order_id: int, contact_id: int, by: Cause) -> Outcome:
    """The buyer lets a part be; done only while its shop has not answered, or serves less than he ordered.

    Else already (it has, or the part is cancelled), too_late, what ended the part, or not_yours.
    """
    part = _part(db, vendor_order_id)
    if part is None or part.contact_id != contact_id:
        return "not_yours"
    part, changes = _lock(db, part, states.CANCEL)
    if part.state in due.IN_PREPARATION and not part.is_undecided:
        return "already"
    return _act(db, part, states.CANCEL, changes, by)


def _whole(cancelled: Sequence[int], kept: Sequence[int]) -> Literal["done", "partly", "too_late", "already"]:
    if cancelled:
        return "partly" if kept else "done"
    return "too_late" if kept else "already"


def _by_vendor(
    db: Db,
    vendor_order_id: int,
    vendor_ids: Collection[int],
    action: Action,
    by: Cause,
    details: Mapping[str, Any] | None = None,
) -> Outcome:
    part = _part(db, vendor_order_id)
    if part is None or part.vendor_id not in vendor_ids:
        return "not_yours"
    part, changes = _lock(db, part, action)
    return _act(db, part, action, changes, by, details)


def _lock(db: Db, part: _Part, action: Action) -> tuple[_Part, list[Change]]:
    """The part as it is under its locks, with its units where the action touches them."""
    locks.orders(db, [part.order_id])
    changes = changes_of(db, [part.id]) if action.touches_goods else []
    catalog_locks.stocks(db, (change.stock_id for change in changes))
    return _part(db, part.id) or part, changes


def _act(
    db: Db, part: _Part, action: Action, changes: Sequence[Change], by: Cause, details: Mapping[str, Any] | None = None
) -> Outcome:
    answer = action.answers[part.state]
    if answer != "done":
        return answer
    if action.needs_decision and part.is_undecided:
        return "undecided"
    if action.needs_payment and part.is_unpaid:
        return "unpaid"
    if action.stock is not None and action.stock(db, changes, by) is False:
        return "short"
    move_parts(db, [part.id], action.to, action.sources)
    if action.leaves is not None:
        left = action.leaves
        db.run(_LEFT, part=part.id, carrier=left.carrier, receipt=left.receipt, photo=left.photo_id)
    _count_sales(db, part, action)
    history.write(db, [(part.order_id, part.id)], action.to, by, details)
    facts.record(db, action.fact(part.order_id, part.id))
    return "done"


_LEFT = """
update vendor_order set carrier = %(carrier)s, receipt = %(receipt)s, receipt_photo_id = %(photo)s
where id = %(part)s
"""


def move_parts(db: Db, part_ids: Sequence[int], to: State, sources: Sequence[State]) -> None:
    """Set the state of parts that were read in one of `sources` under their orders' locks."""
    db.run(
        "update vendor_order set state = %(to)s, changed_at = market_now()"
        " where id = any(%(ids)s) and state = any(%(sources)s)",
        ids=list(part_ids),
        to=to,
        sources=list(sources),
    )


def _count_sales(db: Db, part: _Part, action: Action) -> None:
    sign = {"delivered": 1, "returned": -1 if part.state == "delivered" else 0}.get(action.to, 0)
    if sign:
        # the caller holds the stock's lock, so no two parts update one product crosswise
        db.run(
            "update product p set sales = p.sales + %(sign)s * sold.quantity from order_line sold"
            " left join variant w on w.product_id = sold.product_id"
            " where p.id in (sold.product_id, w.good_id) and sold.vendor_order_id = %(part)s",
            sign=sign,
            part=part.id,
        )


def _count_wrong_code(db: Db, part: _Part, by: Cause) -> Outcome:
    db.run("update vendor_order set wrong_codes = wrong_codes + 1 where id = %(part)s", part=part.id)
    history.write(db, [(part.order_id, part.id)], "wrong_code", by)
    if part.wrong_codes + 1 < MOST_WRONG_CODES:
        return "wrong_code"
    facts.record(db, CodeLocked(part.order_id, part.id))
    return "locked"


def wish_payment(db: Db, order_id: int, contact_id: int, payment: str, phone: str | None, by: Cause) -> bool:
    """The buyer says how he will pay at the door (cash, flooz, tmoney); False when no part of his order is open."""
    parts = _parts(db, [order_id])
    if not parts or parts[0].contact_id != contact_id:
        return False
    locks.orders(db, [order_id])
    waiting = [part for part in _parts(db, [order_id]) if part.state in states.OPEN]
    if not waiting:
        return False
    db.run(_WISHED, order=order_id, payment=payment, phone=phone)
    history.write(db, [(order_id, part.id) for part in waiting], "payment_wished", by, {"payment": payment})
    return True


_WISHED = 'update "order" set payment = %(payment)s, payment_phone = %(phone)s where id = %(order)s'


def note_arranged(db: Db, vendor_order_id: int, by: Cause, market_hours: Hours = DAYTIME) -> bool:
    """A person settled what is paid before an open part leaves: from now on it may, within its shop's delay.

    Those who wait for that are told. False, and nothing happens, when it was settled before or the part is over.
    """
    part = _locked(db, vendor_order_id)
    if part is None or not part.is_unpaid or part.state not in states.OPEN:
        return False
    db.run("update vendor_order set arranged_at = market_now() where id = %(part)s", part=part.id)
    if part.state in due.IN_PREPARATION and not part.is_undecided:
        due.start_again(db, part.id, market_hours)
    history.write(db, [(part.order_id, part.id)], "payment_arranged", by)
    facts.record(db, PaymentArranged(part.order_id, part.id))
    return True


def note_taken(db: Db, vendor_order_id: int, by: Cause) -> bool:
    """A person had taken the money before he saw that the part is over; False when it is not, or was noted before."""
    part = _locked(db, vendor_order_id)
    if part is None or part.state not in states.OVER or not part.is_unpaid:
        return False
    db.run("update vendor_order set arranged_at = market_now() where id = %(part)s", part=part.id)
    history.write(db, [(part.order_id, part.id)], "payment_taken", by)
    facts.record(db, PaymentTaken(part.order_id, part.id))
    return True


def note_returned(db: Db, vendor_order_id: int, by: Cause) -> bool:
    """A person gave back what was paid for a part that is over, or for what its shop can't serve of it.

    False when nothing had been paid, or it was given back before.
    """
    part = _locked(db, vendor_order_id)
    if part is None:
        return False
    is_over = part.state in states.OVER
    given_back = db.run(_GIVEN_BACK if is_over else _DIFFERENCE, part=part.id).count
    if given_back:
        history.write(db, [(part.order_id, part.id)], "payment_returned" if is_over else "difference_returned", by)
        facts.record(db, PaymentReturned(part.order_id, part.id))
    return bool(given_back)


# What was received had been paid at the door.
_GIVEN_BACK = """
update vendor_order v set refunded_at = market_now() where v.id = %(part)s and refunded_at is null
    and (arranged_at is not null or overpaid > 0 or exists (select from order_history h
        where h.order_id = v.order_id and h.vendor_order_id = v.id and h.fact = 'delivered'))
"""
_DIFFERENCE = """
update vendor_order set overpaid_returned_at = market_now()
where id = %(part)s and overpaid > 0 and overpaid_returned_at is null
"""


def _locked(db: Db, vendor_order_id: int) -> _Part | None:
    part = _part(db, vendor_order_id)
    if part is not None:
        locks.orders(db, [part.order_id])
    return _part(db, vendor_order_id) if part else None


def is_code_locked(db: Db, vendor_order_id: int) -> bool:
    """Whether so many wrong codes were told that no more are tried."""
    part = _part(db, vendor_order_id)
    return part is not None and part.wrong_codes >= MOST_WRONG_CODES


def wait_for_unlocking(db: Db, vendor_order_id: int) -> None:
    """A vendor stands before a locked code: an organizer has to look, even if one had settled it before."""
    part = _part(db, vendor_order_id)
    if part is not None:
        facts.record(db, CodeLocked(part.order_id, part.id))


def unlock_code(db: Db, vendor_order_id: int, by: Cause) -> bool:
    """An organizer lets the code be tried again; True when it was locked."""
    part = _part(db, vendor_order_id)
    if part is None:
        return False
    locks.orders(db, [part.order_id])
    unlocked = db.run(
        "update vendor_order set wrong_codes = 0 where id = %(part)s and wrong_codes >= %(most)s",
        part=part.id,
        most=MOST_WRONG_CODES,
    ).count
    if unlocked:
        history.write(db, [(part.order_id, part.id)], "code_unlocked", by)
        facts.record(db, CodeUnlocked(part.order_id, part.id))
    return bool(unlocked)


# A part whose time has run out is expired from that moment on, whether or not the job has been there.
_PARTS = """
select v.id, v.order_id, v.vendor_id, o.contact_id, v.delivery_code, v.wrong_codes,
    v.prepaid > 0 and v.arranged_at is null as is_unpaid,
    exists (select from part_due d where d.vendor_order_id = v.id and d.what = 'choice') as is_undecided,
    case when v.state = 'placed' and v.expires_at <= market_now() then 'expired' else v.state end as state
from vendor_order v join "order" o on o.id = v.order_id
"""


def _part(db: Db, vendor_order_id: int) -> _Part | None:
    row = db.one(f"{_PARTS} where v.id = %(id)s", id=vendor_order_id)
    return _Part(**row._asdict()) if row else None


def _parts(db: Db, order_ids: Sequence[int]) -> list[_Part]:
    rows = db.rows(f"{_PARTS} where v.order_id = any(%(ids)s) order by v.id", ids=list(order_ids))
    return [_Part(**row._asdict()) for row in rows]


def changes_of(db: Db, part_ids: Sequence[int]) -> list[Change]:
    """The units of these parts, one change for each part and stock."""
    rows = db.rows(
        "select stock_id, vendor_order_id, sum(quantity * factor)::int as quantity from order_line"
        " where vendor_order_id = any(%(ids)s) group by stock_id, vendor_order_id order by stock_id, vendor_order_id",
        ids=list(part_ids),
    )
    return [Change(row.stock_id, row.quantity, row.vendor_order_id) for row in rows]
