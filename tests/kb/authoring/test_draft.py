"""A case file is read for its author as far as it can be."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.draft import Draft, read_draft
from kb.authoring.parsing.publication import Fate
from kb.model.case import CASE_SECTIONS
from tests.builders import case_markdown, vocabularies
from tests.properties import costly

GOOD = case_markdown(body={"Context": "They met [@s1].\n\nThey met again [@s1].", "What helped": "- Time [@s1]."})


def read(text: str) -> Draft:
    return read_draft(PurePosixPath("cases/a-case.md"), text.encode("utf-8", "surrogatepass"), vocabularies())


def test_a_valid_file_is_read_whole() -> None:
    draft = read(GOOD)

    assert draft.is_online
    assert len(draft.case.sections) == len(CASE_SECTIONS)


def test_what_is_broken_costs_no_more_than_itself() -> None:
    draft = read(GOOD.replace("title: ", "title ").replace("challenges:", "challenges: ["))

    assert not draft.is_online
    assert draft.case.summary
    assert draft.case.arrangements
    assert len(draft.case.sections) == len(CASE_SECTIONS)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"\x00" * 100, b"# A title\n"])
def test_what_is_no_case_at_all_is_reported(data: bytes) -> None:
    draft = read_draft(PurePosixPath("cases/a-case.md"), data, vocabularies())

    assert draft.problems
    assert draft.decision.fate is Fate.OFFLINE


@pytest.mark.parametrize(
    ("was", "typed", "place"),
    [
        ("status: ongoing", "status: running", "status"),
        ("  fragile-trust:", "  frail-trust:", "challenges"),
        ("They met [@s1].", "They met [@s9].", "context"),
        ("They met again [@s1].", "They met again.", "context"),
        ("- Time [@s1].", "- Time \\[@s1\\].", "what-helped"),
        ("- Time [@s1].", "- Call 020 7946 0123 [@s1].", "what-helped"),
    ],
)
def test_a_problem_has_its_place(was: str, typed: str, place: str) -> None:
    assert was in GOOD
    draft = read(GOOD.replace(was, typed, 1))

    assert place in [draft.place(problem) for problem in draft.problems]


def test_what_is_missing_belongs_where_it_would_be() -> None:
    draft = read("\n".join(line for line in GOOD.split("\n") if not line.startswith(("status:", "started:"))))

    missing = [draft.place(problem) for problem in draft.problems if problem.rule == "missing-key"]
    assert sorted(missing) == ["started", "status"]


@costly
@given(st.binary(max_size=200), st.integers(0, len(GOOD)), st.integers(0, 60))
def test_any_file_is_read(data: bytes, position: int, gone: int) -> None:
    """Bytes alone, and in the place of some of a good file."""
    good = GOOD.encode()
    for file in (data, good[:position] + data + good[position + gone :]):
        draft = read_draft(PurePosixPath("cases/a-case.md"), file, vocabularies())

        assert draft.is_online or draft.problems
        assert all(isinstance(draft.place(problem), str) for problem in draft.problems)
