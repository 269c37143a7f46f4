"""PostgreSQL crashes, goes away for long, runs dry of connections and of disk: nothing acknowledged is lost."""

import os
import random
import re
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

import psycopg
import pytest

from base.embedded_postgres import is_postgres_running, start_postgres, stop_postgres
from bench.report import percentile
from tests.faults import history
from tests.processes.house import PATIENT
from tests.processes.market_day import market_day
from tests.processes.numbered import assert_all_were_answered_once_in_order, message
from tests.processes.servers import crash, house_at, own_servers, spooled
from tests.processes.talk import PEOPLE
from tests.waiting import wait_for

pytestmark = pytest.mark.soak

RESTARTS, IN_A_ROW = 100, 10  # so many, and of them in a row until what was spooled is drained
AWAY_SECONDS, A_SECOND = 600, 20  # how long it is away, and how many messages come then
DRAINED_WITHIN = 60  # seconds of its return, when it was not away for long
SLOWEST = 3.0  # seconds of an acknowledgement: one for a connection, the rest for a busy disk


@pytest.fixture
def place(tmp_path):
    """Servers of this test's own."""
    with own_servers(tmp_path) as place:
        yield place


@contextmanager
def standing(place, folder, **more):
    """Two doors and two workers on those servers, at work; `more` are settings."""
    with house_at(place, folder, webs=2, workers=2, **PATIENT, **more) as house:
        yield house.start()


def talking(house, place):
    """A market day on those servers."""
    return market_day(house, settles=lambda: drained(house, place))


def drained(house, place):
    """The spool has emptied itself; this test's own connections are new ones."""
    house.database.close()
    seconds_to_drain(place)


def check(house, place, said):
    drained(house, place)
    house.wait_until_idle(300, mends=True)
    history.check(house)
    assert_all_were_answered_once_in_order(house, said)


def test_a_hundred_crashes_under_load_lose_and_double_nothing(place, tmp_path, seed):
    chance, took = random.Random(seed), []
    with standing(place, tmp_path) as house, talking(house, place) as talk:
        for number in range(1, RESTARTS + 1):
            talk.stop.wait(chance.uniform(0.2, 1.5))
            crash(place, house)
            talk.stop.wait(chance.uniform(0.0, 0.5))
            start_postgres(place)
            if number % IN_A_ROW == 0:
                took.append(seconds_to_drain(place))
    sys.stdout.write(f"drained in {max(took):.1f} s at most while people talked\n")
    assert talk.acknowledged > RESTARTS * PEOPLE
    assert house.logged("spooled", error="OperationalError") >= len(took)


def seconds_to_drain(place):
    """From the server's return until nothing is left in the spool."""
    back = time.monotonic()
    wait_for(lambda: not spooled(place), "the spool is not drained within a minute", DRAINED_WITHIN)
    return time.monotonic() - back


def test_ten_minutes_away_at_twenty_messages_a_second_are_spooled_and_drained_in_order(place, tmp_path):
    with standing(place, tmp_path) as house:
        people = range(100)
        said, took = {person: [] for person in people}, []
        stop_postgres(place)
        begun = time.monotonic()
        for number in range(AWAY_SECONDS * A_SECOND):
            person = number % len(people)
            before = time.monotonic()
            assert house.provider.knock(message(house, person, len(said[person]))) == 200
            took.append(time.monotonic() - before)
            said[person].append(len(said[person]))
            time.sleep(max(0.0, begun + (number + 1) / A_SECOND - time.monotonic()))
        assert spooled(place) == AWAY_SECONDS * A_SECOND
        start_postgres(place)
        back = time.monotonic()
        wait_for(lambda: not spooled(place), "the spool is not drained three times as fast as filled", AWAY_SECONDS / 3)
        sys.stdout.write(
            f"drained in {time.monotonic() - back:.1f} s, acknowledged p99 {percentile(took, 0.99):.3f} s\n"
        )
        assert percentile(took, 0.99) < 0.3
        check(house, place, said)


def test_a_server_without_a_free_connection_is_spooled_past(place, tmp_path):
    with standing(place, tmp_path) as house, talking(house, place) as talk:
        for _ in range(3):
            with every_connection_taken(place):
                refused = refusals(place)
                talk.stop.wait(5)
                assert refusals(place) > refused
                assert house.logged("spooled", error="OperationalError") > 0
                assert spooled(place) > 0
            talk.stop.wait(2)
    assert max(talk.took) < SLOWEST


def test_a_pool_of_ones_own_that_is_dry_is_spooled_past(place, tmp_path):
    with (
        standing(place, tmp_path, ASSIGAME__DATABASE__POOL_SIZE="4") as house,
        talking(house, place) as talk,
    ):
        for _ in range(3):
            wait_for(partial(runs_dry, house, place), "no pool is dry", 120)
            talk.wait_for_more(PEOPLE)
    assert max(talk.took) < SLOWEST


