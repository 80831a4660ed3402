"""Rules that need the whole collection: links, aliases, repeated sentences, missing pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kb.authoring.checks.harm import Guard, Guarded, Silenced, names_of_nobody
from kb.authoring.content_folder import Corpus
from kb.authoring.parsing.case_file import CaseFile
from kb.authoring.parsing.guide_file import GuideFile
from kb.authoring.parsing.markdown.links import content_address
from kb.authoring.parsing.publication import Fate
from kb.authoring.problems import Problem
from kb.authoring.rules import RULES, Level
from kb.hints import nearest
from kb.model.kinds import Kind

SHORTEST_REPEAT = 40
"""Characters. Shorter sentences ("It has ended.") are bound to recur."""

_NOT_ONLINE = frozenset({Fate.OFFLINE, Fate.WITHDRAWN})

Check = Callable[[Corpus], Iterator[Problem]]


def check_corpus(corpus: Corpus) -> tuple[Problem, ...]:
    """Everything that is wrong in the corpus, in single files and across them, sorted by file and line."""
    across = (problem for check in _CHECKS for problem in check(corpus))
    return tuple(sorted({*corpus.problems, *across}))


def dead_links(corpus: Corpus) -> Iterator[Problem]:
    """Links between content files point to a page that is online, if only in its last good version."""
    offline = {Kind.CASE.page(file.slug) for file in corpus.cases if file.decision.fate in _NOT_ONLINE}
    addresses = {Kind.CASE.page(file.slug) for file in corpus.cases} - offline
    addresses |= {f"/{file.path.removesuffix('.md')}" for file in corpus.guides}
    files: tuple[CaseFile | GuideFile, ...] = (*corpus.cases, *corpus.guides)
    for file in files:
        folder = file.path.split("/", 1)[0]
        for link in file.links:
            address = content_address(link.target, folder)
            path = address.split("#")[0] if address else ""
            if path and path not in addresses:
                message = f"The link to `{link.target}` leads nowhere."
                near = nearest(path, addresses)
                hint = "Check the name; drafts cannot be linked to."
                if near and path not in offline:
                    hint = f"Did you mean `{near.rpartition('/')[2]}.md`?"
                problem = _problem(file.path, link.line, link.column, "dead-link", message, hint)
                is_read = isinstance(file, GuideFile) or file.decision.fate not in _NOT_ONLINE
                yield problem if is_read else replace(problem, level=RULES["dead-link"].level_in_draft)


def taken_aliases(corpus: Corpus) -> Iterator[Problem]:
    """An alias belongs to one case only."""
    slugs = {file.slug for file in corpus.cases}
    owners: dict[str, str] = {}
    for file in corpus.cases:
        for alias in file.case.aliases if file.case else ():
            owner = alias if alias in slugs else owners.setdefault(alias, file.slug)
            if owner != file.slug:
                message = f"The alias `{alias}` already belongs to `{owner}`."
                line = next((n for n, text in enumerate(file.text.split("\n"), 1) if text.startswith("aliases")), 1)
                yield _problem(file.path, line, 1, "alias-taken", message, "Remove it from one of the two.")


def repeated_sentences(corpus: Corpus) -> Iterator[Problem]:
    """No sentence appears in two cases: it would say nothing about either."""
    first_seen: dict[str, str] = {}
    for file in corpus.cases:
        for section in file.case.sections if file.case else ():
            for line, sentence in (found for block in section.statements for found in block.sentences):
                if len(sentence) < SHORTEST_REPEAT:
                    continue
                other = first_seen.setdefault(sentence, file.path)
                if other != file.path:
                    message = f"This sentence also appears in `{other}`."
                    hint = "Say what is particular to this case."
                    yield _problem(file.path, line, 1, "repeated-sentence", message, hint)


def missing_pages(corpus: Corpus) -> Iterator[Problem]:
    """Every arrangement and challenge is explained."""
    present = {file.path for file in corpus.guides}
    arrangements = (f"arrangements/{term.id}" for term in corpus.vocabularies.arrangements)
    challenges = (f"challenges/{term.id}" for term in corpus.vocabularies.challenges)
    for name in (*arrangements, *challenges):
        path = f"{name}.md"
        if path not in present:
            message = f"There is no page that explains `{name}`."
            yield _problem(path, 1, 1, "missing-page", message, "Write it; the other pages show how.")


def fates(corpus: Corpus) -> Iterator[Problem]:
    """What happens to the page of each case file with errors."""
    for file in corpus.cases:
        if file.case is not None or not any(problem.level is not Level.WARNING for problem in file.problems):
            continue
        decision = file.decision
        if decision.fate is Fate.LAST_GOOD:
            message = f"The last good version of this page, if there is one, stays online: {decision.reason}."
            hint = "To take the page offline, write `publication: withdrawn`."
            yield _problem(file.path, decision.line, 1, "page-last-good", message, hint)
        else:
            message = f"This page is offline: {decision.reason}."
            yield _problem(file.path, decision.line, 1, "page-offline", message, "")


def harm(corpus: Corpus) -> Iterator[Problem]:
    """Nothing that may harm somebody, in any file: drafts are public in the repository, if not on the site."""
    return (problem for guarded in _guarded(corpus) for problem in guarded.problems)


def silenced(corpus: Corpus) -> tuple[Silenced, ...]:
    """Findings of possible harm that authors have allowed."""
    return tuple(one for guarded in _guarded(corpus) for one in guarded.silenced)


def _guarded(corpus: Corpus) -> Iterator[Guarded]:
    guard = Guard(names_of_nobody(corpus.vocabularies, (file.case for file in corpus.cases if file.case)))
    files: tuple[CaseFile | GuideFile, ...] = (*corpus.cases, *corpus.guides)
    return (guard.read(file.path, file.text) for file in files)


_CHECKS: tuple[Check, ...] = (dead_links, taken_aliases, repeated_sentences, missing_pages, fates, harm)


def _problem(path: str, line: int, column: int, rule: str, message: str, hint: str) -> Problem:
    return Problem(path, line, column, rule, RULES[rule].level, message, hint)
