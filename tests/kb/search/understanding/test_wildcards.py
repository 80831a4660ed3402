"""What is said of words with letters left open."""

from __future__ import annotations

import pytest

from kb.notices import in_words
from kb.search.searching import make_request
from kb.search.understanding.language import Language
from kb.search.words.wildcards import MOST_WORDS
from tests.builders import case_markdown
from tests.engines.opening import Cases
from tests.scan_engine import ScanEngine
from tests.scan_engine import search_scan as search


@pytest.mark.parametrize(
    ("typed", "total", "said"),
    [
        ("falc*", 1, []),
        ("falk*", 0, ["No word matches `falk*`."]),
        ("falk* OR ravens", 1, ["No word matches `falk*`."]),
        ("-falk*", 1, []),
        ("falk* falk*", 0, ["No word matches `falk*`."]),
        ("zz*", 1, [f"{MOST_WORDS + 1} words match `zz*`. The {MOST_WORDS} most common ones were searched for."]),
    ],
)
def test_patterns_without_words_and_with_too_many_are_reported(typed: str, total: int, said: list[str]) -> None:
    many = " ".join(f"zz{number}" for number in range(MOST_WORDS + 1))
    cases = Cases({"a": case_markdown(summary="Falcons and ravens.", body={"Context": f"It was: {many}."})})

    result = search(ScanEngine(cases.documents(), cases), make_request(typed), Language())

    assert result.total == total
    assert [in_words(notice) for notice in result.notices] == said
