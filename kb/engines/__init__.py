"""Which engine is at work: the only place where one is named."""

from __future__ import annotations

from pathlib import Path

from kb.engines.whoosh.engine import WhooshEngine
from kb.engines.whoosh.write import WhooshWriter
from kb.search.engine import IndexWriter, PassageReader, SearchEngine

ENGINE = "whoosh"
"""The name of the engine, and of its folder in a generation."""


def open_engine(folder: Path, passages: PassageReader) -> SearchEngine:
    """The engine over the index in `folder`. Raises GenerationError when it cannot be used."""
    return WhooshEngine(folder, passages)


def index_writer() -> IndexWriter:
    """The writer that goes with the engine."""
    return WhooshWriter()
