"""What came in: stored once, in the provider's order, before anybody answers 200."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from base.db import Db
from base.timing import Timing
from bot import contacts, locks, names, reports, templates
from bot.contacts import Chat
from bot.dialog import Dialog
from bot.documents import incoming_to_json, storable
from bot.messages import LONGEST_HEARD, Identity, Incoming, Kept, Parsed, StatusReport
from bot.routing import stands_alone
from bot.signs import has_file

HAS_NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Keeper:
    """What `keep` needs to know: an account's row, the accounts that share phones with it, durations and dialogs."""

    account_id: int
    sharing: tuple[int, ...]
    timing: Timing
    dialogs: Collection[Dialog]


@dataclass(frozen=True)
class Stored:
    """What became of a webhook: how many of its messages are new, and whom a person of ours answers by hand now.

    Each of these is named as his messages name him. `due`: the chats of the new messages, and in how many seconds each
    may be taken.
    """

    count: int = 0
    held: frozenset[tuple[Identity, ...]] = frozenset()
    due: tuple[tuple[int, float], ...] = ()


# one row for each file of the messages that were just kept
FILES = """, files as (
  insert into received_media (inbox_id, place, conversation_id, account_id, kind, mime, reference)
  select k.id, f.place, k.conversation_id, k.account_id, f.file->>'kind', coalesce(f.file->>'mime', ''),
    f.file->>'reference'
  from kept k cross join lateral jsonb_array_elements(k.message->'media') with ordinality as f(file, place)
)"""
# Of messages that came alone in their webhooks those whose senders are known here.
KNOWN = """
chat as (
  select t.place, t.id, t.message, t.raw, c.*, case c.joins when 'words' then t.words when 'photos' then t.photos
    else 0 end as delay
  from unnest(%(kinds)s::text[], %(values)s::text[], %(other_kinds)s::text[], %(others)s::text[], %(ids)s::text[],
    %(messages)b::text[], %(raws)b::bytea[], %(words)s::float8[], %(photos)s::float8[])
    with ordinality as t(kind, value, other_kind, other, id, message, raw, words, photos, place)
  cross join lateral (
    select c.id as conversation, c.joins, coalesce(c.held_until > market_now(), false) as is_held from identity i
    join conversation c on c.account_id = i.account_id and c.contact_id = i.contact_id
    where i.account_id = %(account)s and i.kind = t.kind and i.value = t.value
      and (t.other is null or exists (select 1 from identity o where o.account_id = i.account_id
        and o.kind = t.other_kind and o.value = t.other and o.contact_id = i.contact_id))
      and (i.kind <> 'phone' or t.other is not null
        or greatest(c.made_at, c.last_in_at) > market_now() - make_interval(secs => %(silent)s))
    limit 1) c
), fresh as (
  insert into seen (account_id, provider_id) select distinct %(account)s::bigint, id from chat order by id
  on conflict do nothing returning provider_id
), kept as (
  insert into inbox (account_id, conversation_id, provider_id, message, raw, due_at)
  select %(account)s, conversation, id, message::jsonb, raw, market_now() + make_interval(secs => delay)
  from (select distinct on (id) * from chat order by id, place) c join fresh f on f.provider_id = c.id order by place
  returning id, account_id, conversation_id, provider_id, message
)"""
OF_KNOWN = """
select place, conversation, delay, is_held, id in (select provider_id from kept) as is_new from chat order by place
"""


@dataclass
class Lone:
    """The one message of a webhook that holds nothing else; `stored` once it is, of somebody who is known."""

    kept: Kept
    stored: Stored | None = None


def lone(parsed: Parsed) -> Lone | None:
    """The message of a webhook that holds one, of a sender of one or two names, and nothing else; else None."""
    if len(parsed.messages) != 1 or parsed != Parsed(parsed.messages):
        return None
    return Lone(storable(parsed.messages[0])) if len(parsed.messages[0].message.sender.identities) <= 2 else None


