"""Real PostgreSQL and Redis for tests: one pair of servers, shared by every test process of this folder."""

import fcntl
import hashlib
import os
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from base import clock, embedded
from base.config import ROOT
from base.db import Database, Db
from base.migrating import migrate

VAR = Path(os.environ.get("TESTS_VAR") or ROOT / "var" / "test")  # `make test` says where; else kept for the next run
KEPT_TABLES = ("alembic_version", "test_clock")
REDIS_NUMBERS = range(1, 16)
numbers = count(1)


class Counted(Db):
    """A transaction that counts its statements."""

    statements = 0

    def _executed(self, sql, values):
        self.statements += 1
        return super()._executed(sql, values)


@contextmanager
def shared_services():
    """The running servers; the last process to leave stops them, so that focused runs side by side do not disturb."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        services = embedded.start(VAR)
        hurry(services)
        remove_orphans(services)
        yield services
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        embedded.stop(VAR)


def hurry(services):
    """Wait for no disk: a database is made in a third of the time, and none outlives its tests.

    What a machine that loses its power keeps is tested on servers of their own.
    """
    with administrator(services) as connection:
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")


@contextmanager
def administrator(services, database="postgres"):
    url = services.database_url.replace("+psycopg", "").replace("/assigame?", f"/{database}?")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def remove_orphans(services):
    """Drop the databases of test processes that were killed."""
    with locked("databases"), administrator(services) as connection:
        names = connection.execute("select datname from pg_database where datname like 'test\\_%'").fetchall()
        for (name,) in names:
            if not Path(f"/proc/{name.split('_')[1]}").exists():
                drop(connection, name)


@contextmanager
def locked(what):
    with (VAR / f"{what}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def migrated_template(services):
    """The name of a database that the migrations have made; made once for each state of the migrations."""
    text = b"".join(path.read_bytes() for path in sorted((ROOT / "migrations").rglob("*.py")))
    name = f"template_{hashlib.sha256(text).hexdigest()[:12]}"
    with administrator(services) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            for (old,) in connection.execute("select datname from pg_database where datname like 'template\\_%'"):
                drop(connection, old)
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(f"{name}_new")))
            migrate(url_of(services, f"{name}_new"))
            rename = sql.SQL("alter database {} rename to {}")
            connection.execute(rename.format(sql.Identifier(f"{name}_new"), sql.Identifier(name)))
    return name


def drop(connection, name):
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def url_of(services, name):
    return services.database_url.replace("/assigame?", f"/{name}?")


@contextmanager
def fresh_database(services):
    """The address of a migrated database of one's own; dropped at the end, when it must have seen no deadlock."""
    name = f"test_{os.getpid()}_{next(numbers)}"
    with locked("databases"), administrator(services) as connection:
        template = migrated_template(services)
        create = sql.SQL("create database {} template {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        # speed only: what a killed server keeps is tested on servers of their own
        connection.execute(sql.SQL("alter database {} set synchronous_commit = off").format(sql.Identifier(name)))
    yield url_of(services, name)
    with administrator(services) as connection:
        deadlocks = deadlocks_of(connection, name)
        drop(connection, name)
    assert deadlocks == 0, f"{deadlocks} deadlocks (SQLSTATE 40P01) in this process's tests"


@contextmanager
def copied_database(services, url, deadlocks=0):
    """A database of one's own with everything that another holds; nobody may be connected to that one.

    It must have seen just so many deadlocks when it is dropped.
    """
    original = make_url(url).database
    name = f"test_{os.getpid()}_{next(numbers)}"
    with locked("databases"), administrator(services) as connection:
        create = sql.SQL("create database {} template {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(original)))
        connection.execute(sql.SQL("alter database {} set synchronous_commit = off").format(sql.Identifier(name)))
    yield url_of(services, name)
    with administrator(services) as connection:
        seen = deadlocks_of(connection, name)
        drop(connection, name)
    assert seen == deadlocks, f"{seen} deadlocks (SQLSTATE 40P01) in {name}"


def deadlocks_of(connection, name):
    end_others = (
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
    )
    connection.execute(end_others, (name,))  # a backend hands its counts over when it ends
    return connection.execute("select deadlocks from pg_stat_database where datname = %s", (name,)).fetchone()[0]


def with_test_clock(url):
    """A `Database` without reactions whose clock tests may move."""
    database = Database(url)
    clock.use_test_clock(database)
    return database


def emptying(names):
    """Statements for one transaction that remove all rows of these tables, following no keys.

    They delete, as the new files of a truncation take longer than most tests.
    """
    deletes = (sql.SQL("delete from {}").format(sql.Identifier(name)) for name in names)
    return sql.SQL("; ").join([sql.SQL("set local session_replication_role = replica"), *deletes])


def empty(database):
    """Remove every row that a test has committed, begin each number at its start again and set the clock back."""
    with database.unit_of_work() as db:
        tables = db.rows("select tablename as name from pg_tables where schemaname = 'public'")
        db.connection.execute(emptying(table.name for table in tables if table.name not in KEPT_TABLES))
        db.run(
            "select setval(format('%%I.%%I', schemaname, sequencename), start_value, false) from pg_sequences"
            " where schemaname = 'public' and last_value is not null"
        )
        db.run("update test_clock set ahead = interval '0'")


@contextmanager
def redis_number():
    """A numbered Redis database that no other test process uses now."""
    for number in REDIS_NUMBERS:
        with (VAR / f"redis-{number}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
    raise RuntimeError(f"more than {len(REDIS_NUMBERS)} test processes at once")
