"""Whole results for spreadsheets and programs, and cases as plain data: the same on the web and at the terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any

from kb.index.generation import Generation
from kb.model.case import Case, Reason
from kb.model.kinds import Kind
from kb.model.vocabulary import Term, Vocabularies, Vocabulary
from kb.search.request import Notice, SearchRequest
from kb.search.result import SearchResult
from kb.stores.store import StoredCase

LICENCE = "https://creativecommons.org/licenses/by/4.0/"

BETWEEN = " | "
"""Stands between several values of one cell: names of organisations hold commas and semicolons."""

PIECE = 20
"""Cases written at a time: enough to be fast, few enough that nobody waits for the first or for memory."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel takes the letters of Århus for others. Programs that read UTF-8 tables know it."""


class ExportForm(StrEnum):
    """How a result is written."""

    NDJSON = "ndjson"
    """One whole case on each line, as JSON."""
    CSV = "csv"
    """A table with one row for each case."""


@dataclass(frozen=True)
class Export:
    """A whole result on its way out."""

    total: int
    """Cases in it."""
    notices: tuple[Notice, ...]
    """How the search was understood."""
    pieces: Iterator[bytes]
    """UTF-8, made as it is read; it can be read once."""


def export(generation: Generation, request: SearchRequest, form: ExportForm, base_url: str) -> Export:
    """All cases that a request finds, on whatever page, in its order; addresses in it begin with `base_url`."""
    pages = generation.search_all(request)
    first = next(pages)
    batches = _batches(chain((first,), pages))
    write = _csv if form is ExportForm.CSV else _ndjson
    return Export(first.total, first.notices, write(batches, generation, base_url))


def _batches(pages: Iterable[SearchResult]) -> Iterator[tuple[str, ...]]:
    for page in pages:
        slugs = tuple(hit.slug for hit in page.hits)
        yield from (slugs[start : start + PIECE] for start in range(0, len(slugs), PIECE))


# One whole case on each line


def _ndjson(batches: Iterable[tuple[str, ...]], generation: Generation, base_url: str) -> Iterator[bytes]:
    for batch in batches:
        found = filter(None, map(generation.cases.stored, batch))
        cases = (whole_case(stored, generation.vocabularies, base_url) for stored in found)
        yield "".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in cases).encode()


def case_summary(case: Case, vocabularies: Vocabularies, base_url: str) -> dict[str, Any]:
    """What lists tell of a case, as plain data."""
    return {
        "slug": case.slug,
        "title": case.title,
        "summary": case.summary,
        "url": f"{base_url}{Kind.CASE.page(case.slug)}",
        "cities": [_term(city, vocabularies.cities) for city in case.cities],
        "countries": [_term(country, vocabularies.countries) for country in vocabularies.countries_of(case.cities)],
        "started": case.started,
        "ended": case.ended,
        "status": _term(case.status, vocabularies.statuses),
        "arrangements": [_term(reason.id, vocabularies.arrangements) for reason in case.arrangements],
        "challenges": [_term(reason.id, vocabularies.challenges) for reason in case.challenges],
        "evidence": _term(case.evidence.level, vocabularies.evidence),
        "reviewed": case.review.state == "reviewed",
    }


def whole_case(stored: StoredCase, vocabularies: Vocabularies, base_url: str) -> dict[str, Any]:
    """A whole case as plain data."""
    case = stored.case
    data = case_summary(case, vocabularies, base_url)
    del data["reviewed"]  # `review` tells more
    return data | {
        "arrangements": _reasons(case.arrangements, vocabularies.arrangements),
        "experienced_as": _reasons(case.experienced_as, vocabularies.arrangements),
        "challenges": _reasons(case.challenges, vocabularies.challenges),
        "questions": list(case.questions),
        "audiences": [_term(audience, vocabularies.audiences) for audience in case.audiences],
        "lead": list(case.lead),
        "partners": list(case.partners),
        "evidence": _term(case.evidence.level, vocabularies.evidence) | {"note": case.evidence.note},
        "review": {
            "state": case.review.state,
            "date": case.review.date.isoformat() if case.review.date else None,
            "by": case.review.by,
        },
        "language": case.language,
        "contributors": list(case.contributors),
        "sections": [{"id": s.id, "heading": s.heading, "html": s.html, "text": s.text} for s in case.sections],
        "sources": [{"id": s.id, "title": s.title, "by": s.by, "year": s.year, "url": s.url} for s in case.sources],
        "modified": stored.modified,
        "markdown_url": f"{base_url}{Kind.CASE.page(case.slug)}.md",
        "licence": LICENCE,
    }


