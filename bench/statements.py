"""What a running market asks its database, and how: each statement's time, as the server wrote it, and its plan."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import psycopg

from base.db import CONNECTING
from bench.systems import libpq

MOST_MEDIAN: Final = 1.0  # milliseconds
MOST_SORTED: Final = 1_000  # rows; who sorts more reads a table that grows
BEGINS: Final = re.compile(r"\S+ \S+ \S+ \[(?P<process>\d+)\] LOG:  duration: (?P<ms>[\d.]+) ms  (?P<what>.*)")
STEP: Final = re.compile(r"(?P<step>parse|bind|execute) [^:]*: (?P<sql>.*)", re.DOTALL)
NEW_LINE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:")
OF_ITSELF: Final = re.compile(r"(begin|commit|rollback|listen|set|show|vacuum|analyze|explain|alter)\b", re.IGNORECASE)
OFFSET: Final = re.compile(r"\boffset\b(?!\s+0\b)", re.IGNORECASE)  # `offset 0` counts nothing off: it parts two looks
OPEN_RANGE: Final = re.compile(r"\(id >=? .*\)")  # all that comes after a row, however much it is
LIKENESS: Final = re.compile(r"similarity|levenshtein|<->|<#>|<=>", re.IGNORECASE)


@dataclass
class Statement:
    """One statement of the program with `$1` for its values; milliseconds in the server of each time it ran."""

    sql: str
    taken: list[float] = field(default_factory=list)
    planned: int = 0  # how often it was read anew, instead of run as prepared

    @property
    def median(self) -> float:
        """Milliseconds."""
        return median(self.taken) if self.taken else 0.0

    @property
    def name(self) -> str:
        """Its first words in one line."""
        return " ".join(self.sql.split())


@dataclass(frozen=True)
class Found:
    """A statement with what its plan says: what it does that it must not."""

    statement: Statement
    faults: tuple[str, ...]
    plan: str  # its scans, in order: `Index Scan ix_inbox_due`


def entries(lines: Iterable[str]) -> Iterator[tuple[int, float, str]]:
    """(process, milliseconds, what was done) of each duration in a server's log; a statement's lines are joined."""
    open_: tuple[int, float, list[str]] | None = None
    for line in lines:
        if open_ and line.startswith("\t"):
            open_[2].append(line.strip("\t\n"))
            continue
        if open_:
            yield open_[0], open_[1], "\n".join(open_[2])
        begun = BEGINS.match(line)
        open_ = (int(begun["process"]), float(begun["ms"]), [begun["what"].rstrip("\n")]) if begun else None
    if open_:
        yield open_[0], open_[1], "\n".join(open_[2])


def statements_in(lines: Iterable[str]) -> list[Statement]:
    """What was asked, the most costly in all first. The time of one is its binding and its execution."""
    found: dict[str, Statement] = {}
    bound: dict[int, float] = {}
    for process, milliseconds, what in entries(lines):
        step = STEP.fullmatch(what)
        if step is None or OF_ITSELF.match(step["sql"].lstrip()):
            continue
        one = found.setdefault(step["sql"], Statement(step["sql"]))
        if step["step"] == "parse":
            one.planned += 1
        elif step["step"] == "bind":
            bound[process] = milliseconds
        else:
            one.taken.append(milliseconds + bound.pop(process, 0.0))
    return sorted((one for one in found.values() if one.taken), key=lambda one: -sum(one.taken))


class Recorder:
    """Has a server write down all that it is asked, between `start` and `stop`."""

    def __init__(self, database_url: str, log: Path) -> None:
        self._url, self._log, self._from = libpq(database_url), log, 0

    def start(self) -> None:
        """From now on."""
        self._from = self._log.stat().st_size
        self._tell("alter system set log_min_duration_statement = 0")

    def stop(self) -> list[Statement]:
        """What was asked since."""
        self._tell("alter system reset log_min_duration_statement")
        with self._log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._from)
            return statements_in(log)

    def _tell(self, setting: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as db:
            db.execute(setting.encode())
            db.execute("select pg_reload_conf()")


def grown_tables(db: "psycopg.Connection[Any]", least: int) -> frozenset[str]:
    """The tables that have so many rows, as the planner knows them."""
    rows = db.execute(
        "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        " and reltuples >= %s",
        [least],
    )
    return frozenset(name for (name,) in rows)


def planning(database_url: str) -> "psycopg.Connection[Any]":
    """A connection that plans as the program's own do."""
    return psycopg.connect(libpq(database_url), autocommit=True, options=str(CONNECTING["options"]))


