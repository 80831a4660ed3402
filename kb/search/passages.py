"""The text of a case, analysed once when it is indexed, so that finding what to show of it is looking up numbers.

A word is known by hashes of its two forms (`kb.search.analysis`). All arrays are as they lie in the bytes that are
stored; nothing is decoded but the list of blocks.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kb.case import Case
from kb.search.analysis import stem, tokens, words

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
        found = list(tokens(text))
        different: dict[str, int] = {}
        numbers = [different.setdefault(token.exact, len(different)) for token in found]
        return cls(
            text,
            np.array([token.start for token in found], dtype=np.uint32),
            np.array([token.end - token.start for token in found], dtype=np.uint32),
            np.array(numbers, dtype=np.uint32),
            np.array([word_hash(word) for word in different], dtype=np.uint64),
            np.array([word_hash(stem(word)) for word in different], dtype=np.uint64),
        )

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The different words in their exact forms."""
        firsts = np.unique(self.numbers, return_index=True)[1]
        return tuple(words(self.text[self.start(place) : self.end(place)])[0] for place in map(int, firsts))

    def start(self, place: int) -> int:
        """Where a word starts."""
        return int(self.starts[place])

    def end(self, place: int) -> int:
        """Where a word ends."""
        return int(self.starts[place] + self.lengths[place])


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or list item of a section, the reason for an arrangement or a challenge, the title, the summary."""

    section: str
    """The anchor of the section it stands in; empty for title and summary."""
    heading: str
    reason: str
    """The arrangement or challenge that it is a reason for; empty for other texts."""
    start: int
    first_word: int


@dataclass(frozen=True)
class Passages:
    """The texts of a case as they may be shown in a list: what to mark in them, and which passage to show."""

    analysed: AnalysedText
    blocks: tuple[Block, ...]
    """The title, the summary, then what passages are taken from, in the order of the page."""
    block_words: Numbers
    """The first word of each block."""
    starts: Numbers
    """Where each passage starts, in characters."""
    ends: Numbers
    passage_blocks: Numbers
    """The block of each passage."""
    first_words: Numbers
    """The first word of each passage."""
    last_words: Numbers
    """The word behind its last one."""

    TITLE = 0
    SUMMARY = 1

    @classmethod
    def of(cls, case: Case) -> Passages:
        """The passages of a case."""
        texts = list(_texts(case))
        offsets = np.cumsum([0, *(len(text) + 1 for _, _, _, text in texts)])
        analysed = AnalysedText.of("\n".join(text for _, _, _, text in texts))
        first_words = np.searchsorted(analysed.starts, offsets)
        blocks = tuple(
            Block(section, heading, reason, int(offsets[number]), int(first_words[number]))
            for number, (section, heading, reason, _) in enumerate(texts)
        )
        spans = [
            (number, int(offsets[number]) + start, int(offsets[number]) + end)
            for number, (section, _, _, text) in enumerate(texts)
            if section
            for start, end in passages_of(text)
        ]
        return cls._with_spans(analysed, blocks, np.array(spans, dtype=np.uint32).reshape(-1, 3))

    @classmethod
    def _with_spans(cls, analysed: AnalysedText, blocks: tuple[Block, ...], spans: Numbers) -> Passages:
        return cls(
            analysed,
            blocks,
            np.array([block.first_word for block in blocks], dtype=np.uint32),
            spans[:, 1],
            spans[:, 2],
            spans[:, 0],
            np.searchsorted(analysed.starts, spans[:, 1]).astype(np.uint32),
            np.searchsorted(analysed.starts, spans[:, 2]).astype(np.uint32),
        )

    def words_of_block(self, number: int) -> tuple[int, int]:
        """The first word of a block, and the one behind its last."""
        after = int(self.block_words[number + 1]) if number + 1 < len(self.blocks) else len(self.analysed.starts)
        return int(self.block_words[number]), after

    def to_bytes(self) -> bytes:
        """To be stored."""
        analysed = self.analysed
        blocks = [[block.section, block.heading, block.reason, block.start, block.first_word] for block in self.blocks]
        listed = json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode()
        text = analysed.text.encode()
        spans = np.column_stack((self.passage_blocks, self.starts, self.ends)).astype("<u4")
        sizes = (len(analysed.exact), len(analysed.starts), len(spans), len(text), len(listed), 0)
        arrays = (
            analysed.exact.astype("<u8"),
            analysed.stems.astype("<u8"),
            analysed.starts.astype("<u4"),
            analysed.lengths.astype("<u4"),
            analysed.numbers.astype("<u4"),
            spans,
        )
        return b"".join((_SIZES.pack(*sizes), *(array.tobytes() for array in arrays), text, listed))

    @classmethod
    def from_bytes(cls, data: bytes) -> Passages:
        """What was stored."""
        different, count, passages, text_size, listed_size, _ = _SIZES.unpack_from(data)
        position = _SIZES.size

        def take(kind: str, length: int) -> NDArray[np.generic]:
            nonlocal position
            array = np.frombuffer(data, kind, length, position)
            position += array.nbytes
            return array

        exact, stems = take("<u8", different), take("<u8", different)
        starts, lengths, numbers = take("<u4", count), take("<u4", count), take("<u4", count)
        spans = take("<u4", passages * 3).reshape(-1, 3)
        text = data[position : position + text_size].decode()
        listed = json.loads(data[position + text_size : position + text_size + listed_size])
        analysed = AnalysedText(text, starts, lengths, numbers, exact, stems)  # type: ignore[arg-type]
        return cls._with_spans(analysed, tuple(Block(*block) for block in listed), spans)  # type: ignore[arg-type]


def passages_of(text: str) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences, each as long as fits; a longer sentence stands alone."""
    sentences = [(match.start(), match.end()) for match in _SENTENCE.finditer(text) if match.group().strip()]
    for number, (start, end) in enumerate(sentences):
        for _, next_end in sentences[number + 1 :]:
            if next_end - start > SNIPPET_LENGTH:
                break
            end = next_end
        yield start, start + len(text[start:end].rstrip())


def _texts(case: Case) -> Iterator[tuple[str, str, str, str]]:
    """Section, heading, reason and text of each block."""
    yield "", "", "", case.title
    yield "", "", "", case.summary
    for section in case.sections:
        for text in map(str.strip, section.text.split("\n")):
            yield section.id, section.heading, "", text
    for reason in (*case.arrangements, *case.challenges, *case.experienced_as):
        yield *REASONS_SECTION, reason.id, reason.why
    for question in case.questions:
        yield *QUESTIONS_SECTION, "", question
