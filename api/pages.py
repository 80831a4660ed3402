"""One frozen object per page: everything its template shows, decided here. Templates only print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api.params import SearchParams
from kb import (
    FACETS,
    FACETS_BY_NAME,
    Arrangement,
    Case,
    City,
    FacetCount,
    FacetField,
    Generation,
    Guide,
    Highlighter,
    Hit,
    Notice,
    Ranges,
    Reason,
    Related,
    Removal,
    SearchRequest,
    SearchResult,
    Section,
    Sort,
    Source,
    StoredCase,
    Term,
    Vocabularies,
    make_request,
)

SORT_LABELS = {
    Sort.RELEVANCE: "Best match",
    Sort.NEWEST: "Most recently started",
    Sort.STARTED: "Earliest started",
    Sort.TITLE: "Title",
    Sort.CITY: "City",
}

EXAMPLES = ("youth workers and police", "school concern about a pupil", '"safety house"', "returnees")
"""Searches offered where somebody may not know what to type."""


@dataclass(frozen=True)
class Link:
    """Where to go."""

    label: str
    href: str


@dataclass(frozen=True)
class Marked:
    """A text and what to mark in it."""

    text: str
    ranges: Ranges = ()


@dataclass(frozen=True)
class Page:
    """What every page has."""

    title: str
    path: str
    """Its address without the host, as it should be linked to."""


# Hits


@dataclass(frozen=True)
class SnippetView:
    """The passage that shows why a case was found."""

    heading: str
    href: str
    passage: Marked


@dataclass(frozen=True)
class CaseCard:
    """A case in a list."""

    slug: str
    title: Marked
    href: str
    summary: Marked
    place: str
    years: str
    arrangements: tuple[str, ...]
    evidence: str
    snippet: SnippetView | None


def years(case: Case) -> str:
    """When it ran, without claiming to know more than the sources."""
    if case.ended:
        return str(case.started) if case.ended == case.started else f"{case.started}–{case.ended}"
    return f"since {case.started}" if case.status == "ongoing" else f"from {case.started}"


def place(case: Case, vocabularies: Vocabularies) -> str:
    """Cities with their countries."""
    named = []
    for city_id in case.cities:
        city = vocabularies.cities.get(city_id)
        country = vocabularies.countries.label(city.country) if city else ""
        label = city.label if city else city_id
        named.append(f"{label}, {country}" if country and country != label else label)
    return " · ".join(named)


def case_card(
    case: Case, vocabularies: Vocabularies, hit: Hit | None = None, request: SearchRequest | None = None
) -> CaseCard:
    """A case in a list; with its passage and marks where it was found by words."""
    query = request.query if request else None
    in_title = Highlighter.of(query, "title").ranges(case.title) if query else ()
    in_summary = Highlighter.of(query).ranges(case.summary) if query else ()
    href = f"/cases/{case.slug}"
    snippet = hit.snippet if hit else None
    return CaseCard(
        slug=case.slug,
        title=Marked(case.title, in_title),
        href=href,
        summary=Marked(case.summary, in_summary),
        place=place(case, vocabularies),
        years=years(case),
        arrangements=tuple(vocabularies.arrangements.label(reason.id) for reason in case.arrangements),
        evidence=vocabularies.evidence.label(case.evidence.level),
        snippet=SnippetView(snippet.heading, f"{href}#{snippet.section}", Marked(snippet.text, snippet.ranges))
        if snippet
        else None,
    )


def case_cards(result: SearchResult, generation: Generation) -> tuple[CaseCard, ...]:
    """The cards of a result's hits."""
    found = ((hit, generation.cases.case(hit.slug)) for hit in result.hits)
    return tuple(
        case_card(case, generation.vocabularies, hit, result.request) for hit, case in found if case is not None
    )


def cases_with(generation: Generation, facet: str, value: str, size: int = 100) -> SearchResult:
    """All cases with one value of a facet, by title."""
    return generation.search(make_request(filters={facet: (value,)}, sort=Sort.TITLE, size=size))


def counts(generation: Generation, facet: str) -> dict[str, int]:
    """How many cases each value of a facet has in the whole collection."""
    result = generation.search(make_request(size=0))
    return {count.value: count.count for count in result.facets[facet]}


