"""Processes that freeze, or whose clocks are wrong: the books stay whole."""

import os
import random
import signal
import time
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import urllib3

from tests.faults import history
from tests.faults.crash_points import DEADLY, FREEZES, LEAVES_TURNS, VARIABLE
from tests.faults.debian import needed
from tests.processes.house import PATIENT, STARTS_WITHIN, house_in
from tests.processes.market_day import market_day
from tests.processes.numbered import message, word_of
from tests.processes.talk import PEOPLE
from tests.waiting import wait_for

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
LATE, EARLY = -599, 600  # seconds


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path):
    """Two doors and two workers, not started."""
    with house_in(services, planted, redis, redis_url, tmp_path, webs=2, workers=2, more=PATIENT, **DEADLY) as house:
        yield house


def tell(process, number):
    """A signal to a process and its children."""
    os.killpg(process.popen.pid, number)


def freeze_at_random(house, talk, chance, times, most):
    """One process after the other stands still for up to `most` seconds and goes on; the other of its kind works."""
    for _ in range(times):
        talk.wait_for_more(PEOPLE)
        frozen = chance.choice(house.processes)
        freeze(house, frozen)
        talk.stop.wait(chance.uniform(most / 2, most))
        tell(frozen, signal.SIGCONT)
    talk.wait_for_more(PEOPLE)


def freeze_in_a_send(house):
    """A worker whose sends the provider holds up stands still until their leases have run out; then it goes on."""
    house.provider.mode("hang")  # not taken: no report may settle them before their leases do
    since = house.value("select market_now()")
    frozen, held = wait_for(lambda: frozen_in_a_send(house, since), "nobody freezes in a send")
    try:
        house.provider.mode("ok")
        wait_for(lambda: not held & house.sends_of(frozen), "a lease does not run out")
    finally:
        tell(frozen, signal.SIGCONT)


def frozen_in_a_send(house, since):
    """A worker that was stopped in sends that hang, and the ids of their rows; None when there is none now."""
    for worker in house.workers:
        if hung(house, worker, since):
            freeze(house, worker)
            if held := hung(house, worker, since):
                return worker, held
            tell(worker, signal.SIGCONT)  # its leases have run out meanwhile
    return None


def freeze(house, process):
    """Stop it between two sends: one that has looked at its lease and not spoken yet is one nobody can hold back."""

    def is_between():
        tell(process, signal.SIGSTOP)
        if not house.sends_of(process, "sent_at > market_now() - interval '0.1 s'"):
            return True
        tell(process, signal.SIGCONT)
        return False

    wait_for(is_between, "it always sends")


def hung(house, worker, since):
    """Ids of the rows that a worker has claimed since then and waits for: for 0.5 s, then its call is over."""
    return house.sends_of(worker, "sent_at between %(since)s and market_now() - interval '0.1 s'", since=since)


@pytest.mark.parametrize(
    ("point", "found", "resent"), [("claimed", 0, 1), ("accepted", 1, 0)], ids=["before its send", "after its send"]
)
def test_a_worker_that_stood_still_around_its_send_is_followed_by_one_copy(house, point, found, resent):
    frozen, other = house.workers
    frozen.environ |= {VARIABLE: f"{point}:1", FREEZES: "1"}
    house.provider.callbacks = ()  # only the provider's list can tell what it has taken
    house.webs[0].start(**{LEAVES_TURNS: "1"})
    frozen.start()
    wait_for(lambda: house.is_open(house.webs[0]), "the door does not open", STARTS_WITHIN)
    house.provider.knock(message(house, 1, 1))
    wait_for(lambda: stands_still(frozen), "nobody stands still")
    assert len(house.provider.messages) == found
    held = house.value("select id from outbox")  # the only one; a slow machine may have taken its lease already
    other.start()
    wait_for(lambda: not house.sends_of(frozen), "its lease does not run out")
    wait_for(lambda: settled(house) == [(held, resent)], "nobody else sends it or finds it")
    tell(frozen, signal.SIGCONT)
    other.kill()
    house.provider.knock(message(house, 1, 2))  # answered by the one that goes on
    wait_for(lambda: len(settled(house)) == 2, "no answer")
    assert [word_of(1, 1) in sent.body for sent in house.provider.messages] == [True, False]
    assert house.leases_lost() == 1
    house.wait_until_idle()
    history.check(house)


def settled(house):
    """(id, how often it was sent again) of each bubble that was sent."""
    rows = house.rows("select id, resent from outbox where state = 'sent' order by id")
    return [tuple(row) for row in rows]


def stands_still(process):
    """Whether a signal has stopped it."""
    return Path(f"/proc/{process.popen.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.soak
def test_processes_that_freeze_longer_than_a_lease_and_go_on_double_nothing(house, seed):
    house.start()
    chance = random.Random(seed)
    with market_day(house) as talk:
        for _ in range(5):
            talk.wait_for_more(PEOPLE)
            freeze_in_a_send(house)
            freeze_at_random(house, talk, chance, times=2, most=3.0)  # a lease is 1.5 s here


@pytest.mark.soak
def test_processes_that_freeze_for_a_minute_and_go_on_double_nothing(house, seed):
    house.start()
    chance = random.Random(seed)
    with market_day(house) as talk:
        for _ in range(3):
            talk.wait_for_more(PEOPLE)
            freeze_in_a_send(house)
            freeze_at_random(house, talk, chance, times=2, most=60.0)


@pytest.mark.soak
def test_clocks_of_machines_twenty_minutes_apart_change_nothing(house, tmp_path):
    needed("libfaketime", FAKETIME.exists)
    *late, early = house.processes
    for process in late:
        process.environ |= with_clock(LATE)
    early.environ |= with_clock(EARLY) | {"ASSIGAME_VAR": str(tmp_path / "var_of_another_machine")}
    with showing(house.workers, [LATE, EARLY], start_of):
        house.start()
    with showing(house.webs, [LATE, LATE], lambda web: answer_of(house, web)):
        pass
    with market_day(house) as talk:
        talk.stop.wait(60)


def with_clock(skew):
    """Settings of a process of a machine whose clock is so many seconds ahead."""
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME": f"{skew:+}s", "DONT_FAKE_MONOTONIC": "1"}


@contextmanager
def showing(processes, skews, moment_of):
    """What each one's own clock showed (`moment_of`, seconds) lies within this block, moved by its skew."""
    begun = time.time()
    yield
    shown = [moment_of(process) for process in processes]
    ended = time.time()
    for process, skew, moment in zip(processes, skews, shown, strict=True):
        assert begun - 1 <= moment - skew <= ended + 1, process.name  # a Date knows whole seconds


def start_of(worker):
    """When a worker said that it has started, by its own clock."""
    (line,) = [line for line in worker.log.read_text().splitlines() if "event=worker_started" in line]
    return datetime.fromisoformat(line.partition("timestamp=")[2].split()[0]).timestamp()


def answer_of(house, web):
    """When a door answered, by its own clock."""
    answer = urllib3.request("GET", house.doors[web] + "/healthz", retries=False, timeout=5)
    return parsedate_to_datetime(answer.headers["Date"]).timestamp()
