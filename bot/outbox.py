"""The outbox: what is to be said, claimed by a lease, in the conversation's order, settled by what became of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from base.db import Db, jsonb
from bot.consent import TAKES_MARKETING
from bot.documents import outgoing_from, outgoing_to_json, template_from, template_to_json
from bot.messages import Identity, Outgoing, Template

Kind = Literal["reply", "notice", "bulk"]
OPEN = "('waiting', 'sending', 'uncertain')"
UNPAUSED = "exists (select 1 from channel_account a where a.id = {0}.account_id and a.paused_at is null)"
TEMPLATE_WAITS = "template waits"  # the error of a row whose template is not approved, or paused
# Whether the row o has another way than the row e before it, whose template waits: free words, or another template.
PASSES = f"""
(e.state = 'waiting' and coalesce(e.error, '') = '{TEMPLATE_WAITS}' and (o.kind = 'reply'
  or o.template->>'name' is distinct from e.template->>'name' or coalesce((o.bubble->>'is_by_a_person')::bool, false)))
"""
# Whether e waits long for its next try and is worth less than o: an alert that Meta wants no sooner than tomorrow.
WAITS_LONG = """
(e.state = 'waiting' and e.due_at > market_now() + interval '60 s'
  and (e.kind = 'bulk' and {kind} <> 'bulk' or e.kind = 'notice' and {kind} = 'reply'))
"""
# The answer to a comment stands below a post, and in no order with what is said in a chat. What stands before a row is
# looked for with a limit, in its own conversation: a plan that was made while nothing waited would else look through
# all that waits for each row of an announcement.
DUE = f"""
  select o.id from outbox o where o.state = 'waiting' and o.due_at <= market_now() and o.account_id = %(account)s
    and exists (select from channel_account a where a.id = %(account)s and a.paused_at is null)
    and (select e.id from outbox e where e.conversation_id = o.conversation_id and e.state in {OPEN}
      and (e.said_at, e.place) < (o.said_at, o.place) and not (o.bubble ? 'comment' or e.bubble ? 'comment')
      and not {PASSES} and not {WAITS_LONG.format(kind="o.kind")}
      and not (e.state = 'uncertain' and e.sent_at < market_now() - make_interval(secs => %(uncertain_most)s))
      limit 1) is null
