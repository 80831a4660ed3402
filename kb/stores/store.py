"""The seam: what a store of cases must do. Everything a page shows comes from one: a server reads no markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kb.model.case import Case, CaseSummary, Guide
from kb.model.history import CaseChange
from kb.model.upkeep import Upkeep
from kb.model.vocabulary import Vocabularies
from kb.search.highlighting.passages import Passages
from kb.stores.packing import PackedCase


@dataclass(frozen=True)
class StoredCase:
    """A case with what only its file knows."""

    case: Case
    modified: str
    """When its text last changed, as ISO 8601 in UTC."""
    markdown: str
    """The file as its author wrote it."""
    history: tuple[CaseChange, ...] = ()
    """What happened to it, the oldest first, as far as its git history says so."""


@dataclass(frozen=True)
class NewCase:
    """A case to be stored."""

    stored: StoredCase
    packed: PackedCase


class CaseStore(Protocol):
    """The cases, guide pages and vocabularies of one generation, which never changes. Safe to use from many threads.

    Everything raises GenerationError when the store cannot be read.
    """

    @property
    def vocabularies(self) -> Vocabularies:
        """The vocabularies that the cases were read with."""

    @property
    def changes(self) -> Mapping[str, str]:
        """When the text of every published case last changed, as ISO 8601 in UTC, by its slug."""

    def case(self, slug: str) -> Case | None:
        """The published case with this slug, or None."""

    def stored(self, slug: str) -> StoredCase | None:
        """The published case with its markdown and date, or None."""

    def summaries(self, slugs: Iterable[str]) -> dict[str, CaseSummary]:
        """What lists show of the published cases among these, in order."""

    def summary(self, slug: str) -> CaseSummary | None:
        """What lists show of one case, or None."""

    def passages(self, slugs: Iterable[str]) -> dict[str, Passages]:
        """What can be shown in a list of the published cases among these, in this order."""

    def contains(self, slug: str) -> bool:
        """Whether there is a published case with this slug."""

    def slugs(self) -> tuple[str, ...]:
        """The slugs of all published cases, sorted."""

    def titles(self) -> dict[str, str]:
        """The title of every published case by its slug, in order."""

    def reviews(self) -> dict[str, int]:
        """How many published cases are in each state of review."""

    def upkeep(self) -> tuple[Upkeep, ...]:
        """What editors look after in every published case, by slug."""

    def slug_for_alias(self, alias: str) -> str | None:
        """The case that once had this slug, or None; the first by slug if there are several."""

    def is_withdrawn(self, slug: str) -> bool:
        """Whether a case with this slug was withdrawn. Drafts look the same as cases that never existed."""

    def guide(self, kind: str, term_id: str) -> Guide | None:
        """The guide page of an arrangement or a challenge, or None."""

    def guides(self) -> tuple[Guide, ...]:
        """All guide pages."""

    def close(self) -> None:
        """Release files and connections; a second time does nothing."""


class StoreWriter(Protocol):
    """Fills a store that is not being read yet."""

    def add(self, new: NewCase) -> None:
        """Store a case."""

    def add_rest(self, vocabularies: Vocabularies, guides: Iterable[Guide], withdrawn: Iterable[str]) -> None:
        """Store what is not a case: all of it, replacing what the previous store contained."""


class LocalStore(Protocol):
    """A store that is made of files on this machine."""

    def open(self, folder: Path) -> CaseStore:
        """The store in the folder of a generation. Raises GenerationError when it cannot be read."""

    def write(self, folder: Path, previous: Path | None, removed: Iterable[str]) -> AbstractContextManager[StoreWriter]:
        """A writer of a store in the folder of a new generation.

        It begins with what the store in the folder `previous` contains, less the cases with the slugs `removed`. Raises
        GenerationError when that fails, for instance because the previous one is damaged.
        """
