"""A process that is killed at a named point loses nothing and doubles nothing: one kill at each, then the books."""

import random

import pytest

from tests.faults import history
from tests.faults.crash_points import POINTS, VARIABLE
from tests.processes.house import wait_for
from tests.processes.numbered import assert_all_were_answered_once_in_order, message

PEOPLE = 4
ROUNDS = 2
LATEST = 3  # a point is passed at most so often before it kills


class Crowd:
    """People who talk to one house through all its deaths; each point's are new, so that strangers come too."""

    def __init__(self, house):
        self.house, self.said, self.first, self.checked = house, {}, 0, 0

    def talk(self, number):
        people = range(self.first, self.first + PEOPLE)
        self.house.hand_in(message(self.house, person, number) for person in people)
        for person in people:
            self.said.setdefault(person, []).append(number)

    def leave(self):
        self.first += PEOPLE


@pytest.fixture(scope="module")
def crowd(deadly_house):
    return Crowd(deadly_house)


def process_of(house, point):
    return (house.webs if point.role == "web" else house.workers)[0]


def kill_at(house, crowd, name, nth):
    """Restart the process that has this point, talk until it dies there, and start what is dead again."""
    process = process_of(house, POINTS[name])
    process.kill()
    process.start(**{VARIABLE: f"{name}:{nth}"})
    lives = process.lives
    number = 0
    while number < ROUNDS or (process.is_alive and process.lives == lives and number < 20):
        crowd.talk(number)
        number += 1
    wait_for(lambda: process.lives > lives or not process.is_alive, f"nobody died at {name}")
    house.mend()
    house.wait_until_idle(mends=True)
    crowd.leave()


@pytest.mark.parametrize("name", POINTS)
def test_a_kill_at_a_named_point_loses_nothing_and_doubles_nothing(deadly_house, crowd, name, seed):
    nth = random.Random(f"{seed} {name}").randint(1, LATEST)

    with history.kept(deadly_house, name, seed):
        kill_at(deadly_house, crowd, name, nth)

        crowd.checked = history.check(deadly_house, since=crowd.checked)
        assert_all_were_answered_once_in_order(deadly_house, crowd.said)
