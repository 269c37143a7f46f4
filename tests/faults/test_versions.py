"""Processes of an older version beside those of this one, on the same tables: the books stay whole."""

import os
import subprocess
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from base.config import ROOT
from tests.faults.crash_points import DEADLY
from tests.processes.house import PATIENT, house_in
from tests.processes.market_day import ORDERS, market_day
from tests.processes.talk import PEOPLE

SECONDS = 60
BEFORE = "version_before"  # the role of PostgreSQL as which the older version works
READERS = {"turns_of_before": "=", "turns_of_this": "<>"}  # roles that find the turns of one version only
SIGNED = {"inbox": PEOPLE, "turn": PEOPLE, "order_history": ORDERS}  # rows of each version, at least
ROOMS = ("bot", "orders", "handlers", "catalog")
TIMING = "ASSIGAME__TIMING__"
LEAST_CHANGED = 100  # lines of the rooms, else two versions are as good as one
REPLAY = (
    "from base.config import load; from tests.journeys import replay; from wiring import build;"
    " replay.check_every_turn(build(load(), role='replay'))"
)


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """Two doors and two workers, not started."""
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, workers=2, more=PATIENT, **DEADLY) as house:
        yield house


@pytest.mark.soak
def test_the_oldest_version_with_these_tables_works_side_by_side_with_this_one(house, tmp_path, seed):
    with version_before(tmp_path / "before") as folder, signing_its_rows(house):
        for process in (house.webs[0], house.workers[0]):
            environ = process.environ | {"PYTHONPATH": str(folder), "DATABASE_URL": address_of(house, BEFORE)}
            process.environ, process.code = known_to(folder, environ), folder
        house.start()
        assert [code_of(process) for process in house.processes] == [folder, ROOT] * 2
        before, house.environ["DATABASE_URL"] = (address_of(house, reader) for reader in READERS)
        with market_day(house, seed) as talk:
            talk.stop.wait(SECONDS)
        replay_by(folder, {**house.environ, "DATABASE_URL": before})
        for table, least in SIGNED.items():
            written = dict(house.rows(f"select written_by = '{BEFORE}', count(*) from {table} group by 1"))
            assert written.keys() == {True, False}
            assert min(written.values()) > least, (table, written)


def replay_by(folder, environ):
    """Each turn is made again by the code that made it, as words may have changed since."""
    environ = known_to(folder, environ | {"PYTHONPATH": str(folder)})
    command = [sys.executable, "-c", REPLAY]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def known_to(folder, environ):
    """The settings without those of `timing` that the older version does not have."""
    fields = (folder / "base" / "timing.py").read_text()
    timing = {name for name in environ if name.startswith(TIMING)}
    unknown = {name for name in timing if f"    {name.removeprefix(TIMING).lower()}: " not in fields}
    return {name: value for name, value in environ.items() if name not in unknown}


@contextmanager
def signing_its_rows(house):
    """A role of its own for the older version, so that each message, turn and fact tells who wrote it.

    And a role for each version that finds only the turns which this one made.
    """
    for role in (BEFORE, *READERS):
        house.run(f"drop role if exists {role}")
        house.run(f"create role {role} superuser login")
    for table in SIGNED:
        house.run(f"alter table {table} add column written_by text default session_user")
    for reader, which in READERS.items():
        house.run(f"create schema {reader}")
        house.run(f"create view {reader}.turn as select * from public.turn where written_by {which} '{BEFORE}'")
        house.run(f"alter role {reader} set search_path = {reader}, public")
    try:
        yield
    finally:
        house.close()
        for role in (BEFORE, *READERS):
            house.run(f"drop role {role}")


def address_of(house, role):
    """The database's, as that role finds it."""
    return make_url(house.environ["DATABASE_URL"]).set(username=role).render_as_string(hide_password=False)


def code_of(process):
    """The folder from which a process has its modules."""
    return Path(os.readlink(f"/proc/{process.popen.pid}/cwd"))


@contextmanager
def version_before(folder):
    """The code as it was when the tables became what they are; aloud when that is as good as this code."""
    before = git("log", "-1", "--format=%H", "--", "migrations/versions")
    if (changed := lines_changed_since(before)) < LEAST_CHANGED:
        warnings.warn(f"{changed} lines have changed since the tables: two versions show little yet", stacklevel=1)
    git("worktree", "add", "--detach", str(folder), before)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


def lines_changed_since(version):
    """Lines of the rooms that were added or removed."""
    counts = (row.split("\t")[:2] for row in git("diff", "--numstat", version, "HEAD", "--", *ROOMS).splitlines())
    return sum(int(count) for pair in counts for count in pair if count.isdigit())


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
