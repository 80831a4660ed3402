"""The list of sources: keys, addresses, numbers, and whether the text uses them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from kb.authoring.parsing.fields import FieldReader
from kb.authoring.parsing.sources import ListedSource, SourceList, count_citations, read_sources
from kb.authoring.parsing.yaml.nodes import Mapping, read_yaml
from kb.authoring.problems import ProblemList
from kb.authoring.written import WrittenText
from kb.model.case import Source


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(PurePosixPath("cases/a-case.md"))


def read_list(sources: str, problems: ProblemList) -> SourceList:
    """The sources of front matter that contains nothing else."""
    mapping = read_yaml(f"sources:\n  {sources}", 2)
    assert isinstance(mapping, Mapping)
    return read_sources(FieldReader(mapping, problems), problems)


def read(sources: str, problems: ProblemList) -> tuple[ListedSource, ...]:
    """The same, one by one."""
    return read_list(sources, problems).listed


def reported(problems: ProblemList) -> list[str]:
    """The problems without the path, which is always the same."""
    return [str(problem).removeprefix("cases/a-case.md:") for problem in problems.sorted()]


def test_sources_are_numbered_in_the_order_of_the_list(problems: ProblemList) -> None:
    listed = read("s2: {title: B, by: C, year: 2020, url: 'https://example.org'}\n  s1: {title: A, by: D}", problems)
    finished = count_citations(listed, {"s2": 3, "s1": 1}, problems)

    assert SourceList(listed, is_complete=True).numbers == {"s2": 1, "s1": 2}
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
        "example",
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
        ("s1: {title: A, by: D, urll: https://x}",
         "3:25: error: There is no key `sources.s1.urll`. Did you mean `url`? [unknown-key]"),
        ("s1: {title: A, by: D}\n  s1: {title: B, by: E}",
         "4:3: error: The key `sources.s1` appears here a second time. Keep one of the two. [duplicate-key]"),
        ("- {title: A, by: B}",
         "3:3: error: `sources` must be a mapping such as `s1: {title: …, by: …}`, not a list. "
         "Write `s1:` in place of the first hyphen, `s2:` in place of the next, and so on. [wrong-type]"),
        ("", "2:1: error: `sources` is empty. Every file needs it. [missing-key]"),
    ],
)  # fmt: skip
def test_a_wrong_source_is_reported(sources: str, problem: str, problems: ProblemList) -> None:
    read(sources, problems)

    assert reported(problems) == [problem]


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("example.org", "https://example.org"),
        ("www.example.org/a?b", "https://www.example.org/a?b"),
        ("[report](https://example.org/a)", "https://example.org/a"),
        ("<https://example.org/a>", "https://example.org/a"),
    ],
)
def test_the_address_that_was_meant_is_shown(url: str, meant: str) -> None:
    text = f"sources:\n  s1: {{title: A, by: D, url: '{url}'}}"
    problems = ProblemList(PurePosixPath("cases/a-case.md"), WrittenText(text, text))
    mapping = read_yaml(text)
    assert isinstance(mapping, Mapping)
    read_sources(FieldReader(mapping, problems), problems)

    assert [problem.fix for problem in problems.found] == [f"  s1: {{title: A, by: D, url: '{meant}'}}"]


@pytest.mark.parametrize(
    ("sources", "is_complete"),
    [
        ("s1: {title: A, by: D}", True),
        ("s1: {title: A}", True),
        ("- {title: A, by: D}", False),
        ("s1: text", False),
        ("s 1: {title: A, by: D}", False),
        ("text", False),
        ("", False),
    ],
)
def test_no_source_is_unknown_if_one_cannot_be_read(sources: str, is_complete: bool, problems: ProblemList) -> None:
    assert read_list(sources, problems).is_complete is is_complete
