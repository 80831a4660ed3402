"""The saved list goes along, wherever a visitor goes, and changes without the page being loaded again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.features.conftest import Pages

SAVED = "shelf=aarhus-info-house"


def test_saving_a_case_stays_where_it_is_and_says_what_happened(scripted: Page) -> None:
    scripted.goto("/cases?q=school")
    toggle = scripted.get_by_role("link", name=re.compile("^Save:")).nth(5)
    toggle.scroll_into_view_if_needed()
    place = scripted.evaluate("scrollY")
    name = str(toggle.get_attribute("id"))
    toggle.click()

    expect(scripted.locator("#announce")).to_have_text("Saved. 1 of 12.")
    expect(scripted.locator(f"#{name}")).to_contain_text("Remove from saved list")
    assert abs(scripted.evaluate("scrollY") - place) < 5
    scripted.locator(f"#{name}").click()
    expect(scripted.locator("#announce")).to_have_text("Removed. 0 of 12 saved.")
    expect(scripted.locator("#saved-bar")).to_be_hidden()


def test_the_list_goes_along_from_page_to_page(page: Page) -> None:
    page.goto(f"/cases/oslo-salto?{SAVED}")
    page.get_by_role("link", name=re.compile("^Save:")).first.click()
    for name in ("Arrangements", "Map", "Cities", "About this collection", "Add or correct a case", "API for programs"):
        page.get_by_role("contentinfo").get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name="2 cases saved")).to_be_visible()


def test_going_back_does_not_lose_what_was_saved_since(scripted: Page) -> None:
    scripted.goto("/cases?q=school")
    scripted.get_by_role("article").first.get_by_role("heading").get_by_role("link").click()
    expect(scripted).to_have_url(re.compile("/cases/"))
    scripted.get_by_role("link", name=re.compile("^Save:")).first.click()
    expect(scripted.get_by_role("link", name="1 case saved")).to_be_visible()
    scripted.go_back()

    expect(scripted).to_have_url(re.compile(r"/cases\?q=school&shelf="))
    expect(scripted.get_by_role("link", name="1 case saved")).to_be_visible()
    expect(scripted.locator(".save.is-saved")).to_have_count(1)


def test_a_search_keeps_the_list(page: Page) -> None:
    page.goto(f"/cases?q=school&{SAVED}")
    page.get_by_label("Search the cases").fill("police")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(rf"q=police&{SAVED}"))
    expect(page.get_by_role("link", name="1 case saved")).to_be_visible()


def test_the_header_is_one_low_row_with_a_menu_that_needs_no_script(pages: Pages) -> None:
    with pages.lent(viewport={"width": 360, "height": 740}, java_script_enabled=False) as phone:
        phone.goto("/cases")
        header = phone.locator(".masthead").bounding_box()
        assert header is not None
        assert header["height"] <= 56
        phone.get_by_text("Menu", exact=True).click()
        phone.get_by_role("navigation", name="Main menu").get_by_role("link", name="Map").click()
        expect(phone).to_have_url(re.compile("/map$"))
