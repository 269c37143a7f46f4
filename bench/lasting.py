"""`python -m bench.lasting`: the memory of door and worker while buyers go on for a million turns.

A run that is too short to judge flatness has not failed: it says so, and ends with 0.
"""

import asyncio
import math
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression
from typing import Final

import click
import uvloop
from rich.console import Console

from bench import drawing, processes, report
from bench.load import Crowd
from bench.report import Line, limit_line, number, wrong_line
from bench.rounds import SETTLES, open_market
from bench.systems import Market, NotStarted, fresh
from bench.wire import free_port, port_of, serve

VAR: Final = Path(__file__).parent.parent / "var" / "bench" / "lasting"
MOST_WORKER: Final = 150  # MiB
WARMED: Final = 200_000  # turns in which texts, statements, plans and the allocator's own rooms still fill
JUDGED: Final = 2 * WARMED  # turns that a run must have before its flatness is judged
EACH: Final = 100_000  # turns that a growth is told for
FLAT: Final = 1.0  # MiB that this many turns may add
PARTS: Final = ("web", "worker")
console = Console()
console.width = max(console.width, 110)


@dataclass(frozen=True)
class Sample:
    """Memory of each part after so many turns, MiB: with its share of what is shared (PSS), and its own alone."""

    turns: int
    memory: Mapping[str, float]
    own: Mapping[str, float]


def growth(samples: Sequence[Sample], part: str) -> float:
    """MiB of its own that a hundred thousand turns add, over all of the run in which it is warm.

    There is no other window, so that none can be chosen by what it shows. NaN of fewer than two samples.
    """
    warm = [one for one in samples if one.turns >= WARMED]
    if len(warm) < 2:
        return math.nan
    return EACH * linear_regression([one.turns for one in warm], [one.own[part] for one in warm]).slope


async def measure(turns: int, seconds: float, buyers: int) -> tuple[list[Sample], Mapping[str, int]]:
    """Stretches of so many seconds until there were so many turns, and what each part holds after each."""
    port = free_port()
    crowd = Crowd(port, buyers, 0)
    server = await serve(crowd.provider.handle)
    market = Market(port_of(server), fresh(VAR), port)
    samples: list[Sample] = []
    wrong: Counter[str] = Counter()
    try:
        await open_market(market, crowd, market.plant)
        market.everywhere()
        while not samples or samples[-1].turns < turns:
            figures = await crowd.saturate(seconds, lambda: None, warm=0.0)
            await asyncio.sleep(SETTLES)
            turned = (samples[-1].turns if samples else 0) + figures.turns
            held = {part: processes.largest([pid]) for part, pid in market.own().items()}
            pss, own = ({part: held[part][kind] for part in PARTS} for kind in ("pss", "own"))
            samples.append(Sample(turned, pss, own))
            wrong += figures.wrong
            told = ", ".join(f"{part} {number(held[part]['pss'])} MiB" for part in PARTS)
            console.print(f"{samples[-1].turns:,} turns: {told}; {number(figures.per_second)} turns/s", highlight=False)
    finally:
        crowd.close()
        await asyncio.to_thread(market.stop)
        server.close()
    return samples, wrong


def is_long_enough(samples: Sequence[Sample]) -> bool:
    """Whether a run can tell that nothing grows."""
    return samples[-1].turns >= JUDGED


def lines_of(samples: Sequence[Sample], wrong: Mapping[str, int]) -> list[Line]:
    """What each part holds at the end, what it grows by, and all that went wrong."""
    lines = []
    for part in PARTS:
        last, more = samples[-1].memory[part], growth(samples, part)
        bar, is_met = (f"≤ {MOST_WORKER}", last <= MOST_WORKER) if part == "worker" else ("", None)
        lines.append(limit_line(f"memory of {part} at the end", "MiB", last, None, bar, is_met))
        bar, is_flat = (f"≤ {FLAT:g}", more <= FLAT) if is_long_enough(samples) else ("too short to judge", None)
        lines.append(limit_line(f"growth of {part}'s own memory in {EACH:,} turns", "MiB", more, None, bar, is_flat))
    return [*lines, wrong_line("turns", sum(wrong.values()))]


def notes_of(samples: Sequence[Sample], wrong: Mapping[str, int], seconds: float) -> list[str]:
    """What a reader must know, above all the one window that growth is told of."""
    turns = samples[-1].turns
    window = f"Growth is that of the {max(0, turns - WARMED):,} turns after the first {WARMED:,}."
    short = "" if is_long_enough(samples) else f" A run of fewer than {JUDGED:,} is too short to judge flatness."
    return [
        f"{turns:,} turns in stretches of {seconds:g} s, on all cores. {window}{short}",
        f"Went wrong: {dict(wrong) or 'nothing'}.",
    ]


def keep(samples: Sequence[Sample], wrong: Mapping[str, int], seconds: float) -> list[Line]:
    """Print, draw, and write all figures; the table's lines."""
    lines, notes = lines_of(samples, wrong), notes_of(samples, wrong, seconds)
    report.show(console, lines, notes, title="Memory over many turns", columns=("measured", "–"))
    step = max(1, len(samples) // 10)
    shown = samples[::step]
    curves = {part: [one.memory[part] for one in shown] for part in PARTS}
    drawing.curve(VAR / "memory.svg", "Memory, MiB", [f"{one.turns:,}" for one in shown], curves)
    report.keep(
        VAR / "lasting.json",
        lines,
        notes,
        {"samples": [[one.turns, dict(one.memory), dict(one.own)] for one in samples]},
    )
    return lines


@click.command(help=__doc__)
@click.option("--turns", default=1_000_000, help="After how many it ends.")
@click.option("--seconds", default=30.0, help="Of each stretch.")
@click.option("--buyers", default=64, help="Who write at once.")
def main(turns: int, seconds: float, buyers: int) -> None:
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    try:
        samples, wrong = uvloop.run(measure(turns, seconds, buyers))
    except (NotStarted, RuntimeError) as error:
        raise click.ClickException(str(error)) from error
    lines = keep(samples, wrong, seconds)
    report.insist(lines)
    if any(line.is_met is False for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
