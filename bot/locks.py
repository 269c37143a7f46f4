"""Row locks of the bot: conversations, the only rows that a turn of its own takes here."""

from collections.abc import Sequence

from base.db import Db, Rows

CONVERSATION = "select id, account_id, contact_id, revision, last_at from conversation"
# One row for each conversation, its first due one, so that a flood of one person fills no batch; none while an earlier
# row waits for its retry. Only so many due rows are looked at, as a backlog may be long.
HEADS = """
select conversation_id from (
  select id, conversation_id, due_at from inbox where state = 'open' and due_at <= market_now()
  order by due_at limit 600) i
where not exists (select 1 from inbox o where o.conversation_id = i.conversation_id and o.state = 'open' and o.id < i.id
  and (o.attempts > 0 or o.due_at <= market_now()))
order by due_at, id limit 200
"""
DUE = f"""
where id in ({HEADS})
order by id limit %(limit)s for no key update skip locked
"""


def due_conversations(db: Db, limit: int) -> Rows:
    """Lock up to `limit` conversations that have a due message and are nobody's now, in id order."""
    return db.rows(CONVERSATION + DUE, limit=limit)


def conversations_by_age(db: Db) -> Sequence[int]:
    """The ids of conversations with due messages, the longest waiting first; no lock is taken."""
    return [row.conversation_id for row in db.rows(HEADS)]


def contact(db: Db, contact_id: int) -> None:
    """Lock the person of this turn, whose other chat may be in a turn too. Raises Alone in a batch when it is busy."""
    db.lock("select id from contact where id = %(id)s order by id for no key update", expected=1, id=contact_id)


def conversation(db: Db, conversation_id: int) -> Rows:
    """Lock one conversation; nothing when somebody else has it."""
    return db.rows(f"{CONVERSATION} where id = %(id)s for no key update skip locked", id=conversation_id)
