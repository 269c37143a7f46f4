"""What came in: stored once, in the provider's order, before anybody answers 200."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from base.db import Db
from base.timing import Timing
from bot import contacts, reports
from bot.contacts import Chat
from bot.dialog import Dialog
from bot.documents import incoming_to_json, keepable
from bot.messages import LONGEST_HEARD, Incoming, Kept, Parsed
from bot.routing import stands_alone

HAS_NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Keeper:
    """What `keep` needs to know: an account's row, the accounts that share phones with it, durations and dialogs."""

    account_id: int
    sharing: tuple[int, ...]
    timing: Timing
    dialogs: Collection[Dialog]


ONE = """
with chat as (
  select c.id, c.joins from identity i
  join conversation c on c.account_id = i.account_id and c.contact_id = i.contact_id
  where i.account_id = %(account)s and i.kind = %(kind)s and i.value = %(value)s
    and (%(other)s::text is null or exists (select 1 from identity o where o.account_id = i.account_id
      and o.kind = %(other_kind)s and o.value = %(other)s and o.contact_id = i.contact_id))
), fresh as (
  insert into seen (account_id, provider_id) select %(account)s, %(id)s from chat on conflict do nothing returning 1
), kept as (
  insert into inbox (account_id, conversation_id, provider_id, message, raw, due_at)
  select %(account)s, chat.id, %(id)s, %(message)s::jsonb, %(raw)s, market_now() + make_interval(secs =>
    case chat.joins when 'words' then %(words)s when 'photos' then %(photos)s else 0 end)
  from chat, fresh
)
select exists (select 1 from chat) as is_known
"""


def keep_one(db: Db, keeper: Keeper, parsed: Parsed) -> bool:
    """Store a webhook that holds one message of somebody known and nothing else in one statement.

    False when it is neither: nothing is stored then, and `keep` does it in a transaction.
    """
    if len(parsed.messages) != 1 or parsed.reports:
        return False
    message = keepable(parsed.messages[0].message)
    names = message.sender.identities
    if len(names) > 2:
        return False
    row = db.run(
        ONE,
        account=keeper.account_id,
        kind=names[0].kind,
        value=names[0].value,
        other_kind=names[-1].kind,
        other=names[1].value if len(names) == 2 else None,
        id=message.provider_id,
        message=incoming_to_json(message),
        raw=parsed.messages[0].raw,
        words=_delay(message, "words", keeper),
        photos=_delay(message, "photos", keeper),
    ).rows[0]
    return bool(row.is_known)


def keep(db: Db, keeper: Keeper, parsed: Parsed) -> int:
    """Store one webhook's messages and reports; returns how many messages were new.

    It only inserts. Copies meet in the primary key of `seen`, whose keys are inserted in sorted order; of those in one
    webhook the first counts. Messages go in binary form (`b`): psycopg looks through an array's texts for quotes.
    """
    if parsed.reports:
        reports.keep(db, keeper.account_id, parsed.reports)
    if not parsed.messages:
        return 0
    ordered = _without_copies(sorted((Kept(keepable(kept.message), kept.raw) for kept in parsed.messages), key=_said))
    chats = _chats(db, keeper, ordered)
    return db.run(
        "with fresh as (insert into seen (account_id, provider_id)"
        " select %(account)s::bigint, p from unnest(%(ids)s::text[]) as p order by p"
        " on conflict do nothing returning provider_id)"
        " insert into inbox (account_id, conversation_id, provider_id, message, raw, due_at)"
        " select %(account)s, chat, provider_id, message::jsonb, raw, market_now() + make_interval(secs => delay)"
        " from unnest(%(ids)s::text[], %(chats)s::bigint[], %(messages)b::text[], %(raws)b::bytea[],"
        " %(delays)s::float8[]) with ordinality as r(provider_id, chat, message, raw, delay, place)"
        " join fresh using (provider_id) order by place",
        account=keeper.account_id,
        ids=[kept.message.provider_id for kept in ordered],
        chats=[chats[kept.message.sender.identities].conversation_id for kept in ordered],
        messages=[incoming_to_json(kept.message) for kept in ordered],
        raws=[kept.raw for kept in ordered],
        delays=[_delay(kept.message, chats[kept.message.sender.identities].joins, keeper) for kept in ordered],
    ).count


def _said(kept: Kept) -> datetime:
    """The provider's time; messages without one stay where they came."""
    return kept.message.sent_at or datetime.max.replace(tzinfo=UTC)


def _without_copies(ordered: Sequence[Kept]) -> list[Kept]:
    """The first message of each id, in order."""
    first: dict[str, Kept] = {}
    for kept in ordered:
        first.setdefault(kept.message.provider_id, kept)
    return list(first.values())


def _chats(db: Db, keeper: Keeper, kept: Sequence[Kept]) -> dict[object, Chat]:
    """The chat of each sender; new people are made in one order, so that two webhooks cannot lock each other out."""
    senders = {k.message.sender.identities: k.message.sender for k in kept}
    in_order = sorted(senders.items(), key=lambda item: [(i.kind, i.value) for i in item[0]])
    return {
        names: contacts.find_or_make_chat(db, keeper.account_id, sender, keeper.sharing) for names, sender in in_order
    }


def _delay(message: Incoming, joins: str, keeper: Keeper) -> float:
    """Seconds until a message is due: words wait for words where words join, photos for photos.

    A text longer than LONGEST_HEARD waits for nothing, as its words would be read before the webhook is answered.
    `STOP` and whatever else counts as a whole message only never wait, and so are never one with their neighbours.
    """
    if joins == "photos" and any(media.kind == "image" for media in message.media):
        return keeper.timing.joins_photos
    is_short = len(message.text) <= LONGEST_HEARD
    if joins == "words" and is_short and is_words(message) and not HAS_NUMBER.search(message.text):
        return 0.0 if stands_alone(keeper.dialogs, message.text) else keeper.timing.joins_words
    return 0.0


def is_words(message: Incoming) -> bool:
    """Whether a message is nothing but text, so that it may be one with its neighbours."""
    bare = not (message.tap or message.media or message.location or message.signal or message.unread)
    return bool(message.text) and bare


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
