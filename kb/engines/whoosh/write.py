"""Writes a Whoosh index: from nothing, or from an earlier one and what has changed since."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from whoosh import index

from kb.engines.whoosh import lexicon
from kb.engines.whoosh.codec import PackedCodec
from kb.engines.whoosh.errors import while_opening
from kb.engines.whoosh.schema import RECORD, SLUG, WORDS, make_schema
from kb.search.analysis import words
from kb.search.document import SearchDocument
from kb.search.fields import FACETS, TEXT_FIELDS

MEMORY_MB = 512
"""What Whoosh may hold in memory, by its own estimate, before it spills postings to disk, which takes twice as long:
the postings of some 15,000 cases. A build of the collection needs a hundredth of it."""


class WhooshWriter:
    """The `kb.search.engine.IndexWriter` of this engine."""

    def write(
        self,
        folder: Path,
        previous: Path | None,
        removed: Iterable[SearchDocument],
        added: Iterable[SearchDocument],
    ) -> None:
        """Make an index in `folder`; see the protocol."""
        with while_opening(str(folder)):
            folder.mkdir(parents=True)
            if previous is None:
                opened = index.create_in(str(folder), make_schema())
                counts = Counter[str]()
            else:
                _share_files(previous, folder)
                opened = index.open_dir(str(folder))
                counts = Counter(lexicon.read(previous))
            with opened.writer(limitmb=MEMORY_MB, codec=PackedCodec()) as writer:
                for document in removed:
                    writer.delete_by_term(SLUG, document.slug)
                    counts.subtract({word for texts in _analysed(document).values() for text in texts for word in text})
                for document in added:
                    analysed = _analysed(document)
                    writer.add_document(**{SLUG: document.slug, RECORD: _record(document, analysed), WORDS: analysed})
                    counts.update({word for texts in analysed.values() for text in texts for word in text})
            opened.close()
            lexicon.write(folder, counts)


Analysed = dict[str, list[list[str]]]
"""For each field its texts, each as its words."""


def _analysed(document: SearchDocument) -> Analysed:
    return {field.name: [words(text) for text in document.texts[field.name]] for field in TEXT_FIELDS}


def _record(document: SearchDocument, analysed: Analysed) -> dict[str, object]:
    return {
        "slug": document.slug,
        "facets": [list(document.facets[facet.name]) for facet in FACETS],
        "lengths": [sum(map(len, analysed[field.name])) for field in TEXT_FIELDS],
        "started": document.started,
        "ended": document.ended,
        "title": document.title_key,
        "city": document.city_key,
    }


def _share_files(previous: Path, folder: Path) -> None:
    """Give a new index the files of the previous one.

    Whoosh never changes a finished file: it writes new ones and lists those in use in a table of
    contents. So the two may share them on disk, and an edit costs what the edit costs.
    """
    for path in previous.iterdir():
        if path.name.endswith("LOCK") or path.name == lexicon.NAME:
            continue
        try:
            os.link(path, folder / path.name)
        except OSError:
            shutil.copy2(path, folder / path.name)
