"""Somebody with an editor sees the page of a draft change with each save, and what is wrong beside the text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import CONTENT
from tests.features.test_everyone_can_use_it import COLOUR_RULES, NARROW, barriers_on, scroll_width
from tests.kb.cli.test_previewing import previewing

pytestmark = pytest.mark.slow

DRAFT = "cases/oslo-salto.md"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder of a few cases, one of which is a draft with errors."""
    content = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    for path in content.glob("cases/*.md"):
        if not path.name.startswith(("oslo", "aarhus")):
            path.unlink()
    change(content, "publication: published", "publication: draft", "status: unknown", "status: running")
    return content


def change(content: Path, *swaps: str) -> None:
    """Replace texts in the draft, as an editor saves it."""
    text = (content / DRAFT).read_text("utf-8")
    for was, becomes in zip(swaps[::2], swaps[1::2], strict=True):
        assert was in text
        text = text.replace(was, becomes, 1)
    (content / DRAFT).write_text(text, "utf-8")


@pytest.fixture
def preview(content: Path) -> Iterator[str]:
    """The address of the draft."""
    with previewing(content.parent, str(content / DRAFT)) as (_, address):
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_page_follows_each_save(page: Page, preview: str, content: Path) -> None:
    page.goto(preview)
    expect(page.get_by_text("It follows each save.")).to_be_visible()
    expect(page.get_by_role("note", name="About this draft")).to_contain_text("1 error")

    change(content, "status: running", "status: unknown")
    expect(page.get_by_role("note", name="About this draft")).to_contain_text("Nothing to mend", timeout=2000)

    change(content, "autumn 2014 the police registered", "autumn 2014 the police wrote down")
    expect(page.get_by_text("the police wrote down").first).to_be_visible(timeout=2000)


def test_a_problem_is_found_from_the_list_with_the_keyboard(page: Page, preview: str) -> None:
    page.goto(preview)
    page.get_by_role("link", name="Error, line").focus()
    page.keyboard.press("Enter")

    problem = page.locator("#problem-1")
    expect(problem).to_be_in_viewport()
    expect(problem).to_contain_text("running")
    problem.get_by_role("link", name="line ").press("Enter")
    expect(page.locator("li:target")).to_contain_text("status: running")


def test_the_draft_is_listed_without_scripts(browser: Browser, preview: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(preview)
    expect(page.get_by_text("Reload it to see what you have saved.")).to_be_visible()
    page.get_by_role("link", name="All drafts").first.click()

    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    context.close()


@pytest.mark.parametrize("is_list", [False, True], ids=["the draft", "the list"])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(page: Page, preview: str, is_list: bool) -> None:
    page.goto(preview.partition("/cases/")[0] if is_list else preview)

    assert barriers_on(page) == []
    page.emulate_media(color_scheme="dark")
    assert barriers_on(page, only=COLOUR_RULES) == []
    assert [width for width in NARROW if scroll_width(page, width) > width] == []
