"""`python -m bench.scaling`: more and more web and worker processes against one PostgreSQL and one Redis.

First nothing keeps to a core: the processes, the stores and the load share what the machine has, until its cores are
used up. Then each pair of a web and a worker is held to a part of a core, and PostgreSQL to a part of its own, so that
the machine has room left: each pair brings its turns until the database is the limit.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Final

import click
import uvloop
from rich.console import Console

from base.memory import TUNABLES
from bench import capacity, processes, readme, report
from bench.load import Crowd
from bench.quota import NotHeld, Quotas
from bench.report import Line, wrong_line
from bench.rounds import CONTENTS_KNOWN, SETTLES, open_market
from bench.systems import ROOT, Market, NotStarted, fresh
from bench.wire import Caller, free_port, port_of, serve

VAR: Final = Path(__file__).parent.parent / "var" / "bench" / "scaling"
COUNTS: Final = (1, 2, 4)
HELD_COUNTS: Final = (1, 2, 3, 4, 5)
OF_PAIR: Final = 0.25  # of a core: five pairs, PostgreSQL and the load have room on two
OF_POSTGRES: Final = 0.4
STARTS: Final = 10.0  # seconds until processes that were added have begun, and read their words
PARTS: Final = ("web", "worker", "postgres", "redis")
console = Console()
console.width = max(console.width, 110)


class Doors(Caller):
    """Connections to several doors, each webhook to the next of them, as a proxy would."""

    def __init__(self, ports: list[int], most: int) -> None:
        self.callers = [Caller(port, most) for port in ports]
        self.turns = cycle(self.callers)

    async def post(self, target: str, body: bytes, signature: str) -> int:
        """As a caller's."""
        return await next(self.turns).post(target, body, signature)

    def close(self) -> None:
        """Of each door."""
        for caller in self.callers:
            caller.close()


class Scaled(Market):
    """A market to which doors and workers are added while it runs."""

    def __init__(self, provider_port: int, folder: Path, port: int) -> None:
        super().__init__(provider_port, folder, port)
        self.ports = [port]
        self.added: dict[str, list[subprocess.Popen[bytes]]] = {"web": [], "worker": []}

    def add(self) -> None:
        """One door more and one worker more; both call themselves by the first door's address, as behind a proxy."""
        self.ports.append(free_port())
        with self.log.open("ab") as log:
            for part, command in {"web": ("cli.py", "web"), "worker": ("worker.py",)}.items():
                environ = {**TUNABLES, **self.environ(), "PORT": str(self.ports[-1])}
                words = [sys.executable, *command]
                self.added[part].append(subprocess.Popen(words, env=environ, stdout=log, stderr=log, cwd=ROOT))

    async def open_doors(self, crowd: Crowd, count: int) -> None:
        """So many doors and workers, on all cores, and crowd and provider knock at each door in turn."""
        while len(self.ports) < count:
            self.add()
        self.everywhere()
        await asyncio.sleep(CONTENTS_KNOWN if count > 1 else STARTS)
        crowd.close()
        crowd.caller = Doors(self.ports, len(crowd.buyers) * 4)
        crowd.provider.callbacks = Doors(self.ports, len(crowd.buyers) * 4)

    def used(self) -> Mapping[str, float]:
        """CPU seconds so far, by part."""
        roots = self.roots()
        found = {part: processes.cpu({part: roots[part]})[part].all for part in PARTS}
        for part, more in self.added.items():
            found[part] += sum(processes.cpu({part: one.pid})[part].all for one in more)
        return found

    def hold(self, quotas: Quotas) -> None:
        """Each pair and PostgreSQL to its part of a core. Raises NotHeld."""
        roots = self.roots()
        quotas.hold("postgres", OF_POSTGRES, processes.tree([roots["postgres"]]))
        webs = [roots["web"], *(one.pid for one in self.added["web"])]
        workers = [roots["worker"], *(one.pid for one in self.added["worker"])]
        for number, pair in enumerate(zip(webs, workers, strict=True)):
            quotas.hold(f"pair-{number}", OF_PAIR, processes.tree(pair))

    def stop(self) -> None:
        """What was added first."""
        for one in (one for more in self.added.values() for one in more):
            one.terminate()
        for one in (one for more in self.added.values() for one in more):
            try:
                one.wait(self.stops_within)
            except subprocess.TimeoutExpired:
                one.kill()
        super().stop()


@dataclass(frozen=True)
class Reached:
    """With so many doors and workers each: turns a second, ms of CPU a turn by part, cores in use and the load's."""

    count: int
    per_second: float
    cost: Mapping[str, float]
    used: float
    load: float
    wrong: Mapping[str, int]

    def cores(self, *parts: str) -> float:
        """How many cores these parts used."""
        return self.per_second * sum(self.cost[part] for part in parts) / 1000


