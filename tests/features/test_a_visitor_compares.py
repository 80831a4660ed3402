"""A coordinator puts cases side by side, on a phone, at a desk and on paper."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

TWO = "/compare?case=aarhus-info-house&case=vilvoorde-partner-round-table"


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
    assert second["y"] >= first["y"] + first["height"], "cells stand one below the other"

    phone.get_by_role("link", name="Remove The Info-house").click()
    expect(phone).to_have_url(re.compile(r"/compare\?case=vilvoorde-partner-round-table$"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Compare Vilvoorde with another case")


def test_two_cases_stand_side_by_side_at_a_desk(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(TWO)
    table = page.get_by_role("table")

    expect(table.get_by_role("columnheader")).to_have_count(2)
    cells = table.get_by_role("row", name="What was hard").get_by_role("cell")
    first, second = cells.nth(0).bounding_box(), cells.nth(1).bounding_box()
    assert first is not None
    assert second is not None
    assert first["y"] == second["y"]
    assert second["x"] >= first["x"] + first["width"]


def test_what_is_the_same_folds_away_and_opens(page: Page) -> None:
    page.goto(TWO)
    same = page.get_by_role("group").filter(has_text="The same in both")
    told = same.get_by_text("Not reviewed by the city.")

    expect(told).to_be_hidden()
    same.get_by_role("heading", name="The same in both").click()
    expect(told).to_be_visible()


def test_another_case_is_added_from_what_is_offered(page: Page) -> None:
    page.goto("/compare?case=aarhus-info-house")
    page.locator(".offer").first.get_by_role("link").first.click()

    expect(page).to_have_url(re.compile(r"/compare\?case=aarhus-info-house&case=[a-z-]+$"))
    expect(page.get_by_role("table")).to_be_visible()


def test_of_a_longer_list_some_are_ticked_and_compared(page: Page) -> None:
    slugs = ("aarhus-info-house", "oslo-salto", "bordeaux-capri", "calgary-redirect", "copenhagen-vink")
    page.goto("/compare?" + "&".join(f"case={slug}" for slug in slugs))
    for box in (0, 2):
        page.get_by_role("checkbox").nth(box).check()
    page.get_by_role("button", name="Compare").click()

    expect(page).to_have_url(re.compile(r"/compare\?case=aarhus-info-house&case=bordeaux-capri$"))


def test_paper_shows_everything_across_the_page(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(TWO)

    expect(page.get_by_text("Not reviewed by the city.").last).to_be_visible()
    for heading in ("What helped", "What was hard", "What is known about results"):
        expect(page.get_by_role("row", name=heading)).to_be_visible()
    expect(page.get_by_text("/cases/aarhus-info-house")).to_be_visible()
    assert {(width > height) for width, height in sheets(page)} == {True}
    context.close()


def sheets(page: Page) -> list[tuple[float, float]]:
    """The width and height of each sheet that is printed."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True, format="A4"))
    return [(float(width), float(height)) for width, height in boxes]