def runs_dry(house, place):
    """Whether a door's pool lends nothing while no key can be written; a spool that holds some takes all."""
    if spooled(place):
        return False
    before, end = unlent(house), time.monotonic() + SLOWEST
    with keys_locked(place):
        while unlent(house) == before:
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        wait_for(lambda: spooled(place), "nothing is spooled")  # nor drained, while the lock is held
    return True


def unlent(house):
    """How many webhooks a door has spooled as its pool had no connection for them (SQLAlchemy's TimeoutError)."""
    return house.logged("spooled", error="TimeoutError")


@contextmanager
def keys_locked(place):
    """No message's key can be written, so that whoever stores one keeps his connection."""
    with psycopg.connect(host=str(place.sockets), user="postgres", dbname="assigame") as connection:
        connection.execute("lock table seen in access exclusive mode")
        yield
        connection.rollback()


def refusals(place):
    """How many connections the server has refused for want of a free one."""
    return server_log(place).count("sorry, too many clients already")


def server_log(place):
    return (place.postgres_data / "server.log").read_text(errors="replace")


@contextmanager
def every_connection_taken(place):
    """All that the server has are held here: one that was left to a worker would do all the work."""
    with ExitStack() as held:
        first = held.enter_context(connection_to(place))
        left = int(first.execute("show max_connections").fetchone()[0]) - 1
        while left:
            first.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'assigame'")
            with suppress(psycopg.OperationalError):
                held.enter_context(connection_to(place))
                left -= 1
        yield


def connection_to(place):
    return psycopg.connect(host=str(place.sockets), user="postgres", dbname="postgres", autocommit=True)


def is_told(house, _place):
    """Wait until a door is told that there is no room."""
    wait_for(lambda: house.logged("spooled", error="DiskFull", sqlstate="53100"), "no door is told")


def ends_the_server(house, place):
    """Use up what the log has of room, until the server ends for want of it."""
    with (
        suppress(psycopg.OperationalError),
        psycopg.connect(host=str(place.sockets), user="postgres", dbname="postgres", autocommit=True) as connection,
    ):
        while True:
            connection.execute("select pg_logical_emit_message(false, 'fill', repeat('x', 1000000))")
    wait_for(lambda: re.search(r"PANIC: .*pg_wal.*No space left on device", server_log(place)), "the server goes on")
    house.server_fell("PostgreSQL")


@pytest.mark.parametrize(("what", "bites"), [("data", is_told), ("log", ends_the_server)])
def test_a_disk_that_is_full_loses_nothing_that_was_acknowledged(place, tmp_path, what, bites):
    stop_postgres(place)
    with disk_of_its_own(place.postgres_data / ("pg_wal" if what == "log" else ""), megabytes=400) as disk:
        start_postgres(place)
        with standing(place, tmp_path) as house, talking(house, place) as talk:
            talk.stop.wait(3)
            fill(disk)
            bites(house, place)
            wait_for(lambda: spooled(place) > PEOPLE, "nothing is spooled")
            talk.stop.wait(5)
            assert shutil.disk_usage(disk).free == 0
            (disk / "ballast").unlink()
            if not is_postgres_running(place):
                start_postgres(place)  # without room for its log it ends itself
            talk.stop.wait(3)


def test_a_spool_that_is_full_answers_503_and_keeps_what_it_holds(place, tmp_path):
    spool = place.var / "spool"
    spool.mkdir()
    with (
        disk_of_its_own(spool, megabytes=1) as disk,
        standing(place, tmp_path) as house,
    ):
        stop_postgres(place)
        said = {0: []}
        while house.provider.knock(one := message(house, 0, len(said[0]))) == 200:
            said[0].append(len(said[0]))
        assert len(said[0]) > 100
        assert shutil.disk_usage(disk).free < 10_000
        assert [house.provider.knock(one) for _ in range(3)] == [503] * 3
        start_postgres(place)
        wait_for(lambda: not spooled(place), "the spool is not drained", 60)
        assert house.provider.knock(one) == 200
        said[0].append(len(said[0]))
        check(house, place, said)


@contextmanager
def disk_of_its_own(folder, megabytes):
    """A folder with what it holds on a small disk in memory; only root can mount one."""
    if os.geteuid():
        pytest.fail("only root can mount a small disk")
    aside = folder.with_name(f"{folder.name}.aside")
    folder.rename(aside)
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", folder], check=True)
    subprocess.run(["cp", "-a", f"{aside}/.", f"{folder}/"], check=True)
    shutil.chown(folder, aside.owner(), aside.group())
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk):
    """Leave no byte."""
    with (disk / "ballast").open("wb") as ballast:
        try:
            while True:
                ballast.write(b"\0" * 65536)
                ballast.flush()
        except OSError:
            return
