"""One lane of a mutation run: changes the copy of the project that it stands in, and tells what the tests say."""

import importlib.util
import json
import multiprocessing
import os
import re
import signal
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import databases
from tests.mutants.changes import mutants_of
from tests.mutants.rooms import ROOMS

# Nothing of the project but what lies below every room: a mutant is imported by its own process.
PRELOADED = [
    "_pytest.assertion.rewrite",
    "alembic.command",
    "babel.dates",
    "babel.numbers",
    "base.config",
    "base.db",
    "flask",
    "hypothesis",
    "phonenumbers",
    "PIL.Image",
    "prometheus_client",
    "psycopg",
    "pydantic",
    "rapidfuzz.fuzz",
    "redis",
    "sqlalchemy.orm",
    "structlog",
    "text_to_num",
    "twilio.rest",
]
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=short", "--hypothesis-seed=1"]
UNFIT = re.compile(
    r"errors\.(?:SyntaxError|Undefined\w+|DatatypeMismatch|InvalidColumnReference)|^E +SyntaxError", re.M
)
SLOWER = 3  # times as long as without a change, and some seconds: then it hangs
processes = multiprocessing.get_context("forkserver")


@contextmanager
def lent(url, services):
    """In place of a fresh database: the lane's, emptied of what a killed run left; it must see no deadlock either."""
    name = make_url(url).database
    with databases.administrator(services) as connection:
        before = databases.deadlocks_of(connection, name)
    database = databases.with_test_clock(url)
    databases.empty(database)
    database.close()
    yield url
    with databases.administrator(services) as connection:
        assert databases.deadlocks_of(connection, name) == before


def run(tests, output, url):
    """In a process of its own: the tests, their words in a file."""
    os.setsid()
    databases.fresh_database = partial(lent, url)
    with Path(output).open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os._exit(pytest.main([*OPTIONS, *tests]))


def outcome(tests, within, url):
    """`killed`, `survived` or `unfit`, the seconds it took, and the tests' words."""
    output, began = Path("var/mutant.txt"), time.monotonic()
    child = processes.Process(target=run, args=(tests, str(output), url))
    child.start()
    child.join(within)
    if child.is_alive():
        os.killpg(child.pid, signal.SIGKILL)
        child.join()
        return "killed", within, "too slow"
    words = output.read_text(errors="replace")
    if child.exitcode == 0:
        return "survived", time.monotonic() - began, words
    return "unfit" if UNFIT.search(words) else "killed", time.monotonic() - began, words


def write(path, source):
    """A module's text; what was compiled before is not taken for it."""
    path.write_text(source)
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def mutate(room, lane, lanes, url):
    """This lane's share of the mutants of a room, told line by line."""
    path, tests = Path(room), ROOMS[room]
    source = path.read_text()
    state, usual, words = outcome(tests, 600, url)
    if state != "survived":
        raise SystemExit(f"{room}: its tests fail without any change\n{words}")
    share = list(mutants_of(source))[lane::lanes]
    print(json.dumps({"room": room, "owed": len(share)}), flush=True)
    for mutant in share:
        write(path, mutant.source)
        state, seconds, words = outcome(tests, SLOWER * usual + 10, url)
        told = {
            "room": room,
            "line": mutant.line,
            "change": mutant.change,
            "state": state,
            "seconds": round(seconds, 1),
        }
        told["text"] = mutant.source.splitlines()[mutant.line - 1].strip()
        print(json.dumps(told), flush=True)
    write(path, source)


if __name__ == "__main__":
    processes.set_forkserver_preload(PRELOADED)
    with databases.shared_services() as services, databases.fresh_database(services) as url:
        for name in sys.argv[3:]:
            mutate(name, int(sys.argv[1]), int(sys.argv[2]), url)
