"""A person asks to be forgotten: seven days in which he may think again, then nothing of him is left but numbers.

`erasure` holds who asked when, by the number of a contact whose row is then empty, and how many rows each eraser
changed: the log says that it was done, and nothing about whom.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from base.db import Db, jsonb
from base.phones import format_phone
from base.secret import Secret
from base.timing import Timing
from bot import attention, consent, contacts, locks
from catalog import questions
from orders import complaints, forgetting, reports

SHORTEST_WORD = 3  # characters; shorter ones would be found in half of all texts
Why = Literal["asked", "inactive"]
Obstacle = Literal["order", "role"]
MARK_SWEPT = """
update erasure set swept_at = market_now()
where id = any(%(ids)s) and erased_at <= market_now() - interval '3 minutes'
"""


@dataclass(frozen=True)
class Leaving:
    """Who is erased: his chats, the names that channels gave him, and every word about him that others were told."""

    contact_id: int
    conversation_ids: tuple[int, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]


Eraser = Callable[[Db, Leaving], int]
"""Takes one kind of things about a person away, in the transaction of all of them; how many. May be called again."""


def due_of(db: Db, contact_id: int) -> datetime | None:
    """When this person will be erased; None when he has not asked for it."""
    due: datetime | None = db.value(
        "select due_at from erasure where contact_id = %(id)s and kept_at is null and erased_at is null", id=contact_id
    )
    return due


def obstacle(db: Db, contact_id: int) -> Obstacle | None:
    """What must end first: an order that is open, or a role (a shop is handed over by a person)."""
    if reports.unfinished_order_code(db, contact_id):
        return "order"
    held = "select exists (select from role where contact_id = %(id)s and suspended_at is null)"
    return "role" if db.value(held, id=contact_id) else None


def ask(db: Db, contact_id: int, why: Why, grace: float) -> datetime:
    """Have a person erased after `grace` seconds; the moment, an earlier one when it was asked before."""
    db.run(
        "insert into erasure (contact_id, why, due_at)"
        " values (%(id)s, %(why)s, market_now() + make_interval(secs => %(grace)s))"
        " on conflict (contact_id) where kept_at is null and erased_at is null do nothing",
        id=contact_id,
        why=why,
        grace=grace,
    )
    due = due_of(db, contact_id)
    if due is None:
        raise LookupError("the erasure just asked for is not there")
    return due


def take_back(db: Db, contact_id: int) -> bool:
    """The person stays; False when nothing was asked."""
    kept = "update erasure set kept_at = market_now() where contact_id = %(id)s and kept_at is null"
    return db.run(f"{kept} and erased_at is null", id=contact_id).count > 0


def erase_next(db: Db, erasers: Mapping[str, Eraser], secret: Secret, timing: Timing) -> bool:
    """A job: erase the person whose time has come longest ago; False when there is none.

    Who has an order open is looked at again a day later. Chats are locked, so that no turn of his goes on meanwhile.
    """
    row = locks.erasure_due(db)
    if row is None:
        return False
    if obstacle(db, row.contact_id) or not (leaving := _leaving(db, row.contact_id)):
        _postpone(db, row.id, timing.erasure_again)
        return True
    consent.keep_beyond(db, row.contact_id, secret)
    counts = {name: erase(db, leaving) for name, erase in erasers.items()}
    db.run(
        "update erasure set erased_at = market_now(), conversations = %(chats)s, counts = %(counts)s where id = %(id)s",
        id=row.id,
        chats=list(leaving.conversation_ids),
        counts=jsonb(counts),
    )
    return True


def _postpone(db: Db, erasure_id: int, seconds: float) -> None:
    db.run(
        "update erasure set due_at = market_now() + make_interval(secs => %(seconds)s) where id = %(id)s",
        id=erasure_id,
        seconds=seconds,
    )


def _leaving(db: Db, contact_id: int) -> Leaving | None:
    """The person with his chats locked; None while one of them is in a turn."""
    chats = contacts.chats_of(db, contact_id)
    if not locks.conversations(db, chats):
        return None
    names = tuple(row.value for row in db.rows("select value from identity where contact_id = %(id)s", id=contact_id))
    own = db.rows(
        "select unnest(array[name, phone_told]) as word from contact where id = %(id)s"
        " or id in (select from_contact_id from chat_link where contact_id = %(id)s)",
        id=contact_id,
    )
    replied = (piece for line in attention.lines_replied(db, chats) for piece in complaints.pieces(line))
    asked = (piece for line in questions.words_of(db, contact_id) for piece in complaints.pieces(line))
    told = {*(row.word for row in own if row.word), *names, *forgetting.words_of(db, contact_id), *replied, *asked}
    return Leaving(contact_id, tuple(chats), names, _as_written(told))


def _as_written(told: set[str]) -> tuple[str, ...]:
    """Words as texts hold them, phones as people read them too; the longest first, as one may hold another."""
    shown = {format_phone(word) for word in told if word.startswith("+")}
    return tuple(sorted((w for w in told | shown if len(w) >= SHORTEST_WORD), key=lambda word: (-len(word), word)))


def unswept(db: Db, limit: int) -> Sequence[tuple[int, Sequence[int]]]:
    """Erasures of which something may be left outside of the database: (id, its conversations)."""
    rows = db.rows(
        "select id, conversations from erasure where erased_at is not null and swept_at is null"
        " and kept_at is null and due_at <= market_now() order by due_at limit %(limit)s",
        limit=limit,
    )
    return [(row.id, row.conversations) for row in rows]


def mark_swept(db: Db, erasure_ids: Sequence[int]) -> None:
    """These were swept; of the last three minutes' something may still be written, and they are swept again."""
    db.run(MARK_SWEPT, ids=list(erasure_ids))
