"""The engines that the contract is run on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engines.opening import Answering, Cases, opened, write_index
from tests.scan_engine import ScanEngine

EngineOver = Callable[[Mapping[str, str]], Answering]


@pytest.fixture(params=["whoosh", "scan"])
def engine_over(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EngineOver]:
    """Makes an engine over case texts (slug to text)."""
    with ExitStack() as stack:

        def make(texts: Mapping[str, str]) -> Answering:
            cases = Cases(texts)
            if request.param == "scan":
                return Answering(ScanEngine(cases.documents(), cases), cases)
            folder = write_index(tmp_path / "index", cases.documents())
            return Answering(stack.enter_context(opened(folder)), cases)

        yield make
