"""How words are forgotten: a person's own chats whole, and what others were told of him word by word.

An inbox row is found by the turn that read it, a reply by the number that its turn drew, so that neither table needs an
index for this, which every message would pay for; what no turn has read is open or dead, and both have one. Turns have
an index by conversation and one by time: ten million rows are no slower than ten, as only those to forget are looked
at, oldest first, a bounded batch a time. A table cut into months would forget faster, but not a person in the middle
of one, nor keep a chat whose order is still open.
"""

import re
from collections.abc import Sequence
from secrets import randbits

from base.db import Db
from base.timing import Timing
from bot import locks
from bot.erasure import Leaving
from catalog import questions
from orders.forgetting import shops_of

GONE = "…"  # stands where a word about an erased person stood
UNREAD = "select id from inbox where conversation_id = any(%(chats)s) and state = '{state}'"
# The key of what a provider still remembers stays until it is old (`forget_old_keys`): else the message would be found
# missing there (bot/reconciling.py), and somebody who was erased would come back.
IS_OLD = """not exists (
    select from reconcile r where r.account_id = s.account_id and s.seen_at > r.looked_until - interval '1 day')"""
TURNS = f"""
with gone as (
  delete from turn where id = any(%(turns)s) returning inbox_ids, (reader->>'said')::bigint as said
), messages as (
  delete from inbox where id in (select unnest(inbox_ids) from gone) returning account_id, provider_id
), bubbles as (
  delete from outbox where said_at in (select said from gone) returning id
), keys as (
  delete from seen s using messages m
  where %(keys)s and s.account_id = m.account_id and s.provider_id = m.provider_id and {IS_OLD} returning 1
)
select (select count(*) from gone) + (select count(*) from messages) + (select count(*) from bubbles)
  + (select count(*) from keys) as count
"""
MESSAGES = f"""
with messages as (
  delete from inbox where id = any(%(ids)s) returning account_id, provider_id
), keys as (
  delete from seen s using messages m
  where s.account_id = m.account_id and s.provider_id = m.provider_id and {IS_OLD} returning 1
)
select (select count(*) from messages) as count, (select count(*) from keys) as keys
"""
TOLD = "delete from outbox where conversation_id = any(%(chats)s) and kind <> 'reply'"
NEVER_MIND = (  # replies that no turn of today's rows has drawn are open still
    "delete from outbox where conversation_id = any(%(chats)s) and state in ('waiting', 'sending', 'uncertain')"
)


def forget_chats(db: Db, conversation_ids: Sequence[int]) -> int:
    """Take whole chats away: messages with their old keys, turns, bubbles, what the session holds; how many rows.

    The conversations themselves stay as empty rows: orders name them.
    """
    chats = list(conversation_ids)
    turns = [row.id for row in db.rows("select id from turn where conversation_id = any(%(ids)s)", ids=chats)]
    count = int(db.run(TURNS, turns=turns, keys=True).rows[0].count)
    unread = [row.id for state in ("open", "dead") for row in db.rows(UNREAD.format(state=state), chats=chats)]
    count += int(db.run(MESSAGES, ids=unread).rows[0].count)
    count += db.run(TOLD, chats=chats).count + db.run(NEVER_MIND, chats=chats).count
    for chat in chats:
        db.run(
            "update conversation set document = '{}', revision = %(revision)s, last_at = null, last_in_at = null,"
            " joins = 'words', wakes_at = null, held_until = null where id = %(id)s",
            id=chat,
            revision=randbits(63),
        )
    return count


def forget_own_chats(db: Db, leaving: Leaving) -> int:
    """An eraser: all that was said with this person."""
    return forget_chats(db, leaving.conversation_ids)


OF_PERSON = ("consent", "role", "identity", "source", "comment_reply", "chat_link_code", "chat_link_try", "chat_link")


def forget_person(db: Db, leaving: Leaving) -> int:
    """An eraser, the last: names, consents, lost roles, links, what brought him, answered comments, what waits for the
    organizers; empty rows stay."""
    linked = db.rows("select from_contact_id as id from chat_link where contact_id = %(id)s", id=leaving.contact_id)
    people = [leaving.contact_id, *(row.id for row in linked)]  # with what came late to those who were linked
    locks.contacts(db, people)
    lines = db.run(
        "delete from attention where about @> jsonb_build_object('contact', %(id)s::bigint)"
        " or conversation_id = any(%(chats)s)",
        id=leaving.contact_id,
        chats=list(leaving.conversation_ids),
    ).count
    rows = sum(db.run(f"delete from {table} where contact_id = any(%(ids)s)", ids=people).count for table in OF_PERSON)
    db.run(
        "update contact set name = '', phone_told = null, language = default, is_in_text_mode = default,"
        " wants_announcements = default, wants_reminders = default, wants_order_news = default"
        " where id = any(%(ids)s)",
        ids=people,
    )
    return lines + rows


