"""Locks of the bot: conversations, people, what accounts have, the organizers' list and its lines."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from base.db import Db
from base.statements import Asked, Rows
from base.timing import Timing
from orders.states import OPEN

CONVERSATION = "select c.id, c.account_id, c.contact_id, c.revision, c.last_at, c.held_until from conversation c"
# the numbers of advisory locks; migrations have 228
ATTENTION_LIST, LINKING, FILE, FEEDING, FORGETTING = 229, 230, 231, 232, 233
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
FREE = "for no key update of c skip locked"
# By age, so that a few who never stop writing keep nobody waiting; a row that is skipped when busy needs no id order.
DUE = f"""
join ({HEADS}) heads on heads.conversation_id = c.id
order by heads.due_at, c.id limit %(limit)s {FREE}
"""


def due_conversations(db: Db, limit: int, patience: float) -> Rows:
    """Lock up to `limit` conversations that have a due message and are nobody's now, the longest waiting first.

    Who is still writing is waited for, `patience` seconds at most.
    """
    return db.rows(CONVERSATION + DUE, limit=limit, most=MOST_OPEN, patience=patience)


def free_conversations(ids: Sequence[int]) -> Asked:
    """Lock those of these conversations that are nobody's now; whether any has a due message is not asked."""
    return Asked(f"{CONVERSATION} where c.id = any(%(ids)s) order by c.id {FREE}", {"ids": list(ids)})


def conversations_by_age(db: Db, patience: float) -> Sequence[int]:
    """The ids of the same conversations, without a lock."""
    return [row.conversation_id for row in db.rows(HEADS, most=MOST_OPEN, patience=patience)]


def contact(db: Db, contact_id: int) -> None:
    """Lock the person of this turn, whose other chat may be in a turn too. Raises Alone in a batch when it is busy."""
    contacts(db, [contact_id])


def contacts(db: Db, contact_ids: Iterable[int]) -> None:
    """Lock several people, in id order; before the locks of what belongs to them. Raises Alone in a batch."""
    _lock(db, "contact", contact_ids)


def _lock(db: Db, table: str, ids: Iterable[int]) -> None:
    wanted = sorted(set(ids))
    db.lock(
        f"select id from {table} where id = any(%(ids)s) order by id for no key update",
        expected=len(wanted),
        ids=wanted,
    )


def free_contacts(db: Db, after: int, limit: int) -> list[int]:
    """For a job: lock the next `limit` people behind an id whom nobody has, in id order; their ids."""
    rows = db.rows(
        "select id from contact where id > %(after)s order by id limit %(limit)s for no key update skip locked",
        after=after,
        limit=limit,
    )
    return [row.id for row in rows]


SILENT_ROLES = """
select r.id from role r join contact p on p.id = r.contact_id
where r.suspended_at is null and greatest(r.granted_at, p.made_at) <= market_now() - make_interval(secs => %(silent)s)
  and not exists (select from conversation c where c.contact_id = p.id
    and c.last_in_at > market_now() - make_interval(secs => %(silent)s))
order by p.id, r.id limit %(limit)s for no key update of p, r skip locked
"""


def silent_roles(db: Db, silent: float, limit: int) -> list[int]:
    """For a job: lock up to `limit` free roles, and their people, who have not written for so many seconds; the ids."""
    return [row.id for row in db.rows(SILENT_ROLES, silent=silent, limit=limit)]


def open_bubbles(db: Db, conversation_id: int) -> list[int]:
    """Lock what is still to be said in a chat and is in nobody's hands; the ids of the outbox."""
    rows = db.rows(
        "select id from outbox where conversation_id = %(chat)s and state in ('waiting', 'sending', 'uncertain')"
        " order by id for no key update skip locked",
        chat=conversation_id,
    )
    return [row.id for row in rows]


def linking(db: Db) -> None:
    """Lock the linking of chats against all others until this transaction ends: tries are counted, never raced.

    The first lock of a turn after its conversation's: who waits for it holds nothing that anybody waits for.
    """
    db.value("select pg_advisory_xact_lock(%(lock)s)", lock=LINKING)


