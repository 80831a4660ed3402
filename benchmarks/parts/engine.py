"""The engine alone, in one process, beside three others on the same queries.

Measured: the time from a query that is ready (each engine's own query object) to the number of matches, the ten best
and the counts of all facets, where a facet's own filter is left out of its counts.

Why that is fair: every engine has the same texts, everything that our own index contains, with words cut alike and
stemmed; every query goes through all engines one after another, each time beginning with another one; what a program
can do beforehand is not timed for anybody; and each is set up as a good user of it would (the modules in
`benchmarks.peers` explain how, and what was tried and was slower). Totals are compared: stemmers differ a little, and
where they do, so does the work. Three states:

- warm: every engine has seen every word of the query, but not the query;
- repeated: the same queries again;
- cold: every engine was opened afresh, and no word of the query was looked up since. The operating system still has the
  files in memory. For this the yardstick is Whoosh's plain top ten, which counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Literal, get_args

from benchmarks import charts
from benchmarks.corpus import SEED
from benchmarks.measuring import Times, interleaved, tidy
from benchmarks.peers.base import Peer
from benchmarks.peers.fts5 import Fts5
from benchmarks.peers.ours import OurEngine, OurSearch
from benchmarks.peers.tantivy_engine import Tantivy
from benchmarks.peers.whoosh_engine import WhooshFacets, WhooshTop, write_texts
from benchmarks.queries import BenchQuery, Queries, introducing
from benchmarks.report import Check, Plot, Section, Table, number
from benchmarks.stage import Stage

State = Literal["warm", "repeated", "cold"]
STATES: tuple[State, ...] = get_args(State)
MODES = {False: "all words", True: "any word"}

QUERIES = 120
"""Of each mode in each run, warm and again repeated."""
BLOCKS = 5
"""Times that everything is opened afresh in a run."""
BLOCK_QUERIES = 12
"""Of each mode in a block; no word comes twice in it."""

OURS, COMPLETE = OurEngine.name, OurSearch.name
FASTER_THAN_FTS5 = {False: 2.0, True: 10.0}
COLD_LIMIT = 1.2


@dataclass
class Findings:
    """Times by state, mode and engine, and how often engines agreed."""

    times: dict[tuple[State, bool, str], Times] = field(default_factory=dict)
    compared: dict[str, list[bool]] = field(default_factory=dict)

    def of(self, state: State, any_word: bool, name: str) -> Times:
        """The times of one engine."""
        return self.times.setdefault((state, any_word, name), Times())


def run(stage: Stage, plots: Path) -> Section:
    """Measure, and report."""
    found = Findings()
    peers = list(_peers(stage))
    with tidy():
        for turn in range(stage.options.runs):
            _measure_run(stage, peers, turn, found)
    for peer in peers:
        peer.close()
    names = [peer.name for peer in peers]
    return Section(
        name="engine",
        title="The engine beside others",
        how=_how(stage),
        checks=list(_checks(found)),
        tables=[_table(found, mode, names) for mode in MODES],
        plots=[_plot(found, names, plots / "engine.svg")],
        notes=list(_notes(found)),
    )


def _peers(stage: Stage) -> Iterator[Peer]:
    collection = stage.collection
    with stage.console.status("Reading the texts for the other engines"):
        texts = collection.texts
    yield OurEngine(collection.index)
    yield OurSearch(collection.index)
    with stage.console.status("Indexing with SQLite and tantivy"):
        yield Fts5(texts)
        yield Tantivy(texts, stage.folder / "tantivy")
    with stage.console.status("Indexing with Whoosh"):
        write_texts(stage.folder / "whoosh", texts, with_facets=True)
    yield WhooshTop(stage.folder / "whoosh")
    yield WhooshFacets(stage.folder / "whoosh")


def _measure_run(stage: Stage, peers: Sequence[Peer], turn: int, found: Findings) -> None:
    queries = Queries(stage.collection.texts, SEED + turn)
    progress = f"run {turn + 1} of {stage.options.runs}"
    number_of = stage.options.fewer(QUERIES)
    warm = [*queries.draw(number_of), *queries.draw(number_of, any_word=True)]
    for peer in stage.track(peers, f"Engine: looking words up, {progress}"):
        peer.warm(introducing(warm))
    for state in STATES[:2]:
        for place, query in enumerate(stage.track(warm, f"Engine: {state}, {progress}")):
            _ask_all(peers, query, place, state, found)
    for _ in stage.track(range(stage.options.fewer(BLOCKS)), f"Engine: cold, {progress}"):
        _measure_cold(peers, queries, found)


def _measure_cold(peers: Sequence[Peer], queries: Queries, found: Findings) -> None:
    all_words, any_word = queries.block(BLOCK_QUERIES + 1)
    block = [query for pair in zip(all_words[1:], any_word[1:], strict=True) for query in pair]
    for peer in peers:
        peer.open()
        # What is made once at the first search is not part of any query.
        peer.prepare(all_words[0])()
    for place, query in enumerate(block):
        _ask_all(peers, query, place, "cold", found)


def _ask_all(peers: Sequence[Peer], query: BenchQuery, place: int, state: State, found: Findings) -> None:
    asked = [peer for peer in peers if place % peer.every == 0]
    answers = interleaved([peer.prepare(query) for peer in asked], place)
    for peer, (taken, answer) in zip(asked, answers, strict=True):
        found.of(state, query.any_word, peer.name).add(taken)
        if state == "warm":
            _compare(peer, answer, answers[0][1], asked[0], found)


def _compare(peer: Peer, answer: Any, of_ours: Any, ours: Peer, found: Findings) -> None:
    theirs, own = peer.read(answer), ours.read(of_ours)
    if theirs is not None and own is not None and peer is not ours:
        found.compared.setdefault(peer.name, []).append(theirs.total == own.total)


def _ratio(found: Findings, state: State, any_word: bool, name: str, part: str) -> float:
    """How many times what we take the other one takes."""
    theirs, own = found.of(state, any_word, name), found.of(state, any_word, OURS)
    return float(getattr(theirs, part) / getattr(own, part))


def _checks(found: Findings) -> Iterator[Check]:
    for any_word, mode in MODES.items():
        for part in ("median", "p95"):
            ratio = _ratio(found, "warm", any_word, Fts5.name, part)
            limit = FASTER_THAN_FTS5[any_word]
            yield Check(f"Warm, {mode}, {part}: FTS5 / ours", ratio, limit, at_least=True)
        for part in ("median", "p95"):
            ratio = _ratio(found, "warm", any_word, Tantivy.name, part)
            yield Check(f"Warm, {mode}, {part}: tantivy / ours", ratio, 1.0, at_least=True)
        for part in ("median", "p95"):
            ratio = 1 / _ratio(found, "cold", any_word, WhooshTop.name, part)
            yield Check(f"Cold, {mode}, {part}: ours / Whoosh's plain top 10", ratio, COLD_LIMIT)


def _table(found: Findings, any_word: bool, names: Sequence[str]) -> Table:
    headings = ["engine"]
    for state in STATES:
        headings += [f"{state}: median", "p95", "× ours"]
    rows = []
    for name in names:
        row = [name]
        for state in STATES:
            times = found.of(state, any_word, name)
            row += [number(times.median), number(times.p95), number(_ratio(found, state, any_word, name, "median"))]
        rows.append(row)
    return Table(headings, rows, f"Queries for {MODES[any_word]}, in milliseconds")


def _plot(found: Findings, names: Sequence[str], path: Path) -> Plot:
    title = "Milliseconds for a search with counts of all facets: median and 95th percentile"
    shown: tuple[State, State] = ("warm", "cold")
    with charts.picture(path, (2, 2), (11, 6)) as panels:
        for axes, (state, any_word) in zip(panels, product(shown, MODES), strict=True):
            times = {name: found.of(state, any_word, name) for name in names}
            values = {name: (each.median, each.p95) for name, each in times.items() if each.values}
            charts.spans(axes, f"{state.capitalize()}, {MODES[any_word]}", values, "ms")
    return Plot(path, title)


def _how(stage: Stage) -> str:
    number_of = stage.options.fewer(QUERIES)
    cold = stage.options.fewer(BLOCKS) * BLOCK_QUERIES
    return (
        f"In one process, {stage.options.size:,} cases. In each run {number_of} queries for all words and {number_of} "
        "for any word, drawn from the texts: 1, 2 and 5 words, frequent and rare, with 0 to 3 filters, no query twice; "
        f"about {cold} more of each for the cold state, in blocks before which every engine is opened afresh and in "
        "which no word comes twice. Every query goes through all engines, each time beginning with another one. The "
        "work: number of matches, ten best, counts of all facets, each without its own filter. "
        f"“{WhooshTop.name}” does less: nothing is counted. “{COMPLETE}” does more: spelling, other names, boosts, a "
        f"looser reading where little is found, passages. “{WhooshFacets.name}” is so slow that it gets each "
        f"{WhooshFacets.every}th query."
    )


def _notes(found: Findings) -> Iterator[str]:
    agreed = [f"{name} {sum(equal) / len(equal):.0%}" for name, equal in found.compared.items()]
    yield (
        f"Queries for which the number of matches is exactly ours: {', '.join(agreed)}. Where it differs, stemmers "
        "take other words together (FTS5 and Whoosh have Porter's first one), or a word is next to an apostrophe."
    )
