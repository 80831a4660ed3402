"""What to write where: the words of the schema, and the sentences of the template as guiding questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kb.authoring.parsing.case_file import QUESTION_LENGTH, REASON_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from kb.authoring.schema import meanings
from kb.authoring.writing.values import values_in
from kb.settings import case_template_path

_CITATION = re.compile(r" ?\[@[^\[\]]*\]")


@dataclass(frozen=True)
class Guidance:
    """What to write where."""

    meanings: Mapping[str, str]
    """What each key of the front matter means."""
    sections: Mapping[str, tuple[str, ...]]
    """What belongs into each section, in sentences."""
    limits: Mapping[str, int]
    """The most characters of a text."""


@cache
def case_guidance() -> Guidance:
    """What to write where in a case; it comes from the template and the schema."""
    sections = values_in(case_template_path().read_text("utf-8")).sections
    return Guidance(
        meanings=meanings(),
        sections={heading: tuple(_sentences(text)) for heading, text in sections},
        limits={"title": TITLE_LENGTH, "summary": SUMMARY_LENGTH, "reason": REASON_LENGTH, "question": QUESTION_LENGTH},
    )


def _sentences(text: str) -> list[str]:
    """The lines of a section of the template, without what only a file needs."""
    lines = (_CITATION.sub("", line).removeprefix("- ").strip() for line in text.split("\n"))
    return [line for line in lines if line and "One sentence per line" not in line]