def hold_files(db: Db, names: Collection[str]) -> None:
    """Lock what is decided about these received files until this transaction ends: whether any row still wants them.

    The last lock of all: who has it waits for no row, only for files behind it in the order of names.
    """
    for name in sorted(set(names)):
        db.value("select pg_advisory_xact_lock(%(lock)s, hashtext(%(name)s))", lock=FILE, name=name)


def attention(db: Db, attention_ids: Sequence[int]) -> None:
    """Lock these lines of the organizers' list, in id order. Raises Alone in a batch when one of them is busy."""
    _lock(db, "attention", attention_ids)


def attention_list(db: Db) -> None:
    """Lock the organizers' list against other new lines until this transaction ends.

    The last lock of all: who has it waits for no other, so a batch may wait for it too.
    """
    db.value("select pg_advisory_xact_lock(%(list)s)", list=ATTENTION_LIST)


def line_with_files(db: Db, kind: str, conversation_id: int, most: int) -> int | None:
    """Lock the open line of a chat's files that takes more of them, its id; None when there is none, or it is busy."""
    found: int | None = db.value(
        "select id from attention where settled_at is null and kind = %(kind)s and conversation_id = %(conversation)s"
        " and jsonb_array_length(about->'inbox') < %(most)s order by id limit 1 for no key update skip locked",
        kind=kind,
        conversation=conversation_id,
        most=most,
    )
    return found


def answered_line(db: Db, conversation_id: int, most: int) -> Any | None:
    """Lock the newest open line of a chat that an organizer has answered, and that takes more replies; (id, about).

    None when there is none, or it is busy.
    """
    return db.one(
        "select id, about from attention where settled_at is null and conversation_id = %(conversation)s"
        " and about ? 'answered_by' and jsonb_array_length(coalesce(about->'replies', '[]')) < %(most)s"
        " order by id desc limit 1 for no key update skip locked",
        conversation=conversation_id,
        most=most,
    )


def contents(db: Db, account_id: int) -> Rows:
    """Lock an account's content resources, by name: their names, ids at the provider, states and categories."""
    return db.rows(
        "select name, provider_id, state, category from channel_content where account_id = %(account)s"
        " order by name for no key update",
        account=account_id,
    )


def changed_contents(db: Db, limit: int) -> Rows:
    """Lock content resources whose state the organizers' list has not followed, those that are free; name and state."""
    return db.rows(
        "select account_id, name, coalesce(state, '') as state from channel_content"
        " where state is distinct from told_state order by account_id, name limit %(limit)s"
        " for no key update skip locked",
        limit=limit,
    )


def account_warnings(db: Db, limit: int) -> Rows:
    """Lock what providers have said of accounts, oldest first, what is free."""
    return db.rows(
        "select id, account_id, what, detail from account_warning order by id limit %(limit)s"
        " for no key update skip locked",
        limit=limit,
    )


def conversation(db: Db, conversation_id: int) -> Rows:
    """Lock one conversation; nothing when somebody else has it."""
    return db.rows(f"{CONVERSATION} where c.id = %(id)s for no key update skip locked", id=conversation_id)


def conversations(db: Db, conversation_ids: Iterable[int]) -> bool:
    """Lock several conversations without waiting; False when somebody else has one of them.

    A turn that waited for another chat would have one while that chat's turn waits for its own.
    """
    return all(conversation(db, one) for one in sorted(conversation_ids))


def erasure_due(db: Db) -> Any | None:
    """For a job: lock the person's erasure whose time came longest ago and that nobody is at; its row, or None."""
    return db.one(
        "select id, contact_id from erasure where kept_at is null and swept_at is null and erased_at is null"
        " and due_at <= market_now() order by due_at limit 1 for no key update skip locked"
    )


