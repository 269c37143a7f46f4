"""The only row locks of the catalog: shops, adjustments, stock and products, each in id order."""

from collections.abc import Iterable

from base.db import Db, Rows


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


def stocks(db: Db, stock_ids: Iterable[int]) -> None:
    """Lock these stock rows until the transaction ends; comes after the locks of basket and order.

    Raises Alone in a batch when one of them is busy.
    """
    wanted = sorted(set(stock_ids))
    if wanted:
        db.lock(
            "select id from stock where id = any(%(ids)s) order by id for no key update",
            expected=len(wanted),
            ids=wanted,
        )


def adjustment(db: Db, adjustment_id: int) -> None:
    """Lock a vendor's adjustment until the transaction ends; comes before the locks of stock and products."""
    db.lock("select id from adjustment where id = %(id)s order by id for no key update", expected=1, id=adjustment_id)


def products(db: Db, product_ids: Iterable[int]) -> None:
    """Lock these products until the transaction ends; comes after the locks of stock."""
    wanted = sorted(set(product_ids))
    if wanted:
        db.lock(
            "select id from product where id = any(%(ids)s) order by id for no key update",
            expected=len(wanted),
            ids=wanted,
        )
