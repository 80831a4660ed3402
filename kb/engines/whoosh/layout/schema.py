"""How a search document is laid out in Whoosh.

All texts of a case are in one Whoosh field. Its terms are exact words after their base forms (`school=schools`), so
that the forms of a word are side by side in the term list, and each word of a case has one posting only. The payload
of a posting is where the word occurs: for each occurrence 32 bits, of which the upper four are the number of the field
of `kb.search.fields`. From that follow frequencies by field, phrases and nearness alike.

Texts come as words already (`kb.search.words.analysis`), not through Whoosh's analysers: every engine and every
snippet must see the same words.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from whoosh import fields, formats

from kb.engines.whoosh.layout.codec import packed
from kb.engines.whoosh.layout.records import RecordsColumn
from kb.search.fields import TEXT_FIELDS
from kb.search.words.analysis import base_form

SLUG = "slug"
RECORD = "record"
WORDS = "words"
CONTAINED = "contained"
"""The different words of a document: what has to be subtracted from the lexicon when it is removed."""

POSITION_BITS = 28
"""Enough for the positions of the longest file that is read, even if each of its words were a separate text."""

FIELD_NUMBERS = {field.name: number for number, field in enumerate(TEXT_FIELDS)}

TEXT_GAP = 100
"""Positions left empty between two texts of a field, so that neither phrases nor nearness extend across them."""

BETWEEN = "="
"""Separates base form and word; no word contains it."""

Posting = tuple[bytes, int, float, bytes]


@lru_cache(maxsize=200_000)
def term(word: str) -> bytes:
    """The term of an exact word.

    >>> term("schools")
    b'school=schools'
    """
    return f"{base_form(word)}{BETWEEN}{word}".encode()


def terms_of_base_form(word: str) -> bytes:
    """What the terms of all forms of a word begin with."""
    return f"{base_form(word)}{BETWEEN}".encode()


class Places(formats.Format):
    """Payloads of any length, which Whoosh passes on unchanged."""


class WordsField(fields.FieldType):
    """Words with the places where they occur."""

    def __init__(self) -> None:
        super().__init__(Places(), analyzer=None)

    def index(self, value: Mapping[str, Sequence[Sequence[str]]], **kwargs: Any) -> Iterator[Posting]:
        """The postings of a document: for each field its texts, each a list of exact words."""
        places: dict[str, array[int]] = {}
        for name, texts in value.items():
            first = FIELD_NUMBERS[name] << POSITION_BITS
            for text in texts:
                for position, word in enumerate(text, start=first):
                    if word in places:
                        places[word].append(position)
                    else:
                        places[word] = array("I", (position,))
                first += len(text) + TEXT_GAP
        for word, positions in places.items():
            # Whoosh weighs postings for its own scorers; equal weights take no space.
            yield term(word), len(positions), 1.0, packed(positions)


def make_schema() -> fields.Schema:
    """The Whoosh schema."""
    properties = {
        SLUG: fields.ID(unique=True),
        RECORD: fields.COLUMN(RecordsColumn()),
        CONTAINED: fields.STORED(),
        WORDS: WordsField(),
    }
    return fields.Schema(**properties)