# A turn is about an order from a while before it was placed until it ended; an order that never ends keeps no chat
# for ever. What it has said may still be under way where nobody could send for long.
OLD_TURNS = """
select t.id from turn t join conversation c on c.id = t.conversation_id
where t.id = any(%(ids)s) and t.now < market_now() - make_interval(secs => %(kept)s) and not exists (
  select from "order" o join vendor_order v on v.order_id = o.id
  where o.contact_id = c.contact_id and o.placed_at <= t.now + make_interval(secs => %(lead)s)
    and o.placed_at > market_now() - make_interval(secs => %(most)s)
    and (v.state = any(%(open)s) or v.changed_at >= t.now
      and v.changed_at > market_now() - make_interval(secs => %(kept)s)))
  and not exists (select from (select state from outbox where said_at = (t.reader->>'said')::bigint offset 0) b
    where b.state in ('waiting', 'sending', 'uncertain'))
order by t.id for no key update of t skip locked
"""
OLD_NOTICES = """
select n.id from outbox n
where n.id = any(%(ids)s) and n.kind <> 'reply' and n.made_at < market_now() - make_interval(secs => %(kept)s)
  and n.state not in ('waiting', 'sending', 'uncertain') and not exists (
  select from vendor_order v join "order" o on o.id = v.order_id
  where v.id = (n.about->>'vendor_order')::bigint and o.placed_at > market_now() - make_interval(secs => %(most)s)
    and (v.state = any(%(open)s) or v.changed_at > market_now() - make_interval(secs => %(kept)s)))
order by n.id for no key update of n skip locked
"""
# Of turns it locks the bubbles too, in the order in which delivery reports lock theirs.
REPLIES = """
select o.id from outbox o where o.said_at in (
  select (reader->>'said')::bigint from turn where id = any(%(turns)s)) order by o.id for no key update of o
"""
# A message that is kept longer, as its order is still open, keeps its key: its turn is among the few so old. One whose
# turn was a little later than the message is looked for a day beyond.
OLD_KEYS = """
with kept as (
  select account_id, provider_id from inbox where id = any(array(
    select unnest(inbox_ids) from turn where now < market_now() - make_interval(secs => %(kept)s) + interval '1 day'))
  union all select account_id, provider_id from inbox
  where state = 'open' and due_at < market_now() - make_interval(secs => %(kept)s) + interval '1 day'
), old as (
  select account_id, provider_id from seen where seen_at < market_now() - make_interval(secs => %(kept)s)
  order by seen_at limit %(limit)s + (select count(*) from kept) for no key update skip locked
)
select account_id, provider_id from old except all select account_id, provider_id from kept
"""


OLD_PINS = """
select i.id, i.conversation_id from inbox i join conversation c on c.id = i.conversation_id
where i.message ? 'location' and i.state <> 'open'
  and i.received_at < market_now() - make_interval(secs => %(seconds)s) and not exists (
  select from "order" o join vendor_order v on v.order_id = o.id
  where o.contact_id = c.contact_id and v.state = any(%(open)s))
order by i.received_at limit %(limit)s for no key update of i, c skip locked
"""


def old_pins(db: Db, seconds: float, limit: int) -> Rows:
    """For a job: lock up to `limit` messages that hold a place on the map, and their chats; (id, conversation_id)."""
    return db.rows(OLD_PINS, seconds=seconds, open=list(OPEN), limit=limit)


def old_turns(db: Db, timing: Timing, turns: Sequence[int]) -> list[int]:
    """For a job: lock those of these turns that may be forgotten and are free, and what they said; their ids."""
    values = {"kept": timing.chat_kept, "lead": timing.order_in_chat, "most": timing.order_open_most}
    found = [row.id for row in db.rows(OLD_TURNS, ids=list(turns), open=list(OPEN), **values)]
    if found:
        db.rows(REPLIES, turns=found)
    return found


def old_notices(db: Db, timing: Timing, bubbles: Sequence[int]) -> list[int]:
    """For a job: lock those of these bubbles that are notices or announcements, may be forgotten and are free."""
    values = {"kept": timing.chat_kept, "most": timing.order_open_most}
    return [row.id for row in db.rows(OLD_NOTICES, ids=list(bubbles), open=list(OPEN), **values)]


