"""What needs a person: rows for the organizer's list, and the notice that tells the organizers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from base import facts
from base.accounts import INBOXES
from base.db import Db, jsonb
from bot import locks
from catalog import locks as catalog_locks
from orders import locks as order_locks

ASKED_BY_A_PERSON = (
    "person_asked",
    "not_understood",
    "complaint",
    "payment_claim",
    "payment_problem",
    "voice_note",
    "voice_to_type",
    "voice_unclear",
    "image_query",
    "file_query",
    "shop_application",
    "question",
    "flag",
)
ANSWERED_BY_HAND = frozenset({*ASKED_BY_A_PERSON, "message_dead", "question_stopped", "question_voice", "note_stopped"})
# the groups of the list, in its order, and what belongs to each; whatever is in none comes last
GROUPS: Mapping[str, Sequence[str]] = {
    "people": (
        *("person_asked", "not_understood", "complaint", "voice_note", "voice_to_type"),
        *("voice_unclear", "image_query", "file_query"),
        *("question", "question_stopped", "question_voice", "note_stopped", "message_dead"),
        *("rights_suspended", "flag"),
    ),
    "money": ("payment_claim", "payment_problem", "payment_to_arrange", "refund_to_arrange"),
    "orders": ("vendor_unreachable", "code_locked", "part_late", "suspended_orders"),
}
LAST_GROUP = "service"
TOLD_APART = frozenset({"shop_application"})  # kinds whose notice is of their own: it can be decided in it
MOST_FILES = 20  # messages with files on one line
# what is learnt of an open line: it makes no other line of it
LEARNT = "'{phone,answered_by,is_told,replies,detail}'::text[]"


@dataclass(frozen=True)
class AttentionNeeded:
    """A fact: something waits for a person (attention.id and its kind)."""

    attention_id: int
    kind: str


@dataclass(frozen=True)
class AttentionSettled:
    """A fact: a person took care of a line; `about` are the ids it was about."""

    attention_id: int
    kind: str
    about: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Item:
    """One open line of the list; `about` holds ids, and the phone to call where a person had to tell it."""

    id: int
    kind: str
    about: Mapping[str, Any]
    at: datetime
    name: str  # of the person it is about, '' when it is about no person
    contact_id: int | None  # that person
    conversation_id: int | None = None  # in which it came up
    has_chat: bool = False  # he waits for words in a chat
    is_held: bool = False  # somebody answers there by hand now
    has_inbox: bool = False  # he can do so outside of this program


def ask(db: Db, kind: str, about: Mapping[str, Any], conversation_id: int | None = None) -> bool:
    """Add a line unless the same is open already; True when it was added. The organizers are told by a reaction."""
    locks.attention_list(db)
    same_chat = "is null" if conversation_id is None else "= %(conversation)s"  # either is looked up in an index
    added = db.run(
        "insert into attention (kind, about, conversation_id) select %(kind)s, %(about)s, %(conversation)s"
        " where not exists (select 1 from attention where settled_at is null and kind = %(kind)s"
        f" and about - {LEARNT} = %(about)s - {LEARNT} and conversation_id {same_chat})"
        " returning id",
        kind=kind,
        about=jsonb(dict(about)),
        conversation=conversation_id,
    )
    for row in added.rows:
        facts.record(db, AttentionNeeded(row.id, kind))
    return added.count == 1


def ask_for_person(
    db: Db, conversation_id: int, contact_id: int, kind: str, about: Mapping[str, Any] | None = None
) -> bool:
    """A person asks for a person (`person_asked`, `complaint` …); True for a new line.

    `about` may hold the phone (E.164) that he told for the call, an order's id, and words of his that are no secret.
    """
    return ask(db, kind, {"contact": contact_id, **(about or {})}, conversation_id)


def ask_to_look(db: Db, kind: str, conversation_id: int, contact_id: int, inbox_ids: Sequence[int]) -> bool:
    """A person sent files that only a person understands. True for a new line; else they are added to the open one.

    `about` holds the rows of the inbox, by which the files are found. A line that is just being settled takes none.
    """
    locks.attention_list(db)
    line = locks.line_with_files(db, kind, conversation_id, MOST_FILES)
    if line is None:
        return ask(db, kind, {"contact": contact_id, "inbox": list(inbox_ids)}, conversation_id)
    db.run(
        "update attention set about = jsonb_set(about, '{inbox}', (about->'inbox') || %(inbox)s) where id = %(id)s",
        inbox=jsonb(list(inbox_ids)),
        id=line,
    )
    return False


def tell_phone(db: Db, contact_id: int, phone: str) -> None:
    """The phone (E.164) that a person told for a call, on all his open lines."""
    db.run(
        "update attention set about = about || %(phone)s"
        " where settled_at is null and about @> %(contact)s and kind = any(%(kinds)s)",
        phone=jsonb({"phone": phone}),
        contact=jsonb({"contact": contact_id}),
        kinds=list(ASKED_BY_A_PERSON),
    )


def was_told_lately(db: Db, kind: str, seconds: float) -> bool:
    """Whether the organizers were told of an open line of this kind within so many seconds."""
    return bool(
        db.value(
            "select exists (select from attention where settled_at is null and kind = %(kind)s"
            " and told_at > market_now() - make_interval(secs => %(seconds)s))",
            kind=kind,
            seconds=seconds,
        )
    )


def mark_told(db: Db, attention_id: int) -> None:
    """The organizers are told of a line that this transaction added."""
    db.run("update attention set told_at = market_now() where id = %(id)s", id=attention_id)


_ITEMS = """
select a.id, a.kind, a.about, a.at, coalesce(p.name, '') as name, p.id as contact_id, a.conversation_id,
  coalesce(c.held_until > market_now(), false) as is_held, w.kind as account_kind from attention a
