"""The text of a case, analysed once when it is indexed, so that finding what to show of it only compares numbers.

A word is identified by hashes of its two forms (`kb.search.words.analysis`). All arrays are views of the stored bytes;
nothing is decoded but the short list of parts.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kb.model.case import Case
from kb.model.sentences import sentence_spans
from kb.search.fields import (
    HANDLING_SECTIONS,
    arrangement_reasons,
    challenge_reasons,
    experienced_reasons,
    handled_reasons,
)
from kb.search.words.analysis import base_form, spans, words

Numbers = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

SNIPPET_LENGTH = 260
"""Characters: two to three lines on a phone's screen, enough for a sentence and its neighbour."""

_REASONS = (
    (("arrangement", "Arrangement"), arrangement_reasons),
    (("challenges", "How a challenge showed"), challenge_reasons),
    (("challenges", "How a challenge was handled"), handled_reasons),
    (("arrangement", "Arrangement as experienced"), experienced_reasons),
)
"""Where a page shows the reasons, by anchor and heading."""

RESOURCES_SECTION = ("resources", "What it takes")
"""The same for what it takes."""

QUESTIONS_SECTION = ("questions", "Questions this case helps to answer")
"""The same for the questions."""

_SIZES = struct.Struct("<6I")

_CHECKSUM = struct.Struct("<I")


