"""Redis forgets, remembers what is long past, throws away, dies and fails over: it is a cache, and nobody notices."""

import json
import random
import shutil
import signal
import time
from contextlib import ExitStack, suppress

import pytest
from redis.exceptions import OutOfMemoryError

from bench.report import percentile
from tests.faults.proxy import FaultProxy
from tests.processes.house import PATIENT, house_in
from tests.processes.market_day import market_day
from tests.processes.talk import PEOPLE
from tests.redis_server import RedisServer
from tests.waiting import wait_for

pytestmark = pytest.mark.soak

TIMES, FAILOVERS = 20, 50
LONG = 600  # seconds
# a Redis that is asked while it loads its keys answers LOADING: four seconds; microseconds a key, bytes between answers
KEYS = 800
SLOWLY = ("--key-load-delay", "5000", "--loading-process-events-interval-bytes", "1024")
SLOWEST = 1.0  # seconds to an acknowledgement while Redis is away, of 99 in 100
REVISIONS = "select id, revision from conversation order by id"
ROOM, KILOBYTE = 1_000_000, 1000  # bytes


def crash(server, house):
    """A house's Redis without a goodbye."""
    house.server_fell("Redis")
    server.kill()


@pytest.fixture
def server(tmp_path):
    server = RedisServer(tmp_path / "redis", "--save", "", "--appendonly", "no").start()
    yield server
    server.kill()


@pytest.fixture
def house(services, planted, redis, redis_url, tmp_path, server, seed):
    """Two doors and two workers whose Redis stands behind a proxy: (house, proxy)."""
    with ExitStack() as stack:
        house = stack.enter_context(
            house_in(services, planted, redis, redis_url, tmp_path, webs=2, workers=2, more=PATIENT)
        )
        proxy = stack.enter_context(FaultProxy(server.socket, seed))
        for process in house.processes:
            process.environ |= {"REDIS_URL": f"redis://127.0.0.1:{proxy.port}/0"}
        house.redis = server.client()
        yield house.start(), proxy


def test_a_redis_that_is_killed_again_and_again_and_comes_back_empty(house, server, seed):
    chance = random.Random(seed)
    with market_day(house[0]) as talk:
        for _ in range(TIMES):
            talk.stop.wait(chance.uniform(0.5, 2))
            wait_for(lambda: sessions(server), "nothing is cached")
            crash(server, house[0])
            talk.stop.wait(chance.uniform(0, 0.5))
            server.start()
    assert house[0].logged("redis_away") > 0


def test_a_redis_that_is_flushed_every_two_seconds_for_ten_minutes(house, server):
    with market_day(house[0]) as talk:
        end = time.monotonic() + LONG
        while time.monotonic() < end:
            talk.stop.wait(2)
            wait_for(lambda: sessions(server), "nothing is cached")
            server.client().flushall()


def sessions(server):
    """How many a server holds."""
    return sum(1 for _ in server.client().scan_iter("session:*"))


def test_a_redis_that_is_away_for_ten_minutes_slows_no_acknowledgement(house):
    with market_day(house[0]) as talk:
        talk.stop.wait(3)
        house[1].fault(refuses=True)
        before = len(talk.took)
        talk.stop.wait(LONG)
        took = talk.took[before:]
        house[1].fault()
        talk.stop.wait(3)
    assert house[0].logged("redis_away") > 0
    assert len(took) > LONG
    assert percentile(took, 0.99) < SLOWEST


def test_a_redis_without_memory_refuses_or_throws_away(house, server):
    client = server.client()
    with market_day(house[0]) as talk:
        for policy in ("noeviction", "allkeys-lru", "volatile-lru"):
            client.config_set("maxmemory-policy", policy)
            client.config_set("maxmemory", client.info("memory")["used_memory"] + ROOM)
            fill(client)
            before = lost_for_room(client)
            talk.stop.wait(10)
            assert lost_for_room(client) > before
            client.config_set("maxmemory", 0)
            client.unlink(*client.keys("ballast:*"))
            talk.stop.wait(2)


