"""Runners of migrations that a test kills, runs side by side, and gives revisions beyond the newest.

A runner is a process of its own; each statement before and after it is sent, and each commit before it is sent, is a
moment at which it can be made to end as by kill -9.
"""

import multiprocessing
import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from alembic import command
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine import Engine

from base import backups, migrating, postgres_programs
from tests import databases
from tests.faults.crash_points import end_here

MORE = Path(__file__).parent / "revisions"
NEWEST = migrating.revisions()[0]
PROCESSES = multiprocessing.get_context("fork")  # a fresh interpreter takes longer than all the revisions


@contextmanager
def more_revisions(folder):
    """The market's revisions and those of `revisions/` behind them, in a folder that runners read meanwhile."""
    market, own = migrating.MIGRATIONS, folder / "migrations"
    shutil.copytree(market, own)
    for path in MORE.glob("*.py"):
        (own / "versions" / path.name).write_text(path.read_text().replace('"newest"', f'"{NEWEST}"'))
    migrating.MIGRATIONS = own
    try:
        yield
    finally:
        migrating.MIGRATIONS = market


@contextmanager
def empty_database(services):
    """The address of a database without a table, and without a deadlock at the end."""
    name = f"test_{os.getpid()}_{next(databases.numbers)}"
    with databases.locked("databases"), databases.administrator(services) as administrator:
        administrator.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield databases.url_of(services, name)
    with databases.administrator(services) as administrator:
        deadlocks = databases.deadlocks_of(administrator, name)
        databases.drop(administrator, name)
    assert deadlocks == 0, f"{deadlocks} deadlocks (SQLSTATE 40P01) in {name}"


def connected(url):
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def start(url, ends_at=0, moments=None):
    """A runner, which is killed at the nth moment if asked for; `moments`, a queue, gets how many it passed."""
    runner = PROCESSES.Process(target=_run, args=(url, ends_at, moments))
    runner.start()
    return runner


def _run(url, ends_at, moments):
    passed = count(1)

    def at_moment(*_):
        number = next(passed)
        if number == ends_at:
            end_here(f"moment {number}")

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, at_moment)
    migrating.migrate(url)
    if moments is not None:
        moments.put(next(passed) - 1)


def moments_of(url):
    """How many moments an unbroken run has; it leaves its tables there."""
    moments = PROCESSES.SimpleQueue()
    assert ended(start(url, moments=moments)) == 0
    return moments.get()


def ended(runner, within=30):
    """The exit code of a runner."""
    runner.join(within)
    code = runner.exitcode
    if code is None:
        runner.kill()
    return code


def was_killed(runner):
    return ended(runner) == -signal.SIGKILL


def migrate_to(url, revision):
    """Up to that revision and no further."""
    command.upgrade(migrating._migrations(url, patience=60.0), revision)


def undo(url):
    """Back to the market's own newest revision."""
    command.downgrade(migrating._migrations(url, patience=60.0), NEWEST)


def schema(url):
    """What pg_dump says of a database's tables, and the revision that it is at."""
    with connected(url) as connection:
        program = backups.program_for("pg_dump", connection.info.server_version // 10000)
        version = connection.execute("select version_num from alembic_version").fetchall()
    name, environ = postgres_programs.address(url)
    command = [str(program.path), "--schema-only", f"--dbname={name}"]
    dump = subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout
    return version, [line for line in dump.splitlines() if not line.startswith("\\")]  # \restrict: chance
