"""Turns beside an announcement: what a buyer waits for his answer while very many others are told something."""

import asyncio
import time
from contextlib import closing
from typing import Final

from base.config import load
from base.db import Database
from bench.broadcasting import PEOPLE, draft_for
from bench.report import Line, limit_line, percentile
from bench.rounds import Side, half_of
from bot.broadcasts import drafts

BESIDE: Final = "beside"
MOST: Final = 2.0  # × the p99 without
LANGUAGE: Final = "en"  # of those who are told: no buyer reads it
TAKES: Final = 180.0  # seconds until everybody must have been told
OVER: Final = "select state not in ('scheduled', 'sending') from broadcast where id = %(id)s"
TOLD: Final = """
select count(*) from broadcast_recipient where broadcast_id = %(id)s and state in ('sent', 'delivered', 'read')
"""


async def beside(side: Side, people: int, seconds: float) -> None:
    """Half load twice, without and with an announcement to so many that is under way and takes all it can."""
    await side.at_rate("quiet", half_of(side), seconds)
    side.system.thaw()
    with closing(Database(side.system.services().database_url)) as database:
        number = await asyncio.to_thread(announce, side, database, people)
        before = await asyncio.to_thread(wait_for, database, TOLD, number)
        await side.at_rate(BESIDE, half_of(side), seconds)
        with database.autocommit() as db:
            side.stretches[BESIDE][-1].figures.kinds["(announced)"] = db.value(TOLD, id=number) - before
        side.system.thaw()
        await asyncio.to_thread(wait_for, database, OVER, number)
    await side.crowd.drain()
    side.system.freeze()


def announce(side: Side, database: Database, people: int) -> int:
    """An announcement to people who are made for it, agreed to; its number."""
    config = load(environ=side.system.environ())
    with database.unit_of_work() as db:
        account = db.value("select id from channel_account where kind like 'twilio%%' order by id limit 1")
        named = {"kind": "phone", "prefix": "+2286", "language": LANGUAGE}
        db.run(PEOPLE, count=people, silent=people + 1, account=account, **named)
        number = draft_for(db, config, LANGUAGE)
    with database.unit_of_work() as db:
        drafts.confirm(db, config, number, None)
    return number


def wait_for(database: Database, what: str, number: int) -> int:
    """Until an announcement is so far, told to the first or over; what was found. Raises RuntimeError."""
    end = time.monotonic() + TAKES
    while time.monotonic() < end:
        with database.autocommit() as db:
            if found := db.value(what, id=number):
                return int(found)
        time.sleep(0.2)
    raise RuntimeError(f"the announcement was not told to the first, or not over, after {TAKES:.0f} s")


def lines_of(side: Side) -> list[Line]:
    """Bar 8: the p99 beside an announcement against the one just before it."""
    quiet, busy = side.stretches["quiet"][-1].figures, side.stretches[BESIDE][-1].figures
    without, within = (1000 * percentile(figures.replied, 0.99) for figures in (quiet, busy))
    told = busy.kinds["(announced)"] / busy.seconds if busy.seconds else 0.0
    growth = within / without
    return [
        limit_line(
            "8 message → reply p99 beside a broadcast ÷ without", "", growth, None, f"≤ {MOST:g}", growth <= MOST
        ),
        limit_line("  that p99, and without", "ms", within, without, "", None),
        limit_line("  told meanwhile", "1/s", told, None, "", None),
    ]
