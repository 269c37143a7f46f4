"""What came in: stored once, in the provider's order, before anybody answers 200."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from base.db import Db
from base.timing import Timing
from bot import contacts, reports
from bot.contacts import Chat
from bot.documents import incoming_to_json, keepable
from bot.messages import Incoming, Kept, Parsed

HAS_NUMBER = re.compile(r"\d")


@dataclass(frozen=True)
class Keeper:
    """What `keep` needs to know of an account: its row, the accounts that share phones with it, and the durations."""

    account_id: int
    sharing: tuple[int, ...]
    timing: Timing


def keep(db: Db, keeper: Keeper, parsed: Parsed) -> int:
    """Store one webhook's messages and reports; returns how many messages were new.

    It only inserts. Copies meet in the primary key of `seen`, whose keys are inserted in sorted order.
    """
    if parsed.reports:
        reports.keep(db, keeper.account_id, parsed.reports)
    if not parsed.messages:
        return 0
    ordered = sorted((Kept(keepable(kept.message), kept.raw) for kept in parsed.messages), key=_said)
    chats = _chats(db, keeper, ordered)
    return db.run(
        "with fresh as (insert into seen (account_id, provider_id)"
        " select distinct %(account)s::bigint, p from unnest(%(ids)s::text[]) as p order by p"
        " on conflict do nothing returning provider_id),"
        " rows as (select distinct on (provider_id) * from unnest(%(ids)s::text[], %(chats)s::bigint[],"
        " %(messages)s::text[], %(raws)s::bytea[], %(delays)s::float8[])"
        " with ordinality as r(provider_id, chat, message, raw, delay, place) order by provider_id, place)"
        " insert into inbox (account_id, conversation_id, provider_id, message, raw, due_at)"
        " select %(account)s, chat, provider_id, message::jsonb, raw, market_now() + make_interval(secs => delay)"
        " from rows join fresh using (provider_id) order by place",
        account=keeper.account_id,
        ids=[kept.message.provider_id for kept in ordered],
        chats=[chats[kept.message.sender.identities].conversation_id for kept in ordered],
        messages=[incoming_to_json(kept.message) for kept in ordered],
        raws=[kept.raw for kept in ordered],
        delays=[_delay(kept.message, chats[kept.message.sender.identities], keeper.timing) for kept in ordered],
    ).count


def _said(kept: Kept) -> datetime:
    """The provider's time; messages without one stay where they came."""
    return kept.message.sent_at or datetime.max.replace(tzinfo=UTC)


def _chats(db: Db, keeper: Keeper, kept: Sequence[Kept]) -> dict[object, Chat]:
    """The chat of each sender; new people are made in one order, so that two webhooks cannot lock each other out."""
    senders = {k.message.sender.identities: k.message.sender for k in kept}
    in_order = sorted(senders.items(), key=lambda item: [(i.kind, i.value) for i in item[0]])
    return {
        names: contacts.find_or_make_chat(db, keeper.account_id, sender, keeper.sharing) for names, sender in in_order
    }


def _delay(message: Incoming, chat: Chat, timing: Timing) -> float:
    """Seconds until a message is due: words wait for words where words join, photos for photos."""
    if chat.joins == "photos" and any(media.kind == "image" for media in message.media):
        return timing.joins_photos
    if chat.joins == "words" and is_words(message) and not HAS_NUMBER.search(message.text):
        return timing.joins_words
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
