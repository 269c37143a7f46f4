"""Who may what in a shop: the one place that says so.

A helper keeps the stock and answers orders; what is sold at which price, when, where to and who is paid is the owner's.
"""

from collections.abc import Mapping
from typing import Final, Literal

from base.db import Db
from bot.turn import Turn

Right = Literal[
    "orders",  # accept, refuse, prepare, hand over, deliver, take back, answer a buyer's question
    "stock",  # count, receive, take away, out of stock and back
    "opening",  # close for now and open again
    "photos",
    "goods",  # new ones, and those that are sold no longer
    "prices",
    "promotions",
    "hours",
    "settings",  # what the shop is told by itself, and small changes at once
    "zones",
    "helpers",
    "payout",
]
Holder = Literal["owner", "helper"]
BOTH: Final[frozenset[Holder]] = frozenset({"owner", "helper"})
OWNER: Final[frozenset[Holder]] = frozenset({"owner"})
RIGHTS: Final[Mapping[Right, frozenset[Holder]]] = {
    "orders": BOTH,
    "stock": BOTH,
    "opening": BOTH,
    "photos": BOTH,
    "goods": OWNER,
    "prices": OWNER,
    "promotions": OWNER,
    "hours": OWNER,
    "settings": OWNER,
    "zones": OWNER,
    "helpers": OWNER,
    "payout": OWNER,
}


def shops(turn: Turn, right: Right) -> tuple[int, ...]:
    """The shops in which the person of a turn may do this; every step that writes looks only there."""
    return turn.person.vendor_ids if "helper" in RIGHTS[right] else turn.person.owned_ids


def may(turn: Turn, right: Right, vendor_id: int | None = None) -> bool:
    """Whether he may do this in that shop; without one, in any of his."""
    allowed = shops(turn, right)
    return bool(allowed) if vendor_id is None else vendor_id in allowed


def owners(db: Db, vendor_id: int) -> tuple[str, ...]:
    """The names of those who own a shop, the longest owner first; a name that nobody told is left out."""
    rows = db.rows(
        "select p.name from role r join contact p on p.id = r.contact_id"
        " where r.vendor_id = %(vendor)s and r.role = 'vendor' and r.suspended_at is null order by r.id",
        vendor=vendor_id,
    )
    return tuple(row.name for row in rows if row.name)
