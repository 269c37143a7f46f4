"""A provider that throttles, refuses, takes and does not say so, cuts lines and hangs, while processes are killed.

Of a third of what it takes it never reports, and its list is late, but not later than the last look.
"""

import os
import random
import signal
import sys
from collections import Counter

import pytest

from bot.documents import outgoing_to_json
from bot.messages import Outgoing
from tests.faults import history
from tests.faults.crash_points import DEADLY
from tests.processes.fair import Fair
from tests.processes.house import PATIENT, house_in
from tests.processes.market_day import MOST, ORDERS
from tests.processes.numbered import doubles, heard, phone_of, taken, word_of
from tests.processes.talk import PEOPLE, Talk
from tests.waiting import wait_for

ANNOUNCED = 3  # announcements to each person
A_SECOND = 50  # messages at most, of all together
PATIENCE = 900  # seconds
ANNOUNCE = """
insert into outbox (conversation_id, account_id, kind, said_at, place, bubble, too_old_at)
select c.id, c.account_id, 'bulk', nextval('said_no'), 1, %(bubble)s::jsonb, market_now() + interval '1 hour'
from conversation c where c.contact_id in (select contact_id from identity where value = any(%(phones)s))
"""
LOSES = 0.3  # of the reports
LISTED_WITHIN = 3.0  # seconds; the looks at the list are 2.25 and 3.75 s after the claim
DOOR_EVERY = 3  # kills, the others are of workers
MIX = {"429": 0.03, "500_refused": 0.02, "500_accepted": 0.02, "accept_then_reset": 0.04, "hang": 0.01}


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """A door and two workers; delivery reports come back."""
    with house_in(services, planted, redis, redis_url, tmp_path, workers=2, more=PATIENT, **DEADLY) as house:
        yield house.start()


def storm(house, seed, sends, kills, people=PEOPLE):
    """So many messages and more are answered through that provider, so many processes killed meanwhile.

    Returns what was said, and the ids of the bubbles that killed workers had in hand. A bubble in doubt holds up its
    own conversation for seconds: many sends need many people.
    """
    chance, left = random.Random(seed), set()
    house.fair = Fair(house, chance)
    house.provider.mix(MIX, seed, loses=LOSES, listed_within=LISTED_WITHIN)
    with house.fair, Talk(house, MOST, pause=people / A_SECOND, people=people) as talk:
        announce(house, [phone_of(person) for person in talk.said])
        for number in range(kills):  # in this thread: what a thread has started ends with it
            talk.stop.wait(chance.uniform(0.5, 1.5))
            if number % DOOR_EVERY == 1:
                house.webs[0].kill()
            else:
                left |= kill_in_a_send(house, chance.choice(house.workers))
            talk.stop.wait(0.2)
            house.mend()
        wait_for(lambda: talk.acknowledged >= sends, "not enough is said", PATIENCE)
        house.fair.wait_for_orders(ORDERS)
    house.wait_until_idle(PATIENCE, mends=True)
    return talk.said, left


def announce(house, phones):
    """Some announcements are made for each of those who talk, when they have all been heard."""
    heard = (
        "select count(*) from conversation join identity i using (contact_id)"
        " where i.value = any(%(phones)s) and last_in_at is not null"
    )
    wait_for(lambda: house.value(heard, phones=phones) == len(phones), "somebody is not heard")
    house.run(
        "update contact set wants_announcements = true where id in"
        " (select contact_id from identity where value = any(%(phones)s))",
        phones=phones,
    )
    for number in range(ANNOUNCED):
        house.run(ANNOUNCE, bubble=outgoing_to_json(Outgoing(f"Grand marché, annonce {number}")), phones=phones)


def kill_in_a_send(house, worker):
    """It ends by this signal, and not before; the ids of the bubbles that it had in hand."""
    in_hand = wait_for(lambda: stopped_in_a_send(house, worker), "it never sends")
    worker.kill()
    assert worker.popen.poll() == -signal.SIGKILL
    return in_hand


def stopped_in_a_send(house, worker):
    """The bubbles that a worker had in hand when it was stopped; without any it goes on."""
    os.killpg(worker.popen.pid, signal.SIGSTOP)
    in_hand = house.sends_of(worker)
    if not in_hand:
        os.killpg(worker.popen.pid, signal.SIGCONT)
    return in_hand


def check(house, said, left, sends, kills):
    assert sum(map(len, said.values())) >= sends
    assert set(house.provider.moods.met) == set(MIX)
    assert left
    assert house.deaths == kills  # nobody has ended by himself
    history.check(house)  # with a second copy only where nothing had confirmed the first
    found = house.value("select count(*) from outbox where state = 'sent' and look_ups > 0 and resent = 0")
    sys.stdout.write(f"{found} found by a look-up, {house.leases_lost()} leases lost, {len(doubles(house))} doubled\n")
    assert found > 0
    check_answers(house, said)
    house.fair.check()
    check_announcements(house, ANNOUNCED * len(said))


def check_answers(house, said):
    """Each message had its turn, and first copies of the answers came in the order of the messages."""
    for person, numbers in said.items():
        words = [word_of(person, number) for number in numbers]
        assert taken(house, person) == words
        assert list(dict.fromkeys(heard(house, person))) == words, house.story_of(phone_of(person))


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


def test_five_hundred_sends_with_five_kills_arrive_in_order_and_twice_only_where_nobody_could_know(house, seed):
    check(house, *storm(house, seed, sends=500, kills=5), 500, kills=5)


@pytest.mark.soak
def test_twenty_thousand_sends_with_two_hundred_kills_arrive_in_order_and_twice_only_where_nobody_could_know(
    house, seed
):
    check(house, *storm(house, seed, sends=20_000, kills=200, people=200), 20_000, kills=200)
