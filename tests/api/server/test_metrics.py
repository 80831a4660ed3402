"""What the server counts, read with a parser of Prometheus's format; and that it counts no visitor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import ROUTERS, create_app
from api.routes.health import OUTDATED
from kb import BuildingState, Generation, Settings, Sight
from tests.builders import case_markdown
from tests.library import Library
from tests.metrics import AUTHORISED, TOKEN

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(client: TestClient) -> Samples:
    """Every figure by its name and labels."""
    response = client.get("/metrics", headers=AUTHORISED)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(response.text)
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for f in families for sample in f.samples}


def requests(client: TestClient) -> dict[tuple[str, ...], float]:
    """How many, by method, route and status."""
    return {
        tuple(value for _, value in labels): value
        for (name, labels), value in samples(client).items()
        if name == "kb_http_requests_total"
    }


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path, {"apple": case_markdown(), "berry": case_markdown()})
    made.build()
    return made


@pytest.fixture
def counted(library: Library) -> Iterator[TestClient]:
    """A client of a server that has counted nothing yet."""
    settings = Settings(content=library.content.root, index=library.index.root, workers=3, metrics_token=TOKEN)
    with TestClient(create_app(settings), raise_server_exceptions=False) as opened:
        yield opened


def test_requests_are_counted_by_the_pattern_of_their_address(counted: TestClient) -> None:
    for address in (
        "/cases?q=secret",
        "/cases?q=other",
        "/cases?page=0",
        "/cases/apple",
        "/cases/berry.md",
        "/cases/berry.csl.json",
        "/cases/nowhere",
        "/static/style.css",
        "/api/openapi.json",
        "/wp-login.php",
    ):
        counted.get(address)
    counted.head("/cases/apple")
    counted.request("BREW", "/cases")

    assert requests(counted) == {
        ("GET", "/cases", "200"): 2,
        ("GET", "/cases", "422"): 1,
        ("GET", "/cases/{slug}", "200"): 1,
        ("GET", "/cases/{slug}", "404"): 1,
        ("GET", "/cases/{slug}.md", "200"): 1,
        ("GET", "/cases/{slug}.csl.json", "200"): 1,
        ("GET", "/static", "200"): 1,
        ("GET", "/api/openapi.json", "200"): 1,
        ("GET", "unknown", "404"): 1,
        ("HEAD", "/cases/{slug}", "200"): 1,
        ("other", "/cases", "405"): 1,
    }


def test_cached_responses_and_those_not_sent_again_are_counted_too(counted: TestClient) -> None:
    tag = counted.get("/cases/apple").headers["etag"]
    counted.get("/cases/apple")
    counted.get("/cases/apple", headers={"If-None-Match": tag})

    assert requests(counted) == {("GET", "/cases/{slug}", "200"): 2, ("GET", "/cases/{slug}", "304"): 1}


def test_what_fails_is_counted(counted: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(Generation, "search", fail)

    assert counted.get("/cases").status_code == 500
    assert requests(counted) == {("GET", "/cases", "500"): 1}


def test_durations_are_reported_by_route(counted: TestClient) -> None:
    counted.get("/cases/apple")
    found = samples(counted)
    route = ("route", "/cases/{slug}")

    assert found["kb_http_request_duration_seconds_count", (route,)] == 1
    assert found["kb_http_request_duration_seconds_bucket", (("le", "+Inf"), route)] == 1
    assert 0 < found["kb_http_request_duration_seconds_sum", (route,)] < 60


def test_the_current_generation_is_reported(counted: TestClient, library: Library) -> None:
    before = samples(counted)
    library.write("cherry")
    library.build()
    counted.app.state.live.refresh()  # type: ignore[attr-defined]
    after = samples(counted)
    manifest = library.open().manifest

    assert (before["kb_cases", ()], after["kb_cases", ()]) == (2, 3)
    assert after["kb_generation_info", (("created", manifest.created), ("id", manifest.id))] == 1
    assert after["kb_generation_created_timestamp_seconds", ()] == pytest.approx(manifest.created_ns / 1e9)
    assert after["kb_workers", ()] == 3


def test_what_keeps_newer_content_from_being_shown_is_reported(library: Library) -> None:
    settings = Settings(content=library.content.root, index=library.index.root, metrics_token=TOKEN)
    building = BuildingState()
    with TestClient(create_app(settings, building)) as client:
        assert ("kb_builds_failed", ()) not in samples(client)
        assert client.get("/readyz").json()["problems"] == []

        building.write(Sight.SEEN, failures=2)
        found = samples(client)
        assert (found["kb_content_seen", ()], found["kb_builds_failed", ()]) == (1, 2)
        assert 0 <= found["kb_watcher_silent_seconds", ()] < 60
        assert client.get("/readyz").json()["problems"] == list(building.read().problems) != []

        building.write(Sight.UNSEEN, failures=0)
        assert samples(client)["kb_content_seen", ()] == 0

        building.write(Sight.SEEN, failures=0)
        library.write("cherry")
        library.build()
        (library.current() / "library.sqlite").write_bytes(b"damaged")
        client.app.state.live.refresh()  # type: ignore[attr-defined]
        assert samples(client)["kb_generation_outdated", ()] == 1
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["cases"]) == (200, 2)
        assert ready.json()["problems"] == [OUTDATED]
        assert str(library.root) not in ready.text


def test_metrics_contain_nothing_about_visitors(counted: TestClient) -> None:
    secrets = ("returneesfrom", "Mozilla/5.0", "203.0.113.7", "somebodys-page")
    counted.get(f"/cases?q={secrets[0]}", headers={"User-Agent": secrets[1], "X-Forwarded-For": secrets[2]})
    counted.get(f"/cases/{secrets[3]}")
    counted.get(f"/{secrets[0]}/{secrets[3]}")
    counted.request(secrets[0].upper(), "/cases")
    text = counted.get("/metrics", headers=AUTHORISED).text

    assert not [secret for secret in secrets if secret.lower() in text.lower()]


def test_nothing_of_requests_is_reported_to_a_collector(counted: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """FastAPI would, with the addresses, if a library for that is installed and set up."""
    pytest.importorskip("opentelemetry")
    asked: list[str] = []

    class Provider:
        def get_tracer(self, *_: object, **__: object) -> None:
            asked.append("traces")
            raise AssertionError("a collector was asked for")

        get_meter = get_logger = get_tracer

    for name in ("trace.get_tracer_provider", "metrics.get_meter_provider", "_logs.get_logger_provider"):
        monkeypatch.setattr(f"opentelemetry.{name}", Provider)

    assert counted.get("/cases?q=secret").status_code == 200
    assert asked == []


def test_metrics_say_that_each_process_counts_separately(counted: TestClient) -> None:
    counted.get("/")

    assert (
        "For one server process; with --workers, each scrape reaches one of them at random."
        in counted.get("/metrics", headers=AUTHORISED).text
    )


def test_metrics_are_never_cached(counted: TestClient) -> None:
    response = counted.get("/metrics", headers=AUTHORISED)

    assert "etag" not in response.headers
    assert counted.get("/metrics", headers=AUTHORISED).text != response.text


def test_routes_of_a_case_are_never_confused() -> None:
    """The faces of a case are tried before its page."""
    paths = [str(getattr(route, "path", "")) for router in ROUTERS for route in router.routes]

    assert paths.index("/cases/{slug}") > max(paths.index(path) for path in paths if path.startswith("/cases/{slug}."))
    assert paths.index("/cases/{slug}.json") > paths.index("/cases/{slug}.csl.json")
