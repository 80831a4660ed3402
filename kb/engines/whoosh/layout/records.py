"""What documents are counted and sorted by: one table for each segment.

Whoosh stores such values document by document; decoding thousands of them took most of the time of opening an index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import Column, ColumnReader, ColumnWriter

from kb.engines.whoosh.errors import Damaged, decoding
from kb.search.fields import FACETS, TEXT_FIELDS

Numbers = NDArray[np.int32]
Values = tuple[str, ...]

OPEN_END = 9999
"""The end year of a practice that is ongoing."""

_NUMBER = "<i4"


@dataclass(frozen=True)
class Record:
    """One document."""

    slug: str
    title: str
    """What titles are sorted by."""
    city: str
    """The same for cities."""
    modified: str
    """The same for the last change."""
    started: int
    ended: int
    lengths: Sequence[int]
    """For each text field how many words it has."""
    facets: Sequence[Values]
    """For each facet its values."""


@dataclass(frozen=True)
class Sets:
    """The values of a facet. Documents share a few sets of values: each document has the number of its set."""

    different: Sequence[Values]
    numbers: Numbers
    """For each document."""

    @classmethod
    def of(cls, documents: Iterable[Values]) -> Sets:
        """The values of documents."""
        known: dict[Values, int] = {}
        numbers = [known.setdefault(values, len(known)) for values in documents]
        return cls(tuple(known), np.array(numbers, dtype=np.int32))

    @classmethod
    def concatenated(cls, segments: Sequence[Sets]) -> Sets:
        """The documents of all segments, one after another."""
        different = tuple(dict.fromkeys(values for segment in segments for values in segment.different))
        places = {values: place for place, values in enumerate(different)}
        known = (np.array([places[values] for values in segment.different], dtype=np.int32) for segment in segments)
        return cls(
            different, np.concatenate([new[segment.numbers] for new, segment in zip(known, segments, strict=True)])
        )

    @property
    def is_sound(self) -> bool:
        """Whether values are texts, and each document has one of the sets."""
        return all(isinstance(value, str) for values in self.different for value in values) and (
            not self.numbers.size or 0 <= self.numbers.min() <= self.numbers.max() < len(self.different)
        )

    def used_by(self, documents: NDArray[np.bool_]) -> dict[int, Values]:
        """The sets that some of these documents have, by number."""
        return {number: self.different[number] for number in np.unique(self.numbers[documents]).tolist()}


@dataclass(frozen=True)
class Records:
    """Many documents, column by column."""

    slugs: Sequence[str]
    titles: Sequence[str]
    cities: Sequence[str]
    modified: Sequence[str]
    started: Numbers
    ended: Numbers
    lengths: Numbers
    """A row for each text field."""
    facets: Sequence[Sets]

    @classmethod
    def of(cls, records: Sequence[Record]) -> Records:
        """The table of documents."""
        return cls(
            [record.slug for record in records],
            [record.title for record in records],
            [record.city for record in records],
            [record.modified for record in records],
            np.array([record.started for record in records], dtype=np.int32),
            np.array([record.ended for record in records], dtype=np.int32),
            np.array([record.lengths for record in records], dtype=np.int32).reshape(-1, len(TEXT_FIELDS)).T,
            [Sets.of(record.facets[place] for record in records) for place in range(len(FACETS))],
        )

    @classmethod
    def concatenated(cls, segments: Sequence[Records]) -> Records:
        """The documents of all segments, one after another."""
        return cls(
            list(chain.from_iterable(segment.slugs for segment in segments)),
            list(chain.from_iterable(segment.titles for segment in segments)),
            list(chain.from_iterable(segment.cities for segment in segments)),
            list(chain.from_iterable(segment.modified for segment in segments)),
            np.concatenate([segment.started for segment in segments]),
            np.concatenate([segment.ended for segment in segments]),
            np.concatenate([segment.lengths for segment in segments], axis=1),
            [Sets.concatenated(sets) for sets in zip(*(segment.facets for segment in segments), strict=True)],
        )

    def __getitem__(self, number: int) -> Record:
        """One of the documents."""
        return Record(
            self.slugs[number],
            self.titles[number],
            self.cities[number],
            self.modified[number],
            int(self.started[number]),
            int(self.ended[number]),
            self.lengths[:, number].tolist(),
            [sets.different[sets.numbers[number]] for sets in self.facets],
        )

    def to_bytes(self) -> bytes:
        """To be stored: texts as JSON, numbers after them, a row for each property."""
        sets = [facet.different for facet in self.facets]
        texts = json.dumps([self.slugs, self.titles, self.cities, self.modified, sets], ensure_ascii=False).encode()
        numbers = np.vstack((self.started, self.ended, self.lengths, *(facet.numbers for facet in self.facets)))
        return len(texts).to_bytes(8, "little") + texts + numbers.astype(_NUMBER).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Records:
        """What was stored. Raises `Damaged` if it is not a table of records."""
        with decoding("The table of records"):
            size = int.from_bytes(data[:8], "little")
            slugs, titles, cities, modified, sets = json.loads(data[8 : 8 + size])
            numbers = np.frombuffer(data, _NUMBER, offset=8 + size).reshape(-1, len(slugs)).astype(np.int32)
            started, ended, *rows = numbers
            lengths, facets = numbers[2 : 2 + len(TEXT_FIELDS)], rows[len(TEXT_FIELDS) :]
            different = [[tuple(values) for values in facet] for facet in sets]
            records = cls(slugs, titles, cities, modified, started, ended, lengths, list(map(Sets, different, facets)))
        if not records.is_sound:
            raise Damaged("the table of records does not contain what each document has")
        return records

    @property
    def is_sound(self) -> bool:
        """Whether each document has a text where one is expected, and one of the sets of values."""
        texts = (self.slugs, self.titles, self.cities, self.modified)
        return (
            all(len(column) == len(self.slugs) and all(isinstance(text, str) for text in column) for column in texts)
            and len(self.lengths) == len(TEXT_FIELDS)
            and len(self.facets) == len(FACETS)
            and all(sets.is_sound for sets in self.facets)
        )


class RecordsColumn(Column):
    """Where Whoosh stores the table of a segment; when it merges segments, it asks for one record after another."""

    class Writer(ColumnWriter):
        """Gathers the records, of which every document has one."""

        def __init__(self, dbfile: Any) -> None:
            super().__init__(dbfile)
            self._records: list[Record] = []

        def add(self, docnum: int, value: Record) -> None:
            """Take the record of the next document."""
            self._records.append(value)

        def finish(self, docnum: int) -> None:
            """Write the table."""
            self._dbfile.write(Records.of(self._records).to_bytes())

    class Reader(ColumnReader):
        """Reads the whole table."""

        def __init__(self, dbfile: Any, basepos: int, length: int, doccount: int) -> None:
            super().__init__(dbfile, basepos, length, doccount)
            self.records = Records.from_bytes(dbfile.get(basepos, length))

        def __getitem__(self, docnum: int) -> Record:
            return self.records[docnum]
