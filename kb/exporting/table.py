"""A table of cases for spreadsheets: its columns, and cells that no spreadsheet reads as formulas."""

from __future__ import annotations

import csv
import io
import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kb.exporting.data import LICENCE
from kb.model.case import CaseSummary, Challenge, Partner
from kb.model.kinds import Kind
from kb.model.vocabulary import Vocabularies
from kb.search.fields import FACETS, FacetField

BETWEEN = " | "
"""Separates several values of one cell: names of organisations contain commas and semicolons."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel misreads the letters of Århus. Programs that read UTF-8 tables ignore it."""


@dataclass(frozen=True)
class ExportRow:
    """What the cells of one case are made from."""

    case: CaseSummary
    modified: str
    vocabularies: Vocabularies
    base_url: str


@dataclass(frozen=True)
class Column:
    """One column of the table."""

    name: str
    meaning: str
    cell: Callable[[ExportRow], object]


def _facet_columns(facet: FacetField) -> Iterator[Column]:
    """What people read for a facet, and for leading facets also what searches accept."""

    def values(row: ExportRow) -> Iterable[str]:
        return facet.values(row.case, row.vocabularies)

    def labels(row: ExportRow) -> str:
        return BETWEEN.join(map(facet.vocabulary(row.vocabularies).label, values(row)))

    yield Column(facet.column, facet.description, labels)
    if facet.leads:
        yield Column(f"{facet.name}_ids", "The same as in searches.", lambda row: BETWEEN.join(values(row)))


def _sentences(row: ExportRow, sentence: Callable[[Challenge], str | None]) -> str:
    """What a case says of its challenges, each after its label."""
    label = row.vocabularies.challenges.label
    sentences = ((challenge.id, sentence(challenge)) for challenge in row.case.challenges)
    return BETWEEN.join(f"{label(challenge)}: {text}" for challenge, text in sentences if text)


def _names(partners: Iterable[Partner]) -> str:
    return BETWEEN.join(partner.name for partner in partners)


EXPORT_COLUMNS = (
    Column("slug", "The name of the case in its address.", lambda row: row.case.slug),
    Column("title", "What the case is called.", lambda row: row.case.title),
    Column("summary", "One or two sentences.", lambda row: row.case.summary),
    Column("url", "The page of the case.", lambda row: f"{row.base_url}{Kind.CASE.page(row.case.slug)}"),
    *itertools.chain.from_iterable(map(_facet_columns, FACETS)),
    Column("started", "Year; where Context says so, the first that is documented.", lambda row: row.case.started),
    Column("ended", "Year, or empty.", lambda row: row.case.ended),
    Column(
        "last_reported",
        "The last year in which a source shows an ongoing practice running, or empty.",
        lambda row: row.case.last_reported.year if row.case.last_reported else None,
    ),
    Column(
        "how_it_showed", "How each challenge showed.", lambda row: _sentences(row, lambda challenge: challenge.showed)
    ),
    Column(
        "how_it_was_handled",
        "What was done about a challenge, where a source says so.",
        lambda row: _sentences(row, lambda challenge: challenge.handled),
    ),
    Column("lead", "Organisations that lead.", lambda row: _names(row.case.lead)),
    Column("partners", "Organisations and roles at the table.", lambda row: _names(row.case.partners)),
    Column("resources", "What it takes, as a source says.", lambda row: row.case.resources),
    Column("evidence_note", "What is known about results, in a sentence.", lambda row: row.case.evidence.note),
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

_FORMULA_SIGNS = frozenset("=+-@\N{MINUS SIGN}")
"""Characters that formulas begin with; others are normalised to these (`＝`, `⁻`)."""

_LINE_SIGNS = ("\t", "\n", "\v", "\f", "\r")
"""Characters that spreadsheets skip, or take for the end of a cell."""

_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their category, but invisible."""


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """Rows of a table for spreadsheets, with no cell that they would take for a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_cell, row) for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    """A value as text that no spreadsheet reads as a formula, even if someone wrote one into a title.

    >>> _cell("=1+1"), _cell(" ＝1+1"), _cell(2007), _cell(None)
    ("'=1+1", "' ＝1+1", '2007', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if _may_be_formula(text) else text


def _may_be_formula(text: str) -> bool:
    """Whether a text begins with a formula character, of any width, after any invisible characters."""
    if text[:1].isalnum() and text[0] not in _BLANK_LETTERS:
        return False
    seen = next(itertools.filterfalse(_is_unseen, text), "")
    return text.startswith(_LINE_SIGNS) or unicodedata.normalize("NFKC", seen)[:1] in _FORMULA_SIGNS


def _is_unseen(sign: str) -> bool:
    """Whether a sign is a space, a control or format character, a mark without a letter, or a blank letter."""
    return unicodedata.category(sign)[0] in "CZM" or sign in _BLANK_LETTERS
