"""`python -m bench.paced`: how near an announcement comes to what its sender may, at a provider that takes its time.

10,000 are told on one number of the Cloud API, which is all for announcements, by workers that share the machine with
their stores and with the stand-in. They have read what they need before, as on any day but that of a start. The
stand-in holds the number to its rate as a provider does: what is beyond it meets a 429. No one reports what became of
the messages.
"""

import asyncio
from collections.abc import Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import uvloop
from rich.console import Console

from base.db import Database
from bench import processes, report
from bench.announced import StandIn
from bench.broadcasting import KINDS, MEANT, Announcing, draft_for, people_who_are, plant, while_it_is
from bench.report import Line, limit_line
from bench.systems import NotStarted, fresh
from bench.wire import free_port, port_of, serve
from bot import accounts
from bot.broadcasts import drafts
from worker import WARMS_AFTER

VAR: Final = Path(__file__).parent.parent / "var" / "bench" / "paced"
KEY, PLACE = "whatsapp", 1  # of the channel, and where the settings have it
MOST_BUSY: Final = 0.01  # of all tries
BEGINS: Final = 60.0  # seconds until it must have begun
ENDS: Final = 5.0  # × the time that it takes at the rate, until it must be over
console = Console()
console.width = max(console.width, 110)


@dataclass(frozen=True)
class Pace:
    """What a sender may, a second, the seconds of a provider's answer, and by how many workers it is told.

    `least` and `most`: how many a second must be told; None: as many as go.
    """

    allowed: int
    latency: float
    workers: int
    least: float | None = None
    most: float | None = None

    @property
    def bar(self) -> str:
        """As the table has it."""
        if self.least is None:
            return ""
        return f"≥ {self.least:g}" if self.most is None else f"{self.least:g} to {self.most:g}"

    def is_kept(self, told: float) -> bool | None:
        """Whether so many a second are enough, and not too many; None where nothing is asked."""
        if self.least is None:
            return None
        return self.least <= round(told) <= (self.most or float("inf"))


PACES: Final = (
    Pace(1_000, 0.08, workers=4, least=900),
    Pace(80, 0.08, workers=2, least=76, most=80),
    Pace(10_000, 0.0, workers=4),
)


@dataclass(frozen=True)
class Told:
    """How many were told in how many seconds, first to last; tries, 429s, people told twice, those not told
    or told unasked; CPU seconds by part.
    """

    people: int
    seconds: float
    tries: int
    busy: int
    twice: int
    missing: int
    cpu: dict[str, float]

    @property
    def a_second(self) -> float:
        """People."""
        return (self.people - 1) / self.seconds if self.seconds else float("nan")


async def tell(pace: Pace, people: int, folder: Path) -> Told:
    """Tell so many at that pace, on stores of their own. Raises NotStarted."""
    stand_in = StandIn(0, 0, pace.allowed)
    server = await serve(stand_in.handle, latency=pace.latency)
    rates = f'{{"sender_per_second": {pace.allowed}, "recipient_burst": 0, "turns": 0, "bulk_share": 1.0}}'
    more = {f"ASSIGAME__CHANNEL_ACCOUNTS__{PLACE}__RATES": rates}
    system = Announcing(port_of(server), fresh(folder), free_port(), more)
    try:
        await asyncio.to_thread(system.start, pace.workers)
        asked, used = await announce(system, people, BEGINS + ENDS * people / pace.allowed)
        return told_by(stand_in, asked, used)
    finally:
        await asyncio.to_thread(system.stop)
        server.close()


async def announce(system: Announcing, people: int, most: float) -> tuple[Set[str], dict[str, float]]:
    """To so many, waited for as many seconds at most; who was to be told, and the CPU seconds of each part."""
    with closing(Database(system.services().database_url)) as database:
        config = system.config()
        with database.unit_of_work() as db:
            plant(db, accounts.ensure(db, config.active_accounts()), people, "en", (KEY,))
        await asyncio.to_thread(system.know_sizes)
        with database.unit_of_work() as db:
            number = draft_for(db, config, "en", KINDS[KEY])
        roots = system.roots()
        await asyncio.sleep(WARMS_AFTER)
        if not await processes.are_at_rest(roots, BEGINS):
            raise NotStarted(f"what was started is not at rest after {BEGINS:.0f} s more; see {system.log}")
        before = processes.cpu(roots)
        with database.unit_of_work() as db:
            drafts.confirm(db, config, number, None)
        await while_it_is(("scheduled",), database, number, BEGINS)
        await while_it_is(("scheduled", "sending"), database, number, most)
        after = processes.cpu(roots)
        with database.autocommit() as db:
            asked = people_who_are(db, number, MEANT)
    return asked, {part: after[part].all - before[part].all for part in roots}


def told_by(stand_in: StandIn, asked: Set[str], cpu: dict[str, float]) -> Told:
    """What the stand-in has seen of the people who were to be told, as their provider names them."""
    at = stand_in.taken_at
    twice = sum(times > 1 for times in stand_in.taken.values())
    seconds, missing = (at[-1] - at[0] if at else 0.0), len(asked ^ stand_in.taken.keys())
    return Told(len(at), seconds, stand_in.tries[KEY], stand_in.met_busy[KEY], twice, missing, cpu)


def lines_of(pace: Pace, told: Told) -> list[Line]:
    """The table of one pace."""
    busy, wrong = told.busy / max(1, told.tries), told.twice + told.missing
    title = f"{pace.allowed:,} a second allowed, answers after {1000 * pace.latency:.0f} ms, workers: {pace.workers}"
    return [
        limit_line(f"{title}; told", "1/s", told.a_second, pace.allowed, pace.bar, pace.is_kept(told.a_second)),
        limit_line("  429s, of all tries", "", busy, None, f"< {MOST_BUSY:g}", busy < MOST_BUSY),
        limit_line("  told twice, unasked or not at all", "", wrong, None, "0", not wrong),
        limit_line("  CPU of 1,000 messages", "s", 1000 * sum(told.cpu.values()) / max(1, told.people), None, "", None),
    ]


def spent(pace: Pace, told: Told) -> str:
    """What each part of the program used for a message, its planning included."""
    parts = ", ".join(f"{part} {1000 * used / max(1, told.people):.2f}" for part, used in told.cpu.items())
    return f"CPU ms a message at {pace.allowed:,} a second: {parts}."


async def measure(paces: Sequence[Pace], people: int, folder: Path = VAR) -> tuple[list[Line], list[str]]:
    """One after the other; the table and its notes."""
    lines, notes = list[Line](), list[str]()
    for pace in paces:
        console.print(f"{people:,} people at {pace.allowed:,} a second", style="dim")
        told = await tell(pace, people, folder)
        lines += lines_of(pace, told)
        notes.append(spent(pace, told))
    return lines, notes


@click.command(help=__doc__)
@click.option("--people", default=10_000, help="Who are told at each pace.")
def main(people: int) -> None:
    """Tell so many at each pace, and see whether all bars are met."""
    try:
        lines, notes = uvloop.run(measure(PACES, people))
    except NotStarted as error:
        raise click.ClickException(str(error)) from error
    notes.append(f"This machine: {report.speed()}.")
    report.show(console, lines, notes, "Announcements at a pace", ("told", "allowed"))
    if not all(line.is_met is not False for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
