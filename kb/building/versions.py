"""What happened to a case, derived by comparing the versions of its file in the git history.

What is told is when, and of which kind: nothing of what a version said, and no word of the people who committed it. Of
the time before a case was published, and of the time while it was offline, nothing is told.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from kb.authoring.parsing.allowances import without_allowances
from kb.authoring.parsing.case_file import CASE_KEYS, parse_case_file
from kb.authoring.parsing.publication import KEY, Fate, decide
from kb.authoring.parsing.text_file import legible
from kb.authoring.parsing.yaml.nodes import Mapping as YamlMapping
from kb.authoring.parsing.yaml.nodes import Node, Scalar, YamlSyntaxError, read_yaml
from kb.authoring.parsing.yaml.nodes import Sequence as YamlSequence
from kb.building.history import History, Revision
from kb.model.case import Case, Publication, Review, ReviewState
from kb.model.history import CaseChange, ChangeKind
from kb.model.kinds import Kind
from kb.model.vocabulary import Vocabularies

MOST_REVISIONS = 50
"""The newest revisions of a file that are compared. What was before is not told."""

_FACTS = frozenset(CASE_KEYS.names) - {KEY, "sources", "review", "aliases"}
_KEY_LINE = re.compile(r"""^["']?([A-Za-z_]\w*)["']?[ \t]*:""", re.MULTILINE)
_HEAD = re.compile(r"\ufeff?---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_CITATION = re.compile(r"\[@[^\]\n]*\]")


@dataclass(frozen=True)
class Timeline:
    """The revisions of a case, the oldest first."""

    revisions: Sequence[Revision] = ()
    is_whole: bool = True
    """Whether they begin with the first one."""
    moves: frozenset[str] = frozenset()
    """The commits by which the case got another address."""

    @property
    def blobs(self) -> Iterator[str]:
        """The object names of what has to be read: the content of a single version does not matter."""
        return (revision.blob for revision in self.revisions if revision.blob and len(self.revisions) > 1)


def timeline_of(case: Case, history: History) -> Timeline:
    """The revisions of a published case, under its earlier addresses too; none if its file is not as it was committed.

    An earlier address is one that the case names as an alias, and whose file became this one in a single commit.
    """
    name = Kind.CASE.file(case.slug)
    if name not in history.committed:
        return Timeline()
    found = list(history.revisions(name))
    moves = set()
    aliases = set(case.aliases)
    while aliases and found:
        moved = found[-1].commit
        earlier = ((alias, history.revisions(Kind.CASE.file(alias))) for alias in sorted(aliases))
        before = next(((alias, older) for alias, older in earlier if _ends_in(older, moved)), None)
        if before is None:
            break
        aliases.discard(before[0])
        moves.add(moved)
        found += _older_than(before[1], moved)
    return Timeline(found[MOST_REVISIONS - 1 :: -1], len(found) <= MOST_REVISIONS, frozenset(moves))


def _ends_in(revisions: Sequence[Revision], commit: str) -> bool:
    """Whether this commit removed a file that had been there."""
    return any(revision.commit == commit and revision.blob is None for revision in revisions[:-1])


def _older_than(revisions: Sequence[Revision], commit: str) -> Sequence[Revision]:
    position = next(number for number, revision in enumerate(revisions) if revision.commit == commit)
    return revisions[position + 1 :]


def changes_of(
    timeline: Timeline, contents: Mapping[str, bytes], review: Review, vocabularies: Vocabularies
) -> tuple[CaseChange, ...]:
    """What happened to a published case, the oldest first, one entry for each day.

    `contents` has that of each revision by its object name, as far as it can be read; `review` is the one that the case
    reports now.
    """
    versions = [(revision, _version(revision, contents)) for revision in timeline.revisions]
    return tuple(_by_day(_Comparison(timeline, review, vocabularies).changes(versions)))


@dataclass(frozen=True)
class _Version:
    """The text of a case file, in its two parts."""

    head: str
    body: str
    data: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, data: bytes) -> _Version:
        text = legible(data).replace("\r\n", "\n").replace("\r", "\n")
        found = _HEAD.match(text)
        return cls(found[1], text[found.end() :], data) if found else cls("", text, data)

    @cached_property
    def blocks(self) -> Mapping[str, str]:
        """The lines of the front matter by the key that they belong to; those before the first key under none."""
        starts = list(_KEY_LINE.finditer(self.head))
        ends = [start.start() for start in starts[1:]] + [len(self.head)]
        blocks = {"": self.head[: starts[0].start()] if starts else self.head}
        for start, end in zip(starts, ends, strict=False):  # without a key, there is an end and no start
            blocks[start[1]] = blocks.get(start[1], "") + self.head[start.start() : end]
        return blocks

    def value(self, key: str) -> Any:
        """What is under a key, as plain data; its text on one line if that is not YAML, and None if there is none."""
        block = self.blocks.get(key)
        if block is None:
            return None
        try:
            node = read_yaml(block)
        except YamlSyntaxError:
            return " ".join(block.split())
        return _plain(node)

    def is_published(self, online: _Version, vocabularies: Vocabularies) -> bool:
        """Whether its page was online, or may have been: the rule for files that may be broken is the quicker one.

        Lines that the version `online` contains as well are not against it. What reads like a draft to that rule may be
        words of a summary in a valid file, which is read whole then.
        """
        in_doubt = (block for key, block in self.blocks.items() if key == KEY or block != online.blocks.get(key))
        text = f"---\n{''.join(in_doubt)}---\n"
        if decide(text, is_valid=False, declared=None).fate is Fate.LAST_GOOD:
            return True
        if self.value(KEY) != {KEY: Publication.PUBLISHED}:
            return False
        read = parse_case_file(PurePosixPath(Kind.CASE.file("a-case")), self.data, vocabularies)
        return read.decision.fate is Fate.ONLINE

    @cached_property
    def words(self) -> str:
        """Its text without what does not show: line ends, and comments that allow a finding."""
        return " ".join(without_allowances(self.body).split())


