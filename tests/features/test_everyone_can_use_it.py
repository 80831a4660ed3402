"""axe-core finds no barrier on any kind of page, in both colour schemes."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

PAGES = (
    "/",
    "/cases?q=youth+trust&city=aarhuss&challenge=fragile-trust",
    "/cases?q=xyzzyx",
    "/cases/amsterdam-key-figures",
    "/arrangements",
    "/arrangements/intelligence-link",
    "/challenges",
    "/cities",
    "/cities/aarhus",
    "/about",
    "/contribute",
    "/api/docs",
    "/nowhere",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, server: str, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(base_url=server, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for address in PAGES:
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[address] = [(rule["id"], [node["target"] for node in rule["nodes"]][:5]) for rule in violations]
    context.close()

    assert found == {}
