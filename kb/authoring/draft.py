"""A case file as far as it can be read, for those who write it: complete or not, published or not."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from kb.authoring.checks.harm import Guard, names_of_nobody
from kb.authoring.parsing.case_file import CASE_KEYS, parse_draft_file
from kb.authoring.parsing.front_matter import split_file
from kb.authoring.parsing.publication import Decision, Fate
from kb.authoring.problems import Problem, ProblemList
from kb.model.case import CASE_SECTIONS, Case
from kb.model.vocabulary import Vocabularies

_KEY = re.compile(r"[\"']?([A-Za-z_]+)[\"']?\s*:")
_MISSING = re.compile(r"`([a-z_]+)")


@dataclass(frozen=True)
class Draft:
    """What can be read of a case file. Nothing of it is indexed."""

    path: str
    """The file, relative to the content folder."""
    text: str
    """As written; empty if it is not text."""
    case: Case
    """What cannot be read is empty in it, and a year that cannot be read is 0."""
    decision: Decision
    """What happens to its page, and why."""
    problems: tuple[Problem, ...]
    """All that is wrong with it, and what in it may harm somebody, by line."""
    first_line_of_text: int
    """The line on which the text below the front matter starts, from 1."""

    @property
    def is_online(self) -> bool:
        """Whether exactly this is published."""
        return self.decision.fate is Fate.ONLINE

    def place(self, problem: Problem) -> str:
        """Where a problem is: a key of the front matter, or the anchor of a section; empty if at neither."""
        if problem.rule == "missing-key" and (key := _MISSING.match(problem.message)) and key[1] in CASE_KEYS.names:
            return key[1]
        places = self._keys if problem.line < self.first_line_of_text else self._sections
        return self._found(places, problem.line)

    @staticmethod
    def _found(places: tuple[tuple[int, str], ...], line: int) -> str:
        index = bisect_right(places, line, key=lambda place: place[0])
        return places[index - 1][1] if index else ""

    @cached_property
    def _keys(self) -> tuple[tuple[int, str], ...]:
        """The line on which each key of the front matter begins, and the key."""
        head = self.text.split("\n")[: self.first_line_of_text - 1]
        found = ((number, _KEY.match(line)) for number, line in enumerate(head, 1))
        return tuple((number, key[1].lower()) for number, key in found if key and key[1].lower() in CASE_KEYS.names)

    @cached_property
    def _sections(self) -> tuple[tuple[int, str], ...]:
        """The line on which the text of each section begins, and its anchor."""
        return tuple(sorted((section.blocks[0].line, section.id) for section in self.case.sections if section.blocks))


def read_draft(path: PurePosixPath, data: bytes, vocabularies: Vocabularies) -> Draft:
    """Read a case file for its author. Never raises for anything an author can write.

    `path` is relative to the content folder. What only a look at the other files shows, such as a link to a page that
    does not exist, is not noticed.
    """
    file, case = parse_draft_file(path, data, vocabularies)
    split = split_file(file.text, ProblemList(path), CASE_KEYS.names, CASE_SECTIONS)
    harm = Guard(names_of_nobody(vocabularies, [case])).read(file.path, file.text).problems
    problems = tuple(sorted({*file.problems, *harm}))
    return Draft(file.path, file.text, case, file.decision, problems, split.body_line)