_GONE = _Version("", "")
"""In place of the version of a commit that removed the file."""


def _version(revision: Revision, contents: Mapping[str, bytes]) -> _Version | None:
    """The version that a commit left; None if it cannot be read."""
    if revision.blob is None:
        return _GONE
    data = contents.get(revision.blob)
    return None if data is None else _Version.of(data)


@dataclass(frozen=True)
class _Comparison:
    """Compares each version with the one before."""

    timeline: Timeline
    review: Review
    vocabularies: Vocabularies

    def changes(self, versions: Sequence[tuple[Revision, _Version | None]]) -> Iterator[CaseChange]:
        """What each version changed, if that shows."""
        newest = versions[-1][1] if versions else None
        was_public = was_ever = False
        before: _Version | None = None
        for number, (revision, version) in enumerate(versions, 1):
            # The newest is online: that has been decided when its file was read.
            is_public = number == len(versions) or self._is_public(version, before, newest, was_public=was_public)
            kinds: list[ChangeKind] = []
            if is_public and was_public:
                kinds += [ChangeKind.MOVED] if revision.commit in self.timeline.moves else []
                kinds += _differences(before, version) if before and version else []
            elif is_public:
                if was_ever:
                    kinds.append(ChangeKind.AGAIN)
                elif self.timeline.is_whole:  # else it may have been published before
                    kinds.append(ChangeKind.PUBLISHED)
                was_ever = True
            elif was_public:
                kinds.append(ChangeKind.OFFLINE)
            was_public, before = is_public, version
            if kinds:
                by = self._reviewer(version, newest) if ChangeKind.REVIEWED in kinds else None
                yield CaseChange(_day(revision), tuple(kinds), by)

    def _is_public(
        self, version: _Version | None, before: _Version | None, online: _Version | None, *, was_public: bool
    ) -> bool:
        """Whether a version is published; one that cannot be read is taken for what the one before was."""
        if version is None or (before and before is not _GONE and version.head == before.head):
            return was_public
        return version is not _GONE and version.is_published(online or _GONE, self.vocabularies)

    def _reviewer(self, version: _Version | None, newest: _Version | None) -> str | None:
        """The role of the reviewer, if this is the review that the case reports now."""
        is_current = version and newest and version.value("review") == newest.value("review")
        return self.review.by if is_current else None


def _differences(before: _Version, after: _Version) -> Iterator[ChangeKind]:
    """In which parts two published versions differ, apart from how they are written."""
    keys = set()
    if before.head != after.head:
        keys = {key for key in before.blocks.keys() | after.blocks.keys() if _differ(key, before, after)}
    if "review" in keys and _is_new_review(before.value("review"), after.value("review")):
        yield ChangeKind.REVIEWED
    if keys & _FACTS:
        yield ChangeKind.FACTS
    has_other_text = before.words != after.words
    if has_other_text and _without_citations(before.words) != _without_citations(after.words):
        yield ChangeKind.TEXT
        has_other_text = False
    if has_other_text or "sources" in keys:
        yield ChangeKind.SOURCES


def _differ(key: str, before: _Version, after: _Version) -> bool:
    return before.blocks.get(key) != after.blocks.get(key) and before.value(key) != after.value(key)


def _is_new_review(before: Any, after: Any) -> bool:
    """Whether a review has been added, or one of another day."""
    then, now = (dict(value["review"]) if _has_review(value) else {} for value in (before, after))
    is_reviewed = now.get("state") == ReviewState.REVIEWED
    return is_reviewed and (then.get("state"), then.get("date")) != (now.get("state"), now.get("date"))


def _has_review(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("review"), dict)


def _without_citations(text: str) -> str:
    return " ".join(_CITATION.sub(" ", text).split())


def _plain(node: Node) -> Any:
    """A value without where it is written."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, YamlSequence):
        return [_plain(item) for item in node.items]
    return {entry.key: _plain(entry.value) for entry in node.entries} if isinstance(node, YamlMapping) else None


def _day(revision: Revision) -> datetime.date:
    return datetime.datetime.fromtimestamp(revision.time_ns // 1_000_000_000, UTC).date()


_MINOR = frozenset({ChangeKind.FACTS, ChangeKind.TEXT, ChangeKind.SOURCES})


def _by_day(changes: Iterable[CaseChange]) -> Iterator[CaseChange]:
    """One entry for each day; what was corrected on the day on which a case was published goes without saying."""
    for day, group in groupby(changes, key=lambda change: change.date):
        together = list(group)
        kinds = {kind for change in together for kind in change.kinds}
        if kinds & {ChangeKind.PUBLISHED, ChangeKind.AGAIN}:
            kinds -= _MINOR
        by = next((change.by for change in reversed(together) if change.by), None)
        yield replace(together[-1], date=day, kinds=tuple(kind for kind in ChangeKind if kind in kinds), by=by)
