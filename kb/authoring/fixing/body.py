"""What can be mended in texts beyond single lines that the check shows: spaces, backslashes, blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kb.authoring.parsing.front_matter import SplitFile

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6} +\S")
_SPACE = " \t\u00a0\u2007\u202f"
_ESCAPE = re.compile(
    r"""(?<=[^\\\]\s])\\(?=['"$.,;)+%?!-](?!\[))|(?<=[\w(])\\(?=\()|(?<=\s)\\(?=['"$(%+])|(?<=\w)\\(?=_\w)"""
)
_MAY_BE_A_NUMBER = re.compile(r"\s*[0-9]+\\")


def without_trailing_spaces(split: SplitFile) -> Mapping[int, str]:
    """No spaces at the ends of lines, but for two or more that break a line within a paragraph."""
    edits = {
        number: line.rstrip(_SPACE)
        for number, line in enumerate(split.head.split("\n"), start=split.head_line)
        if line != line.rstrip(_SPACE)
    }
    lines = split.body.split("\n")
    for number, line in _outside_code(split):
        following = lines[number - split.body_line + 1 : number - split.body_line + 2]
        breaks = line.endswith("  ") and bool(line.strip()) and bool(following and following[0].strip())
        if line != line.rstrip(_SPACE) and not (breaks and not _HEADING.match(line)):
            edits[number] = line.rstrip(_SPACE)
    return edits


def without_escapes(split: SplitFile) -> Mapping[int, str]:
    """No backslashes before signs that mean nothing in markdown, as some programs write them."""
    return {
        number: _ESCAPE.sub("", line)
        for number, line in _outside_code(split)
        if "\\" in line and "`" not in line and not _MAY_BE_A_NUMBER.match(line) and _ESCAPE.search(line)
    }


def with_blank_lines(split: SplitFile) -> Mapping[int, str]:
    """A blank line above and below each heading."""
    if not split.has_head:
        return {}
    edits = {}
    lines = split.body.split("\n")
    for number, line in _outside_code(split):
        if not _HEADING.match(line):
            continue
        index = number - split.body_line
        is_close = index == 0 or bool(lines[index - 1].strip())
        has_text_below = index + 1 < len(lines) and bool(lines[index + 1].strip())
        is_followed = has_text_below and not _HEADING.match(lines[index + 1])
        if is_close or is_followed:
            edits[number] = ("\n" if is_close else "") + line + ("\n" if is_followed else "")
    return edits


def _outside_code(split: SplitFile) -> Iterator[tuple[int, str]]:
    """The lines of the text that are not between fences, with their numbers."""
    fence = ""
    for number, line in enumerate(split.body.split("\n"), start=split.body_line):
        found = _FENCE.match(line)
        if fence:
            is_end = found and found[1].startswith(fence) and not line.strip(" \t`~")
            fence = "" if is_end else fence
        elif found:
            fence = found[1]
        else:
            yield number, line
