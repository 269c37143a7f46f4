"""Delivery reports: kept as they come, folded into the outbox in batches; a status only rises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from base.db import Db
from bot.documents import refusal_from, refusal_to_json
from bot.messages import RANKS, Refused, StatusReport, Watermark

BATCH = 500
MOST_BELOW = 100  # messages that one watermark speaks of: the latest; those before them wait for the next one


@dataclass(frozen=True)
class LateRefusal:
    """A send that the provider took and then could not deliver."""

    outbox_id: int
    refusal: Refused


@dataclass(frozen=True)
class Folded:
    """What one batch did: reports read, and the refusals among them that came true."""

    count: int
    refusals: tuple[LateRefusal, ...]
    announced: tuple[int, ...] = ()  # rows of the outbox that were raised and belong to broadcasts


KEEP = """
insert into status_report (account_id, provider_id, outbox_id, status, rank, refusal)
select %(account)s, p, o, s, r, f::jsonb from unnest(%(told)s::text[], %(outbox)s::bigint[], %(statuses)s::text[],
  %(ranks)s::int[], %(refusals)s::text[]) as x(p, o, s, r, f)
"""


def keep(db: Db, account_id: int, reports: Sequence[StatusReport]) -> None:
    """Insert reports."""
    db.run(KEEP, account=account_id, **columns(reports))


def columns(reports: Sequence[StatusReport]) -> dict[str, list[Any]]:
    """What `KEEP` needs beside the account."""
    return {
        "told": [report.provider_id for report in reports],
        "outbox": [report.outbox_id for report in reports],
        "statuses": [report.status for report in reports],
        "ranks": [RANKS[report.status] for report in reports],
        "refusals": [refusal_to_json(report.failure) for report in reports],
    }


BELOW = """
insert into status_report (account_id, provider_id, outbox_id, status, rank)
select %(account)s, o.provider_id, o.id, w.status, w.rank
from (
  select kind, value, status, rank, max(until) as until
  from unnest(%(kinds)s::text[], %(values)s::text[], %(statuses)s::text[], %(ranks)s::int[], %(untils)s::timestamptz[])
    as x(kind, value, status, rank, until) group by kind, value, status, rank
) w
join identity i on i.account_id = %(account)s and i.kind = w.kind and i.value = w.value
join conversation c on c.account_id = i.account_id and c.contact_id = i.contact_id
cross join lateral (
  select id, provider_id from outbox where conversation_id = c.id and state in ('sent', 'delivered')
    and provider_id is not null and sent_at <= w.until and (state = 'sent' or w.status = 'read')
  order by sent_at desc, id desc limit %(most)s
) o
"""


def keep_watermarks(db: Db, account_id: int, watermarks: Sequence[Watermark]) -> None:
    """Insert a report for each message that a watermark says something new of.

    Nothing is locked, and the same watermark again says the same. A message that is still being sent is left to the
    next one.
    """
    db.run(
        BELOW,
        account=account_id,
        kinds=[mark.to.kind for mark in watermarks],
        values=[mark.to.value for mark in watermarks],
        statuses=[mark.status for mark in watermarks],
        ranks=[RANKS[mark.status] for mark in watermarks],
        untils=[mark.until for mark in watermarks],
        most=MOST_BELOW,
    )


# What is taken is looked for once: `in (select … limit)` may be asked again for each row, which then takes all that is.
# A provider gives an id once: of rows with the same, one is enough.
FOLD = """
with taken as (
  delete from status_report where ctid = any (array(
    select ctid from status_report where due_at <= market_now() order by due_at limit %(limit)s
    for no key update skip locked))
  returning account_id, provider_id, outbox_id, status, rank, refusal, at
), spoken as (
  select t.*, coalesce(t.outbox_id, (select o.id from outbox o
    where o.account_id = t.account_id and o.provider_id = t.provider_id limit 1)) as id from taken t
), locked as (
  select o.id, o.account_id, o.state, o.provider_id as known, case o.state when 'sent' then 2 when 'failed' then 3
    when 'skipped' then 3 when 'delivered' then 4 when 'read' then 5 else 0 end as reached
  from outbox o where o.id = any (array(select id from spoken)) order by o.id for no key update of o
), best as (
  select distinct on (l.id) l.id, s.rank, s.provider_id as told, s.refusal
  from locked l join spoken s using (id, account_id)
  where s.rank > l.reached and case
    -- word of an earlier try, whose failure opened the row again
    when l.state in ('waiting', 'sending', 'uncertain') and l.known = s.provider_id then s.rank > 3
    when s.rank = 3 then l.state in ('sending', 'uncertain')
      or l.state = 'sent' and coalesce(l.known, s.provider_id) = s.provider_id
    else true end
  order by l.id, s.rank desc
), raised as (
  update outbox o set lease_owner = null, lease_until = null,
    provider_id = case when o.state in ('waiting', 'sending', 'uncertain') then b.told
      else coalesce(o.provider_id, b.told) end,
    state = case b.rank when 3 then 'failed' when 4 then 'delivered' when 5 then 'read' else 'sent' end
  from best b where o.id = b.id returning o.id, b.rank, b.refusal, coalesce(o.about ? 'broadcast', false) as announced
), early as (
  insert into status_report (account_id, provider_id, outbox_id, status, rank, refusal, at, due_at)
  select account_id, provider_id, outbox_id, status, rank, refusal, at,
    market_now() + make_interval(secs => %(again)s)
  from spoken s where at > market_now() - make_interval(secs => %(early)s)
    and not exists (select from locked l where l.id = s.id and l.account_id = s.account_id)
  returning 1
)
select (select count(*) from taken) as total, (select coalesce(jsonb_agg(jsonb_build_array(id, refusal)), '[]')
  from raised where rank = 3) as refusals,
  (select coalesce(array_agg(id), '{}') from raised where announced) as announced
"""


def are_due(db: Db) -> bool:
    """Whether there is anything to fold."""
    return bool(db.value("select exists (select from status_report where due_at <= market_now())"))


def fold(db: Db, early: float, again: float, limit: int = BATCH) -> Folded:
    """Raise the outbox rows that up to `limit` reports speak of, in one statement.

    A report that comes before its row's id is known waits `early` seconds at most, looked at every `again` seconds.
    """
    row = db.run(FOLD, limit=limit, early=early, again=again).rows[0]
    refusals = ((outbox_id, refusal_from(document)) for outbox_id, document in row.refusals)
    late = tuple(LateRefusal(outbox_id, r) for outbox_id, r in refusals if r is not None)
    return Folded(row.total, late, tuple(row.announced))
