"""How everything grows with the number of cases.

Measured at each size: writing the index, its size on disk, opening it, the median search for all words and for any
word whose words have been looked up before, and the memory of a process that has done just that.

Why that is fair: the index is written by the engine's writer from documents in memory. Reading markdown takes more
than half of a full build but looks at one file after another, and would only make the curve straighter. Every size has
a fresh process for writing and one for searching, and is asked the same queries, which are drawn from the smallest
size; where there are more documents, more match.

Where the corpus has fewer texts than a size asks for, it is gone through again: documents and matches double, the
number of different words does not.
"""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks import charts
from benchmarks.corpus import SEED, BenchDocument
from benchmarks.measuring import Times, in_fresh_process, memory_of, seconds, tidy
from benchmarks.peers.ours import query_of
from benchmarks.queries import BenchQuery, Queries, Text, introducing
from benchmarks.report import Check, Plot, Section, Table, number
from benchmarks.stage import Options, Stage
from kb import FACETS, SearchRequest
from kb.engines import DEFAULT_ENGINE, LOCAL_ENGINES
from kb.search.document import SearchDocument
from kb.search.engine import SearchEngine
from kb.search.fields import TEXT_FIELDS

QUERIES = 120
"""Of each mode, at each size."""
OPENINGS = 5
ROUNDS = 2
"""How often each query is asked; the second time adds no information but halves the noise."""

COUNTRIES = 40

LIMIT = 1.1
"""The exponent that no step may go beyond: linear growth is 1, a tenth is left for noise."""


@dataclass(frozen=True)
class Grown:
    """What was measured at one size."""

    size: int
    writing: float
    """Seconds."""
    megabytes: float
    opening: float
    """Seconds."""
    all_words: float
    """Milliseconds in the median."""
    any_word: float
    memory: float
    """MB; NaN where the system does not report it."""


FIGURES: Mapping[str, Callable[[Grown], float]] = {
    "writing the index, s": lambda grown: grown.writing,
    "index on disk, MB": lambda grown: grown.megabytes,
    "opening, s": lambda grown: grown.opening,
    "search, all words, ms": lambda grown: grown.all_words,
    "search, any word, ms": lambda grown: grown.any_word,
    "memory, MB": lambda grown: grown.memory,
}


def run(stage: Stage, plots: Path) -> Section:
    """Measure, and report."""
    options = stage.options
    queries = _queries(options)
    grown = []
    for size in stage.track(options.growth_sizes, "Growth"):
        folder = stage.folder / f"growth-{size}"
        writing = in_fresh_process(write_index, options, size, folder)
        grown.append(in_fresh_process(measure_index, folder, size, writing, queries))
        stage.say(f"{size:,} cases: written in {writing:.1f} s")
    steps = dict(_steps(grown))
    return Section(
        name="growth",
        title="How it grows",
        how=_how(options),
        checks=[
            Check(f"Steepest step: {name}", max(found, default=math.nan), LIMIT, "") for name, found in steps.items()
        ],
        tables=[_figures(grown), _exponents(grown, steps)],
        plots=[_plot(grown, plots / "growth.svg")],
        notes=[
            "An exponent of 1 is twice the time for twice the cases; below 1 it grows more slowly. Small times are "
            "noisy, and the smallest sizes are mostly what every search costs.",
            "The memory is that of a process that opens the index and searches; it begins with Python and packages.",
        ],
    )


def write_index(options: Options, size: int, folder: Path) -> float:
    """Write an index of that size; gives the seconds, without those for making the documents."""
    documents = [search_document(document) for document in options.documents(size)]
    with tidy():
        taken, _ = seconds(lambda: LOCAL_ENGINES[DEFAULT_ENGINE].write(folder, None, (), documents))
    return taken


