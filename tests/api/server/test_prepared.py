"""A server process loads what pages need before it takes requests: nobody waits for it, or is refused meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.maps import coast, land
from api.server.rendering import environment
from kb import IndexFolder, Settings
from tests.conftest import CONTENT


@pytest.fixture
def nothing_loaded() -> Iterator[None]:
    """As in a new process."""
    for loaded in (environment, land.land, land.borders, coast.land_path, coast.border_path):
        loaded.cache_clear()
    yield
    # What a test did to the environment ends with it.
    environment.cache_clear()


@pytest.mark.parametrize("address", ["/", "/cases?q=trust", "/cases/oslo-salto", "/map", "/feed.atom", "/no-such-page"])
@pytest.mark.usefixtures("nothing_loaded")
def test_no_request_waits_for_templates_or_the_map(
    collection_index: IndexFolder, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings = Settings(content=CONTENT, index=collection_index.root, allowed_hosts="testserver")
    with TestClient(create_app(settings), base_url="http://testserver") as client:

        def refuse(*_: object) -> None:
            pytest.fail("loaded for a request")

        monkeypatch.setattr(environment().loader, "get_source", refuse)
        read = land.land.cache_info().misses, land.borders.cache_info().misses
        client.get(address)

    assert read == (1, 1)
    assert (land.land.cache_info().misses, land.borders.cache_info().misses) == read


@pytest.mark.usefixtures("nothing_loaded")
def test_the_map_of_the_world_is_drawn_before_the_home_page(collection_index: IndexFolder) -> None:
    settings = Settings(content=CONTENT, index=collection_index.root, allowed_hosts="testserver")
    with TestClient(create_app(settings), base_url="http://testserver") as client:
        drawn = coast.land_path.cache_info().misses, coast.border_path.cache_info().misses
        home = client.get("/")

    assert drawn == (1, 1)
    assert coast.border_path.cache_info().hits > 0
    assert "<path" in home.text
