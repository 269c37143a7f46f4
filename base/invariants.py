"""Invariants: what is true of the tables at every moment, each as one statement that finds the rows where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from base.db import Db

NEWEST: Final = 20_000  # ledger rows that a regular look follows; each look overlaps the last by far
STRETCH: Final = 20_000  # rows of a table that a regular look goes through; the next one goes on behind them
ALL: Final = 2**62


@dataclass(frozen=True)
class Invariant:
    """`sql` gives (`row`, `says`) of each row that breaks it: its table and id, and the figures that do not agree.

    One statement sees one snapshot, so turns that commit meanwhile are never taken for a breach. `%(newest)s` is how
    far back it looks where it reads a ledger. Where it goes through a `table` that grows with the market, it reads the
    rows with ids above `%(after)s` up to `%(last)s`.
    """

    name: str
    sql: str
    table: str = ""


@dataclass(frozen=True)
class Stretch:
    """A part of a table by its ids, `after` not in it; the first begins at 0, the last one ends at ALL."""

    after: int = 0
    last: int = ALL

    @property
    def is_first(self) -> bool:
        """Whether a round through the table begins with it."""
        return self.after == 0

    @property
    def is_last(self) -> bool:
        """Whether a round ends with it."""
        return self.last == ALL


WHOLE: Final = Stretch()


@dataclass(frozen=True)
class Violation:
    """A row that breaks an invariant, and how."""

    invariant: str
    row: str
    says: str


def stretch(db: Db, table: str, after: int, most: int = STRETCH) -> Stretch:
    """The next so many rows of a table behind an id."""
    ids = f"select id from {table} where id > %(after)s order by id limit %(most)s"
    found = db.one(f"select count(*) as count, max(id) as last from ({ids}) as next", after=after, most=most)
    return Stretch(after, found.last) if found and found.count == most else Stretch(after)


def count(db: Db, invariant: Invariant, newest: int = NEWEST, within: Stretch = WHOLE) -> int:
    """How many rows break it."""
    sql = f"select count(*) from ({invariant.sql}) as broken"
    return int(db.value(sql, newest=newest, after=within.after, last=within.last))


def violations(db: Db, invariants: Sequence[Invariant], *, newest: int = ALL, limit: int = 20) -> list[Violation]:
    """The first `limit` rows that break each of them, in whole tables."""
    return [
        Violation(invariant.name, row.row, row.says)
        for invariant in invariants
        for row in db.rows(
            f"select * from ({invariant.sql}) as broken limit %(limit)s", newest=newest, limit=limit, after=0, last=ALL
        )
    ]
