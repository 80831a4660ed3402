"""The front page, and the pages about the site itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.address.search_state import SearchParams
from api.address.site import Site
from api.formats.jsonld import JsonLd, collection_jsonld
from api.pages.balance import Balance, balance
from api.pages.map import Glance, glance
from api.pages.parts.examples import EXAMPLES
from api.pages.parts.page import Link, Page
from api.pages.parts.terms import ArrangementCard, TermCard, arrangement_cards, challenge_cards
from kb import EXPORT_COLUMNS, FACETS, Column, Generation, counted


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


@dataclass(frozen=True)
class ErrorPage(Page):
    """Anything that did not go well."""

    status: int
    detail: str


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
    return AboutPage("About", "/about", generation.manifest.count, cards, balance(generation), data)


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
    repository_url: str


def contribute_page(generation: Generation, report_href: str | None, repository_url: str) -> ContributePage:
    """How to take part, and what is missing."""
    return ContributePage("Add or correct a case", "/contribute", wanted_terms(generation), report_href, repository_url)


NOT_WISHED_FOR = ("status", "experienced_as")
"""Facets whose empty values invite nobody: a practice that ends, partners who lived another one than was announced."""


def wanted_terms(generation: Generation) -> tuple[WantedTerm, ...]:
    """The terms of all facets that no case has yet and that are worth a case."""
    return tuple(
        WantedTerm(facet.label, term.label, term.description)
        for facet in FACETS
        if facet.name not in NOT_WISHED_FOR
        for term in facet.vocabulary(generation.vocabularies)
        if term.id not in generation.counts[facet.name]
    )


@dataclass(frozen=True)
class Parameter:
    """One parameter of an API address."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Endpoint:
    """One address of the API."""

    anchor: str
    address: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str


@dataclass(frozen=True)
class ApiDocsPage(Page):
    """`/api/docs`."""

    endpoints: tuple[Endpoint, ...]
    columns: tuple[Column, ...]
    """Of the table of a whole result."""


_EXAMPLES = {
    "/api/v1/search": "/api/v1/search?q=youth&arrangement=informing-and-intervening",
    "/api/v1/cases/{slug}": "/api/v1/cases/aarhus-info-house",
    "/api/v1/export.csv": "/api/v1/export.csv?challenge=fragile-trust",
    "/api/v1/export.ndjson": "/api/v1/export.ndjson?challenge=fragile-trust",
}


def api_docs_page(openapi: dict[str, Any]) -> ApiDocsPage:
    """The page made from the API's own description, so that the two cannot differ."""
    endpoints = tuple(
        Endpoint(
            anchor=path.strip("/").replace("/", "-").replace("{", "").replace("}", ""),
            address=path,
            summary=methods["get"]["summary"],
            description=methods["get"].get("description", ""),
            parameters=tuple(_parameter(given) for given in methods["get"].get("parameters", ())),
            example=_EXAMPLES.get(path, "" if "{" in path else path),
        )
        for path, methods in openapi["paths"].items()
    )
    return ApiDocsPage("API for programs", "/api/docs", endpoints, EXPORT_COLUMNS)


def _parameter(given: dict[str, Any]) -> Parameter:
    schema = given["schema"]
    kind = schema.get("type", "text")
    limits = [f"from {schema['minimum']}"] if "minimum" in schema else []
    limits += [f"up to {schema['maximum']}"] if "maximum" in schema else []
    names = {"array": "text, repeatable", "string": "text", "integer": "number"}
    return Parameter(given["name"], " ".join([names.get(kind, kind), *limits]), given.get("description", ""))
