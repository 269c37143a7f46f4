"""PostgreSQL and Redis misbehave between a house and its stores: nothing is lost, doubled or out of order."""

import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import make_url

from base.embedded_place import find_place
from tests import databases
from tests.faults import history
from tests.faults.proxy import FaultProxy
from tests.processes.house import PATIENT, house_in, wait_for
from tests.processes.numbered import assert_all_were_answered_once_in_order
from tests.processes.talk import PEOPLE, Talk

MOST = 30  # messages of each person


@contextmanager
def disturbed(seconds, disturb, pause):
    """Do something again and again, `pause` seconds apart, for at least so many seconds."""
    stop, times = threading.Event(), []

    def again():
        while not stop.is_set():
            disturb()
            times.append(1)
            stop.wait(pause)

    thread = threading.Thread(target=again)
    thread.start()
    begun = time.monotonic()
    try:
        yield times
        stop.wait(max(0.0, begun + seconds - time.monotonic()))
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def proxied(services, planted, redis, redis_url, tmp_path, seed):
    """A house, not started, and the proxies that stand before its PostgreSQL and its Redis."""
    place = find_place(databases.VAR)
    with ExitStack() as stack:
        house = stack.enter_context(house_in(services, planted, redis, redis_url, tmp_path, webs=2, more=PATIENT))
        postgres = stack.enter_context(FaultProxy(str(place.sockets / ".s.PGSQL.5432"), seed))
        cache = stack.enter_context(FaultProxy(str(place.sockets / "redis.sock"), seed))
        for process in house.processes:
            process.environ |= addresses(house.environ, postgres, cache)
        yield house, postgres, cache


def addresses(environ, postgres, cache):
    """The settings with the proxies' addresses in the place of the stores' own."""
    database = make_url(environ["DATABASE_URL"])
    through = database.set(host="127.0.0.1", port=postgres.port, query={})
    number = environ["REDIS_URL"].partition("db=")[2] or "0"
    return {
        "DATABASE_URL": through.render_as_string(hide_password=False),
        "REDIS_URL": f"redis://127.0.0.1:{cache.port}/{number}",
    }


def check_all(house, talk):
    """All that was said was answered once and in order, and the books agree."""
    house.wait_until_idle(90)
    history.check(house)
    assert_all_were_answered_once_in_order(house, talk.said)
    assert house.value("select count(*) from inbox") == sum(map(len, talk.said.values()))


def test_redis_flushed_under_load_loses_nothing(proxied, redis, seed):
    house, _, _ = proxied
    house.start()
    with history.kept(house, "redis_flushed", seed):
        with Talk(house, MOST) as talk, disturbed(4, redis.flushdb, 0.2) as times:
            pass
        check_all(house, talk)
    assert len(times) >= 10


def test_redis_that_hangs_and_flaps_slows_nobody_much_down_and_loses_nothing(proxied, seed):
    house, _, cache = proxied
    house.start()
    with history.kept(house, "redis_hangs", seed):
        with Talk(house, MOST) as talk:
            for fault in ({"swallows": True}, {"flaps": 0.5}, {"refuses": True}, {"delay": 0.3}):
                cache.fault(**fault)
                time.sleep(1.5)
                cache.fault()
        check_all(house, talk)
        assert slowest(talk) < 3.0


@pytest.mark.soak
def test_answers_to_commits_that_are_lost_double_nothing(proxied, seed):
    house, postgres, _ = proxied
    house.start()
    with history.kept(house, "commits", seed):
        with Talk(house, MOST) as talk, disturbed(5, lambda: lose_an_answer(postgres), 0.3) as times:
            pass
        check_all(house, talk)
    assert len(times) >= 8
    assert postgres.lost >= len(times)  # of COMMITs alone


def lose_an_answer(postgres):
    """For a tenth of a second each COMMIT is done, and nobody hears of it."""
    postgres.fault(resets_after=0, only=b"COMMIT")
    time.sleep(0.1)
    postgres.fault()


@pytest.mark.soak
def test_a_database_that_answers_nothing_is_spooled_past(proxied, seed):
    house, postgres, _ = proxied
    house.start()
    with history.kept(house, "postgres_swallows", seed):
        with Talk(house, MOST) as talk:
            time.sleep(1)
            postgres.fault(swallows=True)
            wait_for(lambda: spooled(house), "nothing is spooled")
            time.sleep(5)
            assert spooled(house) > PEOPLE  # nobody waits any more: the next words go into the spool at once
            postgres.fault()
            wait_for(lambda: not spooled(house), "the spool is not drained")
        check_all(house, talk)
        assert slowest(talk) < 5.0


def spooled(house):
    return len(list((house.folder / "var" / "spool").glob("*.webhook")))


def slowest(talk):
    """Seconds of the slowest acknowledgement."""
    return max(talk.took)
