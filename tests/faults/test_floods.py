"""One person who floods, a machine at the other end, many numbers at once: everybody else is answered as ever."""

import time

import pytest

from bench.report import percentile
from tests.faults import history
from tests.processes.house import PATIENT, house_in
from tests.processes.numbered import assert_all_were_answered_once_in_order, heard, message, phone_of, word_of
from tests.processes.talk import Talk, answered_after
from tests.waiting import wait_for

pytestmark = pytest.mark.soak

SHIPPED = '{"sender_per_second": 100000, "recipient_burst": 0}'  # turns and equal answers as shipped
A_MINUTE = 1000  # messages of one person
FLOODER, MACHINE = 900, 901
NUMBERS = 500


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """Two doors and two workers, with the shipped bounds on one conversation."""
    more = {**PATIENT, "ASSIGAME__CHANNEL_ACCOUNTS__0__RATES": SHIPPED}
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, workers=2, more=more) as house:
        yield house.start()


def slow_talk(house):
    """People who write as people do: a message every three seconds."""
    return Talk(house, most=20, pause=3.0)


def test_a_person_at_a_thousand_messages_a_minute_is_told_so_and_costs_nobody_else_his_answer(house):
    with slow_talk(house) as talk:
        begun = time.monotonic()
        for number in range(A_MINUTE):
            assert house.provider.knock(message(house, FLOODER, number)) == 200
            time.sleep(max(0.0, begun + (number + 1) * 60 / A_MINUTE - time.monotonic()))
        assert time.monotonic() - begun < 63.0
        talk.join()
    house.wait_until_idle(120)
    history.check(house)
    assert_all_were_answered_once_in_order(house, talk.said)
    flood = house.provider.to(phone_of(FLOODER))
    assert house.value("select count(*) from inbox where state <> 'done'") == 0
    assert len(flood) <= 2 * (60 + 1)  # the minute of the clock changes once
    assert any("très vite" in sent.body for sent in flood)
    took = answered_after(house, "i.message->>'text' not like %(flood)s", flood=f"%zoblo{FLOODER}%")
    assert percentile(took, 0.99) < 3.0


def test_two_machines_that_answer_each_other_fall_silent_within_the_minute(house):
    wait_for(lambda: time.time() % 60 < 10, "the minute is old", 60)
    answered = 0
    house.provider.knock(house.provider.say(phone_of(MACHINE), "menu"))
    end = time.time() // 60 * 60 + 55
    while time.time() < end:
        told = len(house.provider.to(phone_of(MACHINE)))
        for _ in range(told - answered):
            house.provider.knock(house.provider.say(phone_of(MACHINE), "menu"))
        answered = told
        time.sleep(0.05)
    assert answered == 5 + 1  # equal answers, and one word that they are enough
    house.wait_until_idle()
    history.check(house)


def test_many_new_numbers_at_once_are_all_answered(house):
    said = [message(house, person, 0) for person in range(NUMBERS)]
    assert house.provider.knock_together(said) == [200] * NUMBERS
    house.wait_until_idle(120)
    history.check(house)
    assert {person: heard(house, person) for person in range(NUMBERS)} == {
        person: [word_of(person, 0)] for person in range(NUMBERS)
    }
