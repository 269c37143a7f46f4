"""Buyers whom a shop does without: it gets no new order of theirs, and no question; what was ordered goes on.

A block is a row that is kept, with who of the shop set it. What buyers of many shops are is the organizers' to judge.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from base.db import Db

BARS: Final = """exists (select from shop_block b
    where b.vendor_id = {vendor} and b.contact_id = {contact} and b.ended_at is null)"""


def bar(db: Db, vendor_id: int, contact_id: int, by: int) -> bool:
    """The shop does without him from now on; False when it did already."""
    made = db.run(
        "insert into shop_block (vendor_id, contact_id, blocked_by) values (%(vendor)s, %(contact)s, %(by)s)"
        " on conflict do nothing",
        vendor=vendor_id,
        contact=contact_id,
        by=by,
    )
    return made.count > 0


def unbar(db: Db, vendor_ids: Collection[int], contact_id: int) -> bool:
    """These shops serve him again; False when none had barred him."""
    ended = db.run(
        "update shop_block set ended_at = market_now()"
        " where vendor_id = any(%(vendors)s) and contact_id = %(contact)s and ended_at is null",
        vendors=list(vendor_ids),
        contact=contact_id,
    )
    return ended.count > 0


def shops_without(db: Db, contact_id: int) -> int:
    """How many shops do without this buyer now."""
    counted = "select count(*) from shop_block where contact_id = %(contact)s and ended_at is null"
    return int(db.value(counted, contact=contact_id) or 0)


def hand_over(db: Db, former: int, now: int) -> Mapping[str, list[int]]:
    """Who barred one person does without the other from now on: `barred_ids` of these rows, `barred_by` shops that had
    barred both."""
    both = db.run(
        "update shop_block b set ended_at = market_now() from shop_block o where b.contact_id = %(former)s"
        " and b.ended_at is null and o.contact_id = %(now)s and o.vendor_id = b.vendor_id and o.ended_at is null"
        " returning b.vendor_id",
        former=former,
        now=now,
    ).rows
    moved = db.run(
        "update shop_block set contact_id = %(now)s where contact_id = %(former)s and ended_at is null returning id",
        former=former,
        now=now,
    ).rows
    return {"barred_ids": [row.id for row in moved], "barred_by": [row.vendor_id for row in both]}


def give_back(db: Db, now: int, former: int, handed: Mapping[str, Sequence[int]], since: datetime) -> None:
    """The two are apart again: whom a shop had barred it still does without, and both where it barred them as one.

    `handed` is what `hand_over` told at `since`. A block that has ended meanwhile has ended for both.
    """
    ids, shops = list(handed.get("barred_ids", ())), list(handed.get("barred_by", ()))
    db.run(
        "update shop_block set contact_id = %(former)s where contact_id = %(now)s and id = any(%(ids)s)",
        former=former,
        now=now,
        ids=ids,
    )
    db.run(
        "insert into shop_block (vendor_id, contact_id, blocked_by, at) select vendor_id, %(former)s, blocked_by, at"
        " from shop_block where contact_id = %(now)s and ended_at is null"
        " and (at >= %(since)s or vendor_id = any(%(shops)s)) on conflict do nothing",
        former=former,
        now=now,
        since=since,
        shops=shops,
    )


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: who barred him, and whom he has barred as somebody else's decision; how many."""
    db.run("update shop_block set blocked_by = null where blocked_by = %(id)s", id=contact_id)
    return db.run("delete from shop_block where contact_id = %(id)s", id=contact_id).count
