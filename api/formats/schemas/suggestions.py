"""Suggestions while typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from api.address import paths
from api.address.search_state import SearchParams
from api.address.site import Site
from kb import Kind, Ranges, Suggested


@dataclass(slots=True)
class SuggestionOut:
    """A name that begins with what was typed."""

    kind: Annotated[str, Field(description="The name of a facet, or “case”.")]
    id: str
    label: str
    alias: Annotated[
        str | None, Field(description="The other name it was found by, where the label does not show why.")
    ]
    count: Annotated[int, Field(description="How many cases it stands for.")]
    url: str
    ranges: Annotated[Ranges, Field(description="What to mark in the label.")]


def _page(kind: str, name: str) -> str:
    if kind in set(Kind):
        return Kind(kind).page(name)
    if kind == "country":
        return paths.country(name)
    return paths.continent(name) if kind == "continent" else SearchParams().with_filter(kind, name).href()


def suggestion_out(suggestion: Suggested, site: Site) -> SuggestionOut:
    """A suggestion with its link."""
    name = suggestion.name
    page = _page(name.kind, name.id)
    return SuggestionOut(
        kind=name.kind,
        id=name.id,
        label=name.label,
        alias=suggestion.alias,
        count=name.count,
        url=site.url(page),
        ranges=suggestion.ranges,
    )
