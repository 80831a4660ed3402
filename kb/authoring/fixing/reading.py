"""What a text says, as far as it can be read: to see that mending it has not changed that."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from kb.authoring.parsing.case_file import parse_text
from kb.authoring.parsing.publication import Fate, decide
from kb.authoring.parsing.text_file import decode, legible
from kb.authoring.problems import Problem, ProblemList
from kb.model.section import Block, Section, Span
from kb.model.vocabulary import Vocabularies

_PATH = PurePosixPath("cases/a-case.md")
_SHOWN = frozenset({Fate.ONLINE, Fate.LAST_GOOD})

_QUOTES = " \"'“”„«»‘’‚‹›「」"
_ESCAPE = re.compile(r"\\(?=[^\w\s])")
_CITED = re.compile(r"\\?[\[({]?\s*@[A-Za-z0-9][\w-]*[^\[\](){}\n]*\\?[\])}]?")
_COMMENT = re.compile(r"(?:^|\s)#(?!#)(.*)")
_HEADING_LEVEL = re.compile(r"<(/?)h[1-6]>")


@dataclass(frozen=True)
class Reading:
    """What a text says."""

    head: Mapping[str, object]
    """The fields of the case but for its sections; what cannot be read is empty."""
    sections: tuple[Section, ...]
    is_valid: bool
    """Whether it can be published."""
    is_shown: bool
    """Whether its page may be online."""
    comments: Counter[str]
    problems: tuple[Problem, ...]


def read(text: str, vocabularies: Vocabularies) -> Reading:
    """What a text says; never raises for any text that can be saved."""
    data = text.encode()
    problems = ProblemList(_PATH)
    written = decode(data, problems)
    case, publication, _ = parse_text(_PATH.stem, written.text, vocabularies, problems)
    is_valid = not problems.has_errors
    decision = decide(legible(data), is_valid=is_valid, declared=publication)
    head = _values(replace(case, sections=())) | {"publication": publication}
    return Reading(
        head, case.sections, is_valid, decision.fate in _SHOWN, Counter(_comments(written.text)), problems.sorted()
    )


def keeps(before: Reading, after: Reading) -> bool:
    """Whether a mended text says all that it said before, and nothing else.

    What could not be read before may be read afterwards; a page never comes online or goes offline, and no comment is
    lost.
    """
    if before.is_shown != after.is_shown or before.comments - after.comments:
        return False
    if before.is_valid:
        return after.is_valid and before.head == after.head and _html(before) == _html(after)
    if not _is_within(before.head, after.head):
        return False
    letters_after = {section.id: _letters_of(section.blocks) for section in after.sections}
    return all(letters_after.get(section.id) == _letters_of(section.blocks) for section in before.sections)


def letters(text: str) -> str:
    """The letters and digits of a text, without case and width: all that quotes, brackets and spaces do not change.

    >>> letters("Title：“A Door”") == letters('title: "A door"')
    True
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _values(value: Any) -> dict[str, object]:
    # How often a source is cited is said by the sections.
    return {field.name: _value(getattr(value, field.name)) for field in fields(value) if field.name != "citations"}


def _value(value: object) -> object:
    """A value without what is typed around it: quotation marks, and backslashes before signs."""
    if isinstance(value, str):
        return " ".join(_ESCAPE.sub("", value).strip(_QUOTES).split())
    if isinstance(value, tuple):
        return tuple(map(_value, value))
    return _values(value) if is_dataclass(value) else value


def _is_within(before: object, after: object) -> bool:
    """Whether a value says what it said before, or more where it said nothing."""
    if not before or before == after:
        return True
    if isinstance(before, dict) and isinstance(after, dict):
        return all(_is_within(value, after.get(key)) for key, value in before.items())
    if isinstance(before, tuple) and isinstance(after, tuple):
        rest = iter(after)
        return all(any(_is_within(item, other) for other in rest) for item in before)
    return False


def _html(reading: Reading) -> list[tuple[str, str]]:
    """Each section as its page shows it, whatever the level of the headings in it."""
    return [(section.id, _HEADING_LEVEL.sub(r"<\1h>", section.html)) for section in reading.sections]


def _letters_of(blocks: Iterable[Block]) -> str:
    """The letters of blocks, without citations: some of them may not have been read."""
    return "".join(letters(_CITED.sub("", _words(block.content))) + _letters_of(block.blocks) for block in blocks)


def _words(content: Iterable[object]) -> str:
    pieces = []
    for inline in content:
        if isinstance(inline, str):
            pieces.append(inline)
        elif isinstance(inline, Span):
            pieces.append(_words(inline.content))
    return "".join(pieces)


def _comments(text: str) -> Iterable[str]:
    """The words of each comment above the first section."""
    for line in text.split("\n"):
        if line.startswith("## "):
            return
        if "#" in line and (found := _COMMENT.search(line)):
            yield letters(found[1])
