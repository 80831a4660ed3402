"""The search in an address: parsed, changed, and written back.

Every link to a search or a comparison is built here; nothing else assembles query strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice
from urllib.parse import quote_plus, urlencode

from api.address import paths, saved_list
from api.address.notices import Unusable, UnusableAddress, unknown_names, unknown_values
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
    plain_name,
    read_terms,
)

VIEW = "view"
"""The parameter that says how results are shown: a choice of the page, unknown to programs."""

COMPACT = "compact"

NAMES = ("q", *FACETS_BY_NAME, "sort", "page", "size", VIEW, saved_list.SLUG, saved_list.NAME)
"""The parameters of a search, in the order they are written, and those of the saved list beside it."""

_FACETS_BY_LABEL = {plain_name(name): facet.name for facet in FACETS for name in (facet.label, facet.column)}

VALUES_READ = 200
"""The most values read for one facet: more than anyone ticks."""


@dataclass(frozen=True)
class SearchParams:
    """A search as given in an address. Changing it returns a new one, back on the first page."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = DEFAULT_SIZE
    compact: bool = False
    """Whether results are shown as rows of one or two lines. Only the search page has this choice, so only its
    addresses carry it."""
    unusable: tuple[Unusable, ...] = ()
    """What of the address was left out."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Problems with the address, for those who see them beside the result."""
        return tuple(item.notice for item in self.unusable)

    def wholly_usable(self) -> SearchParams:
        """The same search, for an answer that could not say what was left out of it.

        Raises UnusableAddress if anything was: without a filter a result is wider than what was asked for.
        """
        if self.unusable:
            raise UnusableAddress(self.unusable)
        return self

    def selected(self, facet: str) -> tuple[str, ...]:
        """The selected values of a facet."""
        return self.filters.get(facet, ())

    def with_filter(self, facet: str, value: str) -> SearchParams:
        """With one more value of a facet: narrower, or wider if the facet already has values."""
        values = (*(other for other in self.selected(facet) if other != value), value)
        return replace(self, filters={**self.filters, facet: values}, page=1)

    def with_only(self, facet: str, value: str) -> SearchParams:
        """With this value of a facet in place of those that were selected."""
        return replace(self, filters={**self.filters, facet: (value,)}, page=1)

    def without_filter(self, facet: str, value: str) -> SearchParams:
        """Without one value."""
        values = tuple(other for other in self.selected(facet) if other != value)
        others = {name: values for name, values in self.filters.items() if name != facet}
        return replace(self, filters={**others, facet: values} if values else others, page=1)

    def without_facet(self, facet: str | None) -> SearchParams:
        """Without any value of a facet; None for all of them."""
        if facet is None:
            return self.without_filters()
        return replace(self, filters={name: values for name, values in self.filters.items() if name != facet}, page=1)

    def with_text(self, text: str) -> SearchParams:
        """Other words, with the same filters."""
        return replace(self, text=text, page=1)

    def without_filters(self) -> SearchParams:
        """The words alone."""
        return replace(self, filters={}, page=1)

    def with_view(self, *, compact: bool) -> SearchParams:
        """The same search, with its results shown in another way."""
        return replace(self, compact=compact, page=1)

    def with_page(self, page: int) -> SearchParams:
        """Another page of the same search."""
        return replace(self, page=page)

    def case_href(self, slug: str, anchor: str = "") -> str:
        """The address of a hit: it carries the words to mark."""
        address = f"{paths.case(slug)}?{urlencode({'q': self.text})}" if self.text else paths.case(slug)
        return f"{address}#{anchor}" if anchor else address

    def whole(self) -> SearchParams:
        """The search itself, without page number."""
        return replace(self, page=1, size=DEFAULT_SIZE)

    def request(self, *, marked: bool = True) -> SearchRequest:
        """The request for the core; without passages and marks if nobody would see them."""
        # Without words nothing matches better than anything else: cities in order are what can be read through.
        is_plain_list = self.sort is Sort.RELEVANCE and not self.text
        sort = Sort.CITY if is_plain_list else self.sort
        request = make_request(self.text, self.filters, sort=sort, page=self.page, size=self.size, notices=self.notices)
        return request if marked else replace(request, marked=False)

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Name and value of every parameter that differs from its default, in a fixed order."""
        if self.text:
            yield "q", self.text
        for facet in FACETS:
            for value in self.selected(facet.name):
                yield facet.name, value
        if self.sort is not Sort.RELEVANCE:
            yield "sort", self.sort.value
        if self.page != 1:
            yield "page", str(self.page)
        if self.size != DEFAULT_SIZE:
            yield "size", str(self.size)

    def says_too_much(self, given: Sequence[tuple[str, str]]) -> bool:
        """Whether an address contains empty or default values, as a form sends them without a script. An address with
        mistakes is left alone: its notices refer to it."""
        usual = {(VIEW, ""), ("sort", SearchParams().sort.value), ("page", "1"), ("size", str(DEFAULT_SIZE))}
        return not self.unusable and any(not value or (name, value) in usual for name, value in given)

    def href(self, path: str = paths.CASES) -> str:
        """The address of this search.

        >>> SearchParams("youth trust").with_filter("city", "aarhus").href()
        '/cases?q=youth+trust&city=aarhus'
        """
        view = [(VIEW, COMPACT)] if self.compact and path == paths.CASES else []
        query = urlencode([*self.pairs(), *view])
        return f"{path}?{query}" if query else path

    @cached_property
    def _first_page(self) -> Sequence[tuple[int, str]]:
        """The `pairs` of the first page, as written in an address, each with the position of its name."""
        return [(NAMES.index(name), urlencode([(name, value)])) for name, value in replace(self, page=1).pairs()]

    def toggling(self, facet: str, path: str) -> Callable[[str], str]:
        """A function from a value of a facet to the address of this search with it, or without it if it is selected.

        A facet may have hundreds of values, so the text common to all those addresses is built once.
        """
        place = NAMES.index(facet)
        before = "&".join(pair for at, pair in self._first_page if at <= place)
        after = "&".join(pair for at, pair in self._first_page if at > place)
        start = f"{path}?{before}&{facet}=" if before else f"{path}?{facet}="
        end = f"&{after}" if after else ""
        selected = self.selected(facet)

        def address(value: str) -> str:
            return self.without_filter(facet, value).href(path) if value in selected else start + _quoted(value) + end

        return address


@lru_cache(maxsize=10_000)
def _quoted(value: str) -> str:
    """A facet value quoted for an address; the same ones occur in nearly every result."""
    return quote_plus(value)


def read_params(given: Mapping[str, list[str]], vocabularies: Vocabularies) -> SearchParams:
    """The search in an address, whichever page of it; `given` contains all its parameters.

    What cannot be used is left out, with a notice: an old link must still work.
    """
    given = _with_known_names(given)
    unusable: list[Unusable] = []
    filters = {}
    for facet in FACETS:
        vocabulary = facet.vocabulary(vocabularies)
        named = read_terms(vocabulary, islice(filter(str.strip, given.get(facet.name, ())), VALUES_READ))
        unusable.extend(unknown_values(facet.name, named.unknown, vocabulary))
        if named.ids:
            filters[facet.name] = named.ids
    unusable.extend(unknown_names(given, NAMES))
    return SearchParams(
        text=read_text((given.get("q") or [""])[-1]),
        filters=filters,
        sort=_sort(given, unusable),
        compact=(given.get(VIEW) or [""])[-1] == COMPACT,
        unusable=tuple(unusable),
    )


def _with_known_names(given: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    """The parameters with the labels of facets, as people read them above their values, replaced by their names."""
    found: dict[str, list[str]] = {}
    for name, values in given.items():
        known = name if name in NAMES else _FACETS_BY_LABEL.get(plain_name(name[:60]), name)
        found.setdefault(known, []).extend(values)
    return found


def compare_href(slugs: Iterable[str] = (), arrangements: Iterable[str] = (), path: str = paths.COMPARE) -> str:
    """The address that shows these cases, or arrangements, side by side.

    >>> compare_href(["aarhus-info-house", "oslo-salto"])
    '/compare?case=aarhus-info-house&case=oslo-salto'
    """
    named = [("case", slug) for slug in slugs] + [("arrangement", term_id) for term_id in arrangements]
    return f"{path}?{urlencode(named)}" if named else path


def read_text(given: str) -> str:
    """The text of the search. One character more than a search reads is preserved, so that the search can report it."""
    return given.strip()[: MAX_CHARACTERS + 1]


def _sort(given: Mapping[str, list[str]], unusable: list[Unusable]) -> Sort:
    wanted = (given.get("sort") or [""])[-1].strip()
    named = plain_name(wanted[:60])
    if named in {sort.value for sort in Sort}:
        return Sort(named)
    if wanted:
        orders = ", ".join(sort.value for sort in Sort)
        unusable.append(Unusable("sort", Notice.of("unknown-sort", value=wanted[:60], known=orders)))
    return Sort.RELEVANCE
