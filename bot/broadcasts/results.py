"""What became of a broadcast: while it goes on, and at its end with what people did then."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from base.clock import in_lome, now
from base.config import Announcements, Config
from base.db import Db
from bot.broadcasts import drafts, quiet
from bot.broadcasts.drafts import State
from bot.texts import FIRST, has

WITHIN: Final = 72  # hours in which what people do afterwards is counted
STATES: Final = ("planned", "queued", "sent", "delivered", "read", "failed", "skipped", "uncertain")
OPEN: Final = ("planned", "queued")
PACE: Final = 60  # seconds over which the pace is taken
USUAL: Final = 56.0  # recipients a second while there is no pace yet
NOT_SOLD: Final = ("refused", "cancelled", "expired", "returned")


@dataclass(frozen=True)
class Progress:
    """Where a broadcast stands. `counts` are recipients by state: planned, queued, sent, delivered, read, failed,
    skipped, uncertain; `done_at` is when it will be done at this pace, None when nobody can tell; `next_on` the day of
    its next slice, when today's is done."""

    state: State
    pause_reason: str
    counts: Mapping[str, int]
    total: int
    left: int
    done_at: datetime | None
    next_on: date | None


@dataclass(frozen=True)
class OfVendor:
    """What recipients ordered of one shop within 72 h: orders, and F CFA of goods."""

    vendor_id: int
    name: str
    orders: int
    amount: int


@dataclass(frozen=True)
class Result:
    """How it ended: `reasons` are people who were skipped, failed or are uncertain, by the tail of a text key
    `broadcast.why.<reason>`; replies, opt-outs and orders (F CFA of goods) within 72 h of who was told."""

    counts: Mapping[str, int]
    reasons: Mapping[str, int]
    replies: int
    opt_outs: int
    orders: int
    amount: int
    vendors: Sequence[OfVendor]


COUNTED = "select state, count(*) as people from broadcast_recipient where broadcast_id = %(id)s group by 1"
LEFT = """
select slice_on, count(*) as people from broadcast_recipient
where broadcast_id = %(id)s and state in ('planned', 'queued') group by 1 order by 1
"""
SETTLED = """
select count(*) from broadcast_recipient
where broadcast_id = %(id)s and settled_at > market_now() - make_interval(secs => %(seconds)s) and state <> 'skipped'
"""
REASONS = """
select case when state = 'uncertain' then 'uncertain' else split_part(reason, ' ', 1) end as reason, count(*) as people
from broadcast_recipient where broadcast_id = %(id)s and state in ('failed', 'skipped', 'uncertain') group by 1
"""
# who was told, from when on, until when what he does counts
TOLD = f"""
told as materialized (
  select contact_id, conversation_id, queued_at, queued_at + interval '{WITHIN} hours' as until from broadcast_recipient
  where broadcast_id = %(id)s and state in ('sent', 'delivered', 'read', 'uncertain')
), span as (
  select min(queued_at) as first, max(until) as last from told
)
"""
REPLIES = f"""
with {TOLD}
select count(distinct r.contact_id) from turn t join told r using (conversation_id)
where t.now between (select first from span) and (select last from span) and t.now between r.queued_at and r.until
"""
OPT_OUTS = f"""
with {TOLD}
select count(distinct r.contact_id) from told r join consent c using (contact_id)
where c.what = 'announcements' and not c.is_given and c.at between r.queued_at and r.until
"""
ORDERS = f"""
with {TOLD}, ordered as (
  select v.vendor_id, o.id, v.goods from told r join "order" o using (contact_id)
  join vendor_order v on v.order_id = o.id
  where o.placed_at between r.queued_at and r.until and v.state <> all(%(not_sold)s)
)
select vendor_id, coalesce(w.name, '') as name, count(distinct o.id) as orders, sum(o.goods)::bigint as amount
from ordered o left join vendor w on w.id = o.vendor_id
group by grouping sets ((vendor_id, w.name), ()) order by grouping(vendor_id) desc, amount desc, vendor_id
"""


