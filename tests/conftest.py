"""Fixtures that several parts of the tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis_settings

from api.app import create_app
from kb import ContentFolder, Generation, IndexFolder, Settings, build
from tests.metrics import TOKEN

CONTENT = Path(__file__).parent.parent / "content"

# How many examples properties are tried on: few while one works, many in CI (`--hypothesis-profile=thorough`).
# No deadline: an example that takes long says more of the machine than of the code.
hypothesis_settings.register_profile("quick", max_examples=20, deadline=None)
hypothesis_settings.register_profile("thorough", max_examples=500, deadline=None, print_blob=True)
hypothesis_settings.load_profile("quick")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """A file or a test that is named runs in this process, which starts sooner; many run in one for each processor."""
    few = config.args_source is pytest.Config.ArgsSource.ARGS and not any(Path(name).is_dir() for name in config.args)
    return 0 if few else None


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the person who runs the tests do not affect them."""
    for name in list(os.environ):
        if name.startswith("KB_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def collection_index(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> IndexFolder:
    """The index of the real collection, built once for all processes that run tests."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    index = IndexFolder(shared / "collection")
    build(ContentFolder(CONTENT), index)  # one process builds, and the others wait and find nothing to do
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
    settings = Settings(
        content=CONTENT,
        index=collection_index.root,
        base_url="https://cases.example.org",
        allowed_hosts="testserver",
        metrics_token=TOKEN,
    )
    with TestClient(create_app(settings), base_url="http://testserver") as opened:
        yield opened
