"""PostgreSQL away while webhooks come: they are answered 200, spooled, and drained in order when it is back.

Redis away: nobody waits for it.
"""

import shutil
from itertools import count

import pytest
import urllib3
from redis import Redis

from base.embedded_postgres import start_postgres, stop_postgres
from tests.faults import history
from tests.faults.proxy import FaultProxy
from tests.processes.house import PATIENT, STARTS_WITHIN
from tests.processes.market_day import market_day
from tests.processes.numbered import assert_all_were_answered_once_in_order, doubles, message
from tests.processes.servers import crash, house_at, own_servers, spooled
from tests.waiting import wait_for

PEOPLE, BEFORE, MEANWHILE, AFTER = 5, range(2), range(2, 6), range(6, 8)
ENDS, HEARD = 2, 48  # how often it ends, and after how many messages


@pytest.fixture
def place(tmp_path):
    """Servers of this test's own."""
    with own_servers(tmp_path) as place:
        yield place


def say(house, numbers):
    return [house.provider.knock(message(house, person, number)) for number in numbers for person in range(PEOPLE)]


def status_of(house, path):
    """What the door answers, 0 when nobody is there."""
    try:
        return urllib3.request("GET", house.doors[house.webs[0]] + path, retries=False, timeout=5).status
    except urllib3.exceptions.HTTPError:
        return 0


def come_back(house, place):
    """The server is there again; this test's own connections are new ones."""
    start_postgres(place)
    house.database.close()


def drained(place):
    """The spool has emptied itself."""
    wait_for(lambda: spooled(place) == 0, "the spool is not drained")


def test_postgresql_that_ends_at_once_and_comes_back_under_talk_loses_and_doubles_nothing(place, tmp_path):
    with house_at(place, tmp_path, **PATIENT) as house:
        house.start()
        with market_day(house, pause=0.2, settles=lambda: drained(place)) as talk:
            for _ in range(ENDS):
                talk.wait_for_more(HEARD)
                crash(place, house)
                talk.wait_for_more(HEARD)
                assert spooled(place) >= 1
                come_back(house, place)
            talk.wait_for_more(HEARD)

        assert doubles(house) == {}
        assert all(process.is_alive and process.lives == 1 for process in house.processes)


def test_webhooks_that_come_while_postgresql_is_away_are_spooled_and_drained_in_order(place, tmp_path):
    with house_at(place, tmp_path) as house:
        house.start()
        assert set(say(house, BEFORE)) == {200}
        house.wait_until_idle()
        again = message(house, 0, 99)
        assert house.provider.knock(again) == 200
        house.wait_until_idle()

        stop_postgres(place)
        assert set(say(house, MEANWHILE)) == {200}
        assert house.provider.knock(again) == 200  # a copy: it has its row already
        assert spooled(place) == PEOPLE * len(MEANWHILE) + 1
        come_back(house, place)
        assert set(say(house, AFTER)) == {200}
        wait_for(lambda: spooled(place) == 0, "the spool is not drained")
        house.wait_until_idle()

        history.check(house)
        said = {person: [*BEFORE, *MEANWHILE, *AFTER] for person in range(PEOPLE)}
        said[0].insert(len(BEFORE), 99)
        assert_all_were_answered_once_in_order(house, said)
        assert doubles(house) == {}
        assert house.value("select count(*) from inbox") == sum(map(len, said.values()))
        assert all(process.is_alive and process.lives == 1 for process in house.processes)


def test_with_neither_database_nor_spool_a_webhook_is_answered_503_and_taken_at_the_next_try(place, tmp_path):
    with house_at(place, tmp_path) as house:
        house.start()
        spool = place.var / "spool"
        shutil.rmtree(spool, ignore_errors=True)
        spool.write_text("no folder")
        stop_postgres(place)
        assert set(say(house, BEFORE)) == {503}

        spool.unlink()
        come_back(house, place)
        wait_for(lambda: set(say(house, BEFORE)) == {200}, "the door stays shut")
        house.wait_until_idle()

        history.check(house)
        assert_all_were_answered_once_in_order(house, {person: list(BEFORE) for person in range(PEOPLE)})


def test_processes_that_start_while_postgresql_is_away_take_webhooks_and_answer_them_when_it_is_there(place, tmp_path):
    with house_at(place, tmp_path) as house:
        stop_postgres(place)
        for process in house.processes:
            process.start()
        wait_for(lambda: status_of(house, "/healthz") == 200, "the door does not open", STARTS_WITHIN)
        assert status_of(house, "/readyz") == 503
        assert set(say(house, BEFORE)) == {200}
        assert spooled(place) == PEOPLE * len(BEFORE)

        come_back(house, place)
        house.wait_until_ready()
        wait_for(lambda: spooled(place) == 0, "the spool is not drained")
        house.wait_until_idle()

        history.check(house)
        assert_all_were_answered_once_in_order(house, {person: list(BEFORE) for person in range(PEOPLE)})
        assert all(process.is_alive and process.lives == 1 for process in house.processes)


def test_processes_that_start_while_redis_is_away_answer_at_once_and_use_it_when_it_is_there(place, tmp_path):
    socket = str(place.sockets / "redis.sock")
    with (
        house_at(place, tmp_path, **PATIENT) as house,
        FaultProxy(socket) as line,
        Redis(unix_socket_path=socket) as redis,
    ):
        line.fault(refuses=True)
        for process in house.processes:
            process.environ["REDIS_URL"] = f"redis://127.0.0.1:{line.port}/0"
        house.start()
        assert set(say(house, BEFORE)) == {200}
        house.wait_until_idle()
        assert house.logged("redis_away") >= 1
        assert redis.keys("session:*") == []

        line.fault()
        numbers = count(len(BEFORE))

        def is_used():
            assert set(say(house, [next(numbers)])) == {200}
            house.wait_until_idle()
            return len(redis.keys("session:*")) == PEOPLE

        wait_for(is_used, "Redis is left alone")
        history.check(house)
        said = list(range(next(numbers)))
        assert_all_were_answered_once_in_order(house, dict.fromkeys(range(PEOPLE), said))
        assert all(process.is_alive and process.lives == 1 for process in house.processes)
