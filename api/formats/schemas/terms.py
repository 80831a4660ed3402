"""Terms of vocabularies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.address import paths
from api.address.site import Site
from kb import Arrangement, City, Term, TermOut, Vocabularies, term_out


@dataclass(slots=True)
class VocabularyTermOut(TermOut):
    """A term with what it means and how many cases have it."""

    description: str
    aliases: list[str]
    count: int
    url: str


@dataclass(slots=True)
class ArrangementOut(VocabularyTermOut):
    """An arrangement type."""

    purpose: str
    table: str
    flow: str
    flow_kind: str
    named_person: bool
    decides_together: str


@dataclass(slots=True)
class CityOut(VocabularyTermOut):
    """A city."""

    country: TermOut
    latitude: float
    longitude: float


def arrangement_out(term: Arrangement, count: int, site: Site) -> ArrangementOut:
    """An arrangement with its count."""
    return ArrangementOut(
        **_term_fields(term, count, site.url(paths.arrangement(term.id))),
        purpose=term.purpose,
        table=term.table,
        flow=term.flow,
        flow_kind=term.flow_kind,
        named_person=term.named_person,
        decides_together=term.decides_together,
    )


def challenge_out(term: Term, count: int, site: Site) -> VocabularyTermOut:
    """A challenge with its count."""
    return VocabularyTermOut(**_term_fields(term, count, site.url(paths.challenge(term.id))))


def city_out(city: City, count: int, vocabularies: Vocabularies, site: Site) -> CityOut:
    """A city with its count."""
    return CityOut(
        **_term_fields(city, count, site.url(paths.city(city.id))),
        country=term_out(city.country, vocabularies.countries),
        latitude=city.latitude,
        longitude=city.longitude,
    )


def _term_fields(term: Term, count: int, url: str) -> dict[str, Any]:
    return {
        "id": term.id,
        "label": term.label,
        "description": term.description,
        "aliases": list(term.aliases),
        "count": count,
        "url": url,
    }
