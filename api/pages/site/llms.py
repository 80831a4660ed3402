"""What a language model should know before it uses what is here."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.pages.parts.page import Page
from kb import FACETS_BY_NAME, Arrangement, Generation, Term


@dataclass(frozen=True)
class LlmsPage(Page):
    """`/llms.txt`: what a language model should know before it uses what is here."""

    total: int
    cities: int
    countries: int
    facets: tuple[str, ...]
    """The parameters that narrow a search."""
    evidence: tuple[Term, ...]
    arrangements: tuple[Arrangement, ...]
    challenges: tuple[Term, ...]


def llms_page(generation: Generation) -> LlmsPage:
    """What this is, where things are, and how not to misread them."""
    vocabularies = generation.vocabularies
    return LlmsPage(
        title="For language models",
        path=paths.LLMS,
        total=generation.manifest.count,
        cities=len(generation.counts["city"]),
        countries=len(generation.counts["country"]),
        facets=tuple(FACETS_BY_NAME),
        evidence=vocabularies.evidence.terms,
        arrangements=vocabularies.arrangements.terms,
        challenges=vocabularies.challenges.terms,
    )
