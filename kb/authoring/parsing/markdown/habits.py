"""What people type in texts out of habit, and which is not shown as they mean it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from kb.authoring.parsing.foreign_marks import foreign_marks
from kb.authoring.parsing.markdown.code_spans import without_code
from kb.authoring.parsing.markdown.lines import Written
from kb.authoring.parsing.markdown.notes import Notes

_SPACE = r"[ \t\u00a0\u2000-\u200a\u202f]"
_MARK = re.compile(
    rf"(?:[•·◦▪▫‣⁃●○■□➢➤►▶✓✔❖\uf0b7\uf0a7\uf0d8\u2219]{_SPACE}*"  # marks of word processors
    rf"|[–—―→]{_SPACE}+|o(?:\t|{_SPACE}{{2,}})"
    r"|(?:-(?=[^\W\d_])|\+(?=[^\W\d_])|\*(?=[^\W\d_][^*\n]*(?:\n|$))))"
)
_NUMBER = re.compile(r"(?P<number>[0-9]{1,2})[.)](?=[^\W\d_]{2})|\((?P<inner>[0-9]{1,2})\)\s+(?=\w)")
_LETTER = re.compile(r"\(?[a-hA-H]\)\s+(?=\w)")
_LINE_START = re.compile(r"^", re.MULTILINE)
_BARE_KEY = re.compile(r"(?<![\w.@/])(?P<open>[({<［【〔])?@(?P<key>[A-Za-z][\w-]*)(?P<close>[)}>\]］】〕])?")
_NUMBERED = re.compile(r"(?<![\]\w!])\[[0-9]{1,3}(?:\s*[,;–-]\s*[0-9]{1,3})*\](?![(\[:])")
_SUPERSCRIPT = re.compile(r"(?<=[.,;:)”\"’])[¹²³⁴-⁹⁰]+")
_BRACKETS = re.compile(r"\\?\[[^\[\]]*\]")


def check_block(block: Element, written: Written, notes: Notes, keys: Collection[str]) -> None:
    """Note what in the words of a block would not be shown as its author means it.

    `keys` are those of the sources. Raises TooMuch if there is too much to note.
    """
    if block.tag == "pre":
        if block.get("indented") is not None:
            _note_indented(written, notes)
        return
    if block.tag == "p":
        _check_marks(written, notes)
    _check_references(written, notes, keys)
    for mark in foreign_marks(written.text):
        message = f"`{_short(mark.written)}` is {mark.what}, which is shown as typed."
        notes.add(written, mark.position, "other-markup", message, mark.hint)


def _note_indented(written: Written, notes: Notes) -> None:
    line = notes.line(written.place(0)[0])
    if not written.text.strip():
        return
    message = "An indent of four columns or more turns this text into code: its citations are shown as typed."
    indent = re.match(r"[ \t]*", line)
    fix = line[indent.end() :] if indent else ""
    notes.add(written, 0, "indented-text", message, "Begin it at the start of the line.", fix=fix)


def _check_marks(written: Written, notes: Notes) -> None:
    """Note a list with marks of a word processor, once for its block."""
    # Most paragraphs begin, on each line, with a letter.
    starts = [
        position for position in _line_starts(written.text) if not written.text[position : position + 2].isalpha()
    ]
    found = [(position, mark) for position in starts if (mark := _mark_at(written.text, position))]
    letters = [position for position in starts if _LETTER.match(written.text, position)]
    if found:
        position, (typed, meant) = found[0]
        more = f" So are {len(found) - 1} more below." if len(found) > 1 else ""
        shown = typed.strip() if typed[0].isprintable() else f"U+{ord(typed[0]):04X}"
        message = f"`{shown}` does not begin an item of a list here: the lines run on."
        hint = f"Write `{meant}` and a space.{more}"
        notes.add(written, position, "list-mark", message, hint, swap=(typed, f"{meant} "))
    elif len(letters) > 1:
        message = "Letters do not begin items of a list: the lines run on."
        notes.add(written, letters[0], "list-mark", message, "Write `- ` or `1. `.")


def _line_starts(text: str) -> Iterator[int]:
    return (found.start() for found in _LINE_START.finditer(text))


def _mark_at(text: str, position: int) -> tuple[str, str] | None:
    """What is typed in place of the mark of an item, and the mark that was meant."""
    if mark := _MARK.match(text, position):
        return mark.group(), "-"
    if number := _NUMBER.match(text, position):
        return number.group(), f"{number['number'] or number['inner']}."
    return None


def _check_references(written: Written, notes: Notes, keys: Collection[str]) -> None:
    """Note citations in other forms than `[@s1]`."""
    text = without_code(written.text)
    if text.count("@") > text.count("[@") + text.count("; @"):
        for found in _BARE_KEY.finditer(_blanked(_BRACKETS, text)):
            if found["key"] in keys:
                is_whole = (found["open"] and found["close"]) or found["close"] == "]"
                typed = found.group() if is_whole else f"@{found['key']}"
                position = found.start() + (not is_whole and found["open"] is not None)
                meant = f"[@{found['key']}]"
                message = f"`{typed}` is not a citation without square brackets."
                notes.add(written, position, "bad-citation", message, f"Write `{meant}`.", swap=(typed, meant))
    for pattern in (_NUMBERED, _SUPERSCRIPT):
        if number := pattern.search(text):
            message = f"`{number.group()}` looks like the number of a source, and is shown as typed."
            notes.add(written, number.start(), "other-markup", message, "Cite as `[@s1]`.")


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with spaces for what a pattern finds; as long as before."""
    return pattern.sub(lambda found: " " * len(found.group()), text)


def _short(text: str) -> str:
    return " ".join(text.split())[:40]
