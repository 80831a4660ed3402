"""Turns Whoosh's postings into arrays: where a word occurs in the whole index, as sorted 64-bit numbers.

An *occurrence* is the number of a document (upper 32 bits), of a field (four bits) and of a place in it (28 bits).
Sorted, they are in the order of reading; words side by side are numbers that differ by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import TermNotFound

from kb.engines.whoosh.errors import Damaged, decoding
from kb.engines.whoosh.layout.codec import NUMBER
from kb.engines.whoosh.layout.schema import POSITION_BITS, WORDS
from kb.search.fields import TEXT_FIELDS

Ints = NDArray[np.int32]
Occurrences = NDArray[np.int64]

NOWHERE: Occurrences = np.empty(0, dtype=np.int64)

DOCUMENT_BITS = 32
_END_OF_FIELDS = len(TEXT_FIELDS) << POSITION_BITS
_FIELD_MASK = (1 << (DOCUMENT_BITS - POSITION_BITS)) - 1


def documents_of(occurrences: Occurrences) -> Occurrences:
    """The document number of each occurrence."""
    return occurrences >> DOCUMENT_BITS


def fields_of(occurrences: Occurrences) -> Occurrences:
    """The field number of each occurrence."""
    return (occurrences >> POSITION_BITS) & _FIELD_MASK


class Postings:
    """Reads postings. Not to be shared between threads: Whoosh's files have one position each."""

    def __init__(self, segments: Sequence[tuple[Any, int]], live: NDArray[np.bool_]) -> None:
        self._segments = segments
        """Each segment, with the number of its first document."""
        self._live = live
        """Which documents are not deleted: all but the tombstones."""
        self._has_deleted = not live.all()

    def of_term(self, term: bytes) -> Occurrences:
        """Where the word of a term occurs."""
        found = concatenated([block for leaf, first in self._segments for block in _blocks(leaf, first, term)])
        return found[self._live[documents_of(found)]] if self._has_deleted else found

    def terms_beginning(self, beginning: bytes) -> list[bytes]:
        """The terms that begin so, each once; some of them may occur in deleted documents only."""
        return sorted({term for leaf, _ in self._segments for term in leaf.expand_prefix(WORDS, beginning)})


def _blocks(leaf: Any, first: int, term: bytes) -> Iterator[Occurrences]:
    """The occurrences of a term in one segment, a block at a time."""
    try:
        matcher = leaf.postings(WORDS, term)
    except TermNotFound:
        return
    if isinstance(matcher, FilterMatcher):
        # It hides deleted documents one by one; all of them are removed together later.
        matcher = matcher.child
    while matcher.is_active():
        documents, lengths, payloads = matcher.block()
        with decoding("A block of postings"):
            places = np.frombuffer(payloads, NUMBER)
            occurrences = (np.repeat(documents + first, lengths // places.itemsize) << DOCUMENT_BITS) | places
        if documents[-1] >= leaf.doc_count_all() or places.max(initial=0) >= _END_OF_FIELDS:
            raise Damaged("a block of postings names documents or fields that do not exist")
        yield occurrences
        matcher.next_block()


def concatenated(arrays: Sequence[Occurrences]) -> Occurrences:
    """Arrays one after another, as one."""
    if len(arrays) == 1:
        return arrays[0]
    return np.concatenate(arrays) if arrays else NOWHERE


def merged(arrays: Sequence[Occurrences]) -> Occurrences:
    """Sorted arrays as one sorted array."""
    if len(arrays) == 1:
        return arrays[0]
    everywhere = concatenated(arrays)
    # This kind of sorting merges runs that are sorted already.
    return np.sort(everywhere, kind="stable")
