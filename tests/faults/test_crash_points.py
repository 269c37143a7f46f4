"""A process that is killed at a named point loses nothing and doubles nothing: one kill at each, then the books."""

import os
import random
import sys

import pytest
from sqlalchemy import make_url

from tests.faults.conftest import OFTEN_FORGETTING
from tests.faults.crash_points import (
    ALL,
    DEADLY,
    DRAIN_POINTS,
    FAILURE_POINTS,
    LEAVES_TURNS,
    POINTS,
    SPOOL_POINTS,
    SWEEP_POINTS,
    VARIABLE,
    last_words,
)
from tests.faults.crowd import Crowd
from tests.faults.sweeps import WORK
from tests.processes.house import SHUT_OUT, house_in
from tests.waiting import wait_for

MOST_ROUNDS = 20
LATEST = 3  # a point is passed at most so often before it kills
DEATHS = {"hands_freed": 2, "leases_ended": 2}  # of one seed, where one is not all: somebody has left what is freed
ONCE = {*DRAIN_POINTS, *WORK}  # passed once by what a test leaves to do
TURN_POINTS = [name for name in POINTS if POINTS[name].role == "both"]
SEEDS = int(os.environ.get("SOAK_SEEDS", "200"))  # kills at each point in the long run
IN_ONE_HOUSE = 50  # of them: after each one the whole history of its house is checked
NAMES = [*POINTS, *SPOOL_POINTS, *DRAIN_POINTS, *SWEEP_POINTS, *FAILURE_POINTS]


@pytest.fixture(scope="module")
def crowd(deadly_house):
    return Crowd(deadly_house)


@pytest.fixture
def new_crowd(services, planted, redis, redis_url, tmp_path):
    """People of a house of their own."""
    with house_in(services, planted, redis, redis_url, tmp_path, more=OFTEN_FORGETTING, **DEADLY) as house:
        yield Crowd(house.start())


def home_of(name, seed):
    """Where a process dies at this point: of those where turns are taken, each has every second point and seed."""
    role = ALL[name].role
    return ("web", "worker")[(seed + TURN_POINTS.index(name)) % 2] if role == "both" else role


def without_database(house):
    """Settings of a process that finds nobody where PostgreSQL should be."""
    address = make_url(house.environ["DATABASE_URL"]).set(host="127.0.0.1", port=1, query={})
    return {"DATABASE_URL": address.render_as_string(hide_password=False)}


def restart(process, **more):
    process.put_down()
    process.start(**more)


def talk_to_death(crowd, name, nth, home, **more):
    """Restart the process that has this point, and talk until it dies there."""
    (door,), (worker,) = crowd.house.webs, crowd.house.workers
    process, told = door if home == "web" else worker, f"{name}:{nth}"
    restart(process, **{VARIABLE: told}, **more)
    if name in TURN_POINTS:
        restart(worker if home == "web" else door, **{LEAVES_TURNS: "1"})  # until its next life
    lives, log, rounds = process.lives, process.log, 0

    def has_died():
        return process.lives > lives or not process.is_alive

    while rounds < crowd.rounds or (not has_died() and rounds < MOST_ROUNDS):
        crowd.talk()
        rounds += 1
        if rounds >= crowd.rounds:  # a door meets what it has just stored, where the others have nothing left to take
            wait_for(lambda: has_died() or not crowd.waits(), f"what was said before {name} is not done")
    wait_for(has_died, f"nobody died at {name}")
    assert last_words(told) in log.read_text()


def die_at_work(crowd, name, nth):
    """The worker finds what was left for it, and dies there."""
    (worker,), told = crowd.house.workers, f"{name}:{nth}"
    restart(worker, **{VARIABLE: told})
    wait_for(lambda: not worker.is_alive, f"nobody died at {name}")
    assert last_words(told) in worker.log.read_text()


def fill_the_spool(crowd):
    """Nobody but the worker will drain it."""
    (door,) = crowd.house.webs
    restart(door, **without_database(crowd.house))
    wait_for(lambda: crowd.house.is_open(door), "the door does not open")  # else the worker would be started again
    crowd.talk()
    door.put_down()
    assert crowd.spooled() >= 1


def most_passages(crowd, name):
    """How often a point may be passed until it kills."""
    if name in ONCE:
        return 1
    return min(LATEST, crowd.people) if name.startswith("stranger_") else LATEST  # each is a stranger but once


def kill_at(crowd, name, seed):
    """Let a process die at this point with work in hand, start it again, and see all work done."""
    chance, home = random.Random(f"{seed} {name}"), home_of(name, seed)
    crowd.begin(chance)
    falls = len(crowd.house.falls)
    nth, is_done = chance.randint(1, most_passages(crowd, name)), lambda: True
    sys.stdout.write(f"FAULT_SEED={seed} dies at {name}:{nth}\n")
    if name not in WORK:  # their work is a history of its own
        crowd.begin_trade(chance)
    if name in POINTS:
        talk_to_death(crowd, name, nth, home)
    elif name in SPOOL_POINTS:
        talk_to_death(crowd, name, nth, home, **without_database(crowd.house))
    elif name in DRAIN_POINTS:
        crowd.house.workers[0].put_down()
        fill_the_spool(crowd)
        die_at_work(crowd, name, nth)
    else:
        is_done = WORK[name](crowd, chance)
        die_at_work(crowd, name, nth)
        assert not is_done()
    crowd.talk()  # what is dead is started again
    crowd.house.mend()
    wait_for(is_done, f"what died at {name} is not done")
    crowd.settle()
    crowd.check()
    assert len(crowd.house.falls) - falls == DEATHS.get(name, 1)
    assert crowd.house.may_fail_for == {SHUT_OUT}  # whoever comes next is judged as before
    crowd.leave()


@pytest.mark.parametrize("name", NAMES)
def test_a_kill_at_a_named_point_loses_nothing_and_doubles_nothing(crowd, name, seed):
    kill_at(crowd, name, seed)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(0, SEEDS, IN_ONE_HOUSE))
@pytest.mark.parametrize("name", NAMES)
def test_many_kills_at_a_named_point_lose_nothing_and_double_nothing(new_crowd, name, first, seed):
    """What a kill meets may hang on those before it in this house: to see one again, begin with the first seed."""
    for one in range(first, min(first + IN_ONE_HOUSE, SEEDS)):
        kill_at(new_crowd, name, seed + one)