# Search


@dataclass(frozen=True)
class FacetLine:
    """One value to narrow by."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class FacetGroup:
    """One facet with its values."""

    name: str
    label: str
    lines: tuple[FacetLine, ...]
    chosen: int
    """How many values are chosen."""
    is_open: bool


@dataclass(frozen=True)
class Chip:
    """A chosen filter and the search without it."""

    facet: str
    label: str
    href: str


@dataclass(frozen=True)
class PageLink:
    """One page of the result; no address for the gap and for the page shown."""

    label: str
    href: str | None
    is_current: bool = False


@dataclass(frozen=True)
class Pagination:
    """The way through a result."""

    previous: str | None
    next: str | None
    links: tuple[PageLink, ...]


@dataclass(frozen=True)
class SortOption:
    """One order of hits."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class SearchPage(Page):
    """`/cases`: the search and its result."""

    text: str
    heading: str
    notices: tuple[Notice, ...]
    cards: tuple[CaseCard, ...]
    groups: tuple[FacetGroup, ...]
    chips: tuple[Chip, ...]
    clear_href: str
    did_you_mean: Link | None
    removals: tuple[Link, ...]
    """For an empty result: the search without one of its filters, with what that would give."""
    sorts: tuple[SortOption, ...]
    size: int | None
    """Hits on a page where it is not the usual number."""
    pagination: Pagination | None
    examples: tuple[Link, ...]
    api_href: str


def search_page(params: SearchParams, result: SearchResult, generation: Generation) -> SearchPage:
    """The page for a search."""
    vocabularies = generation.vocabularies
    heading = _heading(params, result.total, vocabularies)
    usual = SearchParams().size
    return SearchPage(
        title=heading if params.text or params.filters else "All cases",
        path=params.href(),
        text=params.text,
        heading=heading,
        notices=result.notices,
        cards=case_cards(result, generation),
        groups=tuple(_facet_group(facet, params, result.facets[facet.name], vocabularies) for facet in FACETS),
        chips=_chips(params, vocabularies),
        clear_href=params.without_filters().href(),
        did_you_mean=_did_you_mean(params, result),
        removals=tuple(_removal(params, removal, vocabularies) for removal in result.removals),
        sorts=tuple(SortOption(sort.value, label, sort is params.sort) for sort, label in SORT_LABELS.items()),
        size=params.size if params.size != usual else None,
        pagination=_pagination(params, result.pages),
        examples=tuple(Link(text, SearchParams(text).href()) for text in EXAMPLES),
        api_href=params.href("/api/v1/search"),
    )


def cases_in_words(count: int) -> str:
    """A number of cases for people."""
    return "1 case" if count == 1 else f"{count} cases"


def _heading(params: SearchParams, total: int, vocabularies: Vocabularies) -> str:
    """The whole search in words, for the title, the heading and whoever gets the link."""
    parts = [f"“{params.text}”"] if params.text else []
    for name, values in params.filters.items():
        facet = FACETS_BY_NAME[name]
        labels = " or ".join(facet.vocabulary(vocabularies).label(value) for value in values)
        # "Calgary" says what it is; "described" does not.
        parts.append(labels if facet in FACETS[:4] else f"{facet.label.lower()} “{labels}”")
    told = cases_in_words(total)
    return f"{told}: {', '.join(parts)}" if parts else f"All {told}"


def _facet_group(
    facet: FacetField, params: SearchParams, found: Sequence[FacetCount], vocabularies: Vocabularies
) -> FacetGroup:
    vocabulary = facet.vocabulary(vocabularies)
    lines = tuple(FacetLine(count.value, vocabulary.label(count.value), count.count, count.selected) for count in found)
    chosen = sum(line.selected for line in lines)
    # Three facets are what the collection is about; the others open when somebody uses them.
    return FacetGroup(facet.name, facet.label, lines, chosen, facet in FACETS[:3] or chosen > 0)


def _did_you_mean(params: SearchParams, result: SearchResult) -> Link | None:
    found = result.suggestion
    if found is None:
        return None
    return Link(f"{found.text} ({cases_in_words(found.total)})", params.with_text(found.text).href())


