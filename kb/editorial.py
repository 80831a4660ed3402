"""What there is to do for editors: what is not online, what is outdated, what is missing, what was reported.

Of a generation alone, everything here is public. What only the content folder knows (which files are drafts, and why)
is added for those who have the folder.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.authoring.checks.corpus import silenced
from kb.authoring.content_folder import ContentFolder
from kb.authoring.parsing.publication import Fate
from kb.building.report import NO_GOOD_VERSION
from kb.index.generation import Generation
from kb.index.manifest import FileRecord, Origin, Tally
from kb.model.kinds import Kind
from kb.model.upkeep import Upkeep
from kb.search.fields import FACETS
from kb.search.request import SearchRequest
from kb.translation import gettext, gettext_noop, ngettext

REVIEW_YEARS = 2
"""After so many years a review is overdue."""

STALE_YEARS = 3
"""A practice of which no source has shown for longer that it goes on may have ended."""


@dataclass(frozen=True)
class Entry:
    """One thing to look at."""

    name: str
    """A slug, a rule, `facet/term`, `arrangement/challenge`, or the path of a file."""
    label: str
    """What people call it; empty if that is its name."""
    detail: str
    """What is to be seen to; empty if the heading says it."""


@dataclass(frozen=True)
class Chapter:
    """Things of one kind."""

    id: str
    label: str
    to_do: str
    """What to do about them."""
    count: int
    """How many there are, listed or not."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Overview:
    """What there is to do, as of a day."""

    day: datetime.date
    cases: int
    """Published ones."""
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Files:
    """The content folder, and what the generation was made from: what the public does not see."""

    folder: ContentFolder
    origin: Origin


def overview(
    generation: Generation, day: datetime.date, files: Files | None = None, most: int | None = None
) -> Overview:
    """What there is to do. Without `files`, it contains nothing that is not public, and numbers of what is not online.

    Of `files`, only the first `most` of each chapter are read.
    """
    own = _own_chapters(generation, files, most) if files else _in_numbers(generation.manifest.tally)
    found = {chapter.id: chapter for chapter in (*own, *_of_cases(generation, day))}
    return Overview(day, generation.manifest.count, tuple(found[name] for name in _CHAPTERS))


def _in_numbers(tally: Tally) -> Iterator[Chapter]:
    yield _chapter("offline", (), tally.offline)
    yield _chapter("withdrawn", (), tally.withdrawn)
    yield _chapter("problems", _of_rules(tally.problems), sum(tally.problems.values()))
    yield _chapter("allowed", _of_rules(tally.allowed), sum(tally.allowed.values()))


_CHAPTERS: Mapping[str, tuple[str, str]] = {
    "offline": (
        gettext_noop("Not online"),
        gettext_noop(
            "Drafts, and files that do not clearly say that they are published. Finish them; two people read each "
            "before it says `publication: published`."
        ),
    ),
    "withdrawn": (
        gettext_noop("Withdrawn"),
        gettext_noop(
            "Their addresses say that they were withdrawn, and nothing else. Publish one again only when the reason is "
            "gone."
        ),
    ),
    "problems": (
        gettext_noop("Problems found by the last build"),
        gettext_noop("`kb check` says where each is and how to fix it."),
    ),
    "overdue": (
        gettext_noop("Review overdue"),
        gettext_noop(
            "The city reviewed them more than {review_years} years ago. Ask it to look again, and update `review`."
        ),
    ),
    "stale": (
        gettext_noop("Perhaps no longer ongoing"),
        gettext_noop(
            "They say “ongoing”, and no source has shown it for {stale_years} years. Look for a newer source "
            "(`last_reported`), or for the end."
        ),
    ),
    "unreviewed": (
        gettext_noop("Not reviewed by the city"),
        gettext_noop("Ask those who do the work to read the case, and note the date and their role under `review`."),
    ),
    "unlinked": (
        gettext_noop("Cases with a source without a link"),
        gettext_noop("Add the `url` of the publication or of its entry in a library catalogue, if there is one."),
    ),
    "terms": (
        gettext_noop("Terms without a case"),
        gettext_noop("Write a case, or remove the term from its vocabulary."),
    ),
    "cells": (
        gettext_noop("Combinations without a case"),
        gettext_noop(
            "No case shows this challenge in this arrangement. Look for one before concluding that there is none."
        ),
    ),
    "allowed": (
        gettext_noop("Allowed findings"),
        gettext_noop(
            "Warnings of possible harm that authors have allowed with a reason. Read again whether the reasons hold."
        ),
    ),
}


def _chapter(name: str, entries: Iterable[Entry], count: int | None = None) -> Chapter:
    label, to_do = _CHAPTERS[name]
    listed = tuple(entries)
    told = gettext(to_do).format(review_years=REVIEW_YEARS, stale_years=STALE_YEARS)
    return Chapter(name, gettext(label), told, len(listed) if count is None else count, listed)


# Of the generation: public


def _of_cases(generation: Generation, day: datetime.date) -> Iterator[Chapter]:
    upkeep = generation.cases.upkeep()
    yield _chapter("overdue", _overdue(upkeep, day))
    yield _chapter("stale", _stale(upkeep, day))
    yield _chapter("unreviewed", (Entry(case.slug, case.title, "") for case in upkeep if not case.is_reviewed))
    yield _chapter("unlinked", _unlinked(upkeep))
    yield _chapter("terms", _terms_without_cases(generation))
    yield _chapter("cells", _cells_without_cases(generation))


