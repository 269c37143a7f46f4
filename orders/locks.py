"""The only row locks of orders: basket, then order, then (in catalog.locks) stock; each in id order."""

from collections.abc import Iterable

from base.db import Alone, Db


def basket(db: Db, contact_id: int) -> int | None:
    """Lock this person's basket; its id, or None when there is none. Raises Alone in a batch when it is busy."""
    rows = db.lock(
        "select id from basket where contact_id = %(contact)s order by id for no key update",
        expected=0,
        contact=contact_id,
    )
    if rows:
        return int(rows[0].id)
    if db.in_batch and db.value("select id from basket where contact_id = %(contact)s", contact=contact_id):
        raise Alone
    return None


def own_basket(db: Db, contact_id: int) -> int:
    """Lock this person's basket, made when there is none; its id. Raises Alone in a batch when it is busy."""
    found = basket(db, contact_id)
    if found is not None:
        return found
    made = db.run(
        "insert into basket (contact_id) values (%(contact)s) on conflict (contact_id) do nothing returning id",
        contact=contact_id,
    ).rows
    if made:
        return int(made[0].id)
    if db.in_batch:  # made by the same person's other chat, this very moment
        raise Alone
    return own_basket(db, contact_id)


def orders(db: Db, order_ids: Iterable[int]) -> None:
    """Lock these orders, and by that all their parts: a part's state changes only under its order's lock."""
    wanted = sorted(set(order_ids))
    db.lock(
        'select id from "order" where id = any(%(ids)s) order by id for no key update',
        expected=len(wanted),
        ids=wanted,
    )


def baskets_whose_hold_ended(db: Db, limit: int) -> list[int]:
    """For a job: lock up to `limit` free baskets whose hold has ended; their ids."""
    rows = db.rows(
        "select id from basket where held_until <= market_now()"
        " order by id limit %(limit)s for no key update skip locked",
        limit=limit,
    )
    return [row.id for row in rows]


def baskets_untouched_for(db: Db, seconds: float, limit: int) -> list[int]:
    """For a job: lock up to `limit` free baskets that were left alone that long and hold nothing; their ids."""
    rows = db.rows(
        "select id from basket where held_until is null"
        " and touched_at <= market_now() - make_interval(secs => %(seconds)s)"
        " order by id limit %(limit)s for no key update skip locked",
        seconds=seconds,
        limit=limit,
    )
    return [row.id for row in rows]


def orders_unanswered(db: Db, limit: int) -> list[int]:
    """For a job: lock up to `limit` free orders with a part whose vendor was silent too long; their ids."""
    rows = db.rows(
        "select id from \"order\" where id in (select order_id from vendor_order where state = 'placed'"
        " and expires_at <= market_now()) order by id limit %(limit)s for no key update skip locked",
        limit=limit,
    )
    return [row.id for row in rows]
