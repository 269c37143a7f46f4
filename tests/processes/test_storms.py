"""Processes killed at random or stopped politely under load: each acknowledged message has one row and one answer."""

import time
from urllib.parse import urlsplit

import pytest
from redis import Redis

from tests.faults.crash_points import DEADLY
from tests.faults.proxy import FaultProxy
from tests.processes.house import PATIENT, STOPS_WITHIN, house_in, with_calls_of
from tests.processes.market_day import market_day
from tests.processes.numbered import doubles
from tests.processes.talk import PEOPLE
from tests.seeds import chance_of
from tests.waiting import wait_for

HEARD = 50  # messages before a stop
SLOWER = 2  # calls and leases are so many times faster than shipped: a busy machine outlasts a fifth of them
SLOW = 0.05  # seconds that a send takes to the provider, and its answer back
SECONDS = 90  # of a storm


@pytest.fixture(scope="module")
def standing(services, planted, redis_url, tmp_path_factory):
    """Two doors and two workers, for the whole of this module, the provider behind a proxy at `house.line`."""
    shape = {"webs": 2, "workers": 2, "more": PATIENT | with_calls_of(SLOWER), **DEADLY}
    with (
        Redis.from_url(redis_url) as redis,
        house_in(services, planted, redis, redis_url, tmp_path_factory.mktemp("house"), **shape) as house,
    ):
        provider = urlsplit(house.provider.url)
        with FaultProxy((provider.hostname, provider.port)) as house.line:
            for process in house.processes:
                process.environ["TWILIO_API_BASE"] = f"http://127.0.0.1:{house.line.port}"
            yield house.start()


@pytest.fixture
def house(standing):
    """The same, whole again."""
    standing.mend()
    standing.wait_until_ready()
    return standing


@pytest.mark.soak
@pytest.mark.parametrize("number", range(5))
def test_killed_at_random_under_load_nothing_is_lost_doubled_or_out_of_order(house, number):
    chance, kills = chance_of("STORM_SEED"), 0
    with market_day(house, number) as talk:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            talk.stop.wait(chance.uniform(0.3, 1.2))
            alive = [process for process in house.processes if process.is_alive]
            if len(alive) > 1:
                chance.choice(alive).kill()
                kills += 1
            if chance.random() < 0.7:
                house.mend()
        house.mend()

    assert kills >= SECONDS / 2
    assert talk.acknowledged >= 100
    assert house.value("select count(*) from inbox where state <> 'done'") == 0
    assert house.value("select count(*) from outbox where state not in ('sent', 'delivered')") == 0
    assert doubles(house) == {}


@pytest.mark.parametrize("stops", [1, pytest.param(50, marks=pytest.mark.soak)])
def test_a_polite_stop_under_load_gives_back_what_was_begun_and_the_others_finish_it(house, stops, monkeypatch):
    monkeypatch.setattr(house.provider, "callbacks", ())  # what was left in doubt has to be looked up
    before = house.value("select coalesce(max(id), 0) from outbox")
    house.line.fault(delay=SLOW)
    with market_day(house, settles=house.line.fault) as talk:
        for number in range(stops):
            talk.wait_for_more(HEARD)
            stop_in_the_middle(house, house.webs[number % 2], house.workers[number % 2])
            talk.wait_for_more(PEOPLE)
            house.mend()
            house.wait_until_ready()

    assert doubles(house) == {}
    doubted = "select count(*) from outbox where id > %(before)s and (resent > 0 or look_ups > 0)"
    assert house.value(doubted, before=before) == 0


def stop_in_the_middle(house, door, worker):
    """Both at once, with sends of the worker's under way; they leave nothing to the end of a lease."""
    wait_for(lambda: house.sends_of(worker), "it never sends")
    door.ask_to_stop()
    worker.ask_to_stop()
    assert [process.popen.wait(STOPS_WITHIN) for process in (door, worker)] == [0, 0]
    assert "worker_stopped" in worker.log.read_text()
    assert [house.leased_to(process) for process in (door, worker)] == [set(), set()]
