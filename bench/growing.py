"""`python -m bench.growing`: the same turns at 1,000 and at up to 1,000,000 products, people, chats and orders.

Two markets stand side by side, each with the PostgreSQL of deploy/: one stays small, the other grows, its messages to
ten times as many. At each size both are played the same mix in turn. What the grown one then asks, at the same rate and
saturated, where a statement serves several turns at once, is held against the laws of its plan.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final, Literal

import click
import uvloop
from rich.console import Console
from rich.table import Table

from base.embedded_place import find_place
from bench import drawing, readme, report
from bench.__main__ import Reading, acknowledged, per_second, replied
from bench.deployed import as_deployed
from bench.filling import MESSAGES, Step, fill, first_good
from bench.load import Crowd
from bench.report import Line, limit_line, number, ratio_line, wrong_line
from bench.rounds import LONGER, Side, Stretch, open_market
from bench.statements import MOST_MEDIAN, Found, Recorder, grown_tables, judge, planning
from bench.systems import LOAD_CORE, SENDER_RATE, Market, NotStarted, fresh
from bench.visiting import Visits
from bench.wire import free_port, port_of, serve

VAR: Final = Path(__file__).parent.parent / "var" / "bench"
SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
SMALL, GROWN = "small", "grown"
RATE, SATURATED = "same rate", "saturated"
MOST_GROWTH: Final = 1.25
OF_TURNS: Final = 0.02  # a statement that comes so often a turn is on its path; the others are jobs'
WARMED: Final = 3  # stretches that are not measured
GROWS_FROM: Final = 50  # a table of at least size ÷ this grows with the market: shops are one of forty goods
LEAST_READ: Final = 5_000  # rows; of fewer a whole reading is right
WORST: Final = 12  # statements that are printed for each size, beside those that keep no law
SHOWN: Final = 70  # characters of a statement in the table; growing.json has it whole
PATIENCE: Final = 120.0  # seconds: a machine that others keep busy is slow, not wrong
console = Console()
console.width = max(console.width, 180)
Sides = dict[str, Side]


@dataclass(frozen=True)
class Asked:
    """The statements of a stretch, and how many turns it had."""

    statements: Sequence[Found]
    turns: int

    def of_path(self) -> list[Found]:
        """The statements of a turn's path."""
        return [one for one in self.statements if len(one.statement.taken) >= OF_TURNS * self.turns]

    def slow(self) -> list[Found]:
        """Those of them that take too long."""
        return [one for one in self.of_path() if one.statement.median > MOST_MEDIAN]

    def faulty(self) -> list[Found]:
        """Those of them whose plan breaks a law."""
        return [one for one in self.of_path() if one.faults]

    def slowest(self) -> float:
        """The slowest median of them, milliseconds."""
        return max((one.statement.median for one in self.of_path()), default=0.0)


@dataclass
class Measured:
    """One size: its lines, the readings that are drawn, its statements by stretch."""

    size: int
    readings: dict[str, list[tuple[float, float]]]  # figure → (grown, small), round by round
    asked: dict[str, Asked]
    filling: float = 0.0  # seconds
    wrong: Mapping[str, int] = field(default_factory=dict)  # all that went wrong, by market

    def ratio(self, name: str) -> float:
        """The median of the rounds' ratios."""
        return median(grown / small for grown, small in self.readings[name])

    def grown(self, name: str) -> float:
        """The median of the grown market's readings."""
        return median(grown for grown, _ in self.readings[name])

    def faulty(self) -> frozenset[str]:
        """The statements whose plan breaks a law in either stretch."""
        return frozenset(found.statement.sql for asked in self.asked.values() for found in asked.faulty())


READINGS: Final[dict[str, tuple[str, str, Reading]]] = {  # figure → (stretch, unit, reading)
    "turns, saturated": ("saturated", "1/s", per_second),
    "CPU per turn, saturated": ("saturated", "ms", lambda stretch: stretch.per_thousand),
    "CPU per turn, same rate": ("rate", "ms", lambda stretch: stretch.per_thousand),
    "CPU of PostgreSQL per turn, same rate": ("rate", "ms", lambda stretch: stretch.of_part("postgres")),
    "message → reply p50, same rate": ("rate", "ms", replied(0.5)),
    "message → reply p99, same rate": ("rate", "ms", replied(0.99)),
    "acknowledgement p99, same rate": ("rate", "ms", acknowledged(0.99)),
    "CPU per turn, drawn from all": ("drawn", "ms", lambda stretch: stretch.per_thousand),
    "CPU of PostgreSQL per turn, drawn from all": ("drawn", "ms", lambda stretch: stretch.of_part("postgres")),
    "message → reply p50, drawn from all": ("drawn", "ms", replied(0.5)),
    "message → reply p99, drawn from all": ("drawn", "ms", replied(0.99)),
}
BARRED: Final = ("CPU per turn, same rate", "message → reply p99, same rate")  # bar 10
DRAWN: Final = ("CPU per turn, drawn from all", "message → reply p99, drawn from all")  # the same of whom nobody knows
P50_DRAWN: Final = "message → reply p50, drawn from all"


