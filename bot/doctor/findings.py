"""What a check finds, and what it looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from base.config import Config
from base.db import Database
from base.statements import Rows
from bot import watching
from bot.spool import Spool

Level = Literal["ok", "warn", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One line: how it is, what is so, and what to do about it ('' where nothing is to be done)."""

    level: Level
    check: str
    says: str
    do: str = ""

    @property
    def line(self) -> str:
        """What is so, and the way to mend it."""
        return f"{self.says} → {self.do}" if self.do else self.says


@dataclass
class Patient:
    """A market that is looked at, at work or not; `has` is what earlier checks have found to be there."""

    config: Config
    database: Database
    spool: Spool
    has: set[str] = field(default_factory=set)

    @property
    def is_production(self) -> bool:
        """Whether real people depend on it."""
        return self.config.environment == "production"

    def rows(self, sql: str, **values: Any) -> Rows:
        """The rows of a query, in a transaction of its own."""
        with self.database.unit_of_work() as db:
            return db.rows(sql, **values)

    @cached_property
    def figures(self) -> Any:
        """What /metrics shows, one column each."""
        with self.database.unit_of_work() as db:
            return watching.read(db)


Look = Iterator[tuple[Level, str, str]]  # how it is, what is so, what to do


@dataclass(frozen=True)
class Check:
    """A small function with the name of its lines; `needs`, what must be there before it makes sense."""

    name: str
    look: Callable[[Patient], Look]
    needs: Literal["", "database", "tables"] = ""
