"""Row locks of broadcasts, as the first part of the statements that write what they lock.

A broadcast itself is locked by bot.locks; behind it its rows of the outbox, which are skipped where somebody is at
them, and its recipients in their order.
"""

from typing import Final

# A recipient's row of the outbox, looked for with a limit: a plan that was made while nobody was told anything would
# else look through all that waits for each of them.
OWN: Final = "cross join lateral (select state, error from outbox where said_at = r.said_at and place = 1 limit 1) o"
NEXT: Final = """
  select contact_id, conversation_id, language, place from broadcast_recipient
  where broadcast_id = %(id)s and account_id = %(account)s and state = 'planned' and slice_on <= %(today)s
  order by place limit %(limit)s for no key update skip locked
"""
# {said}: what the row of the outbox says of its recipient, as columns
ENDED: Final = f"""
  select r.broadcast_id, r.contact_id, {{said}}
  from broadcast_recipient r {OWN}
  where r.broadcast_id = %(id)s and r.state = 'queued' and o.state not in ('waiting', 'sending', 'uncertain')
  order by r.contact_id for no key update of r
"""
SPOKEN: Final = f"""
  select r.broadcast_id, r.contact_id, {{said}}
  from broadcast_recipient r {OWN}
  where r.said_at = any(array(select said_at from outbox where id = any(%(ids)s) and place = 1))
    and r.state <> 'planned'
  order by r.broadcast_id, r.contact_id for no key update of r
"""
UNTOLD: Final = f"""
  select r.broadcast_id, r.contact_id, {{said}}
  from broadcast b join broadcast_recipient r on r.broadcast_id = b.id and r.state in ('sent', 'delivered')
  {OWN}
  where o.state <> r.state and b.started_at is not null
    and (b.ended_at is null or b.ended_at > market_now() - interval '3 days')
  order by r.broadcast_id, r.contact_id limit %(limit)s for no key update of r skip locked
"""
# what its provider has put off for so long that it is told nobody today
PUT_OFF: Final = """
  select o.id, o.said_at, o.error from outbox o
  where o.place = 1 and o.state = 'waiting' and o.attempts > 0
    and o.due_at > market_now() + make_interval(secs => %(patience)s)
    and (select r.contact_id from broadcast_recipient r
      where r.said_at = o.said_at and r.broadcast_id = %(id)s and r.state = 'queued' limit 1) is not null
  order by o.id for no key update of o skip locked
"""
UNCLAIMED: Final = """
  select o.id from outbox o where o.said_at = any(array(
      select said_at from broadcast_recipient where broadcast_id = %(id)s and state = 'queued'))
    and o.state = 'waiting'
  order by o.id for no key update of o skip locked
"""
# what is long over, and of whose recipients some are left
OVER: Final = """
  select b.id from broadcast b
  where b.state in ('done', 'cancelled') and b.ended_at < market_now() - make_interval(secs => %(kept)s)
    and (select r.broadcast_id from broadcast_recipient r where r.broadcast_id = b.id limit 1) is not null
  order by b.id for no key update skip locked
"""
# what was halted, and what nobody agreed to: for so long nobody has touched it
HALTED: Final = """
  select id from broadcast
  where state in ('paused', 'stopped') and ended_at < market_now() - make_interval(secs => %(kept)s)
  order by id limit %(limit)s for no key update skip locked
"""
OLD_DRAFTS: Final = """
  select b.id from broadcast b
  where b.state = 'draft' and b.made_at < market_now() - make_interval(secs => %(kept)s)
    and not exists (select from broadcast_history h
      where h.broadcast_id = b.id and h.at >= market_now() - make_interval(secs => %(kept)s))
  order by b.id limit %(limit)s for no key update skip locked
"""
