"""Webhooks by Twilio's own rules: what a dying door costs with retries, without them, and with a fallback address."""

import random
import socket
from itertools import count
from urllib.parse import urlsplit

import pytest

from base.config import ROOT
from handlers.twilio_whatsapp.channel import CONNECTING
from tests.fakes.twilio_delivery import Logged
from tests.faults import history
from tests.faults.crash_points import DEADLY, VARIABLE
from tests.processes.house import PATIENT, house_in
from tests.processes.numbered import assert_all_were_answered_once_in_order, heard, message
from tests.waiting import wait_for

ADDRESS = "https://market.example/webhooks/twilio"
REPORTS = "/webhooks/twilio/status"  # of whichever machine has sent the message
SECOND = "https://second.example"  # what Twilio calls the other machine
PEOPLE = 6


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """Two doors and a worker, not started; the first door is the next to be called."""
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, more=PATIENT, **DEADLY) as house:
        yield house


def knock(house, inbound):
    """One message by Twilio's rules, the first door first: the status, and how each try ended."""
    provider = house.provider
    before, provider._turn = len(provider.calls), count()
    status = provider.knock(inbound)
    return status, [call.failure for call in provider.calls[before:] if REPORTS not in call.url]


def errors_of(house):
    """What the console says of messages; reports have addresses of their own."""
    return [logged for logged in house.provider.errors if REPORTS not in logged.url]


def is_shut(address):
    """Whether nobody takes a connection there."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", urlsplit(address).port)) != 0


def inbox_of(house):
    return house.value("select count(*) from inbox")


def test_the_address_that_operators_are_told_to_set_is_the_one_that_these_tests_call():
    assert f"/webhooks/twilio#{CONNECTING}`" in (ROOT / "README.md").read_text()


def test_a_door_killed_with_a_webhook_in_hand_gets_it_again_and_does_it_once(house, seed):
    house.provider.webhook_url = f"{ADDRESS}#{CONNECTING}"
    house.start()
    points = ["request_read", "kept"]  # nothing is stored yet; all is stored, and nobody was told
    random.Random(seed).shuffle(points)
    for number, point in enumerate(points):
        house.webs[0].put_down()
        house.webs[0].start(**{VARIABLE: point})
        house.wait_until_ready()
        status, tries = knock(house, message(house, 0, number))
        assert (status, tries[0], tries[-1]) == (200, "rt", "")
        assert set(tries[1:-1]) <= {"ct"}  # reports take turns too: a try may come to the dead door once more
        house.wait_until_idle(mends=True)
    assert errors_of(house) == []
    assert inbox_of(house) == 2
    assert_all_were_answered_once_in_order(house, {0: [0, 1]})
    history.check(house)


def test_without_retries_what_a_dead_door_was_called_with_is_lost_and_logged(house):
    house.start(**{VARIABLE: "request_read"})
    door = house.webs[0]
    house.provider.doors = [house.doors[door]]
    assert knock(house, message(house, 0, 0)) == (0, ["rt"])  # not tried again: only connections are
    door.kill()
    wait_for(lambda: is_shut(house.doors[door]), "its children keep the door open")
    assert knock(house, message(house, 0, 1)) == (0, ["ct", "ct"])
    house.provider.webhook_url = f"{ADDRESS}#rc=0"
    assert knock(house, message(house, 0, 2)) == (0, ["ct"])
    assert errors_of(house) == [Logged(11205, ADDRESS, 0)] * 3
    house.mend()
    house.wait_until_ready()

    wrong = "https://other.example/webhooks/twilio"  # not what the door is called by its settings
    house.provider.webhook_url = wrong
    assert knock(house, message(house, 0, 3)) == (403, ["4xx"])
    assert errors_of(house)[3:] == [Logged(11200, wrong, 403)]

    house.provider.webhook_url = ADDRESS
    assert knock(house, message(house, 0, 4)) == (200, [""])
    house.wait_until_idle()
    assert inbox_of(house) == 1
    assert_all_were_answered_once_in_order(house, {0: [4]})


def test_with_the_second_machine_as_the_fallback_a_dead_door_loses_nothing(house):
    first, second = house.webs
    second.environ |= {"PUBLIC_BASE_URL": SECOND}
    house.start()
    house.provider.doors = [house.doors[first]]
    house.provider.fallback = (f"{SECOND}/webhooks/twilio#{CONNECTING}", house.doors[second])
    assert [knock(house, message(house, person, 0)) for person in range(PEOPLE)] == [(200, [""])] * PEOPLE
    first.kill()
    said = [message(house, person, 1) for person in range(PEOPLE)]
    assert house.provider.knock_together(said) == [200] * PEOPLE
    inbound = message(house, 0, 2)
    assert knock(house, inbound) == (200, ["ct", "ct", ""])
    assert knock(house, inbound) == (200, ["ct", "ct", ""])  # a copy: it has its row already
    assert errors_of(house) == [Logged(11205, ADDRESS, 0)] * (PEOPLE + 2)

    house.mend()
    house.wait_until_ready()
    house.wait_until_idle()
    assert inbox_of(house) == 2 * PEOPLE + 1
    said = {person: [0, 1] for person in range(PEOPLE)} | {0: [0, 1, 2]}
    assert_all_were_answered_once_in_order(house, said)
    assert [len(heard(house, person)) for person in range(PEOPLE)] == [3, *[2] * (PEOPLE - 1)]
    history.check(house)
