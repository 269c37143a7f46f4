"""The next few recipients of a broadcast, written into the outbox: never more than it sends in some seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from base.clock import in_lome, now
from base.config import Config
from base.db import Db
from bot import received
from bot.broadcasts import locks, quiet, wording
from bot.broadcasts.drafts import Broadcast
from bot.broadcasts.reach import REACHED
from bot.broadcasts.senders import WINDOW, Sender
from bot.broadcasts.wording import Worded
from bot.received import Received
from bot.texts import FIRST

AHEAD: Final = 5.0  # seconds of an account's rate that wait in the outbox
LEAST, MOST = 20, 1000  # rows
TOO_OLD: Final = timedelta(hours=1)  # unsent until then, a row is taken back
QUEUED = """
select account_id, count(*) as waiting from broadcast_recipient
where broadcast_id = %(id)s and state = 'queued' group by 1
"""
# The person is looked at again: his yes, his week, his chat and its window; the sender looks again at its claim. One
# who cannot be told is settled here. Two broadcasts are fed one after the other, so that nobody gets a third one.
FEED = f"""
with next as materialized ({locks.NEXT}), judged as (
  select n.*, c.account_id, case
      when p.id is null or not p.wants_announcements then 'no_consent'
      when c.id is null then 'no_chat'
      when not %(override_weekly)s and (select count(*) from broadcast_recipient t where t.contact_id = n.contact_id
        and t.broadcast_id <> %(id)s and t.queued_at > market_now() - interval '7 days' and t.state in {REACHED})
        >= %(weekly)s then 'weekly'
      when not w.is_open and not %(has_template)s then 'window_shut'
      else '' end as reason, case when w.is_open then 'free' else 'template' end as way
  from next n left join contact p on p.id = n.contact_id
  left join conversation c on c.id = n.conversation_id and c.contact_id = n.contact_id
  cross join lateral (select
    coalesce(c.last_in_at > market_now() - make_interval(secs => {WINDOW}), false) as is_open) w
), counted as (
  select *, row_number() over (partition by way order by place) as number from judged where reason = ''
), numbered as materialized (
  select *, nextval('said_no') as said from counted
  where way = 'free' or %(room)s::int is null or number <= %(room)s::int order by place
), said as (
  insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, template, about, too_old_at)
  select n.conversation_id, n.account_id, 'bulk', n.said, b.place, b.bubble::jsonb,
    nullif(b.template, '')::jsonb, jsonb_build_object('broadcast', %(id)s::bigint), %(too_old)s
  from numbered n
  join unnest(%(languages)s::text[], %(bubbles)s::text[], %(templates)s::text[], %(sounds)s::text[])
    as l(language, bubble, template, sound)
    on l.language = case when n.language = any(%(languages)s::text[]) then n.language else %(first)s end
  cross join lateral (values (1, l.bubble, l.template), (2, l.sound, '')) as b(place, bubble, template)
  where b.place = 1 or b.bubble <> '' and n.way = 'free'
  order by n.said, b.place
), queued as (
  update broadcast_recipient r set state = 'queued', said_at = n.said, queued_at = market_now(), way = n.way
  from numbered n where r.broadcast_id = %(id)s and r.contact_id = n.contact_id returning 1
), skipped as (
  update broadcast_recipient r set state = 'skipped', reason = j.reason, way = '', settled_at = market_now()
  from judged j where r.broadcast_id = %(id)s and r.contact_id = j.contact_id and j.reason <> '' returning 1
)
select (select count(*) from queued) as queued, (select count(*) from skipped) as skipped
"""
GONE = """
update broadcast_recipient set state = 'skipped', reason = 'no_chat', way = '', settled_at = market_now()
where broadcast_id = %(id)s and state = 'planned' and not account_id = any(%(accounts)s)
"""

LEFT = "select exists (select from broadcast_recipient where broadcast_id = %(id)s and state = 'planned')"


@dataclass(frozen=True)
class Slice:
    """What a broadcast's next rows are written with."""

    found: Broadcast
    words: list[Worded]
    too_old: datetime
    at: datetime


def feed(db: Db, config: Config, found: Broadcast, known: tuple[Sender, ...]) -> int:
    """Fill the outbox up; how many recipients were settled or queued. The caller has the broadcast's lock."""
    waiting = {row.account_id: row.waiting for row in db.rows(QUEUED, id=found.id)}
    short = [(one, _target(one) - waiting.get(one.account_id, 0)) for one in known]
    wanted = [(one, limit) for one, limit in short if limit > 0]
    if not wanted:
        return 0
    piece = _slice(db, config, found)
    return sum(_feed(db, config, piece, one, limit) for one, limit in wanted)


def drop_gone(db: Db, broadcast_id: int, known: tuple[Sender, ...]) -> int:
    """Skip who was to be told by an account that is no longer in the settings; how many."""
    return db.run(GONE, id=broadcast_id, accounts=[one.account_id for one in known]).count


def _target(sender: Sender) -> int:
    rate = sender.rates.sender_per_second * sender.rates.bulk_share
    return min(MOST, max(LEAST, ceil(rate * AHEAD)))


def _slice(db: Db, config: Config, found: Broadcast) -> Slice:
    at = now(db)
    night = quiet.begins_after(config.announcements, at)
    too_old = at + TOO_OLD if found.draft.override_quiet else min(at + TOO_OLD, night)
    attached = found.draft.attached
    address = _address(db, config, found, at)
    image, sound = (address, "") if attached and attached.kind == "image" else ("", address)
    return Slice(found, wording.worded(found.draft.texts, image, sound), too_old, at)


def _address(db: Db, config: Config, found: Broadcast, at: datetime) -> str:
    """Where the attached file is shown; '' where there is none, or no longer."""
    file = _file(db, found)
    return received.link(config, file, at) if file else ""


def _file(db: Db, found: Broadcast) -> Received | None:
    attached = found.draft.attached
    files = received.of_messages(db, [attached.inbox_id]) if attached else []
    kept = (file for file in files if attached and file.place == attached.place and file.state == "kept")
    return next(kept, None)


def is_file_gone(db: Db, found: Broadcast) -> bool:
    """Whether somebody is still to be told what belongs to a file that no longer lies here."""
    if found.draft.attached is None or _file(db, found) is not None:
        return False
    return bool(db.value(LEFT, id=found.id))


def _feed(db: Db, config: Config, piece: Slice, sender: Sender, limit: int) -> int:
    row = db.run(
        FEED,
        id=piece.found.id,
        account=sender.account_id,
        today=in_lome(piece.at).date(),
        limit=limit,
        override_weekly=piece.found.draft.override_weekly,
        weekly=config.announcements.weekly,
        has_template=sender.has_template,
        room=max(0, sender.most_a_day - sender.used) if sender.most_a_day else None,
        too_old=piece.too_old,
        languages=[one.language for one in piece.words],
        bubbles=[one.bubble for one in piece.words],
        templates=[one.template for one in piece.words],
        sounds=[one.sound for one in piece.words],
        first=FIRST,
    ).rows[0]
    return int(row.queued + row.skipped)
