"""A case as an engine sees it: texts by field, values by facet, and what it is sorted by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.model.case import Case, Status
from kb.model.vocabulary import Vocabularies
from kb.search.fields import TEXT_FIELDS, facet_values
from kb.search.words.analysis import fold


@dataclass(frozen=True)
class SearchDocument:
    """What is indexed of a case."""

    slug: str
    texts: Mapping[str, tuple[str, ...]]
    """For each field its texts."""
    facets: Mapping[str, tuple[str, ...]]
    """For each facet its values."""
    started: int
    ended: int | None
    """The last year in which it is known to have run; None if it is ongoing and no source says as of when."""
    title_key: str
    city_key: str
    modified: str
    """When its file was last changed, as ISO 8601 in UTC: sorted as text, moments are in order."""


def make_document(case: Case, vocabularies: Vocabularies, modified: str) -> SearchDocument:
    """The search document of a case whose file was last changed at `modified`."""
    return SearchDocument(
        slug=case.slug,
        texts=document_texts(case, vocabularies),
        facets=facet_values(case, vocabularies),
        started=case.started,
        ended=last_known_year(case),
        title_key=fold(case.title),
        city_key=fold(vocabularies.cities.label(case.cities[0])),
        modified=modified,
    )


def document_texts(case: Case, vocabularies: Vocabularies) -> dict[str, tuple[str, ...]]:
    """The texts of a case by field: the words that it is found by."""
    return {field.name: tuple(field.texts(case, vocabularies)) for field in TEXT_FIELDS}


def last_known_year(case: Case) -> int | None:
    """The last year in which a practice is known to have run; None if it is ongoing and no source says as of when.

    Where no source says how it ended, it ran at least until the newest of them.
    """
    reported = case.last_reported.year if case.last_reported else None
    if case.ended or case.status is Status.ONGOING:
        return case.ended or reported
    return max([case.started, reported or 0, *(source.year for source in case.sources if source.year)])
