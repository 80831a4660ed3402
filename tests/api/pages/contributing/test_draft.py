"""The page of a case file that is being written."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.address.site import Site
from api.pages.contributing.draft import draft_page
from api.pages.parts.page import Link
from api.pages.parts.saving import Frame
from api.server.rendering import render
from kb import read_draft
from kb.settings import Settings
from tests.attacks import ATTACKS, name_of
from tests.builders import case_markdown, vocabularies
from tests.marking import most_slow
from tests.properties import costly

GOOD = case_markdown(body={"Context": "They met [@s1].\n\nThey met again [@s1].", "What helped": "- Time [@s1]."})
SITE = Site.of(Settings(base_url="https://cases.example.org"))


def html(data: bytes) -> str:
    draft = read_draft(PurePosixPath("cases/a-case.md"), data, vocabularies())
    page = draft_page(draft, vocabularies(), SITE, "/preview/cases/a-case", Link("All drafts", "/preview"))
    return bytes(render("draft.html", page, Frame(SITE)).body).decode()


def test_a_problem_is_beside_its_block() -> None:
    text = html(GOOD.replace("They met again [@s1].", "They met again.").encode())

    _, _, behind = text.partition("<p>They met again.</p>")
    assert re.match(r'\s*<div class="problem', behind)
    assert text.index("<p>They met") < text.index("<p>They met again.</p>")


def test_every_problem_is_listed_beside_its_place_and_beside_its_line() -> None:
    text = html(GOOD.replace("status: ongoing", "status: running").replace("[@s1]", "[@s9]").encode())

    listed = set(re.findall(r'<li class="\w+"><a href="#(problem-\d+)"', text))
    assert len(listed) > 2
    assert set(re.findall(r'<div class="problem \w+" id="(problem-\d+)"', text)) == listed
    assert set(re.findall(r'<p class="line-problem \w+"><a href="#(problem-\d+)"', text)) == listed


def test_a_good_file_has_nothing_to_mend() -> None:
    text = html(GOOD.encode())

    assert "Nothing to mend" in text
    assert "published as it is here" in text


@pytest.mark.parametrize("attack", most_slow(ATTACKS, every=8, ids=name_of))
def test_what_is_written_does_not_run(attack: str) -> None:
    pages = [
        html(GOOD.replace(was, f"{was} {attack}").encode("utf-8", "replace"))
        for was in ("title:", "status: ongoing", "publication:", "They met again", "https://")
    ]

    for text in [*pages, html(attack.encode("utf-8", "replace"))]:
        tags = " ".join(re.findall(r"<[^>]*>", text))
        assert "alert" not in re.sub(r'(?:content|alt)="[^"]*"', "", tags)
        assert not re.search(r"<(?:iframe|object|embed|form|base|svg onload|style)\b", text)
        assert len(re.findall(r"<script\b", text)) == 1


@costly
@given(st.binary(max_size=200), st.integers(0, len(GOOD)), st.integers(0, 60))
def test_any_file_has_a_page(data: bytes, position: int, gone: int) -> None:
    good = GOOD.encode()

    assert "draft-banner" in html(data)
    assert "draft-banner" in html(good[:position] + data + good[position + gone :])
