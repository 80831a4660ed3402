"""A coordinator finds the arrangement that a meeting is about, and prints what helps to begin it."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

ARRANGEMENTS = (
    "coalition-for-countering",
    "dialogue-and-bridging",
    "engagement-for-trust-and-legitimacy",
    "intelligence-link",
    "informing-and-intervening",
    "knowledge-exchange",
)


def test_answering_the_questions_by_keyboard_leads_to_an_arrangement_and_its_worksheet(page: Page) -> None:
    page.goto("/arrangements")
    page.get_by_role("link", name="Not sure? Answer three questions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which arrangement fits?")

    answer_by_keyboard(page, "Do you need to talk about a named person?", "Yes, about a person")
    answer_by_keyboard(page, "Should the group decide on something together?", "Yes, we have to agree on something")
    answer_by_keyboard(page, "Who should hear what?", "Several services should hear what the others know")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show what fits")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/arrangements/which\?person=yes&together=yes&hears=services#answer$"))
    expect(page.get_by_role("heading", name="One arrangement fits")).to_be_in_viewport()
    expect(page.get_by_label("Yes, about a person")).to_be_checked()
    # The answer is where reading and tabbing go on from.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Informing and intervening").first).to_be_focused()
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


def test_contradictory_answers_lead_to_the_nearest_arrangements_and_back_to_the_start(page: Page) -> None:
    page.goto("/arrangements/which?person=danger&together=yes&hears=public")

    expect(page.get_by_role("region", name="If somebody is in danger now")).to_be_focused()
    expect(page.get_by_role("heading", name="No arrangement fits all your answers.")).to_be_visible()
    page.get_by_role("link", name="Start again").click()
    expect(page).to_have_url(re.compile(r"/arrangements/which$"))
    expect(page.get_by_label("Not sure yet").first).to_be_checked()


EMERGENCY = "If somebody is in danger now"
FIRST_THING_TO_DO = "Call the local emergency number. Then tell a person you trust."

SCREENS = {
    "phone": (360, 740, 1),
    "tablet": (768, 1024, 1),
    "desktop": (1280, 720, 1),
    "phone at 200 %": (360, 740, 2),
    "tablet at 200 %": (768, 1024, 2),
    "desktop at 200 %": (1280, 720, 2),
    "desktop at 400 %": (1280, 1024, 4),
}
"""Width and height in pixels, and how much larger everything is shown."""


COMMON = {"phone", "desktop at 400 %"}
"""The screens that are tried whenever tests run."""


@pytest.fixture(params=[pytest.param(name, marks=() if name in COMMON else pytest.mark.slow) for name in SCREENS])
def screen(request: pytest.FixtureRequest, page: Page) -> Page:
    """A page on a screen of some width; zoomed in, it has room for that much less."""
    width, height, zoom = SCREENS[request.param]
    page.set_viewport_size({"width": width // zoom, "height": height // zoom})
    return page


def test_answering_that_someone_is_in_danger_shows_what_to_do_first(screen: Page) -> None:
    screen.goto("/arrangements/which")
    expect(screen.get_by_text("If somebody may be in danger now, call the local emergency number")).to_be_visible()

    answer_by_keyboard(screen, "Do you need to talk about a named person?", "Yes, and somebody may be in danger")
    screen.keyboard.press("Enter")
    expect(screen).to_have_url(re.compile(r"/arrangements/which\?person=danger&together=&hears=#answer$"))

    note = screen.get_by_role("region", name=EMERGENCY)
    expect(note).to_be_focused()
    expect(note.get_by_role("heading", name=EMERGENCY)).to_be_in_viewport(ratio=1)
    assert is_on_screen(screen, FIRST_THING_TO_DO)
    # Reading goes on from the heading of the page to the note, and tabbing from the note to what fits.
    assert after_the_heading(screen).startswith(f"{EMERGENCY} {FIRST_THING_TO_DO}")
    screen.keyboard.press("Tab")
    expect(screen.get_by_role("link", name="Continue to what fits your answers")).to_be_focused()
    screen.keyboard.press("Enter")
    expect(screen.get_by_role("heading", name="Two arrangements fit")).to_be_in_viewport()


@pytest.mark.slow
def test_the_note_fits_on_a_screen_that_is_not_zoomed(page: Page) -> None:
    for width, height in ((360, 740), (768, 1024), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        for address in ("?person=danger", "?person=danger&together=yes&hears=public#answer"):
            page.goto("about:blank")
            page.goto(f"/arrangements/which{address}")
            note = page.get_by_role("region", name=EMERGENCY)
            expect(note).to_be_in_viewport(ratio=1)
            expect(note).to_be_focused()


def test_what_to_do_in_danger_is_on_paper_too(page: Page) -> None:
    page.emulate_media(media="print")

    page.goto("/arrangements/which")
    expect(page.get_by_text("If somebody may be in danger now, call the local emergency number")).to_be_visible()
    page.goto("/arrangements/which?person=danger")
    expect(page.get_by_role("region", name=EMERGENCY)).to_be_visible()
    expect(page.get_by_text(FIRST_THING_TO_DO)).to_be_visible()


def is_on_screen(page: Page, words: str) -> bool:
    """Whether every line of these words is on the screen."""
    whole: bool = page.get_by_text(words).evaluate(
        """(element, words) => {
            const node = element.firstChild, start = node.data.indexOf(words), range = document.createRange();
            range.setStart(node, start);
            range.setEnd(node, start + words.length);
            return [...range.getClientRects()].every(({ top, bottom, left, right }) =>
                top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth);
        }""",
        words,
    )
    return whole


def after_the_heading(page: Page) -> str:
    """What is read after the heading of the page."""
    return " ".join(page.locator("main").inner_text().partition("Which arrangement fits?")[2].split())


@pytest.mark.parametrize("paper", ["A4", pytest.param("Letter", marks=pytest.mark.slow)])
def test_a_worksheet_fits_on_one_sheet(scripted: Page, paper: str) -> None:
    sheets = {name: printed(scripted, f"/arrangements/{name}/worksheet", paper) for name in ARRANGEMENTS}

    assert sheets == dict.fromkeys(ARRANGEMENTS, 1)


@pytest.mark.parametrize("paper", ["A4", pytest.param("Letter", marks=pytest.mark.slow)])
def test_the_overview_fits_on_one_sheet_for_the_wall(scripted: Page, paper: str) -> None:
    assert printed(scripted, "/arrangements", paper) == 1
    assert printed(scripted, "/arrangements", paper, landscape=True) <= 2


def printed(page: Page, address: str, paper: str, *, landscape: bool = False) -> int:
    """How many sheets a page takes."""
    page.goto(address)
    pdf = page.pdf(format=paper, landscape=landscape)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


WORKSHEET = "/arrangements/intelligence-link/worksheet"
FEEDBACK = "What does the person who reports hear afterwards, and when?"


def test_a_worksheet_is_kept_on_the_device_until_it_is_cleared(scripted: Page) -> None:
    scripted.goto(WORKSHEET)
    scripted.get_by_label("What we want to do").fill("Agree on feedback")
    scripted.get_by_label(FEEDBACK).fill("Within a week.\nBy telephone.\nBy the same person.\nAlways.")
    scripted.get_by_label("Suspicion of spying spreads").check()

    scripted.reload()
    expect(scripted.get_by_label("What we want to do")).to_have_value("Agree on feedback")
    expect(scripted.get_by_label("Suspicion of spying spreads")).to_be_checked()
    expect(scripted.get_by_text("stays on this device")).to_be_visible()
    field = scripted.get_by_label(FEEDBACK)
    assert field.evaluate("field => field.scrollHeight <= field.clientHeight + 1")
    scripted.goto("/arrangements/knowledge-exchange/worksheet")
    expect(scripted.get_by_label("What we want to do")).to_have_value("")

    scripted.goto(WORKSHEET)
    scripted.get_by_role("button", name="Clear").click()
    expect(scripted.get_by_role("status")).to_have_text("Everything you wrote here has been cleared.")
    scripted.reload()
    expect(scripted.get_by_label("What we want to do")).to_have_value("")
    expect(scripted.get_by_label("Suspicion of spying spreads")).not_to_be_checked()
    expect(scripted.get_by_role("button", name="Clear")).to_be_hidden()


def test_a_worksheet_is_saved_as_a_document_with_what_was_typed(page: Page) -> None:
    page.goto(WORKSHEET)
    page.get_by_label("What we want to do").fill("Agree on feedback")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a Word file").click()

    assert download.value.suggested_filename == "worksheet-intelligence-link.docx"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "Agree on feedback" in archive.read("word/document.xml").decode()


def test_paper_shows_what_was_typed_and_lines_where_nothing_was(page: Page) -> None:
    page.goto(WORKSHEET)
    page.get_by_label(FEEDBACK).fill("Within a week.")
    page.emulate_media(media="print")

    expect(page.get_by_label(FEEDBACK)).to_be_visible()
    answered = page.locator("li", has=page.get_by_label(FEEDBACK))
    expect(answered.locator(".rules")).to_be_hidden()
    others = page.locator(".worksheet-questions li .rules")
    assert sum(rule.is_visible() for rule in others.all()) == others.count() - 1
    expect(page.get_by_role("button")).to_have_count(0)


LONGEST = "/arrangements/informing-and-intervening"


def test_the_longest_guide_page_is_not_endless(page: Page, phone: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    for shown, most in ((page, 5000), (phone, 9500)):
        shown.goto(LONGEST)
        assert shown.evaluate("document.documentElement.scrollHeight") < most


def test_the_contents_stay_in_view_beside_the_text(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(LONGEST)
    page.get_by_role("heading", name="Which way information flows").scroll_into_view_if_needed()

    contents = page.get_by_role("navigation", name="On this page")
    expect(contents.get_by_role("link", name="Pitfalls")).to_be_in_viewport()
    contents.get_by_role("link", name="Questions before starting").click()
    expect(page.get_by_role("heading", name="Questions before starting")).to_be_in_viewport()


def test_on_a_phone_the_contents_are_folded_and_lead_there_too(phone: Page) -> None:
    phone.goto(LONGEST)
    contents = phone.get_by_role("navigation", name="On this page")
    expect(contents).to_be_hidden()
    phone.locator("summary", has_text="On this page").click()
    contents.get_by_role("link", name="Cases").click()

    expect(phone.get_by_role("heading", name="Cases, by what was hard")).to_be_in_viewport()


def test_a_case_is_saved_from_a_guide_page(scripted: Page) -> None:
    scripted.goto(LONGEST)
    row = scripted.locator(".case-row").first
    row.get_by_role("link", name=re.compile("^Save: ")).click()

    expect(scripted.get_by_role("link", name="1 case saved")).to_be_visible()
    expect(row.get_by_role("link", name=re.compile("^Saved: "))).to_be_visible()