left join conversation c on c.id = a.conversation_id left join contact p on p.id = c.contact_id
left join channel_account w on w.id = c.account_id
where a.settled_at is null
"""


def open_items(db: Db, after: int = 0, size: int = 9) -> list[Item]:
    """The open lines after an id, oldest first."""
    rows = db.rows(f"{_ITEMS} and a.id > %(after)s order by a.id limit %(size)s", after=after, size=size)
    return [_item(row) for row in rows]


def grouped_items(db: Db, after: int = 0, size: int = 9) -> list[Item]:
    """The open lines by their groups, oldest first in each; those behind a line, which may be settled by now."""
    ranks = {kind: rank for rank, group in enumerate(GROUPS) for kind in GROUPS[group]}
    kind = db.value("select kind from attention where id = %(id)s", id=after) if after else None
    rank = "coalesce((%(ranks)s::jsonb ->> a.kind)::int, %(last)s)"
    rows = db.rows(
        f"{_ITEMS} and ({rank}, a.id) > (%(rank)s, %(after)s) order by {rank}, a.id limit %(size)s",
        ranks=jsonb(ranks),
        last=len(GROUPS),
        rank=ranks.get(kind, len(GROUPS)) if kind else -1,
        after=after,
        size=size,
    )
    return [_item(row) for row in rows]


def group_of(kind: str) -> str:
    """The group of the list that a line of this kind stands in."""
    return next((group for group, kinds in GROUPS.items() if kind in kinds), LAST_GROUP)


def _item(row: Any) -> Item:
    has_chat = row.conversation_id is not None and row.kind in ANSWERED_BY_HAND
    return Item(
        row.id,
        row.kind,
        row.about,
        row.at,
        row.name,
        row.contact_id,
        row.conversation_id,
        has_chat,
        row.is_held,
        row.account_kind in INBOXES,
    )


def about_of(db: Db, attention_id: int) -> Mapping[str, Any]:
    """What a line is about, open or settled; {} where there is none."""
    found: Mapping[str, Any] = db.value("select about from attention where id = %(id)s", id=attention_id) or {}
    return found


def kind_of(db: Db, attention_id: int) -> str:
    """What kind a line is of, open or settled; '' where there is none."""
    return str(db.value("select kind from attention where id = %(id)s", id=attention_id) or "")


def questions_of(db: Db, attention_ids: Sequence[int]) -> list[int]:
    """The buyers' questions that lines are about: locked before the lines are."""
    rows = db.rows(
        "select distinct (about ->> 'question')::bigint as id from attention"
        " where id = any(%(ids)s) and about ? 'question' order by 1",
        ids=list(attention_ids),
    )
    return [row.id for row in rows]


