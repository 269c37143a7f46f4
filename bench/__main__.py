"""`make bench`: the figures of the running program beside the floor, and whether they meet their bars."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import click
import uvloop
from rich.console import Console

from bench import announcing, processes, profile, readme, report, rounds
from bench.load import is_refusal
from bench.report import Line, limit_line, percentile, ratio_line
from bench.rounds import CALM, FLOOR, OURS, Plan, Side, Stretch, wrong_in
from bench.systems import LOAD_CORE, PRODUCTS, SENDER_RATE, NotStarted
from bench.wire import free_port

VAR = Path(__file__).parent.parent / "var" / "bench"
console = Console()
console.width = max(console.width, 110)  # narrower, and a table cuts its figures
Reading = Callable[[Stretch], float]
Sides = dict[str, Side]


def pairs(sides: Sides, name: str, reading: Reading) -> list[tuple[float, float]]:
    """A reading of both systems, round by round."""
    ours, floor = (sides[side].stretches.get(name, []) for side in (OURS, FLOOR))
    return [(reading(a), reading(b)) for a, b in zip(ours, floor, strict=True)]


def replied(share: float) -> Reading:
    """Milliseconds from message to reply."""
    return lambda stretch: 1000 * percentile(stretch.figures.replied, share)


def acknowledged(share: float) -> Reading:
    """Milliseconds from message to its 200."""
    return lambda stretch: 1000 * percentile(stretch.figures.acknowledged, share)


def per_second(stretch: Stretch) -> float:
    """Turns a second."""
    return stretch.figures.per_second


def lines_of(sides: Sides, memory: dict[str, dict[str, float]]) -> list[Line]:
    """The table, in the order of the bars."""
    lines = [
        ratio_line("1 turns, saturated", "1/s", pairs(sides, "saturated", per_second), least=0.6),
        ratio_line("  turns per CPU second", "1/s", pairs(sides, "saturated", lambda s: 1000 / s.per_thousand)),
        ratio_line("2 CPU per 1,000 turns", "s", pairs(sides, "saturated", lambda s: s.per_thousand), most=1.7),
        ratio_line("3 message → reply p50, half load", "ms", pairs(sides, "half", replied(0.5)), most=3),
        ratio_line("3 message → reply p99, half load", "ms", pairs(sides, "half", replied(0.99)), most=4),
        ratio_line("  acknowledgement p50, half load", "ms", pairs(sides, "half", acknowledged(0.5))),
        ratio_line("4 acknowledgement p99, half load", "ms", pairs(sides, "half", acknowledged(0.99)), most=4),
        ratio_line("  CPU per 1,000 turns, half load", "s", pairs(sides, "half", lambda s: s.per_thousand)),
        ratio_line("  message → reply p99, saturated", "ms", pairs(sides, "saturated", replied(0.99))),
    ]
    lines.append(wrong_line(sides, ("saturated", "half"), "1–4 calm"))
    lines += disturbed(sides, "redelivered", "5 redelivered")
    lines += disturbed(sides, "faulty", "6 429, 500, resets")
    if "overloaded" in sides[OURS].stretches:
        lines.append(wrong_line(sides, ("overloaded",), "4 at twice saturation"))
        lines.append(refused_line(sides, ("overloaded",), "4 at twice saturation"))
        lines.append(ratio_line("  acknowledgement p99 then", "ms", pairs(sides, "overloaded", acknowledged(0.99))))
    if announcing.BESIDE in sides[OURS].stretches:
        lines += announcing.lines_of(sides[OURS])
    for part, used in memory.items():
        is_met = used["pss"] <= 150 if part == "worker" else None
        bar = "≤ 150" if part == "worker" else ""
        lines.append(limit_line(f"9 memory of {part}, PSS", "MiB", used["pss"], None, bar, is_met))
    return lines


def disturbed(sides: Sides, name: str, title: str) -> list[Line]:
    """Speed and losses under a disturbance, each system against itself beside it, round by round."""
    if name not in sides[OURS].stretches:
        return []
    shares = {}
    for key, side in sides.items():
        beside = zip(side.stretches[name + CALM], side.stretches[name], strict=True)
        shares[key] = median(per_second(troubled) / per_second(calm) for calm, troubled in beside)
    bar, is_fast = "≥ 0.9", shares[OURS] >= 0.9
    return [
        limit_line(f"{title}: speed ÷ calm", "", shares[OURS], shares[FLOOR], bar, is_fast),
        wrong_line(sides, (name, name + CALM), title),
    ]


def wrong_line(sides: Sides, names: Sequence[str], title: str) -> Line:
    """Everything that went wrong in such stretches of each, whatever its kind; the notes name the kinds."""
    return report.wrong_line(title, *(wrong_in(sides[side], names).total() for side in (OURS, FLOOR)))


def refused_line(sides: Sides, names: Sequence[str], title: str) -> Line:
    """What a door did not answer 200 there: messages and reports, with the connections that broke amid one."""
    ours, floor = (
        sum(count for what, count in wrong_in(sides[side], names).items() if is_refusal(what)) for side in (OURS, FLOOR)
    )
    return report.loss_line(f"{title}: webhooks refused", ours, floor)


def notes_of(sides: Sides, bare: float, plan: Plan) -> list[str]:
    """What a reader must know, validity first."""
    low, high = report.VALID_FLOOR
    verdict = "this run counts" if report.is_of_its_kind(bare) else "[bold red]THIS RUN DOES NOT COUNT[/bold red]"
    halves = " and ".join(
        f"{median(per_second(stretch) for stretch in side.stretches['half']):.0f} ({name})"
        for name, side in sides.items()
    )
    notes = [
        f"Floor without reports: {bare:.2f} ms of CPU a turn; valid is {low:.2f}–{high:.2f}: {verdict}.",
        "Each round measures ours, then the floor, while the other stands still; a ratio is the median of its rounds.",
        f"This machine: {report.speed()}; on a slower kind only the ratios count.",
        f"Rates of both: none per recipient, {SENDER_RATE:,} a second per sender.",
        f"Goods: the demo's and {PRODUCTS:,} more. Half load: {halves} turns/s.",
    ]
    for name, side in sides.items():
        mix = sum((stretch.figures.kinds for stretch in side.stretches["saturated"]), start=type(side.wrong)())
        total = sum(mix.values())
        told = ", ".join(f"{kind} {count / total:.0%}" for kind, count in mix.most_common()) if total else "nothing"
        wrong = ", ".join(f"{kind} {count}" for kind, count in side.wrong.most_common()) or "nothing"
        notes.append(f"Messages of {name}: {told}. Went wrong in all stretches: {wrong}.")
        notes.append(f"CPU ms a turn of {name}: {spent(side, 'saturated')}; at half load {spent(side, 'half')}.")
    return notes


def spent(side: Side, name: str) -> str:
    """What each part of a system spends on a turn in such stretches, and how much of it is the kernel's."""
    stretches = side.stretches[name]
    shares = [f"{part} {median(s.of_part(part) for s in stretches):.2f}" for part in stretches[0].cpu]
    return f"{', '.join(shares)}, {median(s.kernel for s in stretches):.0%} in the kernel"