def fill(client):
    """More than there is room for."""
    with suppress(OutOfMemoryError):
        for number in range(2 * ROOM // KILOBYTE):
            client.set(f"ballast:{number}", "x" * KILOBYTE)


def lost_for_room(client):
    """How many writes were refused and how many keys thrown away."""
    refused = client.info("errorstats").get("errorstat_OOM", {"count": 0})["count"]
    return refused + client.info("stats")["evicted_keys"]


def test_a_redis_that_is_restored_from_a_copy_of_long_ago(house, server):
    with market_day(house[0]) as talk:
        talk.stop.wait(3)
        for number in range(KEYS):
            server.client().set(f"ballast:{number}", random.randbytes(KILOBYTE))
        server.client().save()
        shutil.copy(server.folder / "dump.rdb", server.folder / "old.rdb")
        for _ in range(TIMES // 4):
            talk.stop.wait(3)
            crash(server, house[0])
            shutil.copy(server.folder / "old.rdb", server.folder / "dump.rdb")
            server.start(*SLOWLY)
            assert sessions(server) > 0
    assert house[0].logged("redis_away", error="BusyLoadingError") > 0


def test_a_failover_to_a_replica_that_is_behind(house, server, tmp_path):
    master, replica = server, RedisServer(tmp_path / "replica", "--save", "", "--appendonly", "no").start()
    try:
        with market_day(house[0]) as talk:
            for _ in range(FAILOVERS):
                replica.follow(master)
                fall_behind(house[0], talk, master, replica)
                fail_over(house, master, replica)
                master.start()
                master, replica = replica, master
            talk.wait_for_more(PEOPLE)
            house[0].redis = master.client()
    finally:
        replica.kill()
        master.kill()


def fall_behind(house, talk, master, replica):
    """The replica stands still, and nothing waits for it on the line, while people go on."""
    wait_for(lambda: revisions_in(house, replica), "nothing is replicated")
    replica.tell(signal.SIGSTOP)
    master.client().client_kill_filter(_type="replica")
    talk.wait_for_more(2 * PEOPLE)


def fail_over(house, master, replica):
    """The master dies and its replica is in its place: first it hangs, then it is read-only, then it knows nothing."""
    house, proxy = house
    proxy.target = replica.address
    crash(master, house)
    proxy.fault(refuses=True)  # whoever has a line must make a new one
    proxy.fault()
    replica.tell(signal.SIGCONT)
    wait_for(replica.answers, "the replica does not go on")
    assert old_sessions(house, replica)  # it has missed all since
    until_met(house, "ReadOnlyError")
    replica.client().config_set("replica-serve-stale-data", "no")
    until_met(house, "MasterDownError")
    replica.client().config_set("replica-serve-stale-data", "yes")
    assert replica.client().role()[0] == b"slave"
    replica.lead()
    wait_for(lambda: fresh_sessions(house, replica), "nobody uses the new master")


def until_met(house, error):
    """Until one more call of a process to Redis has been refused with this."""
    before = house.logged("redis_away", error=error)
    wait_for(lambda: house.logged("redis_away", error=error) > before, f"nobody meets {error}")


def revisions_in(house, server):
    """(revision in the row, revision that a server holds) of each conversation that it holds."""
    rows = house.rows(REVISIONS)
    held = server.client().mget([f"session:{row.id}" for row in rows])
    pairs = zip(rows, (json.loads(text or "null") for text in held), strict=True)
    return [(row.revision, session["revision"]) for row, session in pairs if session]


def old_sessions(house, server):
    """Those of another revision than their rows have."""
    return [pair for pair in revisions_in(house, server) if pair[0] != pair[1]]


def fresh_sessions(house, server):
    """Those of their rows' own revision."""
    return [pair for pair in revisions_in(house, server) if pair[0] == pair[1]]
