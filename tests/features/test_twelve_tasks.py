"""Twelve tasks of four people, each with the steps it takes: what a visitor taps, types or presses, counted one by one.

A step is a tap or a click, a line that is typed, or a key that is pressed. The numbers are those of the shortest way
that a first visitor would find. A task that gets longer has become harder.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.features.conftest import Pages

MOST_TABS = 100

PATIENCE = 3000
"""Milliseconds in which anything a visitor needs is there."""


class Visitor:
    """Somebody with a task, whose steps are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0

    def tap(self, target: Locator) -> None:
        """A tap or a click, as soon as what is tapped can be seen."""
        self.steps += 1
        target.click(timeout=PATIENCE)

    def back(self) -> None:
        """The button of the browser that leads back."""
        self.steps += 1
        self.page.go_back()

    def type(self, target: Locator, text: str) -> None:
        """A line in a field."""
        self.steps += 1
        target.fill(text, timeout=PATIENCE)

    def press(self, key: str) -> None:
        """A key."""
        self.steps += 1
        self.page.keyboard.press(key)

    def tab_to(self, name: str, key: str = "Tab") -> int:
        """Tabs until the focus is on what this pattern names; how many that took."""
        for number in range(1, MOST_TABS + 1):
            self.press(key)
            if re.search(name, self.focused):
                return number
        raise AssertionError(f"nothing is named {name!r} within {MOST_TABS} Tabs")

    @property
    def focused(self) -> str:
        """The name of what has the focus, as far as its text or label says."""
        return str(self.page.evaluate(_NAME_OF_FOCUSED))


_NAME_OF_FOCUSED = """() => {
    const it = document.activeElement
    return it.getAttribute("aria-label") || (it.labels && it.labels[0] && it.labels[0].innerText) || it.innerText || ""
}"""


@pytest.fixture
def coordinator(phone: Page) -> Visitor:
    """A city coordinator with a phone."""
    return Visitor(phone)


@pytest.fixture
def researcher(scripted: Page) -> Visitor:
    """A researcher at a desk."""
    return Visitor(scripted)


@pytest.fixture
def at_the_keyboard(pages: Pages) -> Iterator[Visitor]:
    """Somebody who uses no pointer."""
    with pages.lent(viewport={"width": 1280, "height": 720}) as lent:
        yield Visitor(lent)


def titles(page: Page) -> Locator:
    """The titles of the cases found, each a link."""
    return page.locator(".results .card-title a")


# A coordinator, with a phone and little time --------------------------------------------------------------------------


def test_1a_two_cases_about_a_school_that_worries_about_a_pupil(coordinator: Visitor) -> None:
    page = coordinator.page
    page.goto("/")
    coordinator.type(page.get_by_label("Search the cases"), "school worried about a pupil")
    coordinator.tap(page.get_by_role("button", name="Search", exact=True))
    for number in range(2):
        coordinator.tap(titles(page).nth(number))
        expect(page.locator("main")).to_contain_text(re.compile("school", re.IGNORECASE))
        expect(page.locator("main")).to_contain_text(re.compile("pupil|student|young people", re.IGNORECASE))
        if not number:
            coordinator.back()

    assert coordinator.steps == 5