@lru_cache(maxsize=200_000)
def word_hash(word: str) -> int:
    """64 bits that identify a word, the same in every process and version."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class AnalysedText:
    """A text with its words, numbered in order."""

    text: bytes
    """In UTF-8: what is shown of it is decoded then."""
    words: Numbers
    """For each word where it starts, in characters, how long it is, and which of the different ones it is."""
    hashes: Hashes
    """For each different word the hash of its exact form, and that of its base form."""

    @classmethod
    def of(cls, text: str) -> AnalysedText:
        """A text, analysed."""
        starts, lengths, numbers = array("I"), array("I"), array("I")
        different: dict[str, int] = {}
        for start, end, word in spans(text):
            starts.append(start)
            lengths.append(end - start)
            numbers.append(different.setdefault(word, len(different)))
        hashes = (list(map(word_hash, different)), [word_hash(base_form(word)) for word in different])
        return cls(text.encode(), _table((starts, lengths, numbers)), np.array(hashes, dtype=np.uint64))

    @cached_property
    def distinct_words(self) -> tuple[str, ...]:
        """The different words in their exact forms."""
        starts, lengths, numbers = self.words
        firsts = np.unique(numbers, return_index=True)[1]
        edges = zip(starts[firsts].tolist(), lengths[firsts].tolist(), strict=True)
        text = self.text.decode()
        return tuple(words(text[start : start + length])[0] for start, length in edges)

    def word_at(self, positions: ArrayLike) -> Numbers:
        """The first word that starts at or after each position."""
        return np.searchsorted(self.words[0], np.asarray(positions)).astype(np.uint32)


class Part(NamedTuple):
    """What a paragraph, a list item or a sentence is part of."""

    section: str
    """The anchor of its section; empty for title and summary."""
    heading: str
    reason: str = ""
    """The keys of what it is a reason for (`kb.search.fields.StatedReason`), spaced; empty for other texts."""

    @property
    def reason_keys(self) -> list[str]:
        """The same one by one."""
        return self.reason.split()

    @property
    def kind(self) -> Kind:
        """Which kind of part it is."""
        if self.reason:
            return Kind.REASON
        if self[:2] == QUESTIONS_SECTION:
            return Kind.QUESTION
        return Kind.HANDLING if self.heading in HANDLING_SECTIONS else Kind.OTHER


class Kind(IntEnum):
    """Kinds of parts: they count differently when a passage is chosen."""

    OTHER = 0
    HANDLING = 1
    REASON = 2
    QUESTION = 3


TITLE = Part("", "title")
SUMMARY = Part("", "summary")


@dataclass(frozen=True)
class Passages:
    """The texts of a case as they may be shown in a list: what to mark in them, and which passage to show.

    A *block* is a title, a summary, a paragraph, a list item or a reason; a *passage* is a run of sentences of a block.
    """

    analysed: AnalysedText
    listed: bytes
    """The different parts, one a line: a case in a list shows a passage of one of them."""
    blocks: Numbers
    """For each block where it starts in the text, and its first word. The first two are title and summary; the others
    are in the order of the page."""
    passages: Numbers
    """For each passage where it starts in the text; there in bytes, and where it ends in bytes; its first word, the one
    after its last, its part, and the kind of that."""

    @classmethod
    def of(cls, case: Case) -> Passages:
        """The passages of a case."""
        texts = list(_texts(case))
        parts = list(dict.fromkeys(part for part, _ in texts))
        offsets = np.cumsum([0, *(len(text) + 1 for _, text in texts)])[:-1]
        whole = "\n".join(text for _, text in texts)
        analysed = AnalysedText.of(whole)
        spans = [
            (int(offset) + start, int(offset) + end, parts.index(part), part.kind)
            for offset, (part, text) in zip(offsets, texts, strict=True)
            if part.section
            for start, end in passages_of(text)
        ]
        starts, ends, of_part, kinds = np.array(spans, dtype=np.uint32).reshape(-1, 4).T
        in_bytes = _bytes_before(whole)
        word_edges = (analysed.word_at(starts), analysed.word_at(ends))
        passages = (starts, in_bytes[starts], in_bytes[ends], *word_edges, of_part, kinds)
        listed = "\n".join(map("\t".join, parts)).encode()
        return cls(analysed, listed, _table((offsets, analysed.word_at(offsets))), _table(passages))

    def part(self, number: int) -> Part:
        """One of the different parts."""
        return Part._make(self.listed.split(b"\n")[number].decode().split("\t"))

    def to_bytes(self) -> bytes:
        """To be stored."""
        analysed = self.analysed
        text, hashes = analysed.text, analysed.hashes.astype("<u8")
        tables = [table.astype("<u4") for table in (analysed.words, self.blocks, self.passages)]
        counts = (table.shape[1] for table in (hashes, *tables))
        sizes = _SIZES.pack(*counts, len(text), len(self.listed))
        data = b"".join((sizes, hashes.tobytes(), *(table.tobytes() for table in tables), text, self.listed))
        return data + _CHECKSUM.pack(zlib.crc32(data))

    @classmethod
    def from_bytes(cls, data: bytes) -> Passages:
        """What was stored. Raises ValueError or struct.error where it is damaged.

        The numbers are places in one another, and go unchecked from here on; so the bytes have a checksum.
        """
        data, (checksum,) = data[: -_CHECKSUM.size], _CHECKSUM.unpack(data[-_CHECKSUM.size :])
        if zlib.crc32(data) != checksum:
            raise ValueError("the checksum of the passages is not that of their bytes")
        different, count, blocks, passages, text_size, listed_size = _SIZES.unpack_from(data)
        hashes = np.frombuffer(data, "<u8", 2 * different, _SIZES.size).reshape(2, different)
        size = 3 * count + 2 * blocks + 7 * passages
        numbers = np.frombuffer(data, "<u4", size, _SIZES.size + hashes.nbytes)
        behind_text = len(data) - listed_size
        return cls(
            AnalysedText(data[behind_text - text_size : behind_text], numbers[: 3 * count].reshape(3, count), hashes),
            data[behind_text:],
            numbers[3 * count : 3 * count + 2 * blocks].reshape(2, blocks),
            numbers[3 * count + 2 * blocks :].reshape(7, passages),
        )


def _bytes_before(text: str) -> NDArray[np.intp]:
    """For each place in a text, and for its end, how many bytes of UTF-8 come before it."""
    points = np.frombuffer(text.encode("utf-32-le"), "<u4")
    sizes = 1 + (points >= 0x80) + (points >= 0x800) + (points >= 0x10000)
    return np.concatenate(([0], sizes.cumsum()))


def _table(columns: Sequence[ArrayLike]) -> Numbers:
    return np.array([np.asarray(column, dtype=np.uint32) for column in columns], dtype=np.uint32)


def passages_of(text: str) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences, each as long as fits; a longer sentence is alone."""
    sentences = list(sentence_spans(text))
    for number, (start, end) in enumerate(sentences):
        for _, next_end in sentences[number + 1 :]:
            if next_end - start > SNIPPET_LENGTH:
                break
            end = next_end
        yield start, end


def _texts(case: Case) -> Iterator[tuple[Part, str]]:
    """The blocks of a case."""
    yield TITLE, case.title
    yield SUMMARY, case.summary
    for section in case.sections:
        part = Part(section.id, section.heading)
        for text in section.texts:
            yield part, text
    if case.resources:
        yield Part(*RESOURCES_SECTION), case.resources
    for place, stated in _REASONS:
        for reason in stated(case):
            yield Part(*place, " ".join(reason.keys)), reason.text
    for question in case.questions:
        yield Part(*QUESTIONS_SECTION), question
