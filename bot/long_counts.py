"""Counts that take longer than a turn may: who waits for which, until a job has counted and he is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from base.db import Db, jsonb

Kind = Literal["announcement", "figures"]
COUNTING: Final = 234  # the advisory lock of whoever counts: one at a time
ASK: Final = """
insert into long_count (kind, about, conversation_id) values (%(kind)s, %(about)s, %(conversation)s)
on conflict (kind, about, conversation_id) do update set due_at = market_now()
"""
NEXT: Final = "select kind, about from long_count where due_at <= market_now() order by due_at, id limit 1"


@dataclass(frozen=True)
class Awaited:
    """What is to be counted: `about` names it, {"broadcast": id} or {"period": word}."""

    kind: Kind
    about: Mapping[str, Any]


def ask(db: Db, awaited: Awaited, conversation_id: int) -> None:
    """Have it counted beside all turns, and told in this chat; asked again, it is told once."""
    db.run(ASK, kind=awaited.kind, about=jsonb(dict(awaited.about)), conversation=conversation_id)


def are_due(db: Db) -> bool:
    """Whether anything is to be counted now."""
    return db.one(NEXT) is not None


def due(db: Db) -> Awaited | None:
    """What waits longest; None while somebody else counts, who is alone in it until this transaction ends."""
    if not db.value("select pg_try_advisory_xact_lock(%(lock)s)", lock=COUNTING):
        return None
    row = db.one(NEXT)
    return Awaited(row.kind, row.about) if row else None


def settle(db: Db, awaited: Awaited) -> list[int]:
    """Nobody waits for it any more; the chats that did."""
    gone = "delete from long_count where kind = %(kind)s and about = %(about)s returning conversation_id"
    rows = db.run(gone, kind=awaited.kind, about=jsonb(dict(awaited.about))).rows
    return sorted(row.conversation_id for row in rows)


def put_off(db: Db, awaited: Awaited, seconds: float) -> None:
    """It takes too long even so: it is tried again in so many seconds."""
    db.run(
        "update long_count set due_at = market_now() + make_interval(secs => %(seconds)s)"
        " where kind = %(kind)s and about = %(about)s",
        seconds=seconds,
        kind=awaited.kind,
        about=jsonb(dict(awaited.about)),
    )