def keep_known(db: Db, keeper: Keeper, lones: Sequence[Lone], told: Sequence[StatusReport] = ()) -> None:
    """Store lone messages of those who are known, and delivery reports beside them, in one statement.

    A phone alone, long silent, may be another person's by now (bot/names.py): he is nobody known. Of these nothing is
    stored: `keep` does it in a transaction. They are in the provider's order; of copies among them the first counts.
    """
    lones = sorted(lones, key=lambda one: _said(one.kept))
    messages = [one.kept.message for one in lones]
    names = [message.sender.identities for message in messages]
    ways = [KNOWN, *([FILES] if any(message.media for message in messages) else [])]
    reported = reports.columns(told) if told else {}
    rows = db.run(
        "with " + (f"reported as ({reports.KEEP})," if told else "") + "".join(ways) + OF_KNOWN,
        account=keeper.account_id,
        kinds=[own[0].kind for own in names],
        values=[own[0].value for own in names],
        other_kinds=[own[-1].kind for own in names],
        others=[own[1].value if len(own) == 2 else None for own in names],
        ids=[message.provider_id for message in messages],
        messages=[incoming_to_json(message) for message in messages],
        raws=[one.kept.raw for one in lones],
        silent=keeper.timing.rights_silent,
        words=[_delay(message, "words", keeper.timing, keeper.dialogs) for message in messages],
        photos=[_delay(message, "photos", keeper.timing, keeper.dialogs) for message in messages],
        **reported,
    ).rows
    counted: set[str] = set()
    for row in rows:
        one = lones[row.place - 1]
        is_first = row.is_new and one.kept.message.provider_id not in counted
        counted.add(one.kept.message.provider_id)
        held = frozenset({names[row.place - 1]} if row.is_held else ())
        one.stored = Stored(int(is_first), held, ((row.conversation, float(row.delay)),) if is_first else ())


def keep(db: Db, keeper: Keeper, parsed: Parsed) -> Stored:
    """Store one webhook's messages, reports and news of the account.

    Of messages and reports it only inserts, but where names changed hands (bot/names.py). Copies meet in the primary
    key of `seen`, whose keys are inserted in sorted order; of those in one webhook the first counts.
    """
    if parsed.reports:
        reports.keep(db, keeper.account_id, parsed.reports)
    if parsed.watermarks:
        reports.keep_watermarks(db, keeper.account_id, parsed.watermarks)
    stored = _keep_messages(db, keeper, parsed) if parsed.messages else Stored()
    templates.heed(db, keeper.account_id, parsed.templates)
    templates.warn(db, keeper.account_id, parsed.warnings)
    return stored


def _keep_messages(db: Db, keeper: Keeper, parsed: Parsed) -> Stored:
    """They go in binary form (`b`): psycopg looks through an array's texts for quotes."""
    ordered = _without_copies(in_order(map(storable, parsed.messages)))
    chats = _chats(db, keeper, ordered)
    files = FILES if any(kept.message.media for kept in ordered) else ""
    delays = [
        _delay(kept.message, chats[kept.message.sender.identities].joins, keeper.timing, keeper.dialogs)
        for kept in ordered
    ]
    new = db.run(
        "with fresh as (insert into seen (account_id, provider_id)"
        " select %(account)s::bigint, p from unnest(%(ids)s::text[]) as p order by p"
        " on conflict do nothing returning provider_id), kept as ("
        "insert into inbox (account_id, conversation_id, provider_id, message, raw, due_at)"
        " select %(account)s, chat, provider_id, message::jsonb, raw, market_now() + make_interval(secs => delay)"
        " from unnest(%(ids)s::text[], %(chats)s::bigint[], %(messages)b::text[], %(raws)b::bytea[],"
        " %(delays)s::float8[]) with ordinality as r(provider_id, chat, message, raw, delay, place)"
        " join fresh using (provider_id) order by place"
        " returning id, account_id, conversation_id, provider_id, message)"
        f"{files} select k.conversation_id, r.delay from kept k join"
        " unnest(%(ids)s::text[], %(delays)s::float8[]) as r(provider_id, delay) using (provider_id) order by k.id",
        account=keeper.account_id,
        ids=[kept.message.provider_id for kept in ordered],
        chats=[chats[kept.message.sender.identities].conversation_id for kept in ordered],
        messages=[incoming_to_json(kept.message) for kept in ordered],
        raws=[kept.raw for kept in ordered],
        delays=delays,
    ).rows
    held = frozenset(names for names, chat in chats.items() if chat.is_held)
    return Stored(len(new), held, tuple((row.conversation_id, row.delay) for row in new))


