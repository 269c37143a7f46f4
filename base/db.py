"""The database: one pool, one transaction per unit of work, SQL as it is written."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads
from sqlalchemy import MetaData, create_engine
from sqlalchemy.exc import TimeoutError
from sqlalchemy.pool import Pool, PoolProxiedConnection, QueuePool

from base import compiled_json, facts
from base.facts import Reactions
from base.leash import Leash
from base.statements import Asked, Done, Rows, statements_of

T = TypeVar("T")
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# the database cannot be reached now, it has ended a session that stood still, or the pool is dry
AWAY: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    TimeoutError,
)
FAILED: Final = (psycopg.Error, TimeoutError)  # whatever a database may answer that is no answer
CONNECTING: Final = {
    "application_name": "assigame",
    "connect_timeout": 2,  # seconds, the least there is
    "tcp_user_timeout": 5000,  # milliseconds without an answer of the network until a connection counts as lost
    "keepalives_idle": 10,  # seconds, as the next; with their count a silent peer is lost after 20
    "keepalives_interval": 5,
    "keepalives_count": 2,
    # A statement is planned once: PostgreSQL would plan the longer ones anew each time, at more than their own cost.
    # That plan lasts while tables grow, so it reads none from end to end, however small it was; what a turn reads is
    # in memory or on a disk that seeks nothing.
    "options": "-c lock_timeout=2s -c idle_in_transaction_session_timeout=10s -c jit=off"
    " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c random_page_cost=1.1",
}
set_json_dumps(compiled_json.dumps)
set_json_loads(compiled_json.loads)


class Alone(Exception):
    """A row that this turn needs is busy: the turn leaves its batch of several, and waits by itself."""


class LocksComeFirst(Exception):
    """A turn of a batch asked for a row lock after it had written: a bug, as it could no longer be dropped."""


@dataclass
class Last:
    """The statement that ends a transaction: what it has done is known after the commit."""

    asked: Asked
    done: Done | None = None

    @property
    def rows(self) -> Rows:
        """What it gave back. Raises LookupError before the commit."""
        if self.done is None:
            raise LookupError("not committed")
        return self.done.rows


def jsonb(value: Any) -> Jsonb:
    """A value for a jsonb column."""
    return Jsonb(value)


class Db:
    """One open transaction. Statements are SQL with `%(name)s` parameters; rows come back as named tuples."""

    def __init__(self, connection: "psycopg.Connection[Any]", *, in_batch: bool = False) -> None:
        self.connection = connection
        self.in_batch = in_batch  # locks skip busy rows and raise Alone
        self.facts: list[object] = []
        self.has_written = self.has_appended = False
        self._statements = statements_of(connection)
        self._kept: dict[Hashable, Any] | None = None
        self._last: Last | None = None

    def keep_reads(self) -> "Db":
        """From now on what `kept` has read, and what it is told to `know`, is read once: for one turn.

        Whatever is written or locked ends that.
        """
        self._kept = {}
        return self

    def kept(self, sql: str, **values: Any) -> Rows:
        """The rows of a query that several steps of one turn ask; without `keep_reads` they are read each time."""
        key = (sql, repr(values))
        rows: Rows | None = self.known(key)
        if rows is None:
            rows = self.rows(sql, **values)
            self.know(key, rows)
        return rows

    def know(self, key: Hashable, value: Any) -> None:
        """What this turn has just read or written under another name, which it need not read again."""
        if self._kept is not None:
            self._kept[key] = value

    def known(self, key: Hashable) -> Any | None:
        """What it was told to `know`; None when it has to be read."""
        return self._kept.get(key) if self._kept else None

    def rows(self, sql: str, **values: Any) -> Rows:
        """The rows of a query."""
        return self._executed(sql, values).rows

    def one(self, sql: str, **values: Any) -> Any | None:
        """The first row of a query, or None."""
        return next(iter(self._executed(sql, values).rows), None)

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, **values)
        return None if row is None else row[0]

    def run(self, sql: str, **values: Any) -> Done:
        """Change rows; what `returning` names comes back."""
        self._read_anew()
        self.has_written = True
        return self._executed(sql, values)

    def append(self, sql: str, **values: Any) -> Done:
        """Add rows that this turn does not read again, such as what is to be said: what was `kept` stays true."""
        self.has_written = self.has_appended = True
        return self._executed(sql, values)

    def run_last(self, sql: str, **values: Any) -> Last:
        """Change rows by what ends the transaction, in one go with its commit, and is the last to be run."""
        if self._last or not self._statements.begins:
            raise RuntimeError("a transaction has one end, and a statement that is its own transaction none")
        self._last = Last(Asked(sql, values))
        return self._last

    def rows_of_all(self, asked: Sequence[Asked]) -> list[Rows]:
        """The rows of several queries that are asked in one go; each sees what was committed before it."""
        return [done.rows for done in self._statements.run_all(asked)]

    def in_time(self, seconds: float, read: Callable[[], T]) -> T | None:
        """What `read` finds, which writes nothing; None where one of its statements takes longer than `seconds`.

        The transaction goes on either way, as it was before.
        """
        most = f"{int(seconds * 1000)}ms"
        if most == "0ms":
            return None
        self.rows("savepoint in_time")
        try:
            self.rows("select set_config('statement_timeout', %(most)s, true)", most=most)
            return read()
        except psycopg.errors.QueryCanceled:
            return None
        finally:
            if self.connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
                self.rows("rollback to savepoint in_time")  # and the time-out with it

    def commit(self) -> None:
        """End the transaction with its last statement; only whoever has begun it calls this."""
        if self._last:
            (self._last.done,) = self._statements.run_all([self._last.asked], commits=True)
        else:
            self._statements.commit()

    def _executed(self, sql: str, values: Mapping[str, Any]) -> Done:
        return self._statements.run(sql, values)

    def lock(self, sql: str, *, expected: int, **values: Any) -> Rows:
        """Take row locks, in id order; only a room's locks.py calls this.

        `sql` ends in `order by id for no key update`. Outside a batch it waits. In a batch it skips busy rows, and when
        fewer than `expected` come back because some are busy it raises Alone; LocksComeFirst when the turn has written.
        """
        self._read_anew()
        if not self.in_batch:
            return self.rows(sql, **values)
        if self.has_written:
            raise LocksComeFirst(sql)
        found = self.rows(f"{sql} skip locked", **values)
        if len(found) < expected:
            raise Alone
        return found

    def _read_anew(self) -> None:
        if self._kept:
            self._kept.clear()

    def turn_of_batch(self, *, waits: bool = False) -> "Db":
        """The same transaction for one turn of a batch, with facts of its own; the only one may wait for its locks."""
        return Db(self.connection, in_batch=not waits).keep_reads()


class Database:
    """The pool of connections to one PostgreSQL, and the reactions to what happens there."""

    def __init__(
        self,
        url: str,
        *,
        reactions: Reactions = (),
        pool_size: int = 8,
        pool_wait: float = 1.0,
    ) -> None:
        self.reactions = list(reactions)
        self.leash = Leash()
        self.engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_use_lifo=True,  # the connection of last time has its plans and its caches
            pool_timeout=pool_wait,
            pool_pre_ping=False,
            connect_args=CONNECTING,
        )
        self._at_hand: list[tuple[Pool, PoolProxiedConnection]] = []

    @contextmanager
    def transaction(self, within: float | None = None, *, in_batch: bool = False) -> Iterator[Db]:
        """One transaction, whose facts nobody reacts to: committed at the end, rolled back on any exception.

        With `within` (seconds) a server that does not answer in time counts as lost.
        """
        with self._lent(within, begins=True) as connection:
            db = Db(connection, in_batch=in_batch)
            yield db
            db.commit()

    @contextmanager
    def unit_of_work(self, within: float | None = None, *, in_batch: bool = False) -> Iterator[Db]:
        """A transaction that is committed with the reactions to its facts at the end; the rest as in `transaction`."""
        with self.transaction(within, in_batch=in_batch) as db:
            yield db
            facts.react(db, self.reactions)

    @contextmanager
    def autocommit(self, within: float | None = None) -> Iterator[Db]:
        """A connection whose every statement by `Db` is its own transaction; `within` as in `transaction`.

        For work that is one statement (a third of the round trips), and for marks that must outlive a rollback.
        """
        with self._lent(within, begins=False) as connection:
            yield Db(connection)

    @contextmanager
    def _lent(self, within: float | None, *, begins: bool) -> Iterator["psycopg.Connection[Any]"]:
        """A connection of the pool; when it is lost, those that wait there are too, and are made anew."""
        pool, lent = self._taken()
        connection: psycopg.Connection[Any] = lent.driver_connection  # type: ignore[assignment]
        statements = statements_of(connection)
        statements.begins = begins
        try:
            with nullcontext() if within is None else self.leash.hold(connection.fileno(), within):
                yield connection
        finally:
            statements.leave()
            if connection.closed:
                lent.invalidate()
                self._forget_idle()
            self._give_back(pool, lent)

    def _taken(self) -> tuple[Pool, PoolProxiedConnection]:
        """The connection of last time where it is at hand, as the pool's own way costs as much as a short statement."""
        try:
            return self._at_hand.pop()
        except IndexError:
            return self.engine.pool, self.engine.raw_connection()

    def _give_back(self, pool: Pool, lent: PoolProxiedConnection) -> None:
        """Keep one at hand, which the pool counts as lent; where all are, somebody may wait there, so it goes back."""
        if pool is not self.engine.pool or self._at_hand or not lent.is_valid or self._are_all_lent:
            lent.close()
            return
        self._at_hand.append((pool, lent))
        if self._are_all_lent:  # by now
            self._empty_hand()

    @property
    def _are_all_lent(self) -> bool:
        pool: QueuePool = self.engine.pool  # type: ignore[assignment]
        return pool.checkedout() >= pool.size()

    def _empty_hand(self) -> None:
        with suppress(IndexError):
            while True:
                self._at_hand.pop()[1].close()

    def _forget_idle(self) -> None:
        self._empty_hand()
        self.engine.dispose()

    def close(self) -> None:
        """Give all idle connections back, and let nothing of it go on by itself."""
        self._forget_idle()
        self.leash.end()


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five-character code of an error, '' when it has none."""
    return (error.sqlstate or "") if isinstance(error, psycopg.Error) else ""


def columns(rows: Sequence[Mapping[str, Any]], *names: str) -> dict[str, list[Any]]:
    """Turn rows into one list per column, for `unnest` in a bulk statement."""
    return {name: [row[name] for row in rows] for name in names}
