"""The search as it stands in an address: read from it, changed, and written back.

Every link to a search or to a comparison on any page is made here; nothing else joins query strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from urllib.parse import quote_plus, urlencode

from api.address import paths
from api.address.notices import unknown_names, unknown_values
from kb import (
    DEFAULT_SIZE,
    FACETS,
    FACETS_BY_NAME,
    MAX_CHARACTERS,
    Notice,
    SearchRequest,
    Sort,
    Vocabularies,
    make_request,
)

NAMES = ("q", *FACETS_BY_NAME, "sort", "page", "size", "shelf")
"""The parameters of a search, in the order they are written."""

VALUES_READ = 200
"""Values of a facet that are read: more than anybody ticks."""

SLUG_ROOM = 120
"""Characters of the longest slug that is looked up."""

SHELF_ROOM = 12
"""Cases that a shelf holds: more than a meeting reads, and an address that still fits into a mail."""


@dataclass(frozen=True)
class SearchParams:
    """A search as an address tells it. Changing it gives a new one; the page number starts again by itself."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = DEFAULT_SIZE
    shelf: tuple[str, ...] = ()
    """Slugs of the cases put aside for comparing. It travels with the search page, and narrows nothing."""
    notices: tuple[Notice, ...] = ()
    """What was wrong with the address."""

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The chosen values of a facet."""
        return self.filters.get(facet, ())

    def with_filter(self, facet: str, value: str) -> SearchParams:
        """Narrowed by one more value (or widened, if the facet has others)."""
        values = (*(chosen for chosen in self.chosen(facet) if chosen != value), value)
        return replace(self, filters={**self.filters, facet: values}, page=1)

    def with_only(self, facet: str, value: str) -> SearchParams:
        """With this value of a facet in place of those that were chosen."""
        return replace(self, filters={**self.filters, facet: (value,)}, page=1)

    def without_filter(self, facet: str, value: str) -> SearchParams:
        """Without one value."""
        values = tuple(chosen for chosen in self.chosen(facet) if chosen != value)
        others = {name: chosen for name, chosen in self.filters.items() if name != facet}
        return replace(self, filters={**others, facet: values} if values else others, page=1)

    def without_facet(self, facet: str) -> SearchParams:
        """Without any value of a facet."""
        return replace(self, filters={name: chosen for name, chosen in self.filters.items() if name != facet}, page=1)

    def with_text(self, text: str) -> SearchParams:
        """Other words, with the same filters."""
        return replace(self, text=text, page=1)

    def without_filters(self) -> SearchParams:
        """The words alone."""
        return replace(self, filters={}, page=1)

    def with_page(self, page: int) -> SearchParams:
        """Another page of the same search."""
        return replace(self, page=page)

    def with_on_shelf(self, slug: str) -> SearchParams:
        """The same page of the same search with one more case put aside; a full shelf stays as it is."""
        others = tuple(kept for kept in self.shelf if kept != slug)
        return self if len(others) >= SHELF_ROOM else replace(self, shelf=(*others, slug))

    def without_on_shelf(self, slug: str) -> SearchParams:
        """The same with one case fewer put aside."""
        return replace(self, shelf=tuple(kept for kept in self.shelf if kept != slug))

    def case_href(self, slug: str, anchor: str = "") -> str:
        """The address of a case that was found: it knows the words, to mark them, and the shelf."""
        pairs = [("q", self.text)] if self.text else []
        query = urlencode([*pairs, *(("shelf", kept) for kept in self.shelf)])
        address = f"{paths.case(slug)}?{query}" if query else paths.case(slug)
        return f"{address}#{anchor}" if anchor else address

    def whole(self) -> SearchParams:
        """The search itself, whichever page of it was asked for and whatever was put aside."""
        return replace(self, page=1, size=DEFAULT_SIZE, shelf=())

    def request(self, *, marked: bool = True) -> SearchRequest:
        """What to ask the core; without passages and marks where nobody would see them."""
        request = make_request(
            self.text, self.filters, sort=self.sort, page=self.page, size=self.size, notices=self.notices
        )
        return request if marked else replace(request, marked=False)

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Name and value of everything that is not as it is by default, in a fixed order."""
        if self.text:
            yield "q", self.text
        for facet in FACETS:
            for value in self.chosen(facet.name):
                yield facet.name, value
        if self.sort is not Sort.RELEVANCE:
            yield "sort", self.sort.value
        if self.page != 1:
            yield "page", str(self.page)
        if self.size != DEFAULT_SIZE:
            yield "size", str(self.size)

    def says_too_much(self, given: Sequence[tuple[str, str]]) -> bool:
        """Whether an address holds empty or usual values, as a form without a script sends them. Where something was
        wrong with it, it stays as it is: the notices belong to it."""
        usual = {("sort", SearchParams().sort.value), ("page", "1"), ("size", str(DEFAULT_SIZE))}
        return not self.notices and any(not value or (name, value) in usual for name, value in given)

    def href(self, path: str = paths.CASES) -> str:
        """The address of this search; what is put aside is for the search page alone.

        >>> SearchParams("youth trust").with_filter("city", "aarhus").href()
        '/cases?q=youth+trust&city=aarhus'
        """
        shelf = [("shelf", slug) for slug in self.shelf] if path == paths.CASES else []
        query = urlencode([*self.pairs(), *shelf])
        return f"{path}?{query}" if query else path

    @cached_property
    def _first_page(self) -> Sequence[tuple[int, str]]:
        """What `pairs` gives for the first page, as written in an address, each with the place of its name."""
        return [(NAMES.index(name), urlencode([(name, value)])) for name, value in replace(self, page=1).pairs()]

    def toggling(self, facet: str, path: str) -> Callable[[str], str]:
        """Gives for each value of a facet the address of this search with it, or without it if it is chosen.

        A facet may have hundreds of values: what is the same in all those addresses is written once.
        """
        place = NAMES.index(facet)
        before = "&".join(pair for at, pair in self._first_page if at <= place)
        behind = "&".join(pair for at, pair in self._first_page if at > place)
        start = f"{path}?{before}&{facet}=" if before else f"{path}?{facet}="
        end = f"&{behind}" if behind else ""
        chosen = self.chosen(facet)

        def address(value: str) -> str:
            return self.without_filter(facet, value).href(path) if value in chosen else start + _quoted(value) + end

        return address


