"""How a search document is laid out in Whoosh.

Each text field holds two terms for every word at the same position: the exact word, for phrases and
prefixes, and its stem behind an equals sign, for words in any form. Texts come as words already
(`kb.search.analysis`), not through Whoosh's analysers: every engine and every snippet must see the same words.
"""

from __future__ import annotations

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


def stem_term(word: str) -> str:
    """The term for all forms of a word. No exact word begins with an equals sign."""
    return f"={stem(word)}"


class WordsField(fields.FieldType):  # type: ignore[misc]  # Whoosh's types are not read; see pyproject.toml
    """Words and their stems, with their positions."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), analyzer=None)

    def index(self, value: Sequence[Sequence[str]], **kwargs: Any) -> Iterator[Posting]:
        """Postings of the words in `value` (a list of texts, each a list of exact words)."""
        positions: dict[str, list[int]] = {}
        position = 0
        for text in value:
            for word in text:
                positions.setdefault(word, []).append(position)
                positions.setdefault(stem_term(word), []).append(position)
                position += 1
            position += TEXT_GAP
        for term, places in positions.items():
            yield term.encode(), len(places), float(len(places)), self.format.encode(places)


def make_schema() -> fields.Schema:
    """The Whoosh schema for `kb.search.fields.TEXT_FIELDS`."""
    schema = fields.Schema(**{SLUG: fields.ID(unique=True), RECORD: fields.STORED()})
    for field in TEXT_FIELDS:
        schema.add(field.name, WordsField())
    return schema
