"""Who may not buy, ask nor book: blocked by an organizer, told once, and heard no further until he is unblocked.

News of his open orders goes on, and what the law gives everybody: to stop, to see his orders and what is kept of him,
to have it erased (bot/routing.py). A block is a row that is kept, with who set and who ended it.
"""

from typing import Final, Literal

from base.db import Db
from bot import locks
from catalog import barring

LONGEST: Final = 300  # characters of why
Blocked = Literal["blocked", "before", "has_role"]


def block(db: Db, contact_id: int, why: str, by: int) -> Blocked:
    """He is heard no further. `has_role`: his right is taken first. Raises Alone in a batch when he is busy."""
    locks.contact(db, contact_id)
    held = "select exists (select from role where contact_id = %(id)s and suspended_at is null)"
    if db.value(held, id=contact_id):
        return "has_role"
    made = db.run(
        "insert into block (contact_id, why, blocked_by) values (%(id)s, %(why)s, %(by)s) on conflict do nothing",
        id=contact_id,
        why=" ".join(why.split())[:LONGEST],
        by=by,
    )
    return "blocked" if made.count else "before"


def unblock(db: Db, contact_id: int, by: int) -> bool:
    """He is heard again. False: he was not blocked. Raises Alone in a batch when he is busy."""
    locks.contact(db, contact_id)
    ended = db.run(
        "update block set ended_at = market_now(), ended_by = %(by)s where contact_id = %(id)s and ended_at is null",
        id=contact_id,
        by=by,
    )
    return ended.count > 0


def is_blocked(db: Db, contact_id: int) -> bool:
    """Whether he is blocked now."""
    found = "select exists (select from block where contact_id = %(id)s and ended_at is null)"
    return bool(db.value(found, id=contact_id))


def forget_person(db: Db, contact_id: int) -> int:
    """An eraser: his blocks, those of shops too, and whom he has blocked as somebody else's decision; how many."""
    own = db.run("delete from block where contact_id = %(id)s", id=contact_id).count
    own += barring.forget_person(db, contact_id)
    db.run("update block set blocked_by = null where blocked_by = %(id)s", id=contact_id)
    db.run("update block set ended_by = null where ended_by = %(id)s", id=contact_id)
    return own