async def measure(
    seconds: float, buyers: int, counts: tuple[int, ...] = COUNTS, quotas: Quotas | None = None
) -> list[Reached]:
    """The same buyers, as fast as it goes, at more and more doors and workers, held by `quotas`. Raises NotHeld."""
    port = free_port()
    crowd = Crowd(port, buyers, 0)
    server = await serve(crowd.provider.handle)
    market = Scaled(port_of(server), fresh(VAR), port)
    this = asyncio.current_task()
    assert this
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    try:
        await open_market(market, crowd, market.plant)
        return [await _reached(market, crowd, count, seconds, quotas) for count in counts]
    finally:
        crowd.close()
        await asyncio.to_thread(market.stop)
        if quotas:
            quotas.release()
        server.close()


async def _reached(market: Scaled, crowd: Crowd, count: int, seconds: float, quotas: Quotas | None) -> Reached:
    await market.open_doors(crowd, count)
    if quotas:
        market.hold(quotas)
    seen: list[tuple[Mapping[str, float], float]] = []
    figures = await crowd.saturate(seconds, lambda: seen.append((market.used(), time.process_time())), warm=3.0)
    await asyncio.sleep(SETTLES)
    (before, load_before), (after, load_after) = seen
    cost = {part: 1000 * (after[part] - before[part]) / max(1, figures.turns) for part in PARTS}
    load = (load_after - load_before) / figures.seconds
    used = sum(after[part] - before[part] for part in PARTS) / figures.seconds
    return Reached(count, figures.per_second, cost, used, load, dict(figures.wrong))


def dearest(found: list[Reached]) -> Mapping[str, float]:
    """What a turn costs by part where it costs most, as processes share cores; as it is cited, so that all follows."""
    most = max((one.cost for one in found), key=lambda cost: sum(cost.values()))
    return {part: round(milliseconds, 2) for part, milliseconds in most.items()}


def lines_of(found: list[Reached]) -> list[str]:
    """The table of a run, for OPERATIONS too."""
    first = found[0]
    rows = [
        f"| {one.count} | {one.per_second:.0f} | {one.per_second / first.per_second:.2f} |"
        f" {sum(one.cost.values()):.2f} | {one.cost['postgres']:.2f} | {one.used:.2f} | {one.load:.2f} |"
        for one in found
    ]
    return [
        "| webs and workers, each | turns/s | × one | CPU ms a turn | of it PostgreSQL | cores used | by the load |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"The machine has {os.cpu_count()} cores: where those used and the load's come near that, they are the limit."
        f" {datetime.now(UTC):%-d %B %Y}; {report.speed()}.",
    ]


def held_lines_of(found: list[Reached]) -> list[str]:
    """The table of a run whose processes were held."""
    first = found[0]
    rows = [
        f"| {one.count} | {one.per_second:.0f} | {one.per_second / first.per_second:.2f} |"
        f" {sum(one.cost.values()):.2f} | {one.cost['postgres']:.2f} |"
        f" {one.cores('web', 'worker'):.2f} of {one.count * OF_PAIR:.2f} |"
        f" {one.cores('postgres'):.2f} of {OF_POSTGRES:.2f} |"
        for one in found
    ]
    return [
        "| webs and workers, each | turns/s | × one | CPU ms a turn | of it PostgreSQL | their cores | PostgreSQL's |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"Each pair was held to {OF_PAIR:g} of a core, PostgreSQL to {OF_POSTGRES:g}."
        f" {datetime.now(UTC):%-d %B %Y}; {report.speed()}.",
    ]


def wrong_lines_of(found: Sequence[Reached], held: Sequence[Reached]) -> list[Line]:
    """All that went wrong, on all cores and held."""
    stretches = {"on all cores": found, "held": held}
    return [wrong_line(name, sum(sum(one.wrong.values()) for one in those)) for name, those in stretches.items()]


@click.command(help=__doc__)
@click.option("--seconds", default=15.0, help="Of each measured stretch.")
@click.option("--buyers", default=96, help="Who write at once.")
@click.option("--write", is_flag=True, help="Keep the tables in OPERATIONS.md.")
def main(seconds: float, buyers: int, write: bool) -> None:
    quotas = possible_quotas()
    try:
        found = uvloop.run(measure(seconds, buyers))
        held = uvloop.run(measure(seconds, buyers, HELD_COUNTS, quotas)) if quotas else []
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (NotStarted, NotHeld, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    tables = {
        "scaling": lines_of(found),
        "held": held_lines_of(held) if held else [],
        "capacity": capacity.table_of(dearest([*found, *held])),
    }
    for lines in tables.values():
        console.print("\n".join([*lines, ""]), highlight=False, markup=False)
    wrong = [(one.count, dict(one.wrong)) for one in (*found, *held) if one.wrong]
    console.print(f"Went wrong: {wrong or 'nothing'}.")
    report.insist(wrong_lines_of(found, held))
    if write and held:
        for name, lines in tables.items():
            readme.write(name, "\n".join(lines), ROOT / "OPERATIONS.md")


def possible_quotas() -> Quotas | None:
    """What holds processes here; where nothing can, that is said before anything is measured."""
    quotas = Quotas()
    try:
        quotas.release()  # what a killed run left
        quotas.hold("postgres", OF_POSTGRES, [])
    except NotHeld as error:
        console.print(f"Nobody is held to a part of a core here, and OPERATIONS.md stays as it is: {error}.")
        return None
    return quotas


if __name__ == "__main__":
    main()
