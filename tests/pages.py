"""Every kind of page, in the states that differ: what all pages must satisfy is tried on each of these."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from _pytest.mark import ParameterSet

PAGES = (
    "/",
    "/cases",
    "/cases?q=youth+trust&city=aarhuss&challenge=fragile-trust",
    "/cases?q=xyzzyx",
    "/cases?experienced_as=intelligence-link&shelf=aarhus-info-house&shelf=oslo-salto",
    "/cases/amsterdam-key-figures",
    "/cases/london-waltham-forest-brit?q=parents",
    "/arrangements",
    "/arrangements/which",
    "/arrangements/which?person=danger&together=yes&hears=authority&colour=red",
    "/arrangements/intelligence-link",
    "/challenges",
    "/challenges/fragile-trust",
    "/cities",
    "/cities/aarhus",
    "/cases?q=youth&view=compact",
    "/countries/denmark",
    "/continents/africa",
    "/map",
    "/map?arrangement=intelligence-link",
    "/map/europe?q=youth",
    "/map?q=xyzzyx",
    "/compare",
    "/compare?case=aarhus-info-house",
    "/compare?case=aarhus-info-house&case=vilvoorde-partner-round-table&case=nowhere",
    "/compare?arrangement=intelligence-link&arrangement=informing-and-intervening",
    "/saved",
    "/saved?shelf=aarhus-info-house&shelf=oslo-salto&shelf=bordeaux-capri&shelf=calgary-redirect&list=For+Monday",
    "/saved?shelf=aarhus-info-house&shelf=oslo-salto&shelf=nowhere&case=oslo-salto&chosen=yes",
    "/saved/reader?shelf=aarhus-info-house&shelf=oslo-salto&list=For+Monday",
    "/matrix",
    "/matrix?q=youth&country=united-kingdom&challenge=fragile-trust",
    "/about",
    "/method",
    "/new",
    "/contribute",
    "/contribute/status",
    "/contribute/status?all=unreviewed",
    "/contribute/new",
    "/contribute/new?case=oslo-salto",
    "/contribute/check",
    "/contribute/rules",
    "/contribute/rules/invisible-character",
    "/api/docs",
    "/cases?q=youth+trust&arrangement=informing-and-intervening&page=1",
    "/arrangements/intelligence-link/worksheet",
    "/nowhere",
)

COMMON = frozenset({
    "/",
    "/cases?q=youth+trust&city=aarhuss&challenge=fragile-trust",
    "/cases/london-waltham-forest-brit?q=parents",
})  # fmt: skip
"""Those that are tried whenever tests run; a test that takes long on each page tries the others in CI."""


def others_slow(addresses: Iterable[str]) -> list[ParameterSet]:
    """Parameters of a test: these addresses, of which those that are not common are marked as slow."""
    return [
        pytest.param(address, id=address, marks=() if address in COMMON else pytest.mark.slow) for address in addresses
    ]
