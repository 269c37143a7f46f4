"""Turns beside an announcement: what a buyer waits for his answer while very many others are told something."""

import asyncio
import time
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from typing import Final

from base.config import load
from base.db import Database
from bench.broadcasting import PEOPLE, draft_for
from bench.report import Line, limit_line, percentile, wrong_line
from bench.rounds import LONGER, Side, half_of, wrong_in
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


@dataclass
class Announcement:
    """One to so many people that takes all it can, begun and stopped as often as there are rounds."""

    side: Side
    database: Database
    people: int
    number: int = 0  # 0: not made yet
    told: int = 0

    async def beside(self, rate: float, seconds: float) -> bool:
        """So many turns a second while people are told; False: it is over. Raises RuntimeError."""
        self.side.system.thaw()
        await asyncio.to_thread(self._go_on)
        before = await asyncio.to_thread(wait_for, self.database, TOLD, self.number, self.told)
        began = time.monotonic()
        stretch = await self.side.at_rate(BESIDE, rate, seconds)
        self.side.system.thaw()
        self.told = await asyncio.to_thread(wait_for, self.database, TOLD, self.number)
        share = stretch.figures.seconds / (time.monotonic() - began)  # it warms up and settles too
        stretch.figures.kinds["(announced)"] = round(share * (self.told - before))
        is_on = await asyncio.to_thread(self._halt)
        await self._stand_still()
        return is_on

    async def end(self) -> None:
        """Tell all the others. Raises RuntimeError."""
        self.side.system.thaw()
        await asyncio.to_thread(self._go_on)
        await asyncio.to_thread(wait_for, self.database, OVER, self.number)
        await self._stand_still()

    def _go_on(self) -> None:
        if not self.number:
            self.number = announce(self.side, self.database, self.people)
            return
        with self.database.unit_of_work() as db:
            sending.resume(db, load(environ=self.side.system.environ()), self.number, None)

    def _halt(self) -> bool:
        """Nobody more is told for now, but for those who are in hand."""
        with self.database.unit_of_work() as db:
            is_on = sending.stop(db, self.number, None)
        wait_for(self.database, AT_REST, self.number)
        return is_on

    async def _stand_still(self) -> None:
        await self.side.crowd.drain()
        self.side.system.freeze()


async def beside(side: Side, people: int, seconds: float, rounds: int) -> None:
    """Half load without and with an announcement to so many, in turn; then it goes to its end. Raises RuntimeError.

    What half load is, is found anew in each round, and which of both is first changes with it: a machine drifts.
    """
    with closing(Database(side.system.services().database_url)) as database:
        announcement, is_on = Announcement(side, database, people), True
        for number in range(rounds):
            if not is_on:
                break
            await side.saturate(FULL, seconds)
            half = half_of(side, FULL)
            for is_quiet in (number % 2 == 0, number % 2 == 1):
                if is_quiet:
                    await side.at_rate(QUIET, half, LONGER * seconds)
                else:
                    is_on = await announcement.beside(half, LONGER * seconds)
        await announcement.end()


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
    """Bar 8: the p99 beside an announcement against the one without, round by round."""
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
        wrong_line("8 beside a broadcast", wrong_in(side, (FULL, QUIET, BESIDE)).total()),
    ]
