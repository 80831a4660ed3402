"""How a search document is laid out in Whoosh.

Each text field is there twice: stemmed, with frequencies, for words; and exact, with positions, for
phrases and prefixes. Texts come as words already (`kb.search.analysis`), not through Whoosh's analysers:
every engine and every snippet must see the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import fields, formats

from kb.search.analysis import stem
from kb.search.fields import TEXT_FIELDS

SLUG = "slug"
RECORD = "record"

TEXT_GAP = 100
"""Positions left empty between two texts of a field, so that no phrase runs across."""

Posting = tuple[bytes, int, float, bytes]


def exact(field: str) -> str:
    """The name of the exact twin of a field."""
    return f"{field}_exact"


class StemmedField(fields.FieldType):  # type: ignore[misc]
    """Words by their stems, with how often each occurs."""

    def __init__(self) -> None:
        super().__init__(formats.Frequency(), analyzer=None)

    def index(self, value: Sequence[Sequence[str]], **kwargs: Any) -> Iterator[Posting]:
        """Postings of the words in `value` (a list of texts, each a list of exact words)."""
        counts = Counter(stem(word) for text in value for word in text)
        for term, count in counts.items():
            yield term.encode(), count, float(count), formats.pack_uint(count)


class ExactField(fields.FieldType):  # type: ignore[misc]
    """Words as they are (folded), with their positions."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), analyzer=None)

    def index(self, value: Sequence[Sequence[str]], **kwargs: Any) -> Iterator[Posting]:
        """Postings of the words in `value` (a list of texts, each a list of exact words)."""
        positions: dict[str, list[int]] = {}
        position = 0
        for text in value:
            for word in text:
                positions.setdefault(word, []).append(position)
                position += 1
            position += TEXT_GAP
        for term, places in positions.items():
            yield term.encode(), len(places), float(len(places)), self.format.encode(places)


def make_schema() -> fields.Schema:
    """The Whoosh schema for `kb.search.fields.TEXT_FIELDS`."""
    schema = fields.Schema(**{SLUG: fields.ID(unique=True), RECORD: fields.STORED()})
    for field in TEXT_FIELDS:
        schema.add(field.name, StemmedField())
        schema.add(exact(field.name), ExactField())
    return schema
