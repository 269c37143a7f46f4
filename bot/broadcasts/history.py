"""Who decided what of a broadcast, and when: lines that are written and never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from base.db import Db, jsonb


def note(
    db: Db, broadcast_id: int, fact: str, contact_id: int | None = None, details: Mapping[str, Any] | None = None
) -> None:
    """Write a line of a broadcast's history; None: a job did it, or an operator."""
    db.run(
        "insert into broadcast_history (broadcast_id, fact, contact_id, details)"
        " values (%(id)s, %(fact)s, %(by)s, %(details)s)",
        id=broadcast_id,
        fact=fact,
        by=contact_id,
        details=jsonb(dict(details or {})),
    )


def history(db: Db, broadcast_id: int) -> list[tuple[datetime, str, int | None, Mapping[str, Any]]]:
    """What was decided: (when, fact, by whom, details), oldest first."""
    rows = db.rows(
        "select at, fact, contact_id, details from broadcast_history where broadcast_id = %(id)s order by id",
        id=broadcast_id,
    )
    return [(row.at, row.fact, row.contact_id, row.details) for row in rows]
