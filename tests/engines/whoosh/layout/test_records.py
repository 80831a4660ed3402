"""What documents are counted and sorted by: written, read again, concatenated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.engines.whoosh.layout.records import Record, Records
from kb.search.fields import FACETS, TEXT_FIELDS

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(0, 2**31 - 1)
values = st.lists(texts, max_size=3).map(tuple)
records = st.builds(
    Record,
    slug=texts,
    title=texts,
    city=texts,
    modified=texts,
    started=numbers,
    ended=numbers,
    lengths=st.lists(numbers, min_size=len(TEXT_FIELDS), max_size=len(TEXT_FIELDS)),
    facets=st.lists(values, min_size=len(FACETS), max_size=len(FACETS)),
)
parts_of_an_index = st.lists(st.lists(records, max_size=4), min_size=1, max_size=4)


def taken_apart(table: Records) -> list[Record]:
    return [table[number] for number in range(len(table.slugs))]


@given(st.lists(records, min_size=1, max_size=6))
def test_what_is_written_is_read_back(written: list[Record]) -> None:
    assert taken_apart(Records.from_bytes(Records.of(written).to_bytes())) == written


@pytest.mark.slow
@given(parts_of_an_index)
def test_concatenated_tables_contain_the_documents_of_all_in_order(parts: list[list[Record]]) -> None:
    concatenated = Records.concatenated([Records.of(part) for part in parts])

    assert taken_apart(concatenated) == [record for part in parts for record in part]
    assert [len(set(facet.different)) for facet in concatenated.facets] == [
        len(facet.different) for facet in concatenated.facets
    ]