# Each column's text, and the column made of a text again.
COLUMNS = {
    "turn": ("answers", "before", "after"),
    "outbox": ("bubble", "template"),
    "inbox": ("message",),
    "conversation": ("document",),
}
OTHERS = """
select distinct c.id from role r join conversation c on c.contact_id = r.contact_id
where (r.vendor_id = any(%(shops)s) or r.role = 'organizer') and r.contact_id <> %(contact)s order by c.id
"""
ROWS = {
    "turn": "select id from turn where conversation_id = any(%(chats)s)",
    "outbox": (
        "select o.id from turn t join outbox o on o.said_at = (t.reader->>'said')::bigint"
        " where t.conversation_id = any(%(chats)s)"
        " union select id from outbox where conversation_id = any(%(chats)s) and kind <> 'reply'"
    ),
    "inbox": "select unnest(inbox_ids) from turn where conversation_id = any(%(chats)s)",
    "conversation": "select unnest(%(chats)s::bigint[])",
}


# What a row whose words were cut also loses: a turn is no longer what its tables made of it, the bytes as they came
# hold the same words, and a cached session is an older one.
BESIDE = {
    "turn": f", version = '{GONE}'",
    "inbox": ", raw = ''",
    "conversation": ", revision = (random() * 9e18)::bigint",
}


def forget_in_other_chats(db: Db, leaving: Leaving) -> int:
    """An eraser: every word about a person in what his shops and the organizers were told and typed; how many rows.

    A row that holds the same word about somebody else loses it too: it was read long ago, and orders keep their own.
    """
    shops = {*shops_of(db, leaving.contact_id), *questions.shops_of(db, leaving.contact_id)}
    found = db.rows(OTHERS, shops=sorted(shops), contact=leaving.contact_id)
    chats = [row.id for row in found]
    return sum(_cut(db, table, column, chats, leaving.words) for table in COLUMNS for column in COLUMNS[table])


def _cut(db: Db, table: str, column: str, chats: Sequence[int], words: Sequence[str]) -> int:
    """Every word out of one column of these chats' rows: word after word, as longer ones go first."""
    change = (
        f"update {table} set {column} = regexp_replace({column}::text, %(word)s, '{GONE}', 'g')::jsonb"
        f"{BESIDE.get(table, '')} where id in ({ROWS[table]}) and {column}::text ~ %(word)s"
    )
    return sum(db.run(change, chats=list(chats), word=_WHOLE.format(re.escape(_in_json(word)))).count for word in words)


# A word as people write it: no piece of a longer one, no key, and no part of a name of ours (`vendor.delivery`).
_WHOLE = r'(?<![[:alnum:]])(?<!"[a-z_]+[.:][a-z_.:]*){}(?![[:alnum:]])(?!": )'


def _in_json(word: str) -> str:
    """A word as the text of a jsonb column holds it."""
    return word.replace("\\", "\\\\").replace('"', '\\"')


def forget_old_chats(db: Db, timing: Timing, limit: int) -> int:
    """A job: what was said long enough ago, unless it is about an order that is open or ended lately; how many turns.

    A key that tells copies apart stays a while longer than its message.
    """
    turns = locks.old_turns(db, timing, limit)
    if turns:
        db.run(TURNS, turns=turns, keys=False)
    return len(turns)


def forget_old_pins(db: Db, timing: Timing, limit: int) -> int:
    """A job: where people said they were, 30 days later, unless an order of theirs is open; how many messages.

    The turn that read it keeps its words, but no longer what it understood.
    """
    pins = locks.old_pins(db, timing.pin_kept, limit)
    for pin in pins:
        db.run("update inbox set message = message - 'location', raw = '' where id = %(id)s", id=pin.id)
        db.run(
            f"update turn set answers = '[]', version = '{GONE}'"
            " where conversation_id = %(chat)s and inbox_ids @> array[%(id)s::bigint]",
            chat=pin.conversation_id,
            id=pin.id,
        )
        db.run(
            "update conversation set document = document #- '{memory,pin}', revision = %(revision)s"
            " where id = %(chat)s and document->'memory' ? 'pin'",
            chat=pin.conversation_id,
            revision=randbits(63),
        )
    return len(pins)


def forget_old_notices(db: Db, timing: Timing, limit: int) -> int:
    """A job: the same of what was told without being asked, by the orders it is news of; how many."""
    return db.run("delete from outbox where id = any(%(ids)s)", ids=locks.old_notices(db, timing, limit)).count


def forget_dead_messages(db: Db, timing: Timing, limit: int) -> int:
    """A job: messages that could not be read, after the same time; how many."""
    return db.run(
        "delete from inbox where id in (select id from inbox where state = 'dead'"
        " and received_at < market_now() - make_interval(secs => %(kept)s) order by id limit %(limit)s)",
        kept=timing.chat_kept,
        limit=limit,
    ).count


def forget_old_keys(db: Db, timing: Timing, limit: int) -> int:
    """A job: the keys of messages that are forgotten; how many."""
    return db.run(
        "delete from seen where (account_id, provider_id) in (select account_id, provider_id from seen s"
        " where seen_at < market_now() - make_interval(secs => %(kept)s) and not exists (select from inbox i"
        " where (i.account_id, i.provider_id) = (s.account_id, s.provider_id)) limit %(limit)s)",
        kept=timing.chat_kept + timing.seen_kept_beyond,
        limit=limit,
    ).count