def kept_in_readme(lines: Sequence[Line], bare: float, plan: Plan) -> str:
    """The last figures, and what must be known to read them."""
    low, high = report.VALID_FLOOR
    counts = "so that it counts" if report.is_of_its_kind(bare) else "so that by this rule it does not count"
    missed = sum(line.is_met is False for line in lines)
    notes = [
        f"{time.strftime('%d/%m/%Y')}, {plan.rounds} rounds of {plan.seconds:g} s, {report.speed()};"
        f" bars not met: {missed}.",
        f"Without reports the floor cost {bare:.2f} ms of CPU a turn; a run counts between {low:.2f} and {high:.2f},",
        f"{counts}.",
    ]
    return "\n".join([*report.table_of(lines), "", *notes])


async def measure(plan: Plan, buyers: int, told: int, is_profiled: bool, writes_readme: bool) -> None:
    """Start, measure, print, keep."""
    ports = (free_port(), free_port())
    console.print("starting both systems …")
    this = asyncio.current_task()
    assert this
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)  # both are ended then as at Ctrl-C
    async with rounds.both(VAR, ports, buyers, is_faulty=plan.is_faulty) as sides:
        bare = await rounds.run(sides, plan, lambda words: console.print(words, style="dim"))
        stuck: RuntimeError | None = None
        if told:
            console.print(f"{told:,} people are told something beside half load", style="dim")
            try:
                await announcing.beside(sides[OURS], told, plan.seconds, plan.rounds)
            except RuntimeError as error:  # what was measured before is shown all the same
                stuck = error
        memory = {part: processes.largest([pid]) for part, pid in sides[OURS].system.own().items()}
        memory["floor"] = processes.largest(sides[FLOOR].system.own().values())
        lines, notes = lines_of(sides, memory), notes_of(sides, bare, plan)
        report.show(console, lines, notes)
        report.keep(VAR / "last.json", lines, notes, {"floor_without_reports_ms": bare, "memory_mib": memory})
        for side in sides.values() if is_profiled else ():
            await profiled(side)
    if stuck:
        raise stuck
    report.insist(lines)
    if writes_readme:
        readme.write("bench", kept_in_readme(lines, bare, plan))


