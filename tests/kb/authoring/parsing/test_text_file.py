"""From bytes to text: encodings, line ends, control characters, files that cannot be read."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from kb.authoring.parsing.text_file import MAX_BYTES, Place, decode, read_bytes
from kb.authoring.problems import ProblemList


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
    assert decode(data, problems) == text
    assert problems.found == []


@pytest.mark.parametrize(
    ("data", "reported"),
    [
        (b"a\nb\xe5", "2:2: error: The file is not UTF-8 text from here on."),
        ("Å\xe5".encode("latin-1"), "1:1: error: The file is not UTF-8 text from here on."),
        (b"\xef\xbb\xbfab\xff", "1:3: error: The file is not UTF-8 text from here on."),
        ("title".encode("utf-16"), "1:1: error: The file is not UTF-8 text from here on."),
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
    assert decode(data, problems) is None
    assert str(problems.found[0]).startswith(f"cases/a-case.md:{reported}")


def test_a_file_of_exactly_the_maximum_size_is_read(tmp_path: Path, problems: ProblemList) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"x" * MAX_BYTES)

    assert read_bytes(path, problems) == b"x" * MAX_BYTES


def test_a_larger_file_is_not_read(tmp_path: Path, problems: ProblemList) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"x" * (MAX_BYTES + 1))

    assert read_bytes(path, problems) is None
    assert [str(problem) for problem in problems.found] == [
        "cases/a-case.md:1:1: error: The file is larger than 500 kB. Shorten or split it. [file-too-large]"
    ]


def test_a_missing_file_is_reported_with_the_reason(tmp_path: Path, problems: ProblemList) -> None:
    assert read_bytes(tmp_path / "none.md", problems) is None
    assert problems.found[0].message == "The file cannot be read: No such file or directory."


def test_lines_and_columns_are_counted_from_one() -> None:
    assert Place.at(0, "ab\ncd") == Place(1, 1)
    assert Place.at(4, "ab\ncd") == Place(2, 2)
    assert Place.at(3, "ab\ncd", first_line=10) == Place(11, 1)