"""
NEXT = "order by o.due_at, o.said_at, o.place limit {0} for no key update of o skip locked"  # as in ix_outbox_next
READY = f"""
with replies as (
  {DUE} and o.kind = 'reply' {NEXT.format("%(limit)s")}
), notices as (
  {DUE} and o.kind = 'notice' {NEXT.format("%(limit)s - (select count(*) from replies)")}
), bulk as (
  {DUE} and o.kind = 'bulk' and (select b.id from broadcast b where b.id = (o.about->>'broadcast')::bigint
    and b.state in ('paused', 'stopped') limit 1) is null
  {NEXT.format("least(%(bulk)s, %(limit)s - (select count(*) from replies) - (select count(*) from notices))")}
), ready as (
  select id from replies union all select id from notices union all select id from bulk
"""
OLD = """
with ready as (
  select o.id from outbox o where o.state = 'waiting' and o.too_old_at <= market_now()
  order by o.too_old_at limit %(limit)s for no key update of o skip locked
"""
OF_PERSON = """
market_now() as now, v.contact_id, v.last_in_at, v.held_until, p.wants_announcements, p.wants_reminders,
  p.wants_order_news, n.kind as identity_kind, n.value as identity, n.unreachable_since
"""
PERSON = f"select c.*, {OF_PERSON}, c.template is null or {TAKES_MARKETING} as takes_marketing"
# Each with a limit, as a plan made while few people were there would else read all of them for each row.
CHAT = """
cross join lateral (select * from {0} where id = c.conversation_id limit 1) v
cross join lateral (select * from contact where id = v.contact_id limit 1) p
left join lateral (select kind, value, unreachable_since from identity i
  where i.account_id = v.account_id and i.contact_id = v.contact_id
  order by kind = 'comment', (kind = 'phone') desc, made_at desc limit 1) n on true
"""
JOINED = CHAT.format("conversation")
TAKE = f"""
), claimed as (
  update outbox o set state = 'sending', lease_owner = %(owner)s, attempts = attempts + 1, sent_at = market_now(),
    lease_until = market_now() + make_interval(secs => %(lease)s)
  from ready where o.id = ready.id returning o.*
)
{PERSON} from claimed c {JOINED}
order by c.kind desc, c.said_at, c.place
"""


@dataclass(frozen=True)
class Claimed:
    """One row under a lease, with what its sending needs to know of the person."""

    id: int
    conversation_id: int
    contact_id: int
    account_id: int
    kind: Kind
    said_at: int
    bubble: Outgoing
    template: Template | None
    needs_template: bool
    attempts: int
    now: datetime
    too_old_at: datetime
    error: str
    about: Mapping[str, Any]
    resent: int
    last_in_at: datetime | None
    wants_announcements: bool
    wants_reminders: bool
    wants_order_news: bool
    to: Identity  # without a value where its person has no name left on this account: nobody can be sent it
    unreachable_since: datetime | None
    held_until: datetime | None = None  # a person answers by hand until then
    takes_marketing: bool = True  # by its template
    form: Template | None = None  # by which it is being sent


@dataclass(frozen=True)
class Settlement:
    """What becomes of a claimed row: its next state, seconds until it is due, the provider's id, the reason."""

    outbox_id: int
    state: Literal["waiting", "sent", "uncertain", "failed", "skipped"]
    wait: float = 0.0
    provider_id: str | None = None
    error: str | None = None
    is_attempt: bool = True  # False: nothing was tried, the attempt is taken back
    bubble: Outgoing | None = None  # said in other words from now on
    is_resend: bool = False  # counted as a possible double
    needs_template: bool = False  # from now on


@dataclass(frozen=True)
class Lease:
    """Who claims, and for how many seconds; how long an uncertain row may hold up the rows behind it."""

    owner: str
    seconds: float
    uncertain_most: float


def claim(db: Db, lease: Lease, account_id: int, limit: int, bulk: int) -> list[Claimed]:
    """Take up to `limit` due rows of an account, none before an earlier open row of its conversation.

    No row waits for an answer to a comment, and for one whose template waits only those that need this template too;
    an answer waits for no news, and neither for an announcement, whose next try is more than a minute away.
    At most `bulk` of them are announcements, and only what replies and notices leave.
    """
    rows = db.run(
        READY + TAKE,
        account=account_id,
        limit=limit,
        bulk=bulk,
        owner=lease.owner,
        lease=lease.seconds,
        uncertain_most=lease.uncertain_most,
    ).rows
    return [claimed_from(row) for row in rows]


def are_due(db: Db) -> bool:
    """Whether any row's time has come, may it be claimed or not.

    It asks for the first of each account and kind alone: what waits for a provider that is away is not looked through.
    """
    return bool(db.value(_ARE_DUE, kinds=list(get_args(Kind))))


_ARE_DUE = """
select exists (select from channel_account a, unnest(%(kinds)s::text[]) k, lateral (
  select o.due_at from outbox o where o.state = 'waiting' and o.account_id = a.id and o.kind = k
  order by o.due_at limit 1) o where o.due_at <= market_now())
"""


def claim_old(db: Db, lease: Lease, limit: int) -> list[Claimed]:
    """Take waiting rows whose time is over, of paused accounts too."""
    rows = db.run(OLD + TAKE, limit=limit, owner=lease.owner, lease=lease.seconds).rows
    return [claimed_from(row) for row in rows]


def read(db: Db, outbox_ids: Sequence[int]) -> dict[int, Claimed]:
    """Rows as a claim would give them, without a claim, by their ids; none of what is gone."""
    rows = db.rows(f"{PERSON} from outbox c {JOINED} where c.id = any(%(ids)s)", ids=list(outbox_ids))
    return {row.id: claimed_from(row) for row in rows}


def offers_of(db: Db, account_id: int, conversation_id: int, provider_id: str) -> tuple[str, ...]:
    """The ids of what a bubble offered, by the provider's id of it; () for one that is not this conversation's."""
    of_chat = {"account": account_id, "provider": provider_id, "chat": conversation_id}
    sql = "select bubble from outbox where account_id = %(account)s and provider_id = %(provider)s"
    row = db.one(f"{sql} and conversation_id = %(chat)s", **of_chat)
    return tuple(offer.id for offer in outgoing_from(row.bubble).offers) if row else ()


REOPEN = """
update outbox o set state = s.state, due_at = market_now() + make_interval(secs => s.wait), error = s.error,
  bubble = coalesce(s.bubble::jsonb, o.bubble), needs_template = o.needs_template or s.needs_template
from unnest(%(ids)s::bigint[], %(states)s::text[], %(waits)s::float8[], %(errors)s::text[], %(bubbles)s::text[],
  %(templates)s::bool[]) as s(id, state, wait, error, bubble, needs_template)
where o.id = s.id and o.id = any(%(ids)s) and o.state = 'failed'
"""


def reopen(db: Db, settlements: Sequence[Settlement]) -> None:
    """Settle rows that failed late: each waits again, or stays failed with its reason.

    It keeps the provider's id of the failed try, so that late copies of that try's reports are known as such.
    """
    db.run(REOPEN, **_given(settlements))


def _given(settlements: Sequence[Settlement]) -> dict[str, list[Any]]:
    return {
        "ids": [s.outbox_id for s in settlements],
        "states": [s.state for s in settlements],
        "waits": [s.wait for s in settlements],
        "errors": [s.error for s in settlements],
        "bubbles": [outgoing_to_json(s.bubble) if s.bubble else None for s in settlements],
        "templates": [s.needs_template for s in settlements],
    }


def claimed_from(row: Any) -> Claimed:
    """A row of a claim, joined with its person."""
    bubble = outgoing_from(row.bubble)
    return Claimed(
        id=row.id,
        conversation_id=row.conversation_id,
        account_id=row.account_id,
        kind=row.kind,
        said_at=row.said_at,
        bubble=bubble,
        template=template_from(row.template),
        needs_template=row.needs_template,
        attempts=row.attempts,
        error=row.error or "",
        about=row.about or {},
        resent=row.resent,
        takes_marketing=row.takes_marketing,
        **of_person(row, bubble),
    )


def of_person(row: Any, bubble: Outgoing) -> dict[str, Any]:
    """What a claim knows of the person and of the moment; the answer to a comment goes to that."""
    own = Identity(row.identity_kind or "phone", row.identity or "")
    return {
        "contact_id": row.contact_id,
        "now": row.now,
        "too_old_at": row.too_old_at,
        "last_in_at": row.last_in_at,
        "wants_announcements": row.wants_announcements,
        "wants_reminders": row.wants_reminders,
        "wants_order_news": row.wants_order_news,
        "to": Identity("comment", bubble.comment) if bubble.comment else own,
        "unreachable_since": row.unreachable_since,
        "held_until": row.held_until,
    }


SETTLE = f"""
with settled as (
  select * from unnest(%(ids)s::bigint[], %(states)s::text[], %(waits)s::float8[], %(provider_ids)s::text[],
    %(errors)s::text[], %(attempts)s::int[], %(bubbles)s::text[], %(resends)s::int[],
    %(templates)s::bool[]) as s(id, state, wait, provider_id, error, attempt, bubble, resend, needs_template)
), locked as (
  select o.id from outbox o join settled s using (id) order by o.id for no key update of o
)
update outbox o set
  state = case when o.state in {OPEN} then s.state else o.state end,
  error = case when o.state in {OPEN} then s.error else o.error end,
  provider_id = coalesce(s.provider_id, o.provider_id),
  due_at = market_now() + make_interval(secs => s.wait), attempts = o.attempts - s.attempt,
  bubble = coalesce(s.bubble::jsonb, o.bubble), resent = o.resent + s.resend,
  needs_template = o.needs_template or s.needs_template,
  lease_owner = null, lease_until = null
from settled s join locked using (id)
where o.id = s.id and (o.lease_owner = %(owner)s or o.lease_owner is null and s.provider_id is not null)
  and (s.provider_id is null or o.provider_id is distinct from s.provider_id)
returning o.id, s.state = 'waiting' or (select e.id from outbox e
  where e.conversation_id = o.conversation_id and e.state in {OPEN} and e.id <> o.id limit 1) is not null
  as is_followed
"""


def settle(db: Db, owner: str, settlements: Sequence[Settlement]) -> Mapping[int, bool]:
    """Write what became of claimed rows; returns the ids written, and whether more is open in the chat of each.

    A row under somebody else's lease is left alone.

    A row that a callback has raised meanwhile keeps its status and only learns the provider's id. An answer whose id
    the row knows already is left alone too: a report was faster, and may have opened the row for its next try.
    """
    if not settlements:
        return {}
    written = db.run(
        SETTLE,
        owner=owner,
        provider_ids=[s.provider_id for s in settlements],
        attempts=[0 if s.is_attempt else 1 for s in settlements],
        resends=[int(s.is_resend) for s in settlements],
        **_given(settlements),
    ).rows
    return {row.id: row.is_followed for row in written}


def held(db: Db, account_id: int, provider_ids: Sequence[str]) -> frozenset[str]:
    """Those of a provider's ids that rows of this account have."""
    rows = db.rows(
        "select provider_id from outbox where account_id = %(account)s and provider_id = any(%(ids)s)",
        account=account_id,
        ids=list(provider_ids),
    )
    return frozenset(row.provider_id for row in rows)


def give_back(db: Db, owner: str) -> int:
    """At a stop: rows that this process has claimed and not begun to send are free again; returns how many."""
    return db.run(
        "update outbox set state = 'waiting', attempts = attempts - 1, lease_owner = null, lease_until = null"
        " where lease_owner = %(owner)s and state = 'sending'",
        owner=owner,
    ).count


@dataclass(frozen=True)
class News:
    """A notice: to which conversation, under which said number, in which words, with which template and subject.

    A reminder and an alert are bulk: they go last, to nobody who has said STOP, and are never sent twice.
    """

    conversation_id: int
    said: int
    bubble: Outgoing
    template: Template | None = None
    about: Mapping[str, Any] | None = None
    kind: Kind = "notice"


@dataclass(frozen=True)
class Number:
    """What a bubble is said under, and the minute (since 1970) at which its buttons are made."""

    said: int
    minute: int


def numbers(db: Db, count: int = 1) -> list[Number]:
    """The numbers of as many notices, in order."""
    found = db.rows(_NUMBERS, count=count)
    return [Number(row.said, row.minute) for row in found]


_NUMBERS = """
select nextval('said_no') as said, floor(extract(epoch from market_now()) / 60)::int as minute
from generate_series(1, %(count)s)
"""


def put_notice(db: Db, news: News, too_old: float) -> int:
    """Insert a notice to any conversation; nothing else of that conversation is read, locked or changed."""
    return int(
        db.append(
            "insert into outbox"
            " (conversation_id, account_id, kind, said_at, place, bubble, template, about, too_old_at)"
            " select c.id, c.account_id, %(kind)s, %(said)s, 1, %(bubble)s::jsonb, %(template)s::jsonb,"
            " %(about)s, market_now() + make_interval(secs => %(too_old)s)"
            " from conversation c where c.id = %(conversation)s returning id",
            conversation=news.conversation_id,
            kind=news.kind,
            said=news.said,
            bubble=outgoing_to_json(news.bubble),
            template=template_to_json(news.template),
            about=jsonb(dict(news.about)) if news.about else None,
            too_old=too_old,
        )
        .rows[0]
        .id
    )


_PUT_ALL = """
insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, template, about, too_old_at)
select c.id, c.account_id, n.kind, n.said, 1, n.bubble::jsonb, n.template::jsonb, n.about::jsonb,
  market_now() + make_interval(secs => %(too_old)s)
from unnest(%(conversations)s::bigint[], %(kinds)s::text[], %(saids)s::bigint[], %(bubbles)s::text[],
  %(templates)s::text[], %(abouts)s::text[]) with ordinality as n(conversation, kind, said, bubble, template, about, no)
join conversation c on c.id = n.conversation order by n.no
"""


def put_notices(db: Db, news: Sequence[News], too_old: float) -> None:
    """The same for many at once, in one statement."""
    db.append(
        _PUT_ALL,
        conversations=[one.conversation_id for one in news],
        kinds=[one.kind for one in news],
        saids=[one.said for one in news],
        bubbles=[outgoing_to_json(one.bubble) for one in news],
        templates=[template_to_json(one.template) for one in news],
        abouts=[json.dumps(dict(one.about)) if one.about else None for one in news],
        too_old=too_old,
    )
