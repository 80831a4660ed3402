"""What passages cost: a complete search with ten snippets against the same search without.

Measured: `Generation.search` over cases of 1,000 words each, for queries of 1, 2 and 5 words whose words have been
looked up before, once with `marked=True` (for each of ten hits the best passage and what to mark in it, title and
summary) and once with `marked=False`.

Why that is fair: the two run one after the other for the same query, in turn first; no query comes twice, so that no
answer is known beforehand. The collection is a quarter of the size asked for: the search without passages is quicker
there, which makes the ratio larger, not smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import chain, islice, repeat
from pathlib import Path
from statistics import median

from benchmarks import charts
from benchmarks.corpus import SEED, lengthened
from benchmarks.measuring import Times, interleaved, tidy
from benchmarks.queries import BenchQuery, Queries, introducing
from benchmarks.report import Check, Plot, Section, Table, number
from benchmarks.stage import Collection, Stage
from kb import Generation, SearchRequest, SearchResult, make_request
from kb.search.answering import answer

WORDS = 1_000
QUERIES = 150
"""In each run."""
HITS = 10
LIMIT = 3.0


@dataclass
class Findings:
    """Times with and without passages, of the complete search and of the engine alone."""

    marked: Times = field(default_factory=Times)
    unmarked: Times = field(default_factory=Times)
    engine_marked: Times = field(default_factory=Times)
    engine_unmarked: Times = field(default_factory=Times)
    snippets: list[int] = field(default_factory=list)
    """How many of the hits came with a snippet, for each query."""

    @property
    def all(self) -> tuple[Times, ...]:
        """In the order in which they are taken."""
        return self.marked, self.unmarked, self.engine_marked, self.engine_unmarked


def run(stage: Stage, plots: Path) -> Section:
    """Measure, and report."""
    collection = _collection(stage)
    generation = collection.open()
    found = Findings()
    try:
        with tidy():
            for turn in range(stage.options.runs):
                _measure_run(stage, collection, generation, turn, found)
    finally:
        generation.close()
    return Section(
        name="passages",
        title="What passages cost",
        how=_how(stage, generation),
        checks=[Check("With ten passages / without, median of the ratios", _median_ratio(found), LIMIT)],
        tables=[_table(found)],
        plots=[_plot(found, plots / "passages.svg")],
        notes=[f"Hits that came with a passage: {median(found.snippets):.0f} of {HITS} in the median query."],
    )


def _collection(stage: Stage) -> Collection:
    size = max(200, stage.options.size // 4)
    # Longer cases take several texts each: the texts are gone through until there are enough.
    documents = lengthened(chain.from_iterable(map(stage.options.documents, repeat(size * 2))), WORDS)
    numbered = (replace(document, slug=f"case-{place:06}") for place, document in enumerate(documents))
    return stage.made("long", islice(numbered, size))


def _measure_run(stage: Stage, collection: Collection, generation: Generation, turn: int, found: Findings) -> None:
    queries = Queries(collection.texts, SEED + turn).draw(stage.options.fewer(QUERIES), filters=(0, 0, 1))
    for query in introducing(queries):
        generation.search(_request(query))
    for place, query in enumerate(stage.track(queries, f"Passages: run {turn + 1} of {stage.options.runs}")):
        answers = interleaved(_calls(generation, _request(query)), place)
        for times, (taken, _) in zip(found.all, answers, strict=True):
            times.add(taken)
        found.snippets.append(sum(hit.snippet is not None for hit in answers[0][1].hits))


def _request(query: BenchQuery) -> SearchRequest:
    return make_request(query.text, dict(query.filters), size=HITS)


def _calls(generation: Generation, request: SearchRequest) -> list[Callable[[], SearchResult]]:
    bare = replace(request, marked=False)
    engine, cases = generation.engine, generation.cases
    return [
        lambda: generation.search(request),
        lambda: generation.search(bare),
        lambda: answer(engine, cases, request),
        lambda: answer(engine, cases, bare),
    ]


def _median_ratio(found: Findings) -> float:
    pairs = zip(found.marked.values, found.unmarked.values, strict=True)
    return median(marked / unmarked for marked, unmarked in pairs)


def _how(stage: Stage, generation: Generation) -> str:
    return (
        f"{generation.manifest.count:,} cases of {WORDS:,} words. {stage.options.fewer(QUERIES)} queries in each run, "
        "of 1, 2 and 5 words, a third of them with a filter, none twice, all words looked up before. Each is asked "
        f"with {HITS} passages and without, in turn first."
    )


def _table(found: Findings) -> Table:
    names = ("complete search, with passages", "complete search, without", "engine, with passages", "engine, without")
    rows = [(name, number(times.median), number(times.p95)) for name, times in zip(names, found.all, strict=True)]
    return Table(("", "median", "p95"), rows, "In milliseconds")


def _plot(found: Findings, path: Path) -> Plot:
    title = f"Milliseconds for a complete search in cases of {WORDS:,} words: median and 95th percentile"
    with charts.picture(path, (1, 1), (8, 2.2)) as (axes,):
        values = {
            "ours, without passages": (found.unmarked.median, found.unmarked.p95),
            "ours, with ten passages": (found.marked.median, found.marked.p95),
        }
        charts.spans(axes, "", values, "ms", logarithmic=False)
    return Plot(path, title)
