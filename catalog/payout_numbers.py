"""The number on which a shop is paid: another one waits a day and for an organizer, and who never asked stops it.

Whoever takes over a seller's phone would have the money sent elsewhere: so the shop's people hear of it wherever they
can be reached, and nothing is paid there before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from base import facts
from base.db import Db
from catalog import locks
from catalog.facts import PayoutAsked, PayoutEnded, PayoutStopped
from catalog.stock import JOB, Cause

Wallet = Literal["tmoney", "flooz"]
State = Literal["waiting", "in_force", "stopped", "refused", "replaced"]
Fact = Literal["asked", "approved", "refused", "stopped", "in_force", "replaced"]


@dataclass(frozen=True)
class PayoutNumber:
    """One number of a shop (E.164), its wallet, how it stands, and from when it may be in force."""

    id: int
    vendor_id: int
    phone: str
    wallet: Wallet
    state: State
    contact_id: int | None
    asked_at: datetime
    due_at: datetime
    approved_at: datetime | None


_FIELDS: Final = (
    "select id, vendor_id, phone, wallet, state, contact_id, asked_at, due_at, approved_at from payout_number"
)


def number(db: Db, payout_id: int) -> PayoutNumber | None:
    """One number, or None."""
    row = db.one(f"{_FIELDS} where id = %(id)s", id=payout_id)
    return PayoutNumber(**row._asdict()) if row else None


def of_shop(db: Db, vendor_id: int, state: Literal["waiting", "in_force"]) -> PayoutNumber | None:
    """The number that a shop is paid on, or the one that waits; None without."""
    row = db.one(f"{_FIELDS} where vendor_id = %(vendor)s and state = %(state)s", vendor=vendor_id, state=state)
    return PayoutNumber(**row._asdict()) if row else None


def waiting(db: Db, vendor_ids: Sequence[int]) -> tuple[PayoutNumber, ...]:
    """The numbers of these shops that wait."""
    rows = db.rows(f"{_FIELDS} where vendor_id = any(%(ids)s) and state = 'waiting' order by id", ids=list(vendor_ids))
    return tuple(PayoutNumber(**row._asdict()) for row in rows)


def waiting_instead_of(db: Db, phones: Sequence[str]) -> tuple[PayoutNumber, ...]:
    """The numbers that wait to take the place of one of these phones."""
    rows = db.rows(
        f"{_FIELDS} w where state = 'waiting' and exists (select from payout_number o where o.vendor_id = w.vendor_id"
        " and o.state = 'in_force' and o.phone = any(%(phones)s)) order by id",
        phones=list(phones),
    )
    return tuple(PayoutNumber(**row._asdict()) for row in rows)


def start(db: Db, vendor_id: int, phone: str, wallet: Wallet, by: Cause) -> None:
    """The number of a shop that an organizer opens: he has looked at it, so it is in force at once."""
    payout_id = _insert(db, vendor_id, phone, wallet, by, 0.0)
    db.run("update payout_number set approved_at = market_now() where id = %(id)s", id=payout_id)
    _write(db, payout_id, "approved", by)
    _put_in_force(db, vendor_id, payout_id, by)


def ask(
    db: Db, vendor_id: int, phone: str, wallet: Wallet, by: Cause, seconds: float
) -> Literal["asked", "same", "before"]:
    """Another number, in force after so many seconds at the earliest; an earlier one that waits is given up.

    same: the shop is paid there; before: it waits already. Raises Alone in a batch when the shop is busy.
    """
    locks.vendors(db, [vendor_id])
    for known, told in ((of_shop(db, vendor_id, "in_force"), "same"), (of_shop(db, vendor_id, "waiting"), "before")):
        if known and (known.phone, known.wallet) == (phone, wallet):
            return "same" if told == "same" else "before"
    given_up = of_shop(db, vendor_id, "waiting")
    if given_up:
        _end(db, given_up.id, "replaced", by)
    payout_id = _insert(db, vendor_id, phone, wallet, by, seconds)
    facts.record(db, PayoutAsked(payout_id))
    return "asked"


def approve(
    db: Db, payout_id: int, by: Cause, *, may_begin: bool = True
) -> Literal["in_force", "approved", "held", "before"]:
    """An organizer made sure; `approved`: it waits for its time. Raises Alone in a batch when the shop is busy.

    held: it waits too, as who asked for it may not now.
    """
    found = _locked(db, payout_id)
    if found is None or found.approved_at:
        return "before"
    db.run("update payout_number set approved_at = market_now() where id = %(id)s", id=payout_id)
    _write(db, payout_id, "approved", by)
    if not may_begin:
        return "held"
    if db.value("select due_at > market_now() from payout_number where id = %(id)s", id=payout_id):
        return "approved"
    _take_effect(db, found, by)
    return "in_force"


def refuse(db: Db, payout_id: int, by: Cause) -> bool:
    """An organizer does not believe it; False when it waits no longer."""
    found = _locked(db, payout_id)
    if found is None:
        return False
    _end(db, payout_id, "refused", by)
    facts.record(db, PayoutEnded(payout_id, is_in_force=False))
    return True


def stop(db: Db, payout_id: int, by: Cause) -> bool:
    """It was not the shop's people who asked; False when it waits no longer."""
    found = _locked(db, payout_id)
    if found is None or by.contact_id is None:
        return False
    _end(db, payout_id, "stopped", by)
    facts.record(db, PayoutStopped(payout_id, by.contact_id))
    return True


