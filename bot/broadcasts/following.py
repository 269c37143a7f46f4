"""What became of recipients: read from the outbox in batches, and judged while a broadcast goes on."""

from collections.abc import Sequence
from typing import Final, Literal

from base.db import Db
from bot.broadcasts import locks
from bot.outbox import TEMPLATE_WAITS

FIRST, FIRST_BAD = 200, 10  # of so many at the start of a run, above so many hard errors it is too many: 5 %
LAST, LAST_BAD = 1000, 50  # and of the latest
PATIENCE: Final = 1800  # seconds
SPAM: Final = "busy 131048"
# What a row of the outbox says of its recipient. What was taken back unsent, or too late for today, is planned again.
STATE: Final = """
case when o.state in ('waiting', 'sending', 'uncertain') then 'queued'
  when o.state = 'skipped' and o.error = 'too old' then 'planned'
  when o.state = 'failed' and o.error in ('answer lost', 'answer lost again', 'lease ran out') then 'uncertain'
  else o.state end
"""
WHY: Final = """
case when o.state = 'skipped' and o.error = 'too old' then ''
  when o.state = 'skipped' and o.error = 'not wanted' then 'no_consent'
  when o.state = 'skipped' and o.error like 'window%%' then 'window_shut'
  when o.state in ('failed', 'skipped') then coalesce(o.error, '') else '' end
"""
# `told` are recipients with what their rows say
RAISE: Final = """
update broadcast_recipient r set state = t.state, reason = t.reason,
  said_at = case when t.state = 'planned' then null else r.said_at end,
  queued_at = case when t.state = 'planned' then null else r.queued_at end,
  settled_at = case when t.state in ('planned', 'queued') then null
    when r.state = 'queued' or t.state = 'failed' then market_now() else r.settled_at end
from told t where r.broadcast_id = t.broadcast_id and r.contact_id = t.contact_id and r.state <> t.state
"""
SAID: Final = f"{STATE} as state, {WHY} as reason"
FOLD = f"with told as ({locks.ENDED.format(said=SAID)}) {RAISE}"
FOLLOW = f"with told as ({locks.SPOKEN.format(said=SAID)}) {RAISE}"
HEAL = f"with told as ({locks.UNTOLD.format(said=SAID)}) {RAISE}"
GIVE_UP = f"""
with put_off as ({locks.PUT_OFF}), gone as (
  delete from outbox o using put_off p where o.said_at = p.said_at and o.state = 'waiting' returning o.said_at
)
update broadcast_recipient r set state = 'failed', reason = p.error, settled_at = market_now()
from put_off p where r.broadcast_id = %(id)s and r.said_at = p.said_at
"""
# The first are those that were written first, whenever it is told what became of them: mostly a report tells it later.
JUDGED: Final = """
select first.bad as first_bad, last.bad as last_bad, last.total as last_total from broadcast b
cross join lateral (select count(*) filter (where state = 'failed') as bad from (
  select state from broadcast_recipient
  where broadcast_id = b.id and queued_at >= b.run_at and state <> 'skipped'
  order by queued_at, place limit %(first)s) f) first
cross join lateral (select count(*) filter (where state = 'failed') as bad, count(*) as total from (
  select state from broadcast_recipient
  where broadcast_id = b.id and settled_at >= b.run_at and state <> 'skipped'
  order by settled_at desc limit %(last)s) l) last
where b.id = %(id)s
"""


def fold(db: Db, broadcast_id: int) -> int:
    """Recipients whose rows of the outbox have ended learn it; how many. The caller has the broadcast's lock."""
    return db.run(FOLD, id=broadcast_id).count


def give_up(db: Db, broadcast_id: int) -> int:
    """Whom the provider puts off for long, as who has had his day's marketing, is not told; how many.

    The caller has the broadcast's lock.
    """
    return db.run(GIVE_UP, id=broadcast_id, patience=PATIENCE).count


def put_off_for_all(db: Db, broadcast_id: int) -> Literal["template", "restricted", ""]:
    """Why none of its rows can go, where one of them waits for that.

    template: its template is paused or not approved. restricted: the provider calls this number a source of spam: more
    announcements make it worse (channels.md §2.10).
    """
    errors = db.rows(
        f"select distinct o.error from broadcast_recipient r {locks.OWN}"
        " where r.broadcast_id = %(id)s and r.state = 'queued' and o.state = 'waiting' and o.error = any(%(errors)s)",
        id=broadcast_id,
        errors=[TEMPLATE_WAITS, SPAM],
    )
    found = {row.error for row in errors}
    if TEMPLATE_WAITS in found:
        return "template"
    return "restricted" if SPAM in found else ""


def follow(db: Db, outbox_ids: Sequence[int]) -> int:
    """What delivery reports said of these rows reaches their recipients; one that is tried again is queued again.

    In a transaction of its own: recipients are locked behind a broadcast, and before people and the organizers' list.
    """
    return db.run(FOLLOW, ids=list(outbox_ids)).count if outbox_ids else 0


def heal(db: Db, limit: int) -> int:
    """A job: recipients of the last days learn what a process that ended amid two transactions left untold."""
    return db.run(HEAL, limit=limit).count


def has_too_many_errors(db: Db, broadcast_id: int) -> bool:
    """Whether above 5 % were refused for good: of the first 200 since it was begun or resumed, or of the last 1,000.

    The first are those that went first, and a report may tell of them long after; the last are those of whom something
    was told last. Of a few hundred a window that moves on would sooner or later hold too many by chance.
    """
    told = db.one(JUDGED, id=broadcast_id, first=FIRST, last=LAST)
    return bool(told and (told.first_bad > FIRST_BAD or (told.last_total == LAST and told.last_bad > LAST_BAD)))
