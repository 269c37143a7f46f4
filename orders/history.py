"""What happened to an order, row by row, never changed afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from base.db import Db, jsonb
from catalog.stock import Cause


def write(
    db: Db, parts: Sequence[tuple[int, int]], fact: str, by: Cause, details: Mapping[str, Any] | None = None
) -> None:
    """Say that `fact` happened to these parts, each (order id, vendor order id); `details` holds words of ours only."""
    db.run(
        "insert into order_history (order_id, vendor_order_id, fact, contact_id, inbox_id, details)"
        " select part.*, %(fact)s, %(contact)s::bigint, %(inbox)s::bigint, %(details)s::jsonb"
        " from unnest(%(orders)s::bigint[], %(parts)s::bigint[]) as part",
        orders=[order_id for order_id, _ in parts],
        parts=[part_id for _, part_id in parts],
        fact=fact,
        contact=by.contact_id,
        inbox=by.inbox_id,
        details=jsonb(dict(details or {})),
    )
