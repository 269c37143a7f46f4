"""What is true of broadcasts and the outbox at every moment."""

from typing import Final

from base.invariants import Invariant

QUEUED: Final = Invariant(
    "who_is_queued_has_his_announcement",
    """
select 'broadcast_recipient ' || r.broadcast_id || ' ' || r.contact_id as row, 'is queued without a bubble' as says
from broadcast_recipient r where r.state = 'queued'
  and not exists (select from outbox o where o.said_at = r.said_at and o.place = 1)
""",
)
PLANNED: Final = Invariant(
    "who_is_planned_has_no_announcement",
    """
select 'outbox ' || o.id as row, 'waits for a recipient who is planned again' as says
from outbox o where o.state = 'waiting' and o.kind = 'bulk' and o.about ? 'broadcast' and o.place = 1
  and (select r.broadcast_id from broadcast_recipient r where r.said_at = o.said_at limit 1) is null
""",
)
INVARIANTS: Final = (QUEUED, PLANNED)
