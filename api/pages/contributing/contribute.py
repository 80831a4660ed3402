"""How to take part, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.pages.parts.page import Page
from kb import FACETS, Generation, gettext


@dataclass(frozen=True)
class WantedTerm:
    """A term that no case has yet: an invitation."""

    facet: str
    label: str
    description: str


@dataclass(frozen=True)
class ContributePage(Page):
    """`/contribute`."""

    wanted: tuple[WantedTerm, ...]
    report_href: str | None
    """Where a mistake is reported; None if no address is set up."""


def contribute_page(generation: Generation, report_href: str | None) -> ContributePage:
    """How to take part, and what is missing."""
    return ContributePage(gettext("Add or correct a case"), paths.CONTRIBUTE, wanted_terms(generation), report_href)


def wanted_terms(generation: Generation) -> tuple[WantedTerm, ...]:
    """The terms of all facets that no case has yet and that are worth a case."""
    return tuple(
        WantedTerm(facet.label, term.label, term.description)
        for facet in FACETS
        if facet.is_wanted
        for term in facet.vocabulary(generation.vocabularies)
        if term.id not in generation.counts[facet.name]
    )
