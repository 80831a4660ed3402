"""A coordinator looks for cases, narrows them, reads one, and goes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


def test_search_tick_a_facet_open_a_case_and_go_back(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search the cases").fill("youth workers")
    page.get_by_role("button", name="Search").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("“youth workers”")

    page.get_by_label("Informing and intervening").check()
    show(page)
    expect(heading).to_have_text(re.compile(r"^\d+ cases?: “youth workers”, Informing and intervening$"))
    expect(page.get_by_label("Informing and intervening")).to_be_checked()
    narrowed = page.url

    first = page.get_by_role("article").first.get_by_role("heading").get_by_role("link")
    title = first.inner_text()
    first.click()
    expect(heading).to_have_text(title)
    expect(page.get_by_text("Not reviewed by the city.")).to_be_visible()

    page.go_back()
    assert page.url == narrowed
    expect(page.get_by_label("Informing and intervening")).to_be_checked()
    expect(page.get_by_label("Search the cases")).to_have_value("youth workers")


def test_a_second_value_of_a_facet_widens_and_another_facet_narrows(page: Page) -> None:
    page.goto("/cases?arrangement=intelligence-link")
    one = found(page)

    page.get_by_label("Coalition for countering").check()
    show(page)
    expect(page.get_by_role("link", name="Remove: Arrangement Coalition for countering")).to_be_visible()
    two = found(page)

    page.locator("[data-facet=city] > summary").click()
    page.locator("[data-facet=city] .facet-more > summary").click()
    page.get_by_label("Manchester").check()
    show(page)
    expect(page.get_by_role("link", name="Remove: City Manchester")).to_be_visible()
    narrowed = found(page)

    assert two > one
    assert 0 < narrowed < two


def test_a_chosen_filter_is_removed_by_its_chip(page: Page) -> None:
    page.goto("/cases?q=police&city=aarhus")
    page.get_by_role("link", name="Remove: City Aarhus").click()

    expect(page).to_have_url(re.compile(r"/cases\?q=police$"))


def test_a_citation_leads_to_its_source_and_back(page: Page) -> None:
    page.goto("/cases/oslo-salto")
    page.get_by_role("link", name="Source 1", exact=True).first.click()
    expect(page).to_have_url(re.compile("#source-"))
    page.get_by_role("link", name="Back to citation 1 of source 1", exact=True).click()

    expect(page).to_have_url(re.compile("#cite-"))


def test_the_results_can_be_reached_by_keyboard_alone(page: Page) -> None:
    page.goto("/cases")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search the cases")).to_be_focused()
    page.keyboard.type("mosque")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("“mosque”")


def test_an_empty_result_says_what_to_do(page: Page) -> None:
    page.goto("/cases?q=mosque&city=aarhus&country=norway")
    expect(page.get_by_text("No case matches this search.")).to_be_visible()

    page.get_by_role("link", name="Search without any filter").click()

    expect(page).to_have_url(re.compile(r"/cases\?q=mosque$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("“mosque”")


def test_nothing_is_offered_that_finds_nothing_either(page: Page) -> None:
    page.goto("/cases?q=xyzzyx&city=aarhus")

    expect(page.get_by_text("No case matches this search.")).to_be_visible()
    expect(page.get_by_role("link", name="Search without")).to_have_count(0)


@pytest.mark.parametrize(
    "address",
    [
        "/cases",
        "/cases?q=youth+trust",
        "/cases?q=youth+trust&arrangement=informing-and-intervening",
        "/cases?q=Denmark+trst",
        "/cases?q=fragile+trust&evidence=self-reported&view=compact",
    ],
)
def test_on_a_phone_the_first_result_begins_on_the_first_screen(phone: Page, address: str) -> None:
    phone.goto(address)
    top = phone.locator(".cards article").first.evaluate("card => card.getBoundingClientRect().top")

    assert top < 320


def test_the_filters_are_reached_by_fewer_than_fifteen_tabs(page: Page) -> None:
    page.goto("/cases?q=police")
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.matches('#filters input[type=checkbox]')"))

    assert any(reached)


def test_a_skip_link_leads_to_the_filters(page: Page) -> None:
    page.goto("/cases?q=police")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the filters")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.matches('#filters input[type=checkbox]')")


def test_rows_stay_compact_while_filters_change(page: Page) -> None:
    page.goto("/cases?q=police")
    page.get_by_role("link", name="Compact").click()
    expect(page).to_have_url(re.compile(r"/cases\?q=police&view=compact$"))
    page.locator("[data-facet=arrangement]").get_by_label("Intelligence link").check()
    show(page)

    expect(page).to_have_url(re.compile(r"/cases\?q=police&arrangement=intelligence-link&view=compact$"))
    expect(page.locator(".card-row").first).to_be_visible()


def show(page: Page) -> None:
    """Asks for the chosen filters, where that takes a button."""
    button = page.get_by_role("button", name="Show cases")
    if button.is_visible():
        button.click()


def found(page: Page) -> int:
    """The number of cases in the heading."""
    number = re.search(r"\d+", page.get_by_role("heading", level=1).inner_text())
    assert number is not None
    return int(number.group())
