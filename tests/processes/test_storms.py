"""Processes killed at random or stopped politely under load: each acknowledged message has one row and one answer."""

import sys
import time

import pytest
from redis import Redis

from tests.faults import history
from tests.faults.crash_points import DEADLY
from tests.processes.house import PATIENT, house_in
from tests.processes.numbered import assert_all_were_answered_once_in_order, doubles
from tests.processes.talk import Talk
from tests.seeds import chance_of

LOAD = 12  # messages of each person while the house is half closed


@pytest.fixture(scope="module")
def standing(services, planted, redis_url, tmp_path_factory):
    """Two doors and two workers, for the whole of this module."""
    shape = {"webs": 2, "workers": 2, "more": PATIENT, **DEADLY}
    with (
        Redis.from_url(redis_url) as redis,
        house_in(services, planted, redis, redis_url, tmp_path_factory.mktemp("house"), **shape) as house,
    ):
        yield house.start()


@pytest.fixture
def house(standing):
    """The same, whole again."""
    standing.mend()
    standing.wait_until_ready()
    return standing


@pytest.mark.parametrize(
    "seconds, pause", [(12, 0.0), *[pytest.param(90, 0.3, marks=pytest.mark.soak, id=f"long {n}") for n in range(5)]]
)
def test_killed_at_random_under_load_nothing_is_lost_doubled_or_out_of_order(house, seconds, pause):
    chance, kills, before = chance_of("STORM_SEED"), 0, house.value("select count(*) from inbox")
    with Talk(house, most=400, pause=pause) as talk:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            talk.stop.wait(chance.uniform(0.3, 1.2))
            alive = [process for process in house.processes if process.is_alive]
            if len(alive) > 1:
                chance.choice(alive).kill()
                kills += 1
            if chance.random() < 0.7:
                house.mend()
        house.mend()
    house.wait_until_idle(90, mends=True)

    sys.stdout.write(f"storm: {kills} kills, {history.figures(house)}\n")
    assert kills >= seconds / 2
    assert talk.acknowledged >= 100
    history.check(house)
    assert house.value("select count(*) from inbox where state <> 'done'") == 0
    assert house.value("select count(*) from inbox") == house.value("select count(*) from seen")
    assert house.value("select count(*) from inbox") == before + talk.acknowledged
    assert house.value("select count(*) from outbox where state not in ('sent', 'delivered')") == 0
    assert doubles(house) == {}
    assert_all_were_answered_once_in_order(house, talk.said)


def test_a_polite_stop_under_load_gives_back_what_was_begun_and_the_others_finish_it(house):
    door, worker = house.webs[0], house.workers[0]
    before = house.value("select coalesce(max(id), 0) from outbox")
    with Talk(house, most=LOAD) as talk:
        owner = house.value("select process from heartbeat where process like %(like)s", like=f"%:{worker.popen.pid}:%")
        door.ask_to_stop()
        worker.ask_to_stop()
        codes = [process.popen.wait(30) for process in (door, worker)]
        leased = house.value("select count(*) from outbox where lease_owner = %(owner)s", owner=owner)
        talk.join()
    house.wait_until_idle()

    assert codes == [0, 0]
    assert leased == 0
    assert "worker_stopped" in worker.log.read_text()
    assert doubles(house) == {}
    assert_all_were_answered_once_in_order(house, {person: list(range(LOAD)) for person in talk.said})
    doubted = "select count(*) from outbox where id > %(before)s and (resent > 0 or look_ups > 0)"
    assert house.value(doubted, before=before) == 0
