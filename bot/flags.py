"""Reports: a buyer tells the organizers of a shop, a shop of a buyer; an organizer warns, suspends, blocks, or not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base import facts
from base.db import Db
from bot import attention, locks

KIND: Final = "flag"  # of the organizers' list
LONGEST: Final = 500  # characters
MOST_OPEN: Final = 3  # of one person that nobody has decided yet
Outcome = Literal["warned", "suspended", "blocked", "nothing"]


@dataclass(frozen=True)
class Flag:
    """A report. `vendor_id` is the shop that is reported, else `about_id` the buyer; `code` of the order, or ''."""

    id: int
    contact_id: int
    conversation_id: int
    vendor_id: int | None
    about_id: int | None
    vendor_order_id: int | None
    shop: str
    buyer: str
    code: str
    words: str
    at: datetime
    outcome: Outcome | None


@dataclass(frozen=True)
class FlagDecided:
    """A fact: an organizer has looked at a report."""

    flag_id: int
    outcome: Outcome


_FLAG: Final = """
select f.id, f.contact_id, f.conversation_id, f.vendor_id, f.about_id, f.vendor_order_id, coalesce(v.name, '') as shop,
  coalesce(p.name, '') as buyer, coalesce(o.code, '') as code, f.words, f.at, f.outcome
from flag f left join vendor v on v.id = f.vendor_id left join contact p on p.id = f.about_id
  left join vendor_order w on w.id = f.vendor_order_id left join "order" o on o.id = w.order_id
"""


def flag(db: Db, flag_id: int) -> Flag | None:
    """One report, or None."""
    row = db.one(f"{_FLAG} where f.id = %(id)s", id=flag_id)
    return Flag(**row._asdict()) if row else None


def make(
    db: Db,
    contact_id: int,
    conversation_id: int,
    words: str,
    *,
    vendor_id: int | None = None,
    about_id: int | None = None,
    vendor_order_id: int | None = None,
) -> Literal["made", "before", "full"]:
    """Report a shop or a buyer; a line of the organizers' list. Raises Alone in a batch when the person is busy.

    before: he has reported the same, and nobody has decided; full: as many of his wait as may.
    """
    locks.contact(db, contact_id)
    waiting = db.rows(
        "select vendor_id, about_id from flag where contact_id = %(id)s and outcome is null", id=contact_id
    )
    if any((row.vendor_id, row.about_id) == (vendor_id, about_id) for row in waiting):
        return "before"
    if len(waiting) >= MOST_OPEN:
        return "full"
    flag_id = (
        db.run(
            "insert into flag (contact_id, conversation_id, vendor_id, about_id, vendor_order_id, words)"
            " values (%(contact)s, %(conversation)s, %(vendor)s, %(about)s, %(part)s, %(words)s) returning id",
            contact=contact_id,
            conversation=conversation_id,
            vendor=vendor_id,
            about=about_id,
            part=vendor_order_id,
            words=words.strip()[:LONGEST],
        )
        .rows[0]
        .id
    )
    attention.ask(db, KIND, {"flag": flag_id, "contact": contact_id}, conversation_id)
    return "made"


def decide(db: Db, flag_id: int, outcome: Outcome, by: int) -> bool:
    """What an organizer has done about it. False: it was decided before."""
    decided = db.run(
        "update flag set outcome = %(outcome)s, decided_at = market_now(), decided_by = %(by)s"
        " where id = %(id)s and outcome is null",
        id=flag_id,
        outcome=outcome,
        by=by,
    )
    if decided.count:
        facts.record(db, FlagDecided(flag_id, outcome))
    return decided.count > 0


def settled(db: Db, fact: attention.AttentionSettled) -> None:
    """A reaction: whoever settles the line of a report by itself did nothing about it."""
    about: dict[str, Any] = dict(fact.about)
    if fact.kind == KIND and about.get("flag"):
        decide(db, int(about["flag"]), "nothing", int(about.get("settled_by") or 0))


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: what he reported, and what others reported of him; how many."""
    db.run("update flag set decided_by = null where decided_by = %(id)s", id=contact_id)
    return db.run("delete from flag where contact_id = %(id)s or about_id = %(id)s", id=contact_id).count


def of_line(db: Db, attention_id: int) -> int | None:
    """The report that a line of the organizers' list is about, if it is about one."""
    about = attention.about_of(db, attention_id)
    return int(about["flag"]) if about.get("flag") else None


def times(db: Db, one: Flag) -> int:
    """How many people have reported the same shop or buyer, this one counted."""
    counted = "select count(distinct contact_id) from flag where vendor_id = %(shop)s or about_id = %(about)s"
    return int(db.value(counted, shop=one.vendor_id, about=one.about_id) or 0)
