"""A coordinator finds the arrangement that a meeting is about, and prints what helps to begin it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

ARRANGEMENTS = (
    "coalition-for-countering",
    "dialogue-and-bridging",
    "engagement-for-trust-and-legitimacy",
    "intelligence-link",
    "informing-and-intervening",
    "knowledge-exchange",
)


def test_questions_answered_by_keyboard_lead_to_an_arrangement_and_its_worksheet(page: Page) -> None:
    page.goto("/arrangements")
    page.get_by_role("link", name="Which one fits? A few questions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which arrangement fits?")

    answer_by_keyboard(page, "Do you need to talk about a named person?", "Yes, about a person")
    answer_by_keyboard(page, "Should the group decide on something together?", "Yes, we have to agree on something")
    answer_by_keyboard(page, "Who should hear what?", "Several services should hear what each of them knows")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show what fits")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/arrangements/which\?person=yes&together=yes&hears=services#fits$"))
    expect(page.get_by_role("heading", name="One arrangement fits")).to_be_in_viewport()
    expect(page.get_by_label("Yes, about a person")).to_be_checked()
    # The answer is where reading and tabbing go on from.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Arrangement for informing and intervening").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/arrangements/informing-and-intervening$"))

    page.get_by_role("link", name="Worksheet for a first meeting").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Questions before starting")).to_be_visible()
    expect(page.get_by_text("What is the threshold for bringing in a case")).to_be_visible()


def answer_by_keyboard(page: Page, question: str, answer: str) -> None:
    """Tab into a question, which starts at “Not sure yet”, and go up to an answer."""
    group = page.get_by_role("group", name=question)
    chosen = group.get_by_label(answer)
    reach = group.get_by_label("Not sure yet")
    for _ in range(20):
        if reach.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    for _ in range(8):
        if chosen.is_checked():
            break
        page.keyboard.press("ArrowUp")
    expect(chosen).to_be_focused()


def test_answers_that_pull_apart_lead_to_the_nearest_and_back_to_the_beginning(page: Page) -> None:
    page.goto("/arrangements/which?person=danger&together=yes&hears=public")

    expect(page.get_by_text("This site is not for emergencies")).to_be_visible()
    expect(page.get_by_role("heading", name="No arrangement fits all your answers.")).to_be_visible()
    page.get_by_role("link", name="Start again").click()
    expect(page).to_have_url(re.compile(r"/arrangements/which$"))
    expect(page.get_by_label("Not sure yet").first).to_be_checked()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_worksheet_fits_on_one_sheet(browser: Browser, server: str, paper: str) -> None:
    sheets = {name: printed(browser, f"{server}/arrangements/{name}/worksheet", paper) for name in ARRANGEMENTS}

    assert sheets == dict.fromkeys(ARRANGEMENTS, 1)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_overview_fits_on_one_sheet_for_the_wall(browser: Browser, server: str, paper: str) -> None:
    assert printed(browser, f"{server}/arrangements", paper) == 1
    assert printed(browser, f"{server}/arrangements", paper, landscape=True) <= 2


def printed(browser: Browser, address: str, paper: str, *, landscape: bool = False) -> int:
    """How many sheets a page takes."""
    page = browser.new_page()
    page.goto(address)
    pdf = page.pdf(format=paper, landscape=landscape)
    page.close()
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
