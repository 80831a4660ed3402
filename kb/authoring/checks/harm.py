"""What may harm somebody once it is public: how to reach a person, who they are, how an operation works.

The guard matches patterns, not meaning: it finds whatever looks like one of the kinds below, and an author who knows
better says so in a comment with a reason (`kb.authoring.parsing.allowances`). It reads the file as written, so that
files with errors are checked, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.authoring.checks.kinds_of_harm import KINDS
from kb.authoring.parsing.allowances import ALLOWANCE
from kb.authoring.problems import Problem
from kb.authoring.rules import RULES
from kb.model.case import Case
from kb.model.vocabulary import Vocabularies

_OF_A_PAGE = re.compile(r"https?://[^\s<>\"]+|\bdoi:\S+|\bIS[BS]N[-: \dX]+", re.IGNORECASE)


@dataclass(frozen=True)
class Silenced:
    """A finding that an author has allowed, with a reason."""

    problem: Problem
    reason: str


@dataclass(frozen=True)
class Guarded:
    """What the guard found in a file."""

    problems: tuple[Problem, ...] = ()
    silenced: tuple[Silenced, ...] = ()


class Guard:
    """Reads files for what may harm somebody."""

    def __init__(self, organisations: Iterable[str] = ()) -> None:
        """`organisations` are names of organisations and places: some look like names of people."""
        longest_first = sorted({name for name in organisations if name.strip()}, key=len, reverse=True)
        self._organisations = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def read(self, path: str, text: str) -> Guarded:
        """What may harm somebody in the text of a file, line by line."""
        problems: list[Problem] = []
        silenced: list[Silenced] = []
        allowed: dict[str, str] = {}
        in_sources = False
        for number, line in enumerate(text.split("\n"), 1):
            in_sources = line.startswith("sources:") or (in_sources and line.startswith((" ", "#")))
            here = {match["rule"]: match["reason"] for match in ALLOWANCE.finditer(line)}
            rules = _EVERYWHERE if in_sources else frozenset(KINDS)
            for rule, column, found in _findings(self._masked(ALLOWANCE.sub("", line)), rules):
                problem = _problem(path, number, column, rule, found)
                if reason := (here.pop(rule, None) or allowed.pop(rule, None)):
                    silenced.append(Silenced(problem, reason))
                else:
                    problems.append(problem)
            # A comment on a line of its own applies to the next line that is not blank.
            allowed = here if here or line.strip() else allowed
        return Guarded(tuple(problems), tuple(silenced))

    def _masked(self, line: str) -> str:
        """The line without addresses of pages, and with names of organisations in lower case; positions do not
        change."""
        line = self._organisations.sub(lambda name: name.group().lower(), line)
        return _OF_A_PAGE.sub(lambda address: " " * len(address.group()), line)


def names_of_nobody(vocabularies: Vocabularies, cases: Iterable[Case]) -> Iterator[str]:
    """The names of places, and of the organisations in cases: some look like names of people."""
    for place in (*vocabularies.cities, *vocabularies.countries):
        yield from (place.label, *place.aliases)
    for case in cases:
        yield from (partner.name for partner in case.at_the_table)


def _findings(line: str, rules: frozenset[str]) -> Iterator[tuple[str, int, str]]:
    """The rule, column and words of what a line contains; each rule once."""
    for rule in KINDS.keys() & rules:
        for start in range(0, max(1, len(line)), _PIECE):
            found = next(KINDS[rule](line[start : start + _PIECE + _OVERLAP]), None)
            if found:
                yield rule, start + found.start() + 1, found.group().strip()
                break


_PIECE, _OVERLAP = 1000, 200
"""Characters. A longer line is read in pieces, as some patterns take time that grows with the square of its length."""


def _problem(path: str, line: int, column: int, rule: str, found: str) -> Problem:
    message = f"`{found[:60]}` {_SEEMS[rule]}."
    hint = f"{_INSTEAD[rule]} If it is needed, allow it in a comment with a reason: `allow {rule}: the reason`."
    return Problem(path, line, column, rule, RULES[rule].level, message, hint)


_SEEMS = {
    "harm-email": "looks like somebody's e-mail address",
    "harm-phone": "looks like a telephone number",
    "harm-address": "looks like a street address",
    "harm-birth-date": "looks like a date of birth",
    "harm-small-number": "may be so few people that others can tell who they are",
    "harm-name": "looks like a person's name",
    "harm-operation": "seems to describe how an operation works, or how to reach somebody or something protected",
}
_INSTEAD = {
    "harm-email": "Leave it out, or link to the page of the organisation.",
    "harm-phone": "Leave it out, or link to the page of the organisation.",
    "harm-address": "Name the district or the city.",
    "harm-birth-date": "Leave it out, or give a rough age: `in his twenties`.",
    "harm-small-number": "Be less exact: `some pupils`.",
    "harm-name": "Write the role: `the mayor`, `a youth worker`, `an imam`.",
    "harm-operation": "Leave it out.",
}

_EVERYWHERE = frozenset({"harm-email", "harm-phone"})
"""The rules that apply to sources as well, whose authors have names and whose publishers have addresses."""