def judge(db: "psycopg.Connection[Any]", statement: Statement, grown: frozenset[str]) -> Found:
    """A statement's generic plan on this database, held against the laws of a turn's path."""
    row = db.execute(b"explain (generic_plan, format json) " + statement.sql.encode()).fetchone()
    plan: dict[str, Any] = (row[0] if row else [{}])[0]["Plan"]
    nodes = list(nodes_of(plan))
    found = (
        *faults(statement.sql, nodes, grown),
        *whole_readings(plan, grown, whole_indexes(db)),
        *repeated_readings(plan, partial_indexes(db)),
    )
    return Found(statement, tuple(dict.fromkeys(found)), told(nodes))


def whole_indexes(db: "psycopg.Connection[Any]") -> frozenset[str]:
    """The indexes that have a place for every row of their table."""
    rows = db.execute("select indexrelid::regclass::text from pg_index where indpred is null")
    return frozenset(name for (name,) in rows)


def whole_readings(plan: dict[str, Any], grown: frozenset[str], indexes: frozenset[str]) -> Iterator[str]:
    """Below anything else, a table that grows read whole by its index, which no sequential scan shows.

    So is a range of its ids without an end: all of the table for who has seen nothing of it yet, and planned as a third
    of it for everybody. Not where a limit or a merge ends the reading early.
    """
    for node in nodes_of(plan):
        if node["Node Type"] in ("Limit", "Merge Join"):
            continue
        for below in node.get("Plans", ()):
            is_whole = is_without_end(below.get("Index Cond", "")) and below.get("Index Name") in indexes
            if is_whole and below.get("Relation Name") in grown:
                yield f"reads all of {below['Relation Name']} by {below['Index Name']}"


def is_without_end(condition: str) -> bool:
    """Whether an index is read to its end on this condition, '' for none."""
    return not condition or bool(OPEN_RANGE.fullmatch(condition))


def partial_indexes(db: "psycopg.Connection[Any]") -> frozenset[str]:
    """The indexes that have a place for some rows of their table only, as those that are open."""
    rows = db.execute("select indexrelid::regclass::text from pg_index where indpred is not null")
    return frozenset(name for (name,) in rows)


def repeated_readings(plan: dict[str, Any], indexes: frozenset[str], *, is_repeated: bool = False) -> Iterator[str]:
    """What reads all of such an index once for each row of something else: cheap as long as hardly anything is open.

    So it is planned while nothing is, and then read through again and again when very much is.
    """
    if is_repeated and "Index Cond" not in plan and plan.get("Index Name") in indexes:
        yield f"reads all of {plan['Index Name']} again and again"
    for below in plan.get("Plans", ()):
        relation = below["Parent Relationship"]  # an InitPlan is read once, wherever it stands
        is_inner = relation == "SubPlan" or (relation == "Inner" and plan["Node Type"] == "Nested Loop")
        is_again = relation != "InitPlan" and (is_repeated or is_inner)
        yield from repeated_readings(below, indexes, is_repeated=is_again)


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's nodes, from the top."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def faults(sql: str, nodes: Sequence[dict[str, Any]], grown: frozenset[str]) -> Iterator[str]:
    """What a turn's statement must not do: read a table whole that grows, count rows off, sort what grows."""
    for node in nodes:
        kind, relation = node["Node Type"], node.get("Relation Name", "")
        if kind == "Seq Scan" and relation in grown:
            yield f"Seq Scan {relation}"
        if kind in ("Sort", "Incremental Sort") and node["Plan Rows"] > MOST_SORTED:
            yield f"sorts {node['Plan Rows']:,} rows"
    if OFFSET.search(sql):
        yield "OFFSET"
    if LIKENESS.search(sql):
        yield "sorts by likeness"


def told(nodes: Sequence[dict[str, Any]]) -> str:
    """Where a plan reads."""
    scans = [
        f"{node['Node Type'].removesuffix(' Scan')} {node.get('Index Name') or node.get('Relation Name', '')}"
        for node in nodes
        if node["Node Type"].endswith("Scan") and (node.get("Index Name") or node.get("Relation Name"))
    ]
    return ", ".join(dict.fromkeys(scans))
