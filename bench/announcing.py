"""Turns beside an announcement: what a buyer waits for his answer while very many others are told something."""

import asyncio
import time
from contextlib import closing
from statistics import median
from typing import Final

from base.config import load
from base.db import Database
from bench.broadcasting import PEOPLE, draft_for
from bench.report import Line, limit_line, percentile
from bench.rounds import Side, half_of
from bot.broadcasts import drafts, sending

BESIDE: Final = "beside"
MOST: Final = 2.0  # × the p99 without
LANGUAGE: Final = "en"  # of those who are told: no buyer reads it
TAKES: Final = 180.0  # seconds until everybody must have been told
QUIET: Final = "quiet"
FULL: Final = "full"  # before each: what it can do then, as a machine that is shared moves within minutes
AT_REST: Final = """
select not exists (select from broadcast_recipient where broadcast_id = %(id)s and state = 'queued')
"""
OVER: Final = "select state not in ('scheduled', 'sending') from broadcast where id = %(id)s"
TOLD: Final = """
select count(*) from broadcast_recipient where broadcast_id = %(id)s and state in ('sent', 'delivered', 'read')
"""


async def beside(side: Side, people: int, seconds: float, rounds: int) -> None:
    """Half load without and with an announcement to so many that takes all it can, in turn; then it goes to its end.

    What half load is, is found anew in each round: the one before was measured minutes ago.
    """
    number, told = 0, 0
    with closing(Database(side.system.services().database_url)) as database:
        for _ in range(rounds):
            await side.saturate(FULL, seconds)
            half = half_of(side, FULL)
            await side.at_rate(QUIET, half, seconds)
            side.system.thaw()
            number = await asyncio.to_thread(go_on, side, database, people, number)
            told = await asyncio.to_thread(wait_for, database, TOLD, number, told)
            await side.at_rate(BESIDE, half, seconds)
            side.system.thaw()
            before, told = told, await asyncio.to_thread(wait_for, database, TOLD, number)
            side.stretches[BESIDE][-1].figures.kinds["(announced)"] = told - before
            is_on = await asyncio.to_thread(halt, database, number)
            await side.crowd.drain()
            side.system.freeze()
            if not is_on:
                break
        side.system.thaw()
        await asyncio.to_thread(go_on, side, database, people, number)
        await asyncio.to_thread(wait_for, database, OVER, number)
    await side.crowd.drain()
    side.system.freeze()


def go_on(side: Side, database: Database, people: int, number: int) -> int:
    """The first time an announcement is made, then it is resumed; its number."""
    if not number:
        return announce(side, database, people)
    with database.unit_of_work() as db:
        sending.resume(db, load(environ=side.system.environ()), number, None)
    return number


def halt(database: Database, number: int) -> bool:
    """Nobody more is told for now, but for those who are in hand; False: it is over."""
    with database.unit_of_work() as db:
        is_on = sending.stop(db, number, None)
    wait_for(database, AT_REST, number)
    return is_on


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


def wait_for(database: Database, what: str, number: int, beyond: int = 0) -> int:
    """Until an announcement is beyond that, told to one more or over; what was found. Raises RuntimeError."""
    end = time.monotonic() + TAKES
    while time.monotonic() < end:
        with database.autocommit() as db:
            found = int(db.value(what, id=number))
        if found > beyond:
            return found
        time.sleep(0.2)
    raise RuntimeError(f"the announcement was told to nobody more, or not over, after {TAKES:.0f} s")


def lines_of(side: Side) -> list[Line]:
    """Bar 8: the p99 beside an announcement against the one just before it, round by round."""
    quiet, busy = (
        [1000 * percentile(stretch.figures.replied, 0.99) for stretch in side.stretches[name]]
        for name in (QUIET, BESIDE)
    )
    both = zip(quiet, busy, strict=False)  # of a round that got stuck there is the first half alone
    growth = median(within / without for without, within in both)
    told = [one.figures.kinds["(announced)"] / one.figures.seconds for one in side.stretches[BESIDE]]
    return [
        limit_line(
            "8 message → reply p99 beside a broadcast ÷ without", "", growth, None, f"≤ {MOST:g}", growth <= MOST
        ),
        limit_line("  that p99, and without", "ms", median(busy), median(quiet), "", None),
        limit_line("  told meanwhile", "1/s", median(told), None, "", None),
    ]
