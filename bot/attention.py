"""What needs a person: rows for the organizer's list, and the notice that tells the organizers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from base import facts
from base.db import Db, jsonb
from bot import locks

ASKED_BY_A_PERSON = ("person_asked", "not_understood", "complaint")


@dataclass(frozen=True)
class AttentionNeeded:
    """A fact: something waits for a person (attention.id and its kind)."""

    attention_id: int
    kind: str


@dataclass(frozen=True)
class Item:
    """One open line of the list; `about` holds ids, and the phone to call where a person had to tell it."""

    id: int
    kind: str
    about: Mapping[str, Any]
    at: datetime
    name: str  # of the person it is about, '' when it is about no person
    contact_id: int | None  # that person


def ask(db: Db, kind: str, about: Mapping[str, Any], conversation_id: int | None = None) -> bool:
    """Add a line unless the same is open already; True when it was added. The organizers are told by a reaction."""
    locks.attention_list(db)
    added = db.run(
        "insert into attention (kind, about, conversation_id) select %(kind)s, %(about)s, %(conversation)s"
        " where not exists (select 1 from attention where settled_at is null and kind = %(kind)s"
        " and about - 'phone' = %(about)s - 'phone' and conversation_id is not distinct from %(conversation)s)"
        " returning id",
        kind=kind,
        about=jsonb(dict(about)),
        conversation=conversation_id,
    )
    for row in added.rows:
        facts.record(db, AttentionNeeded(row.id, kind))
    return added.count == 1


def ask_for_person(db: Db, conversation_id: int, contact_id: int, kind: str, phone: str = "") -> bool:
    """A person asks for a person (`person_asked`, `complaint` …), who may call that phone. True for a new line."""
    return ask(db, kind, {"contact": contact_id} | ({"phone": phone} if phone else {}), conversation_id)


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


def open_items(db: Db, after: int = 0, size: int = 9) -> list[Item]:
    """The open lines after an id, oldest first."""
    rows = db.rows(
        "select a.id, a.kind, a.about, a.at, coalesce(p.name, '') as name, p.id as contact_id from attention a"
        " left join conversation c on c.id = a.conversation_id left join contact p on p.id = c.contact_id"
        " where a.settled_at is null and a.id > %(after)s order by a.id limit %(size)s",
        after=after,
        size=size,
    )
    return [Item(row.id, row.kind, row.about, row.at, row.name, row.contact_id) for row in rows]


def settle(db: Db, attention_ids: Sequence[int], contact_id: int | None) -> frozenset[int]:
    """Close lines; the ids of those that were open still. Raises Alone in a batch when one of them is busy."""
    locks.attention(db, attention_ids)
    settled = db.run(
        "update attention set settled_at = market_now(), about = about || %(by)s"
        " where id = any(%(ids)s) and settled_at is null returning id",
        ids=list(attention_ids),
        by=jsonb({"settled_by": contact_id}),
    ).rows
    return frozenset(row.id for row in settled)
