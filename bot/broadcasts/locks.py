"""Row locks of broadcasts, as the first part of the statements that write what they lock.

A broadcast itself is locked by bot.locks; behind it its rows of the outbox, which are skipped where somebody is at
them, and its recipients in their order.
"""

from typing import Final

NEXT: Final = """
  select contact_id, conversation_id, language, place from broadcast_recipient
  where broadcast_id = %(id)s and account_id = %(account)s and state = 'planned' and slice_on <= %(today)s
  order by place limit %(limit)s for no key update skip locked
"""
# {said}: what the row of the outbox says of its recipient, as columns
ENDED: Final = """
  select r.broadcast_id, r.contact_id, {said}
  from broadcast_recipient r join outbox o on o.said_at = r.said_at and o.place = 1
  where r.broadcast_id = %(id)s and r.state = 'queued' and o.state not in ('waiting', 'sending', 'uncertain')
  order by r.contact_id for no key update of r
"""
SPOKEN: Final = """
  select r.broadcast_id, r.contact_id, {said}
  from outbox o join broadcast_recipient r on r.said_at = o.said_at
  where o.id = any(%(ids)s) and o.place = 1 and r.state <> 'planned'
  order by r.broadcast_id, r.contact_id for no key update of r
"""
UNTOLD: Final = """
  select r.broadcast_id, r.contact_id, {said}
  from broadcast b join broadcast_recipient r on r.broadcast_id = b.id and r.state in ('sent', 'delivered')
  join outbox o on o.said_at = r.said_at and o.place = 1 and o.state <> r.state
  where b.started_at is not null and (b.ended_at is null or b.ended_at > market_now() - interval '3 days')
  order by r.broadcast_id, r.contact_id limit %(limit)s for no key update of r skip locked
"""
# what its provider has put off for so long that it is told nobody today
PUT_OFF: Final = """
  select o.id, o.said_at, o.error from broadcast_recipient r join outbox o on o.said_at = r.said_at and o.place = 1
  where r.broadcast_id = %(id)s and r.state = 'queued' and o.state = 'waiting' and o.attempts > 0
    and o.due_at > market_now() + make_interval(secs => %(patience)s)
  order by o.id for no key update of o skip locked
"""
UNCLAIMED: Final = """
  select o.id from broadcast_recipient r join outbox o on o.said_at = r.said_at
  where r.broadcast_id = %(id)s and r.state = 'queued' and o.state = 'waiting'
  order by o.id for no key update of o skip locked
"""
