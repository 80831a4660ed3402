"""A content file as text, or the reason why it cannot be one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.authoring.problems import ProblemList

# Line feeds and tabs are text; other control characters break YAML and XML feeds alike, surrogates cannot be
# saved, and line separators are line ends to YAML only, so that no two programs count the same lines.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file, counted from 1."""

    line: int
    column: int = 1

    @classmethod
    def at(cls, position: int, text: str, first_line: int = 1) -> Place:
        """Where a position in a text is, if the text starts on `first_line` of its file."""
        return cls(text.count("\n", 0, position) + first_line, position - text.rfind("\n", 0, position))


def decode(data: bytes, problems: ProblemList) -> str | None:
    """Bytes to text with ``\\n`` line ends and no byte order mark, or None and a problem."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        place = Place.at(len(before), before)
        problems.add(
            "not-utf-8",
            "The file is not UTF-8 text from here on.",
            "Save it again with the encoding UTF-8.",
            line=place.line,
            column=place.column,
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL.search(text):
        place = Place.at(control.start(), text)
        problems.add(
            "not-utf-8",
            f"An invisible control character (U+{ord(control.group()):04X}) stands here.",
            "Delete it; it often comes with text pasted from another program.",
            line=place.line,
            column=place.column,
        )
        return None
    return text
