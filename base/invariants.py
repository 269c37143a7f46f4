"""Invariants: what is true of the tables at every moment, each as one statement that finds the rows where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from base.db import Db

NEWEST: Final = 20_000  # ledger rows that a regular look follows; each look overlaps the last by far
ALL: Final = 2**62


@dataclass(frozen=True)
class Invariant:
    """`sql` gives (`row`, `says`) of each row that breaks it: its table and id, and the figures that do not agree.

    One statement sees one snapshot, so turns that commit meanwhile are never taken for a breach. `%(newest)s` is how
    far back it looks where it reads a ledger.
    """

    name: str
    sql: str


@dataclass(frozen=True)
class Violation:
    """A row that breaks an invariant, and how."""

    invariant: str
    row: str
    says: str


def count(db: Db, invariant: Invariant, newest: int = NEWEST) -> int:
    """How many rows break it."""
    return int(db.value(f"select count(*) from ({invariant.sql}) as broken", newest=newest))


def violations(db: Db, invariants: Sequence[Invariant], *, newest: int = ALL, limit: int = 20) -> list[Violation]:
    """The first `limit` rows that break each of them."""
    return [
        Violation(invariant.name, row.row, row.says)
        for invariant in invariants
        for row in db.rows(f"select * from ({invariant.sql}) as broken limit %(limit)s", newest=newest, limit=limit)
    ]
