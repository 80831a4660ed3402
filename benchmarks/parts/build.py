"""Building, starting, following an edit, and the memory of a server.

Measured, and why it is fair:

- A full build from markdown (`kb.build`: read, check, render, store, index) against what Whoosh alone needs to index
  the same texts in its own text fields with stemming and positions. Each in a fresh process, in turn, with the same
  memory for Whoosh; its texts are in memory already and it stores nothing, so that the yardstick is short. Ours is
  built as `kb index` does it, which reads files in as many processes as there are cores, up to four, and writes the
  index in one; and again in one process alone, which is reported beside it.
- The time from saving one file until the search of a running `kb serve` finds the new word in it. The address is asked
  every 20 milliseconds; the word is none that could be read as another one.
- The time from starting `kb serve` over an index that is up to date until `/readyz` answers, and what of it Python
  needs to import the program.
- The memory of the server's process at the start, after two equal halves of different queries, and, of another one,
  after the edits. It includes pages of the index that only mirror files; they are reported separately.
"""

from __future__ import annotations

import math
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import charts
from benchmarks.corpus import SEED
from benchmarks.load import load
from benchmarks.measuring import Memory, in_fresh_process, memory_of, seconds
from benchmarks.parts.http import api_path
from benchmarks.peers.whoosh_engine import write_texts
from benchmarks.queries import endless
from benchmarks.report import Check, Plot, Section, Table, number
from benchmarks.servers import CHECKOUT, Server, ServerFailed, kb_serve, serving
from benchmarks.stage import Collection, Stage, build_collection
from kb.building.builder import PROCESSES

BUILD_LIMIT = 2.0
EDIT_SECONDS, START_SECONDS, MEMORY_MB = 1.0, 2.0, 400.0

EDITS = 10
POLL_SECONDS = 0.02
EDIT_PATIENCE = 60.0
SETTLE_SECONDS = 3.0
"""A server that was just started still looks at every file once."""
STARTS = 5
HALF = 3_000
"""Queries of each half."""
HALF_SECONDS = 300.0

IMPORT_EVERYTHING = "import kb.cli, api.app"


@dataclass
class Findings:
    """What was measured; seconds, and MB."""

    ours: list[float] = field(default_factory=list)
    """As `kb index` builds: reading in several processes."""
    ours_alone: list[float] = field(default_factory=list)
    """In one process."""
    whoosh: list[float] = field(default_factory=list)
    edits: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    imports: list[float] = field(default_factory=list)
    python: list[float] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    """At the start, and after each half of the queries."""
    memory_after_edits: list[Memory] = field(default_factory=list)


def run(stage: Stage, plots: Path) -> Section:
    """Measure, and report."""
    found = Findings()
    collection = stage.collection
    _measure_builds(stage, collection, found)
    _measure_starts(stage, collection, found)
    _measure_memory(stage, collection, found)
    _measure_edits(stage, collection, found)
    return Section(
        name="build",
        title="Building, starting, following an edit, memory",
        how=_how(stage),
        checks=list(_checks(found)),
        tables=[_table(found)],
        plots=[_plot(found, plots / "build.svg")],
        notes=list(_notes(found)),
    )


def whoosh_seconds(collection: Collection, folder: Path) -> float:
    """How long Whoosh takes to index the texts of a collection; reading them is not timed."""
    texts = collection.texts
    taken, _ = seconds(lambda: write_texts(folder, texts, with_facets=False))
    return taken


def _measure_builds(stage: Stage, collection: Collection, found: Findings) -> None:
    kinds: Sequence[Callable[[Path], None]] = (
        lambda index: found.ours.append(_our_seconds(collection, index, PROCESSES)),
        lambda index: found.whoosh.append(in_fresh_process(whoosh_seconds, collection, index)),
        lambda index: found.ours_alone.append(_our_seconds(collection, index, 1)),
    )
    for turn in stage.track(range(stage.options.runs), "Build: ours and Whoosh alone, in turn"):
        for step in range(len(kinds)):
            with TemporaryDirectory(dir=stage.folder) as folder:
                kinds[(turn + step) % len(kinds)](Path(folder) / "index")


def _our_seconds(collection: Collection, index: Path, processes: int) -> float:
    taken, _ = in_fresh_process(build_collection, collection.content, index, processes)
    return taken


def _measure_starts(stage: Stage, collection: Collection, found: Findings) -> None:
    for _ in stage.track(range(stage.options.fewer(STARTS)), "Build: starting"):
        with _our_server(collection) as server:
            found.starts.append(server.started_in)
        found.imports.append(_python_seconds(IMPORT_EVERYTHING))
        found.python.append(_python_seconds("pass"))


def _python_seconds(code: str) -> float:
    """How long a Python process takes that does this alone."""
    taken, _ = seconds(lambda: subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True))
    return taken


def _measure_memory(stage: Stage, collection: Collection, found: Findings) -> None:
    half = stage.options.fewer(HALF)
    paths = map(api_path, endless(collection.texts, SEED + 10))
    with _our_server(collection) as server:
        server.get(next(paths))
        found.memory.extend(_memory(server))
        for _ in stage.track(range(2), "Build: memory under different queries"):
            load(server, list(islice(paths, half)), HALF_SECONDS)
            found.memory.extend(_memory(server))


def _memory(server: Server) -> Iterator[Memory]:
    """The memory of a server's process, where the system reports it."""
    if memory := memory_of(server.process):
        yield memory


