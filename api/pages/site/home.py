"""The front page."""

from __future__ import annotations

from dataclasses import dataclass

from api.address.search_state import SearchParams
from api.pages.map import Glance, glance
from api.pages.parts.examples import EXAMPLES
from api.pages.parts.page import Link, Page
from api.pages.parts.terms import ArrangementCard, TermCard, arrangement_cards, challenge_cards
from kb import Generation, counted


@dataclass(frozen=True)
class HomePage(Page):
    """`/`."""

    cases: str
    cities: str
    countries: str
    arrangements: tuple[ArrangementCard, ...]
    challenges: tuple[TermCard, ...]
    examples: tuple[Link, ...]
    map: Glance


def home_page(generation: Generation) -> HomePage:
    """The front page."""
    return HomePage(
        title="Crossing Boundaries",
        path="/",
        cases=counted(generation.manifest.count, "case study", "case studies"),
        cities=counted(len(generation.counts["city"]), "city", "cities"),
        countries=counted(len(generation.counts["country"]), "country", "countries"),
        arrangements=arrangement_cards(generation),
        challenges=challenge_cards(generation),
        examples=tuple(Link(text, SearchParams(text).href()) for text in EXAMPLES),
        map=glance(generation),
    )
