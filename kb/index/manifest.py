"""What is recorded of a generation: what it is, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime


def iso_utc(ns: int) -> str:
    """A moment in nanoseconds, as file systems report it, as ISO 8601 in UTC.

    >>> iso_utc(1_900_000_000_000_000_000)
    '2030-03-17T17:46:40Z'
    """
    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A content file as it was when it was built from."""

    size: int
    """Bytes."""
    mtime_ns: int
    digest: str
    """SHA-256 of its bytes."""
    state: str
    """For a case, what happens to its page (`kb.authoring.parsing.publication.Fate`); ``used`` for other files."""
    has_errors: bool = False
    """Whether it contains an error to fix, which is reported at every build."""
    changed: str = ""
    """When its text last changed, as ISO 8601 in UTC: settled when the text is first read (`kb.building.dates`)."""
    inode: int = 0
    """Its number in the file system, which differs in another copy."""
    ctime_ns: int = 0
    """When anything about it last changed (`ctime`), which nobody can set."""
    problems: Mapping[str, int] = field(default_factory=dict)
    """How many of each rule were found in it when it was last read."""
    allowed: Mapping[str, int] = field(default_factory=dict)
    """How many findings of each rule its author has allowed with a reason."""
    is_committed: bool = False
    """Whether it was then as the newest commit of its git history had it."""

    def is_as_in(self, other: FileRecord) -> bool:
        """Whether this is the same file, untouched since. Size and time alone do not tell: archives unpack every
        release of a file with the same time, and “published” is as long as “withdrawn”.
        """
        return self._traces == other._traces

    @property
    def _traces(self) -> tuple[int, ...]:
        return (self.size, self.mtime_ns, self.inode, self.ctime_ns)

    def with_traces_of(self, other: FileRecord) -> FileRecord:
        """The same text in the file of another record."""
        return replace(self, size=other.size, mtime_ns=other.mtime_ns, inode=other.inode, ctime_ns=other.ctime_ns)


@dataclass(frozen=True)
class Tally:
    """What editors are told of all files together, as numbers: what is not online has neither a name nor words here."""

    withdrawn: int = 0
    offline: int = 0
    """Cases that are not online for another reason: drafts, and files that do not clearly say that they are published.
    """
    problems: Mapping[str, int] = field(default_factory=dict)
    """Of each rule, in the files that are online."""
    allowed: Mapping[str, int] = field(default_factory=dict)
    """Findings of each rule, in these files, which their authors have allowed."""


@dataclass(frozen=True)
class Manifest:
    """What a generation is."""

    id: str
    created: str
    """ISO 8601 in UTC."""
    created_ns: int
    """The same in nanoseconds."""
    count: int
    """Published cases."""
    changed: Mapping[str, str]
    """When each guide page and vocabulary was last changed, as ISO 8601 in UTC, by path."""
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class Origin:
    """What a generation was made from."""

    software: str
    """Digest of the code and libraries that wrote it: what another version wrote cannot be built upon."""
    vocabularies: str
    """Digest of the vocabularies: if they change, everything must be rebuilt."""
    looked_at_ns: int
    """For comparison with file times: taken before the first file was examined."""
    files: Mapping[str, FileRecord]
    """By path relative to the content folder."""
    commit: str = ""
    """The git commit that was checked out; empty if there was none."""
