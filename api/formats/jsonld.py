"""Cases and the collection in the vocabulary of schema.org, for search engines and harvesters.

It says nothing that the pages do not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.address import paths
from api.address.site import NAME, Site
from kb import LICENCE, Case, ExportForm, Generation, Source, Status, StoredCase, Term, Vocabularies, Vocabulary

JSONLD_TYPE = "application/ld+json"

JsonLd = Mapping[str, Any]


def case_jsonld(stored: StoredCase, vocabularies: Vocabularies, site: Site) -> JsonLd:
    """A case as an article, with its breadcrumbs."""
    return _graph(
        _article(stored, vocabularies, site),
        _breadcrumbs(site, ("Cases", paths.CASES), (stored.case.title, paths.case(stored.case.slug))),
    )


def collection_jsonld(generation: Generation, site: Site) -> JsonLd:
    """The collection as a data set in a catalogue of one, with its downloads."""
    return _graph(_dataset(generation, site), _catalogue(site), _breadcrumbs(site, ("About", paths.ABOUT)))


def _graph(*things: JsonLd) -> JsonLd:
    return {"@context": "https://schema.org", "@graph": list(things)}


def _article(stored: StoredCase, vocabularies: Vocabularies, site: Site) -> JsonLd:
    case = stored.case
    page = site.url(paths.case(case.slug))
    return {
        "@type": "Article",
        "@id": f"{page}#case",
        "url": page,
        "mainEntityOfPage": page,
        "headline": case.title,
        "description": case.summary,
        "inLanguage": case.language,
        "dateModified": stored.modified,
        "author": [{"@type": "Organization", "name": contributor} for contributor in case.contributors],
        "publisher": _organisation(site),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "isPartOf": {"@type": "Dataset", "@id": _dataset_id(site), "name": NAME, "url": site.url(paths.ABOUT)},
        "about": [
            *_terms((reason.id for reason in case.arrangements), vocabularies.arrangements, site),
            *_terms((challenge.id for challenge in case.challenges), vocabularies.challenges, site),
        ],
        "spatialCoverage": list(_places(case, vocabularies, site)),
        "temporalCoverage": _period(case),
        "audience": [
            {"@type": "Audience", "audienceType": vocabularies.audiences.label(audience)} for audience in case.audiences
        ],
        "citation": [_citation(source) for source in case.sources],
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": "text/markdown", "contentUrl": f"{page}.md"},
            {"@type": "MediaObject", "encodingFormat": "application/json", "contentUrl": f"{page}.json"},
        ],
    }


def _terms(ids: Iterable[str], vocabulary: Vocabulary[Term], site: Site) -> Iterable[JsonLd]:
    folder = site.url(f"/{vocabulary.name}")
    for term in filter(None, map(vocabulary.get, ids)):
        yield {
            "@type": "DefinedTerm",
            "@id": f"{folder}/{term.id}",
            "termCode": term.id,
            "name": term.label,
            "description": term.description,
            "url": f"{folder}/{term.id}",
            "inDefinedTermSet": folder,
        }


def _places(case: Case, vocabularies: Vocabularies, site: Site) -> Iterable[JsonLd]:
    for city in filter(None, map(vocabularies.cities.get, case.cities)):
        yield {
            "@type": "Place",
            "@id": site.url(paths.city(city.id)),
            "name": city.label,
            "url": site.url(paths.city(city.id)),
            "geo": {"@type": "GeoCoordinates", "latitude": city.latitude, "longitude": city.longitude},
            "containedInPlace": {"@type": "Country", "name": vocabularies.countries.label(city.country)},
        }


def _period(case: Case) -> str:
    """Years as a period in ISO 8601-2: open if it is ongoing, without an end if none is known."""
    if case.ended is None:
        return f"{case.started}/.." if case.status is Status.ONGOING else f"{case.started}/"
    return str(case.started) if case.ended == case.started else f"{case.started}/{case.ended}"


def _citation(source: Source) -> JsonLd:
    fields = {
        "@type": "CreativeWork",
        "name": source.title,
        "creditText": source.by,
        "datePublished": str(source.year) if source.year else None,
        "url": source.url,
        "inLanguage": source.lang,
    }
    return {name: value for name, value in fields.items() if value}


def _dataset(generation: Generation, site: Site) -> JsonLd:
    total = generation.manifest.count
    return {
        "@type": "Dataset",
        "@id": _dataset_id(site),
        "name": f"{NAME}: case studies of local practice in preventing violent extremism",
        "description": (
            f"{total} case studies of local practice in preventing violent extremism: what police, local government, "
            "schools, youth work and communities did together, what helped, and what was hard. Drafted from published "
            "sources. A small, uneven collection: counts are not prevalence."
        ),
        "url": site.url(paths.ABOUT),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "dateModified": max(generation.cases.changes.values(), default=generation.manifest.created),
        "creator": _organisation(site),
        "keywords": ["preventing violent extremism", "local practice", "case studies", "multi-agency collaboration"],
        "includedInDataCatalog": {"@id": _catalogue_id(site)},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": site.url(paths.export(form))}
            for form, kind in ((ExportForm.CSV, "text/csv"), (ExportForm.NDJSON, "application/x-ndjson"))
        ],
    }


def _catalogue(site: Site) -> JsonLd:
    return {
        "@type": "DataCatalog",
        "@id": _catalogue_id(site),
        "name": NAME,
        "url": site.url("/"),
        "license": LICENCE,
        "dataset": {"@id": _dataset_id(site)},
    }


def _breadcrumbs(site: Site, *steps: tuple[str, str]) -> JsonLd:
    named = ((NAME, "/"), *steps)
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": site.url(path)}
            for position, (name, path) in enumerate(named, start=1)
        ],
    }


def _organisation(site: Site) -> JsonLd:
    return {"@type": "Organization", "name": NAME, "url": site.url("/")}


def _dataset_id(site: Site) -> str:
    return site.url(f"{paths.ABOUT}#collection")


def _catalogue_id(site: Site) -> str:
    return site.url("/#catalogue")
