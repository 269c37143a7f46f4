"""Ways of saying things that an operator has taught while the market runs, read by every process within seconds."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from base.db import Db
from base.spelling import rewritten

READ_EVERY: Final = 2.0  # seconds between two looks at the newest row, however many turns ask
MOST: Final = 2000  # ways that are kept in memory


@dataclass(frozen=True)
class Taught:
    """One way and what it means, both folded."""

    way: str
    meaning: str
    by: str
    at: datetime


@dataclass
class _Read:
    """What one database's operators have taught, as this process knows it."""

    ways: Mapping[str, str] = field(default_factory=dict)
    newest: int = 0
    read_at: float = 0.0  # monotonic; 0: never


_READ: dict[tuple[str, int, str], _Read] = {}  # by the database's host, port and name


def meant(db: Db, text: str) -> str:
    """A text with what was taught in place of the ways it was typed in; as it is when it has none of them."""
    return rewritten(text, ways(db))


def ways(db: Db) -> Mapping[str, str]:
    """What was taught, by way. Every two seconds it costs a look at the newest row."""
    server = db.connection.info
    known = _READ.setdefault((server.host, server.port, server.dbname), _Read())
    if known.read_at and time.monotonic() - known.read_at < READ_EVERY:
        return known.ways
    newest = db.value("select max(id) from synonym") or 0
    if newest != known.newest:
        known.ways = {taught.way: taught.meaning for taught in listed(db)}
        known.newest = newest
    known.read_at = time.monotonic()
    return known.ways


def listed(db: Db) -> Sequence[Taught]:
    """What is taught now, by way."""
    rows = db.rows(
        "select * from (select distinct on (way) way, meaning, taught_by, taught_at from synonym order by way, id desc)"
        " as newest where meaning <> '' order by way limit %(most)s",
        most=MOST,
    )
    return [Taught(row.way, row.meaning, row.taught_by, row.taught_at) for row in rows]


def teach(db: Db, way: str, meaning: str, by: str) -> None:
    """Keep what a way means, both folded, in place of what it meant before; '' forgets it."""
    db.run(
        "insert into synonym (way, meaning, taught_by) values (%(way)s, %(meaning)s, %(by)s)",
        way=way,
        meaning=meaning,
        by=by,
    )