def _term(term_id: str, vocabulary: Vocabulary[Term]) -> dict[str, Any]:
    return {"id": term_id, "label": vocabulary.label(term_id)}


def _reasons(reasons: Iterable[Reason], vocabulary: Vocabulary[Term]) -> list[dict[str, Any]]:
    return [_term(reason.id, vocabulary) | {"why": reason.why} for reason in reasons]


# A table


@dataclass(frozen=True)
class _Row:
    """What the cells of one case are made from."""

    case: Case
    modified: str
    vocabularies: Vocabularies
    base_url: str


@dataclass(frozen=True)
class Column:
    """One column of the table."""

    name: str
    meaning: str
    cell: Callable[[_Row], object]


def _labels(ids: Iterable[str], vocabulary: Vocabulary[Term]) -> str:
    return BETWEEN.join(map(vocabulary.label, ids))


def _ids(reasons: Iterable[Reason]) -> list[str]:
    return [reason.id for reason in reasons]


EXPORT_COLUMNS = (
    Column("slug", "The name of the case in its address.", lambda row: row.case.slug),
    Column("title", "What the case is called.", lambda row: row.case.title),
    Column("summary", "One or two sentences.", lambda row: row.case.summary),
    Column("url", "The page of the case.", lambda row: f"{row.base_url}{Kind.CASE.page(row.case.slug)}"),
    Column("cities", "Where it is at home.", lambda row: _labels(row.case.cities, row.vocabularies.cities)),
    Column("city_ids", "The same as in searches.", lambda row: BETWEEN.join(row.case.cities)),
    Column(
        "countries",
        "The countries of those cities.",
        lambda row: _labels(row.vocabularies.countries_of(row.case.cities), row.vocabularies.countries),
    ),
    Column("started", "Year; where Context says so, the first that is documented.", lambda row: row.case.started),
    Column("ended", "Year, or empty.", lambda row: row.case.ended),
    Column("status", "Ongoing, ended or not known.", lambda row: row.vocabularies.statuses.label(row.case.status)),
    Column(
        "arrangements",
        "Kinds of collaboration.",
        lambda row: _labels(_ids(row.case.arrangements), row.vocabularies.arrangements),
    ),
    Column("arrangement_ids", "The same as in searches.", lambda row: BETWEEN.join(_ids(row.case.arrangements))),
    Column(
        "experienced_as",
        "Arrangements that partners lived, where they differ from the announced ones.",
        lambda row: _labels(_ids(row.case.experienced_as), row.vocabularies.arrangements),
    ),
    Column(
        "challenges", "What made it hard.", lambda row: _labels(_ids(row.case.challenges), row.vocabularies.challenges)
    ),
    Column("challenge_ids", "The same as in searches.", lambda row: BETWEEN.join(_ids(row.case.challenges))),
    Column("audiences", "Whom it is for.", lambda row: _labels(row.case.audiences, row.vocabularies.audiences)),
    Column("lead", "Organisations that lead.", lambda row: BETWEEN.join(row.case.lead)),
    Column("partners", "Organisations and roles at the table.", lambda row: BETWEEN.join(row.case.partners)),
    Column(
        "evidence",
        "How much is known about results, and from whom.",
        lambda row: row.vocabularies.evidence.label(row.case.evidence.level),
    ),
    Column("evidence_note", "The same in a sentence.", lambda row: row.case.evidence.note),
    Column(
        "reviewed",
        "The day on which the city reviewed the case; empty if it has not.",
        lambda row: row.case.review.date,
    ),
    Column("language", "Of the text.", lambda row: row.case.language),
    Column("contributors", "Who drafted the case.", lambda row: BETWEEN.join(row.case.contributors)),
    Column("modified", "When its file was last changed, ISO 8601 in UTC.", lambda row: row.modified),
    Column("licence", "Of the text.", lambda _: LICENCE),
)

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def _csv(batches: Iterable[tuple[str, ...]], generation: Generation, base_url: str) -> Iterator[bytes]:
    yield f"{BYTE_ORDER_MARK}{csv_lines([[column.name for column in EXPORT_COLUMNS]])}".encode()
    changes = generation.cases.changes
    for batch in batches:
        cases = filter(None, map(generation.cases.brief, batch))
        rows = (_Row(case, changes[case.slug], generation.vocabularies, base_url) for case in cases)
        yield csv_lines([column.cell(row) for column in EXPORT_COLUMNS] for row in rows).encode()


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """Rows of a table for spreadsheets, with no cell that they would take for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_cell, row) for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula, whatever somebody wrote into a title.

    >>> _cell("=1+1"), _cell(2007), _cell(None)
    ("'=1+1", '2007', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
