"""A content file as text, or the reason why it cannot be read as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.authoring.problems import ProblemList

# Line feeds and tabs are text; other control characters break both YAML and XML feeds, surrogates cannot be
# saved, and line separators end lines only in YAML, so that programs would disagree about line numbers.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file, counted from 1."""

    line: int
    column: int = 1

    @classmethod
    def at(cls, position: int, text: str, first_line: int = 1) -> Place:
        """The place in the file of a position in a text that starts on `first_line`."""
        return cls(text.count("\n", 0, position) + first_line, position - text.rfind("\n", 0, position))


def decode(data: bytes, problems: ProblemList) -> str | None:
    """Decode bytes to text with ``\\n`` line ends and no byte order mark, or return None and note a problem."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        place = Place.at(len(before), before)
        problems.add(
            "not-utf-8",
            "The file is not UTF-8 text from here on.",
            "Save it again as UTF-8.",
            line=place.line,
            column=place.column,
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL.search(text):
        place = Place.at(control.start(), text)
        problems.add(
            "not-utf-8",
            f"There is an invisible control character here (U+{ord(control.group()):04X}).",
            "Delete it; it often comes with text pasted from another program.",
            line=place.line,
            column=place.column,
        )
        return None
    return text
