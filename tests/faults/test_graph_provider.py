"""Meta takes messages and does not say so, throttles, lets tokens expire and goes away: what becomes of each bubble.

Meta lists nothing of what it took: a report that brings our signed id home proves a send, and else one resend is all.
A call takes 1 s at most here, a lease lasts 3, and the looks at a send in doubt come after 1 and 2 s.
"""

import subprocess
import sys
from functools import partial

import pytest
from redis import Redis

from base.config import ROOT
from tests.faults import history
from tests.faults.crash_points import DEADLY, LEAVES_TURNS, VARIABLE, last_words
from tests.processes.house import PATIENT, SHUT_OUT, house_in, with_calls_of
from tests.processes.numbered import phone_of, word_of
from tests.processes.providers import CloudProvider, PageProvider
from tests.waiting import wait_for

LOOKS = {"ASSIGAME__TIMING__UNCERTAIN_LOOK_UPS": "[1, 2]"}
# provider, mood -> seconds that a send waits (channels.md §2.10, §3.9)
WAITS = [
    ("whatsapp", "throttled", 30),
    ("whatsapp", "throttled_without_a_time", 5),
    ("whatsapp", "pair", 6),
    ("messenger", "throttled", 60),
]
BUBBLES = """
select o.*, extract(epoch from o.due_at - o.sent_at) as waits from outbox o
join conversation c on c.id = o.conversation_id join identity i using (contact_id)
where i.value = %(name)s order by o.said_at, o.place
"""
both_channels = pytest.mark.parametrize("key", ["whatsapp", "messenger"])


@pytest.fixture(scope="module")
def house(services, planted, redis_url, tmp_path_factory):
    """A door and a worker of a number at the Cloud API and of a Page."""
    with Redis.from_url(redis_url) as redis:
        folder = tmp_path_factory.mktemp("house")
        more = PATIENT | with_calls_of(10) | LOOKS
        behind = (CloudProvider, PageProvider)
        with house_in(services, planted, redis, redis_url, folder, behind=behind, more=more, **DEADLY) as house:
            house.may_fail_for.add(SHUT_OUT)
            yield house.start()


@pytest.fixture(autouse=True)
def as_ever(house):
    """Each test leaves providers that behave, and books that agree."""
    yield
    for provider in house.providers:
        provider.fake.moods.clear()
    house.wait_until_idle()
    history.check(house)


class Side:
    """One channel of the house."""

    def __init__(self, house, key):
        self.house = house
        self.provider = next(provider for provider in house.providers if provider.key == key)

    def stranger(self):
        (person,) = self.house.strangers(1)
        return person

    def name(self, person):
        return self.provider.name_of(phone_of(person))

    def say(self, person, number=0):
        """He says one thing, and the door takes it."""
        words = f"je cherche {word_of(person, number)}"
        assert self.provider.knock(self.provider.say(phone_of(person), words)) == 200

    def copies(self, person):
        """What the provider took of his bubbles."""
        return self.provider.to(self.name(person))

    def bubbles(self, person):
        return self.house.rows(BUBBLES, name=self.name(person))

    def met_by(self, mood):
        """A stranger whose one bubble meets this mood."""
        person = self.stranger()
        self.provider.meets(mood)
        self.say(person)
        wait_for(lambda: not self.provider.fake.moods, f"nothing meets {mood}")
        return person

    def outcome(self, person):
        """(state, resent, look-ups) of his one bubble, and how many copies the provider took."""
        (row,) = self.bubbles(person)
        return row.state, row.resent, row.look_ups, len(self.copies(person))

    def is_answered(self, person):
        return [row.state for row in self.bubbles(person)] == ["sent"]

    def pause_reason(self):
        return self.house.value("select pause_reason from channel_account where key = %(key)s", key=self.provider.key)


@both_channels
def test_a_report_that_brings_our_id_home_settles_a_doubt_and_else_it_is_sent_once_more(house, key):
    side = Side(house, key)
    told = side.met_by("accept_then_reset")
    (message,) = wait_for(lambda: side.copies(told), "nothing is taken")
    assert side.provider.report(message, "sent") == 200  # at once: a slow machine may be at its second look soon
    silent, never = map(side.met_by, ("accept_then_reset", "away"))
    house.wait_until_idle()
    state, resent, looks, copies = side.outcome(told)
    assert (state, resent, copies) == ("sent", 0, 1)
    assert looks < 2  # on a slow machine the first look comes before the report; the second would send again
    assert side.bubbles(told)[0].provider_id == message.sid
    assert side.outcome(silent) == ("sent", 1, 2, 2)  # a double, and counted as one
    assert side.outcome(never) == ("sent", 1, 2, 1)  # of a 5xx nobody knows; it had not been taken
    assert [side.provider.report(message, "delivered") for message in side.copies(silent) * 2] == [200] * 4
    wait_for(lambda: side.outcome(silent)[0] == "delivered", "a report is not read")
    house.wait_until_idle()
    assert side.outcome(silent) == ("delivered", 1, 2, 2)  # what comes late raises it, and sends nothing more