@asynccontextmanager
async def two_markets(buyers: int) -> AsyncIterator[Sides]:
    """Both filled to the least size, with their buyers settled in, standing still; ended afterwards."""
    sides: Sides = {}
    servers = []
    try:
        for name in (SMALL, GROWN):
            port = free_port()
            crowd = Crowd(port, buyers, 0)
            crowd.patience = PATIENCE
            servers.append(await serve(crowd.provider.handle))
            folder = as_deployed(fresh(VAR / f"growing-{name}"))
            sides[name] = Side(Market(port_of(servers[-1]), folder, port), crowd)
            await settle_in(sides[name])
        yield sides
    finally:
        for side in sides.values():
            side.crowd.close()
        await asyncio.gather(*(asyncio.to_thread(side.system.stop) for side in sides.values()))
        for server in servers:
            server.close()


async def settle_in(side: Side) -> None:
    """A market of the least size whose buyers have bought once; it stands still then. Raises NotStarted."""
    market = side.system
    assert isinstance(market, Market)
    await open_market(market, side.crowd, lambda: fill(market.services().database_url, Step(0, SIZES[0])))
    side.system.freeze()


async def grow(side: Side, before: int, size: int) -> float:
    """Fill it further while it stands still; seconds."""
    began = time.monotonic()
    await asyncio.to_thread(fill, side.system.services().database_url, Step(before, size))
    return time.monotonic() - began


async def play(
    sides: Sides, size: int, rounds: int, seconds: float, rate: float
) -> dict[str, list[tuple[float, float]]]:
    """Each round: both as fast as they can, then both at the same rate, by the same few buyers; then people drawn anew.

    First until what the buyers use is warm: what fills the grown market pushes that out of every cache, as no day of a
    market does. Of those who are drawn nothing is warm but what the others used, and in the small market soon all.
    """
    for side in sides.values():
        side.stretches.clear()
        for _ in range(WARMED):
            await side.saturate("warm", seconds)
    await let_visit(sides, "drawn, warm", size, 0, rate, seconds)
    for played in range(1, rounds + 1):
        for side in sides.values():
            await side.saturate("saturated", seconds)
        for side in sides.values():
            await side.at_rate("rate", rate, LONGER * seconds)
        await let_visit(sides, "drawn", size, played, rate, LONGER * seconds)
    return {name: pairs(sides, stretch, reading) for name, (stretch, _, reading) in READINGS.items()}


async def let_visit(sides: Sides, name: str, size: int, number: int, rate: float, seconds: float) -> None:
    """A stretch of either market, `size` being the grown one's; the draws change with the size and the number."""
    for market, people in ((SMALL, SIZES[0]), (GROWN, size)):
        side = sides[market]
        good = await asyncio.to_thread(first_good, side.system.services().database_url)
        visits = Visits(side.crowd.phones, people, good, seed=size + number)
        await side.visited(name, visits, rate, seconds)


def pairs(sides: Sides, name: str, reading: Reading) -> list[tuple[float, float]]:
    """A reading of both, round by round."""
    grown, small = (sides[side].stretches[name] for side in (GROWN, SMALL))
    return [(reading(a), reading(b)) for a, b in zip(grown, small, strict=True)]


async def ask(side: Side, size: int, seconds: float, rate: float) -> dict[str, Asked]:
    """The statements of a stretch of turns at the same rate, and of one as fast as it goes."""
    return {
        RATE: await recorded(side, size, lambda: side.at_rate(f"asked, {RATE}", rate, seconds)),
        SATURATED: await recorded(side, size, lambda: side.saturate(f"asked, {SATURATED}", seconds)),
    }


