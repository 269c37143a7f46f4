"""A provider that throttles, refuses, takes and does not say so, cuts lines and hangs, while workers are killed."""

import random
import signal
import sys
from collections import Counter

import pytest

from bot.documents import outgoing_to_json
from bot.messages import Outgoing
from tests.faults import history
from tests.faults.crash_points import DEADLY
from tests.processes.house import PATIENT, house_in
from tests.processes.numbered import assert_all_were_answered_once_in_order
from tests.processes.talk import PEOPLE, Talk
from tests.waiting import wait_for

ANNOUNCED = 3  # announcements to each person
MOST = 10_000  # messages of each person, more than any run takes
A_SECOND = 50  # messages at most, of all together
PATIENCE = 900  # seconds
ANNOUNCE = """
insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at)
select c.id, c.account_id, 'bulk', nextval('said_no'), 1, %(bubble)s::jsonb, market_now() + interval '1 hour'
from conversation c where c.last_in_at is not null
"""
MIX = {"429": 0.03, "500_refused": 0.02, "500_accepted": 0.02, "accept_then_reset": 0.04, "hang": 0.01}


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """A door and two workers; delivery reports come back."""
    with house_in(services, planted, redis, redis_url, tmp_path, workers=2, more=PATIENT, **DEADLY) as house:
        yield house.start()


def storm(house, seed, sends, kills, people=PEOPLE):
    """So many messages and more are answered through that provider, so many workers killed meanwhile; what was said.

    A bubble in doubt holds up its own conversation for seconds: many sends need many people.
    """
    house.provider.mix(MIX, seed)
    chance = random.Random(seed)
    with Talk(house, MOST, pause=people / A_SECOND, people=people) as talk:
        announce(house, people)
        for _ in range(kills):  # in this thread: what a thread has started ends with it
            talk.stop.wait(chance.uniform(0.5, 1.5))
            kill_in_a_send(house, chance.choice(house.workers))
            talk.stop.wait(0.2)
            house.mend()
        wait_for(lambda: talk.acknowledged >= sends, "not enough is said", PATIENCE)
    house.wait_until_idle(PATIENCE, mends=True)
    return talk.said


def announce(house, people):
    """Some announcements are made for each of those who talk, when they have all been heard."""
    heard = "select count(*) from conversation where last_in_at is not null"
    wait_for(lambda: house.value(heard) == people, "somebody is not heard")
    for number in range(ANNOUNCED):
        house.run(ANNOUNCE, bubble=outgoing_to_json(Outgoing(f"Grand marché, annonce {number}")))


def kill_in_a_send(house, worker):
    """It ends by this signal, and not before."""
    wait_for(lambda: house.sends_of(worker), "it never sends")
    worker.kill()
    assert worker.popen.poll() == -signal.SIGKILL


def check(house, said, sends, kills):
    assert sum(map(len, said.values())) >= sends
    assert set(house.provider.met) == set(MIX)
    assert house.leases_lost() > 0
    assert house.deaths == kills  # nobody has ended by himself
    history.check(house)
    assert_all_were_answered_once_in_order(house, said)
    check_announcements(house, ANNOUNCED * len(said))


def check_announcements(house, made):
    """Each was taken once at most, and is called failed where it is not known."""
    rows = house.rows("select state, error, count(*) as n from outbox where kind = 'bulk' group by 1, 2")
    ended = Counter()
    for row in rows:
        ended[row.state if row.state != "failed" else row.error] += row.n
    taken = Counter((sent.to, sent.body) for sent in house.messages if "annonce" in sent.body)
    sys.stdout.write(f"announcements: {dict(ended)}, {len(taken)} taken\n")
    assert ended.total() == made
    assert set(taken.values()) == {1}
    assert ended.keys() <= {"sent", "delivered", "answer lost", "lease ran out"}
    assert ended["sent"] + ended["delivered"] <= len(taken) <= made


def test_five_hundred_sends_with_five_kills_arrive_once_each_and_in_order(house, seed):
    said = storm(house, seed, sends=500, kills=5)
    check(house, said, 500, kills=5)


@pytest.mark.soak
def test_twenty_thousand_sends_with_two_hundred_kills_arrive_once_each_and_in_order(house, seed):
    said = storm(house, seed, sends=20_000, kills=200, people=200)
    check(house, said, 20_000, kills=200)
