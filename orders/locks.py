"""The only row locks of orders: basket, then order, then (in catalog.locks) stock; each in id order."""

from collections.abc import Iterable

from base.db import Alone, Db
from orders.states import OPEN


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


def basket_changed(db: Db, contact_id: int) -> int | None:
    """Lock this person's basket once more: a turn that has written changed this very basket, and holds its lock."""
    if not (db.in_batch and db.has_written):
        return basket(db, contact_id)
    found: int | None = db.value("select id from basket where contact_id = %(contact)s", contact=contact_id)
    return found


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


def baskets(db: Db, contact_ids: Iterable[int]) -> dict[int, int]:
    """Lock the baskets of several people, in id order; contact id -> basket id of those who have one.

    For a turn by itself: in a batch it would not know which of them is busy.
    """
    rows = db.lock(
        "select id, contact_id from basket where contact_id = any(%(ids)s) order by id for no key update",
        expected=0,
        ids=sorted(set(contact_ids)),
    )
    return {row.contact_id: row.id for row in rows}


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
        " order by touched_at, id limit %(limit)s for no key update skip locked",
        seconds=seconds,
        limit=limit,
    )
    return [row.id for row in rows]


def orders_with_due(db: Db, limit: int) -> list[int]:
    """For a job: lock up to `limit` free orders with a part of an open shop for which something is due; their ids."""
    rows = db.rows(
        'select id from "order" where id in (select v.order_id from part_due d'
        " join vendor_order v on v.id = d.vendor_order_id join vendor w on w.id = v.vendor_id"
        " where d.at <= market_now() and w.is_open) order by id limit %(limit)s for no key update skip locked",
        limit=limit,
    )
    return [row.id for row in rows]


def baskets_to_remind_of(db: Db, limit: int) -> list[int]:
    """For a job: lock up to `limit` free baskets whose reminder is due; their ids."""
    rows = db.rows(
        "select b.id from basket b join basket_reminder r on r.basket_id = b.id where r.due_at <= market_now()"
        " order by b.id limit %(limit)s for no key update of b skip locked",
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


def orders_with_old_pins(db: Db, seconds: float, limit: int) -> list[int]:
    """For a job: lock up to `limit` free orders with a place on the map that all ended that long ago; their ids."""
    rows = db.rows(
        'select o.id from "order" o where o.latitude is not null'
        " and o.placed_at < market_now() - make_interval(secs => %(seconds)s)"
        " and not exists (select from vendor_order v where v.order_id = o.id and (v.state = any(%(open)s)"
        " or v.changed_at > market_now() - make_interval(secs => %(seconds)s)))"
        " order by o.placed_at limit %(limit)s for no key update of o skip locked",
        seconds=seconds,
        open=list(OPEN),
        limit=limit,
    )
    return [row.id for row in rows]
