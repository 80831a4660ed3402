"""A search as a feed: its cases, last changed first, for anyone who wants to follow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import NAME
from api.pages.parts.found import found_cases
from api.pages.parts.narrowing import looked_for
from kb import CaseSummary, Generation, Sort, Vocabularies, cases_in_words, in_words

_NAMES = UUID("7c1b7d5e-8f0a-4b43-9d7b-0f5a3f1f9a52")
"""The namespace of feed and entry ids. It must never change, or feed readers would show everything as new again."""


@dataclass(frozen=True)
class Category:
    """A term that a case has."""

    term: str
    scheme: str
    label: str


@dataclass(frozen=True)
class FeedEntry:
    """A case in a feed."""

    id: str
    title: str
    href: str
    updated: str
    summary: str
    authors: tuple[str, ...]
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class FeedPage:
    """`/feed.atom`: one page of a search."""

    id: str
    title: str
    subtitle: str
    updated: str
    href: str
    html_href: str
    first: str
    previous: str | None
    next: str | None
    last: str
    total: int
    start: int
    """The position of the first entry in the whole result, counted from 1."""
    size: int
    entries: tuple[FeedEntry, ...]

    @property
    def is_beyond_end(self) -> bool:
        """Whether this page is past the last one."""
        return self.start > max(1, self.total)


def feed_page(params: SearchParams, generation: Generation) -> FeedPage:
    """The feed of a search: last changed first, unless another order than the usual one is asked for."""
    request = params.request(marked=False)
    by_change = replace(request, sort=Sort.CHANGED)
    vocabularies = generation.vocabularies
    result = generation.search(by_change if params.sort is Sort.RELEVANCE else request)
    changes = generation.cases.changes
    newest = generation.search(replace(by_change, page=1, size=1)).hits

    def to(page: int) -> str:
        return params.with_page(page).href(paths.FEED)

    sentences = (f"{cases_in_words(result.total)}.", *map(in_words, result.notices))
    return FeedPage(
        id=_id(f"search {params.whole().href()}"),
        title=f"{NAME}: {looked_for(params, vocabularies) or 'all cases'}",
        subtitle=" ".join(sentences),
        updated=changes[newest[0].slug] if newest else generation.manifest.created,
        href=to(params.page),
        html_href=params.href(),
        first=to(1),
        previous=to(params.page - 1) if params.page > 1 else None,
        next=to(params.page + 1) if params.page < result.pages else None,
        last=to(result.pages),
        total=result.total,
        start=(params.page - 1) * params.size + 1,
        size=params.size,
        entries=tuple(_entry(case, changes[case.slug], vocabularies) for case in found_cases(result, generation)),
    )


def _entry(case: CaseSummary, changed: str, vocabularies: Vocabularies) -> FeedEntry:
    return FeedEntry(
        id=_id(f"case {(*case.aliases, case.slug)[0]}"),
        title=case.title,
        href=paths.case(case.slug),
        updated=changed,
        summary=case.summary,
        authors=case.contributors,
        categories=tuple(_categories(case, vocabularies)),
    )


def _categories(case: CaseSummary, vocabularies: Vocabularies) -> Iterator[Category]:
    for reason in case.arrangements:
        yield Category(reason.id, paths.ARRANGEMENTS, vocabularies.arrangements.label(reason.id))
    for challenge in case.challenges:
        yield Category(challenge.id, paths.CHALLENGES, vocabularies.challenges.label(challenge.id))
    for city in case.cities:
        yield Category(city, paths.CITIES, vocabularies.cities.label(city))


def _id(name: str) -> str:
    """A permanent id: made from the first slug of a case, not from the address of the site, so that feed readers
    show neither a renamed case nor a moved site as new.
    """
    return uuid5(_NAMES, name).urn
