"""A case as people read it: facts, drift, marks, and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import CONTENT

LONGEST = sorted((CONTENT / "cases").glob("*.md"), key=lambda path: -path.stat().st_size)[:4]


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("paper", ["A4", pytest.param("Letter", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "slug", [pytest.param(path.stem, marks=pytest.mark.slow if number else ()) for number, path in enumerate(LONGEST)]
)
def test_even_a_long_case_is_printed_on_two_pages(scripted: Page, slug: str, paper: str) -> None:
    scripted.goto(f"/cases/{slug}")
    printed = scripted.pdf(format=paper)

    assert pages_of(printed) <= 2


def test_paper_leaves_out_what_can_only_be_clicked(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto("/cases/aarhus-info-house?q=mentor")
    page.emulate_media(media="print")

    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("heading", name="Read next")).to_be_hidden()
    expect(page.get_by_text(f"{server}/cases/aarhus-info-house", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    context.close()


def test_announced_and_experienced_arrangements_are_side_by_side(page: Page) -> None:
    page.goto("/cases?experienced_as=intelligence-link")
    page.get_by_role("article").first.get_by_role("heading").get_by_role("link").click()

    expect(page.get_by_role("heading", name="As designed")).to_be_visible()
    expect(page.get_by_role("heading", name="As experienced")).to_be_visible()


def test_from_a_result_to_its_section_with_the_words_marked(page: Page) -> None:
    page.goto("/cases?q=mentors")
    passage = page.get_by_role("article").first.get_by_role("link").nth(1)
    section = passage.inner_text()
    passage.click()

    expect(page).to_have_url(re.compile(r"\?q=mentors#"))
    expect(page.get_by_role("heading", name=section, exact=True)).to_be_in_viewport()
    expect(page.locator("mark").first).to_be_attached()
    page.get_by_role("link", name="Remove highlighting").click()
    expect(page.locator("mark")).to_have_count(0)


def test_saved_cases_are_compared_from_the_case(page: Page) -> None:
    page.goto("/cases?q=school&shelf=aarhus-info-house")
    page.get_by_role("article").first.get_by_role("heading").get_by_role("link").click()
    page.get_by_role("link", name="Compare with saved cases").click()

    expect(page).to_have_url(re.compile(r"/compare\?case=aarhus-info-house&case="))


LONGEST_HEADS = ("copenhagen-vink", "aarhus-info-house")
"""The case whose title and summary take most room on a phone, and an ordinary one."""


@pytest.mark.parametrize("slug", LONGEST_HEADS)
def test_on_a_phone_the_first_screen_says_what_it_is_and_what_helped(phone: Page, slug: str) -> None:
    phone.goto(f"/cases/{slug}")
    brief = phone.get_by_role("region", name="In brief")

    assert bottom(brief.get_by_role("heading")) < 380
    assert bottom(brief.locator(".lead")) < 600
    assert bottom(brief.get_by_role("definition").first) < 740
    assert phone.evaluate("document.documentElement.scrollWidth") == 360


def bottom(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["y"] + box["height"]


def test_on_a_phone_facts_and_contents_unfold(phone: Page) -> None:
    phone.goto("/cases/aarhus-info-house")
    facts = phone.get_by_role("complementary", name="Facts")

    expect(facts.get_by_text("East Jutland Police")).to_be_hidden()
    facts.locator("summary", has_text="Facts").click()
    expect(facts.get_by_text("East Jutland Police")).to_be_visible()
    facts.locator("summary", has_text="On this page").click()
    facts.get_by_role("link", name="What was hard").click()
    expect(phone.get_by_role("heading", name="What was hard")).to_be_in_viewport()


def test_on_a_wide_screen_facts_are_beside_the_text_and_contents_follow_it(page: Page) -> None:
    page.goto("/cases/aarhus-info-house")
    facts = page.get_by_role("complementary", name="Facts")
    contents = page.get_by_role("navigation", name="On this page")

    expect(facts.get_by_text("East Jutland Police")).to_be_visible()
    expect(page.get_by_role("img", name="On the map: Aarhus, Denmark.")).to_be_in_viewport()
    page.get_by_role("heading", name="Lessons for other cities").evaluate("it => it.scrollIntoView()")
    expect(contents.get_by_role("link", name="Lessons for other cities")).to_be_in_viewport()


def test_the_list_of_contents_marks_where_one_is(scripted: Page) -> None:
    scripted.goto("/cases/aarhus-info-house")
    current = scripted.locator(".contents [aria-current]")

    for heading in ("What was hard", "Sources", "Context"):
        scripted.get_by_role("heading", name=heading, exact=True).evaluate("it => it.scrollIntoView()")
        expect(current).to_have_text([heading])


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_case_loads(browser: Browser, server: str, width: int) -> None:
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 740})
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(it => window.shift += it.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto("/cases/london-waltham-forest-brit")
    page.evaluate("document.fonts.ready")

    assert page.evaluate("window.shift") == 0
    context.close()
