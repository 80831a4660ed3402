"""The saved list goes along, wherever a visitor goes, and changes without the page being loaded again."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, Page, Route, expect

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
    expect(scripted.locator(f"#{name}")).to_have_text("Saved")
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


FOUR = "shelf=aarhus-info-house&shelf=oslo-salto&shelf=bordeaux-capri&shelf=calgary-redirect"
PHONE = {"width": 360, "height": 740}


@pytest.mark.slow
@pytest.mark.parametrize("way", ["by touch", "by keyboard"])
def test_three_cases_are_sent_to_a_colleague_in_eight_steps(pages: Pages, way: str) -> None:
    """Task 1c: saved from a result, a case and a city, and sent as one link."""
    with pages.lent(viewport=PHONE, has_touch=True, permissions=["clipboard-read", "clipboard-write"]) as phone:
        steps = 0

        def press(control: Locator) -> None:
            nonlocal steps
            steps += 1
            if way == "by touch":
                control.tap()
            else:
                tab_to(phone, control)
                phone.keyboard.press("Enter")

        phone.goto("/cases?q=info-house+aarhus")
        press(phone.get_by_role("link", name=re.compile("^Save:")).nth(2))
        press(phone.get_by_role("article").first.get_by_role("heading").get_by_role("link"))
        expect(phone).to_have_url(re.compile("/cases/aarhus-info-house"))
        press(phone.get_by_role("link", name=re.compile("^Save:")).first)
        press(phone.get_by_role("contentinfo").get_by_role("link", name="Cities"))
        press(phone.get_by_role("main").get_by_role("link", name=re.compile("^Aarhus")).first)
        press(phone.get_by_role("link", name=re.compile("^Save:")).first)
        expect(phone.get_by_role("link", name="3 cases saved")).to_be_visible()
        press(phone.get_by_role("link", name="3 cases saved"))
        press(phone.get_by_role("button", name="Copy link"))
        expect(phone.locator("#announce")).to_have_text("Copied")

        assert steps == 8
        link = phone.evaluate("navigator.clipboard.readText()")
        assert len(re.findall("shelf=", link)) == 3
        phone.goto(link)
        expect(phone.get_by_role("heading", level=2)).to_have_count(3)


def tab_to(page: Page, control: Locator, most: int = 250) -> None:
    """Press Tab until a control has the focus."""
    control.wait_for()
    for _ in range(most):
        if control.evaluate("control => control === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} was not reached with the keyboard")


def test_who_goes_on_at_once_takes_the_list_along(pages: Pages) -> None:
    with pages.lent(viewport=PHONE, has_touch=True) as phone:
        phone.route(re.compile("/cases.q=school&shelf="), slowly)
        phone.goto("/cases?q=school")
        phone.get_by_role("link", name=re.compile("^Save:")).first.tap()
        phone.get_by_role("article").nth(1).get_by_role("heading").get_by_role("link").tap()

        expect(phone).to_have_url(re.compile("/cases/.*shelf="))


def slowly(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


def test_moving_a_case_keeps_the_focus_and_says_what_happened(scripted: Page) -> None:
    scripted.goto(f"/saved?{FOUR}")
    scripted.get_by_role("checkbox").nth(1).check()
    scripted.get_by_role("link", name="Move up: CAPRI").press("Enter")

    expect(scripted.locator("#announce")).to_have_text(re.compile("CAPRI.* is now number 2 of 4"))
    expect(scripted.get_by_role("link", name="Move up: CAPRI")).to_be_focused()
    expect(scripted.get_by_role("heading", level=2).nth(1)).to_contain_text("CAPRI")
    expect(scripted.get_by_role("checkbox", name="SaLTo")).to_be_checked()
    scripted.keyboard.press("Enter")
    expect(scripted.locator("#announce")).to_have_text(re.compile("number 1 of 4"))
    expect(scripted.get_by_role("link", name="Move down: CAPRI")).to_be_focused()
    expect(scripted).to_have_url(re.compile("shelf=bordeaux-capri&shelf=aarhus-info-house&"))
    scripted.get_by_role("link", name="Remove: CAPRI").click()
    expect(scripted.locator("#announce")).to_have_text(re.compile("is removed. 3 cases left"))
    expect(scripted.get_by_role("link", name="3 cases saved")).to_be_visible()


def test_without_scripts_moving_a_case_keeps_the_focus_too(pages: Pages) -> None:
    with pages.lent(java_script_enabled=False) as plain:
        plain.goto(f"/saved?{FOUR}")
        plain.get_by_role("link", name="Move down: The Info-house").press("Enter")

        expect(plain.get_by_role("heading", level=2).nth(1)).to_contain_text("The Info-house")
        expect(plain.get_by_role("link", name="Move down: The Info-house")).to_be_focused()


def test_a_list_is_named_and_the_name_goes_along(page: Page) -> None:
    page.goto(f"/saved?{SAVED}")
    page.get_by_label("Name of the list").fill("Meeting & more")
    page.get_by_role("button", name="Save name").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Meeting & more")
    page.get_by_role("contentinfo").get_by_role("link", name="Map").click()
    page.get_by_role("link", name="1 case saved").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meeting & more")


def test_comparing_too_few_says_so_beside_the_button(page: Page) -> None:
    page.goto(f"/saved?{FOUR}")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("main").get_by_role("button", name=re.compile("^Compare")).click()

    expect(page.get_by_text("Choose at least two.")).to_be_in_viewport()
    expect(page.locator("#choice")).to_be_focused()
    page.get_by_role("checkbox").nth(2).check()
    page.get_by_role("main").get_by_role("button", name=re.compile("^Compare")).click()
    expect(page).to_have_url(re.compile(r"/compare\?case=aarhus-info-house&case=bordeaux-capri&"))


def test_the_link_can_be_copied_by_hand(pages: Pages) -> None:
    with pages.lent(java_script_enabled=False) as plain:
        plain.goto(f"/saved?{FOUR}")
        expect(plain.get_by_role("button", name="Copy link")).to_be_hidden()
        plain.get_by_text("Link and QR code").click()

        assert FOUR in plain.get_by_role("textbox", name="Link to this list").input_value()
        code = plain.get_by_role("img", name=re.compile("QR code")).bounding_box()
        assert code is not None
        assert code["width"] > 150


@pytest.mark.parametrize("count", [1, 4, 12])
def test_the_bar_is_one_low_row_and_stays_only_where_there_is_room(phone: Page, count: int) -> None:
    slugs = "&".join(f"shelf=case-{number}" for number in range(count))
    phone.goto(f"/about?{slugs}")
    bar = phone.locator("#saved-bar").bounding_box()
    assert bar is not None
    assert bar["height"] <= 56
    assert round(bar["y"] + bar["height"]) == 740

    phone.set_viewport_size({"width": 320, "height": 256})
    assert phone.locator("#saved-bar").evaluate("bar => getComputedStyle(bar).position") == "static"


def test_a_reader_is_printed_with_each_case_on_a_page_of_its_own(scripted: Page) -> None:
    scripted.goto(f"/saved/reader?{FOUR}")
    printed = scripted.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 5
