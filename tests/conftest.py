"""What every test may ask for: real servers, a database and a cache of its own, the shipped settings."""

import os
import pickle
from contextlib import closing
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

import hypothesis
import pytest
import yaml
from redis import Redis

from base import embedded_redis
from base.config import load
from base.db import Db
from base.embedded_place import find_place
from base.memory import spare_the_collector
from tests import databases
from tests.faults import totals
from tests.redis_server import RedisServer
from wiring import build

hypothesis.settings.register_profile("market", deadline=None, print_blob=True)
hypothesis.settings.load_profile("market")

# nobody is shown typing but where a test switches it on: what the fakes are asked for is counted
NOBODY_TYPES = {f"ASSIGAME__CHANNEL_ACCOUNTS__{place}__TYPING": "false" for place in range(4)}
VARIABLES = {
    **NOBODY_TYPES,
    "SECRET_KEY": "test-secret-key-0123456789",
    "SIMULATOR_SECRET": "test-simulator-secret-0123456789",
    "ASSIGAME__SIMULATOR__ENABLED": "true",
    "PUBLIC_BASE_URL": "https://market.example",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "test-twilio-auth-token",
    "TWILIO_WHATSAPP_FROM": "whatsapp:+22870000000",
}
LEFT_BY_OTHERS = os.environ.get("SOAK_TOTALS")  # the file that joins the parts of `make soak`


@lru_cache(maxsize=8)
def pickled(text):
    """What a YAML text says."""
    return pickle.dumps(read_anew(text))


# thousands of tests ask for the shipped settings, which take longer to read than most of them
read_anew, yaml.safe_load = yaml.safe_load, lambda text: pickle.loads(pickled(text))


def passable(factory, basename, numbered=True):
    """A folder of a test, which the user of root's servers may pass: else these would lie elsewhere, and for ever."""
    folder = made_shut(factory, basename, numbered)
    for one in (folder, *takewhile(lambda above: above.name.startswith(("popen-", "pytest-")), folder.parents)):
        one.chmod(0o711)
    return folder


made_shut, pytest.TempPathFactory.mktemp = pytest.TempPathFactory.mktemp, passable


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Before its houses are pulled down: what a test has failed on is no proof, and its history is kept."""
    report = yield
    if report.failed:
        report.sections += [("history", str(path)) for path in totals.spoil(item.name)]
    if report.when == "teardown":
        totals.settle()
    return report


def pytest_collection_modifyitems(items):
    """The longest begin first, so that no process is left with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


def pytest_collection_finish():
    """What thousands of tests are made of is not looked through again and again while they run."""
    spare_the_collector()


def pytest_sessionfinish(session):
    """One of several processes that share the tests tells the first what its houses have been through."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["totals"] = totals.of_this_process()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """The first one hears it."""
    told = getattr(node, "workeroutput", {}).get("totals")
    totals.join(told) if told else totals.join_crashed()


def pytest_sessionstart(session):
    """The long tests go on adding where those before them have ended."""
    if is_first_of_the_long(session.config) and LEFT_BY_OTHERS:
        totals.begin(Path(LEFT_BY_OTHERS))


def pytest_unconfigure(config):
    """After the long tests, and after all that pytest says: what their houses have been through."""
    if is_first_of_the_long(config):
        if LEFT_BY_OTHERS:
            totals.end(Path(LEFT_BY_OTHERS))
        config.get_terminal_writer().line(totals.line())


def is_first_of_the_long(config):
    """Whether this process has the long tests played, by itself or by others."""
    return config.option.markexpr == "soak" and not hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def services():
    """The embedded PostgreSQL and Redis of all tests."""
    with databases.shared_services() as services:
        yield services


@pytest.fixture(scope="session")
def database_url(services):
    """A migrated database for this process alone."""
    with databases.fresh_database(services) as url:
        yield url


@pytest.fixture
def new_database_url(services):
    """A migrated database for this test alone, for tests that start other processes."""
    with databases.fresh_database(services) as url:
        yield url


@pytest.fixture(scope="session")
def database(database_url):
    """This process's `Database`, with no reactions and a movable clock; commit only with `clean_database`."""
    database = databases.with_test_clock(database_url)
    yield database
    database.close()


@pytest.fixture
def clean_database(database):
    """The same, for tests that commit: emptied afterwards."""
    yield database
    databases.empty(database)


@pytest.fixture
def market(clean_database, database_url, redis_url, redis, tmp_path):
    """A market wired on these stores, in this process alone: its jobs are done by hand."""
    variables = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "ASSIGAME_VAR": str(tmp_path / "var")}
    variables |= {"ASSIGAME__DATABASE__STORE_WITHIN_SECONDS": "60"}  # a busy machine is no database that is away
    market = build(load(environ=VARIABLES | variables))
    yield market
    market.database.close()


@pytest.fixture
def engine(database):
    """SQLAlchemy's engine of that database."""
    return database.engine


@pytest.fixture
def db(database):
    """An open unit of work that is rolled back; facts are collected and nothing reacts.

    It may idle for long: the first test of a process reads all words in it, which no turn of the market does.
    """
    with closing(database.engine.raw_connection()) as lent:
        lent.driver_connection.execute("set local idle_in_transaction_session_timeout = 0")
        yield Db(lent.driver_connection)


@pytest.fixture(scope="session")
def redis_url(services):
    """The address of a numbered Redis database for this process alone."""
    with databases.redis_number() as number:
        yield embedded_redis.redis_url(find_place(databases.VAR), number)


@pytest.fixture
def redis(redis_url):
    """A client (bytes in, bytes out) of that database, empty before and after."""
    with Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def full_redis(services, tmp_path):
    """The address of a Redis of this test's own, which answers and has no room for anything."""
    server = RedisServer(tmp_path / "full", "--save", "", "--appendonly", "no", "--maxmemory", "1")
    try:
        yield server.start().url
    finally:
        server.kill()


@pytest.fixture
def config(tmp_path):
    """The shipped settings with both channels configured, public address https://market.example, its own var folder."""
    return load(environ={**VARIABLES, "ASSIGAME_VAR": str(tmp_path / "var")})
