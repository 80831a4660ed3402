"""Rules that need the whole collection: links, aliases, repeated sentences, missing pages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kb.authoring.checks.corpus import check_corpus
from kb.authoring.content_folder import load_corpus
from tests.builders import case_markdown, write_content

LONG = "This sentence is long enough to say nothing about either of the two cases."


def reported(root: Path, cases: Mapping[str, str], guides: Mapping[str, str] | None = None) -> list[str]:
    """The problems of these files, apart from guide pages that are not there."""
    folder = write_content(root, cases)
    for name, text in (guides or {}).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return [str(problem) for problem in check_corpus(load_corpus(folder)) if problem.rule != "missing-page"]


def helped(text: str) -> str:
    """A case file with this text on line 39, column 1."""
    return case_markdown(body={"What helped": text})


CHALLENGE = "---\n---\n## What it is\nA.\n## How it shows\nB.\n## Ways people have handled it\nC.\n"


def test_good_cases_that_link_to_each_other_are_fine(tmp_path: Path) -> None:
    cases = {
        "a-case": helped("- As [there](b-case.md#context) and [in general](../challenges/no-real-say.md) [@s1]."),
        "b-case": case_markdown(body={"Lessons for another city": "As [there].\n\n[there]: ../cases/a-case.md"}),
    }

    assert reported(tmp_path, cases, {"challenges/no-real-say.md": CHALLENGE}) == []


@pytest.mark.parametrize(
    ("text", "place", "target"),
    [
        ("- As [there](no-case.md) [@s1].", "39:14", "no-case.md"),
        ("- As [a [b] c](no-case.md#context) [@s1].", "39:16", "no-case.md#context"),
        ("- As [there](../arrangements/nothing.md) [@s1].", "39:14", "../arrangements/nothing.md"),
        ("- As [there] [@s1].\n\n[there]: no-case.md", "41:10", "no-case.md"),
        ("- As [a draft](a-draft.md) [@s1].", "39:16", "a-draft.md"),
        ("- As [a broken file](broken.md) [@s1].", "39:22", "broken.md"),
    ],
)
def test_a_dead_link_is_reported(tmp_path: Path, text: str, place: str, target: str) -> None:
    cases = {"a-case": helped(text), "a-draft": case_markdown(publication="draft"), "broken": "no case"}

    assert (
        f"cases/a-case.md:{place}: error: The link to `{target}` leads nowhere. "
        "Check the name; drafts cannot be linked to. [dead-link]"
    ) in reported(tmp_path, cases)


@pytest.mark.parametrize("text", ["`[x](no-case.md)`", "[x](https://example.org/no-case.md)", "[x](#context)"])
def test_anything_but_a_link_to_a_file_is_not_followed(tmp_path: Path, text: str) -> None:
    assert reported(tmp_path, {"a-case": helped(f"- {text} [@s1].")}) == []


def test_links_of_guide_pages_are_followed(tmp_path: Path) -> None:
    guide = CHALLENGE.replace("A.", "[A](../cases/no-case.md).")

    assert reported(tmp_path, {}, {"challenges/no-real-say.md": guide}) == [
        "challenges/no-real-say.md:4:5: error: The link to `../cases/no-case.md` leads nowhere. "
        "Check the name; drafts cannot be linked to. [dead-link]"
    ]


def test_an_alias_of_two_cases_is_reported_at_the_second(tmp_path: Path) -> None:
    cases = {"a-case": case_markdown(aliases=["old"]), "b-case": case_markdown(aliases=["older", "old"])}

    assert reported(tmp_path, cases) == [
        "cases/b-case.md:20:1: error: The alias `old` already belongs to `a-case`. "
        "Remove it from one of the two. [alias-taken]"
    ]


@pytest.mark.parametrize("publication", ["published", "draft", "withdrawn"])
def test_an_alias_is_not_the_slug_of_another_case(tmp_path: Path, publication: str) -> None:
    cases = {"a-case": case_markdown(aliases=["b-case"]), "b-case": case_markdown(publication=publication)}

    assert reported(tmp_path, cases) == [
        "cases/a-case.md:20:1: error: The alias `b-case` already belongs to `b-case`. "
        "Remove it from one of the two. [alias-taken]"
    ]


def test_a_sentence_in_two_cases_is_reported_at_the_second(tmp_path: Path) -> None:
    cases = {"a-case": helped(f"- Tea. {LONG} [@s1]"), "b-case": helped(f"- Rice [@s1].\n- {LONG} [@s1]")}

    assert reported(tmp_path, cases) == [
        "cases/b-case.md:40:1: warning: This sentence also appears in `cases/a-case.md`. "
        "Say what is particular to this case. [repeated-sentence]"
    ]


def test_a_sentence_may_recur_in_its_own_case(tmp_path: Path) -> None:
    assert reported(tmp_path, {"a-case": helped(f"- {LONG} [@s1]\n- {LONG} [@s1]")}) == []


def test_short_sentences_may_recur(tmp_path: Path) -> None:
    assert reported(tmp_path, {"a-case": case_markdown(), "b-case": case_markdown()}) == []


def test_every_arrangement_and_challenge_needs_a_page(tmp_path: Path) -> None:
    folder = write_content(tmp_path)
    (tmp_path / "challenges").mkdir()
    (tmp_path / "challenges" / "no-real-say.md").write_text(CHALLENGE, "utf-8")

    assert [str(problem) for problem in check_corpus(load_corpus(folder))] == [
        f"{name}.md:1:1: warning: There is no page that explains `{name}`. "
        "Write it; the other pages show how. [missing-page]"
        for name in (
            "arrangements/informing-and-intervening",
            "arrangements/intelligence-link",
            "arrangements/knowledge-exchange",
            "challenges/fragile-trust",
        )
    ]


def test_problems_in_and_across_files_are_reported_once_and_sorted(tmp_path: Path) -> None:
    cases = {"b-case": helped("- <b> [x](no-case.md)"), "a-case": case_markdown(aliases=["b-case"], city="nowhere")}
    found = [problem.split(": ")[0] for problem in reported(tmp_path, cases) if ": notice: " not in problem]

    assert found == ["cases/a-case.md:4:8", "cases/b-case.md:39:1", "cases/b-case.md:39:3", "cases/b-case.md:39:11"]


def test_what_happens_to_the_page_of_a_broken_file_is_reported(tmp_path: Path) -> None:
    cases = {
        "doubtful": case_markdown(extra="draft: true\n"),
        "kept": case_markdown(city="nowhere"),
        "plain-draft": case_markdown(publication="draft"),
    }

    notices = [problem for problem in reported(tmp_path, cases) if ": notice: " in problem]

    assert notices == [
        "cases/doubtful.md:23:1: notice: This page is offline: line 23 reads as not published: `draft: true`. "
        "[page-offline]",
        "cases/kept.md:18:1: notice: The last good version of this page, if there is one, stays online: it has errors, "
        "and line 18 says `publication: published`. To take the page offline, write `publication: withdrawn`. "
        "[page-last-good]",
    ]
