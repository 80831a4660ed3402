"""Every page, for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.address import paths
from api.pages.parts.page import Page
from kb import CaseSummary, Generation, Kind, Vocabularies

LISTS = (
    paths.HOME,
    paths.CASES,
    paths.ARRANGEMENTS,
    paths.CHALLENGES,
    paths.CITIES,
    paths.MAP,
    paths.MATRIX,
    paths.COMPARE,
    paths.NEW,
)
"""Pages that change with every case."""

TEXTS = (paths.WHICH, paths.ABOUT, paths.METHOD, paths.CONTRIBUTE, paths.RULES, paths.API_DOCS)
"""Pages that change with the software or with whole vocabularies; no single file determines their date."""

MOST_ENTRIES = 50_000
"""The most entries in one sitemap (sitemaps.org); beyond that, several sitemaps and an index of them."""


@dataclass(frozen=True)
class SitemapEntry:
    """A page, and when what it shows was last changed, where files say so."""

    href: str
    changed: str | None


@dataclass(frozen=True)
class SitemapPage(Page):
    """`/sitemap.xml`, or one of its parts: pages or, if there are too many, the sitemaps that list them."""

    entries: tuple[SitemapEntry, ...]
    lists_sitemaps: bool


def sitemap_page(generation: Generation, most: int = MOST_ENTRIES) -> SitemapPage:
    """Every page with the true date of the files it is made from, or the sitemaps that contain them."""
    entries = _entries(generation)
    if len(entries) <= most:
        return SitemapPage("Sitemap", paths.SITEMAP, entries, lists_sitemaps=False)
    parts = range(1, -(-len(entries) // most) + 1)
    listed = tuple(SitemapEntry(paths.sitemap_part(part), None) for part in parts)
    return SitemapPage("Sitemap", paths.SITEMAP, listed, lists_sitemaps=True)


def sitemap_part(part: int, generation: Generation, most: int = MOST_ENTRIES) -> SitemapPage | None:
    """One part of a sitemap that is too long for one file; None if the part does not exist."""
    entries = _entries(generation)[(part - 1) * most : part * most] if part > 0 else ()
    return SitemapPage("Sitemap", paths.sitemap_part(part), entries, lists_sitemaps=False) if entries else None


def _entries(generation: Generation) -> tuple[SitemapEntry, ...]:
    changes = generation.cases.changes
    newest = _newest_by_page(generation)
    lists = [SitemapEntry(path, max(changes.values(), default=None)) for path in LISTS]
    texts = [SitemapEntry(path, None) for path in TEXTS]
    terms = [SitemapEntry(path, changed or None) for path, changed in newest.items()]
    sheets = [
        SitemapEntry(paths.worksheet(term.id), newest[paths.arrangement(term.id)] or None)
        for term in generation.vocabularies.arrangements
    ]
    cases = [SitemapEntry(paths.case(slug), changed) for slug, changed in changes.items()]
    return (*lists, *texts, *terms, *sheets, *cases)


def _newest_by_page(generation: Generation) -> dict[str, str]:
    """For each page of a term when its text, its guide or one of the cases it lists was last changed."""
    vocabularies = generation.vocabularies
    guided = ((Kind.ARRANGEMENT, vocabularies.arrangements), (Kind.CHALLENGE, vocabularies.challenges))
    newest = {}
    for kind, vocabulary in guided:
        for term in vocabulary:
            files = (f"vocabularies/{vocabulary.name}.yaml", kind.file(term.id))
            newest[kind.page(term.id)] = max(filter(None, map(generation.changed, files)), default="")
    for slug, changed in generation.cases.changes.items():
        case = generation.cases.summary(slug)
        for path in _pages_listing(case, vocabularies) if case else ():
            newest[path] = max(newest.get(path, ""), changed)
    return newest


def _pages_listing(case: CaseSummary, vocabularies: Vocabularies) -> Iterator[str]:
    yield from (paths.arrangement(reason.id) for reason in case.arrangements)
    yield from (paths.challenge(reason.id) for reason in case.challenges)
    yield from (paths.city(city) for city in case.cities)
    yield from map(paths.country, vocabularies.countries_of(case.cities))
    yield from map(paths.continent, vocabularies.continents_of(case.cities))
