"""The only row locks of the catalog: shops, adjustments, stock, products and questions, each in id order."""

from collections.abc import Iterable
from typing import Any, Literal

from base.db import Db
from base.statements import Rows


def vendors(db: Db, vendor_ids: Iterable[int]) -> None:
    """Lock these shops until the transaction ends. Raises Alone in a batch when one of them is busy."""
    wanted = sorted(set(vendor_ids))
    db.lock(
        "select id from vendor where id = any(%(ids)s) order by id for no key update",
        expected=len(wanted),
        ids=wanted,
    )


def due_alerts(db: Db, seconds: float, limit: int) -> Rows:
    """Lock open alerts that nobody has looked at for so long, the longest first; those of others are passed over."""
    return db.rows(
        "select * from alert where state = 'open' and looked_at <= market_now() - make_interval(secs => %(seconds)s)"
        " order by looked_at limit %(limit)s for no key update skip locked",
        seconds=seconds,
        limit=limit,
    )


def stocks(db: Db, stock_ids: Iterable[int]) -> Rows:
    """Lock these stock rows until the transaction ends; comes after the locks of basket and order.

    What lies there now and is `promised`, by `id`. Raises Alone in a batch when one of them is busy.
    """
    wanted = sorted(set(stock_ids))
    if not wanted:
        return []
    return db.lock(
        "select id, on_hand, held + allocated as promised from stock where id = any(%(ids)s)"
        " order by id for no key update",
        expected=len(wanted),
        ids=wanted,
    )


def free_stocks(db: Db, stock_ids: Iterable[int]) -> list[int]:
    """Lock those of these stock rows that nobody else is changing; their ids. It waits for none."""
    rows = db.rows(
        "select id from stock where id = any(%(ids)s) order by id for no key update skip locked",
        ids=sorted(set(stock_ids)),
    )
    return [row.id for row in rows]


def adjustment(db: Db, adjustment_id: int) -> Any | None:
    """Lock a vendor's adjustment until the transaction ends; comes before the locks of stock and products.

    Its row, with when it was applied and undone; None when there is no such adjustment.
    """
    found = db.lock(
        "select id, applied_at, undone_at from adjustment where id = %(id)s order by id for no key update",
        expected=1,
        id=adjustment_id,
    )
    return next(iter(found), None)


def old_proposals(db: Db, seconds: float, limit: int) -> list[int]:
    """For a job: lock up to `limit` free adjustments that nobody has applied in so long, oldest first; their ids."""
    rows = db.rows(
        "select id from adjustment where applied_at is null"
        " and made_at < market_now() - make_interval(secs => %(seconds)s)"
        " order by made_at limit %(limit)s for no key update skip locked",
        seconds=seconds,
        limit=limit,
    )
    return [row.id for row in rows]


def products(db: Db, product_ids: Iterable[int]) -> None:
    """Lock these products until the transaction ends; comes after the locks of stock."""
    wanted = sorted(set(product_ids))
    if wanted:
        db.lock(
            "select id from product where id = any(%(ids)s) order by id for no key update",
            expected=len(wanted),
            ids=wanted,
        )


def promotions_due(db: Db, limit: int) -> Rows:
    """For a job: lock up to `limit` free promotions that begin or end by now."""
    return db.rows(
        "select id, state from promotion where state = 'waiting' and begins_at <= market_now()"
        " or state = 'running' and least(ends_at, ended_at) <= market_now()"
        " order by id limit %(limit)s for no key update skip locked",
        limit=limit,
    )


def vendors_to_tell(db: Db, column: Literal["digest_at", "check_at"], limit: int) -> Rows:
    """For a job: lock up to `limit` free shops of whose column the moment has come, or is not reckoned."""
    return db.rows(
        f"select id, hours, is_open, {column} as due_at, wants_digest, wants_check, market_now() as now from vendor"
        f" where id = any(array((select id from vendor where {column} is null limit %(limit)s)"
        f" union all (select id from vendor where {column} <= market_now() order by {column} limit %(limit)s)))"
        f" and ({column} is null or {column} <= market_now()) order by id limit %(limit)s"
        " for no key update skip locked",
        limit=limit,
    )


def vendors_of_pause(db: Db, limit: int) -> Rows:
    """For a job: up to `limit` free shops, locked, whose planned closing or opening has come."""
    return db.rows(
        "select id, is_open, closed_until <= market_now() as is_over from vendor"
        " where id = any(array((select id from vendor where closes_at <= market_now() limit %(limit)s) union all"
        " (select id from vendor where not is_open and closed_until <= market_now() limit %(limit)s)))"
        " and (closes_at <= market_now() or not is_open and closed_until <= market_now())"
        " order by id limit %(limit)s for no key update skip locked",
        limit=limit,
    )


def questions(db: Db, question_ids: Iterable[int]) -> None:
    """Lock these questions until the transaction ends; those that are gone are passed over.

    Comes after the lock of their shop and before those of the organizers' lines. Raises Alone in a batch when busy.
    """
    wanted = sorted(set(question_ids))
    known = [row.id for row in db.rows("select id from question where id = any(%(ids)s)", ids=wanted)] if wanted else []
    if known:
        db.lock(
            "select id from question where id = any(%(ids)s) order by id for no key update",
            expected=len(known),
            ids=known,
        )


def questions_due(db: Db, limit: int) -> list[int]:
    """For a job: lock up to `limit` free questions that their shop has not answered in its time; their ids."""
    rows = db.rows(
        "select id from question where state = 'open' and due_at <= market_now() order by due_at, id limit %(limit)s"
        " for no key update skip locked",
        limit=limit,
    )
    return [row.id for row in rows]
