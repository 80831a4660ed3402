"""The engines that the contract is run on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from kb.search.engine import SearchEngine
from tests.engines.opening import Cases, opened, write_index
from tests.scan_engine import ScanEngine

EngineOver = Callable[[Mapping[str, str]], SearchEngine]


@pytest.fixture(params=["whoosh", "scan"])
def engine_over(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EngineOver]:
    """Makes an engine over case texts (slug to text)."""
    with ExitStack() as stack:

        def make(texts: Mapping[str, str]) -> SearchEngine:
            cases = Cases(texts)
            if request.param == "scan":
                return ScanEngine(cases.documents(), cases)
            return stack.enter_context(opened(write_index(tmp_path / "index", cases.documents()), cases))

        yield make
