"""Markup that means something to another program but nothing here: readers would see it as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kb.authoring.parsing.markdown.code_spans import without_code


class ForeignMark(NamedTuple):
    """A sign of another program in a text."""

    position: int
    written: str
    what: str
    """What it is, with its article."""
    hint: str


_LINK = "Link as in `[Oslo](oslo-salto.md)`."
_PLAIN = "Write it as plain text."
_CHAT = "a reference left by a chat program"
_CITE = "Cite as `[@s1]`."
_MARKS = (
    ("![[", r"!\[\[[^\[\]\n]+\]\]", "an embedded note", _LINK),
    ("TOC", r"\[\[_?TOC_?\]\]|\[TOC\]", "a mark for a table of contents", "Delete it."),
    ("[[", r"\[\[[^\[\]\n]+\]\]", "a wiki link", _LINK),
    ("==", r"(?<![=\w])==(?=[^=\s])[^=\n]{1,200}==(?![=\w])", "a mark for highlighting", "Write `*emphasis*`."),
    ("~~", r"~~(?=[^~\s])[^~\n]{1,200}~~", "a mark for strikethrough", "Delete these words."),
    ("] (", r"\[[^\[\]\n]{1,200}\] \((?:https?://|mailto:)[^()\s]{1,500}\)", "a link with a space before its address",
     "Delete the space."),
    ("{{", r"\{\{.{0,200}?\}\}", "a command of a site generator", _PLAIN),
    ("%}", r"\{%.{0,200}?%\}", "a command of a site generator", _PLAIN),
    ("<%", r"<%.{0,200}?%>", "a command of a site generator", _PLAIN),
    ("{", r"\{(?::|#[\w-]|\.[A-Za-z])[^{}\n]{0,100}\}", "a list of attributes", "Delete it."),
    ("%%", r"%%[^%\n]{1,400}%%", "a comment of a note-taking program", "Delete it: the text is public."),
    ("$$", r"\$\$[^$\n]{1,200}\$\$", "a formula", _PLAIN),
    ("\\", r"\\(?:text(?:bf|it)|emph|cite[pt]?|footnote|href|section|begin|end)\{[^{}\n]{0,200}\}?",
     "a LaTeX command", "Write `*emphasis*`, `**strong**` or `[@s1]`."),
    (":", r"(?<![\w:/]):[a-z][a-z0-9_+-]{2,30}:(?![\w:])", "an emoji code", "Delete it."),
    ("[/", r"\[(b|i|u|url|quote|img|code|size|color)(?:=[^\]\n]{0,200})?\][^\[\]\n]{0,300}\[/\1\]", "BBCode",
     "Write markdown."),
    ("''", r"(?<!')'''?(?=[^'\s])[^'\n]{1,200}'''?(?!')", "a mark of a wiki", "Write `*emphasis*` or `**strong**`."),
    ("^[", r"\^\[[^\[\]\n]{1,400}\]", "a note in the text", "Write it as a sentence."),
    ("Error!", r"Error! (?:Reference source|Bookmark) not (?:found|defined)\.?",
     "a broken field of a word processor", "Write what was meant."),
    ("\u3010", r"\u3010[^\u3011\n]{0,40}\u3011", _CHAT, _CITE),
    ("contentReference", r":contentReference\[[^\]\n]{0,60}\](?:\{[^}\n]{0,60}\})?", _CHAT, _CITE),
    ("citeturn", r"citeturn\w+", _CHAT, _CITE),
)  # fmt: skip
"""What each begins with or contains, so that most texts need not be searched; a pattern; what it is; what to do."""

_AT_LINE_START = (
    ("[!", r"\[!\w+\][+-]?", "the head of a callout", "Write the note as a sentence."),
    ("[", r"\[[ xX]\](?= [^(])", "a checkbox", "Write a plain list."),
    (":::", r":{3,}\s*\{?[\w .=-]*\}?", "a mark of a boxed text", "Delete it."),
    ("!!!", r"!!!\+? ?\w+", "the head of a boxed text", "Write the note as a sentence."),
    ("???", r"\?\?\?\+? ?\w+", "the head of a boxed text", "Write the note as a sentence."),
    ("==", r"={2,6} (?=\S)", "a heading of a wiki", "Write headings with hashes: `## `."),
    ("h", r"h[1-6]\. (?=\S)", "a heading in Textile", "Write headings with hashes: `## `."),
    ("|", r"\|(?=.*\|\s*$)", "a row of a table without a line of hyphens above it",
     "Write `| --- | --- |` below its head."),
)  # fmt: skip

_SIGN = re.compile(
    r"!\[\[|\[\[|\[TOC\]|\[/|\] \(|==|~~|\{[{%:#.]|<%|%%|\$\$|\\[a-z]{3}|:[a-z]|''|\^\["
    r"|Error!|\u3010|citeturn"
)
_ONCE = frozenset({"a row of a table without a line of hyphens above it", "a mark of a boxed text"})
"""What comes in several lines: one of them is enough."""

_FIRST = ("[", ":::", "!!!", "???", "==", "h", "|")
"""A text without any of these has no mark. Most have none, and need not be searched for each."""

_PATTERNS = tuple(
    (sign, re.compile(prefix + pattern, re.MULTILINE), what, hint)
    for prefix, marks in (("", _MARKS), ("^", _AT_LINE_START))
    for sign, pattern, what, hint in marks
)


def foreign_marks(text: str) -> Iterator[ForeignMark]:
    """The signs of other programs in a text, outside code, from the first to the last.

    >>> [(mark.position, mark.written) for mark in foreign_marks("As in [[oslo-salto]], `[[x]]` and ==that==.")]
    [(6, '[[oslo-salto]]'), (34, '==that==')]
    """
    if not _SIGN.search(text) and not any(line.startswith(_FIRST) for line in text.split("\n")):
        return
    searched = without_code(text)
    found = [
        ForeignMark(match.start(), match.group().strip(), what, hint)
        for sign, pattern, what, hint in _PATTERNS
        if sign in searched
        for match in pattern.finditer(searched)
    ]
    end, seen = 0, set()
    for mark in sorted(found):
        if mark.position >= end and not (mark.what in _ONCE and mark.what in seen):
            seen.add(mark.what)
            yield mark
            end = mark.position + len(mark.written)
