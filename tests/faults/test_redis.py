"""Redis forgets, remembers what is long past, throws away, dies and fails over: it is a cache, and nobody notices."""

import json
import random
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, suppress

import pytest
from redis import Redis
from redis.exceptions import OutOfMemoryError

from base.embedded_place import find_place
from bench.report import percentile
from tests import databases
from tests.faults.proxy import FaultProxy
from tests.processes.house import PATIENT, house_in
from tests.processes.market_day import market_day
from tests.waiting import wait_for

pytestmark = pytest.mark.soak

TIMES, FAILOVERS = 20, 50
LONG = 600  # seconds
SLOWEST = 1.0  # seconds to an acknowledgement while Redis is away, of 99 in 100
REVISIONS = "select id, revision from conversation order by id"
ROOM, KILOBYTE = 1_000_000, 1000  # bytes


class Server:
    """A Redis of this test's own, on a socket in its folder."""

    def __init__(self, folder, *settings):
        self.folder, self.settings, self.popen = folder, settings, None
        folder.mkdir()
        self.socket = f"{folder}/r.sock"

    def start(self):
        program = find_place(databases.VAR).redis_server
        command = [program, "--port", "0", "--unixsocket", self.socket, "--dir", self.folder, *self.settings]
        self.popen = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
        wait_for(self.answers, "Redis does not start")
        return self

    def answers(self):
        with self.client() as client:
            try:
                return client.ping()
            except OSError:
                return False

    def client(self):
        return Redis(unix_socket_path=self.socket)

    def kill(self):
        if self.popen:
            self.popen.send_signal(signal.SIGKILL)
            self.popen.wait(10)


def crash(server, house):
    """A house's Redis without a goodbye."""
    house.server_fell("Redis")
    server.kill()


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "redis", "--save", "", "--appendonly", "no").start()
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
        server.client().save()
        shutil.copy(server.folder / "dump.rdb", server.folder / "old.rdb")
        for _ in range(TIMES // 4):
            talk.stop.wait(3)
            crash(server, house[0])
            shutil.copy(server.folder / "old.rdb", server.folder / "dump.rdb")
            server.start()
            assert server.client().dbsize() > 0


def test_a_failover_to_a_replica_that_is_behind(house, server, tmp_path):
    replica = Server(tmp_path / "replica", "--save", "", "--appendonly", "no").start()
    try:
        with market_day(house[0]) as talk:
            talk.stop.wait(3)
            copy_of(server, replica)
            for number in range(FAILOVERS):
                talk.stop.wait(2)
                other = (replica, server)[number % 2]
                assert old_sessions(house[0], other)  # it has missed all since
                house[1].target = other.socket
                house[1].fault(refuses=True)
                house[1].fault()
    finally:
        replica.kill()


def copy_of(server, replica):
    """What the one holds now, the other holds too."""
    there = replica.client()
    for key in server.client().scan_iter():
        there.restore(key, 0, server.client().dump(key), replace=True)


def old_sessions(house, server):
    """The conversations of which a server holds another revision than their rows have."""
    rows = house.rows(REVISIONS)
    held = server.client().mget([f"session:{row.id}" for row in rows])
    pairs = zip(rows, (json.loads(text or "null") for text in held), strict=True)
    return [row.id for row, session in pairs if session and session["revision"] != row.revision]