def line_about(db: Db, kind: str, about: Mapping[str, Any]) -> int | None:
    """The open line of a kind that is about this; None when there is none."""
    found: int | None = db.value(
        "select id from attention where settled_at is null and kind = %(kind)s and about @> %(about)s"
        " order by id limit 1",
        kind=kind,
        about=jsonb(dict(about)),
    )
    return found


def lines(items: Sequence[Item]) -> list[list[str]]:
    """Open lines as lines of a table."""
    return [[str(i.id), i.kind, i.name, json.dumps(i.about), f"{i.at:%d/%m %H:%M}"] for i in items]


def files_of(item: Item) -> list[int]:
    """The inbox rows whose files a line is about."""
    return _rows(item, "inbox")


def replies_to(item: Item) -> list[int]:
    """The inbox rows of what its person said since an organizer answered it."""
    return _rows(item, "replies")


def message_of(db: Db, attention_id: int, conversation_id: int) -> str:
    """The provider's id of the last message of this chat that a line names: a reply, else a file; '' where none is."""
    about = about_of(db, attention_id)
    told = about.get("replies") or about.get("inbox") or []
    rows = [row for row in (told if isinstance(told, list) else [told]) if isinstance(row, int)]
    found = db.value(
        "select provider_id from inbox where id = any(%(ids)s) and conversation_id = %(chat)s order by id desc limit 1",
        ids=rows,
        chat=conversation_id,
    )
    return str(found or "")


def words_of(db: Db, inbox_ids: Sequence[int]) -> list[str]:
    """The words of these messages, in order; what is no words is left out."""
    rows = db.rows(
        "select message->>'text' as text from inbox where id = any(%(ids)s) and message ? 'text' order by id",
        ids=list(inbox_ids),
    )
    return [row.text for row in rows]


def lines_replied(db: Db, conversation_ids: Sequence[int]) -> set[str]:
    """What the people of these chats have said to organizers who answered them, line by line."""
    rows = db.rows(
        "select i.message->>'text' as text from attention a"
        " cross join lateral jsonb_array_elements_text(a.about->'replies') r(id) join inbox i on i.id = r.id::bigint"
        " where a.conversation_id = any(%(chats)s) and a.about ? 'replies' and i.message ? 'text'",
        chats=list(conversation_ids),
    )
    return {line for row in rows for line in row.text.splitlines()}


def _rows(item: Item, key: str) -> list[int]:
    told = item.about.get(key)
    return [row for row in told if isinstance(row, int)] if isinstance(told, list) else []


_ORDERS_OF = """
select v.order_id from attention a join vendor_order v on v.id = (a.about ->> 'vendor_order')::bigint
where a.id = any(%(ids)s)
"""


def settle(db: Db, attention_ids: Sequence[int], contact_id: int | None) -> frozenset[int]:
    """Close lines; the ids of those that were open still. Raises Alone in a batch when one of them is busy.

    What follows touches the orders and questions they are about: these are locked before them, as whoever erases a
    person does.
    """
    rows = db.rows(_ORDERS_OF, ids=list(attention_ids))
    order_locks.orders(db, (row.order_id for row in rows))
    catalog_locks.questions(db, questions_of(db, attention_ids))
    locks.attention(db, attention_ids)
    settled = db.run(
        "update attention set settled_at = market_now(), about = about || %(by)s"
        " where id = any(%(ids)s) and settled_at is null returning id, kind, about",
        ids=list(attention_ids),
        by=jsonb({"settled_by": contact_id}),
    ).rows
    for row in settled:
        facts.record(db, AttentionSettled(row.id, row.kind, tuple(row.about.items())))
    return frozenset(row.id for row in settled)
