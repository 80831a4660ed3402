"""axe-core finds no barrier on any kind of page, in both colour schemes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.pages import PAGES, others_slow

Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("address", others_slow(PAGES))
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(scripted: Page, address: str) -> None:
    # One visit answers all: opening a page and handing it axe-core takes longer than most questions.
    scripted.goto(address)

    assert barriers_on(scripted) == []
    scripted.emulate_media(color_scheme="dark")
    assert barriers_on(scripted, only=COLOUR_RULES) == []
    assert [width for width in NARROW if scroll_width(scripted, width) > width] == []


NARROW = (640, 320)
"""320 pixels are also a window of 1280 at 400 %, and 640 the same at 200 % (WCAG 2.2, 1.4.10 and 1.4.4)."""

COLOUR_RULES = ("color-contrast", "link-in-text-block")
"""The rules that may answer otherwise in other colours; all others look at the document."""


def scroll_width(page: Page, width: int) -> int:
    """How many pixels wide a page is in a window of `width` pixels."""
    page.set_viewport_size({"width": width, "height": 740})
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.slow
def test_axe_finds_no_violation_in_what_opens(phone: Page, scheme: Scheme) -> None:
    phone.emulate_media(color_scheme=scheme)
    phone.goto("/cases?q=school")
    phone.get_by_role("combobox", name="Search the cases").fill("fragil")
    phone.get_by_role("listbox", name="Suggestions").get_by_role("option").first.wait_for()
    suggestions = barriers_on(phone)
    phone.keyboard.press("Escape")
    phone.get_by_role("link", name="Filters", exact=True).click()
    phone.get_by_role("checkbox").first.check()
    phone.get_by_text("How to search").wait_for(state="hidden")
    filters = barriers_on(phone)

    assert (suggestions, filters) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        "/cases?q=school&size=5&shelf=aarhus-info-house&shelf=oslo-salto",
        "/compare?case=aarhus-info-house&case=oslo-salto",
        "/compare?case=aarhus-info-house&case=oslo-salto&case=bordeaux-capri&case=calgary-redirect"
        "&case=copenhagen-vink",
    ],
)
def test_the_focused_element_is_never_hidden(browser: Browser, server: str, address: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 600})
    page = context.new_page()
    page.goto(address)
    hidden = []
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 30:
        page.keyboard.press(key)
        covered = page.evaluate(WHAT_COVERS_THE_FOCUS)
        if covered:
            hidden.append(covered)
    context.close()

    assert hidden == []


WHAT_COVERS_THE_FOCUS = """() => {
  const focused = document.activeElement;
  // The box around a link that runs over two lines contains its neighbours too.
  const box = focused.getClientRects()[0] ?? focused.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 10));
  const shows = !seen || focused.contains(seen) || seen.contains(focused) || focused.labels?.[0]?.contains(seen);
  return shows ? "" : `${focused.outerHTML.slice(0, 90)} under ${seen.outerHTML.slice(0, 90)}`;
}"""


def barriers_on(page: Page, only: Sequence[str] = ()) -> list[tuple[str, list[object]]]:
    """The rules of axe-core that a page breaks, with where; of all rules, or of some."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(only)} if only else {})
    page.evaluate(AXE.axe_script)
    violations = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:5]) for rule in violations]


AXE = Axe()
