"""Mapped files are read as files are."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.engines.whoosh.layout.mapped import Window
from kb.search.query.tree import Word
from kb.search.request import SearchRequest
from tests.builders import case_markdown
from tests.engines.opening import Cases, opened, write_index

OPEN_FILES = Path("/proc/self/fd")

Step = Callable[[Any], object]
steps = st.lists(
    st.one_of(
        st.integers(-1, 12).map(lambda size: lambda file: file.read(size)),
        st.integers(0, 24).map(lambda place: lambda file: file.seek(place)),
        st.integers(0, 5).map(lambda step: lambda file: file.seek(step, io.SEEK_CUR)),
        st.integers(-5, 0).map(lambda step: lambda file: file.seek(max(-len(file.getvalue()), step), io.SEEK_END)),
        st.just(lambda file: file.readline()),
        st.just(lambda file: file.tell()),
    )
)


class Measured(Window):
    """A window with the same content as a `BytesIO`."""

    def __init__(self, data: bytes) -> None:
        super().__init__(memoryview(data))
        self._data = data

    def getvalue(self) -> bytes:
        return self._data


@given(st.text("ab\n", max_size=20).map(str.encode), steps)
def test_a_window_is_read_like_a_file(data: bytes, asked: list[Step]) -> None:
    window, file = Measured(data), io.BytesIO(data)

    assert [step(window) for step in asked] == [step(file) for step in asked]


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="only Linux says which files are open")
def test_files_are_released_immediately_when_an_index_is_closed(tmp_path: Path) -> None:
    folder = write_index(tmp_path / "index", Cases({"a": case_markdown(title="Door")}).documents())
    before = open_files()

    # A server goes over to new generations for months; the garbage collector may come late.
    gc.disable()
    try:
        with opened(folder) as engine:
            assert engine.search(SearchRequest(query=Word("door"))).total == 1
            assert open_files() > before
        assert open_files() == before
    finally:
        gc.enable()


def open_files() -> int:
    return len(list(OPEN_FILES.iterdir()))