@pytest.mark.parametrize(("key", "mood", "seconds"), WAITS)
def test_whoever_is_throttled_waits_as_long_as_is_told_and_nobody_waits_with_him(house, key, mood, seconds):
    side = Side(house, key)
    person, other = side.met_by(mood), side.stranger()
    wait_for(lambda: side.bubbles(person)[0].error, "nothing is refused")
    side.say(person, 1)
    wait_for(lambda: len(side.bubbles(person)) == 2, "the second message is not answered")
    side.say(other)
    wait_for(lambda: side.is_answered(other), "another person waits too")
    first, second = side.bubbles(person)
    assert (first.state, second.state, side.copies(person)) == ("waiting", "waiting", [])
    assert seconds <= first.waits < seconds + 2
    house.run("update outbox set due_at = market_now() where id = %(id)s", id=first.id)  # that time is over
    house.wait_until_idle()
    assert [(row.state, row.resent) for row in side.bubbles(person)] == [("sent", 0)] * 2
    assert [word_of(person, n) in copy.body for n, copy in enumerate(side.copies(person))] == [True] * 2


@both_channels
def test_an_expired_token_pauses_its_account_alone_and_all_that_waits_goes_once_when_it_is_resumed(house, key):
    side = Side(house, key)
    other = Side(house, "messenger" if key == "whatsapp" else "whatsapp")
    people = [side.met_by("token")]
    wait_for(side.pause_reason, "nothing is paused")
    assert side.pause_reason() == "190"
    people += [side.stranger() for _ in range(2)]
    for person in people[1:]:
        side.say(person)
    wait_for(lambda: all(map(side.bubbles, people)), "not all is answered")
    elsewhere = other.stranger()
    other.say(elsewhere)
    wait_for(lambda: other.is_answered(elsewhere), "the other account is paused too")
    assert [side.outcome(person) for person in people] == [("waiting", 0, 0, 0)] * 3
    assert paused_lines(house, key) == 1
    resume(house, key)
    house.wait_until_idle()
    assert [side.outcome(person) for person in people] == [("sent", 0, 0, 1)] * 3
    assert (side.pause_reason(), paused_lines(house, key)) == (None, 1)


def paused_lines(house, key):
    """The organizer's lines of an account that is paused."""
    return house.value(
        "select count(*) from attention where kind = 'account_paused' and (about->>'account')::bigint ="
        " (select id from channel_account where key = %(key)s)",
        key=key,
    )


def resume(house, key):
    """As an operator does when there is a new token."""
    command = [sys.executable, "cli.py", "attention", "--resume", key]
    subprocess.run(command, cwd=ROOT, env=house.environ, check=True, capture_output=True)


@pytest.mark.parametrize(("key", "is_told"), [("whatsapp", True), ("whatsapp", False), ("messenger", True)])
def test_a_worker_that_dies_with_the_answer_read_loses_nothing_and_doubles_what_nobody_tells_of(house, key, is_told):
    side, (door,), (worker,), told = Side(house, key), house.webs, house.workers, f"taken_on_{key}:1"
    for process, more in ((worker, {VARIABLE: told}), (door, {LEAVES_TURNS: "1"})):
        process.put_down()
        process.start(**more)
    house.wait_until_ready()
    log, person = worker.log, side.stranger()
    side.say(person)
    wait_for(lambda: not worker.is_alive, "nobody dies")
    assert last_words(told) in log.read_text()
    (message,) = side.copies(person)
    message.confirmed.clear()  # who had read the answer is dead
    if is_told:
        assert side.provider.report(message, "sent") == 200
    house.mend()
    wait_for(partial(house.is_ready, worker), "it does not come back")
    house.wait_until_idle()
    assert side.outcome(person) == (("sent", 0, 0, 1) if is_told else ("sent", 1, 2, 2))
