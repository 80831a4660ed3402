"""What somebody hands in to be checked: a markdown file, or a word processor's document that becomes one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.authoring.new_case import LONGEST_SLUG
from kb.authoring.parsing.fields import slug_of
from kb.authoring.parsing.text_file import decode
from kb.authoring.problems import ProblemList
from kb.authoring.word.archive import is_archive
from kb.authoring.word.as_case import case_from_word
from kb.errors import ContentError
from kb.model.vocabulary import Vocabularies

LONGEST = 50_000
"""Characters. A long case has 12,000."""

_TITLE = re.compile(r"^title:[ \t]*(.{1,200})", re.MULTILINE)


@dataclass(frozen=True)
class HandedIn:
    """The text of a case file, whatever it was before."""

    text: str
    is_from_word: bool
    """Whether it was made from a word processor's document."""


def read_handed_in(data: bytes, vocabularies: Vocabularies) -> HandedIn:
    """The text of a file, whatever its name says it is.

    Raises ContentError, with a sentence for people, if it cannot be one, or is too long; OutOfTime at the deadline.
    """
    is_from_word = is_archive(data)
    text = case_from_word(data, vocabularies) if is_from_word else _text_of(data)
    if len(text) > LONGEST:
        raise _too_long()
    return HandedIn(text, is_from_word)


def slug_of_file(name: str, text: str) -> str:
    """The slug for a file: from its name, whatever that contains; else from its title; else `a-case`.

    >>> slug_of_file("C:\\\\notes\\\\Århus Info-house.DOCX", ""), slug_of_file("", "title: 'A door: open'\\n")
    ('arhus-info-house', 'a-door')
    >>> slug_of_file("../../etc/passwd", ""), slug_of_file("...", "")
    ('passwd', 'a-case')
    """
    stem = re.split(r"[/\\\\]", name[-300:])[-1]
    stem = re.sub(r"\.(?:md|markdown|txt|docx)$", "", stem.strip(), flags=re.IGNORECASE)
    title = _TITLE.search(text)
    named = slug_of(stem) or slug_of(re.split("[:：]", title[1].strip("\"'"))[0] if title else "") or "a-case"
    return named[:LONGEST_SLUG].strip("-")


def _text_of(data: bytes) -> str:
    if len(data) > _MOST_BYTES:
        raise _too_long()
    text = decode(data, ProblemList(PurePosixPath("cases/a-case.md"))).written
    if "\0" in text:
        raise ContentError("This file is not text. Save it as .docx or as plain text, or paste its text.")
    # A box has no use for the end of a line that a file ends with.
    return f"{text}\n" if text and not text.endswith("\n") else text


_MOST_BYTES = 4 * LONGEST + 4
"""Bytes of the longest text: no character has more than four."""


def _too_long() -> ContentError:
    return ContentError(f"This text is too long: at most {LONGEST:,} characters are checked here.")