def _removal(params: SearchParams, removal: Removal, vocabularies: Vocabularies) -> Link:
    facet = FACETS_BY_NAME[removal.facet]
    labels = " or ".join(facet.vocabulary(vocabularies).label(value) for value in params.chosen(removal.facet))
    href = params.without_facet(removal.facet).href()
    return Link(f"Search without {labels}: {cases_in_words(removal.total)}", href)


def _chips(params: SearchParams, vocabularies: Vocabularies) -> tuple[Chip, ...]:
    return tuple(
        Chip(
            facet.label,
            facet.vocabulary(vocabularies).label(value),
            params.without_filter(facet.name, value).href(),
        )
        for facet in FACETS
        for value in params.chosen(facet.name)
    )


def _pagination(params: SearchParams, pages: int) -> Pagination | None:
    if pages < 2:
        return None
    current = params.page
    near = sorted({1, pages, *range(max(1, current - 2), min(pages, current + 2) + 1)})
    links: list[PageLink] = []
    before = 0
    for number in near:
        if number - before > 1:
            links.append(PageLink("…", None))
        is_current = number == current
        href = None if is_current else params.with_page(number).href()
        links.append(PageLink(str(number), href, is_current))
        before = number
    return Pagination(
        previous=params.with_page(current - 1).href() if current > 1 else None,
        next=params.with_page(current + 1).href() if current < pages else None,
        links=tuple(links),
    )


# Home


@dataclass(frozen=True)
class TermCard:
    """A term in an overview."""

    label: str
    href: str
    description: str
    count: int


@dataclass(frozen=True)
class ArrangementCard(TermCard):
    """An arrangement in an overview: what it is for and which way information flows."""

    purpose: str
    flow: str
    flow_kind: str


@dataclass(frozen=True)
class HomePage(Page):
    """`/`."""

    total: int
    cities: int
    countries: int
    arrangements: tuple[ArrangementCard, ...]
    challenges: tuple[TermCard, ...]
    examples: tuple[Link, ...]


def home_page(generation: Generation) -> HomePage:
    """The front page."""
    result = generation.search(make_request(size=0))
    return HomePage(
        title="Crossing Boundaries",
        path="/",
        total=result.total,
        cities=len(result.facets["city"]),
        countries=len(result.facets["country"]),
        arrangements=arrangement_cards(generation),
        challenges=term_cards(generation, "challenge", generation.vocabularies.challenges, "/challenges"),
        examples=tuple(Link(text, SearchParams(text).href()) for text in EXAMPLES),
    )


def arrangement_cards(generation: Generation) -> tuple[ArrangementCard, ...]:
    """All arrangements for an overview."""
    found = counts(generation, "arrangement")
    return tuple(
        ArrangementCard(
            term.label,
            f"/arrangements/{term.id}",
            term.description,
            found.get(term.id, 0),
            term.purpose,
            term.flow,
            term.flow_kind,
        )
        for term in generation.vocabularies.arrangements
    )


def term_cards(generation: Generation, facet: str, terms: Any, path: str) -> tuple[TermCard, ...]:
    """All terms of a vocabulary for an overview."""
    found = counts(generation, facet)
    return tuple(TermCard(term.label, f"{path}/{term.id}", term.description, found.get(term.id, 0)) for term in terms)


# A case


@dataclass(frozen=True)
class ReasonView:
    """A term with why it applies to this case."""

    label: str
    href: str
    description: str
    why: str


@dataclass(frozen=True)
class Backlink:
    """The way back from a source to where it is cited."""

    label: str
    href: str


@dataclass(frozen=True)
class SourceView:
    """A source in the list below a text."""

    number: int
    anchor: str
    title: str
    by: str
    year: int | None
    url: str | None
    backlinks: tuple[Backlink, ...]


@dataclass(frozen=True)
class Fact:
    """One line of the fact panel."""

    name: str
    values: tuple[Link, ...]
    """A value without an address has an empty one."""


@dataclass(frozen=True)
class RelatedView:
    """Another case to read, and why."""

    title: str
    href: str
    place: str
    reason: str


