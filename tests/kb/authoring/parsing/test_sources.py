"""The list of sources: keys, addresses, numbers, and whether the text uses them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from kb.authoring.parsing.front_matter import FieldReader, read_head
from kb.authoring.parsing.sources import ListedSource, count_citations, numbers, read_sources
from kb.authoring.problems import ProblemList
from kb.model.case import Source


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(PurePosixPath("cases/a-case.md"))


def read(sources: str, problems: ProblemList) -> tuple[ListedSource, ...]:
    """The sources of front matter that contains nothing else."""
    mapping = read_head(f"sources:\n  {sources}", problems)
    assert mapping is not None
    return read_sources(FieldReader(mapping, problems), problems)


def reported(problems: ProblemList) -> list[str]:
    """The problems without the path, which is always the same."""
    return [str(problem).removeprefix("cases/a-case.md:") for problem in problems.sorted()]


def test_sources_are_numbered_in_the_order_of_the_list(problems: ProblemList) -> None:
    listed = read("s2: {title: B, by: C, year: 2020, url: 'https://example.org'}\n  s1: {title: A, by: D}", problems)
    finished = count_citations(listed, {"s2": 3, "s1": 1}, problems)

    assert numbers(listed) == {"s2": 1, "s1": 2}
    assert finished == (
        Source("s2", "B", "C", 2020, "https://example.org", None, 3),
        Source("s1", "A", "D", None, None, None, 1),
    )
    assert problems.found == []


def test_an_uncited_source_is_reported(problems: ProblemList) -> None:
    listed = read("s1: {title: A, by: D}", problems)

    assert count_citations(listed, {}, problems)[0].citations == 0
    assert reported(problems) == [
        "3:3: warning: The source `s1` is never cited. Cite it as `[@s1]`, or remove it. [uncited-source]"
    ]


@pytest.mark.parametrize("key", ["s1", "S1", "2024", "crest-cr", "a_b"])
def test_a_key_consists_of_letters_digits_and_hyphens(key: str, problems: ProblemList) -> None:
    assert [source.id for source in read(f"{key}: {{title: A, by: D}}", problems)] == [key]


@pytest.mark.parametrize("key", ["general", "-s", "s 1", "s.1", "ä", '""', '"s;1"', '"<b>"'])
def test_any_other_key_is_reported(key: str, problems: ProblemList) -> None:
    assert read(f"{key}: {{title: A, by: D}}", problems) == ()
    assert reported(problems) == [
        f"3:3: error: `{key.strip(chr(34))}` cannot be the key of a source. Use s1, s2, s3 … [wrong-type]"
    ]


@pytest.mark.parametrize("url", ["https://example.org", "http://example.org/a?b=c#d", "HTTPS://example.org/å"])
def test_a_web_address_is_preserved_as_written(url: str, problems: ProblemList) -> None:
    assert read(f"s1: {{title: A, by: D, url: '{url}'}}", problems)[0].url == url
    assert problems.found == []


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "//example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,x",
        "https:example.org",
        "https://",
        "https://[",
        "https://example.org/a b",
        "mailto:a@example.org",
    ],
)
def test_any_other_address_is_reported_and_left_out(url: str, problems: ProblemList) -> None:
    assert read(f"s1:\n    title: A\n    by: D\n    url: '{url}'", problems)[0].url is None
    assert reported(problems) == [
        f"6:10: error: `{url}` is not a web address. "
        "Write the whole address, starting with https://, or leave `url` out. [bad-url]"
    ]


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        ("s1: text",
         "3:3: error: The source `s1` must have `title:` and `by:`. See `content/TEMPLATE.md`. [wrong-type]"),
        ("s1: {by: D}", "3:7: error: `sources.s1.title` is missing. Every file needs it. [missing-key]"),
        ("s1: {title: A, by: }", "3:18: error: `sources.s1.by` is empty. Every file needs it. [missing-key]"),
        ("s1: {title: A, by: D, year: soon}",
         "3:31: error: `sources.s1.year: soon` is not a year. Write four digits. [bad-year]"),
        ("s1: {title: A, by: D, urll: x}",
         "3:25: error: There is no key `sources.s1.urll`. Did you mean `url`? [unknown-key]"),
        ("s1: {title: A, by: D}\n  s1: {title: B, by: E}",
         "4:3: error: The key `sources.s1` appears here a second time. Keep one of the two. [duplicate-key]"),
        ("- {title: A}",
         "3:3: error: `sources` must be a mapping such as `s1: {title: …, by: …}`. "
         "See `content/TEMPLATE.md`. [wrong-type]"),
        ("", "2:1: error: `sources` is empty. Every file needs it. [missing-key]"),
    ],
)  # fmt: skip
def test_a_wrong_source_is_reported(sources: str, problem: str, problems: ProblemList) -> None:
    read(sources, problems)

    assert reported(problems) == [problem]
