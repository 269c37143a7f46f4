"""The rounds of a run: both systems started, measured in turn while the other stands still, and what came out."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import processes
from bench.load import LONG_PATIENCE, PATIENCE, Crowd, Figures
from bench.processes import Cpu
from bench.provider import Faults
from bench.systems import Floor, Market, System, fresh
from bench.visiting import Visits
from bench.wire import port_of, serve

CONTENTS_KNOWN = 31.0  # seconds after which a worker that runs has seen new content resources
LONGER = 3  # times a stretch is, whose p99 a single slow moment would make of a thousand answers
SETTLES = 0.5  # seconds in which a system folds and forgets what a round left
OURS, FLOOR = "ours", "floor"
CALM: Final = ", calm"  # behind a disturbed stretch's name: the one beside it

Disturbance = Callable[[Crowd], AbstractContextManager[None]]


@dataclass
class Stretch:
    """One measured stretch of one system."""

    figures: Figures
    cpu: dict[str, Cpu]  # of the stretch, by part

    @property
    def per_thousand(self) -> float:
        """CPU seconds of everything per 1,000 turns."""
        return sum(self.of_part(part) for part in self.cpu)

    def of_part(self, part: str) -> float:
        """CPU seconds of one part per 1,000 turns."""
        return 1000 * self.cpu[part].all / self.figures.turns if self.figures.turns else math.nan

    @property
    def kernel(self) -> float:
        """The kernel's share of all that CPU."""
        total = sum(cpu.all for cpu in self.cpu.values())
        return sum(cpu.system for cpu in self.cpu.values()) / total if total else math.nan


@dataclass
class Side:
    """A system, its buyers and what was measured."""

    system: System
    crowd: Crowd
    stretches: dict[str, list[Stretch]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)

    async def measure(self, name: str, load: Callable[[Callable[[], None]], Awaitable[Figures]]) -> Stretch:
        """One stretch, alone on the system's core; frozen again afterwards."""
        self.system.thaw()
        roots = self.system.roots()
        seen: list[dict[str, Cpu]] = []
        figures = await load(lambda: seen.append(processes.cpu(roots)))
        await asyncio.sleep(SETTLES)
        self.system.freeze()
        before, after = seen
        used = {
            part: Cpu(after[part].user - before[part].user, after[part].system - before[part].system) for part in roots
        }
        stretch = Stretch(figures, used)
        self.stretches.setdefault(name, []).append(stretch)
        self.wrong.update({f"{what} ({name})": count for what, count in figures.wrong.items()})
        return stretch

    async def saturate(self, name: str, seconds: float) -> Stretch:
        """All buyers, as fast as it goes."""
        return await self.measure(name, lambda on_start: self.crowd.saturate(seconds, on_start))

    async def at_rate(self, name: str, rate: float, seconds: float) -> Stretch:
        """So many turns a second."""
        return await self.measure(name, lambda on_start: self.crowd.at_rate(rate, seconds, on_start))

    async def visited(self, name: str, visits: Visits, rate: float, seconds: float) -> Stretch:
        """So many turns a second, of people who come for a visit."""
        return await self.measure(name, lambda on_start: self.crowd.visited(visits, rate, seconds, on_start))


def wrong_in(side: Side, names: Sequence[str]) -> Counter[str]:
    """What went wrong in all stretches of these names, by its kind."""
    stretches = (stretch for name in names for stretch in side.stretches.get(name, ()))
    return sum((stretch.figures.wrong for stretch in stretches), start=Counter())


async def open_market(market: Market, crowd: Crowd, plant: Callable[[], object]) -> None:
    """A market alone: started, planted, its buyers settled in, its tables' sizes known. Raises NotStarted."""
    await asyncio.to_thread(market.start)
    await asyncio.to_thread(market.make_contents)
    seen_at = time.monotonic() + CONTENTS_KNOWN
    await asyncio.to_thread(plant)
    await asyncio.sleep(max(0.0, seen_at - time.monotonic()))
    await crowd.settle_in(OURS)
    await asyncio.to_thread(market.know_sizes)


