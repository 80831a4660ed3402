"""Where the collection has many cases and where few, shown openly so that counts are not read as prevalence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from api.address.search_state import SearchParams
from api.pages.parts.page import Link
from kb import FACETS_BY_NAME, Generation, ReviewState, Sort, cases_in_words, gettext, ngettext

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


COLUMNS_WIDTH, COLUMNS_HEIGHT, COLUMNS_TOP = 420, 130, 24
"""Of a drawing of columns, in its own unit; above them is room for numbers."""


@dataclass(frozen=True)
class Column:
    """A bar that stands, in a drawing with time from left to right."""

    bar: Bar
    label: str
    """Short enough to be below it."""
    cases: str
    left: str
    middle: str
    width: str
    top: str
    height: str


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
    columns: tuple[Column, ...] = ()
    """Where the values are times: the drawing in place of bars; the table is then folded away."""


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
    bars = [_bar(gettext("before {year}").format(year=first), earlier, total)] if earlier else []
    for decade in range(first, last + 10, 10):
        href = SearchParams().with_filter("decade", f"{decade}s").href()
        bars.append(_bar(f"{decade}s", starts.get(decade, 0), total, href))
    by_start = Link(gettext("Cases by start"), SearchParams(sort=Sort.STARTED).href())
    plot = _plot("start", gettext("Start of the work"), bars, total, by_start)
    return replace(plot, columns=tuple(_columns(bars)))


def _columns(bars: Sequence[Bar]) -> Iterator[Column]:
    """The same bars as columns side by side."""
    step = COLUMNS_WIDTH / len(bars)
    most = max(bar.cases for bar in bars)
    for number, bar in enumerate(bars):
        height = COLUMNS_HEIGHT * bar.cases / most
        yield Column(
            bar,
            bar.label if bar.href else gettext("earlier"),
            cases_in_words(bar.cases),
            left=f"{step * (number + 0.18):.1f}",
            middle=f"{step * (number + 0.5):.1f}",
            width=f"{step * 0.64:.1f}",
            top=f"{COLUMNS_TOP + COLUMNS_HEIGHT - height:.1f}",
            height=f"{height:.1f}",
        )


def _plot(name: str, values: str, bars: list[Bar], total: int, more: Link | None = None) -> Plot:
    return Plot(f"by-{name}", values, values, tuple(bars), sum(bar.cases for bar in bars) > total, more)


def _bar(label: str, cases: int, total: int, href: str | None = None) -> Bar:
    percent = 100 * cases / total
    return Bar(label, href, cases, f"{percent:.1f}", _share(percent))


def _share(percent: float) -> str:
    """A share for people; rounding never turns something into 0% or less than all into 100%.

    >>> _share(0.2), _share(12.6), _share(99.7), _share(100)
    ('under 1%', '13%', 'over 99%', '100%')
    """
    if 0 < percent < 1:
        return gettext("under 1%")
    return gettext("over 99%") if 99 < percent < 100 else f"{percent:.0f}%"


# Sentences ------------------------------------------------------------------------------------------------------------


def _sentence_on_continents(plot: Plot, total: int) -> str:
    most = plot.bars[0]
    text = ngettext(
        "{cases} of {total} cases is from {continent}.", "{cases} of {total} cases are from {continent}.", most.cases
    )
    return text.format(cases=most.cases, total=total, continent=most.label)


def _sentence_on_countries(counts: Mapping[str, int]) -> str:
    single = sum(cases == 1 for cases in counts.values())
    if len(counts) == 1:
        return gettext("All cases are from one country.")
    if not single:
        return gettext("The cases are from {countries} countries.").format(countries=len(counts))
    text = ngettext(
        "The cases are from {countries} countries, of which {single} has a single case.",
        "The cases are from {countries} countries, of which {single} have a single case.",
        single,
    )
    return text.format(countries=len(counts), single=single)


def _sentence_on_starts(plot: Plot, total: int) -> str:
    most = max(plot.bars, key=lambda bar: bar.cases)
    text = (
        ngettext(
            "{cases} of {total} cases describes work that began in the {decade}.",
            "{cases} of {total} cases describe work that began in the {decade}.",
            most.cases,
        )
        if most.href
        else ngettext(
            "{cases} of {total} cases describes work that began {before}.",
            "{cases} of {total} cases describe work that began {before}.",
            most.cases,
        )
    )
    return text.format(cases=most.cases, total=total, decade=most.label, before=most.label)


def _sentence_on_evidence(generation: Generation) -> str:
    # The vocabulary goes from least to most.
    best = tuple(generation.vocabularies.evidence)[-1]
    cases = generation.counts["evidence"].get(best.id, 0)
    if not cases:
        return gettext("No case has the highest evidence level, “{level}”.").format(level=best.label)
    text = ngettext(
        "{cases} of {total} cases has the highest evidence level, “{level}”.",
        "{cases} of {total} cases have the highest evidence level, “{level}”.",
        cases,
    )
    return text.format(cases=cases, total=generation.manifest.count, level=best.label)


def _sentence_on_reviews(reviews: Mapping[str, int], total: int) -> str:
    cases = reviews.get(ReviewState.REVIEWED, 0)
    if not cases:
        return gettext("No city has reviewed its case yet.")
    text = ngettext(
        "{cases} of {total} cases has been reviewed by its city.",
        "{cases} of {total} cases have been reviewed by their cities.",
        cases,
    )
    return text.format(cases=cases, total=total)
