"""What is typed into the box of one section, made to stay within that section."""

from __future__ import annotations

import re
from itertools import pairwise

from kb.authoring.parsing.body import read_body
from kb.authoring.parsing.text_file import CONTROL, decode
from kb.authoring.problems import unread
from kb.model.case import CASE_SECTIONS

_HEADING = re.compile(r"^( {0,3})#{1,2}(?=[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")


def contained(text: str) -> str:
    """A text as it can be written below the heading of a section, whatever it says.

    Headings become sub-headings, a line that would make a heading of the one above it is set apart, and code is
    closed. Its words stay as they are.

    >>> print(contained("One.\\n## Two"))
    One.
    ### Two
    """
    plain = CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = _without_blank_ends(decode(plain.encode(), unread()).text)
    if not any(sign in plain for sign in "#=-`~<>|"):
        return plain
    closed = _closed("\n".join(_set_apart(plain.split("\n"))))
    if _stays(closed):
        return closed
    return "\n".join(_literal(line) for line in plain.split("\n"))


def _without_blank_ends(text: str) -> str:
    lines = text.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[written[0] : written[-1] + 1]) if written else ""


def _set_apart(lines: list[str]) -> list[str]:
    """The lines without any that would begin another section."""
    found = [_HEADING.sub(r"\1###", lines[0])] if lines else []
    for above, line in pairwise(lines):
        if _UNDERLINE.fullmatch(line) and above.strip():
            found.append("")
        found.append(f" {line}" if _CONFLICT.match(line) else _HEADING.sub(r"\1###", line))
    if found and _CONFLICT.match(found[0]):
        found[0] = f" {found[0]}"
    return found


def _closed(text: str) -> str:
    """The text with an end for code that has none."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if not fence and found:
            fence = found["fence"]
        elif fence and re.fullmatch(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*", line):
            fence = ""
    return f"{text}\n{fence}" if fence else text


def _literal(line: str) -> str:
    """A line that begins with nothing that has a meaning."""
    words = line.strip()
    return f"\\{words}" if _SIGN.match(words) and not words.startswith("\\") else words


def _stays(text: str) -> bool:
    """Whether a text leaves the sections around it as they are, as the reader of files sees it."""
    headings = [f"## {heading}" for heading in CASE_SECTIONS]
    whole = "\n\n".join([headings[0], text, *headings[1:]])
    body = read_body(whole, 1, CASE_SECTIONS, {}, "cases", unread(), knows_all_sources=False)
    first = text.count("\n") + 5
    expected = [1, *range(first, first + 2 * (len(CASE_SECTIONS) - 1), 2)]
    return [section.line for section in body.written] == expected
