"""How cases are made: what counts as one, and how it is coded, cited, reviewed and corrected."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import Site
from api.pages.cite import CiteView, cite_collection
from api.pages.parts.page import Link, Page
from api.pages.parts.terms import TermCard, arrangement_cards, challenge_cards
from kb import CASE_SECTIONS, FACETS_BY_NAME, Generation, ReviewState, gettext, gettext_noop, ngettext

CHAPTERS = (
    ("case", gettext_noop("What counts as a case")),
    ("arrangements", gettext_noop("Kinds of collaboration")),
    ("challenges", gettext_noop("Challenges")),
    ("other", gettext_noop("What else is coded")),
    ("sources", gettext_noop("Sources and citations")),
    ("evidence", gettext_noop("Evidence levels")),
    ("review", gettext_noop("Writing and review")),
    ("safety", gettext_noop("What is left out")),
    ("changes", gettext_noop("Corrections, dates and withdrawal")),
    ("cite", gettext_noop("How to cite the collection")),
)


@dataclass(frozen=True)
class Fact:
    """A figure of the collection."""

    number: str
    what: str
    """What it counts."""


@dataclass(frozen=True)
class MethodPage(Page):
    """`/method`."""

    chapters: tuple[Link, ...]
    sections: tuple[str, ...]
    """The headings of a case."""
    arrangements: tuple[TermCard, ...]
    challenges: tuple[TermCard, ...]
    extremism: tuple[TermCard, ...]
    evidence: tuple[TermCard, ...]
    facts: tuple[Fact, ...]
    reviewed: str
    """How many cases their cities have reviewed, as a sentence."""
    cite: CiteView


def method_page(generation: Generation, site: Site) -> MethodPage:
    """How cases are made."""
    reviewed = generation.cases.reviews().get(ReviewState.REVIEWED, 0)
    return MethodPage(
        title=gettext("How cases are made"),
        path=paths.METHOD,
        chapters=tuple(Link(gettext(label), f"#{anchor}") for anchor, label in CHAPTERS),
        sections=CASE_SECTIONS,
        arrangements=arrangement_cards(generation),
        challenges=challenge_cards(generation),
        extremism=cards_of("extremism", generation),
        evidence=cards_of("evidence", generation),
        facts=facts_of(generation),
        reviewed=_reviewed(reviewed, generation.manifest.count),
        cite=cite_collection(generation, site),
    )


def cards_of(facet: str, generation: Generation) -> tuple[TermCard, ...]:
    """The terms of a facet in the order of their vocabulary, each with how many cases have it."""
    found = generation.counts[facet]
    return tuple(
        TermCard(term.label, SearchParams().with_filter(facet, term.id).href(), term.description, found.get(term.id, 0))
        for term in FACETS_BY_NAME[facet].vocabulary(generation.vocabularies)
    )


def facts_of(generation: Generation) -> tuple[Fact, ...]:
    """How large the collection is, and how much of it has been reviewed."""
    cases, counts = generation.manifest.count, generation.counts
    cities, countries = len(counts["city"]), len(counts["country"])
    reviewed = generation.cases.reviews().get(ReviewState.REVIEWED, 0)
    return (
        Fact(f"{cases:,}", ngettext("case", "cases", cases)),
        Fact(f"{cities:,}", ngettext("city", "cities", cities)),
        Fact(f"{countries:,}", ngettext("country", "countries", countries)),
        Fact(f"{reviewed:,}", gettext("reviewed by the city")),
    )


def _reviewed(reviewed: int, total: int) -> str:
    if not reviewed:
        return gettext("So far no city has reviewed its case.")
    text = ngettext(
        "So far {count} of {total} cases has been reviewed by its city.",
        "So far {count} of {total} cases have been reviewed by their cities.",
        reviewed,
    )
    return text.format(count=reviewed, total=total)
