"""What buyers are not content with: one open complaint for a part of an order, until a person has settled it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from base.hiding import SIGN, hidden
from base.scrubbing import scrub
from catalog.stock import Cause
from orders import history, locks
from orders.facts import ComplaintMade, ComplaintSettled

Reason = Literal["wrong_item", "spoiled", "missing", "late", "rude", "refund", "other"]
PIECE, LEAST_PIECE = 40, 12  # characters by which words are found again
LONGEST: Final = 1000  # characters of what was said, all of it together


@dataclass(frozen=True)
class Complaint:
    """A complaint as it stands; `reason` was guessed from the words, which are the buyer's own."""

    id: int
    vendor_order_id: int
    contact_id: int
    reason: Reason
    words: str
    photo_inbox_id: int | None
    at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class Subject:
    """A part of an order that can be complained about."""

    vendor_order_id: int
    order_id: int
    code: str
    vendor_name: str
    state: str
    placed_at: datetime


def subjects(db: Db, contact_id: int, seconds: float, most: int) -> tuple[Subject, ...]:
    """The parts of this person's orders of the last `seconds` that were not cancelled, the newest order first."""
    rows = db.rows(
        f"{_SUBJECTS} where o.contact_id = %(contact)s"
        " and o.placed_at > market_now() - make_interval(secs => %(seconds)s) and v.state <> 'cancelled'"
        " order by o.id desc, v.id limit %(most)s",
        contact=contact_id,
        seconds=seconds,
        most=most,
    )
    return tuple(Subject(**row._asdict()) for row in rows)


def subject(db: Db, vendor_order_id: int, contact_id: int) -> Subject | None:
    """One part of this person's orders; None for any other."""
    row = db.one(
        f"{_SUBJECTS} where v.id = %(part)s and o.contact_id = %(contact)s", part=vendor_order_id, contact=contact_id
    )
    return Subject(**row._asdict()) if row else None


_SUBJECTS = """
select v.id as vendor_order_id, v.order_id, o.code, w.name as vendor_name, v.state, o.placed_at
from "order" o join vendor_order v on v.order_id = o.id join vendor w on w.id = v.vendor_id
"""


def complain(db: Db, about: Subject, reason: Reason, words: str, by: Cause) -> Literal["made", "added"]:
    """Keep a complaint about a part; `added`: one is open already, and these words are put to it."""
    locks.orders(db, [about.order_id])
    added = db.run(
        "update complaint set words = left(words || chr(10) || %(words)s, %(most)s)"
        " where vendor_order_id = %(part)s and settled_at is null",
        part=about.vendor_order_id,
        words=words,
        most=LONGEST,
    )
    if added.count:
        return "added"
    made = db.run(
        "insert into complaint (vendor_order_id, contact_id, reason, words)"
        " values (%(part)s, %(contact)s, %(reason)s, left(%(words)s, %(most)s)) returning id",
        part=about.vendor_order_id,
        contact=by.contact_id,
        reason=reason,
        words=words,
        most=LONGEST,
    ).rows[0]
    history.write(db, [(about.order_id, about.vendor_order_id)], "complaint", by, {"complaint": made.id})
    facts.record(db, ComplaintMade(about.order_id, about.vendor_order_id, made.id))
    return "made"


def add_photo(db: Db, vendor_order_id: int, contact_id: int, inbox_id: int | None) -> bool:
    """The message that brought a photo for the open complaint of a part; False when none is open."""
    return bool(
        db.run(
            "update complaint set photo_inbox_id = %(inbox)s"
            " where vendor_order_id = %(part)s and contact_id = %(contact)s and settled_at is null",
            part=vendor_order_id,
            contact=contact_id,
            inbox=inbox_id,
        ).count
    )


def words_of(db: Db, contact_id: int) -> tuple[str, ...]:
    """What a person complained of, in pieces that are found in shortened words too, with and without its numbers."""
    rows = db.rows(
        "select c.words from complaint c join vendor_order v on v.id = c.vendor_order_id"
        ' join "order" o on o.id = v.order_id where o.contact_id = %(id)s',
        id=contact_id,
    )
    lines = {line for row in rows for line in row.words.splitlines()}
    told = lines | {without_numbers(line) for line in lines}
    return tuple(dict.fromkeys(piece for line in sorted(told) for piece in pieces(line)))


def without_numbers(words: str) -> str:
    """As a shop is told of it: without phones, addresses and links, whatever they are disguised as."""
    return scrub(hidden(words).replace(SIGN, "…")).replace("[number]", "…")


def pieces(line: str) -> Iterator[str]:
    """A line in pieces that shortened words hold too; a line too short to be anybody's own has none."""
    last = max(len(line) // PIECE, 1) - 1
    for place in range(last + 1):
        piece = line[place * PIECE : None if place == last else (place + 1) * PIECE]
        if len(piece) >= LEAST_PIECE:
            yield piece


def forget_person(db: Db, contact_id: int) -> None:
    """That something was wrong stays, for the shop's sake; what the person wrote and showed does not."""
    db.run(
        "update complaint c set words = '', photo_inbox_id = null from vendor_order v join \"order\" o"
        " on o.id = v.order_id where c.vendor_order_id = v.id and o.contact_id = %(id)s",
        id=contact_id,
    )


def complaint(db: Db, complaint_id: int) -> Complaint | None:
    """One complaint, or None."""
    row = db.one(f"{_COMPLAINT} where c.id = %(id)s", id=complaint_id)
    return _read(row) if row else None


def of_order(db: Db, order_id: int) -> Sequence[Complaint]:
    """The complaints about an order, the oldest first."""
    rows = db.rows(
        f"{_COMPLAINT} join vendor_order v on v.id = c.vendor_order_id where v.order_id = %(order)s order by c.id",
        order=order_id,
    )
    return tuple(map(_read, rows))


_COMPLAINT = (
    "select c.id, c.vendor_order_id, c.contact_id, c.reason, c.words, c.photo_inbox_id, c.at, c.settled_at"
    " from complaint c"
)


def _read(row: Any) -> Complaint:
    return Complaint(**row._asdict())


def settle(db: Db, complaint_id: int) -> bool:
    """A person took care of it; True when it was open."""
    rows = db.run(
        "update complaint c set settled_at = market_now() from vendor_order v"
        " where c.id = %(id)s and c.settled_at is null and v.id = c.vendor_order_id returning v.order_id, v.id",
        id=complaint_id,
    ).rows
    for row in rows:
        facts.record(db, ComplaintSettled(row.order_id, row.id, complaint_id))
    return bool(rows)
