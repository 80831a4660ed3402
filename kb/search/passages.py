"""The text of a case, analysed once when it is indexed, so that finding what to show of it is looking up numbers.

A word is known by hashes of its two forms (`kb.search.analysis`). All arrays are as they lie in the bytes that are
stored; nothing is decoded but the short list of parts.
"""

from __future__ import annotations

import json
import re
import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kb.case import Case
from kb.search.analysis import spans, stem, words

Numbers = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

SNIPPET_LENGTH = 260
"""Characters: two to three lines on a phone's screen, enough for a sentence and its neighbour."""

REASONS_SECTION = ("arrangement", "Arrangement and challenges")
"""Where a page shows the reasons: its anchor and heading."""

QUESTIONS_SECTION = ("questions", "Questions it speaks to")
"""The same for the questions."""

_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*[”\"')\]]*\s*")

_SIZES = struct.Struct("<6I")


@lru_cache(maxsize=200_000)
def word_hash(word: str) -> int:
    """64 bits that stand for a word, the same in every process and version."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class AnalysedText:
    """A text with its words, numbered in order."""

    text: str
    starts: Numbers
    """Where each word starts, in characters."""
    lengths: Numbers
    numbers: Numbers
    """Which of the different words below each one is."""
    exact: Hashes
    """Of each different word the hash of its exact form."""
    stems: Hashes
    """Of each different word the hash of its stem."""

    @classmethod
    def of(cls, text: str) -> AnalysedText:
        """A text, analysed."""
        starts, lengths, numbers = array("I"), array("I"), array("I")
        different: dict[str, int] = {}
        for start, end, word in spans(text):
            starts.append(start)
            lengths.append(end - start)
            numbers.append(different.setdefault(word, len(different)))
        return cls(
            text,
            np.array(starts, dtype=np.uint32),
            np.array(lengths, dtype=np.uint32),
            np.array(numbers, dtype=np.uint32),
            np.array([word_hash(word) for word in different], dtype=np.uint64),
            np.array([word_hash(stem(word)) for word in different], dtype=np.uint64),
        )

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The different words in their exact forms."""
        firsts = np.unique(self.numbers, return_index=True)[1]
        return tuple(words(self.text[self.start(place) : self.end(place)])[0] for place in firsts.tolist())

    def is_any_of(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        """For each place whether one of these words stands there."""
        first, *others = numbers
        there: NDArray[np.bool_] = self.numbers == first
        for number in others:
            there |= self.numbers == number
        return there

    def start(self, place: int) -> int:
        """Where a word starts."""
        return int(self.starts[place])

    def end(self, place: int) -> int:
        """Where a word ends."""
        return int(self.starts[place] + self.lengths[place])

    def word_at(self, positions: ArrayLike) -> Numbers:
        """The first word that starts at or behind each position."""
        return np.searchsorted(self.starts, np.asarray(positions)).astype(np.uint32)


class Part(NamedTuple):
    """What a paragraph, a list item or a sentence is part of."""

    section: str
    """The anchor of the section it stands in; empty for title and summary."""
    heading: str
    reason: str = ""
    """The arrangement or challenge that it is a reason for; empty for other texts."""


TITLE = Part("", "title")
SUMMARY = Part("", "summary")


@dataclass(frozen=True)
class Passages:
    """The texts of a case as they may be shown in a list: what to mark in them, and which passage to show.

    A *block* is a title, a summary, a paragraph, a list item or a reason; a *passage* is a run of sentences of a block.
    """

    analysed: AnalysedText
    parts: Sequence[Part]
    """The different ones."""
    blocks: Numbers
    """For each block where it starts in the text, its first word, and its part. The first two are title and summary;
    the others are in the order of the page."""
    passages: Numbers
    """For each passage where it starts and ends in the text, its first word, the one behind its last, and its part."""

    @classmethod
    def of(cls, case: Case) -> Passages:
        """The passages of a case."""
        texts = list(_texts(case))
        parts = list(dict.fromkeys(part for part, _ in texts))
        offsets = np.cumsum([0, *(len(text) + 1 for _, text in texts)])[:-1]
        analysed = AnalysedText.of("\n".join(text for _, text in texts))
        part_numbers = [parts.index(part) for part, _ in texts]
        spans = [
            (int(offset) + start, int(offset) + end, number)
            for offset, number, (part, text) in zip(offsets, part_numbers, texts, strict=True)
            if part.section
            for start, end in passages_of(text)
        ]
        starts, ends, of_part = np.array(spans, dtype=np.uint32).reshape(-1, 3).T
        blocks = (offsets, analysed.word_at(offsets), part_numbers)
        passages = (starts, ends, analysed.word_at(starts), analysed.word_at(ends), of_part)
        return cls(analysed, parts, _table(blocks), _table(passages))

    def words_of_block(self, number: int) -> tuple[int, int]:
        """The first word of a block, and the one behind its last."""
        firsts = self.blocks[1]
        after = int(firsts[number + 1]) if number + 1 < len(firsts) else len(self.analysed.starts)
        return int(firsts[number]), after

    def to_bytes(self) -> bytes:
        """To be stored."""
        analysed = self.analysed
        text, listed = analysed.text.encode(), json.dumps(self.parts, ensure_ascii=False).encode()
        hashes = np.concatenate((analysed.exact, analysed.stems)).astype("<u8")
        tables = (analysed.starts, analysed.lengths, analysed.numbers, self.blocks, self.passages)
        numbers = np.concatenate([table.ravel() for table in tables]).astype("<u4")
        counts = (len(analysed.exact), len(analysed.starts), self.blocks.shape[1], self.passages.shape[1])
        sizes = _SIZES.pack(*counts, len(text), len(listed))
        return b"".join((sizes, hashes.tobytes(), numbers.tobytes(), text, listed))

    @classmethod
    def from_bytes(cls, data: bytes) -> Passages:
        """What was stored."""
        different, count, blocks, passages, text_size, listed_size = _SIZES.unpack_from(data)
        hashes = np.frombuffer(data, "<u8", 2 * different, _SIZES.size)
        size = 3 * count + 3 * blocks + 5 * passages
        numbers = np.frombuffer(data, "<u4", size, _SIZES.size + hashes.nbytes)
        rest = _SIZES.size + hashes.nbytes + numbers.nbytes
        words, tables = numbers[: 3 * count].reshape(3, -1), numbers[3 * count :]
        text = data[rest : rest + text_size].decode()
        listed = json.loads(data[rest + text_size : rest + text_size + listed_size])
        return cls(
            AnalysedText(text, words[0], words[1], words[2], hashes[:different], hashes[different:]),
            [Part._make(part) for part in listed],
            tables[: 3 * blocks].reshape(3, -1),
            tables[3 * blocks :].reshape(5, -1),
        )


def _table(columns: Sequence[ArrayLike]) -> Numbers:
    return np.array([np.asarray(column, dtype=np.uint32) for column in columns], dtype=np.uint32)


def passages_of(text: str) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences, each as long as fits; a longer sentence stands alone."""
    sentences = [(match.start(), match.end()) for match in _SENTENCE.finditer(text) if match.group().strip()]
    for number, (start, end) in enumerate(sentences):
        for _, next_end in sentences[number + 1 :]:
            if next_end - start > SNIPPET_LENGTH:
                break
            end = next_end
        yield start, start + len(text[start:end].rstrip())


def _texts(case: Case) -> Iterator[tuple[Part, str]]:
    """The blocks of a case."""
    yield TITLE, case.title
    yield SUMMARY, case.summary
    for section in case.sections:
        part = Part(section.id, section.heading)
        for text in map(str.strip, section.text.split("\n")):
            yield part, text
    for reason in (*case.arrangements, *case.challenges, *case.experienced_as):
        yield Part(*REASONS_SECTION, reason.id), reason.why
    for question in case.questions:
        yield Part(*QUESTIONS_SECTION), question
