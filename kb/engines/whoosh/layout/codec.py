"""How postings are stored in Whoosh's files: as packed numbers, so that a block of them is read by looking at bytes.

Whoosh's own codec pickles a tuple of numbers and one of payloads; taking a block apart made an object for each. The
rest is Whoosh's: terms, segments, merging, the structure of blocks.
"""

from __future__ import annotations

import sys
from array import array
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3PerDocReader, W3PostingsWriter
from whoosh.util.numlists import delta_encode

from kb.engines.whoosh.errors import decoding
from kb.engines.whoosh.layout.mapped import MappedSegment

BLOCK = 1024
"""Postings in a block. Whoosh skips blocks where it can; here a word is read whole, and fewer, larger
blocks are read faster."""

COMPRESSION = 1
"""Of zlib's 1 to 9: more takes longer and saves a hundredth."""

NUMBER = "<u4"


def packed(numbers: array[int]) -> bytes:
    """Numbers as little-endian bytes. Most words occur in few documents: an array is packed faster than NumPy's."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


class PackedCodec(W3Codec):
    """Whoosh's codec with packed postings."""

    def __init__(self) -> None:
        super().__init__(blocklimit=BLOCK, compression=COMPRESSION)

    def new_segment(self, storage: Any, indexname: str) -> MappedSegment:
        """A new segment of an index."""
        return MappedSegment(self, indexname)

    def per_document_reader(self, storage: Any, segment: Any) -> Any:
        """What is known of each document."""
        return UnmeasuredDocuments(storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        """Writes the postings of all fields but vectors, which are not used here."""
        return PackedWriter(dbfile, BLOCK, byteids, COMPRESSION, self._inlinelimit)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        """Reads what the writer wrote."""
        offset, length = terminfo.extent()
        return PackedMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)


class UnmeasuredDocuments(W3PerDocReader):
    """Documents whose length in words Whoosh does not know: `records` counts them.

    For each posting that it writes Whoosh asks for a length, and would search for a file of lengths that does not
    exist: that took almost half of the time of writing an index.
    """

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The length that means that none is known."""
        return default


class PackedWriter(W3PostingsWriter):
    """Packs a block into bytes."""

    def _mini_ids(self) -> bytes:
        return packed(array("I", delta_encode(self._ids)))

    def _mini_values(self) -> tuple[bytes, bytes] | None:
        """The length of each payload, and the payloads one after another."""
        if not self._values:
            return None
        return packed(array("I", map(len, self._values))), b"".join(self._values)


class PackedMatcher(W3LeafMatcher):
    """Yields postings one at a time, as Whoosh asks for them when it merges, or a block at a time."""

    def block(self) -> tuple[NDArray[np.int64], NDArray[np.int64], bytes]:
        """Documents, lengths of payloads and payloads of the current block."""
        self._read_data()
        with decoding("A block of postings"):
            steps, _, (lengths, payloads) = self._data
            documents = np.cumsum(np.frombuffer(steps, NUMBER), dtype=np.int64)
            return documents, np.frombuffer(lengths, NUMBER).astype(np.int64), payloads

    def next_block(self) -> None:
        """Move to the next block."""
        self._next_block()

    def _read_ids(self) -> None:
        if self._data is None:
            self._read_data()
        with decoding("A block of postings"):
            self._ids = tuple(np.cumsum(np.frombuffer(self._data[0], NUMBER), dtype=np.int64).tolist())

    def _read_values(self) -> None:
        if self._data is None:
            self._read_data()
        if self._data[2] is None:
            self._values = (b"",) * self._blocklength
            return
        with decoding("A block of postings"):
            lengths, payloads = self._data[2]
            edges = accumulate(np.frombuffer(lengths, NUMBER).tolist(), initial=0)
        self._values = tuple(payloads[start:end] for start, end in pairwise(edges))