def _measure_edits(stage: Stage, collection: Collection, found: Findings) -> None:
    pick = random.Random(SEED)  # the same files each time are the point
    before = _to_edit(collection, pick, stage.options.fewer(EDITS))
    words = _strange_words(pick)
    try:
        with _our_server(collection) as server:
            time.sleep(SETTLE_SECONDS)
            for path in stage.track(list(before), "Build: following edits"):
                found.edits.append(_seconds_to_show(server, path, next(words)))
            found.memory_after_edits.extend(_memory(server))
    finally:
        for path, data in before.items():
            path.write_bytes(data)


def _to_edit(collection: Collection, pick: random.Random, number: int) -> dict[Path, bytes]:
    """That many case files, drawn, with their content; a line may be put below the last section of each."""
    paths = sorted((collection.content / "cases").glob("*.md"))
    drawn = ((path, path.read_bytes()) for path in pick.sample(paths, len(paths)))
    return dict(islice(((path, data) for path, data in drawn if b"\n## " in data), number))


def _seconds_to_show(server: Server, path: Path, word: str) -> float:
    """Write a word into a file; how long until the search finds it there."""
    # Any number of cases may be found before by another reading of the word; this one has to be.
    address = f"/api/v1/search?q={word}&size=100"
    server.get(address)
    start = time.perf_counter()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\nThe {word} was added later.\n")
    while (taken := time.perf_counter() - start) < EDIT_PATIENCE:
        if path.stem in _slugs(server.get_json(address)):
            return taken
        time.sleep(POLL_SECONDS)
    raise ServerFailed(f"An edit did not show within {EDIT_PATIENCE:.0f} seconds.")


def _slugs(answer: dict[str, list[dict[str, object]]]) -> set[object]:
    return {hit["slug"] for hit in answer["hits"]}


def _strange_words(pick: random.Random) -> Iterator[str]:
    """Words that no text contains, and that are near to none."""
    for _ in count():
        yield "q" + "".join(pick.choice("bcdfghjklmnpqrstvwxz") for _ in range(15))


def _our_server(collection: Collection) -> AbstractContextManager[Server]:
    command, port = kb_serve(collection.content, collection.index)
    return serving("kb serve", command, port, "/readyz")


def _checks(found: Findings) -> Iterator[Check]:
    ratio = median(found.ours) / median(found.whoosh)
    yield Check("Full build / Whoosh alone, medians", ratio, BUILD_LIMIT)
    yield Check("Edit shows in a search, median", median(found.edits), EDIT_SECONDS, "s")
    yield Check("Start until ready, median", median(found.starts), START_SECONDS, "s")
    yield Check("Memory of the worker, at most", max(_resident(found), default=math.nan), MEMORY_MB, "MB")


def _processes() -> str:
    return f"{PROCESSES} processes" if PROCESSES > 1 else "as `kb index` does it"


def _resident(found: Findings) -> list[float]:
    return [memory.resident for memory in (*found.memory, *found.memory_after_edits)]


def _table(found: Findings) -> Table:
    measured = {
        f"full build, ours, {_processes()}, s": found.ours,
        "full build, ours, one process, s": found.ours_alone,
        "Whoosh alone, s": found.whoosh,
        "edit until it is found, s": found.edits,
        "start until ready, s": found.starts,
        "of it: a Python process that imports everything, s": found.imports,
        "of it: a Python process that does nothing, s": found.python,
    }
    rows = [(name, *map(number, (median(v), min(v), max(v))), str(len(v))) for name, v in measured.items()]
    return Table(("", "median", "least", "most", "times"), rows)


def _plot(found: Findings, path: Path) -> Plot:
    with charts.picture(path, (2, 1), (8, 4.4)) as (builds, edits):
        charts.bars(
            builds,
            "Full build",
            {
                f"ours, from markdown, {_processes()}": median(found.ours),
                "ours, from markdown, one process": median(found.ours_alone),
                "Whoosh alone, texts in memory": median(found.whoosh),
            },
            "seconds",
        )
        charts.dots(edits, "From saving a file to finding it", found.edits, "seconds", EDIT_SECONDS)
    return Plot(path, "Seconds of a full build, and from saving a file to finding it")


def _how(stage: Stage) -> str:
    fewer = stage.options.fewer
    return (
        f"{stage.options.size:,} cases. Full builds from markdown and Whoosh's own indexing of the same texts, in "
        f"turn, each in a fresh process; ours as `kb index` does it (reading: {_processes()}), and in one process. "
        f"{fewer(EDITS)} edits of one file each under a running `kb serve`; {fewer(STARTS)} starts of it over an index "
        "that is up to date; the memory of its process at the start and after each of two halves of "
        f"{fewer(HALF):,} different queries."
    )


def _notes(found: Findings) -> Iterator[str]:
    if len(found.memory) < 3:
        yield "The system does not report the memory of a process."
        return
    start, first, second = found.memory
    yield f"Memory at the start, after the first half of the queries, and after the second: {_in_words(found.memory)}."
    yield f"Memory of the server that followed the edits: {_in_words(found.memory_after_edits)}."
    halves = first.resident - start.resident, second.resident - first.resident
    yield f"The first half of the queries added {halves[0]:.0f} MB, the second {halves[1]:.0f} MB."


def _in_words(memory: Sequence[Memory]) -> str:
    return ", ".join(f"{each.resident:.0f} MB ({each.files:.0f} of it mirrors files)" for each in memory)