@dataclass(frozen=True)
class CasePage(Page):
    """`/cases/{slug}`."""

    case: Case
    place: str
    years: str
    facts: tuple[Fact, ...]
    arrangements: tuple[ReasonView, ...]
    experienced_as: tuple[ReasonView, ...]
    challenges: tuple[ReasonView, ...]
    evidence: Term
    sections: tuple[Section, ...]
    sources: tuple[SourceView, ...]
    related: tuple[RelatedView, ...]
    modified: str
    """The day its file was last changed."""
    report_href: str | None
    edit_href: str | None


def case_page(stored: StoredCase, generation: Generation, report_href: str | None, edit_href: str | None) -> CasePage:
    """The page of one case."""
    case = stored.case
    vocabularies = generation.vocabularies
    evidence = vocabularies.evidence.get(case.evidence.level)
    return CasePage(
        title=case.title,
        path=f"/cases/{case.slug}",
        case=case,
        place=place(case, vocabularies),
        years=years(case),
        facts=_facts(case, vocabularies),
        arrangements=_reasons(case.arrangements, vocabularies.arrangements, "/arrangements"),
        experienced_as=_reasons(case.experienced_as, vocabularies.arrangements, "/arrangements"),
        challenges=_reasons(case.challenges, vocabularies.challenges, "/challenges"),
        evidence=evidence or Term(case.evidence.level, case.evidence.level, "", ()),
        sections=case.sections,
        sources=source_views(case.sources),
        related=tuple(_related(generation.related(case), generation)),
        modified=stored.modified[:10],
        report_href=report_href,
        edit_href=edit_href,
    )


def _related(found: Sequence[Related], generation: Generation) -> Iterator[RelatedView]:
    for item in found:
        other = generation.cases.case(item.slug)
        if other:
            yield RelatedView(other.title, f"/cases/{item.slug}", place(other, generation.vocabularies), item.reason)


def _reasons(reasons: Sequence[Reason], vocabulary: Any, path: str) -> tuple[ReasonView, ...]:
    found = ((reason, vocabulary.get(reason.id)) for reason in reasons)
    return tuple(
        ReasonView(term.label, f"{path}/{term.id}", term.description, reason.why) for reason, term in found if term
    )


def _facts(case: Case, vocabularies: Vocabularies) -> tuple[Fact, ...]:
    cities = tuple(Link(vocabularies.cities.label(city), f"/cities/{city}") for city in case.cities)
    audiences = tuple(
        Link(vocabularies.audiences.label(audience), SearchParams().with_filter("audience", audience).href())
        for audience in case.audiences
    )
    plain = (
        ("Years", (years(case),)),
        ("Status", (vocabularies.statuses.label(case.status),)),
        ("Lead", case.lead),
        ("Partners", case.partners),
    )
    facts = [Fact("City" if len(cities) == 1 else "Cities", cities)]
    facts.extend(Fact(name, tuple(Link(value, "") for value in values)) for name, values in plain if values)
    return (*facts, Fact("For", audiences)) if audiences else tuple(facts)


def source_views(sources: Sequence[Source]) -> tuple[SourceView, ...]:
    """Sources with the ways back to where they are cited."""
    return tuple(
        SourceView(
            number,
            f"source-{source.id}",
            source.title,
            source.by,
            source.year,
            source.url,
            tuple(Backlink(str(time), f"#cite-{source.id}-{time}") for time in range(1, source.citations + 1)),
        )
        for number, source in enumerate(sources, start=1)
    )


# Guide


@dataclass(frozen=True)
class TermPage(Page):
    """The page of an arrangement or a challenge."""

    term: Term
    arrangement: Arrangement | None
    """The same term where it is an arrangement."""
    guide: Guide | None
    sources: tuple[SourceView, ...]
    cites_general: bool
    """Whether something on the page rests on general professional knowledge."""
    cards: tuple[CaseCard, ...]
    total: int
    search_href: str
    overview: Link


def term_page(term: Term, facet: FacetField, generation: Generation) -> TermPage:
    """The page of an arrangement or a challenge."""
    result = cases_with(generation, facet.name, term.id)
    guide = generation.cases.guide(facet.name, term.id)
    folder = f"/{facet.vocabulary(generation.vocabularies).name}"
    return TermPage(
        title=term.label,
        path=f"{folder}/{term.id}",
        term=term,
        arrangement=term if isinstance(term, Arrangement) else None,
        guide=guide,
        sources=source_views(guide.sources) if guide else (),
        cites_general=any("#source-general" in section.html for section in guide.sections) if guide else False,
        cards=case_cards(result, generation),
        total=result.total,
        search_href=SearchParams().with_filter(facet.name, term.id).href(),
        overview=Link(f"All {facet.vocabulary(generation.vocabularies).name}", folder),
    )


