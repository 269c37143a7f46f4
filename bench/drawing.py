"""Curves of a run as pictures, for who looks at many runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pygal
from pygal.style import CleanStyle


def curve(path: Path, title: str, sizes: Sequence[str], curves: Mapping[str, Sequence[float | None]]) -> None:
    """One picture (SVG): sizes from left to right, each ten times the one before, and a line for each name."""
    chart = pygal.Line(
        style=CleanStyle, title=title, width=800, height=400, show_dots=True, range=(0, _top(curves)), js=(),
        legend_at_bottom=True, legend_at_bottom_columns=1, truncate_legend=-1, pretty_print=True, no_prefix=True,
    )  # fmt: skip
    chart.x_labels = list(sizes)
    for name, values in curves.items():
        chart.add(name, [None if value is None else round(value, 3) for value in values])
    path.parent.mkdir(parents=True, exist_ok=True)
    chart.render_to_file(str(path))


def _top(curves: Mapping[str, Sequence[float | None]]) -> float:
    """Where the axis ends: all begin at nothing, so that what does not grow looks flat."""
    return 1.1 * max((value for values in curves.values() for value in values if value), default=1.0)