async def profiled(side: Side, seconds: float = 15) -> None:
    """Saturate it once more under py-spy, and print what is heaviest."""
    py_spy = profile.program()
    if py_spy is None:
        console.print("py-spy is not installed: pip install py-spy")
        return
    side.system.thaw()
    watching = profile.start(py_spy, side.system.own(), side.system.folder, seconds)
    await side.saturate("profiled", seconds + 2)
    side.system.thaw()
    for part, process in watching.items():
        await asyncio.to_thread(process.wait)
        console.print(f"\n{side.system.name} {part}: share with what it calls, share by itself")
        for name, below, itself in profile.heaviest(side.system.folder / f"{part}.stacks", 60):
            console.print(f"{below:6.1%} {itself:6.1%}  {name}", highlight=False, markup=False)


@click.command(help=__doc__)
@click.option("--seconds", default=10.0, help="Of each measured stretch.")
@click.option("--buyers", default=64, help="Who write at once.")
@click.option("--rounds", "count", default=4, help="Of each stretch.")
@click.option("--redelivery", default=0.2, help="Also measure while this share of webhooks comes twice; 0: do not.")
@click.option("--faults/--no-faults", default=True, help="Also measure while the provider fails.")
@click.option("--overload", default=30.0, help="Also send twice what each can answer, for so many seconds; 0: do not.")
@click.option(
    "--broadcast", "told", default=10_000, help="Also announce something to so many beside half load; 0: do not."
)
@click.option("--profile", "is_profiled", is_flag=True, help="Then show where the time goes, with py-spy.")
@click.option("--readme/--no-readme", "writes_readme", default=False, help="Keep the figures in README.")
def main(
    seconds: float,
    buyers: int,
    count: int,
    redelivery: float,
    faults: bool,
    overload: float,
    told: int,
    is_profiled: bool,
    writes_readme: bool,
) -> None:
    if (os.cpu_count() or 1) < 2:
        raise click.ClickException("two cores are needed: one for the system, one for the load")
    os.sched_setaffinity(0, {LOAD_CORE})
    try:
        plan = Plan(seconds, count, redelivery, faults, overload)
        uvloop.run(measure(plan, buyers, told, is_profiled, writes_readme))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (NotStarted, RuntimeError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
