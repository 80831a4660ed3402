"""Somebody who has no terminal brings their notes: they see what is wrong, correct it, and take a file away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from kb.model.case import CASE_SECTIONS
from tests.attacks import ATTACKS, ELSEWHERE
from tests.conftest import CONTENT
from tests.features.test_everyone_can_use_it import COLOUR_RULES, NARROW, barriers_on, scroll_width
from tests.word_files import note, paragraph, table, word_file

GOOD = CONTENT.joinpath("cases/oslo-salto.md").read_text("utf-8")
NOTES = word_file(
    paragraph("The house on the square", "Title"),
    table(
        ["Summary", "Police and schools in Oslo share worries about young people at one table."],
        ["City", "Oslo"], ["Started", "2007"], ["Status", "Ongoing"],
        ["Arrangement", "Informing and intervening: They share worries and agree on help."],
        ["Challenge", "Fragile trust: Few families called."], ["Audience", "Youth"],
        ["Lead", "City of Oslo (local government)"], ["Partners", "Oslo police (police)"],
        ["Evidence", "described: Nobody has looked at results."], ["Written by", "Editorial team"],
        ["Questions", "How do police and schools share worries?"],
    ),
    *(
        piece
        for name in CASE_SECTIONS
        for piece in (paragraph(name.upper(), "H1"), paragraph("They met every week.", inside=note(1)))
    ),
    notes={1: "City of Oslo, A plan for 2020, https://example.org/plan"},
)  # fmt: skip


def test_notes_from_a_word_processor_become_a_case_without_a_terminal(page: Page, tmp_path: Path) -> None:
    notes = tmp_path / "Oslo house.docx"
    notes.write_bytes(NOTES)
    page.goto("/contribute")
    page.get_by_role("main").locator("a[href='/contribute/check']").first.click()
    page.get_by_label("A file").set_input_files(notes)
    page.get_by_role("button", name="Check", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("The house on the square")
    expect(page.get_by_role("note", name="About this draft")).to_contain_text("made from your document")
    expect(page.locator("section", has=page.get_by_role("heading", name="What helped")).first).to_contain_text(
        "They met"
    )

    # What the document did not say is in the list, and leads to its place.
    problem = page.locator(".problem-list li").first
    problem.get_by_role("link").first.click()
    expect(page.locator(".problem:target")).to_be_visible()

    # They fill it in, and make a mistake that everybody makes.
    text = page.get_by_label("The text", exact=True).input_value()
    text = text.replace('by: "Author or publisher"', 'by: "City of Oslo"').replace(
        "publication: draft ", "publication: published "
    )
    page.get_by_label("The text", exact=True).fill(
        text.replace("## What helped", "### what helped").replace("status: ongoing", "status: on-going")
    )
    page.get_by_role("button", name="Check again", exact=True).click()
    expect(page.get_by_role("note", name="About this draft")).to_contain_text(
        "to be mended before this case can be published"
    )
    page.get_by_label("The text", exact=True).fill(
        page.get_by_label("The text", exact=True).input_value().replace("on-going", "ongoing")
    )
    page.get_by_role("button", name="Check again", exact=True).click()
    page.get_by_role("button", name="Correct it and check again").click()
    expect(page.get_by_role("note", name="About this draft")).to_contain_text("Corrected in the text: ")
    expect(page.get_by_role("note", name="About this draft")).to_contain_text("This file can be published as it is.")

    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    assert download.value.suggested_filename == "oslo-house.md"
    assert "## What helped" in download.value.path().read_text("utf-8")


def test_a_file_can_be_dropped_onto_the_page(scripted: Page) -> None:
    scripted.goto("/contribute/check")
    expect(scripted.get_by_text("You can also drop it anywhere")).to_be_visible()
    drop(scripted, "my case.md", GOOD)

    expect(scripted.get_by_text("Nothing to mend")).to_be_visible()
    expect(scripted.get_by_label("Name of the file")).to_have_value("my-case")


def test_a_file_that_is_too_large_is_not_sent(scripted: Page) -> None:
    scripted.goto("/contribute/check")
    drop(scripted, "large.docx", "x" * (3 * 1024 * 1024))

    expect(scripted.get_by_role("alert")).to_contain_text("more than 2 MB")
    scripted.get_by_role("button", name="Check", exact=True).click()
    expect(scripted.get_by_label("A file")).to_be_visible()
    drop(scripted, "small.md", GOOD)
    expect(scripted.get_by_text("Nothing to mend")).to_be_visible()


def drop(page: Page, name: str, text: str) -> None:
    """Drop a file in the middle of the page, as a browser reports it."""
    page.evaluate(
        """([name, text]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], name));
          for (const type of ["dragover", "drop"]) {
            const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
            document.querySelector("main").dispatchEvent(event);
          }
        }""",
        [name, text],
    )


def test_all_of_it_works_from_the_keyboard(scripted: Page) -> None:
    scripted.goto("/contribute/check")
    scripted.get_by_label("Or its text").focus()
    scripted.keyboard.insert_text("Only words.")
    scripted.keyboard.press("Tab")
    scripted.keyboard.press("Enter")

    expect(scripted.get_by_role("note", name="About this draft")).to_contain_text("has to be mended before")
    scripted.get_by_label("The text", exact=True).focus()
    scripted.keyboard.press("Tab")
    scripted.keyboard.press("Tab")
    expect(scripted.get_by_role("button", name="Check again", exact=True)).to_be_focused()


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("status: ", "status: not ").replace("[@s1]", ""),
        *(pytest.param(text, marks=pytest.mark.slow) for text in (GOOD, "Only words.", "")),
    ],
)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(scripted: Page, text: str) -> None:
    scripted.goto("/contribute/check")
    scripted.get_by_label("Or its text").fill(text)
    scripted.get_by_role("button", name="Check", exact=True).click()
    scripted.wait_for_load_state()

    assert barriers_on(scripted) == []
    scripted.emulate_media(color_scheme="dark")
    assert barriers_on(scripted, only=COLOUR_RULES) == []
    assert [width for width in NARROW if scroll_width(scripted, width) > width] == []


def test_what_is_printed_is_the_page_and_what_is_wrong(scripted: Page) -> None:
    scripted.goto("/contribute/check")
    scripted.get_by_label("Or its text").fill(GOOD)
    scripted.get_by_role("button", name="Check", exact=True).click()
    scripted.emulate_media(media="print")

    expect(scripted.get_by_label("The text", exact=True)).to_be_hidden()
    expect(scripted.get_by_role("heading", name="Context")).to_be_visible()


@pytest.mark.slow
def test_nothing_that_is_sent_runs(scripted: Page) -> None:
    called: list[str] = []

    def note(dialog: Dialog) -> None:
        called.append(dialog.message)
        dialog.dismiss()

    scripted.on("dialog", note)
    attacks = "\n\n".join(ATTACKS)
    for text in (attacks, GOOD.replace("## Context\n", f"## Context\n\n{attacks}\n\n"), *ATTACKS[::5]):
        scripted.goto("/contribute/check")
        scripted.get_by_label("Or its text").fill(text)
        scripted.get_by_role("button", name="Check", exact=True).click()
        expect(scripted.get_by_role("note", name="About this draft")).to_be_visible()
        assert ELSEWHERE not in scripted.url

    scripted.remove_listener("dialog", note)
    assert called == []