def take_effect(db: Db, payout_ids: Sequence[int]) -> int:
    """Those of these numbers that are approved, due and waiting still are in force; how many."""
    due = db.rows(f"{_FIELDS} where id = any(%(ids)s) order by vendor_id", ids=list(payout_ids))
    locks.vendors(db, [row.vendor_id for row in due])
    found = db.rows(
        f"{_FIELDS} where id = any(%(ids)s) and state = 'waiting' and approved_at is not null"
        " and due_at <= market_now() order by vendor_id",
        ids=[row.id for row in due],
    )
    for row in found:
        _take_effect(db, PayoutNumber(**row._asdict()), JOB)
    return len(found)


def _locked(db: Db, payout_id: int) -> PayoutNumber | None:
    """The number, its shop locked, while it waits."""
    found = number(db, payout_id)
    if found is None:
        return None
    locks.vendors(db, [found.vendor_id])
    again = number(db, payout_id)
    return again if again and again.state == "waiting" else None


def _take_effect(db: Db, found: PayoutNumber, by: Cause) -> None:
    _put_in_force(db, found.vendor_id, found.id, by)
    facts.record(db, PayoutEnded(found.id, is_in_force=True))


def _put_in_force(db: Db, vendor_id: int, payout_id: int, by: Cause) -> None:
    former = of_shop(db, vendor_id, "in_force")
    if former:
        _end(db, former.id, "replaced", by)
    db.run("update payout_number set state = 'in_force', in_force_at = market_now() where id = %(id)s", id=payout_id)
    _write(db, payout_id, "in_force", by)


def _insert(db: Db, vendor_id: int, phone: str, wallet: Wallet, by: Cause, seconds: float) -> int:
    made = db.run(
        "insert into payout_number (vendor_id, phone, wallet, state, contact_id, due_at)"
        " values (%(vendor)s, %(phone)s, %(wallet)s, 'waiting', %(contact)s,"
        " market_now() + make_interval(secs => %(seconds)s)) returning id",
        vendor=vendor_id,
        phone=phone,
        wallet=wallet,
        contact=by.contact_id,
        seconds=seconds,
    )
    payout_id = int(made.rows[0].id)
    _write(db, payout_id, "asked", by)
    return payout_id


def _end(db: Db, payout_id: int, state: Literal["stopped", "refused", "replaced"], by: Cause) -> None:
    db.run(
        "update payout_number set state = %(state)s, ended_at = market_now() where id = %(id)s",
        state=state,
        id=payout_id,
    )
    _write(db, payout_id, state, by)


def _write(db: Db, payout_id: int, fact: Fact, by: Cause) -> None:
    db.run(
        "insert into payout_history (payout_id, fact, contact_id, inbox_id)"
        " values (%(payout)s, %(fact)s, %(contact)s, %(inbox)s)",
        payout=payout_id,
        fact=fact,
        contact=by.contact_id,
        inbox=by.inbox_id,
    )
