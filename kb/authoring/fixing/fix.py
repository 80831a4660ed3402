"""Mends what is safe in the text of a case: the same words, written as the template has them.

Each kind of mending proposes lines. Before they are taken, the text is read with them (`kb.authoring.fixing.reading`):
if it says anything else then, or if its page would come online, they are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kb.authoring.fixing.body import with_blank_lines, without_escapes, without_trailing_spaces
from kb.authoring.fixing.head import in_order, new_forms, without_tabs
from kb.authoring.fixing.reading import Reading, keeps, letters, read
from kb.authoring.parsing.case_file import CASE_KEYS
from kb.authoring.parsing.front_matter import SplitFile, split_file
from kb.authoring.parsing.text_file import decode
from kb.authoring.problems import Problem, unread
from kb.deadline import check
from kb.model.case import CASE_SECTIONS
from kb.model.vocabulary import Vocabularies
from kb.wording import counted

LONGEST = 200_000
"""Characters. A longer text is left as it is: a long case has 20,000."""

READ_AT_MOST = 1_200_000
"""Characters that are read to mend one text: a case a hundred times, the longest text six times."""

MOST_ROUNDS = 20
"""How often the lines that the check shows are taken: one mistake can hide another."""


@dataclass(frozen=True)
class Change:
    """One kind of thing that was mended."""

    what: str
    """Such as "tabs that indent a line"."""
    lines: int
    """How many lines were changed."""

    def __str__(self) -> str:
        return f"{self.what}: {counted(self.lines, 'line', 'lines')}"


@dataclass(frozen=True)
class Fixed:
    """A text, mended."""

    text: str
    changes: tuple[Change, ...]
    """What was mended; none if the text is as it was."""


def fix(text: str, vocabularies: Vocabularies) -> Fixed:
    """The text of a case file with everything mended that is safe to mend.

    Works on any text, as far as it can be read; one with unpaired surrogates, which cannot be saved, is left as it is.
    What the case says never changes, nor whether its page is online; comments and line breaks stay. Raises OutOfTime at
    the deadline, if there is one.
    """
    if not text.strip() or len(text) > LONGEST or _cannot_be_saved(text):
        return Fixed(text, ())
    draft = _Draft(text, vocabularies)
    draft.replace("byte order mark and line ends", _with_plain_line_ends(text))
    draft.replace("characters that nobody sees, and odd spaces", decode(draft.text.encode(), unread()).text)
    draft.edit("tabs that indent a line", without_tabs)
    for _ in range(MOST_ROUNDS):
        if not draft.repair():
            break
    draft.edit("spaces at the end of a line", without_trailing_spaces)
    draft.edit("backslashes before signs", without_escapes)
    draft.edit("old forms", new_forms)
    draft.reorder()
    draft.edit("blank lines around headings", with_blank_lines)
    draft.replace("the end of the file", draft.text.rstrip() + "\n")
    return Fixed(draft.text, tuple(Change(what, lines) for what, lines in draft.mended.items()))


class _Draft:
    """A text while it is mended."""

    def __init__(self, text: str, vocabularies: Vocabularies) -> None:
        self.text = text
        self.mended: dict[str, int] = {}
        self._vocabularies = vocabularies
        self._left = READ_AT_MOST
        self._reading = read(text, vocabularies)

    def replace(self, what: str, text: str) -> bool:
        """Take a text in place of the whole one."""
        if text == self.text or not (reading := self._checked(text)):
            return False
        before, after = self.text.split("\n"), text.split("\n")
        changed = sum(one != other for one, other in zip(before, after, strict=False))
        self._take(what, text, reading, changed + abs(len(before) - len(after)))
        return True

    def edit(self, what: str, propose: Callable[[SplitFile], Mapping[int, str]]) -> bool:
        """Take lines, by number, in place of others."""
        return self._edit(what, propose(self._split()))

    def repair(self) -> bool:
        """Take the mended lines that the check shows, where they are sure; whether there were any."""
        lines = self.text.split("\n")
        proposed: dict[str, dict[int, str]] = {}  # by rule
        taken: set[int] = set()
        for problem in self._reading.problems:
            if problem.line not in taken and _is_safe(problem, lines):
                taken.add(problem.line)
                proposed.setdefault(problem.rule, {})[problem.line] = problem.fix
        repaired = False
        for rule, edits in proposed.items():
            if self.text.count("\n") + 1 != len(lines):
                return True  # the numbers of lines are no longer those of the proposals: another round
            repaired = self._edit(_KINDS[rule], edits, rule) or repaired
        return repaired

    def reorder(self) -> None:
        """Put the keys into the order of the template."""
        split = self._split()
        head = in_order(split)
        if head is not None:
            lines = self.text.split("\n")
            end = split.head_line - 1 + split.head.count("\n") + 1
            self.replace("order of the keys", "\n".join([*lines[: split.head_line - 1], head, *lines[end:]]))

    def _split(self) -> SplitFile:
        return split_file(self.text, unread(), CASE_KEYS.names, CASE_SECTIONS)

    def _edit(self, what: str, edits: Mapping[int, str], rule: str = "") -> bool:
        """Take as many of these lines as can be taken: all of them, or else each half by itself.

        If they mend what breaks a rule, less must break it with them than without.
        """
        lines = self.text.split("\n")
        accepted: dict[int, str] = {}
        best: tuple[str, Reading] | None = None
        groups = [sorted(number for number, line in edits.items() if lines[number - 1] != line)]
        while groups:
            group = groups.pop()
            if not group:
                continue
            tried = accepted | {number: edits[number] for number in group}
            text = "\n".join(tried.get(number, line) for number, line in enumerate(lines, start=1))
            broken = _times_broken(rule, best[1] if best else self._reading)
            reading = self._checked(text)
            if reading and (not rule or _times_broken(rule, reading) < broken):
                accepted, best = tried, (text, reading)
            elif len(group) > 1:
                middle = len(group) // 2
                groups += [group[middle:], group[:middle]]
        if best:
            self._take(what, *best, len(accepted))
        return best is not None

    def _checked(self, text: str) -> Reading | None:
        """What a mended text says; None if that is not what it said, or if enough has been read. Raises OutOfTime."""
        check()
        self._left -= len(text)
        if self._left < 0:
            return None
        reading = read(text, self._vocabularies)
        return reading if keeps(self._reading, reading) else None

    def _take(self, what: str, text: str, reading: Reading, lines: int) -> None:
        self.text, self._reading = text, reading
        self.mended[what] = self.mended.get(what, 0) + lines


_KINDS: Mapping[str, str] = {
    "no-front-matter": "lines of hyphens around the front matter",
    "yaml-syntax": "signs of YAML",
    "curly-quotes": "quotation marks around values",
    "backslash": "backslashes in values",
    "split-at-comma": "quotation marks around texts with commas",
    "unknown-key": "spelling of keys",
    "unknown-term": "ids of vocabularies",
    "wrong-type": "lists and single values",
    "bad-date": "dates",
    "bad-year": "years",
    "bad-language": "codes of languages",
    "unknown-section": "headings of sections",
    "heading-level": "levels of headings",
    "bad-citation": "citations",
}
"""The rules whose mended lines may be taken, and what they mend."""

_ONLY_IF_SURE = frozenset({"wrong-type"})
"""Those whose lines may say something else with the same letters: a comma in a text does not begin another item."""

_DOUBT = re.compile(r"[?~≈<>±+]")
"""What makes another year of a year: 2010?"""


def _is_safe(problem: Problem, lines: Sequence[str]) -> bool:
    """Whether the mended line of a problem says what the line says now."""
    if problem.rule not in _KINDS or not problem.fix or problem.line > len(lines):
        return False
    if problem.is_sure:
        return True
    line = lines[problem.line - 1]
    if problem.rule in _ONLY_IF_SURE or (problem.rule == "bad-year" and _DOUBT.search(line)):
        return False
    return letters(problem.fix) == letters(line)


def _times_broken(rule: str, reading: Reading) -> int:
    return sum(problem.rule == rule for problem in reading.problems)


def _with_plain_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _cannot_be_saved(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
