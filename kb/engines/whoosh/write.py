"""Writes a Whoosh index: from nothing, or from an earlier one and what has changed since."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from whoosh import index

from kb.engines.whoosh.errors import while_opening
from kb.engines.whoosh.schema import RECORD, SLUG, make_schema
from kb.search.analysis import words
from kb.search.document import SearchDocument
from kb.search.fields import FACETS, TEXT_FIELDS

MEMORY_MB = 128
"""What Whoosh may hold in memory before it spills postings to disk."""


class WhooshWriter:
    """The `kb.search.engine.IndexWriter` of this engine."""

    def write(
        self, folder: Path, previous: Path | None, removed: Iterable[str], added: Iterable[SearchDocument]
    ) -> None:
        """Make an index in `folder`; see the protocol."""
        with while_opening(str(folder)):
            folder.mkdir(parents=True)
            if previous is None:
                opened = index.create_in(str(folder), make_schema())
            else:
                _share_files(previous, folder)
                opened = index.open_dir(str(folder))
            with opened.writer(limitmb=MEMORY_MB) as writer:
                for slug in removed:
                    writer.delete_by_term(SLUG, slug)
                for document in added:
                    writer.add_document(**_whoosh_document(document))
            opened.close()


def _whoosh_document(document: SearchDocument) -> dict[str, object]:
    analysed = {field.name: [words(text) for text in document.texts[field.name]] for field in TEXT_FIELDS}
    record = {
        "slug": document.slug,
        "facets": [list(document.facets[facet.name]) for facet in FACETS],
        "lengths": [sum(map(len, analysed[field.name])) for field in TEXT_FIELDS],
        "started": document.started,
        "ended": document.ended,
        "title": document.title_key,
        "city": document.city_key,
    }
    return {SLUG: document.slug, RECORD: record, **analysed}


def _share_files(previous: Path, folder: Path) -> None:
    """Give a new index the files of the previous one.

    Whoosh never changes a finished file: it writes new ones and lists those in use in a table of
    contents. So the two may share them on disk, and an edit costs what the edit costs.
    """
    for path in previous.iterdir():
        if path.name.endswith("LOCK"):
            continue
        try:
            os.link(path, folder / path.name)
        except OSError:
            shutil.copy2(path, folder / path.name)
