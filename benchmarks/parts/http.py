"""Whole servers, asked over HTTP: ours, Datasette over the same texts, and a FastAPI application that does nothing.

Measured: requests a second, each server as one process with one worker on this machine, asked by another process over
eight connections that stay open. Ours: `GET /api/v1/search` and the page `GET /cases`, with queries that come once, and
for the API with fifty queries that come again and again. Datasette: its table page as JSON over an SQLite file with
full-text search enabled, set up as its documentation shows. The bare application gives ready bytes, as many as our
answers have: what remains is FastAPI and uvicorn.

Why that is fair: all servers run at the same time and are asked in turns of a few seconds, several times round, so that
noise hits all alike; the medians of the rounds are compared. All run on the same uvicorn. Datasette is asked for all
words of the same queries as our API, in the same order. What differs, in Datasette's favour: it counts three facets,
ours counts seven and ranks, corrects, and cuts passages; Datasette lists in the order of rows, is not asked to suggest
facets, and is asked for the columns that our hits show only. What differs the other way: its answers are general, made
of whatever is in a database. Its time limits for facets and queries are lifted, since facets that take longer are left
out of the answer without an error.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import fmean, median
from urllib.parse import quote_plus

from benchmarks import charts
from benchmarks.bare_app import BYTES_VARIABLE
from benchmarks.corpus import SEED
from benchmarks.load import CONNECTIONS, Outcome, load
from benchmarks.queries import BenchQuery, Text, endless
from benchmarks.report import Check, Plot, Section, Table, number
from benchmarks.servers import HOST, Server, ServerFailed, free_port, kb_serve, serving
from benchmarks.stage import Stage

SECONDS = 4.0
"""Of one turn."""
MOST_PER_SECOND = 2_000
"""New queries that are at hand: more than any of these servers answers."""
REPEATED = 50
SAMPLE = 50

DATASETTE_TIMES, BARE_PART, HTML_PART = 15.0, 0.5, 0.5
LONG_MS = 60_000
DATASETTE_FACETS = 3

JSON_ONCE = "ours, JSON, new queries"
JSON_AGAIN = "ours, JSON, repeated queries"
HTML_ONCE = "ours, HTML, new queries"
HTML_AGAIN = "ours, HTML, repeated queries"
DATASETTE = "Datasette, JSON, new queries"
BARE = "bare FastAPI, ready bytes"

COLUMNS = ("slug", "title", "summary", "city", "arrangement", "challenge")
"""What Datasette shows of a row: what our hits show."""


@dataclass(frozen=True)
class Slot:
    """What is asked of which server."""

    name: str
    server: Server
    paths: Iterator[str] | Sequence[str]
    """Each turn takes its own from an iterator; a sequence is asked for again and again."""

    @property
    def repeats(self) -> bool:
        """Whether the same is asked for again."""
        return isinstance(self.paths, Sequence)

    def turn(self, seconds: float) -> Outcome:
        """Ask for so long."""
        return load(
            self.server, list(islice(self.paths, round(seconds * MOST_PER_SECOND))), seconds, repeat=self.repeats
        )


@dataclass
class Findings:
    """The outcomes by slot."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def rate(self, name: str) -> float:
        """Requests a second in the median round."""
        return median(outcome.rate for outcome in self.outcomes[name])

    def median_of(self, name: str, part: str) -> float:
        """Another figure of the median round."""
        return float(median(getattr(outcome, part) for outcome in self.outcomes[name]))


