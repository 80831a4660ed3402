"""`python -m benchmarks`: run the parts, write the page."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol, cast

import typer
from rich.console import Console

from benchmarks.report import Section, write_report
from benchmarks.stage import Options, Stage

NEEDED = ("tantivy", "datasette", "matplotlib")
RESULTS = Path(__file__).parent / "RESULTS.md"


class Part(StrEnum):
    """The parts, in the order in which they are run and reported."""

    ENGINE = "engine"
    PASSAGES = "passages"
    HTTP = "http"
    BUILD = "build"
    GROWTH = "growth"
    PAGES = "pages"


class _PartModule(Protocol):
    def run(self, stage: Stage, plots: Path) -> Section:
        """Measure, and report."""


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    corpus: Annotated[
        Path | None, typer.Option(help="Texts: JSONL, may be gzipped. Without it the collection's own, drawn anew.")
    ] = None,
    size: Annotated[int, typer.Option(min=100, help="Cases in the collection that is measured.")] = 12_000,
    only: Annotated[list[Part] | None, typer.Option(help="Only this part; may be repeated.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="How often everything is done.")] = 3,
    sizes: Annotated[str, typer.Option(help="Sizes for the growth, such as 1000,3000,10000.")] = "",
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of everything: does it work?")] = False,
    out: Annotated[Path, typer.Option(help="Where to write the page; plots go beside it.")] = RESULTS,
) -> None:
    """Measure how fast the knowledge base is, compared with tools that people would use instead."""
    _require_packages()
    options = Options(corpus, size, runs, quick, tuple(map(int, sizes.split(","))) if sizes else ())
    parts = [part for part in Part if not only or part in only]
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    sections: list[Section] = []
    with tempfile.TemporaryDirectory(prefix="kb-benchmarks-") as folder:
        stage = Stage(options, Path(folder), console)
        for part in parts:
            console.rule(part)
            module = cast("_PartModule", importlib.import_module(f"benchmarks.parts.{part}"))
            sections.append(module.run(stage, out.parent / "plots"))
            # After each part, so that its results are not lost if a later one fails.
            write_report(out, options, sections)
    for section in sections:
        for check in section.checks:
            console.print(" · ".join(filter(None, check.cells)))


def _require_packages() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"These packages are missing: {', '.join(missing)}. Install them: pip install -e '.[bench]'")


if __name__ == "__main__":
    app()