def progress(db: Db, config: Config, broadcast_id: int) -> Progress:
    """How far it is. Raises LookupError."""
    found = drafts.read(db, broadcast_id)
    if found is None:
        raise LookupError("no such broadcast")
    counts = _counts(db, broadcast_id)
    days = db.rows(LEFT, id=broadcast_id)
    at = now(db)
    left = sum(row.people for row in days)
    today = in_lome(at).date()
    later = [row for row in days if row.slice_on > today]
    is_moving = found.state == "sending" and left > 0
    rules = None if found.draft.override_quiet else config.announcements
    return Progress(
        found.state,
        found.pause_reason,
        counts,
        sum(counts.values()),
        left,
        _done_at(at, days, _pace(db, broadcast_id), rules) if is_moving else None,
        later[0].slice_on if later and len(later) == len(days) else None,
    )


def _counts(db: Db, broadcast_id: int) -> dict[str, int]:
    """Of those who are there, and of those who are forgotten already."""
    found = Counter(db.value("select counts from broadcast where id = %(id)s", id=broadcast_id) or {})
    found.update({row.state: row.people for row in db.rows(COUNTED, id=broadcast_id)})
    return {state: found[state] for state in STATES if state in found}


def _pace(db: Db, broadcast_id: int) -> float:
    settled = int(db.value(SETTLED, id=broadcast_id, seconds=PACE))
    run_at = "select extract(epoch from market_now() - run_at)::float8 from broadcast where id = %(id)s"
    seconds = db.value(run_at, id=broadcast_id) or 0.0
    return settled / min(PACE, seconds) if settled and seconds >= 1 else USUAL


def _done_at(at: datetime, days: Sequence[Any], pace: float, rules: Announcements | None) -> datetime:
    """At this pace, from the beginning of its last day on; what falls into the night goes on in the morning."""
    last = days[-1]
    midnight = in_lome(at).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = max(at, midnight + (last.slice_on - in_lome(at).date()))
    today = sum(row.people for row in days if row.slice_on <= last.slice_on and _is_with(row, last, at))
    moment = quiet.ends_after(rules, begins) if rules else begins
    left = timedelta(seconds=today / pace)
    while rules and moment + left > (night := quiet.begins_after(rules, moment)):
        left, moment = left - (night - moment), quiet.ends_after(rules, night)
    return moment + left


def _is_with(row: Any, last: Any, at: datetime) -> bool:
    """Whether a day's people are told on the last day: all that are due by now, where that is today."""
    return bool(row.slice_on == last.slice_on or last.slice_on <= in_lome(at).date())


def result(db: Db, broadcast_id: int) -> Result:
    """What became of it, and what people did then. Raises LookupError."""
    if drafts.read(db, broadcast_id) is None:
        raise LookupError("no such broadcast")
    reasons: dict[str, int] = {}
    for row in db.rows(REASONS, id=broadcast_id):
        why = known_reason(row.reason)
        reasons[why] = reasons.get(why, 0) + row.people
    sums, *vendors = db.rows(ORDERS, id=broadcast_id, not_sold=list(NOT_SOLD)) or [None]
    return Result(
        _counts(db, broadcast_id),
        dict(sorted(reasons.items())),
        int(db.value(REPLIES, id=broadcast_id)),
        int(db.value(OPT_OUTS, id=broadcast_id)),
        sums.orders if sums else 0,
        int(sums.amount or 0) if sums else 0,
        [OfVendor(row.vendor_id, row.name, row.orders, row.amount) for row in vendors],
    )


def known_reason(told: str) -> str:
    """The tail of a text `broadcast.why.<reason>` for what stands with a recipient."""
    why = told.partition(" ")[0]
    return why if why and has(FIRST, f"broadcast.why.{why}") else "other"