def test_1b_one_page_to_bring_along(coordinator: Visitor) -> None:
    page = coordinator.page
    page.goto("/")
    coordinator.tap(page.get_by_text("Menu", exact=True))
    coordinator.tap(page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Worksheets"))
    coordinator.tap(page.locator('main a[href*="/worksheet"]').first)

    expect(page.locator(".worksheet")).to_be_visible()
    expect(page.locator(".worksheet textarea, .worksheet input").first).to_be_editable()
    assert coordinator.steps == 3


def test_1c_three_cases_for_a_colleague(coordinator: Visitor) -> None:
    page = coordinator.page
    page.goto("/")
    coordinator.type(page.get_by_label("Search the cases"), "youth workers and police")
    coordinator.tap(page.get_by_role("button", name="Search", exact=True))
    for number in range(2):
        coordinator.tap(page.get_by_role("link", name=re.compile("^Saved?:")).nth(number))
        expect(page.locator("#announce")).to_have_text(f"Saved. {number + 1} of 12.")
    # The third is saved where it is read, and the way there leads through the menu.
    coordinator.tap(titles(page).nth(2))
    coordinator.tap(page.get_by_role("link", name=re.compile("^Save:")).first)
    expect(page.locator("#announce")).to_have_text("Saved. 3 of 12.")
    coordinator.tap(page.get_by_text("Menu", exact=True))
    coordinator.tap(page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Map"))
    coordinator.tap(page.get_by_role("link", name="3 cases saved"))

    assert page.url.count("shelf=") == 3
    expect(page.get_by_role("button", name=re.compile("Copy link|Share"))).to_be_visible()
    assert coordinator.steps == 9


# A researcher, at a desk ----------------------------------------------------------------------------------------------


def test_2a_all_externally_reviewed_european_cases_as_a_table(researcher: Visitor) -> None:
    page = researcher.page
    page.goto("/cases")
    for facet, value in (("continent", "europe"), ("evidence", "externally-reviewed")):
        group = page.locator(f'[data-facet="{facet}"]')
        if not group.evaluate("group => group.open"):
            researcher.tap(group.locator("> summary"))
        researcher.tap(group.locator(f'input[value="{value}"]'))
        page.wait_for_url(re.compile(value))
    with page.expect_download() as downloaded:
        researcher.tap(page.get_by_role("link", name=re.compile("CSV")))
    rows = list(csv.DictReader(io.StringIO(downloaded.value.path().read_text("utf-8-sig"))))

    assert rows
    assert {row["evidence"] for row in rows} <= {"externally-reviewed", "Externally reviewed"}
    assert researcher.steps <= 5


def test_2b_a_case_and_the_collection_are_cited(researcher: Visitor) -> None:
    """The references of a whole search are for a later issue."""
    page = researcher.page
    page.goto("/cases/oslo-salto")
    with page.expect_download() as case:
        researcher.tap(page.get_by_role("link", name="BibTeX"))
    assert "oslo-salto" in case.value.path().read_text("utf-8")
    assert researcher.steps == 1

    researcher.tap(page.get_by_role("contentinfo").get_by_role("link", name="How cases are made"))
    researcher.tap(page.get_by_role("link", name="How to cite the collection"))
    with page.expect_download() as collection:
        researcher.tap(page.get_by_role("link", name="RIS"))
    assert "TY  - DATA" in collection.value.path().read_text("utf-8")
    assert researcher.steps == 4


def test_2c_how_cases_were_made_can_be_judged(researcher: Visitor) -> None:
    """How the sources were searched for is for a later issue."""
    page = researcher.page
    page.goto("/")
    researcher.tap(page.get_by_role("contentinfo").get_by_role("link", name="How cases are made"))
    for chapter in ("What counts as a case", "Challenges", "Evidence levels", "Writing and review",
                    "Corrections, dates and withdrawal"):  # fmt: skip
        expect(page.get_by_role("heading", name=chapter, exact=True)).to_be_visible()

    assert researcher.steps == 1


# A youth worker, in a hurry, with little English ----------------------------------------------------------------------


def test_3a_a_word_of_the_trade_in_another_language_is_understood(coordinator: Visitor) -> None:
    """The collection knows few such words yet; one is the Dutch one for youth work."""
    page = coordinator.page
    page.goto("/")
    coordinator.type(page.get_by_label("Search the cases"), "jongerenwerk")
    coordinator.tap(page.get_by_role("button", name="Search", exact=True))

    expect(page.locator(".results .card").first).to_contain_text(re.compile("youth", re.IGNORECASE), timeout=PATIENCE)
    assert coordinator.steps == 2


def test_3b_what_fits_is_found_by_plain_questions(coordinator: Visitor) -> None:
    page = coordinator.page
    page.goto("/")
    coordinator.tap(page.get_by_role("link", name="Not sure? Answer three questions"))
    for question in page.locator("main fieldset").all():
        coordinator.tap(question.get_by_role("radio").first)
    coordinator.tap(page.locator("main form button[type=submit]").first)

    expect(page.locator(".fit").first).to_be_visible()
    assert coordinator.steps == 5


def test_3c_a_hard_word_is_explained_where_it_is_used(coordinator: Visitor) -> None:
    page = coordinator.page
    page.goto("/arrangements/engagement-for-trust-and-legitimacy")
    coordinator.tap(page.locator("summary", has_text=re.compile("words", re.IGNORECASE)))

    hard_word = page.locator("details[open] dt", has_text=re.compile("legitim", re.IGNORECASE)).first
    expect(hard_word).to_be_visible(timeout=PATIENCE)
    assert coordinator.steps == 1


# Without a pointer ----------------------------------------------------------------------------------------------------


def test_4a_a_case_is_searched_and_opened_by_keyboard(at_the_keyboard: Visitor) -> None:
    page = at_the_keyboard.page
    page.goto("/")
    tabs = at_the_keyboard.tab_to("Search the cases")
    at_the_keyboard.type(page.locator(":focus"), "police mentors")
    at_the_keyboard.press("Enter")
    page.wait_for_url(re.compile("/cases\\?q="))
    expect(page.locator(".results h1")).to_be_visible()
    first = titles(page).first.inner_text()
    at_the_keyboard.tab_to("^Skip to the results$")
    at_the_keyboard.press("Enter")
    at_the_keyboard.tab_to(f"^{re.escape(first)}$")
    at_the_keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    assert tabs <= 10
    assert at_the_keyboard.steps <= 40


def test_4b_the_first_filter_is_reached_in_fewer_than_15_tabs(at_the_keyboard: Visitor) -> None:
    page = at_the_keyboard.page
    page.goto("/cases?q=trust")
    for _ in range(14):
        at_the_keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#filters input[type=checkbox], #filters summary')"):
            break
    else:
        raise AssertionError("no filter within 14 Tabs")

    assert at_the_keyboard.steps < 15


def test_4c_two_cases_are_saved_and_compared_by_keyboard(at_the_keyboard: Visitor) -> None:
    page = at_the_keyboard.page
    page.goto("/cases?q=school")
    at_the_keyboard.tab_to("^Skip to the results$")
    at_the_keyboard.press("Enter")
    for number in (1, 2):
        at_the_keyboard.tab_to("^Save:")
        at_the_keyboard.press("Enter")
        expect(page.locator("#announce")).to_have_text(f"Saved. {number} of 12.")
    at_the_keyboard.tab_to("^Skip to the saved list$", "Shift+Tab")
    at_the_keyboard.press("Enter")
    at_the_keyboard.tab_to("^Compare$")
    at_the_keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/compare\\?"))
    expect(page.locator("main table").first).to_be_visible()
    assert at_the_keyboard.steps <= 80
