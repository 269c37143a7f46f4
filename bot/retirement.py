"""What has become old: bubbles nobody needs any more, and people who no longer write (for rows: bot/retention.py)."""

from base.db import Db
from base.timing import Timing
from bot import aftermath, locks, outbox, verdicts
from bot.outbox import Lease

BATCH = 1000


def retire_bubbles(db: Db, owner: str, timing: Timing, limit: int = 100) -> int:
    """A job: waiting rows whose time is over are settled; notices become the organizers' business. Returns how many."""
    claimed = outbox.claim_old(db, Lease(owner, timing.lease, timing.uncertain_most), limit)
    judged = [(row, verdicts.too_old(row)) for row in claimed]
    outbox.settle(db, owner, [verdict.settlement for _, verdict in judged])
    aftermath.follow(db, [(row, verdict.aftermath) for row, verdict in judged])
    return len(claimed)


INACTIVE = """
with walked as (
  select unnest(%(ids)s::bigint[]) as id
), silent as (
  select w.id from walked w join contact p on p.id = w.id
  where p.made_at < market_now() - make_interval(secs => case when exists (select from identity i
      where i.contact_id = w.id and i.kind <> 'comment') then %(silence)s::float8 else %(kept)s::float8 end)
    and exists (select from identity i where i.contact_id = w.id)
    and not exists (select from conversation c where c.contact_id = w.id
      and c.last_in_at > market_now() - make_interval(secs => %(silence)s))
    and not exists (select from identity i where i.contact_id = w.id and i.kind = 'comment'
      and i.made_at > market_now() - make_interval(secs => %(kept)s))
    and not exists (select from role r where r.contact_id = w.id)
), comments as (
  delete from identity i using walked w where i.contact_id = w.id and i.kind = 'comment'
    and i.made_at < market_now() - make_interval(secs => %(kept)s)
    and exists (select from identity o where o.contact_id = w.id and o.kind <> 'comment')
), answered as (
  delete from comment_reply r using walked w where r.contact_id = w.id
    and r.at < market_now() - make_interval(secs => %(kept)s)
), came as (
  delete from source s using walked w where s.contact_id = w.id
    and s.at < market_now() - make_interval(secs => %(kept)s)
    and exists (select from source o where o.contact_id = w.id and o.id < s.id)
    and exists (select from source o where o.contact_id = w.id and o.id > s.id)
), asked as (
  insert into erasure (contact_id, why, due_at) select id, 'inactive', market_now() from silent
  on conflict (contact_id) where kept_at is null and erased_at is null do nothing
)
select
"""


def retire_people(db: Db, timing: Timing, after: int, limit: int = BATCH) -> int:
    """A job: have buyers erased who have not written for 24 months, of the next `limit` contacts after an id.

    Who is known by public comments alone is erased 90 days after the last of them. Of the others such comments go then,
    and what brought them between the first time and the last.

    Who is in a turn is left for the next walk. Returns the last id it looked at, 0 at the end. It walks along the
    primary key, a window a time: an index by the last message would be written anew by every message, for a question
    that is asked once in two years.
    """
    ids = locks.free_contacts(db, after, limit)
    db.run(INACTIVE, ids=ids, silence=timing.inactive_profile, kept=timing.chat_kept)
    return ids[-1] if ids else 0
