"""A case as people read it: facts, drift, marks, and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

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