def run(stage: Stage, plots: Path) -> Section:
    """Measure, and report."""
    collection = stage.collection
    database = stage.folder / "datasette.sqlite"
    write_database(database, collection.texts)
    found = Findings()
    with ExitStack() as servers:
        command, port = kb_serve(collection.content, collection.index)
        ours = servers.enter_context(serving("kb serve", command, port, "/readyz"))
        body = round(_mean_body(ours, collection.texts))
        datasette = servers.enter_context(_datasette(database))
        _require_work(datasette)
        bare = servers.enter_context(_bare(body))
        slots = _slots(ours, datasette, bare, collection.texts)
        for slot in slots:
            _warm_up(slot)
        turns = [slot for _ in range(stage.options.runs) for slot in slots]
        for slot in stage.track(turns, "Asking servers over HTTP"):
            found.outcomes.setdefault(slot.name, []).append(slot.turn(_seconds(stage)))
    return Section(
        name="http",
        title="Servers over HTTP",
        how=_how(stage, body),
        checks=_checks(found),
        tables=[_table(found)],
        plots=[_plot(found, plots / "http.svg")],
        notes=_notes(),
    )


def write_database(path: Path, texts: Sequence[Text]) -> None:
    """The texts as its users give them to Datasette: a table with full-text search, lists as JSON."""
    columns = ("slug", "title", "summary", "body", "city", "arrangement", "challenge")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            f"CREATE TABLE cases (id INTEGER PRIMARY KEY, {', '.join(f'{name} TEXT' for name in columns)})"
        )
        places = ", ".join("?" * len(columns))
        database.executemany(
            f"INSERT INTO cases ({', '.join(columns)}) VALUES ({places})",  # names are our own
            map(_row, texts),
        )
        database.execute("CREATE INDEX cases_city ON cases (city)")
        database.execute(
            # Datasette finds it by `content="…"`, written exactly so.
            'CREATE VIRTUAL TABLE cases_fts USING fts5(title, body, content="cases", content_rowid="id", '
            "tokenize='porter')"
        )
        database.execute("INSERT INTO cases_fts (cases_fts) VALUES ('rebuild')")
        database.execute("INSERT INTO cases_fts (cases_fts) VALUES ('optimize')")
        database.execute("ANALYZE")


def _row(text: Text) -> tuple[str, ...]:
    facets = text.facets
    lists = (json.dumps(facets["arrangement"]), json.dumps(facets["challenge"]))
    return text.slug, text.title, text.body[:240], text.body, facets["city"][0], *lists


def _datasette(database: Path) -> AbstractContextManager[Server]:
    port = free_port()
    settings = {"sql_time_limit_ms": LONG_MS, "facet_time_limit_ms": LONG_MS, "suggest_facets": "off"}
    flags = [part for name, value in settings.items() for part in ("--setting", name, str(value))]
    command = ["-m", "datasette", "serve", "--immutable", str(database), "--host", HOST, "--port", str(port), *flags]
    return serving("Datasette", command, port, "/-/versions.json")


def _bare(body: int) -> AbstractContextManager[Server]:
    port = free_port()
    command = ["-m", "uvicorn", "--factory", "benchmarks.bare_app:application", "--log-level", "warning"]
    command += ["--host", HOST, "--port", str(port), "--workers", "1"]
    return serving("bare FastAPI", command, port, "/", **{BYTES_VARIABLE: str(body)})


def _require_work(datasette: Server) -> None:
    """See that Datasette searches and counts: of what it cannot do it says nothing."""
    answer = datasette.get_json(datasette_path(BenchQuery(("city",), any_word=False)))
    if "cases_fts" not in answer["query"]["sql"] or len(answer["facet_results"]) != DATASETTE_FACETS:
        raise ServerFailed(f"Datasette does not search with facets: {answer['query']['sql']}")


def _slots(ours: Server, datasette: Server, bare: Server, texts: Sequence[Text]) -> list[Slot]:
    # New to the server is what it was not asked for in any other slot either: the pages get queries of their own.
    return [
        Slot(JSON_ONCE, ours, map(api_path, endless(texts, SEED))),
        Slot(DATASETTE, datasette, map(datasette_path, endless(texts, SEED))),
        Slot(HTML_ONCE, ours, map(page_path, endless(texts, SEED + 1))),
        Slot(JSON_AGAIN, ours, list(map(api_path, islice(endless(texts, SEED + 2), REPEATED)))),
        Slot(HTML_AGAIN, ours, list(map(page_path, islice(endless(texts, SEED + 3), REPEATED)))),
        Slot(BARE, bare, ["/"]),
    ]