def in_order(messages: Iterable[Kept]) -> list[Kept]:
    """By the provider's time; messages without one stay behind those that have one."""
    return sorted(messages, key=_said)


def _said(kept: Kept) -> datetime:
    """The provider's time; messages without one stay where they came."""
    return kept.message.sent_at or datetime.max.replace(tzinfo=UTC)


def _without_copies(ordered: Sequence[Kept]) -> list[Kept]:
    """The first message of each id, in order."""
    first: dict[str, Kept] = {}
    for kept in ordered:
        first.setdefault(kept.message.provider_id, kept)
    return list(first.values())


def _chats(db: Db, keeper: Keeper, kept: Sequence[Kept]) -> dict[tuple[Identity, ...], Chat]:
    """The chat of each sender; new people are made in one order, so that two webhooks cannot lock each other out."""
    senders = {k.message.sender.identities: k.message.sender for k in kept}
    in_order = sorted(senders.items(), key=lambda item: [(i.kind, i.value) for i in item[0]])
    silent = keeper.timing.rights_silent
    if len(in_order) > 1 and (changing := names.changing(db, keeper.account_id, list(senders))):
        locks.contacts(db, changing)
    return {
        told: contacts.find_or_make_chat(db, keeper.account_id, sender, keeper.sharing, silent)
        for told, sender in in_order
    }


def may_wait(message: Incoming, timing: Timing, dialogs: Collection[Dialog]) -> bool:
    """Whether a message is not answered at once where words join: it may be one with others, or brings files."""
    return _delay(message, "words", timing, dialogs) > 0


def _delay(message: Incoming, joins: str, timing: Timing, dialogs: Collection[Dialog]) -> float:
    """Seconds until a message is due: where words join, words wait for words, and files for files and for words.

    A text longer than LONGEST_HEARD waits for nothing, as its words would be read before the webhook is answered.
    `STOP` and whatever else counts as a whole message only never wait, and so are never one with their neighbours.
    """
    if joins == "none" or not may_join(message) or len(message.text) > LONGEST_HEARD:
        return 0.0
    if has_file(message):
        return timing.joins_photos
    if joins != "words" or HAS_NUMBER.search(message.text) or stands_alone(dialogs, message.text):
        return 0.0
    return timing.joins_words


def may_join(message: Incoming) -> bool:
    """Whether a message may be one with its neighbours: nothing but words, or files and words about them."""
    if has_file(message):
        return not message.edits
    return is_words(message)


def is_words(message: Incoming) -> bool:
    """Whether a message is nothing but text of a chat."""
    if message.comment or message.source or message.product or message.happened:
        return False
    bare = not (message.tap or message.media or message.location or message.signal or message.unread)
    return bool(message.text) and bare and not (message.cards or message.cart or message.edits or message.reaction)


def wake_waiting(db: Db, limit: int) -> int:
    """A job: put a signal into each conversation whose `wait` has ended; returns how many."""
    return db.run(
        "with ended as (select id, account_id, revision from conversation where wakes_at <= market_now()"
        " order by id limit %(limit)s for no key update skip locked),"
        " woken as (update conversation c set wakes_at = null from ended e where c.id = e.id)"
        " insert into inbox (account_id, conversation_id, provider_id, message, raw)"
        " select account_id, id, 'wake:' || id || ':' || revision,"
        " jsonb_build_object('provider_id', 'wake:' || id, 'sender', jsonb_build_object('identities', '[]'::jsonb),"
        " 'signal', 'expired'), ''::bytea from ended",
        limit=limit,
    ).count