def measure_index(folder: Path, size: int, writing: float, queries: Sequence[BenchQuery]) -> Grown:
    """Open an index and search it."""
    opening = []
    for _ in range(OPENINGS):
        taken, engine = seconds(lambda: LOCAL_ENGINES[DEFAULT_ENGINE].open(folder))
        opening.append(taken)
        engine.close()
    engine = LOCAL_ENGINES[DEFAULT_ENGINE].open(folder)
    for query in introducing(queries):
        engine.search(_request(query))
    with tidy():
        all_words = _median(engine, [query for query in queries if not query.any_word])
        any_word = _median(engine, [query for query in queries if query.any_word])
    memory = memory_of()
    engine.close()
    megabytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    resident = memory.resident if memory else math.nan
    return Grown(size, writing, megabytes, median(opening), all_words, any_word, resident)


def search_document(document: BenchDocument) -> SearchDocument:
    """A document as the engine is given it, without a case behind it."""
    texts: dict[str, tuple[str, ...]] = {field.name: () for field in TEXT_FIELDS}
    texts |= {"title": (document.title,), "summary": document.paragraphs[:1], "body": document.paragraphs}
    return SearchDocument(
        document.slug, texts, _facets(document), document.started, None, document.title, document.city, ""
    )


def _facets(document: BenchDocument) -> dict[str, tuple[str, ...]]:
    known = {
        "arrangement": document.arrangements,
        "challenge": document.challenges,
        "city": (document.city,),
        "country": (f"country-{zlib.crc32(document.city.encode()) % COUNTRIES}",),
        "audience": document.audiences,
        "evidence": (document.evidence,),
        "status": (document.status,),
    }
    return {facet.name: known.get(facet.name, ()) for facet in FACETS}


def _queries(options: Options) -> list[BenchQuery]:
    size = min(options.growth_sizes)
    texts = [_text(document) for document in options.documents(size)]
    queries = Queries(texts, SEED)
    number_of = options.fewer(QUERIES)
    return [*queries.draw(number_of), *queries.draw(number_of, any_word=True)]


def _text(document: BenchDocument) -> Text:
    prose = "\n".join(document.paragraphs)
    return Text(document.slug, document.title, prose, prose, _facets(document))


def _request(query: BenchQuery) -> SearchRequest:
    return SearchRequest(query=query_of(query), filters=dict(query.filters), size=10, marked=False)


def _median(engine: SearchEngine, queries: Sequence[BenchQuery]) -> float:
    times = Times()
    for _ in range(ROUNDS):
        for query in queries:
            request = _request(query)
            start = time.perf_counter()
            engine.search(request)
            times.add(time.perf_counter() - start)
    return times.median


def _steps(grown: Sequence[Grown]) -> Iterator[tuple[str, list[float]]]:
    """For each figure the exponent of each step from one size to the next."""
    for name, figure in FIGURES.items():
        yield (
            name,
            [
                math.log(figure(after) / figure(before)) / math.log(after.size / before.size)
                for before, after in pairwise(grown)
            ],
        )


def _figures(grown: Sequence[Grown]) -> Table:
    headings = ("cases", *(f"{each.size:,}" for each in grown))
    rows = [(name, *(number(figure(each)) for each in grown)) for name, figure in FIGURES.items()]
    return Table(headings, rows)


def _exponents(grown: Sequence[Grown], steps: Mapping[str, Sequence[float]]) -> Table:
    headings = ("exponent of the step", *(f"{before.size:,} → {after.size:,}" for before, after in pairwise(grown)))
    rows = [(name, *(f"{step:.2f}" for step in found)) for name, found in steps.items()]
    return Table(headings, rows)


def _plot(grown: Sequence[Grown], path: Path) -> Plot:
    with charts.picture(path, (2, 3), (12, 7)) as panels:
        for axes, (name, figure) in zip(panels, FIGURES.items(), strict=True):
            title, _, unit = name.rpartition(", ")
            charts.growth(axes, title, [(each.size / 1000, figure(each)) for each in grown], ("thousand cases", unit))
    return Plot(path, "Figures by number of cases, both logarithmic; dashed: twice for twice as many")


def _how(options: Options) -> str:
    sizes = ", ".join(f"{size:,}" for size in options.growth_sizes)
    return (
        f"Sizes: {sizes} cases. The index is written by the engine's writer from documents in memory, not from "
        f"markdown. Each size is asked the same {2 * options.fewer(QUERIES)} queries, drawn from the smallest, all of "
        "whose words were looked up before."
    )