@lru_cache(maxsize=10_000)
def _quoted(value: str) -> str:
    """A value of a facet for an address; the same ones stand in nearly every result."""
    return quote_plus(value)


def read_params(given: Mapping[str, list[str]], vocabularies: Vocabularies) -> SearchParams:
    """The search that an address tells, whichever page of it; `given` has all its parameters.

    What cannot be used is left out, and a notice says so: an old link must still lead somewhere.
    """
    notices: list[Notice] = []
    filters = {}
    for facet in FACETS:
        vocabulary = facet.vocabulary(vocabularies)
        values = dict.fromkeys(filter(None, given.get(facet.name, ())[:VALUES_READ]))
        known = tuple(value for value in values if value in vocabulary)
        unknown = [value for value in values if value not in vocabulary]
        notices.extend(unknown_values(facet.label.lower(), unknown, vocabulary))
        if known:
            filters[facet.name] = known
    notices.extend(unknown_names(given, NAMES))
    return SearchParams(
        text=read_text((given.get("q") or [""])[-1]),
        filters=filters,
        sort=_sort(given, notices),
        shelf=read_shelf(given.get("shelf", ())),
        notices=tuple(notices),
    )


@dataclass(frozen=True)
class Arrival:
    """How a visitor came to a case: the words looked for, and what was put aside on the way."""

    text: str = ""
    shelf: tuple[str, ...] = ()


def compare_href(slugs: Iterable[str] = (), arrangements: Iterable[str] = (), path: str = paths.COMPARE) -> str:
    """The address where these cases, or arrangements, stand side by side.

    >>> compare_href(["aarhus-info-house", "oslo-salto"])
    '/compare?case=aarhus-info-house&case=oslo-salto'
    """
    named = [("case", slug) for slug in slugs] + [("arrangement", term_id) for term_id in arrangements]
    return f"{path}?{urlencode(named)}" if named else path


def read_text(given: str) -> str:
    """What was typed. Of more than a search reads one character is kept, so that the search can say so."""
    return given.strip()[: MAX_CHARACTERS + 1]


def read_shelf(given: Iterable[str]) -> tuple[str, ...]:
    """The slugs put aside, each once, as many as there is room for."""
    slugs = (slug for slug in given if 0 < len(slug) <= SLUG_ROOM)
    return tuple(dict.fromkeys(slugs))[:SHELF_ROOM]


def _sort(given: Mapping[str, list[str]], notices: list[Notice]) -> Sort:
    wanted = (given.get("sort") or [""])[-1]
    if wanted in {sort.value for sort in Sort}:
        return Sort(wanted)
    if wanted:
        orders = ", ".join(sort.value for sort in Sort)
        notices.append(Notice("unknown-sort", f"There is no order “{wanted[:60]}”. There are: {orders}."))
    return Sort.RELEVANCE
