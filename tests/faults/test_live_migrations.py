"""A runner of migrations is killed, meets another one, and changes tables under load."""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from base.migrating import TablesBusy, migrate
from migrations import live
from tests.faults import migrating
from tests.faults.migrating import connected, empty_database, ended, schema, start, was_killed
from tests.processes.house import PATIENT, house_in
from tests.processes.market_day import market_day
from tests.waiting import wait_for

MOST = 10_000  # messages of each person, more than any run takes
PAUSE = 0.2  # seconds of each person between an answer and the next word
PEOPLE = 8  # few, so that tables alone make wait
SECONDS = 60  # that tables change under load
PARTS = 8  # of the moments at which a runner dies


@pytest.fixture
def more(tmp_path, monkeypatch):
    """Four revisions more, written as OPERATIONS.md has them, whose backfill takes few rows at a time."""
    monkeypatch.setattr(live, "BATCH", 20)
    with migrating.more_revisions(tmp_path):
        yield


@pytest.fixture
def whole(services, more):
    """The tables that an unbroken run makes, and how many moments it has."""
    with empty_database(services) as url:
        moments = migrating.moments_of(url)
        yield schema(url), moments


@pytest.mark.parametrize("kills", [1, pytest.param(4, marks=pytest.mark.soak)])
def test_a_runner_that_is_killed_is_followed_by_one_that_makes_the_same_tables(services, whole, seed, kills):
    tables, moments = whole
    assert moments > 100
    for nth in random.Random(seed).sample(range(1, moments + 1), kills):
        assert_is_repeated(services, nth, tables)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(1, PARTS + 1))
def test_a_runner_is_killed_at_each_of_its_moments_and_the_next_makes_the_same_tables(services, whole, first):
    tables, moments = whole
    for nth in range(first, moments + 1, PARTS):
        assert_is_repeated(services, nth, tables)


def assert_is_repeated(services, nth, tables):
    with empty_database(services) as url:
        assert was_killed(start(url, ends_at=nth)), nth
        begun = time.monotonic()
        migrate(url)
        assert (nth, schema(url)) == (nth, tables)
        assert time.monotonic() - begun < 10  # the lock of the dead is free at once


@pytest.mark.soak
@pytest.mark.parametrize(
    "revision, mode", [("more2", "share"), ("more3", "row exclusive")], ids=["the condition", "the index"]
)
def test_a_runner_that_is_killed_while_the_server_works_gives_its_lock_back(services, whole, revision, mode):
    tables, _ = whole
    with empty_database(services) as url, connected(url) as other:
        migrating.migrate_to(url, revision)
        with other.transaction():
            other.execute(f"lock table inbox in {mode} mode")
            runner = start(url)
            wait_for(lambda: waits(url), "the runner waits for nobody")
            runner.kill()
            assert was_killed(runner)
            wait_for(lambda: not waits(url), "the statement of the dead goes on", 10)
        migrate(url)
        assert schema(url) == tables


def waits(url):
    """Whether a statement of a runner waits for somebody's lock."""
    question = (
        "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
    )
    with connected(url) as connection:
        return connection.execute(question).fetchone()[0]


def test_of_runners_at_once_one_does_it_and_the_others_wait(services, whole):
    tables, _ = whole
    with empty_database(services) as url:
        runners = [start(url) for _ in range(3)]
        assert [ended(runner) for runner in runners] == [0, 0, 0]
        assert schema(url) == tables


def test_a_table_that_stays_in_use_is_left_alone_and_told_and_the_next_run_goes_on(services, whole):
    tables, _ = whole
    with empty_database(services) as url, connected(url) as other:
        migrating.migrate_to(url, migrating.NEWEST)
        with other.transaction():
            other.execute("select from inbox")
            with pytest.raises(TablesBusy, match="in use for 0 seconds"):
                migrate(url, patience=0)
            assert schema(url)[0] == [(migrating.NEWEST,)]
        migrate(url)
        assert schema(url) == tables


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """Two doors and two workers at work."""
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, workers=2, more=PATIENT) as house:
        yield house.start()


@pytest.mark.soak
def test_tables_that_change_under_load_keep_no_webhook_waiting_and_lose_nothing(house, more):
    url, rounds = house.environ["DATABASE_URL"], 0
    with market_day(house, people=PEOPLE, pause=PAUSE) as talk:
        talk.wait_for_more(100)
        end = time.monotonic() + SECONDS
        while not rounds or time.monotonic() < end:
            if rounds:
                migrating.undo(url)
            change_beside_a_long_reader(url)
            assert_is_changed(house)
            rounds += 1
        talk.wait_for_more(50)
    assert max(talk.took) < 2.0
    sys.stdout.write(f"migrated {rounds} times, slowest webhook {max(talk.took):.2f} s\n")


def change_beside_a_long_reader(url):
    """Somebody reads for four seconds, as a report or a backup does, and the first change has to wait for his end."""
    with ThreadPoolExecutor(1) as threads, connected(url) as reader:
        with reader.transaction():
            reader.execute("select count(*) from inbox")
            runner = threads.submit(migrate, url)
            time.sleep(4)
            assert not runner.done()
        runner.result(60)


def assert_is_changed(house):
    assert house.value("select version_num from alembic_version") == "more4"
    assert house.value("select count(*) from inbox where weight is null") == 0
    assert house.value("select min(weight) from inbox") == 1
    assert house.value("select convalidated from pg_constraint where conname = 'ck_inbox_weight'")
    assert house.value("select indisvalid from pg_index where indexrelid = 'ix_inbox_weight'::regclass")
