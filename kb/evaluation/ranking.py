"""Judged queries run through the search, and for comparison through SQLite's FTS5.

A judged set is a folder. The formats are plain enough that public test collections need no conversion:

- `queries.jsonl` (`{"id", "text"}`, also `_id`, `query`; optional `kind` and `filters`) or `queries.tsv` (id, text);
- `judgements.tsv` or `qrels.tsv`: query, document, grade, with or without a header; TREC's four columns work too;
- optional `documents.jsonl` or `corpus.jsonl` (`{"id", "title", "text"}`, also `_id`, `body`). Without documents the
  queries are run over the collection.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.engines import DEFAULT_ENGINE, LOCAL_ENGINES
from kb.errors import KbError
from kb.evaluation.figures import DEPTH, Figures, figures, mean
from kb.index.generation import Generation
from kb.model.case import Case
from kb.search.document import SearchDocument, document_texts
from kb.search.fields import FACETS, TEXT_FIELDS
from kb.search.highlighting.passages import Passages
from kb.search.result import SearchResult
from kb.search.searching import make_request, search
from kb.search.understanding.language import Language
from kb.search.words.analysis import words

Ranker = Callable[["JudgedQuery"], Sequence[str]]
"""Gives for a query the ids of documents, best first."""


@dataclass(frozen=True)
class JudgedQuery:
    """A query and what a good answer would be."""

    id: str
    kind: str
    text: str
    filters: Mapping[str, tuple[str, ...]]
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Document:
    """A text of a judged set that brings its own documents."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class JudgedSet:
    """Queries with judgements, and documents if they are not those of the collection."""

    queries: tuple[JudgedQuery, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Ranking:
    """What a search achieved on a judged set."""

    by_query: Mapping[str, Figures]
    by_kind: Mapping[str, Figures]
    """The means per kind of query, and under ``all`` those of everything."""


def load_judged_set(folder: Path) -> JudgedSet:
    """Read a judged set. Raises KbError that names the file and line that cannot be used."""
    grades = _read_grades(_first(folder, "judgements.tsv", "qrels.tsv", "qrels/test.tsv"))
    queries_file = _first(folder, "queries.jsonl", "queries.tsv")
    queries = tuple(
        JudgedQuery(
            id=str(given.get("id", given.get("_id"))),
            kind=str(given.get("kind", "queries")),
            text=str(given.get("text", given.get("query", ""))),
            filters={name: tuple(values) for name, values in given.get("filters", {}).items()},
            grades=grades.get(str(given.get("id", given.get("_id"))), {}),
        )
        for given in _read_rows(queries_file, ("id", "text"))
    )
    judged = tuple(query for query in queries if query.grades)
    if not judged:
        raise KbError(f"No query in `{queries_file}` has a judgement.")
    names = [folder / name for name in ("documents.jsonl", "corpus.jsonl", "documents.tsv")]
    documents_file = next((path for path in names if path.is_file()), None)
    rows = _read_rows(documents_file, ("id", "title", "text")) if documents_file else []
    return JudgedSet(judged, tuple(map(_document, rows)))


def evaluate(judged: Sequence[JudgedQuery], ranker: Ranker) -> Ranking:
    """Run all queries and compute the figures."""
    by_query = {query.id: figures(ranker(query), query.grades) for query in judged}
    kinds: dict[str, list[Figures]] = {}
    for query in judged:
        kinds.setdefault(query.kind, []).append(by_query[query.id])
    by_kind = {kind: mean(several) for kind, several in kinds.items()}
    return Ranking(by_query, {**by_kind, "all": mean(list(by_query.values()))})


def collection_ranker(generation: Generation) -> Ranker:
    """The search over the collection, as visitors use it."""

    def rank(query: JudgedQuery) -> Sequence[str]:
        return _slugs(generation.search(make_request(query.text, query.filters, size=DEPTH)))

    return rank


@contextmanager
def documents_ranker(documents: Iterable[Document]) -> Iterator[Ranker]:
    """The same search over other documents, in an index that is thrown away."""
    files = LOCAL_ENGINES[DEFAULT_ENGINE]
    with tempfile.TemporaryDirectory(prefix="kb-rank-") as parent:
        folder = Path(parent) / "index"
        files.write(folder, None, (), map(_search_document, documents))
        with closing(files.open(folder)) as engine:
            language = Language()

            def rank(query: JudgedQuery) -> Sequence[str]:
                return _slugs(search(engine, _NoCases(), make_request(query.text, size=DEPTH), language))

            yield rank


@contextmanager
def fts5_ranker(documents: Iterable[Document], allowed: Callable[[JudgedQuery], set[str] | None]) -> Iterator[Ranker]:
    """SQLite FTS5 with porter stemming and `bm25()`: any of the words, as its users set it up.

    `allowed` returns the documents that pass a query's filters, or None for all.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        tokenizer = "porter unicode61 remove_diacritics 2"
        database.execute(f"CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, title, text, tokenize = '{tokenizer}')")
        rows = [(document.id, document.title, document.text) for document in documents]
        database.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)

        def rank(query: JudgedQuery) -> Sequence[str]:
            match = " OR ".join(f'"{word}"' for word in words(query.text))
            if not match:
                return []
            sql = "SELECT id FROM texts WHERE texts MATCH ? ORDER BY bm25(texts), rowid"
            found = [identifier for (identifier,) in database.execute(sql, (match,))]
            wanted = allowed(query)
            return [identifier for identifier in found if wanted is None or identifier in wanted][:DEPTH]

        yield rank


def collection_documents(generation: Generation) -> list[Document]:
    """The collection as plain documents: all the text of our own fields, for a fair comparison."""
    found = []
    for case in _cases(generation):
        texts = document_texts(case, generation.vocabularies)
        rest = (text for field in TEXT_FIELDS if field.name != "title" for text in texts[field.name])
        found.append(Document(case.slug, case.title, "\n".join(rest)))
    return found


def allowed_by_filters(generation: Generation) -> Callable[[JudgedQuery], set[str] | None]:
    """Which cases a query's filters leave."""

    def allowed(query: JudgedQuery) -> set[str] | None:
        if not query.filters:
            return None
        values = {facet.name: facet.values for facet in FACETS}
        return {
            case.slug
            for case in _cases(generation)
            if all(
                set(values[name](case, generation.vocabularies)) & set(wanted) for name, wanted in query.filters.items()
            )
        }

    return allowed


def _slugs(result: SearchResult) -> list[str]:
    """What a visitor sees on the first page: the first list, and then the second."""
    return [hit.slug for hit in (*result.hits, *result.partial_hits)]


class _NoCases:
    """Documents that are not cases have no sections to quote from."""

    def passages(self, slugs: Iterable[str]) -> dict[str, Passages]:
        return {}


def _cases(generation: Generation) -> Iterable[Case]:
    for slug in generation.cases.slugs():
        case = generation.cases.case(slug)
        if case:
            yield case


def _search_document(document: Document) -> SearchDocument:
    texts: dict[str, tuple[str, ...]] = {field.name: () for field in TEXT_FIELDS}
    texts |= {"title": (document.title,), "body": tuple(document.text.split("\n"))}
    facets: dict[str, tuple[str, ...]] = {facet.name: () for facet in FACETS}
    return SearchDocument(document.id, texts, facets, 2000, None, document.title, "", "")


def _document(row: Mapping[str, Any]) -> Document:
    identifier = str(row.get("id", row.get("_id")))
    return Document(identifier, str(row.get("title", "")), str(row.get("text", row.get("body", ""))))


def _first(folder: Path, *names: str) -> Path:
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise KbError(f"`{folder}` contains none of: {', '.join(names)}. A judged set needs one of them.")
    return found


def _read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a JSONL or TSV file as mappings."""
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        if path.suffix == ".tsv":
            values = line.split("\t")
            if number > 1 or values[0] not in {"id", "query-id", "query"}:
                rows.append(dict(zip(columns, values, strict=False)))
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise KbError(f"{path}:{number}: this is not JSON ({error}).") from error
        rows.append(row)
    return rows


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        values = line.split("\t") if "\t" in line else line.split()
        if not values or (number == 1 and not values[-1].lstrip("-").isdigit()):
            continue
        # TREC puts an unused column between query and document.
        if len(values) == 4:
            values = [values[0], values[2], values[3]]
        if len(values) != 3 or not values[2].lstrip("-").isdigit():
            raise KbError(f"{path}:{number}: expected query, document and a whole-number grade.")
        grades.setdefault(values[0], {})[values[1]] = int(values[2])
    return grades
