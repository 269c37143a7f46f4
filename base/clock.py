"""The one clock: the database's `market_now()`; process time serves time-outs only."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from base.db import Database, Db

LOME = ZoneInfo("Africa/Lome")


def now(db: Db) -> datetime:
    """The start of this transaction, aware, in UTC, as the database tells it."""
    moment: datetime = db.kept("select market_now()")[0][0]
    return moment


def uptime() -> float:
    """Seconds that also pass while the machine sleeps: by these a process knows whether its leases may have run out."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def in_lome(moment: datetime) -> datetime:
    """The same moment on the wall clocks of Lomé (UTC+0 all year)."""
    return moment.astimezone(LOME)


def use_test_clock(database: Database) -> None:
    """Give a test database a clock that can be moved: `market_now()` adds the offset of the table `test_clock`."""
    with database.unit_of_work() as db:
        db.run("create table if not exists test_clock (ahead interval not null)")
        db.run("delete from test_clock")
        db.run("insert into test_clock values (interval '0')")
        db.run(
            "create or replace function market_now() returns timestamptz language sql stable"
            " as 'select now() + (select ahead from test_clock)'"
        )


def move_test_clock(database: Database, seconds: float) -> None:
    """Move a test database's clock forward by `seconds`."""
    with database.unit_of_work() as db:
        db.run(
            "update test_clock set ahead = ahead + make_interval(secs => %(seconds)s)",
            seconds=seconds,
        )