def _warm_up(slot: Slot) -> None:
    """Have a server answer before it is measured; what will be repeated has been asked for once then."""
    if slot.repeats:
        for path in slot.paths:
            slot.server.get(path)
    slot.turn(1.0)


def _seconds(stage: Stage) -> float:
    return 1.0 if stage.options.quick else SECONDS


def api_path(query: BenchQuery) -> str:
    """Our search for programs."""
    return f"/api/v1/search?q={quote_plus(query.text)}"


def page_path(query: BenchQuery) -> str:
    """Our search for people."""
    return f"/cases?q={quote_plus(query.text)}"


def datasette_path(query: BenchQuery) -> str:
    """The same search of Datasette, with three facets."""
    columns = "&".join(f"_col={name}" for name in COLUMNS)
    facets = "_facet_array=arrangement&_facet_array=challenge&_facet=city"
    return f"/datasette/cases.json?_search={quote_plus(query.text)}&{facets}&_size=20&{columns}"


def _mean_body(ours: Server, texts: Sequence[Text]) -> float:
    """How long our answers are; asked with queries of their own."""
    paths = map(api_path, islice(endless(texts, SEED + 4), SAMPLE))
    return fmean(len(ours.get(path)) for path in paths)


def _checks(found: Findings) -> list[Check]:
    rate = found.rate
    return [
        Check("New queries, JSON: ours / Datasette", rate(JSON_ONCE) / rate(DATASETTE), DATASETTE_TIMES, at_least=True),
        Check("Repeated queries, JSON / bare FastAPI", rate(JSON_AGAIN) / rate(BARE), BARE_PART, at_least=True),
        Check("New queries: HTML / JSON", rate(HTML_ONCE) / rate(JSON_ONCE), HTML_PART, at_least=True),
    ]


def _table(found: Findings) -> Table:
    headings = ("", "requests/s", "× Datasette", "median, ms", "p95, ms", "KB each", "asking process busy")
    rows = []
    for name, outcomes in found.outcomes.items():
        size = sum(each.body_bytes for each in outcomes) / sum(each.requests for each in outcomes) / 1000
        times = [found.median_of(name, part) for part in ("median_ms", "p95_ms")]
        rate = found.rate(name)
        figures = (rate, rate / found.rate(DATASETTE), *times, size)
        rows.append((name, *map(number, figures), f"{found.median_of(name, 'busy'):.0%}"))
    return Table(headings, rows, f"One worker, {CONNECTIONS} connections")


def _plot(found: Findings, path: Path) -> Plot:
    with charts.picture(path, (1, 1), (9, 3.2)) as (axes,):
        charts.bars(axes, "", {name: found.rate(name) for name in found.outcomes}, "requests/s")
    return Plot(path, "Requests a second with one worker, more is better")


def _how(stage: Stage, body: int) -> str:
    return (
        f"Real servers, one process with one worker each, {stage.options.size:,} cases, asked in turns of "
        f"{_seconds(stage):.0f} seconds, {stage.options.runs} times round, by another process over {CONNECTIONS} "
        "connections. Queries of 1, 2 and 5 words, all of which must match; “new” ones come once, “repeated” ones "
        f"are {REPEATED} that come again. Nobody asks for compressed answers. The bare application gives {body:,} "
        "bytes, the mean of our answers."
    )


def _notes() -> list[str]:
    return [
        "Datasette counts three facets (arrangement, challenge, city) and lists 20 rows in the order of the table; "
        "ours counts seven, ranks, corrects spelling, knows other names, asks for less where little is found, and "
        "cuts passages.",
        f"Datasette's `facet_time_limit_ms` and `sql_time_limit_ms` are {LONG_MS:,}: with its usual limits it leaves "
        "out facets that take longer. `suggest_facets` is off and the database is opened immutable: less work for it.",
        "Datasette answers from any database; a server that knows its data can do less for each request.",
    ]