@dataclass(frozen=True)
class ArrangementsPage(Page):
    """`/arrangements`."""

    cards: tuple[ArrangementCard, ...]


@dataclass(frozen=True)
class ChallengesPage(Page):
    """`/challenges`."""

    cards: tuple[TermCard, ...]


@dataclass(frozen=True)
class CountryGroup:
    """The cities of one country."""

    label: str
    href: str
    cities: tuple[TermCard, ...]


@dataclass(frozen=True)
class CitiesPage(Page):
    """`/cities`."""

    countries: tuple[CountryGroup, ...]
    total: int


def cities_page(generation: Generation) -> CitiesPage:
    """Cities with cases, by country."""
    vocabularies = generation.vocabularies
    found = counts(generation, "city")
    groups = []
    for country in sorted(vocabularies.countries, key=lambda country: country.label):
        cards = tuple(
            TermCard(city.label, f"/cities/{city.id}", "", found[city.id])
            for city in sorted(vocabularies.cities, key=lambda city: city.label)
            if city.country == country.id and city.id in found
        )
        if cards:
            href = SearchParams().with_filter("country", country.id).href()
            groups.append(CountryGroup(country.label, href, cards))
    return CitiesPage("Cities", "/cities", tuple(groups), len(found))


@dataclass(frozen=True)
class CityPage(Page):
    """`/cities/{id}`."""

    city: City
    country: Link
    cards: tuple[CaseCard, ...]
    elsewhere: tuple[Link, ...]
    """Other cities of the same country that have cases."""


def city_page(city: City, generation: Generation) -> CityPage:
    """The page of one city."""
    vocabularies = generation.vocabularies
    found = counts(generation, "city")
    return CityPage(
        title=city.label,
        path=f"/cities/{city.id}",
        city=city,
        country=Link(
            vocabularies.countries.label(city.country), SearchParams().with_filter("country", city.country).href()
        ),
        cards=case_cards(cases_with(generation, "city", city.id), generation),
        elsewhere=tuple(
            Link(other.label, f"/cities/{other.id}")
            for other in vocabularies.cities
            if other.country == city.country and other.id != city.id and other.id in found
        ),
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


def about_page(generation: Generation) -> AboutPage:
    """What this is, how it is made, and what it is not."""
    found = counts(generation, "evidence")
    cards = tuple(
        TermCard(
            term.label, SearchParams().with_filter("evidence", term.id).href(), term.description, found.get(term.id, 0)
        )
        for term in generation.vocabularies.evidence
    )
    return AboutPage("About", "/about", generation.manifest.count, cards)


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


def wanted_terms(generation: Generation) -> tuple[WantedTerm, ...]:
    """The terms of all facets that no case has, statuses aside: nobody is asked to end a practice."""
    result = generation.search(make_request(size=0))
    return tuple(
        WantedTerm(facet.label, term.label, term.description)
        for facet in FACETS
        if facet.name != "status"
        for term in facet.vocabulary(generation.vocabularies)
        if term.id not in {count.value for count in result.facets[facet.name]}
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


_EXAMPLES = {
    "/api/v1/search": "/api/v1/search?q=youth&arrangement=informing-and-intervening",
    "/api/v1/cases/{slug}": "/api/v1/cases/aarhus-info-house",
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
    return ApiDocsPage("API for programs", "/api/docs", endpoints)


def _parameter(given: dict[str, Any]) -> Parameter:
    schema = given["schema"]
    kind = schema.get("type", "text")
    limits = [f"from {schema['minimum']}"] if "minimum" in schema else []
    limits += [f"up to {schema['maximum']}"] if "maximum" in schema else []
    names = {"array": "text, repeatable", "string": "text", "integer": "number"}
    return Parameter(given["name"], " ".join([names.get(kind, kind), *limits]), given.get("description", ""))
