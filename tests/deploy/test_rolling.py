"""While people write, each process begins anew, one after the other: nothing is lost, doubled or refused."""

import os
import sys
from collections import Counter

import pytest

from tests.deploy.fronts import nginx_before, plain_front_before
from tests.processes.house import PATIENT, SHUT_OUT, house_in, with_calls_of
from tests.processes.market_day import market_day

# Two doors, two workers, and what they begin anew share one machine: no call of theirs is hasty, and no stop.
CALM = {**PATIENT, **with_calls_of(4), "ASSIGAME__SERVER__STOPS_WITHIN_SECONDS": "25"}
ROLLS, MANY = 2, int(os.environ.get("SOAK_ROLLS", 50))
LATE = "rt"  # the provider waited in vain for an answer, as on a busy machine, and asks again by itself
HEARD = 12  # messages that are acknowledged between one restart and the next, at least


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """Two doors and two workers, as deploy/systemd has them."""
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, workers=2, more=CALM) as house:
        house.may_fail_for.add(SHUT_OUT)
        for door in house.webs:
            door.command = ["cli.py", "web"]
        yield house.start()


def test_two_rolls_of_all_processes_lose_nothing_and_refuse_nobody(house):
    with plain_front_before(house) as front:
        roll_in_a_market_day(house, front, ROLLS)


@pytest.mark.soak
def test_many_rolls_behind_nginx_lose_nothing_and_refuse_nobody(house):
    with nginx_before(house) as (front, client):
        house.provider._http = client
        roll_in_a_market_day(house, front, MANY)


def roll_in_a_market_day(house, front, rolls):
    """Each process is begun anew so often, while people write, buy and sell, and every delivery is reported."""
    house.provider.doors[:] = [front]
    with market_day(house) as talk:
        for _ in range(rolls):
            for process in house.processes:
                begin_anew(house, process)
                talk.wait_for_more(HEARD)
    assert house.deaths == rolls * len(house.processes)
    sys.stdout.write(f"{house.deaths} restarts in {rolls} rolls: ")
    assert_nobody_was_refused(house)
    assert house.leases_lost() == 0


def assert_nobody_was_refused(house):
    """Each webhook was taken at the first try, but for what a busy machine answered too late."""
    failures = Counter(call.failure for call in house.provider.calls)
    sys.stdout.write(f"webhooks by what befell them {dict(failures)}\n")
    assert failures.keys() <= {"", LATE}
    assert failures[LATE] <= max(2, len(house.provider.calls) / 1000)


def begin_anew(house, process):
    """As `systemctl restart` does, and then until all are ready, which the runbook asks their ports."""
    assert process.stop() == 0
    process.start()
    house.wait_until_ready()