async def recorded(side: Side, size: int, load: Callable[[], Awaitable[Stretch]]) -> Asked:
    """The statements of a stretch, with their plans."""
    url = side.system.services().database_url
    recorder = Recorder(url, find_place(side.system.folder).postgres_data / "server.log")
    await asyncio.to_thread(recorder.start)
    stretch = await load()
    statements = await asyncio.to_thread(recorder.stop)
    with planning(url) as db:
        grown = grown_tables(db, max(LEAST_READ, size // GROWS_FROM))
        return Asked([judge(db, one, grown) for one in statements], stretch.figures.turns)


async def measure(sizes: Sequence[int], rounds: int, seconds: float, buyers: int, rate: float) -> list[Measured]:
    """Every size, the smallest first. Raises NotStarted, RuntimeError."""
    found: list[Measured] = []
    this = asyncio.current_task()
    assert this
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)  # both are ended then as at Ctrl-C
    async with two_markets(buyers) as sides:
        rate = rate or (await sides[SMALL].saturate("first", seconds)).figures.per_second / 2
        console.print(f"the same rate: {rate:.0f} turns/s", style="dim")
        for before, size in zip((SIZES[0], *sizes), sizes, strict=False):
            taken = await grow(sides[GROWN], before, size) if size > before else 0.0
            console.print(f"{size:,} of everything: filled in {taken:.0f} s", style="dim")
            earlier = wrong_so_far(sides) if found else {}  # what went wrong when the rate was found counts too
            readings = await play(sides, size, rounds, seconds, rate)
            asked = await ask(sides[GROWN], size, seconds, rate)
            wrong = {name: count - earlier.get(name, 0) for name, count in wrong_so_far(sides).items()}
            one = Measured(size, readings, asked, taken, wrong)
            for name, statements in asked.items():
                show_statements(f"What a turn asks at {one.size:,}, {name}", statements)
            found.append(one)
        kinds = {name: dict(side.wrong) for name, side in sides.items() if side.wrong}
        console.print(f"Went wrong in all stretches: {kinds or 'nothing'}.", highlight=False)
    return found


def wrong_so_far(sides: Sides) -> dict[str, int]:
    """All that went wrong in either market."""
    return {name: side.wrong.total() for name, side in sides.items()}


def show_statements(title: str, asked: Asked) -> None:
    """The heaviest statements of a turn's path, and every one that breaks a law."""
    table = Table(title=title, title_justify="left")
    for heading in ("a turn", "median ms", "ms a turn", "breaks", "statement", "reads"):
        side: Literal["right", "left"] = "right" if heading.startswith(("a turn", "m")) else "left"
        table.add_column(heading, justify=side, no_wrap=heading != "reads")
    path = asked.of_path()
    for found in [f for n, f in enumerate(path) if n < WORST or f.faults or f.statement.median > MOST_MEDIAN]:
        taken = found.statement.taken
        cells = (len(taken) / asked.turns, found.statement.median, sum(taken) / asked.turns)
        name = found.statement.name
        words = name if len(name) < SHOWN else f"{name[: SHOWN // 2]} … {name[-SHOWN // 2 :]}"
        table.add_row(*map(number, cells), ", ".join(found.faults), words, found.plan)
    console.print(table)


def lines_of(measured: Sequence[Measured]) -> list[Line]:
    """All sizes, the grown market beside the small one."""
    lines: list[Line] = []
    for one in measured:
        name = f"{one.size:,}"
        for figure, (_, unit, _) in READINGS.items():
            most = MOST_GROWTH if figure in (*BARRED, *DRAWN) and one.size > SIZES[0] else None
            line = ratio_line(f"{name}: {figure}", unit, one.readings[figure], most=most)
            lines.append(line)
        for stretch, asked in one.asked.items():
            bar, is_met = (f"≤ {MOST_MEDIAN:g}", not asked.slow()) if stretch == RATE else ("", None)
            told = f"{name}: slowest median of a query, {stretch}"
            lines.append(limit_line(told, "ms", asked.slowest(), None, bar, is_met))
        faulty = one.faulty()
        lines.append(limit_line(f"{name}: plans that break a law", "", len(faulty), None, "0", not faulty))
        lines += [wrong_line(f"{name}, {market}", count) for market, count in one.wrong.items()]
    return lines


def table_of(measured: Sequence[Measured]) -> list[str]:
    """The rows of README's table."""
    rows = [
        "| products, people, orders | turns/s ÷ small | CPU a turn ÷ small | p99 ÷ small | slowest query, median"
        " | queries over 1 ms | slowest, saturated | plans that break a law |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in measured:
        asked, most = one.asked[RATE], one.asked[SATURATED].slowest()
        ratios = [f"{one.ratio(name):.2f}" for name in ("turns, saturated", *BARRED)]
        queries = f"{number(asked.slowest())} ms | {len(asked.slow())} of {len(asked.of_path())} | {number(most)} ms"
        rows.append(f"| {one.size:,} | {' | '.join(ratios)} | {queries} | {len(one.faulty())} |")
        drawn = " | ".join(f"{one.ratio(name):.2f}" for name in DRAWN)
        rows.append(f"| {one.size:,}, drawn from all (p50 {one.ratio(P50_DRAWN):.2f}) | – | {drawn} | – | – | – | – |")
    return rows


def keep(measured: Sequence[Measured], notes: Sequence[str], writes_readme: bool) -> None:
    """Print, draw, and write all figures."""
    lines = lines_of(measured)
    report.show(console, lines, notes, title="A grown market beside a small one", columns=(GROWN, SMALL))
    sizes = [f"{one.size:,}" for one in measured]
    curves: dict[str, Callable[[Measured], float]] = {
        "turns": lambda one: one.grown("turns, saturated"),
        "cpu": lambda one: one.grown("CPU per turn, same rate"),
    }
    drawing.curve(VAR / "turns.svg", "Turns a second", sizes, {"turns/s": [curves["turns"](one) for one in measured]})
    drawing.curve(VAR / "cpu.svg", "CPU a turn, ms", sizes, {"all": [curves["cpu"](one) for one in measured]})
    drawing.curve(VAR / "queries.svg", "Medians of a turn's queries, ms", sizes, medians(measured))
    statements = {one.size: {name: told(asked) for name, asked in one.asked.items()} for one in measured}
    more = {"statements": statements, "filled": {one.size: one.filling for one in measured}}
    report.keep(VAR / "growing.json", lines, notes, more)
    report.insist(lines)
    if writes_readme:
        readme.write("growth", "\n".join([*table_of(measured), "", *notes[:1]]))


def told(asked: Asked) -> list[dict[str, object]]:
    """The statements of one stretch as the file keeps them."""
    return [
        {
            "sql": found.statement.name, "a_turn": len(found.statement.taken) / max(1, asked.turns),
            "median_ms": found.statement.median, "faults": found.faults, "plan": found.plan,
        }
        for found in asked.statements
    ]  # fmt: skip


def medians(measured: Sequence[Measured]) -> dict[str, list[float | None]]:
    """The medians over size of the six queries that are slowest at the largest."""
    slowest = sorted(measured[-1].asked[RATE].of_path(), key=lambda found: -found.statement.median)[:6]
    by_size = [{f.statement.sql: f.statement.median for f in one.asked[RATE].statements} for one in measured]
    return {found.statement.name[:60]: [known.get(found.statement.sql) for known in by_size] for found in slowest}


def notes_of(measured: Sequence[Measured], rounds: int, seconds: float) -> list[str]:
    """What a reader must know."""
    largest = measured[-1]
    return [
        f"{largest.size:,} of each, {MESSAGES * largest.size:,} rows of inbox, outbox and turns;"
        f" {rounds} rounds of {seconds:g} s, {LONGER * seconds:g} at the same rate and of people drawn from all;"
        f" load of the machine {os.getloadavg()[1]:.1f}; {report.speed()}.",
        f"Rates: none per recipient, {SENDER_RATE:,} a second per sender. Each round measures both in turn.",
        f"Filled last in {largest.filling:.0f} s.",
    ]


@click.command(help=__doc__)
@click.option("--largest", default=SIZES[-1], help="The last size; those before are 1,000 and ten times as many each.")
@click.option("--rounds", default=3, help="At each size.")
@click.option("--seconds", default=12.0, help="Of each stretch; thrice where both are played at one rate.")
@click.option("--buyers", default=64, help="Who write at once.")
@click.option("--rate", default=0.0, help="Turns a second where both have the same; 0: half of what the small one can.")
@click.option("--readme/--no-readme", "writes_readme", default=False, help="Keep the figures in README.")
def main(largest: int, rounds: int, seconds: float, buyers: int, rate: float, writes_readme: bool) -> None:
    """Fill, play, judge, draw, keep."""
    if (os.cpu_count() or 1) < 2:
        raise click.ClickException("two cores are needed: one for the markets, one for the load")
    os.sched_setaffinity(0, {LOAD_CORE})
    sizes = [size for size in SIZES if size <= largest]
    try:
        measured = uvloop.run(measure(sizes, rounds, seconds, buyers, rate))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (NotStarted, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    keep(measured, notes_of(measured, rounds, seconds), writes_readme)


if __name__ == "__main__":
    main()
