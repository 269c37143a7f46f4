"""Figures as a person reads them: a table with its bars, and a file for comparing runs."""

import json
import math
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.console import Console
from rich.table import Table

VALID_FLOOR = (0.45, 0.80)  # milliseconds of CPU a turn without reports, on a machine of the reference's kind


@dataclass(frozen=True)
class Line:
    """One figure: ours beside the floor's, the ratio that is held against the bar, whether it holds (None: no bar).

    `is_loss`: it counts what must not happen at all.
    """

    name: str
    unit: str
    ours: float | None
    floor: float | None
    ratio: float | None
    bar: str
    is_met: bool | None
    is_loss: bool = False


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed; NaN of none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio_line(
    name: str, unit: str, pairs: Iterable[tuple[float, float]], *, least: float | None = None, most: float | None = None
) -> Line:
    """A figure whose bar is a ratio: the median of the ratios of rounds that ran side by side."""
    rounds = list(pairs)
    if not rounds:
        return Line(name, unit, None, None, None, "", None)
    ratio = median(ours / floor if floor else math.nan for ours, floor in rounds)
    bar = f"≥ {least} × floor" if least is not None else f"≤ {most} × floor" if most is not None else ""
    is_met = ratio >= least if least is not None else ratio <= most if most is not None else None
    return Line(name, unit, median(o for o, _ in rounds), median(f for _, f in rounds), ratio, bar, is_met)


def limit_line(name: str, unit: str, ours: float, floor: float | None, bar: str, is_met: bool | None) -> Line:
    """A figure whose bar stands by itself."""
    return Line(name, unit, ours, floor, ours / floor if floor else None, bar, is_met)


def loss_line(name: str, ours: int, other: int | None = None) -> Line:
    """A count whose bar is 0, without which nothing else of a run counts; a second one is there for comparing alone."""
    return replace(limit_line(name, "", ours, other, "0", ours == 0), is_loss=True)


def wrong_line(title: str, ours: int, other: int | None = None) -> Line:
    """All that went wrong in a part of a run."""
    return loss_line(f"{title}: all that went wrong", ours, other)


def insist(lines: Iterable[Line]) -> None:
    """A run in which something happened that must not ends with 1, and keeps no figure where people read them.

    Raises ClickException.
    """
    if wrong := [f"{line.name.strip()}: {number(line.ours)}" for line in lines if line.is_loss and line.ours]:
        raise click.ClickException(f"{'; '.join(wrong)}. No figure is kept in README or OPERATIONS.md.")


def show(
    console: Console,
    lines: Sequence[Line],
    notes: Sequence[str],
    title: str = "Assigamé beside the floor",
    columns: tuple[str, str] = ("ours", "floor"),
) -> None:
    """Print the table, then what must be known to read it."""
    table = Table(title=title, title_justify="left")
    table.add_column("figure", no_wrap=True)
    for column in (*columns, "ratio"):
        table.add_column(column, justify="right")
    table.add_column("bar")
    table.add_column("")
    for line in lines:
        verdict = "" if line.is_met is None else "[green]met[/green]" if line.is_met else "[bold red]not met[/bold red]"
        unit = f" ({line.unit})" if line.unit else ""
        table.add_row(line.name + unit, number(line.ours), number(line.floor), number(line.ratio), line.bar, verdict)
    console.print(table)
    for note in notes:
        console.print(note, highlight=False)


def table_of(lines: Iterable[Line]) -> list[str]:
    """The figures that have a bar, as rows of Markdown."""
    rows = ["| figure | ours | floor | ratio | bar |", "|---|---|---|---|---|"]
    for line in lines:
        if line.is_met is None:
            continue
        unit = f" ({line.unit})" if line.unit else ""
        verdict = "met" if line.is_met else "**not met**"
        figures = " | ".join(number(figure) for figure in (line.ours, line.floor, line.ratio))
        rows.append(f"| {line.name.strip()}{unit} | {figures} | {line.bar}, {verdict} |")
    return rows


def yardstick(additions: int = 2_000_000) -> float:
    """Nanoseconds of CPU that Python takes here for one pass of the plainest loop: how fast this machine is."""
    total, began = 0, time.process_time_ns()
    for one in range(additions):
        total += one
    return (time.process_time_ns() - began) / additions


def is_of_its_kind(bare: float) -> bool:
    """Whether this machine is of the kind that the bars were made on, by the floor's milliseconds without reports."""
    low, high = VALID_FLOOR
    return low <= bare <= high


@cache
def speed() -> str:
    """The interpreter, and how fast it is here, as first measured: builds of one version differ by a quarter."""
    return f"{yardstick():.0f} ns an addition in Python {platform.python_version()}"


def number(value: float | None) -> str:
    """Three digits that count; – for nothing."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def keep(path: Path, lines: Sequence[Line], notes: Sequence[str], more: dict[str, Any]) -> None:
    """Write all figures for a later comparison."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"figures": [asdict(line) for line in lines], "notes": list(notes), **more}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
