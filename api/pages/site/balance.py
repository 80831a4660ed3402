"""Where the collection has many cases and where few, shown openly so that counts are not read as prevalence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api.address.search_state import SearchParams
from api.pages.parts.page import Link
from kb import FACETS_BY_NAME, Generation, ReviewState, Sort, plural

DECADES = 6
"""The most decades plotted; older cases share one more row."""


@dataclass(frozen=True)
class Bar:
    """How many cases have one value."""

    label: str
    href: str | None
    cases: int
    width: str
    """The length of the bar, in percent of the collection."""
    share: str
    """The same in words."""


@dataclass(frozen=True)
class Plot:
    """How cases are spread over the values of one property."""

    id: str
    title: str
    values: str
    """What the values are."""
    bars: tuple[Bar, ...]
    has_several: bool
    """Whether a case can have several values, so that shares add up to more than all."""
    more: Link | None = None


@dataclass(frozen=True)
class Balance:
    """The balance of the collection in sentences and plots; none for an empty one."""

    sentences: tuple[str, ...] = ()
    plots: tuple[Plot, ...] = ()


def balance(generation: Generation) -> Balance:
    """Where the collection has many cases and where few."""
    total = generation.manifest.count
    if not total:
        return Balance()
    continents, starts = _by_continent(generation), _by_start(generation)
    return Balance(
        sentences=(
            _sentence_on_continents(continents, total),
            _sentence_on_countries(generation.counts["country"]),
            _sentence_on_starts(starts, total),
            _sentence_on_evidence(generation),
            _sentence_on_reviews(generation.cases.reviews(), total),
        ),
        plots=(
            continents,
            _by_facet("arrangement", generation),
            _by_facet("challenge", generation),
            starts,
            _by_facet("evidence", generation),
            _by_facet("extremism", generation),
            _by_facet("audience", generation),
            _by_facet("sector", generation),
        ),
    )


# Plots ----------------------------------------------------------------------------------------------------------------


def _by_facet(name: str, generation: Generation) -> Plot:
    """The values of a facet in the order of their vocabulary, with those that no case has."""
    facet, counts, total = FACETS_BY_NAME[name], generation.counts[name], generation.manifest.count
    bars = [
        _bar(term.label, counts.get(term.id, 0), total, SearchParams().with_filter(name, term.id).href())
        for term in facet.vocabulary(generation.vocabularies)
    ]
    return _plot(name, facet.label, bars, total)


def _by_continent(generation: Generation) -> Plot:
    """Continents, that with most cases first."""
    plot = _by_facet("continent", generation)
    return replace(plot, bars=tuple(sorted(plot.bars, key=lambda bar: -bar.cases)))


def _by_start(generation: Generation) -> Plot:
    """The decades in which the work began."""
    total = generation.manifest.count
    starts = {int(decade[:4]): cases for decade, cases in generation.counts["decade"].items()}
    # Up to the current decade, so that a lack of recent cases shows.
    last = max(*starts, int(generation.manifest.created[:4]) // 10 * 10)
    first = max(min(starts), last - 10 * (DECADES - 1))
    earlier = sum(cases for decade, cases in starts.items() if decade < first)
    bars = [_bar(f"before {first}", earlier, total)] if earlier else []
    for decade in range(first, last + 10, 10):
        href = SearchParams().with_filter("decade", f"{decade}s").href()
        bars.append(_bar(f"in the {decade}s", starts.get(decade, 0), total, href))
    by_start = Link("Cases by start", SearchParams(sort=Sort.STARTED).href())
    return _plot("start", "Start of the work", bars, total, by_start)


def _plot(name: str, values: str, bars: list[Bar], total: int, more: Link | None = None) -> Plot:
    return Plot(f"by-{name}", f"By {values.lower()}", values, tuple(bars), sum(bar.cases for bar in bars) > total, more)


def _bar(label: str, cases: int, total: int, href: str | None = None) -> Bar:
    percent = 100 * cases / total
    return Bar(label, href, cases, f"{percent:.1f}", _share(percent))


def _share(percent: float) -> str:
    """A share for people; rounding never turns something into 0% or less than all into 100%.

    >>> _share(0.2), _share(12.6), _share(99.7), _share(100)
    ('under 1%', '13%', 'over 99%', '100%')
    """
    if 0 < percent < 1:
        return "under 1%"
    return "over 99%" if 99 < percent < 100 else f"{percent:.0f}%"


# Sentences ------------------------------------------------------------------------------------------------------------


def _sentence_on_continents(plot: Plot, total: int) -> str:
    most = plot.bars[0]
    return f"{_part(most.cases, total, 'is', 'are')} from {most.label}."


def _sentence_on_countries(counts: Mapping[str, int]) -> str:
    single = sum(cases == 1 for cases in counts.values())
    if len(counts) == 1:
        return "All cases are from one country."
    sentence = f"The cases are from {len(counts)} countries"
    if not single:
        return f"{sentence}."
    return f"{sentence}, of which {single} {plural(single, 'has', 'have')} a single case."


def _sentence_on_starts(plot: Plot, total: int) -> str:
    most = max(plot.bars, key=lambda bar: bar.cases)
    return f"{_part(most.cases, total, 'describes', 'describe')} work that began {most.label}."


def _sentence_on_evidence(generation: Generation) -> str:
    # The vocabulary goes from least to most.
    best = tuple(generation.vocabularies.evidence)[-1]
    cases = generation.counts["evidence"].get(best.id, 0)
    return f"{_part(cases, generation.manifest.count, 'has', 'have')} the highest evidence level, “{best.label}”."


def _sentence_on_reviews(reviews: Mapping[str, int], total: int) -> str:
    return f"{_part(reviews.get(ReviewState.REVIEWED, 0), total, 'has', 'have')} been reviewed by the city."


def _part(cases: int, total: int, one: str, many: str) -> str:
    """How many of all cases, with the form of the verb that goes with it.

    >>> _part(43, 68, "is", "are"), _part(1, 68, "is", "are"), _part(0, 68, "is", "are")
    ('43 of the 68 cases are', '1 of the 68 cases is', 'None of the 68 cases is')
    >>> _part(2, 2, "is", "are"), _part(1, 1, "is", "are"), _part(0, 1, "has", "have")
    ('All 2 cases are', 'The only case is', 'Not even the only case has')
    """
    if total == 1:
        return f"{'The only case' if cases else 'Not even the only case'} {one}"
    if cases == total:
        return f"All {total} cases {many}"
    return f"{cases or 'None'} of the {total} cases {many if cases > 1 else one}"
