"""Somebody with an editor gets from `kb new` to a published case, with the mistakes that people make on the way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from kb.cli.app import app
from tests.conftest import CONTENT
from tests.kb.cli.test_previewing import previewing

pytestmark = pytest.mark.slow

SLUG = "aarhus-door-for-concerns"

CASE = """---
title: "A door for concerns"
summary: "In Aarhus, one telephone line takes concerns about young people and brings two services together."
city: [aarhus]
started: 2016
ended:
status: ongoing
arrangements:
  informing-and-intervening: "Two services hear a concern together and decide who goes."
challenges:
  fragile-trust:
    showed: "Parents feared that the police would hear everything."
    handled: "The city published who hears what."
audiences: [families, youth]
lead:
  "City of Aarhus": local-government
partners:
  "East Jutland Police": police
last_reported: {year: 2024, source: s1}
evidence:
  level: described
  note: "The work is described; nobody has measured what came of it."
language: en
contributors: [A researcher]
publication: draft
review: {state: unreviewed}
questions:
  - "Whom can parents ring when they are worried?"
sources:
  s1:
    title: "Report on the line for concerns"
    by: "City of Aarhus"
    year: 2024
    url: "https://example.org/report"
---

## Context

Concerns used to reach the city by chance [@s1].

## What they do

One line takes all of them [@s1].

## Who is at the table

- The city answers the line [@s1].
- The police join on Tuesdays [@s1].

## What helped

- One number for everybody [@s1].

## What was hard

- Parents feared the police [@s1].

## What is known about results

Nobody has measured results [@s1].

## Lessons for another city

- A city could publish who hears what [@s1].
"""

MISTAKES = {
    "a colon in a title without quotes": (
        'title: "A door for concerns"', "title: A door: for concerns", "colon"),
    "curly quotes": ('title: "A door for concerns"', "title: “A door for concerns”", "quot"),
    "a tab": ("  informing-and-intervening:", "\tinforming-and-intervening:", "tab"),
    "no space after a colon": ("started: 2016", "started:2016", "space"),
    "the label of a term": ("  fragile-trust:", "  Fragile trust:", "fragile-trust"),
    "a year in words": ("started: 2016", "started: since 2016", "2016"),
    "a city that is not known": ("city: [aarhus]", "city: [aarhuss]", "aarhus"),
    "a key in another spelling": ("audiences:", "audience:", "audiences"),
    "a word that no list has": ("status: ongoing", "status: still running", "ongoing"),
    "a citation in brackets of its own": (
        "by chance [@s1].", "by chance (@s1).", "[@s1]"),
    "a citation with backslashes": ("by chance [@s1].", "by chance \\[@s1\\].", "[@s1]"),
    "a source that is not listed": ("by chance [@s1].", "by chance [@s7].", "s7"),
    "a statement without a source": ("One line takes all of them [@s1].", "One line takes all of them.", "source"),
    "a heading at the wrong level": ("## What helped", "### What helped", "## What helped"),
    "a heading in other words": ("## What was hard", "## What was difficult", "What was hard"),
    "a mark of a list from a word processor": ("- One number", "• One number", "- "),
    "a text in code by its indent": ("Nobody has measured", "    Nobody has measured", "indent"),
    "a front matter that is not closed": ("report\"\n---\n", "report\"\n", "three hyphens"),
    "a telephone number": ("One line takes", "Ring 020 7946 0958. One line takes", "telephone"),
    "a comment that cuts a value": ('title: "A door for concerns"', "title: A door #1 for concerns", "#"),
}  # fmt: skip
"""What was right, what is typed instead, and what the page must say so that it can be mended."""


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small content folder."""
    content = Path(shutil.copytree(CONTENT, tmp_path_factory.mktemp("editor") / "content"))
    for path in content.glob("cases/*.md"):
        if not path.name.startswith(("oslo", "aarhus")):
            path.unlink()
    return content


@pytest.fixture(scope="module")
def address(content: Path) -> Iterator[str]:
    """The address of the preview of the file that `kb new` wrote."""
    given = ["--title", "A door for concerns", "--city", "Aarhus", "--arrangement", "informing-and-intervening"]
    given += ["--challenge", "Fragile trust", "--slug", SLUG, "--content", str(content)]
    assert CliRunner().invoke(app, ["new", *given]).exit_code == 0
    with previewing(content.parent, str(content / "cases" / f"{SLUG}.md")) as (_, address):
        yield address


@pytest.fixture(scope="module")
def page(browser: Browser, address: str, content: Path) -> Iterator[Page]:
    """The preview of the case, which stays open while the file is saved."""
    save(content, CASE)
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("It follows each save.")).to_be_visible()
    expect(page.get_by_text("Nothing to mend")).to_be_visible()
    yield page
    context.close()


def save(content: Path, text: str) -> None:
    (content / "cases" / f"{SLUG}.md").write_text(text, "utf-8")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_shown_so_that_it_can_be_mended(page: Page, content: Path, mistake: str) -> None:
    right, typed, word = MISTAKES[mistake]
    assert CASE.count(right) == 1 or mistake.startswith(("a key", "a front"))
    save(content, CASE.replace(right, typed, 1))

    expect(page.locator(".problem").first).to_contain_text(word)
    assert page.locator(".problem.error").count() <= 2, "one cause, and at most one thing that follows from it"

    save(content, CASE)
    expect(page.get_by_text("Nothing to mend")).to_be_visible()


def test_the_case_is_published_with_one_word(browser: Browser, address: str, content: Path) -> None:
    save(content, CASE.replace("publication: draft", "publication: published"))
    context = browser.new_context(base_url=address.partition("/preview")[0])
    page = context.new_page()
    for _ in range(50):
        page.goto(f"/cases/{SLUG}")
        if page.get_by_role("heading", name="A door for concerns").count():
            break
        page.wait_for_timeout(100)

    expect(page.get_by_role("heading", name="A door for concerns")).to_be_visible()
    page.goto("/cases?q=door+for+concerns")
    expect(page.get_by_role("link", name="A door for concerns").first).to_be_visible()
    context.close()
