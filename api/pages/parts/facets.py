"""What a search can be narrowed by, with how many cases each choice has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb import FACETS, FACETS_BY_NAME, FacetCount, FacetField, Vocabularies, gettext, ngettext

OPEN = ("arrangement", "challenge", "extremism")
"""The facets that are open at first: those that people ask for before others."""

_FIRST = (*OPEN, "continent", "country", "city", "handled", "sector", "audience", "evidence", "decade")

IN_ORDER = tuple(sorted(FACETS_BY_NAME, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)))
"""The names of all facets in the order in which pages show them."""

SHORT_FACET = 10
"""Values that a facet shows at first: all challenges."""

FIRST_VALUES = 6
"""Values shown first if there are more."""


@dataclass(frozen=True)
class FacetLine:
    """One value to narrow by."""

    value: str
    label: str
    count: int
    unit: str
    """What is counted, in the form that goes with the number."""
    selected: bool


@dataclass(frozen=True)
class FacetGroup:
    """One facet with its values."""

    name: str
    label: str
    lines: tuple[FacetLine, ...]
    more: tuple[FacetLine, ...]
    """Values shown on request."""
    selected: int
    """How many values are selected."""
    is_open: bool


def facet_groups(
    found: Mapping[str, Sequence[FacetCount]], vocabularies: Vocabularies, opened: Sequence[str] = OPEN
) -> tuple[FacetGroup, ...]:
    """All facets as pages show them; `opened` are open, and so are those with a selected value."""
    return tuple(_group(FACETS_BY_NAME[name], found[name], vocabularies, name in opened) for name in IN_ORDER)


def facets_in_address() -> str:
    """The names of the facets in the order in which an address contains them, for scripts."""
    return " ".join(facet.name for facet in FACETS)


def _group(facet: FacetField, found: Sequence[FacetCount], vocabularies: Vocabularies, is_open: bool) -> FacetGroup:
    vocabulary = facet.vocabulary(vocabularies)
    if facet.in_order:
        found = sorted(found, key=lambda count: vocabulary.place(count.value))
    lines = tuple(
        FacetLine(
            count.value,
            vocabulary.label(count.value),
            count.cases,
            ngettext("case", "cases", count.cases),
            count.selected,
        )
        for count in found
    )
    selected = sum(line.selected for line in lines)
    shown, more = _first_lines(lines)
    return FacetGroup(facet.name, gettext(facet.label), shown, more, selected, is_open or selected > 0)


def _first_lines(lines: tuple[FacetLine, ...]) -> tuple[tuple[FacetLine, ...], tuple[FacetLine, ...]]:
    """The start of a long list with the selected values, and the rest."""
    if len(lines) <= SHORT_FACET:
        return lines, ()
    shown = tuple(line for place, line in enumerate(lines) if place < FIRST_VALUES or line.selected)
    return shown, tuple(line for place, line in enumerate(lines) if place >= FIRST_VALUES and not line.selected)