def _overdue(upkeep: Iterable[Upkeep], day: datetime.date) -> Iterator[Entry]:
    """Cases whose last review is too long ago, the oldest first."""
    reviewed = [(case.reviewed_on, case) for case in upkeep if case.is_reviewed and case.reviewed_on]
    for date, case in sorted(reviewed, key=lambda pair: (pair[0], pair[1].slug)):
        if (date.year + REVIEW_YEARS, date.month, date.day) < (day.year, day.month, day.day):
            yield Entry(case.slug, case.title, gettext("reviewed on {date}").format(date=date))


def _stale(upkeep: Iterable[Upkeep], day: datetime.date) -> Iterator[Entry]:
    """Cases that say “ongoing” on old grounds, the oldest first."""
    ongoing = [(case.last_shown, case) for case in upkeep if case.last_shown is not None]
    for year, case in sorted(ongoing, key=lambda pair: (pair[0], pair[1].slug)):
        if year < day.year - STALE_YEARS:
            yield Entry(case.slug, case.title, gettext("last shown in {year}").format(year=year))


def _unlinked(upkeep: Iterable[Upkeep]) -> Iterator[Entry]:
    for case in upkeep:
        if case.unlinked:
            yield Entry(case.slug, case.title, ", ".join(case.unlinked))


def _terms_without_cases(generation: Generation) -> Iterator[Entry]:
    for facet in FACETS:
        if facet.is_wanted:
            for term in facet.vocabulary(generation.vocabularies):
                if term.id not in generation.counts[facet.name]:
                    yield Entry(f"{facet.name}/{term.id}", f"{facet.label}: {term.label}", "")


def _cells_without_cases(generation: Generation) -> Iterator[Entry]:
    for arrangement in generation.vocabularies.arrangements:
        request = SearchRequest(filters={"arrangement": (arrangement.id,)}, size=0)
        counts = generation.engine.search(request).facets["challenge"]
        found = {count.value for count in counts if count.cases}
        for challenge in generation.vocabularies.challenges:
            if challenge.id not in found:
                yield Entry(
                    f"{arrangement.id}/{challenge.id}",
                    gettext("{challenge}, in: {arrangement}").format(
                        challenge=challenge.label, arrangement=arrangement.label
                    ),
                    "",
                )


def _of_rules(counts: Mapping[str, int]) -> Iterator[Entry]:
    """Rules with how often each was broken, the most frequent first."""
    for rule, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield Entry(rule, "", ngettext("{count} time", "{count} times", count).format(count=f"{count:,}"))


# Of the content folder: for those who have it


def _own_chapters(generation: Generation, files: Files, most: int | None) -> Iterator[Chapter]:
    records = sorted(files.origin.files.items())
    online = frozenset(generation.cases.slugs())

    def entries(is_one: Callable[[str, FileRecord], bool], read: Callable[[str], Iterator[Entry]]) -> list[Entry]:
        paths = [path for path, record in records if is_one(path, record)]
        first = len(paths) if most is None else most
        found = [entry for path in paths[:first] for entry in read(path)]
        return found + [Entry(path, "", "") for path in paths[first:]]

    def is_offline(path: str, record: FileRecord) -> bool:
        is_case = PurePosixPath(path).parent.name == Kind.CASE.folder
        return is_case and record.state != Fate.WITHDRAWN and PurePosixPath(path).stem not in online

    def reason(path: str) -> Iterator[Entry]:
        file = files.folder.case_file(PurePosixPath(path), generation.vocabularies)
        is_broken = file.decision.fate is Fate.LAST_GOOD
        yield Entry(path, "", NO_GOOD_VERSION if is_broken else file.decision.reason)

    def found(path: str) -> Iterator[Entry]:
        record = files.origin.files[path]
        rules = (f"{rule} ({count})" if count > 1 else rule for rule, count in sorted(record.problems.items()))
        served = f"; {_what_is_served(path, generation)}" if record.has_errors else ""
        yield Entry(path, "", ", ".join(rules) + served)

    def reasons(path: str) -> Iterator[Entry]:
        read = files.folder.case_file if path.startswith("cases/") else files.folder.guide_file
        for one in silenced(read(PurePosixPath(path), generation.vocabularies), generation.vocabularies):
            yield Entry(f"{path}:{one.problem.line}", "", f"{one.problem.rule}: {one.reason}")

    yield _chapter("offline", entries(is_offline, reason))
    yield _chapter("withdrawn", entries(lambda _, record: record.state == Fate.WITHDRAWN, reason))
    yield _chapter("problems", entries(lambda _, record: bool(record.problems), found))
    yield _chapter("allowed", entries(lambda _, record: bool(record.allowed), reasons))


def _what_is_served(path: str, generation: Generation) -> str:
    folder, name = PurePosixPath(path).parent.name, PurePosixPath(path).stem
    kind = Kind.of_folder(folder)
    if kind is None:
        return "it is not served"
    store = generation.cases
    served = store.case(name) if kind is Kind.CASE else store.guide(kind, name)
    return "its last good version is served" if served else "it is not served"
