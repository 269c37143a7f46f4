"""Stock as units on hand, held and allocated, changed only together with its ledger (design §6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from base.db import Db
from catalog import locks
from catalog.errors import NegativeCount

Reason = Literal["hold", "unhold", "allocate", "free", "hand_over", "return", "count", "receive", "remove", "undo"]
Mark = Literal["applied", "undone"]  # what becomes of an adjustment

AVAILABLE: Final = "greatest(s.on_hand - s.held - s.allocated, 0)"  # of a row of stock named s


@dataclass(frozen=True)
class Cause:
    """Who caused a change and by which message; both None for a job."""

    contact_id: int | None
    inbox_id: int | None


JOB: Final = Cause(contact_id=None, inbox_id=None)


@dataclass(frozen=True)
class Change:
    """Units of one stock that move together, for a vendor's part of an order where there is one."""

    stock_id: int
    quantity: int
    vendor_order_id: int | None = None


@dataclass(frozen=True)
class Figures:
    """Units of one stock."""

    on_hand: int
    held: int
    allocated: int

    @property
    def promised(self) -> int:
        """Units that buyers were promised: held or allocated."""
        return self.held + self.allocated

    @property
    def is_overpromised(self) -> bool:
        """Whether more is promised than lies there: some order can't be served."""
        return self.promised > self.on_hand

    @property
    def available(self) -> int:
        """Units that can still be sold; 0 when more is promised than lies there."""
        return max(self.on_hand - self.promised, 0)


@dataclass(frozen=True)
class Counted:
    """A count's two sides, for the answer and for its undoing."""

    before: Figures
    after: Figures


@dataclass(frozen=True)
class Step:
    """A vendor's own change of what lies in the shop, in units of the stock; of several of one stock each joins.

    `quantity`: of count what lies there, of receive and remove how many came or went, of undo how many are added.
    """

    stock_id: int
    reason: Literal["count", "receive", "remove", "undo"]
    quantity: int
    before: int
    after: int


@dataclass(frozen=True)
class _Move:
    """What one unit of a change adds to each number, and the condition on each stock (`a.quantity` units asked)."""

    reason: Reason
    on_hand: int = 0
    held: int = 0
    allocated: int = 0
    condition: str = "true"


_HOLD = _Move("hold", held=1, condition="s.on_hand - s.held - s.allocated >= a.quantity")
_UNHOLD = _Move("unhold", held=-1)
_ALLOCATE = _Move("allocate", held=-1, allocated=1)
_FREE = _Move("free", allocated=-1)
_HAND_OVER = _Move("hand_over", on_hand=-1, allocated=-1, condition="s.on_hand >= a.quantity")
_RETURN = _Move("return", on_hand=1)

# All or none. Several changes of one stock are added up for its row; the ledger keeps them apart by running sums.
_APPLY = """
with asked as (
    select * from unnest(%(stocks)s::bigint[], %(quantities)s::int[], %(parts)s::bigint[])
        with ordinality as change(stock_id, quantity, part, place)
), total as (
    select stock_id, sum(quantity)::int as quantity from asked group by stock_id
), impossible as (
    select from total a left join stock s on s.id = a.stock_id where ({condition}) is not true limit 1
), changed as (
    update stock s set on_hand = s.on_hand + a.quantity * %(on_hand)s, held = s.held + a.quantity * %(held)s,
        allocated = s.allocated + a.quantity * %(allocated)s
    from total a where s.id = a.stock_id and not exists (select from impossible)
    returning s.id, s.on_hand - a.quantity * %(on_hand)s as on_hand, s.held - a.quantity * %(held)s as held,
        s.allocated - a.quantity * %(allocated)s as allocated
), moved as (
    select a.*, c.on_hand, c.held, c.allocated,
        sum(a.quantity) over step - a.quantity as gone, sum(a.quantity) over step as done
    from asked a join changed c on c.id = a.stock_id
    window step as (partition by a.stock_id order by a.place)
)
insert into stock_movement (stock_id, reason, contact_id, inbox_id, vendor_order_id, quantity,
    on_hand_before, on_hand_after, held_before, held_after, allocated_before, allocated_after)
select stock_id, %(reason)s, %(contact)s::bigint, %(inbox)s::bigint, part, quantity,
    on_hand + gone * %(on_hand)s, on_hand + done * %(on_hand)s, held + gone * %(held)s, held + done * %(held)s,
    allocated + gone * %(allocated)s, allocated + done * %(allocated)s
from moved order by stock_id, place
"""


def hold(db: Db, changes: Sequence[Change], by: Cause) -> bool:
    """Hold all these units or none; False when one stock has too few available. The caller holds the locks."""
    return _apply(db, _HOLD, changes, by)


def unhold(db: Db, changes: Sequence[Change], by: Cause) -> None:
    """Give held units back to what is available. The caller holds the locks."""
    _apply(db, _UNHOLD, changes, by)


def allocate(db: Db, changes: Sequence[Change], by: Cause) -> None:
    """Turn held units into allocated ones: the buyer said OUI. The caller holds the locks."""
    _apply(db, _ALLOCATE, changes, by)


def free(db: Db, changes: Sequence[Change], by: Cause) -> None:
    """Give allocated units back: the order was refused or cancelled, or it expired. The caller holds the locks."""
    _apply(db, _FREE, changes, by)


