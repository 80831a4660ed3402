"""The engines that the contract is run on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.engines.opening import Answering, Cases, opened, write_index
from tests.scan_engine import ScanEngine


class EngineOver(Protocol):
    """Makes an engine over case texts, and the times of their last changes, both by slug."""

    def __call__(self, texts: Mapping[str, str], changes: Mapping[str, str] | None = None) -> Answering: ...


@pytest.fixture(params=["whoosh", "scan"])
def engine_over(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EngineOver]:
    """Each engine in turn."""
    with ExitStack() as stack:

        def make(texts: Mapping[str, str], changes: Mapping[str, str] | None = None) -> Answering:
            cases = Cases(texts, changes)
            if request.param == "scan":
                return Answering(ScanEngine(cases.documents(), cases), cases)
            folder = write_index(tmp_path / "index", cases.documents())
            return Answering(stack.enter_context(opened(folder)), cases)

        yield make
