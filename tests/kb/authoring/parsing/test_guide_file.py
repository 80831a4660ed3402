"""A guide page to what explains an arrangement or a challenge."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.parsing.guide_file import GuideFile, parse_guide_file
from kb.authoring.rules import Level
from kb.model.case import ARRANGEMENT_SECTIONS, CHALLENGE_SECTIONS, Source
from tests.builders import vocabularies

VOCABULARIES = vocabularies()


def guide_markdown(headings: tuple[str, ...]) -> str:
    """A guide page that breaks no rule."""
    head = "---\nsources:\n  seed: {title: A book, by: Someone}\n---\n"
    return head + "".join(f"\n## {heading}\n\nFact [@seed]. Known [@general].\n" for heading in headings)


def parse(text: str | bytes, path: str = "challenges/fragile-trust.md") -> GuideFile:
    data = text.encode() if isinstance(text, str) else text
    return parse_guide_file(PurePosixPath(path), data, VOCABULARIES)


def reported(file: GuideFile) -> list[str]:
    """The problems without the path."""
    return [str(problem).removeprefix(f"{file.path}:") for problem in file.problems]


@pytest.mark.parametrize(
    ("path", "kind", "headings"),
    [
        ("challenges/fragile-trust.md", "challenge", CHALLENGE_SECTIONS),
        ("arrangements/intelligence-link.md", "arrangement", ARRANGEMENT_SECTIONS),
    ],
)
def test_a_good_page_becomes_a_complete_guide(path: str, kind: str, headings: tuple[str, ...]) -> None:
    file = parse(guide_markdown(headings), path)

    assert file.problems == ()
    assert file.guide is not None
    assert (file.guide.kind, file.guide.id) == (kind, PurePosixPath(path).stem)
    assert tuple(section.heading for section in file.guide.sections) == headings
    assert file.guide.sources == (Source("seed", "A book", "Someone", None, None, None, len(headings)),)


def test_a_page_needs_no_sources() -> None:
    text = "---\n---\n" + "".join(f"\n## {heading}\n\nKnown [@general].\n" for heading in CHALLENGE_SECTIONS)
    file = parse(text)

    assert file.problems == ()
    assert file.guide is not None


def test_links_to_cases_are_rewritten() -> None:
    text = guide_markdown(CHALLENGE_SECTIONS).replace("Fact", "[Oslo](../cases/oslo-salto.md)")
    file = parse(text)

    assert file.guide is not None
    assert '<a href="/cases/oslo-salto">Oslo</a>' in file.guide.sections[0].html


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("challenges/fragile-trusts.md",
         "1:1: error: `fragile-trusts` is not in the vocabulary `challenges`. "
         "Did you mean `fragile-trust.md`? [unknown-term]"),
        ("challenges/zzz.md",
         "1:1: error: `zzz` is not in the vocabulary `challenges`. "
         "Add the term to `vocabularies/challenges.yaml`. [unknown-term]"),
    ],
)  # fmt: skip
def test_a_page_is_named_after_its_term(path: str, problem: str) -> None:
    file = parse(guide_markdown(CHALLENGE_SECTIONS), path)

    assert file.guide is None
    assert reported(file) == [problem]


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("## What it is", "## What is it", ["unknown-section"]),
        ("sources:", "title: A title\nsources:", ["unknown-key"]),
        ("{title: A book, by: Someone}", "{title: A book}", ["missing-key"]),
        ("seed: {", "general: {", ["wrong-type"]),
        ("---\nsources", "sources", ["no-front-matter"]),
        ("by: Someone}", "by: Someone", ["yaml-syntax"]),
        ("A book", "A\x00book", ["not-utf-8"]),
    ],
)
def test_a_broken_page_becomes_no_guide(old: str, new: str, rules: list[str]) -> None:
    file = parse(guide_markdown(CHALLENGE_SECTIONS).replace(old, new, 1))

    assert file.guide is None
    assert sorted({problem.rule for problem in file.problems}) == rules


@given(
    st.binary(max_size=100)
    | st.text(max_size=200).map(lambda body: f"---\n---\n## What it is\n{body}".encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    file = parse(data)

    assert (file.guide is None) == any(problem.level is Level.ERROR for problem in file.problems)
