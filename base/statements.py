"""Statements on their way to PostgreSQL: read once, prepared when they come again, run in one call of libpq.

psycopg's cursor does the same by generators that wait for the socket in Python, at twice the CPU and twice the time of
a short statement, of which a turn has ten. What is adapted is adapted by psycopg: values, rows and errors are its own.
Those that need not wait for each other, and BEGIN and COMMIT beside them, are asked in one go, by libpq's pipeline.
"""

import re
import select
from collections import OrderedDict, namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import abc, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

Rows = Sequence[Any]
MOST: Final = 500  # that a connection keeps prepared: a process has fewer; one that is thrown out is planned anew
SEEN: Final = b""  # of a statement that came once: it is prepared when it comes a second time
_PLACE: Final = re.compile(r"%(?:\((\w+)\)([sb])|(%))?")
_FORMATS: Final = {"s": PyFormat.AUTO, "b": PyFormat.BINARY}
_BEGIN: Final = b"BEGIN"
_COMMIT: Final = b"COMMIT"
_ROLLBACK: Final = b"ROLLBACK"
_KEPT: Final = "_assigame_statements"
_GOOD: Final = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


@dataclass(frozen=True)
class Done:
    """What came of a statement: how many rows it read or changed, and those it gave back."""

    count: int
    rows: Rows


NONE: Final = Done(0, ())


class Asked(NamedTuple):
    """A statement with its values by name."""

    sql: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """SQL with `$1`, `$2` …, and the names of these values in their order."""

    query: bytes
    names: tuple[str, ...]
    formats: tuple[PyFormat, ...]


@lru_cache(maxsize=2048)
def statement_of(sql: str) -> Statement:
    """SQL with `%(name)s`, `%(name)b` for what goes as bytes, `%%` for a percent sign. ValueError for any other `%`."""
    formats: dict[str, PyFormat] = {}

    def written(found: re.Match[str]) -> str:
        name, form, percent = found.groups()
        if percent:
            return "%"
        if not name:
            raise ValueError(f"a lone % in {sql[:80]!r}")
        formats.setdefault(name, _FORMATS[form])
        return f"${list(formats).index(name) + 1}"

    query = _PLACE.sub(written, sql).encode()
    return Statement(query, tuple(formats), tuple(formats.values()))


class _Ready(NamedTuple):
    """A statement as libpq takes it."""

    name: bytes  # SEEN where it is not prepared
    query: bytes
    given: Sequence[Any]
    types: Sequence[int] | None
    formats: Sequence[Any] | None