@asynccontextmanager
async def both(var: Path, ports: tuple[int, int], buyers: int, *, is_faulty: bool) -> AsyncIterator[dict[str, Side]]:
    """Both systems with their buyers settled in, standing still; ended afterwards. Raises NotStarted, RuntimeError."""
    crowds = {OURS: Crowd(ports[0], buyers, 0), FLOOR: Crowd(ports[1], buyers, 0)}
    servers = {name: await serve(crowd.provider.handle) for name, crowd in crowds.items()}
    market = Market(port_of(servers[OURS]), fresh(var / OURS), ports[0], quick=is_faulty)
    floor = Floor(port_of(servers[FLOOR]), fresh(var / FLOOR), ports[1])
    sides = {OURS: Side(market, crowds[OURS]), FLOOR: Side(floor, crowds[FLOOR])}
    # the floor names its contents as the market's definitions do
    crowds[FLOOR].provider.contents = {name: {"friendly_name": name} for name in floor_contents()}
    try:
        await asyncio.to_thread(market.start)
        await asyncio.to_thread(market.make_contents)
        seen_at = time.monotonic() + CONTENTS_KNOWN
        await asyncio.to_thread(market.plant)
        await asyncio.to_thread(floor.start)
        await crowds[FLOOR].settle_in(FLOOR)
        await asyncio.sleep(max(0.0, seen_at - time.monotonic()))
        await crowds[OURS].settle_in(OURS)
        for side in sides.values():
            await asyncio.to_thread(side.system.know_sizes)
            side.system.freeze()
        yield sides
    finally:
        for side in sides.values():
            side.crowd.close()
        await asyncio.gather(*(asyncio.to_thread(side.system.stop) for side in sides.values()))
        for server in servers.values():
            server.close()


def floor_contents() -> list[str]:
    """The contents that the floor's shop uses."""
    return [*(f"fr_qr_{n}" for n in range(1, 4)), *(f"fr_list_{n}" for n in range(1, 11))]


@dataclass(frozen=True)
class Plan:
    """What a run measures; seconds of each stretch."""

    seconds: float = 10.0
    rounds: int = 4
    redelivery: float = 0.0
    is_faulty: bool = False
    overload: float = 0.0  # seconds at twice what each can


async def run(sides: dict[str, Side], plan: Plan, say: Callable[[str], None]) -> float:
    """All rounds, A B A B; returns the floor's CPU seconds per 1,000 turns without reports."""
    floor = sides[FLOOR]
    floor.crowd.provider.reports_are_on = False
    say("the floor without reports")
    bare = await floor.saturate("bare", min(plan.seconds, 5.0))
    floor.crowd.provider.reports_are_on = True
    for number in range(plan.rounds):
        say(f"saturation and half load, round {number + 1} of {plan.rounds}")
        for side in sides.values():
            await side.saturate("saturated", plan.seconds)
        for side in sides.values():
            await side.at_rate("half", half_of(side), plan.seconds)
    for number in range(plan.rounds):
        for name, told, disturb in disturbances(plan):
            say(f"{told}, round {number + 1}")
            for side in sides.values():
                await beside_calm(side, name, disturb, plan.seconds, calm_first=number % 2 == 0)
    if plan.overload:
        say("twice saturation")
        for side in sides.values():
            await overloaded(side, plan.overload)
    return bare.per_thousand


def half_of(side: Side, saturated: str = "saturated") -> float:
    """Half of what it could the last time, turns a second: what a machine like this can moves within minutes."""
    return side.stretches[saturated][-1].figures.per_second / 2


async def overloaded(side: Side, seconds: float) -> None:
    """Twice as many messages as it can answer, then all the time it needs."""
    rate = 4 * half_of(side)
    await side.measure("overloaded", lambda on_start: side.crowd.flood(rate, seconds, on_start))


@contextmanager
def delivered_again(crowd: Crowd, share: float) -> Iterator[None]:
    """A share of all webhooks comes twice meanwhile."""
    crowd.redelivery = share
    try:
        yield
    finally:
        crowd.redelivery = 0.0


@contextmanager
def failing(crowd: Crowd) -> Iterator[None]:
    """The provider fails meanwhile; the buyers are patient, for a lost answer takes its time."""
    crowd.provider.faults, crowd.patience = Faults(busy=0.01, broken=0.01, reset=0.005), LONG_PATIENCE
    try:
        yield
    finally:
        crowd.provider.faults, crowd.patience = Faults(), PATIENCE


def disturbances(plan: Plan) -> Iterator[tuple[str, str, Disturbance]]:
    """(stretch, what is said of it, what disturbs) of each disturbance that a plan asks for."""
    if plan.redelivery:
        told = f"{plan.redelivery:.0%} of the webhooks delivered again"
        yield "redelivered", told, lambda crowd: delivered_again(crowd, plan.redelivery)
    if plan.is_faulty:
        yield "faulty", "1 % 429, 1 % 500, 0.5 % resets", failing


async def beside_calm(side: Side, name: str, disturb: Disturbance, seconds: float, *, calm_first: bool) -> None:
    """Saturation with a disturbance and without; which is first changes with the rounds, as a machine drifts."""
    for is_calm in (calm_first, not calm_first):
        with nullcontext() if is_calm else disturb(side.crowd):
            await side.saturate(name + CALM if is_calm else name, seconds)
