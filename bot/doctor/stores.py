"""Checks of PostgreSQL and Redis."""

from datetime import UTC, datetime
from typing import Any, Final

import redis

from base import backups, clock
from base.db import FAILED
from base.embedded_place import LEAST_REDIS
from base.migrating import revisions
from bot.doctor.findings import Level, Look, Patient
from bot.sessions import PROBE, PROBE_LASTS, connect

LEAST_POSTGRES: Final = 15
CLOCKS_APART, CLOCKS_WRONG = 5, 30  # seconds
NO_EVICTION: Final = "CONFIG SET maxmemory-policy noeviction"
START: Final = "start it; without an address of your own, cli.py run does"


def database(patient: Patient) -> Look:
    """Whether it answers, in a version that the program can use."""
    if not patient.config.database.url:
        yield "wrong", "no PostgreSQL runs here, and no address is set", START
        return
    try:
        with patient.database.unit_of_work() as db:
            version = backups.server_version(db)
    except FAILED as error:
        yield "wrong", f"PostgreSQL does not answer: {type(error).__name__}", START
        return
    patient.has.add("database")
    if version < LEAST_POSTGRES:
        yield "wrong", f"PostgreSQL {version}: {LEAST_POSTGRES} is the least", "move the data to a newer server"
    else:
        yield "ok", f"PostgreSQL {version} answers", ""


def tables(patient: Patient) -> Look:
    """Whether they are as this code wants them."""
    with patient.database.unit_of_work() as db:
        revision = backups.revision_of(db)
    known = revisions()
    if revision == known[0]:
        patient.has.add("tables")
        yield "ok", f"at the newest revision, {revision}", ""
    elif revision is None:
        yield "wrong", "the database is empty", "cli.py set-up makes the tables; cli.py restore brings a backup back"
    elif revision in known:
        yield "wrong", f"at revision {revision}, and {known[0]} is the newest", "cli.py set-up brings them up to date"
    else:  # a version that was gone back from has left newer ones, which this one works on
        patient.has.add("tables")
        yield "warn", f"at revision {revision}, which this program does not know", "update the program"


def clocks(patient: Patient) -> Look:
    """Times are the database's; what providers sign and list is told by their own."""
    with patient.database.unit_of_work() as db:
        apart = abs((clock.now(db) - datetime.now(UTC)).total_seconds())
    level: Level = "wrong" if apart > CLOCKS_WRONG else "warn" if apart > CLOCKS_APART else "ok"
    yield level, f"database and machine are {apart:.0f} s apart", "" if level == "ok" else "set both by NTP"


def cache(patient: Patient) -> Look:
    """Redis: there, new enough, forgetting nothing by itself, writing down what it is told."""
    if not patient.config.redis.url:
        yield "wrong", "no Redis runs here, and no address is set", START
        return
    client = connect(patient.config.redis.url, 2)
    try:
        told: Any = client.info()
        client.set(PROBE, "1", px=PROBE_LASTS)
    except (redis.ConnectionError, redis.TimeoutError) as error:
        yield "wrong", f"Redis does not answer: {type(error).__name__}", "start it: until then everything is slower"
        return
    except redis.RedisError as error:
        yield "wrong", f"Redis takes nothing: {error}", "give it room: until then everything is slower"
        return
    version = tuple(int(part) for part in str(told["redis_version"]).split(".")[:2])
    if version < LEAST_REDIS:
        yield "wrong", f"Redis {told['redis_version']}: 6.2 is the least", "install a newer one"
    if told.get("maxmemory_policy") != "noeviction":
        yield "wrong", f"Redis forgets keys when it is full ({told.get('maxmemory_policy')})", NO_EVICTION
    if not told.get("aof_enabled"):
        yield "warn", "Redis keeps no log: after a crash its rates begin anew", "CONFIG SET appendonly yes"
    yield "ok", f"Redis {told['redis_version']} answers", ""
