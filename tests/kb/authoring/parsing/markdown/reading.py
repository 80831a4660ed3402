"""Texts in markdown, read for a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.authoring.parsing.markdown.document import count_citations, read_document
from kb.authoring.parsing.markdown.notes import WrittenLink
from kb.authoring.problems import Problem, ProblemList
from kb.model.section import Section

SOURCES = {"s1": 1, "s2": 2}


@dataclass(frozen=True)
class Reading:
    """What is read of a text."""

    section: Section
    links: tuple[WrittenLink, ...]
    problems: tuple[Problem, ...]

    @property
    def rules(self) -> list[str]:
        """The rules that are broken, by line and column."""
        return [problem.rule for problem in self.problems]


def read(markdown: str, folder: str = "cases", sources: Mapping[str, int] = SOURCES) -> Reading:
    """A text, read as if it were a section that may cite s1 and s2."""
    problems = ProblemList(PurePosixPath(f"{folder}/a-case.md"))
    document = read_document(markdown, 1, sources, folder, problems)
    section = Section("context", "Context", count_citations(document.blocks, Counter()))
    return Reading(section, document.links, problems.sorted())


def html(markdown: str, folder: str = "cases") -> str:
    """Its HTML."""
    return read(markdown, folder).section.html
