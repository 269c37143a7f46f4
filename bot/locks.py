"""Row locks of the bot: conversations, the only rows that a turn of its own takes here."""

from collections.abc import Sequence

from base.db import Db, Rows

CONVERSATION = "select id, account_id, contact_id, revision, last_at from conversation"
DUE = """
where id in (
  select conversation_id from inbox i where state = 'open' and due_at <= market_now() and not exists (
    select 1 from inbox o where o.conversation_id = i.conversation_id and o.state = 'open' and o.id < i.id
      and o.attempts > 0 and o.due_at > market_now())
  order by due_at limit 200)
order by id limit %(limit)s for no key update skip locked
"""
OLDEST = """
select conversation_id from inbox i where state = 'open' and due_at <= market_now() and not exists (
  select 1 from inbox o where o.conversation_id = i.conversation_id and o.state = 'open' and o.id < i.id
    and o.attempts > 0 and o.due_at > market_now())
order by due_at, id limit 200
"""


def due_conversations(db: Db, limit: int) -> Rows:
    """Lock up to `limit` conversations that have a due message and are nobody's now, in id order."""
    return db.rows(CONVERSATION + DUE, limit=limit)


def conversations_by_age(db: Db) -> Sequence[int]:
    """The ids of conversations with due messages, the longest waiting first; no lock is taken."""
    return [row.conversation_id for row in db.rows(OLDEST)]


def conversation(db: Db, conversation_id: int) -> Rows:
    """Lock one conversation; nothing when somebody else has it."""
    return db.rows(f"{CONVERSATION} where id = %(id)s for no key update skip locked", id=conversation_id)
