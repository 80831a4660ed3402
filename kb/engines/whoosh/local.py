"""Whoosh as an engine whose index is a folder on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import whoosh

from kb.engines.whoosh.engine import WhooshEngine
from kb.engines.whoosh.write import write_index
from kb.search.document import SearchDocument
from kb.search.engine import SearchEngine


class Whoosh:
    """The `kb.search.engine.LocalEngine` of this package."""

    name = "whoosh"

    def fingerprint(self) -> str:
        """The version of Whoosh; see the protocol."""
        return f"Whoosh {whoosh.versionstring()}"

    def open(self, folder: Path) -> SearchEngine:
        """The engine over an index; see the protocol."""
        return WhooshEngine(folder)

    def write(
        self, folder: Path, previous: Path | None, removed: Iterable[str], added: Iterable[SearchDocument]
    ) -> None:
        """Make an index; see the protocol."""
        write_index(folder, previous, removed, added)
