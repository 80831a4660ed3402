"""The opened index: threads may share it, whatever it keeps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kb.engines.whoosh import snapshot as snapshot_module
from kb.engines.whoosh.cache import OVERHEAD_BYTES
from kb.engines.whoosh.engine import WhooshEngine
from kb.search.query.tree import Word
from kb.search.request import SearchRequest, Sort
from kb.search.searching import make_request
from tests.builders import case_markdown
from tests.engines.opening import Cases, write_index

COLLECTION = {
    f"case-{number}": case_markdown(
        title=f"A door for {who}", city=city, body={"Context": f"{who.title()} met {number} times in a safe house."}
    )
    for number, (who, city) in enumerate(
        zip(["pupils", "mentors", "police", "imams"] * 5, ["aarhus", "vienna", "liege"] * 7, strict=False)
    )
}

REQUESTS = [
    make_request(text, filters, sort=sort)
    for text in ["mentors", "polic*", '"safe house"', "pupils OR imams", "-police", "city:vienna door", "1* 2*", ""]
    for filters in [{}, {"city": ("vienna", "liege")}]
    for sort in Sort
]


@pytest.mark.parametrize("room", [snapshot_module.CACHE_BYTES, 2 * OVERHEAD_BYTES, 0])
def test_many_threads_get_the_same_answers_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    cases = Cases(COLLECTION)
    folder = write_index(tmp_path / "index", cases.documents())
    alone = answers(WhooshEngine(folder), lambda search: list(map(search, REQUESTS)))
    monkeypatch.setattr(snapshot_module, "CACHE_BYTES", room)

    with ThreadPoolExecutor(8) as pool:
        together = answers(WhooshEngine(folder), lambda search: list(pool.map(search, REQUESTS * 3)))

    assert together == alone * 3


def answers(engine: WhooshEngine, ask: Callable[[Callable[[SearchRequest], object]], list[object]]) -> list[object]:
    try:
        return ask(engine.search)
    finally:
        engine.close()


def test_searching_again_gives_the_same_answer(tmp_path: Path) -> None:
    cases = Cases(COLLECTION)
    engine = WhooshEngine(write_index(tmp_path / "index", cases.documents()))
    request = SearchRequest(query=Word("mentors"))

    first, second = engine.search(request), engine.search(request)
    engine.close()
    assert first == second