class Statements:
    """Those of one connection, used by one thread at a time.

    `begins`, set by who lends it out: outside of a transaction a statement begins one; else it is one by itself.
    """

    begins = True

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection, self._line = connection, connection.pgconn
        self._poll = select.poll()
        self._poll.register(self._line.socket, select.POLLIN)
        self._prepared: OrderedDict[tuple[bytes, tuple[int, ...]], bytes] = OrderedDict()
        self._rows: dict[bytes, Any] = {}  # name of one that is prepared → what makes a row of it
        self._adapting: abc.Transformer = Transformer(connection)
        self._made = 0

    def run(self, sql: str, values: Mapping[str, Any]) -> Done:
        """Run one statement, which begins a transaction where it is to (`begins`).

        Raises psycopg's errors, KeyError for a value that is missing.
        """
        if self._begins:
            return self.run_all([Asked(sql, values)])[0]
        ready = self._ready(sql, values)
        if ready.name:
            result = self._line.exec_prepared(ready.name, ready.given, ready.formats)
        elif ready.given:
            result = self._line.exec_params(ready.query, ready.given, ready.types, ready.formats)
        else:
            result = self._line.exec_(ready.query)
        return self._read(self._checked(result), ready.name)

    def run_all(self, asked: Sequence[Asked], *, commits: bool = False) -> list[Done]:
        """The same for several in one go, in their order, and for what commits them; each sees what was before it.

        After one that fails none is run, and nothing is committed.
        """
        ready = [self._ready(*one) for one in asked]
        begins = [_BEGIN] if self._begins else []
        ends = [_COMMIT] if commits else []
        self._line.enter_pipeline_mode()
        try:
            for word in begins:
                self._line.send_query_params(word, None)
            for one in ready:
                if one.name:
                    self._line.send_query_prepared(one.name, one.given, one.formats)
                else:
                    self._line.send_query_params(one.query, one.given, one.types, one.formats)
            for word in ends:
                self._line.send_query_params(word, None)
            self._line.pipeline_sync()
            results = [self._checked(result) for result in self._results()]
        finally:
            if self._line.transaction_status == TransactionStatus.ACTIVE:
                self._connection.close()  # nobody has heard it out
            elif self._line.status == ConnStatus.OK:
                self._line.exit_pipeline_mode()
        own = results[len(begins) : len(results) - len(ends)]
        return [self._read(result, one.name) for result, one in zip(own, ready, strict=True)]

    def commit(self) -> None:
        """End the transaction, where there is one."""
        if self._line.transaction_status != TransactionStatus.IDLE:
            self._checked(self._line.exec_(_COMMIT))

    def leave(self) -> None:
        """Undo what is open, where anything is; a line that is not free afterwards is closed."""
        if self._line.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            self._line.exec_(_ROLLBACK)
        if self._line.transaction_status != TransactionStatus.IDLE or self._line.status != ConnStatus.OK:
            self._connection.close()

    @property
    def _begins(self) -> bool:
        return self.begins and self._line.transaction_status == TransactionStatus.IDLE

    def _ready(self, sql: str, values: Mapping[str, Any]) -> "_Ready":
        one, adapting = statement_of(sql), self._adapting
        asked = [values[name] for name in one.names]
        for place, value in enumerate(asked):
            if type(value) is list and one.formats[place] is PyFormat.AUTO:
                asked[place] = spelled(value)
        given = adapting.dump_sequence(asked, one.formats)
        name = self._name(one.query, adapting.types or ())
        return _Ready(name, one.query, given, adapting.types, adapting.formats)

    def _read(self, result: PGresult, name: bytes) -> Done:
        count = result.command_tuples or 0
        if result.status != ExecStatus.TUPLES_OK:
            return Done(count, ())
        row = self._rows.get(name)
        if row is None:
            row = _row_of(tuple((result.fname(place) or b"").decode() for place in range(result.nfields)))
            if name:
                self._rows[name] = row
        self._adapting.set_pgresult(result)
        rows = self._adapting.load_rows(0, result.ntuples, row)
        self._adapting.set_pgresult(None, set_loaders=False)  # let go of
        return Done(count, rows)

    def _results(self) -> list[PGresult]:
        """What comes back until the line is free again, or lost: then a server that is going has said so before."""
        found: list[PGresult] = []
        try:
            while True:
                self._wait()
                self._line.consume_input()
                while not self._line.is_busy():
                    result = self._line.get_result()
                    if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
                        return found
                    if result is not None:
                        found.append(result)
                    elif self._line.status != ConnStatus.OK:
                        raise psycopg.OperationalError(self._line.get_error_message())
        except psycopg.OperationalError:
            if any(result.status not in _GOOD for result in found):
                return found
            raise

    def _wait(self) -> None:
        """Until something can be read; what has not gone out yet, as a long statement, goes meanwhile."""
        goes_on = self._line.flush()
        self._poll.modify(self._line.socket, select.POLLIN | select.POLLOUT if goes_on else select.POLLIN)
        self._poll.poll()

    def _name(self, query: bytes, types: Sequence[int]) -> bytes:
        """What it is prepared as; SEEN the first time."""
        key = query, tuple(types)
        name = self._prepared.get(key)
        if name is None:
            self._prepared[key] = SEEN
            self._make_room()
            return SEEN
        if name == SEEN:
            self._made += 1
            name = f"s{self._made}".encode()
            self._checked(self._line.prepare(name, query, types))
            self._prepared[key] = name
        self._prepared.move_to_end(key)
        return name

    def _make_room(self) -> None:
        if len(self._prepared) > MOST:
            _, name = self._prepared.popitem(last=False)
            if name != SEEN:
                self._rows.pop(name, None)
                self._checked(self._line.exec_(b"deallocate " + name))

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in _GOOD:
            return result
        if result.error_field(DiagnosticField.SQLSTATE):
            raise errors.error_from_result(result)
        self._connection.close()  # libpq's own words, of a line that is lost, whether it has noticed or not
        raise psycopg.OperationalError(result.get_error_message())


def spelled(items: list[Any]) -> str | list[Any]:
    """A list of plain values as PostgreSQL spells an array, of whatever type its place in the statement has.

    psycopg takes five times as long, and tells a type that hangs on the largest number. Other values are left to it.
    Where nothing else in the statement tells the type, it must name it (`%(ids)s::bigint[]`).
    """
    found = []
    for item in items:
        kind = type(item)
        if kind is str:
            escaped = item.replace("\\", "\\\\").replace('"', '\\"')
            found.append(f'"{escaped}"')
        elif kind is int or kind is float:
            found.append(repr(item))
        elif item is None:
            found.append("NULL")
        elif kind is bool:
            found.append("t" if item else "f")
        else:
            return items
    return f"{{{','.join(found)}}}"


@lru_cache(maxsize=2048)
def _row_of(names: tuple[str, ...]) -> Any:
    """What makes a named tuple of a row's values."""
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    return partial(tuple.__new__, row)  # its own _make is a function of Python's


def statements_of(connection: "psycopg.Connection[Any]") -> Statements:
    """Those of a connection, always the same: it keeps them, so that they go with it."""
    kept = vars(connection)
    found: Statements | None = kept.get(_KEPT)
    if found is None:
        found = kept[_KEPT] = Statements(connection)
    return found
