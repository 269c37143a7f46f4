"""What was not understood: words that led to a miss or to nothing found, masked, for an operator to learn from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from base.db import Db, jsonb
from base.spelling import fold
from bot.dialog import State
from bot.messages import Incoming
from bot.world import Turned

LONGEST: Final = 80  # characters that are kept of a message
MOST_READ: Final = 20_000  # newest rows that are grouped
SPOKEN_OF_GOODS: Final = frozenset({"missed_product", "missed_quantity"})  # questions whose answers are not personal
_FIGURE: Final = re.compile(r"\d")
_ADDRESS: Final = re.compile(r"\S*@\S*|https?://\S*")


@dataclass(frozen=True)
class Unclear:
    """Words of one message; `kind`: miss, or nothing (no good answers them)."""

    role: str
    kind: Literal["miss", "nothing"]
    words: str
    folded: str
    contact_id: int


@dataclass(frozen=True)
class Group:
    """Messages of the same folded words."""

    role: str
    kind: str
    words: str  # as they were typed last
    times: int
    last_at: datetime


def of(
    contact_id: int, said: Incoming, turned: Turned, open_state: State | None, answers: Iterable[Sequence[Any]]
) -> Unclear | None:
    """What a turn leaves for the operator; None when it was understood, or may have told something personal.

    An open question for a name, a phone or a place is answered with personal words, understood or not.
    """
    kind = _kind(turned, answers)
    is_private = open_state is not None and open_state.kind == "ask" and open_state.missed not in SPOKEN_OF_GOODS
    if kind is None or is_private or said.tap or said.media or said.unread:
        return None
    words = masked(said.text)
    folded = fold(words)
    return Unclear(turned.session.hat, kind, words, folded, contact_id) if folded else None


def forget(db: Db, seconds: float, limit: int) -> int:
    """Forget words that were kept longer than that, the oldest first; returns how many."""
    return db.run(
        "delete from unclear where id in (select id from unclear"
        " where at < market_now() - make_interval(secs => %(kept)s) order by at limit %(limit)s)",
        kept=seconds,
        limit=limit,
    ).count


def _kind(turned: Turned, answers: Iterable[Sequence[Any]]) -> Literal["miss", "nothing"] | None:
    if turned.route.how == "miss":
        return "miss"
    return "nothing" if any(what == "step" and answer == "nothing" for what, _, answer in answers) else None


def masked(text: str) -> str:
    """A message without its figures and addresses, cut: no phone, no code, no amount is kept."""
    return " ".join(_FIGURE.sub("#", _ADDRESS.sub("#", text[: 2 * LONGEST])).split())[:LONGEST]


def keep(db: Db, found: Sequence[Unclear]) -> None:
    """Write what was not understood; it only inserts."""
    if found:
        db.run(
            "insert into unclear (role, kind, words, folded, contact_id)"
            " select role, kind, words, folded, contact_id from jsonb_to_recordset(%(rows)s)"
            " as r(role text, kind text, words text, folded text, contact_id bigint)",
            rows=jsonb([asdict(one) for one in found]),
        )


def forget_person(db: Db, contact_id: int) -> int:
    """Forget the words of a person; how many messages."""
    return db.run("delete from unclear where contact_id = %(id)s", id=contact_id).count


def listed(db: Db, *, role: str = "", newest: bool = False, most: int = 30) -> list[Group]:
    """The newest messages grouped by their folded words: most often first, or last said first."""
    rows = db.rows(
        "select role, kind, (array_agg(words order by id desc))[1] as words, count(*) as times, max(at) as last_at"
        " from (select * from unclear order by id desc limit %(read)s) as u"
        " where %(role)s in ('', role) group by role, kind, folded"
        f" order by {'last_at' if newest else 'times'} desc, last_at desc, words limit %(most)s",
        read=MOST_READ,
        role=role,
        most=most,
    )
    return [Group(row.role, row.kind, row.words, row.times, row.last_at) for row in rows]


def lines(db: Db, role: str, most: int, *, newest: bool) -> list[list[str]]:
    """The same as lines of a table."""
    groups = listed(db, role=role, newest=newest, most=most)
    return [[one.role, one.kind, one.words, str(one.times), f"{one.last_at:%d/%m %H:%M}"] for one in groups]