def old_keys(db: Db, kept: float, limit: int) -> Rows:
    """For a job: lock `limit` free keys or some more, older than so many seconds; those whose messages are gone."""
    return db.rows(OLD_KEYS, kept=kept, limit=limit)


def forgetting(db: Db) -> None:
    """Lock the forgetting of what is old against other ones until this transaction ends: one step after the other.

    Its first lock, which nobody else ever waits for.
    """
    db.value("select pg_advisory_xact_lock(%(lock)s)", lock=FORGETTING)


# A file that is still to be fetched. It is found by its name, however few are open when that is planned: `offset 0`
# parts the look for it from the look at it; so it does wherever something that may be open is looked for.
FETCHED = """exists (select from (select r.state from received_media r
  where (r.inbox_id, r.place) = ({0}.inbox_id, {0}.place) offset 0) r where r.state = 'waiting')"""
DUE_LIST = f"""
with due as (
  select l.id from price_list l where state in ('waiting', 'applying', 'undoing') and due_at <= market_now()
    and not (state = 'waiting' and {FETCHED.format("l")})
  order by due_at limit 1 for no key update skip locked
)
update price_list l set attempts = attempts + 1, due_at = market_now() + make_interval(secs => %(lease)s)
from due where l.id = due.id returning l.id
"""


def broadcast(db: Db, broadcast_id: int) -> str:
    """Lock a broadcast; its state, '' for none. Raises Alone in a batch when it is busy.

    Before its rows of the outbox and its recipients, and behind conversations and people.
    """
    _lock(db, "broadcast", [broadcast_id])
    return str(db.value("select state from broadcast where id = %(id)s", id=broadcast_id) or "")


def free_broadcast(db: Db, broadcast_id: int, states: Sequence[str]) -> bool:
    """For a job: lock a broadcast in one of these states that nobody has; False when there is none."""
    rows = db.rows(
        "select id from broadcast where id = %(id)s and state = any(%(states)s) for no key update skip locked",
        id=broadcast_id,
        states=list(states),
    )
    return bool(rows)


def feeding(db: Db) -> None:
    """Lock the feeding of broadcasts against other ones until this transaction ends: what a week holds is counted.

    Behind a broadcast's lock; who has it waits for no other broadcast.
    """
    db.value("select pg_advisory_xact_lock(%(lock)s)", lock=FEEDING)


def due_price_list(db: Db, lease: float) -> int | None:
    """For a job: take the price list that waits longest and whose file is there, or never comes; its id, or None.

    It is due again when its lease (seconds) is over, should nobody settle it.
    """
    rows = db.run(DUE_LIST, lease=lease).rows
    return int(rows[0].id) if rows else None


def price_list(db: Db, list_id: int, attempt: int, lease: float) -> bool:
    """Lock a price list that was taken in this attempt, and hold it longer; False when another has taken it since."""
    held = db.rows("select attempts from price_list where id = %(id)s for no key update", id=list_id)
    if not held or held[0].attempts != attempt:
        return False
    db.run(
        "update price_list set due_at = market_now() + make_interval(secs => %(lease)s) where id = %(id)s",
        id=list_id,
        lease=lease,
    )
    return True


DUE_PROGRAMME = f"""
with due as (
  select f.id from programme_file f where state = 'waiting' and due_at <= market_now()
    and not {FETCHED.format("f")}
  order by due_at limit 1 for no key update skip locked
)
update programme_file f set attempts = attempts + 1, due_at = market_now() + make_interval(secs => %(lease)s)
from due where f.id = due.id returning f.id
"""


def due_programme(db: Db, lease: float) -> int | None:
    """For a job: take the programme that waits longest and whose file is there, or never comes; its id, or None.

    It is due again when its lease (seconds) is over, should nobody settle it.
    """
    rows = db.run(DUE_PROGRAMME, lease=lease).rows
    return int(rows[0].id) if rows else None
