"""Recipients are forgotten: with their person, and when what became of a broadcast is long past; its counts stay."""

from typing import Final

from base.db import Db
from bot.broadcasts import sending
from bot.broadcasts.locks import OLD_DRAFTS, OVER

FIND: Final = f"""
with over as ({OVER})
select r.broadcast_id, r.contact_id from over cross join lateral (
  select broadcast_id, contact_id from broadcast_recipient where broadcast_id = over.id
  order by contact_id limit %(limit)s) r
limit %(limit)s
"""
# What goes is added up as it goes: a step is as long as what it takes out, however many a broadcast was for.
DROP: Final = """
with gone as (
  delete from broadcast_recipient r
  using unnest(%(broadcasts)s::bigint[], %(contacts)s::bigint[]) as f(broadcast, contact)
  where r.broadcast_id = f.broadcast and r.contact_id = f.contact returning r.broadcast_id, r.state
), told as (
  select broadcast_id, state, count(*) as people from gone group by 1, 2
), summed as (
  select b.id, jsonb_object_agg(t.state, t.people + coalesce((b.counts->>t.state)::bigint, 0)) as counts
  from told t join broadcast b on b.id = t.broadcast_id group by b.id
)
update broadcast b set counts = coalesce(b.counts, '{}') || s.counts from summed s where b.id = s.id
"""
DROP_DRAFTS: Final = f"""
with old as ({OLD_DRAFTS}), lines as (
  delete from broadcast_history h using old where h.broadcast_id = old.id
)
delete from broadcast b using old where b.id = old.id
"""


def forget_old(db: Db, kept: float, limit: int) -> int:
    """A step: who was told what, `kept` seconds after the end of a broadcast, whose counts stay; how many rows went.

    One that was halted and that nobody has touched for so long is given up first; a draft goes whole, with its words.
    """
    sending.give_up_old(db, kept, limit)
    drafts = db.run(DROP_DRAFTS, kept=kept, limit=limit).count
    found = db.rows(FIND, kept=kept, limit=max(1, limit - drafts))
    if found:
        db.run(DROP, broadcasts=[row.broadcast_id for row in found], contacts=[row.contact_id for row in found])
    return drafts + len(found)


def forget_person(db: Db, contact_id: int) -> int:
    """Nobody knows any more what this person was announced; how many rows that were."""
    return db.run("delete from broadcast_recipient where contact_id = %(id)s", id=contact_id).count
