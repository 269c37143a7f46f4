"""How words are forgotten: a person's own chats whole, and what others were told of him word by word.

An inbox row is found by the turn that read it, a reply by the number that its turn drew, so that neither table needs an
index for this, which every message would pay for; what no turn has read is open or dead, and both have one. Turns have
an index by conversation: ten million rows are no slower than ten, as the walk through the oldest (bot/retention.py)
ends at the first that is young.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import randbits

from base.db import Db
from base.statements import Rows
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
SAID = "delete from turn where id = any(%(turns)s) returning inbox_ids, (reader->>'said')::bigint as said"
# A dead message that is taken again has a turn already, which said sorry.
MESSAGES = f"""
with messages as (
  delete from inbox where id = any(%(ids)s) and (state <> 'open' or %(keys)s) returning account_id, provider_id
), keys as (
  delete from seen s using messages m
  where %(keys)s and s.account_id = m.account_id and s.provider_id = m.provider_id and {IS_OLD} returning 1
)
select (select count(*) from messages) + (select count(*) from keys) as count
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
    count = _forget_turns(db, turns, keys=True)
    unread = [row.id for state in ("open", "dead") for row in db.rows(UNREAD.format(state=state), chats=chats)]
    count += int(db.run(MESSAGES, ids=unread, keys=True).rows[0].count)
    count += db.run(TOLD, chats=chats).count + db.run(NEVER_MIND, chats=chats).count
    for chat in chats:
        db.run(
            "update conversation set document = '{}', revision = %(revision)s, last_at = null, last_in_at = null,"
            " joins = 'words', wakes_at = null, held_until = null where id = %(id)s",
            id=chat,
            revision=randbits(63),
        )
    return count


def _forget_turns(db: Db, turns: Sequence[int], *, keys: bool) -> int:
    """Turns with the messages that they read, what they said, and the keys where these go too; how many rows.

    Found by lists of ids: a plan for however many would read a table through for a thousand.
    """
    gone = db.run(SAID, turns=list(turns)).rows
    read = [inbox_id for row in gone for inbox_id in row.inbox_ids]
    bubbles = db.run("delete from outbox where said_at = any(%(saids)s)", saids=[row.said for row in gone]).count
    return len(gone) + bubbles + int(db.run(MESSAGES, ids=read, keys=keys).rows[0].count)


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


@dataclass(frozen=True)
class Step:
    """What a step of a walk did: how many rows are forgotten, and behind which id the next goes on; 0: it is done."""

    count: int
    after: int


# The next rows by id, which follow time; the walk is at its end where one is not old, or where there are no more.
WALK = """
select id, {at} < market_now() - make_interval(secs => %(kept)s) as is_old from {table}
where id > %(after)s order by id limit %(limit)s
"""


def forget_old_chats(db: Db, timing: Timing, after: int, limit: int) -> Step:
    """A step: of the next `limit` turns what was said long enough ago; how many turns.

    What is about an order that is open or ended lately stays, and what is still to be sent.

    A key that tells copies apart stays a while longer than its message.
    """
    walked = db.rows(WALK.format(table="turn", at="now"), kept=timing.chat_kept, after=after, limit=limit)
    turns = locks.old_turns(db, timing, [row.id for row in walked if row.is_old])
    if turns:
        _forget_turns(db, turns, keys=False)
    return Step(len(turns), _next(walked, limit))


def forget_old_notices(db: Db, timing: Timing, after: int, limit: int) -> Step:
    """A step: the same of what was told without being asked, by the orders it is news of; how many bubbles."""
    walked = db.rows(WALK.format(table="outbox", at="made_at"), kept=timing.chat_kept, after=after, limit=limit)
    notices = locks.old_notices(db, timing, [row.id for row in walked if row.is_old])
    if notices:
        db.run("delete from outbox where id = any(%(ids)s)", ids=notices)
    return Step(len(notices), _next(walked, limit))


def _next(walked: Rows, limit: int) -> int:
    return int(walked[-1].id) if len(walked) == limit and walked[-1].is_old else 0


PINS = """
with messages as (
  update inbox set message = message - 'location', raw = '' where id = any(%(ids)s)
), turns as (
  update turn t set answers = '[]', version = '{GONE}'
  from unnest(%(ids)s::bigint[], %(chats)s::bigint[]) as p(id, chat)
  where t.conversation_id = p.chat and t.inbox_ids @> array[p.id]
)
update conversation set document = document #- '{memory,pin}', revision = (random() * 9e18)::bigint
where id = any(%(chats)s) and document->'memory' ? 'pin'
""".replace("{GONE}", GONE)
MOST_PINS = 200  # of a step: their chats are in no turn meanwhile


def forget_old_pins(db: Db, timing: Timing, limit: int) -> int:
    """A step: where people said they were, 30 days later, unless an order of theirs is open; how many messages.

    The turn that read it keeps its words, but no longer what it understood.
    """
    pins = locks.old_pins(db, timing.pin_kept, min(limit, MOST_PINS))
    if pins:
        db.run(PINS, ids=[pin.id for pin in pins], chats=[pin.conversation_id for pin in pins])
    return len(pins)


def forget_dead_messages(db: Db, timing: Timing, limit: int) -> int:
    """A step: messages that could not be read, after the same time; how many."""
    return db.run(
        "delete from inbox where id in (select id from inbox where state = 'dead'"
        " and received_at < market_now() - make_interval(secs => %(kept)s) order by id limit %(limit)s)",
        kept=timing.chat_kept,
        limit=limit,
    ).count


def forget_old_keys(db: Db, timing: Timing, limit: int) -> int:
    """A step: the keys of messages that are forgotten, oldest first; how many. Chats come before them."""
    keys = locks.old_keys(db, timing.chat_kept + timing.seen_kept_beyond, limit)
    return db.run(
        "delete from seen s using unnest(%(accounts)s::bigint[], %(ids)s::text[]) as k(account_id, provider_id)"
        " where s.account_id = k.account_id and s.provider_id = k.provider_id",
        accounts=[key.account_id for key in keys],
        ids=[key.provider_id for key in keys],
    ).count
