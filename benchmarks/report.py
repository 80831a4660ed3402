"""The results as a page of markdown: first the targets and whether they were met, then part by part."""

from __future__ import annotations

import datetime
import math
import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.stage import Options

PACKAGES = ("numpy", "Whoosh-Reloaded", "tantivy", "fastapi", "uvicorn", "datasette")


@dataclass(frozen=True)
class Check:
    """A figure and its target."""

    figure: str
    measured: float
    limit: float
    unit: str = "×"
    at_least: bool = False
    """Whether more is better; otherwise the figure may be no more than the limit."""

    @property
    def is_reached(self) -> bool:
        """Whether it meets the target; a figure that could not be measured does not."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a table."""
        measured, limit = (f"{number(value)} {self.unit}".strip() for value in (self.measured, self.limit))
        wanted = f"{'at least' if self.at_least else 'at most'} {limit}"
        return self.figure, measured, wanted, "reached" if self.is_reached else "**missed**"


@dataclass(frozen=True)
class Table:
    """A table with headings; the first column is text, the others are figures."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""

    @property
    def markdown(self) -> str:
        """The table as markdown."""
        ruler = [":--", *["--:"] * (len(self.headings) - 1)]
        lines = [f"| {' | '.join(cells)} |" for cells in (self.headings, ruler, *self.rows)]
        return "\n".join([*([f"**{self.title}**", ""] if self.title else []), *lines])


@dataclass(frozen=True)
class Plot:
    """A picture beside the page."""

    path: Path
    title: str


@dataclass(frozen=True)
class Section:
    """The results of one part."""

    name: str
    title: str
    how: str
    """What was measured and how, in paragraphs of markdown."""
    checks: Sequence[Check] = ()
    tables: Sequence[Table] = ()
    plots: Sequence[Plot] = ()
    notes: Sequence[str] = field(default=())


CHECK_HEADINGS = ("part", "figure", "measured", "wanted", "")


def number(value: float) -> str:
    """A figure with three digits that count.

    >>> number(0.01234), number(3.14159), number(123.4), number(12345.6)
    ('0.0123', '3.14', '123', '12,346')
    """
    if not math.isfinite(value):
        return "not measured"
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 - math.floor(math.log10(abs(value)))}f}"


def write_report(path: Path, options: Options, sections: Sequence[Section]) -> None:
    """Write the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(_page(path.parent, options, sections)) + "\n", "utf-8")


def _page(folder: Path, options: Options, sections: Sequence[Section]) -> Iterable[str]:
    yield "# How fast it is"
    yield "Written by `python -m benchmarks`; what each part measures and how to run it: [README.md](README.md)."
    yield "\n".join(_circumstances(options))
    checks = [check for section in sections for check in section.checks]
    yield f"## What was wanted\n\n{sum(check.is_reached for check in checks)} of {len(checks)} reached."
    yield Table(
        CHECK_HEADINGS, [(section.name, *check.cells) for section in sections for check in section.checks]
    ).markdown
    for section in sections:
        yield f"## {section.title}"
        yield section.how
        yield from (table.markdown for table in section.tables)
        yield from (f"![{plot.title}]({plot.path.relative_to(folder).as_posix()})" for plot in section.plots)
        if section.notes:
            yield "\n".join(f"- {note}" for note in section.notes)


def _circumstances(options: Options) -> Iterable[str]:
    texts = "the texts of a JSONL file" if options.corpus else "paragraphs of the collection, drawn anew"
    yield f"- {datetime.datetime.now(datetime.UTC):%d %B %Y}"
    yield f"- {_machine()}"
    yield f"- {', '.join(_versions())}"
    yield f"- {options.size:,} cases made of {texts}; {options.runs} {'run' if options.runs == 1 else 'runs'}"
    yield "- Everything that is compared ran side by side: one after another for each query, or in turns of seconds."


def _machine() -> str:
    cores = os.cpu_count() or 1
    memory = f", {_memory_gb():.0f} GB of memory" if hasattr(os, "sysconf") else ""
    return f"{platform.system()} on {platform.machine()}, {cores} {'core' if cores == 1 else 'cores'}{memory}"


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _versions() -> Iterable[str]:
    yield f"{platform.python_implementation()} {platform.python_version()}"
    yield f"SQLite {sqlite3.sqlite_version}"
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            continue
