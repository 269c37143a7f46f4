"""An organizer's words to the buyer of an order: which order is meant, and the answer as a fact that others bring."""

from dataclasses import dataclass
from typing import Final

from base import facts
from base.db import Db
from base.secret import Secret
from orders.codes import Codes, read_prefix

LONGEST: Final = 1000  # characters
RECENT: Final = 60 * 86400.0  # seconds in which the first letters of a code name an order
MOST: Final = 9


@dataclass(frozen=True)
class Ordered:
    """An order as an organizer names it: its buyer's name, its total in F CFA."""

    id: int
    code: str
    name: str
    total: int


@dataclass(frozen=True)
class BuyerAnswered:
    """A fact: an organizer has written to the buyer of an order."""

    order_id: int
    words: str


_ORDER: Final = """
select o.id, o.code, coalesce(nullif(p.name, ''), o.recipient) as name, o.total
from "order" o left join contact p on p.id = o.contact_id
"""


def ordered(db: Db, order_id: int) -> Ordered | None:
    """One order, or None."""
    row = db.one(f"{_ORDER} where o.id = %(id)s", id=order_id)
    return Ordered(**row._asdict()) if row else None


def named(db: Db, key: Secret, typed: str) -> tuple[Ordered, ...]:
    """The orders that a code or its first letters name, the newest first; letters alone name those of two months."""
    prefix = read_prefix(typed)
    if prefix is None:
        return ()
    whole = Codes(key).id_of(prefix)
    found = ordered(db, whole) if whole is not None else None
    if found and found.code == prefix:
        return (found,)
    rows = db.rows(
        f"{_ORDER} where o.placed_at > market_now() - make_interval(secs => %(recent)s)"
        " and starts_with(o.code, %(prefix)s) order by o.id desc limit %(most)s",
        recent=RECENT,
        prefix=prefix,
        most=MOST,
    )
    return tuple(Ordered(**row._asdict()) for row in rows)


def answer(db: Db, order_id: int, words: str) -> bool:
    """The words go to its buyer; False when there is no such order."""
    found = ordered(db, order_id)
    if found:
        facts.record(db, BuyerAnswered(order_id, words))
    return found is not None
