"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import ContentFolder, Generation, IndexFolder, Settings, build

CONTENT = Path(__file__).parent.parent / "content"


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests do not reach them."""
    for name in list(os.environ):
        if name.startswith("KB_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def collection_index(tmp_path_factory: pytest.TempPathFactory) -> IndexFolder:
    """The index of the real collection, built once."""
    index = IndexFolder(tmp_path_factory.mktemp("collection") / "index")
    build(ContentFolder(CONTENT), index)
    return index


@pytest.fixture(scope="session")
def collection(collection_index: IndexFolder) -> Iterator[Generation]:
    """The real collection, opened."""
    generation = collection_index.open_current()
    yield generation
    generation.close()


@pytest.fixture(scope="session")
def client(collection_index: IndexFolder) -> Iterator[TestClient]:
    """A client of the application over the real collection."""
    settings = Settings(content=CONTENT, index=collection_index.root, base_url="https://cases.example.org")
    with TestClient(create_app(settings), base_url="http://testserver") as opened:
        yield opened
