"""A broadcast's recipients, each once, written by one statement when its time has come."""

from datetime import datetime

from base.clock import in_lome
from base.config import Config
from base.db import Db
from bot.broadcasts import drafts
from bot.broadcasts.counting import room_of
from bot.broadcasts.reach import query
from bot.broadcasts.senders import senders

# Who is outside of his window goes on the day that his account's tier has room; of one day first those whose windows
# are open, the one that shuts soonest before all.
PLAN = """
with {parts}, numbered as (
  select *, case when reason = '' and way = 'template' and tier > 0 then row_number() over (
    partition by account_id, reason, way order by last_in_at desc nulls last, contact_id) end as number from found
), sliced as (
  select n.*, case when n.number is null or n.number <= r.room then 0
    else 1 + ((n.number - r.room - 1) / n.tier)::int end as slice
  from numbered n left join unnest(%(accounts)s::bigint[], %(rooms)s::int[]) r(account_id, room) using (account_id)
)
insert into broadcast_recipient
  (broadcast_id, contact_id, account_id, conversation_id, language, place, state, way, reason, slice_on, settled_at)
select %(id)s, contact_id, account_id, conversation_id, language,
  row_number() over (order by reason <> '', slice, way, last_in_at, contact_id),
  case when reason = '' then 'planned' else 'skipped' end, case when reason = '' then way else '' end, reason,
  case when reason = '' then %(first)s::date + slice end, case when reason = '' then null else market_now() end
from sliced
on conflict do nothing
"""


def plan(db: Db, config: Config, broadcast_id: int, at: datetime) -> int:
    """Write a row for everybody of the audience, those who cannot be told with the reason; how many can.

    `at` is when it begins. A person with two chats is told in one: where his window is open, else where he wrote last.
    Who is planned already stays as he is. The caller has the broadcast's lock.
    """
    found = drafts.read(db, broadcast_id)
    if found is None:
        raise LookupError("no such broadcast")
    draft = found.draft
    known = senders(db, config, draft.audience.channel)
    rules = config.announcements
    parts, values = query(draft.audience, known, rules, override_weekly=draft.override_weekly)
    rooms = [room_of(one, at, at) if one.most_a_day else 0 for one in known]
    first = in_lome(at).date()
    db.run(PLAN.format(parts=parts), id=broadcast_id, rooms=rooms, first=first, **values)
    left = "select count(*) from broadcast_recipient where broadcast_id = %(id)s and state = 'planned'"
    return int(db.value(left, id=broadcast_id))


def drop(db: Db, broadcast_id: int) -> None:
    """Of a broadcast that is not begun after all nobody is planned: whom it reaches is looked at again.

    In the transaction of its `plan`, so that nobody else has seen them.
    """
    db.run("delete from broadcast_recipient where broadcast_id = %(id)s", id=broadcast_id)
