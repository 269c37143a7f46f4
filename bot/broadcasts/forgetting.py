"""Recipients are forgotten: with their person, and when what became of a broadcast is long past; its counts stay."""

from typing import Final

from base.db import Db

SUM: Final = """
update broadcast b set counts = coalesce((select jsonb_object_agg(state, people) from (
    select state, count(*) as people from broadcast_recipient where broadcast_id = b.id group by 1) c), '{}')
where b.counts is null and b.id in (select id from broadcast where counts is null
    and ended_at < market_now() - make_interval(secs => %(kept)s) order by id limit 1)
"""
DROP: Final = """
delete from broadcast_recipient where (broadcast_id, contact_id) in (
  select r.broadcast_id, r.contact_id from broadcast b join broadcast_recipient r on r.broadcast_id = b.id
  where b.counts is not null limit %(limit)s)
"""


def forget_old(db: Db, kept: float, limit: int) -> int:
    """A job: who was told what, `kept` seconds after the end of a broadcast, whose counts stay; how many rows went."""
    db.run(SUM, kept=kept)
    return db.run(DROP, limit=limit).count


def forget_person(db: Db, contact_id: int) -> int:
    """Nobody knows any more what this person was announced; how many rows that were."""
    return db.run("delete from broadcast_recipient where contact_id = %(id)s", id=contact_id).count
