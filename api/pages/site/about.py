"""What this is, how it is made, and what it is not."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.address.site import Site
from api.formats.jsonld import JsonLd, collection_jsonld
from api.pages.parts.page import Page
from api.pages.parts.terms import TermCard
from api.pages.site.balance import Balance, balance
from api.pages.site.method import Fact, cards_of, facts_of
from kb import Generation, gettext


@dataclass(frozen=True)
class AboutPage(Page):
    """`/about`."""

    facts: tuple[Fact, ...]
    evidence: tuple[TermCard, ...]
    balance: Balance
    jsonld: JsonLd


def about_page(generation: Generation, site: Site) -> AboutPage:
    """What this is, how it is made, and what it is not."""
    return AboutPage(
        gettext("About this collection"),
        paths.ABOUT,
        facts_of(generation),
        cards_of("evidence", generation),
        balance(generation),
        collection_jsonld(generation, site),
    )
