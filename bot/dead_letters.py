"""Messages that failed for good: listed for operators, taken again when the fault is mended."""

from collections.abc import Sequence

from base.db import Db
from base.statements import Rows


def listed(db: Db, limit: int = 1000) -> Rows:
    """(id, conversation_id, received_at, attempts, error) of dead messages, newest first; no words of a person."""
    return db.rows(
        "select id, conversation_id, received_at, attempts, error from inbox where state = 'dead'"
        " order by id desc limit %(limit)s",
        limit=limit,
    )


def take_again(db: Db, inbox_ids: Sequence[int]) -> int:
    """Open dead messages once more, with all their tries; returns how many were dead.

    Each failed by itself, so each is due at once: it joins no neighbour.
    """
    return db.run(
        "update inbox set state = 'open', attempts = 0, due_at = received_at, done_at = null"
        " where id = any(%(ids)s) and state = 'dead'",
        ids=list(inbox_ids),
    ).count
