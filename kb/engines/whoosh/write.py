"""Writes a Whoosh index: from nothing, or from an earlier one and what has changed since."""

from __future__ import annotations

import os
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.writing import MERGE_SMALL

from kb.engines.whoosh.errors import while_opening
from kb.engines.whoosh.layout import lexicon
from kb.engines.whoosh.layout.codec import PackedCodec
from kb.engines.whoosh.layout.records import OPEN_END, Record
from kb.engines.whoosh.layout.schema import CONTAINED, RECORD, SLUG, WORDS, make_schema
from kb.files import share
from kb.search.document import SearchDocument
from kb.search.fields import FACETS, TEXT_FIELDS
from kb.search.words.analysis import words


def _quarter_of_memory_mb() -> int:
    """A quarter of the machine's memory; where that is not known, that of a small one."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return 512
    return max(128, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // 1024**2)


MEMORY_MB = _quarter_of_memory_mb()
"""The memory Whoosh may use, by its own estimate, before it spills postings to disk, which takes twice as long: 500 MB
are enough for the postings of some 15,000 cases. A build of the collection needs a hundredth of that."""

MERGED_BELOW = 200
"""Documents; a segment with as many or more is no longer merged. Whoosh merges the segments that edits leave behind now
and then; with this limit that never takes a second, and some 200 edits leave one segment more."""


def write_index(folder: Path, previous: Path | None, removed: Iterable[str], added: Iterable[SearchDocument]) -> None:
    """Make an index in `folder`; see `kb.search.engine.LocalEngine`."""
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
            writer.mergetype = _merge_small_segments
            counts.subtract(_remove(writer, removed))
            for document in added:
                analysed = _analysed(document)
                contained = {word for texts in analysed.values() for text in texts for word in text}
                writer.add_document(
                    **{
                        SLUG: document.slug,
                        RECORD: _record(document, analysed),
                        CONTAINED: _packed(contained),
                        WORDS: analysed,
                    }
                )
                counts.update(contained)
        opened.close()
        lexicon.write(folder, counts)


def _remove(writer: Any, slugs: Iterable[str]) -> Counter[str]:
    """Delete documents, leaving tombstones; the words that they contained, with how many of them contained each."""
    gone = Counter[str]()
    with writer.searcher() as searcher:
        for slug in slugs:
            for number in searcher.document_numbers(**{SLUG: slug}):
                gone.update(_unpacked(searcher.stored_fields(number)[CONTAINED]))
                writer.delete_document(number)
    return gone


def _packed(contained: Iterable[str]) -> bytes:
    return zlib.compress(" ".join(sorted(contained)).encode())


def _unpacked(data: bytes) -> list[str]:
    return zlib.decompress(data).decode().split()


Analysed = dict[str, list[list[str]]]
"""For each field its texts, each as its words."""


def _analysed(document: SearchDocument) -> Analysed:
    return {field.name: [words(text) for text in document.texts[field.name]] for field in TEXT_FIELDS}


def _record(document: SearchDocument, analysed: Analysed) -> Record:
    return Record(
        document.slug,
        document.title_key,
        document.city_key,
        document.modified,
        document.started,
        document.ended or OPEN_END,
        [sum(map(len, analysed[field.name])) for field in TEXT_FIELDS],
        [document.facets[facet.name] for facet in FACETS],
    )


def _merge_small_segments(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's policy for what is merged into the segment that is being written, applied to small segments only."""
    large = [segment for segment in segments if segment.doc_count_all() >= MERGED_BELOW]
    return [*large, *MERGE_SMALL(writer, [segment for segment in segments if segment not in large])]


def _share_files(previous: Path, folder: Path) -> None:
    """Give a new index the files of the previous one.

    Whoosh never changes a finished file: it writes new ones and lists those in use in a table of
    contents. So the two may share them on disk, and an edit costs what the edit costs.
    """
    for path in previous.iterdir():
        if path.name.endswith("LOCK") or path.name == lexicon.NAME:
            continue
        share(path, folder / path.name)
