"""Locks of the bot: conversations, people, the organizers' list and its lines."""

from collections.abc import Sequence

from base.db import Db, Rows

CONVERSATION = "select c.id, c.account_id, c.contact_id, c.revision, c.last_at from conversation c"
ATTENTION_LIST = 229  # the number of an advisory lock; migrations have 228
MOST_OPEN = 20  # rows of one conversation that are looked at; the rest waits its turn
# Who has a message that can be taken, the longest waiting first: nobody whose first row waits for its retry, and nobody
# who is still writing what will be one message, else a few who do would fill every batch. A backlog may be long: only
# its oldest rows are looked at. Where a flood of a few people fills those, the first rows of others are walked to
# as well, from one conversation to the next: each step is one look into the index.
HEADS = """
with recursive oldest as (
  select conversation_id, due_at from inbox where state = 'open' and due_at <= market_now() order by due_at limit 600
), people as (
  select conversation_id, min(due_at) as due_at from oldest group by conversation_id
), walked as (
  select 0::bigint as conversation_id, null::timestamptz as due_at, 0 as place
  where (select count(*) from oldest) = 600 and (select count(*) from people) < 200
  union all
  select n.conversation_id, n.due_at, w.place + 1 from walked w cross join lateral (
    select conversation_id, due_at from inbox where state = 'open' and conversation_id > w.conversation_id
    order by conversation_id, id limit 1) n
  where w.place < 200
), found as (
  select conversation_id, min(due_at) as due_at from (
    select conversation_id, due_at from people
    union all select conversation_id, due_at from walked where due_at <= market_now()) f
  group by conversation_id
)
select f.conversation_id, f.due_at from found f cross join lateral (
  select attempts, due_at, received_at from inbox where conversation_id = f.conversation_id and state = 'open'
  order by id limit 1) h
where case when h.attempts > 0 then h.due_at <= market_now()
  when h.due_at <= h.received_at or h.received_at <= market_now() - make_interval(secs => %(patience)s) then true
  else (select bool_or(due_at <= received_at) or max(due_at) <= market_now() from (
    select due_at, received_at from inbox where conversation_id = f.conversation_id and state = 'open'
    order by id limit %(most)s) o) end
order by f.due_at, f.conversation_id limit 200
"""
# By age, so that a few who never stop writing keep nobody waiting; a row that is skipped when busy needs no id order.
DUE = f"""
join ({HEADS}) heads on heads.conversation_id = c.id
order by heads.due_at, c.id limit %(limit)s for no key update of c skip locked
"""


def due_conversations(db: Db, limit: int, patience: float) -> Rows:
    """Lock up to `limit` conversations that have a due message and are nobody's now, the longest waiting first.

    Who is still writing is waited for, `patience` seconds at most.
    """
    return db.rows(CONVERSATION + DUE, limit=limit, most=MOST_OPEN, patience=patience)


def conversations_by_age(db: Db, patience: float) -> Sequence[int]:
    """The ids of the same conversations, without a lock."""
    return [row.conversation_id for row in db.rows(HEADS, most=MOST_OPEN, patience=patience)]


def contact(db: Db, contact_id: int) -> None:
    """Lock the person of this turn, whose other chat may be in a turn too. Raises Alone in a batch when it is busy."""
    db.lock("select id from contact where id = %(id)s order by id for no key update", expected=1, id=contact_id)


def attention(db: Db, attention_ids: Sequence[int]) -> None:
    """Lock these lines of the organizers' list, in id order. Raises Alone in a batch when one of them is busy."""
    db.lock(
        "select id from attention where id = any(%(ids)s) order by id for no key update",
        expected=len(set(attention_ids)),
        ids=list(attention_ids),
    )


def attention_list(db: Db) -> None:
    """Lock the organizers' list against other new lines until this transaction ends.

    The last lock of all: who has it waits for no other, so a batch may wait for it too.
    """
    db.value("select pg_advisory_xact_lock(%(list)s)", list=ATTENTION_LIST)


def conversation(db: Db, conversation_id: int) -> Rows:
    """Lock one conversation; nothing when somebody else has it."""
    return db.rows(f"{CONVERSATION} where c.id = %(id)s for no key update skip locked", id=conversation_id)
