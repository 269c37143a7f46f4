"""Where a shop stands with the organizers: suspended or not, at which level; each decision is kept with its author."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from base import facts
from base.db import Db
from catalog import locks, shops
from catalog.facts import ShopStood
from catalog.levels import Level
from catalog.vocabulary import vocabulary

LONGEST: Final = 300  # characters of why, or of what proves it
SHOWN: Final = 5  # decisions
What = Literal["suspended", "restored", "new", "verified", "proven"]


@dataclass(frozen=True)
class Stand:
    """One decision: what, its reason or proof, by which contact, when."""

    what: What
    words: str
    contact_id: int | None
    at: datetime


@dataclass(frozen=True)
class Decided:
    """A decision as it is told: the shop, what, and the reason or proof."""

    vendor_id: int
    what: What
    words: str


def suspend(db: Db, vendor_id: int, why: str, by: int) -> bool:
    """Nothing of the shop is shown or sold from now on; its open orders go on. False: it was suspended before.

    Raises Alone in a batch when the shop is busy.
    """
    locks.vendors(db, [vendor_id])
    sql = "update vendor set suspended_at = market_now() where id = %(id)s and suspended_at is null"
    return bool(db.run(sql, id=vendor_id).count) and _note(db, vendor_id, "suspended", why, by)


def restore(db: Db, vendor_id: int, why: str, by: int) -> bool:
    """The shop is as it was. False: it is not suspended. Raises Alone in a batch when the shop is busy."""
    locks.vendors(db, [vendor_id])
    sql = "update vendor set suspended_at = null where id = %(id)s and suspended_at is not null"
    return bool(db.run(sql, id=vendor_id).count) and _note(db, vendor_id, "restored", why, by)


def set_level(db: Db, vendor_id: int, level: Level, proof: str, by: int) -> bool:
    """How far the market knows the shop from now on. False: as far as before. Raises Alone in a batch when busy."""
    locks.vendors(db, [vendor_id])
    sql = "update vendor set level = %(level)s where id = %(id)s and level <> %(level)s"
    return bool(db.run(sql, id=vendor_id, level=level).count) and _note(db, vendor_id, level, proof, by)


def _note(db: Db, vendor_id: int, what: What, words: str, by: int) -> bool:
    made = db.run(
        "insert into vendor_standing (vendor_id, what, words, contact_id)"
        " values (%(vendor)s, %(what)s, %(words)s, %(by)s) returning id",
        vendor=vendor_id,
        what=what,
        words=" ".join(words.split())[:LONGEST],
        by=by,
    ).rows
    facts.record(db, ShopStood(made[0].id))
    return True


def decided(db: Db, standing_id: int) -> Decided | None:
    """One decision, for news of it."""
    row = db.one("select vendor_id, what, words from vendor_standing where id = %(id)s", id=standing_id)
    return Decided(**row._asdict()) if row else None


def history(db: Db, vendor_id: int, most: int = SHOWN) -> tuple[Stand, ...]:
    """The newest decisions about a shop, the newest first."""
    rows = db.rows(
        "select what, words, contact_id, at from vendor_standing where vendor_id = %(id)s order by id desc"
        " limit %(most)s",
        id=vendor_id,
        most=most,
    )
    return tuple(Stand(**row._asdict()) for row in rows)


def named(db: Db, words: Sequence[str]) -> tuple[int, ...]:
    """The ids of the shops called so, spelling forgiven: by all the words, else by all but the last ones."""
    known = vocabulary(db)
    for length in range(len(words), 0, -1):
        found = shops.named(db, known, words[:length])
        if found:
            return found
    return ()


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: who decided is no longer told; how many decisions."""
    return db.run("update vendor_standing set contact_id = null where contact_id = %(id)s", id=contact_id).count
