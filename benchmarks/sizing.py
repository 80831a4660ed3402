"""How large a machine has to be: `python -m benchmarks.sizing`, for the table in docs/operate.md.

For each number of cases: seconds of a build from nothing, and of one after an edit; size of the index; memory of `kb
serve` after a load, of all of its processes, without counting twice what they share; and requests a second for
searches that nobody has made before, as JSON, and for pages that are asked for again and again.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote_plus

from benchmarks.corpus import SEED, documents_from_collection, documents_from_jsonl, write_content
from benchmarks.load import load
from benchmarks.queries import endless
from benchmarks.servers import kb_serve, serving
from benchmarks.stage import OWN_CONTENT, Collection
from kb import ContentFolder, IndexFolder, build
from kb.building.builder import PROCESSES

SIZES = (68, 12_000)

SECONDS = 10.0
"""Of each load."""

MOST_PER_SECOND = 4_000
"""New searches that are at hand: more than two workers answer."""

AGAIN = ("/", "/cases", "/matrix", "/map", "/arrangements", "/challenges", "/about")


@dataclass(frozen=True)
class Row:
    """What a collection of one size needs."""

    cases: int
    workers: int
    built: float
    """Seconds."""
    edited: float
    """Seconds."""
    index: int
    """Bytes."""
    memory: int
    """Bytes."""
    searches: float
    """A second."""
    pages: float
    """A second."""

    def __str__(self) -> str:
        cells = (
            f"{self.cases:,}",
            str(self.workers),
            f"{self.built:.1f} s",
            f"{self.edited:.1f} s",
            f"{self.index / 1e6:.0f} MB",
            f"{self.memory / 1e6:.0f} MB",
            f"{self.searches:,.0f}",
            f"{self.pages:,.0f}",
        )
        return f"| {' | '.join(cells)} |"


HEAD = """\
| cases | workers | build | after an edit | index | memory | new searches a second | pages a second |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""


def rows(sizes: Iterable[int], workers: Sequence[int], corpus: Path | None, wanted: float) -> Iterator[Row]:
    """Measure; loads take `wanted` seconds each."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="kb-sizing-") as parent:
            collection = Collection(Path(parent) / "content", Path(parent) / "index")
            _write(collection.content, size, corpus)
            built = _build(collection)
            case = min((collection.content / "cases").glob("*.md"))
            case.write_text(case.read_text("utf-8") + "\nSomething else.\n", "utf-8")
            edited = _build(collection)
            yield from (_row(collection, size, count, built, edited, wanted) for count in workers)


def _build(collection: Collection) -> float:
    """Seconds of a build."""
    content, index = ContentFolder(collection.content), IndexFolder(collection.index)
    return build(content, index, processes=PROCESSES).seconds


def _row(collection: Collection, size: int, workers: int, built: float, edited: float, wanted: float) -> Row:
    new = (f"/api/v1/search?q={quote_plus(query.text)}" for query in endless(collection.texts, SEED))
    paths = list(islice(new, round(wanted * MOST_PER_SECOND)))
    command, port = kb_serve(collection.content, collection.index)
    # The last of two options counts.
    with serving("ours", [*command, "--workers", str(workers)], port, "/readyz") as server:
        time.sleep(1 + workers)  # until every worker answers
        load(server, AGAIN, 1, repeat=True)
        searches = load(server, paths, wanted)
        pages = load(server, AGAIN, wanted, repeat=True)
        memory = sum(map(_own_memory, _family(server.process)))
    files = (path for path in collection.index.rglob("*") if path.is_file())
    size_of_index = sum(path.stat().st_size for path in files)
    return Row(size, workers, built, edited, size_of_index, memory, searches.rate, pages.rate)


def _write(content: Path, size: int, corpus: Path | None) -> None:
    folder = ContentFolder(OWN_CONTENT)
    if corpus:
        documents = documents_from_jsonl(corpus, folder.vocabularies()[0], size)
    else:
        documents = documents_from_collection(folder, size)
    write_content(content, documents, OWN_CONTENT)


def _family(process: int) -> Iterator[int]:
    """A process and all that it has started."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _own_memory(process: int) -> int:
    """Bytes of memory of a process, with its part of what it shares with others (Linux)."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sizing", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="texts as JSONL; without it, paragraphs of the collection")
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=SIZES)
    parser.add_argument("--workers", type=lambda text: [int(count) for count in text.split(",")], default=(1, 2))
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each load")
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors, shared with what asks.\n\n{HEAD}", flush=True)  # noqa: T201  # its output
    for row in rows(given.sizes, given.workers, given.corpus, given.seconds):
        print(row, flush=True)  # noqa: T201  # its output


if __name__ == "__main__":
    _main()
