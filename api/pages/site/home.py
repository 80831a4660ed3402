"""The front page."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from api.address.search_state import SearchParams
from api.pages.map import Glance, glance
from api.pages.parts.examples import EXAMPLES
from api.pages.parts.page import Link, Page
from api.pages.parts.terms import ArrangementCard, TermCard, arrangement_cards, challenge_cards
from api.pages.site.changes import ChangedCase, last_changes
from api.pages.site.featured import FeaturedCase, featured_case, week_of
from kb import Generation, ngettext

NEWEST = 3
"""Cases that were last added or changed."""


@dataclass(frozen=True)
class HomePage(Page):
    """`/`."""

    cases: str
    cities: str
    countries: str
    featured: FeaturedCase | None
    arrangements: tuple[ArrangementCard, ...]
    challenges: tuple[TermCard, ...]
    examples: tuple[Link, ...]
    map: Glance
    newest: tuple[ChangedCase, ...]


def home_page(generation: Generation, day: datetime.date) -> HomePage:
    """The front page on a day: it shows another case each week."""
    cases, cities, countries = _extent(generation)
    return HomePage(
        title="Crossing Boundaries",
        path="/",
        cases=cases,
        cities=cities,
        countries=countries,
        featured=featured_case(generation, week_of(day)),
        arrangements=arrangement_cards(generation),
        challenges=challenge_cards(generation),
        examples=tuple(Link(text, SearchParams(text).href()) for text in EXAMPLES),
        map=glance(generation),
        newest=tuple(last_changes(generation, NEWEST)),
    )


def _extent(generation: Generation) -> Iterator[str]:
    """How many cases there are, from how many cities and countries."""
    cases, counts = generation.manifest.count, generation.counts
    yield ngettext("{count} case study", "{count} case studies", cases).format(count=f"{cases:,}")
    cities, countries = len(counts["city"]), len(counts["country"])
    yield ngettext("{count} city", "{count} cities", cities).format(count=f"{cities:,}")
    yield ngettext("{count} country", "{count} countries", countries).format(count=f"{countries:,}")
