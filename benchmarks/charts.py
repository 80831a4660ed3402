"""Pictures of the figures: SVG on a light ground, readable in black and white too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter

OURS = "#0b6e5f"
OTHERS = "#7a8794"
INK = "#22282e"

_STYLE: Any = {
    "figure.facecolor": "#ffffff",
    "axes.facecolor": "#ffffff",
    "axes.edgecolor": "#b9c0c7",
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": "#e3e7ea",
    "font.size": 10,
    "figure.constrained_layout.w_pad": 0.12,
    "figure.constrained_layout.h_pad": 0.12,
    # The same figures give the same file, and letters look the same everywhere.
    "svg.hashsalt": "benchmarks",
    "svg.fonttype": "path",
}


@contextmanager
def picture(path: Path, panels: tuple[int, int], size: tuple[float, float]) -> Iterator[list[Axes]]:
    """A figure with panels (rows, columns), saved to `path` in the end."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        yield list(figure.subplots(*panels, squeeze=False).flat)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None})


def colour(name: str) -> str:
    """One colour for our engine, and one for the others."""
    return OURS if name.startswith("ours") else OTHERS


def spans(
    axes: Axes, title: str, found: Mapping[str, tuple[float, float]], unit: str, *, logarithmic: bool = True
) -> None:
    """For each name its median (dot) and a line to its 95th percentile."""
    for row, (name, (middle, high)) in enumerate(found.items()):
        axes.plot([middle, high], [row, row], color=colour(name), linewidth=3, solid_capstyle="round", alpha=0.45)
        axes.plot([middle], [row], "o", color=colour(name), markersize=8)
        axes.plot([high], [row], "|", color=colour(name), markersize=11, markeredgewidth=2)
        axes.annotate(_short(middle), (middle, row), (0, 8), textcoords="offset points", ha="center", fontsize=8)
    _rows(axes, title, list(found), f"{unit} (dot: median, line: to the 95th percentile)")
    if logarithmic:
        axes.set_xscale("log")
        _log(axes.xaxis)
        axes.margins(x=0.12)
    else:
        axes.set_xlim(left=0)


def bars(axes: Axes, title: str, found: Mapping[str, float], label: str) -> None:
    """A bar for each name, with its figure written out."""
    drawn = axes.barh(range(len(found)), list(found.values()), color=[colour(name) for name in found], height=0.6)
    axes.bar_label(drawn, [_short(value) for value in found.values()], padding=4, fontsize=9)
    _rows(axes, title, list(found), label)
    axes.margins(x=0.15)


def growth(axes: Axes, title: str, points: Sequence[tuple[float, float]], labels: tuple[str, str]) -> None:
    """A line through the points, both scales logarithmic; a dashed one beside it is twice for twice."""
    axes.plot(*zip(*points, strict=True), "o-", color=OURS, linewidth=1.8, markersize=5)
    (first, start), (last, _) = points[0], points[-1]
    axes.plot([first, last], [start, start * last / first], color=OTHERS, linewidth=1, linestyle=(0, (4, 3)))
    axes.set(title=title, xlabel=labels[0], ylabel=labels[1])
    axes.grid(visible=True)
    axes.set(xscale="log", yscale="log")
    _log(axes.xaxis)
    _log(axes.yaxis)
    axes.xaxis.set_major_locator(FixedLocator([place for place, _ in points]))


def dots(axes: Axes, title: str, found: Sequence[float], label: str, limit: float) -> None:
    """Every single value, and the limit for it."""
    axes.plot(found, [1 + (place % 5 - 2) / 10 for place in range(len(found))], "o", color=OURS, alpha=0.6)
    axes.axvline(limit, color="#b3541e", linewidth=1.5, linestyle=(0, (4, 3)))
    axes.annotate("wanted", (limit, 1.45), (-4, 0), textcoords="offset points", ha="right", color="#b3541e", fontsize=9)
    axes.set(title=title, xlabel=label, ylim=(0.4, 1.6), yticks=[])
    axes.set_xlim(0, max(limit, *found) * 1.1)
    axes.grid(visible=True, axis="x")


def _rows(axes: Axes, title: str, names: Sequence[str], label: str) -> None:
    axes.set_title(title)
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.5, -0.7)
    axes.set_xlabel(label)
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)


def _log(axis: Axis) -> None:
    """Labels at 1, 2 and 5 as plain numbers."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axis.set_minor_formatter(NullFormatter())


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
