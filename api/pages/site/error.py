"""The page that says what went wrong, and what was perhaps meant."""

from __future__ import annotations

from dataclasses import dataclass

from api.address.search_state import SearchParams
from api.address.spelling import NamedInPath, has_page, read_path
from api.pages.parts.page import Link, Page
from kb import FACETS_BY_NAME, Generation, Kind, nearest_few, plain_name

MOST_NEAR = 3
"""The most pages offered in place of one that does not exist."""

LONGEST_NAME = 120
"""The longest name for which near ones are looked for, in characters."""


@dataclass(frozen=True)
class ErrorPage(Page):
    """`error.html`: what went wrong, for any status."""

    detail: str
    near: tuple[Link, ...] = ()
    """Pages whose names are like the one in the address."""
    search: Link | None = None
    """The search for the words of that name."""


def near_pages(path: str, generation: Generation) -> tuple[Link, ...]:
    """Pages of published cases, or of terms that may be shown, whose names are like the one in a path."""
    named = read_path(path)
    if named is None:
        return ()
    name = named.name[:LONGEST_NAME]
    return _near_cases(name, generation) if named.kind is Kind.CASE else _near_terms(name, named, generation)


def search_for_words_in(path: str) -> Link | None:
    """The search for the words of the name in a path."""
    named = read_path(path)
    words = plain_name(named.name[:LONGEST_NAME]).replace("-", " ") if named else ""
    return Link(words, SearchParams(words).href()) if words else None


def _near_cases(name: str, generation: Generation) -> tuple[Link, ...]:
    near = nearest_few(plain_name(name), generation.cases.slugs(), MOST_NEAR)
    return tuple(Link(case.title, Kind.CASE.page(slug)) for slug, case in generation.cases.summaries(near).items())


def _near_terms(name: str, named: NamedInPath, generation: Generation) -> tuple[Link, ...]:
    vocabulary = FACETS_BY_NAME[named.kind].vocabulary(generation.vocabularies)
    terms = [term for term in vocabulary if has_page(term, named.kind, generation)]
    names = {spelled: term for term in terms for spelled in (term.id, term.label, *term.aliases)}
    near = dict.fromkeys(names[spelled] for spelled in nearest_few(name, names, 2 * MOST_NEAR))
    return tuple(Link(term.label, named.kind.page(term.id)) for term in near)[:MOST_NEAR]
