"""What this is, how it is made, and what it is not."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import Site
from api.formats.jsonld import JsonLd, collection_jsonld
from api.pages.parts.page import Page
from api.pages.parts.terms import TermCard
from api.pages.site.balance import Balance, balance
from kb import Generation


@dataclass(frozen=True)
class AboutPage(Page):
    """`/about`."""

    total: int
    evidence: tuple[TermCard, ...]
    balance: Balance
    jsonld: JsonLd


def about_page(generation: Generation, site: Site) -> AboutPage:
    """What this is, how it is made, and what it is not."""
    found = generation.counts["evidence"]
    cards = tuple(
        TermCard(
            term.label, SearchParams().with_filter("evidence", term.id).href(), term.description, found.get(term.id, 0)
        )
        for term in generation.vocabularies.evidence
    )
    data = collection_jsonld(generation, site)
    return AboutPage("About", paths.ABOUT, generation.manifest.count, cards, balance(generation), data)
