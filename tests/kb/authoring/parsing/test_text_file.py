"""From bytes to text: encodings, line ends, control characters."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from kb.authoring.parsing.text_file import decode
from kb.authoring.problems import ProblemList
from kb.authoring.written import Place, WrittenText


@pytest.fixture
def problems() -> ProblemList:
    return ProblemList(PurePosixPath("cases/a-case.md"))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a\nb", "a\nb"),
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb", "a\nb"),
        (b"\xef\xbb\xbfa", "a"),
        (b"a\tb", "a\tb"),
        ("Århus – “x” 日本 👋".encode(), "Århus – “x” 日本 👋"),
    ],
)
def test_text_has_plain_line_ends_and_no_byte_order_mark(data: bytes, text: str, problems: ProblemList) -> None:
    assert decode(data, problems) == WrittenText(text, text)
    assert problems.found == []


@pytest.mark.parametrize(
    ("data", "reported"),
    [
        (b"a\nb\xe5", "2:2: error: The file is not UTF-8 text from here on."),
        ("Å\xe5".encode("latin-1"), "1:1: error: The file is not UTF-8 text from here on."),
        (b"\xef\xbb\xbfab\xff", "1:3: error: The file is not UTF-8 text from here on."),
        ("title".encode("utf-16"), "1:1: error: The file is saved as UTF-16 (“Unicode” in some editors)."),
        ("---\n".encode("utf-16-le"), "1:1: error: The file is saved as UTF-16 (“Unicode” in some editors)."),
        (b"\xed\xa0\x80", "1:1: error: The file is not UTF-8 text from here on."),
        (b"\x89PNG\r\n\x1a\n", "1:1: error: The file is not UTF-8 text from here on."),
        (b"a\r\nb\x00", "2:2: error: There is an invisible control character here (U+0000)."),
        (b"\x1b[31m", "1:1: error: There is an invisible control character here (U+001B)."),
        ("a\u2028b".encode(), "1:2: error: There is an invisible control character here (U+2028)."),
        ("\x85".encode(), "1:1: error: There is an invisible control character here (U+0085)."),
        ("\uffff".encode(), "1:1: error: There is an invisible control character here (U+FFFF)."),
    ],
)
def test_binary_data_is_reported_where_it_begins(data: bytes, reported: str, problems: ProblemList) -> None:
    assert not decode(data, problems).is_sound
    assert str(problems.found[0]).startswith(f"cases/a-case.md:{reported}")


def test_lines_and_columns_are_counted_from_one() -> None:
    assert Place.at(0, "ab\ncd") == Place(1, 1)
    assert Place.at(4, "ab\ncd") == Place(2, 2)
    assert Place.at(3, "ab\ncd", first_line=10) == Place(11, 1)
