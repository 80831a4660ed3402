"""Somebody who has never seen YAML turns a page of notes into a valid case, in the browser only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Page, Route, expect

from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.case_file import CaseFile, parse_case_file
from kb.model.case import CASE_SECTIONS, slugify_heading
from tests.conftest import CONTENT
from tests.features.conftest import Pages
from tests.features.test_everyone_can_use_it import COLOUR_RULES, barriers_on, scroll_width

FORM = "/contribute/new"
STEPS = ("what", "who", "kind", "sources", "text", "known", "finish")

NOTES = {
    "Context": "In 2016 a school closed after threats. The town looked for one place for worries.",
    "What they do": "Two people listen: a youth worker and an officer. They meet on Tuesdays.",
    "Who is at the table": "Schools, police and youth work; the mayor chairs. No parent sits there.",
    "What helped": "- Coffee first.\n- A rule: “nothing leaves this room” unless somebody is in danger.",
    "What was hard": "- Parents feared a file #1 would be kept.",
    "What is known about results": "Nobody has counted anything.",
    "Lessons for another city": "Begin with the rule.",
}


@contextmanager
def at_the_form(page: Page, address: str = FORM) -> Iterator[Page]:
    page.goto(address)
    yield page
    # What is kept stays with the tab, which the next test gets.
    page.goto(address)
    if page.locator("#forget").is_visible():
        page.click("#forget")


def step(page: Page, name: str) -> None:
    page.locator(f".steps button[value={name}]").click()
    expect(page.locator("#case-form:not([aria-busy])")).to_be_attached()
    expect(page.locator(f".steps button[value={name}]")).to_have_attribute("aria-current", "step")


def open_and_say(page: Page, name: str, text: str) -> None:
    field = page.locator(f'[name="{name}"]')
    if not field.is_visible():
        page.locator("details", has=field).locator("summary").click()
    field.fill(text)


def fill_in(page: Page, city: str = "Vilvoorde") -> None:
    """What the notes say, step by step."""
    page.get_by_role("textbox", name="Title", exact=True).fill('The "kitchen table": one place for worries')
    page.get_by_label("Summary").fill(f"In {city}, two people listen to worries about extremism: over coffee.")
    page.get_by_role("combobox", name="City", exact=True).fill(city)
    page.get_by_label("Year it began").fill("2016")
    page.get_by_label("Young people").check()
    step(page, "who")
    page.locator('[name="lead.0"]').fill("City of Vilvoorde")
    page.locator('[name="lead.0.sector"]').select_option(label="Local government")
    page.locator('[name="partners.0"]').fill("Schools: the larger ones")
    page.locator('[name="partners.0.sector"]').select_option(value="school")
    page.get_by_role("button", name="Add another partner").click()
    page.locator('[name="partners.1"]').fill("Local police")
    page.locator('[name="partners.1.sector"]').select_option(label="Police")
    page.get_by_label("Who wrote this case").fill("Youth office")
    step(page, "kind")
    open_and_say(page, "arrangements.informing-and-intervening", "They hear worries together and agree on help.")
    open_and_say(page, "challenges.fragile-trust.showed", "Parents feared that a file would be kept.")
    step(page, "sources")
    source(page, "s1", "Annual report: 2019", "City of Vilvoorde", "2019", "https://example.org/report")
    page.get_by_role("button", name="Add another source").click()
    source(page, "s2", "Café et confiance", "A newspaper", "", "")
    step(page, "text")
    for number, (heading, text) in enumerate(NOTES.items()):
        lines = [f"{line.rstrip('.')} [@s{1 + number % 2}]." for line in text.split("\n")]
        page.get_by_role("textbox", name=heading, exact=True).fill("\n".join(lines))
    step(page, "known")
    page.locator('[name="evidence.level"][value="described"]').check()
    page.get_by_label("In one sentence").fill("Nobody has measured results.")
    page.get_by_label("Questions that this case answers").fill("Where can a worried teacher turn?")
    step(page, "finish")


def source(page: Page, key: str, title: str, by: str, year: str, url: str) -> None:
    for name, value in (("title", title), ("by", by), ("year", year), ("url", url)):
        page.locator(f'[name="sources.{key}.{name}"]').fill(value)


def taken_away(page: Page, folder: Path) -> CaseFile:
    """The file that is downloaded, as `kb check` reads it, once somebody has published it."""
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download").click()
    path = folder / begun.value.suggested_filename
    begun.value.save_as(path)
    draft = path.read_text("utf-8")
    assert "publication: draft\n" in draft
    published = draft.replace("publication: draft\n", "publication: published\n")
    known = ContentFolder(CONTENT).vocabularies()[0]
    return parse_case_file(PurePosixPath(f"cases/{path.name}"), published.encode(), known)


@pytest.mark.slow
def test_a_page_of_notes_becomes_a_valid_file(page: Page, tmp_path: Path) -> None:
    with at_the_form(page):
        fill_in(page)
        expect(page.get_by_role("heading", name="Nothing is left to do")).to_be_visible()
        file = taken_away(page, tmp_path)

    assert file.slug == "vilvoorde-kitchen-table"
    assert file.problems == ()
    assert file.is_published
    assert file.case
    assert file.case.title == 'The "kitchen table": one place for worries'
    assert [partner.name for partner in file.case.partners] == ["Schools: the larger ones", "Local police"]
    assert [section.heading for section in file.case.sections] == list(CASE_SECTIONS)
    assert [len(section.points) for section in file.case.sections][3:5] == [2, 1]


MISTAKES = [
    # what, the name of the field, what is typed, what is said, what is typed then
    ("what", "started", "spring 2016", "is not a year. Write four digits, such as 2015.", "2016"),
    ("what", "title", "t" * 91, "This has 91 characters; the limit is 90. Shorten it.", "A kitchen table"),
    ("what", "city", "Vilvorde-les-Bains", "is not in the list of cities", "Vilvoorde"),
    ("who", "contributors", "Peter Jansen", "looks like a person's name. Write the role", "Youth office"),
    ("sources", "sources.s1.url", "www.example.org", "is not a web address. Copy the whole address",
     "https://example.org"),
    ("sources", "sources.s1.year", "'19", "is not a year", "2019"),
    ("text", "text.context", "In 2016 a school closed.", "names no source. End it with the mark of one",
     "It began [@s1]."),
    ("text", "text.what-they-do", "They talk [@s3].", "There is no such source in your list", "They talk [@s2]."),
    ("text", "text.what-helped", "Call 0032 2 255 46 90 [@s1].", "looks like a telephone number", "Coffee [@s1]."),
    ("text", "text.what-was-hard", "", "Nothing is written here yet", "- Rain [@s1]."),
    ("known", "questions", "Where to turn", "is not a question", "Where to turn?"),
]  # fmt: skip


@pytest.mark.slow
def test_natural_mistakes_are_caught_in_plain_words_and_mended_in_one_round(page: Page, tmp_path: Path) -> None:
    with at_the_form(page):
        fill_in(page)
        for where, name, typed, _, _ in MISTAKES:
            step(page, where)
            page.locator(f'[name="{name}"]').first.fill(typed)
        step(page, "finish")
        summary = page.locator("#to-do")
        for _, _, _, says, _ in MISTAKES:
            expect(summary).to_contain_text(says)
        assert "YAML" not in summary.inner_text()
        for where, name, _, says, mended in MISTAKES:
            link = summary.get_by_role("listitem").filter(has_text=says).get_by_role("link").first
            link.click()
            field = page.locator(f'[name="{name}"]').first
            expect(field).to_be_visible()
            expect(page.locator(f"#step-{where}")).to_contain_text(says)
            field.fill(mended)
            step(page, "finish")
        expect(page.get_by_role("heading", name="Nothing is left to do")).to_be_visible()
        assert taken_away(page, tmp_path).problems == ()


def test_the_page_appears_beside_the_form_while_one_writes(scripted: Page) -> None:
    with at_the_form(scripted) as page:
        page.get_by_role("textbox", name="Title", exact=True).fill("A kitchen <b>table</b>")

        expect(page.locator("#live .live-heading")).to_have_text("A kitchen <b>table</b>")
        expect(page.locator("#f-title-count")).to_have_text("22 of 90 characters")
        expect(page.get_by_role("textbox", name="Title", exact=True)).to_be_focused()


def test_a_source_is_cited_by_a_button_where_the_cursor_is(scripted: Page) -> None:
    with at_the_form(scripted) as page:
        step(page, "sources")
        source(page, "s1", "A report", "A city", "2019", "")
        step(page, "text")
        box = page.get_by_role("textbox", name="Context", exact=True)
        box.fill("One. Two.")
        box.press("Home")
        for _ in range(4):
            box.press("ArrowRight")
        page.get_by_role("group", name="Cite in Context").get_by_role("button", name="Cite s1").click()
        box.press_sequentially(" Three.")

        expect(box).to_have_value("One [@s1]. Three. Two.")
        expect(page.locator("#f-text-context-count")).to_have_text("4 words")
        expect(page.locator("#live")).to_contain_text("Three.")


def test_what_is_written_stays_in_the_tab_until_it_is_cleared(scripted: Page) -> None:
    with at_the_form(scripted) as page:
        page.get_by_role("textbox", name="Title", exact=True).fill("A kitchen table")
        page.reload()
        page.get_by_role("button", name="Continue where you stopped").click()
        expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("A kitchen table")

        page.get_by_role("link", name="Clear the form").click()
        expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("")
        expect(page.get_by_role("button", name="Continue where you stopped")).to_be_hidden()
        assert page.evaluate("sessionStorage.length + localStorage.length") == 0


@pytest.mark.slow
def test_what_is_typed_while_the_server_answers_is_not_lost(scripted: Page) -> None:
    with at_the_form(scripted) as page:
        title = page.get_by_role("textbox", name="Title", exact=True)
        title.fill("A kitchen")
        expect(page.locator(".live-heading")).to_have_text("A kitchen")
        held: list[Route] = []
        page.route("**/contribute/new", lambda route: route.continue_() if held else held.append(route))
        page.locator(".steps button[value=who]").click()
        title.fill("A kitchen table")
        page.wait_for_timeout(1000)  # longer than the pause after which the page beside the form is renewed
        held[0].continue_()

        expect(page.locator(".steps button[value=who]")).to_have_attribute("aria-current", "step")
        page.unroute_all()
        step(page, "what")
        expect(title).to_have_value("A kitchen table")


def test_without_an_answer_of_the_server_all_that_was_typed_stays(scripted: Page) -> None:
    with at_the_form(scripted) as page:
        page.get_by_role("textbox", name="Title", exact=True).fill("A kitchen table")
        page.route("**/contribute/new", lambda route: route.abort())
        page.get_by_role("button", name="Next", exact=True).click()

        expect(page.locator("#form-status")).to_contain_text("What you have written is still here.")
        expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("A kitchen table")
        page.unroute_all()


def test_a_published_case_is_corrected(page: Page, tmp_path: Path) -> None:
    with at_the_form(page, f"{FORM}?case=oslo-salto"):
        page.get_by_label("Year it began").fill("2003")
        step(page, "finish")

        expect(page.locator(".change .removed")).to_have_text(["5 Removed started: 2004"])
        expect(page.locator(".change .added mark")).to_have_text("2003")
        with page.expect_download() as begun:
            page.get_by_role("button", name="Download").click()
        text = (CONTENT / "cases" / "oslo-salto.md").read_text("utf-8")
        begun.value.save_as(tmp_path / "saved.md")
        assert (tmp_path / "saved.md").read_text("utf-8") == text.replace("started: 2004", "started: 2003")


def test_enter_in_a_line_stays_at_the_step(page: Page) -> None:
    with at_the_form(page):
        step(page, "who")
        page.locator('[name="lead.0"]').fill("City")
        page.locator('[name="lead.0"]').press("Enter")

        expect(page.locator(".steps [aria-current]")).to_have_attribute("value", "who")
        expect(page.locator('[name="lead.0"]')).to_have_value("City")


@pytest.mark.slow
def test_no_step_has_a_barrier_in_either_scheme_or_on_a_phone(pages: Pages) -> None:
    with pages.lent(viewport={"width": 1280, "height": 900}) as lent, at_the_form(lent) as page:
        fill_in(page)
        step(page, "what")
        page.locator('[name="started"]').fill("soon")
        found = []
        for name in STEPS:
            step(page, name)
            page.emulate_media(color_scheme="light")
            found += [(name, barrier) for barrier in barriers_on(page)]
            page.emulate_media(color_scheme="dark")
            found += [(name, barrier) for barrier in barriers_on(page, only=COLOUR_RULES)]
            found += [(name, ("wide", [width])) for width in (640, 320) if scroll_width(page, width) > width]
            page.set_viewport_size({"width": 1280, "height": 900})
        assert found == []


@pytest.mark.slow
def test_every_step_can_be_walked_through_with_the_keyboard(scripted: Page) -> None:
    with at_the_form(scripted) as page:
        page.get_by_role("textbox", name="Title", exact=True).focus()
        page.keyboard.type("A kitchen table")
        for name in STEPS[1:]:
            button = page.get_by_role("button", name="Next", exact=True)
            button.focus()
            page.keyboard.press("Enter")
            expect(page.locator(f"#step-{name} h2").first).to_be_focused()
        link = page.locator("#to-do a").first
        link.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Summary")).to_be_focused()


def test_the_form_for_print_is_the_page(scripted: Page) -> None:
    with at_the_form(scripted, f"{FORM}?case=oslo-salto") as page:
        page.emulate_media(media="print")

        expect(page.locator("form#f-form")).to_be_hidden()
        expect(page.locator("#live")).to_contain_text("SaLTo")


def test_each_section_of_the_template_has_a_box_with_its_questions(scripted: Page) -> None:
    with at_the_form(scripted) as page:
        step(page, "text")

        for heading in CASE_SECTIONS:
            field = page.get_by_role("textbox", name=heading, exact=True)
            expect(field).to_be_visible()
            expect(page.locator(f"#f-text-{slugify_heading(heading)}-hint li").first).to_be_visible()
