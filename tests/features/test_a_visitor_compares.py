"""A coordinator compares cases side by side, on a phone, at a desk and on paper, and looks for gaps in the grid."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.features.conftest import Pages

TWO = "/compare?case=aarhus-info-house&case=vilvoorde-partner-round-table"
FOUR = "/compare?case=aarhus-info-house&case=oslo-salto&case=bordeaux-capri&case=calgary-redirect"


def test_two_cases_are_compared_on_a_phone_and_one_is_removed(phone: Page) -> None:
    phone.goto(TWO)
    row = phone.get_by_role("row", name="What helped")

    cells = row.get_by_role("cell")
    expect(cells).to_have_count(2)
    expect(cells.nth(0)).to_contain_text("Aarhus")
    expect(cells.nth(1)).to_contain_text("Vilvoorde")
    first, second = cells.nth(0).bounding_box(), cells.nth(1).bounding_box()
    assert first is not None
    assert second is not None
    assert second["y"] >= first["y"] + first["height"], "cells are one below the other"

    phone.get_by_role("link", name="Remove The Info-house").click()
    expect(phone).to_have_url(re.compile(r"/compare\?case=vilvoorde-partner-round-table$"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Compare Vilvoorde with another case")


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_four_cases_are_read_one_at_a_time_on_a_phone_and_the_row_stays(pages: Pages, scripts: bool) -> None:
    with pages.lent(viewport={"width": 360, "height": 740}, java_script_enabled=scripts) as phone:
        phone.goto(f"{FOUR}#what-was-hard")
        row = phone.get_by_role("row", name="What was hard")
        before = row.bounding_box()
        expect(row.get_by_role("cell")).to_have_count(1)
        expect(row.get_by_role("cell")).to_contain_text("constitutional right")
        phone.get_by_role("radio", name="Aarhus").focus()
        assert row.bounding_box() == before
        phone.get_by_role("radio", name="Calgary").check()

        assert row.bounding_box() == before, "the row is where it was"
        expect(row.get_by_role("cell")).to_have_count(1)
        expect(row.get_by_role("cell")).not_to_contain_text("constitutional right")
        chosen = phone.locator(".compare-choice").bounding_box()
        assert chosen is not None
        assert (chosen["y"], chosen["height"] <= 56) == (0, True), "the choice stays at the top"
        assert phone.locator("html").evaluate("html => html.scrollHeight") < 9000
        assert phone.locator("html").evaluate("html => html.scrollWidth") == 360


def test_the_first_row_is_few_tabs_away(page: Page) -> None:
    page.goto(FOUR)
    table = page.locator("table.compare")
    page.locator("#content").focus()
    presses = 0
    while not table.evaluate("table => table.contains(document.activeElement)"):
        page.keyboard.press("Tab")
        presses += 1
        assert presses < 20


def test_a_challenge_at_a_glance_leads_to_what_the_cases_say(page: Page) -> None:
    page.goto(FOUR)
    page.get_by_role("table").first.get_by_role("link", name="Stigmatisation").click()

    expect(page).to_have_url(re.compile("#stigmatisation$"))
    expect(page.locator("#stigmatisation")).to_be_in_viewport()


def test_two_cases_are_side_by_side_on_a_desktop(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(TWO)
    table = page.locator("table.compare")

    expect(table.get_by_role("columnheader")).to_have_count(2)
    cells = table.get_by_role("row", name="What was hard").get_by_role("cell")
    first, second = cells.nth(0).bounding_box(), cells.nth(1).bounding_box()
    assert first is not None
    assert second is not None
    assert first["y"] == second["y"]
    assert second["x"] >= first["x"] + first["width"]


def test_what_is_the_same_folds_away_and_opens(page: Page) -> None:
    page.goto(TWO)
    same = page.get_by_role("group").filter(has_text="Same in both:")
    statement = same.get_by_text("Not reviewed by the city.")

    expect(statement).to_be_hidden()
    same.get_by_role("heading", name="Same in both").click()
    expect(statement).to_be_visible()


def test_another_case_is_added_from_what_is_offered(page: Page) -> None:
    page.goto("/compare?case=aarhus-info-house")
    page.locator(".offer").first.get_by_role("link").first.click()

    expect(page).to_have_url(re.compile(r"/compare\?case=aarhus-info-house&case=[a-z-]+$"))
    expect(page.locator("table.compare")).to_be_visible()


def test_some_of_a_longer_list_are_ticked_and_compared(page: Page) -> None:
    slugs = ("aarhus-info-house", "oslo-salto", "bordeaux-capri", "calgary-redirect", "copenhagen-vink")
    page.goto("/compare?" + "&".join(f"case={slug}" for slug in slugs))
    for box in (0, 2):
        page.get_by_role("checkbox").nth(box).check()
    page.get_by_role("button", name="Compare").click()

    expect(page).to_have_url(re.compile(r"/compare\?case=aarhus-info-house&case=bordeaux-capri&shelf="))


def test_paper_shows_everything_across_the_page(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(TWO)

    expect(page.get_by_role("heading", name="Same in both: not reviewed by the city")).to_be_visible()
    for heading in ("What helped", "What was hard", "What is known about results"):
        expect(page.get_by_role("row", name=heading)).to_be_visible()
    expect(page.get_by_text("/cases/aarhus-info-house")).to_be_visible()
    two = sheets(page)
    assert len(two) == 2
    assert {(width < height) for width, height in two} == {True}
    page.goto(FOUR)
    assert {(width > height) for width, height in sheets(page)} == {True}
    page.goto("/matrix")
    assert len(sheets(page)) == 1
    context.close()


def sheets(page: Page) -> list[tuple[float, float]]:
    """The width and height of each sheet that is printed."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True, format="A4"))
    return [(float(width), float(height)) for width, height in boxes]


@pytest.mark.slow
def test_a_cell_of_the_grid_leads_to_its_cases_by_keyboard(page: Page) -> None:
    page.goto("/matrix?country=united-kingdom")
    cell = page.get_by_role("table").get_by_role(
        "link", name=re.compile("cases: Dialogue and bridging network, Fragile")
    )
    number = re.search(r"\d+", cell.inner_text())
    region = page.get_by_role("region", name="Cases by challenge and arrangement")
    region.focus()
    for _ in range(100):
        page.keyboard.press("Tab")
        if cell.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")

    expect(page).to_have_url(
        re.compile(r"/cases\?arrangement=dialogue-and-bridging&challenge=fragile-trust&country=united-kingdom$")
    )
    assert number is not None
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(f"^{number.group()} cases?:"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_number_in_a_cell_is_legible_on_every_shade(browser: Browser, server: str, scheme: str) -> None:
    context = browser.new_context(base_url=server, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto("/matrix")
    shades = page.evaluate(CONTRASTS)
    context.close()

    assert set(shades) == {f"level-{level}" for level in range(6)}
    assert min(shades.values()) >= 4.5, shades


CONTRASTS = """() => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d");
  const luminance = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = {};
  for (const cell of document.querySelectorAll(".matrix td[class^='level-']")) {
    const pair = [getComputedStyle(cell).backgroundColor, getComputedStyle(cell.querySelector("a")).color];
    const [dark, light] = pair.map(luminance).sort((one, other) => one - other);
    found[cell.className] = (light + 0.05) / (dark + 0.05);
  }
  return found;
}"""
"""For each shade, the contrast of number and background as WCAG computes it."""