def hand_over(db: Db, changes: Sequence[Change], by: Cause) -> bool:
    """Take units out of the shop, all or none; False when the vendor's own count says that fewer lie there."""
    return _apply(db, _HAND_OVER, changes, by)


def give_back(db: Db, changes: Sequence[Change], by: Cause) -> None:
    """Put returned, sellable units back into the shop. The caller holds the locks."""
    _apply(db, _RETURN, changes, by)


def _apply(db: Db, move: _Move, changes: Sequence[Change], by: Cause) -> bool:
    if not changes:
        return True
    written = db.run(
        _APPLY.format(condition=move.condition),
        stocks=[change.stock_id for change in changes],
        quantities=[change.quantity for change in changes],
        parts=[change.vendor_order_id for change in changes],
        reason=move.reason,
        on_hand=move.on_hand,
        held=move.held,
        allocated=move.allocated,
        contact=by.contact_id,
        inbox=by.inbox_id,
    )
    return written.count == len(changes)


def count(db: Db, stock_id: int, on_hand: int, by: Cause) -> Counted | None:
    """Set what a new shop begins with, promised units included; None when there is no such stock.

    What a vendor counts goes through catalog.adjusting.

    May go below what is promised: then 0 is available. Raises NegativeCount.
    """
    if on_hand < 0:
        raise NegativeCount(on_hand)
    locks.stocks(db, [stock_id])
    rows = db.run(_COUNT, stock=stock_id, on_hand=on_hand, contact=by.contact_id, inbox=by.inbox_id).rows
    if not rows:
        return None
    row = rows[0]
    return Counted(Figures(row.before, row.held, row.allocated), Figures(on_hand, row.held, row.allocated))


_COUNT = """
with old as (
    select id, on_hand from stock where id = %(stock)s
), changed as (
    update stock s set on_hand = %(on_hand)s, confirmed_at = market_now() from old where s.id = old.id
    returning s.id, old.on_hand as before, s.held, s.allocated
), moved as (
    insert into stock_movement (stock_id, reason, contact_id, inbox_id, quantity, on_hand_before, on_hand_after,
        held_before, held_after, allocated_before, allocated_after)
    select id, 'count', %(contact)s::bigint, %(inbox)s::bigint, %(on_hand)s, before, %(on_hand)s,
        held, held, allocated, allocated
    from changed
)
select before, held, allocated from changed
"""


def adjust(db: Db, steps: Sequence[Step], adjustment_id: int, by: Cause, mark: Mark) -> None:
    """Write a vendor's changes of what lies in his shops, and mark the adjustment as applied or undone now.

    The caller holds the locks, and read `before` under them.
    """
    if not steps:
        db.run(_MARK[mark], adjustment=adjustment_id)
    else:
        db.run(
            _ADJUST[mark],
            stocks=[step.stock_id for step in steps],
            reasons=[step.reason for step in steps],
            quantities=[step.quantity for step in steps],
            before=[step.before for step in steps],
            after=[step.after for step in steps],
            adjustment=adjustment_id,
            contact=by.contact_id,
            inbox=by.inbox_id,
        )


_MARK: Final[Mapping[Mark, str]] = {
    "applied": "update adjustment set applied_at = market_now() where id = %(adjustment)s",
    "undone": "update adjustment set undone_at = market_now() where id = %(adjustment)s",
}
_ADJUST: Final = {
    mark: f"""
with marked as (
    {marking}
), asked as (
    select * from unnest(%(stocks)s::bigint[], %(reasons)s::text[], %(quantities)s::int[], %(before)s::int[],
        %(after)s::int[]) with ordinality as step(stock_id, reason, quantity, before, after, place)
), last as (
    select distinct on (stock_id) stock_id, after from asked order by stock_id, place desc
), changed as (
    update stock s set on_hand = l.after,
        confirmed_at = case when exists (select from asked c where c.stock_id = s.id and c.reason = 'count')
            then market_now() else s.confirmed_at end
    from last l where s.id = l.stock_id returning s.id, s.held, s.allocated
)
insert into stock_movement (stock_id, reason, contact_id, inbox_id, adjustment_id, quantity,
    on_hand_before, on_hand_after, held_before, held_after, allocated_before, allocated_after)
select a.stock_id, a.reason, %(contact)s::bigint, %(inbox)s::bigint, %(adjustment)s::bigint, a.quantity,
    a.before, a.after, c.held, c.held, c.allocated, c.allocated
from asked a join changed c on c.id = a.stock_id order by a.stock_id, a.place
"""
    for mark, marking in _MARK.items()
}


def confirm(db: Db, stock_ids: Iterable[int]) -> None:
    """So many lie there as is noted, their vendor says; one that somebody else is changing just now is passed over."""
    ids = locks.free_stocks(db, stock_ids)
    if ids:
        db.run("update stock set confirmed_at = market_now() where id = any(%(ids)s)", ids=ids)


def figures(db: Db, stock_id: int) -> Figures | None:
    """The three numbers of one stock as they stand now; None when there is no such stock."""
    row = db.one("select on_hand, held, allocated from stock where id = %(id)s", id=stock_id)
    return Figures(row.on_hand, row.held, row.allocated) if row else None
