"""The one reminder of a basket that was filled and left: when it is due, and whose it is."""

from datetime import datetime
from typing import Final

from base import facts
from base.db import Db
from orders import locks
from orders.facts import BasketForgotten

AFTER: Final = 20 * 3600  # seconds after the person's last message: the provider's window is open for four hours more
LATEST: Final = 23 * 3600  # seconds after it: a reminder later than that may meet a shut window

# A moment that is never in the night: one that would fall between 21 h and 7 h is half past eight the evening before.
# Lomé keeps UTC all year (reference: IANA, Africa/Lome is a link to Africa/Abidjan).
_BY_DAY: Final = """case when ({moment} at time zone 'UTC')::time between '07:00' and '20:59:59.999999'
    then {moment} else (date_trunc('day', {moment} at time zone 'UTC' - interval '7 hours')
    + interval '20 hours 30 minutes') at time zone 'UTC' end"""
_DUE: Final = _BY_DAY.format(moment="(market_now() + make_interval(secs => %(after)s))")
_DUE_SINCE: Final = _BY_DAY.format(moment="(%(last)s::timestamptz + make_interval(secs => %(after)s))")


def touch(db: Db, basket_id: int) -> None:
    """A basket was changed by its person: it is remembered from now, unless it was once or nothing is left in it."""
    db.run(_TOUCH, basket=basket_id, after=AFTER)


TOUCHED: Final = f"""
touched as (
    update basket set touched_at = market_now() where id = %(basket)s returning id
), reminded as (
    insert into basket_reminder as r (basket_id, due_at) select id, {_DUE} from touched
    on conflict (basket_id) do update set due_at = excluded.due_at where r.reminded_at is null
)
"""
_TOUCH: Final = f"with {TOUCHED} select from touched"


# a basket was emptied or ordered: what is put into it next is another basket
FORGET = "delete from basket_reminder where basket_id = %(id)s"


def find_forgotten(db: Db, limit: int) -> int:
    """For a job: tell of up to `limit` free baskets whose reminder is due, locked; who hears of it settles each."""
    rows = db.rows(_FORGOTTEN, ids=locks.baskets_to_remind_of(db, limit))
    for row in rows:
        facts.record(db, BasketForgotten(row.id, row.contact_id, row.lines, row.goods))
    return len(rows)


_FORGOTTEN = """
select b.id, b.contact_id, count(l.id) as lines,
    coalesce(sum(coalesce(l.amount_seen, l.price_seen * l.quantity)), 0)::int as goods
from basket b left join basket_line l on l.basket_id = b.id where b.id = any(%(ids)s) group by b.id order by b.id
"""


def settle(db: Db, basket_id: int, *, is_reminded: bool) -> None:
    """Its reminder was said, or never will be."""
    db.run(
        "update basket_reminder set due_at = null, reminded_at = case when %(said)s then market_now() end"
        " where basket_id = %(id)s",
        id=basket_id,
        said=is_reminded,
    )


def put_off(db: Db, basket_id: int, last_in_at: datetime) -> bool:
    """Whether its person wrote so lately that it is not due yet; it waits until it is."""
    return bool(
        db.run(
            f"update basket_reminder set due_at = {_DUE_SINCE}"
            f" where basket_id = %(id)s and {_DUE_SINCE} > market_now()",
            id=basket_id,
            last=last_in_at,
            after=AFTER,
        ).count
    )


def may_be_said(db: Db, last_in_at: datetime) -> bool:
    """Whether it is day in Lomé, and early enough for the provider's window."""
    return bool(
        db.value(
            "select (market_now() at time zone 'UTC')::time between '07:00' and '20:59:59.999999'"
            " and market_now() <= %(last)s::timestamptz + make_interval(secs => %(latest)s)",
            last=last_in_at,
            latest=LATEST,
        )
    )
