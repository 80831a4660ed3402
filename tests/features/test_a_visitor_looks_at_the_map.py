"""A visitor finds a city on the map, with and without JavaScript, by finger and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

ADDRESSES = ("/map", "/map/europe", "/map?arrangement=intelligence-link", "/map/4.32,50.85,4.48,51.22", "/about")


def test_reach_a_dot_by_keyboard_and_follow_it(page: Page) -> None:
    page.goto("/map/south-america")
    page.get_by_role("link", name="Skip to the list of cities").focus()
    page.keyboard.press("Tab")
    dot = page.get_by_role("link", name="Medellín, Colombia: 1 case")
    expect(dot).to_be_focused()
    ring = dot.locator(".spot-target")
    assert ring.evaluate("circle => getComputedStyle(circle).stroke") != "none"
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/cities/medellin$"))


@pytest.mark.slow
def test_a_ring_zooms_in_until_cities_are_separate(page: Page) -> None:
    page.goto("/map?challenge=fragile-trust")
    page.get_by_role("link", name="Europe", exact=True).click()
    expect(page.locator("#map-place")).to_contain_text("Europe.")
    page.locator(".map-drawing").get_by_role("link", name="more cities: ").first.click()

    expect(page).to_have_url(re.compile(r"/map/[-\d.,]+\?challenge=fragile-trust$"))
    expect(page.locator(".map-drawing").get_by_role("link").first).to_be_visible()


def test_the_search_goes_with_the_visitor_to_the_map_and_back_to_the_list(page: Page) -> None:
    page.goto("/map?q=youth&arrangement=intelligence-link")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("“youth”, Intelligence link")
    page.get_by_role("link", name="Show these cases as a list").click()
    expect(page).to_have_url(re.compile(r"/cases\?q=youth&arrangement=intelligence-link$"))


def test_the_map_and_the_matrix_are_narrowed_where_they_are(page: Page) -> None:
    for address in ("/map/europe", "/matrix"):
        page.goto(address)
        page.locator(".narrow > summary").click()
        page.get_by_role("searchbox", name="Words").fill("youth")
        page.locator("[data-facet=evidence] > summary").click()
        page.get_by_label("Self-reported").check()
        page.get_by_role("button", name="Show", exact=True).click()

        expect(page).to_have_url(re.compile(rf"{address}\?q=youth&evidence=self-reported$"))
        expect(page.get_by_role("link", name="Remove: Evidence Self-reported")).to_be_visible()


def test_the_list_has_the_same_links_as_the_drawing(page: Page) -> None:
    page.goto("/map/oceania")
    links = "all => all.map(a => a.getAttribute('href'))"
    drawn = page.locator(".map-drawing:visible").get_by_role("link").evaluate_all(links)
    listed = page.locator(".map-list li a").evaluate_all(links)

    assert sorted(drawn) == sorted(listed) == ["/cities/christchurch", "/cities/melbourne"]


def test_dots_are_large_enough_for_a_finger_on_a_small_phone(phone: Page) -> None:
    for address in ("/map", "/map/europe"):
        phone.goto(address)
        sizes = phone.locator(".spot-target:visible").evaluate_all(
            "all => all.map(dot => { const box = dot.getBoundingClientRect(); return Math.min(box.width, box.height) })"
        )

        assert sizes
        assert min(sizes) >= 24, address


@pytest.mark.slow
def test_no_page_with_a_drawing_scrolls_sideways(browser: Browser, server: str) -> None:
    for width in (320, 360, 640, 768, 1280):
        context = browser.new_context(base_url=server, viewport={"width": width, "height": 740})
        page = context.new_page()
        for address in ADDRESSES:
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth")

            assert wide <= width, (address, width)
        context.close()


@pytest.mark.slow
def test_names_on_the_map_overlap_neither_each_other_nor_other_dots(browser: Browser, server: str) -> None:
    """Their space is estimated from the number of letters, so the real letters are measured here."""
    for width in (360, 1000):
        context = browser.new_context(base_url=server, viewport={"width": width, "height": 740})
        page = context.new_page()
        for address in ("/map", "/map/europe", "/map/asia", "/map/africa", "/map/north-america"):
            page.goto(address)
            overlaps = page.evaluate(
                """() => {
                    const visible = [...document.querySelectorAll('.spot')].filter(a => a.getClientRects().length);
                    const pieces = visible.flatMap(spot => [...spot.querySelectorAll('.spot-dot, .spot-name')].map(
                        piece => ({spot, piece, box: piece.getBoundingClientRect()})));
                    const meet = (a, b) =>
                        a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
                    return pieces.flatMap((one, i) => pieces.slice(i + 1)
                        .filter(two => one.spot !== two.spot && meet(one.box, two.box))
                        .map(two => [one.spot.ariaLabel, two.spot.ariaLabel]));
                }"""
            )

            assert overlaps == [], (address, width)
        context.close()
