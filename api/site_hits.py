"""What of the site, beside cases, the words of a search name: guide pages, places, and tools."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.address import paths
from api.address.search_state import SearchParams
from kb import Generation, Kind, Name, Names, cases_in_words, gettext, gettext_noop

MOST = 3
"""Lines above the cases."""


@dataclass(frozen=True)
class SiteHit:
    """Something of the site that answers a search."""

    kind: str
    """``challenge``, ``city``, ``tool``…"""
    label: str
    href: str
    note: str
    """What is there."""

    @property
    def kind_in_words(self) -> str:
        """What it is, before its label."""
        return f"{gettext(KINDS[self.kind])}:"


KINDS = {
    "arrangement": gettext_noop("Arrangement"),
    "challenge": gettext_noop("Challenge"),
    "city": gettext_noop("City"),
    "country": gettext_noop("Country"),
    "continent": gettext_noop("Continent"),
    "region": gettext_noop("Region"),
    "tool": gettext_noop("Tool"),
    "guide": gettext_noop("Guide"),
    "help": gettext_noop("Help"),
}


_TOOLS: tuple[tuple[SiteHit, tuple[str, ...]], ...] = (
    (
        SiteHit(
            "tool", gettext_noop("Matrix"), paths.MATRIX, gettext_noop("Cases counted by challenge and arrangement")
        ),
        ("matrix", "heat map", "cross table", "crosstab", "overview of challenges"),
    ),
    (
        SiteHit("tool", gettext_noop("Map"), paths.MAP, gettext_noop("Where the cases are")),
        ("map", "world map", "atlas"),
    ),
    (
        SiteHit("tool", gettext_noop("Compare"), paths.COMPARE, gettext_noop("Cases or arrangements side by side")),
        ("compare", "comparison", "comparing cases", "side by side"),
    ),
    (
        SiteHit(
            "tool",
            gettext_noop("Which arrangement fits?"),
            paths.WHICH,
            gettext_noop("Three questions lead to an arrangement"),
        ),
        ("which arrangement fits", "which arrangement", "questionnaire", "decision tree", "choose an arrangement"),
    ),
    (
        SiteHit(
            "tool",
            gettext_noop("Worksheets"),
            paths.WORKSHEETS,
            gettext_noop("One page for each arrangement, to fill in for a meeting"),
        ),
        ("worksheet", "worksheets", "template for a meeting", "handout", "checklist", "printable"),
    ),
    (
        SiteHit(
            "guide",
            gettext_noop("Arrangements"),
            paths.ARRANGEMENTS,
            gettext_noop("The six kinds of collaboration explained"),
        ),
        ("arrangement", "kinds of collaboration", "types of collaboration", "typology", "collaboration types"),
    ),
    (
        SiteHit(
            "guide",
            gettext_noop("Challenges"),
            paths.CHALLENGES,
            gettext_noop("What makes collaboration hard, and how it was handled"),
        ),
        ("challenge", "obstacles", "pitfalls", "difficulties of collaboration"),
    ),
    (
        SiteHit("guide", gettext_noop("Cities"), paths.CITIES, gettext_noop("All cities with cases")),
        ("city", "all cities", "list of cities"),
    ),
    (
        SiteHit(
            "help",
            gettext_noop("About"),
            paths.ABOUT,
            gettext_noop("Who is behind this, how cases are written, and what they are not"),
        ),
        ("about", "about us", "who made this", "licence", "license", "methodology", "contact", "privacy policy"),
    ),
    (
        SiteHit(
            "help", gettext_noop("Contribute a case"), paths.CONTRIBUTE, gettext_noop("How to add or correct a case")
        ),
        (
            "contribute",
            "contribute a case",
            "submit a case",
            "add a case",
            "write a case",
            "correction",
            "contributing",
        ),
    ),
    (
        SiteHit("help", gettext_noop("API"), paths.API_DOCS, gettext_noop("The whole collection for programs")),
        ("api", "json", "open data", "download", "developer", "csv", "dataset"),
    ),
)


def site_hits(text: str, generation: Generation) -> tuple[SiteHit, ...]:
    """The best of what the site has on what was typed, beside cases."""
    named = [_site_hit(name) for name in generation.names.named_in(text, MOST)]
    tools = [_translated(tool) for tool in _TOOL_NAMES.named_in(text, 1)] if text else []
    if worksheet := _worksheet(named, tools):
        return (worksheet, *named)[:MOST]
    return tuple(dict.fromkeys((*named, *tools)))[:MOST]


_TOOL_NAMES = Names.of((tool, tool.label, names) for tool, names in _TOOLS)


def _translated(hit: SiteHit) -> SiteHit:
    return replace(hit, label=gettext(hit.label), note=gettext(hit.note))


def _worksheet(named: list[SiteHit], tools: list[SiteHit]) -> SiteHit | None:
    """The worksheet of the arrangement that was named with it."""
    arrangement = next((hit for hit in named if hit.kind == Kind.ARRANGEMENT), None)
    if arrangement is None or not any(tool.label == gettext("Worksheets") for tool in tools):
        return None
    return SiteHit(
        "tool",
        gettext("Worksheet: {arrangement}").format(arrangement=arrangement.label),
        f"{arrangement.href}/worksheet",
        gettext("To fill in for a meeting"),
    )


def _site_hit(name: Name) -> SiteHit:
    cases = cases_in_words(name.count)
    if name.kind in {Kind.ARRANGEMENT, Kind.CHALLENGE}:
        return SiteHit(
            name.kind, name.label, Kind(name.kind).page(name.id), gettext("Guide and {cases}").format(cases=cases)
        )
    if name.kind == Kind.CITY:
        return SiteHit(name.kind, name.label, paths.city(name.id), cases)
    if name.kind == "country":
        return SiteHit(name.kind, name.label, paths.country(name.id), cases)
    if name.kind == "continent":
        return SiteHit(name.kind, name.label, paths.continent(name.id), cases)
    if name.kind == "region":
        return SiteHit(name.kind, name.label, SearchParams(filters={"country": tuple(name.members)}).href(), cases)
    return SiteHit(name.kind, name.label, SearchParams().with_filter(name.kind, name.id).href(), cases)
