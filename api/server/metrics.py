"""Metrics for the operators of the server: how many requests, how fast, which generation.

No search, no address of a case and nothing about a visitor is recorded: requests are distinguished only by the
pattern of their address. Each server process counts for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server.arrival.refusals import REFUSED
from kb import BuildingState, LiveGeneration, Sight

MEDIA_TYPE = CONTENT_TYPE_LATEST

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""In seconds: from a cached response to a whole export."""

OF_ONE_PROCESS = "For one server process; with --workers, each scrape reaches one of them at random."

# The creation time of each counter would double the lines, and nobody reads it.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the package types its classes, not this


class Metrics:
    """The metrics of one server process."""

    def __init__(self, live: LiveGeneration, workers: int, building: BuildingState) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kb_http_requests",
            f"Requests answered. {OF_ONE_PROCESS}",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "kb_http_request_duration_seconds",
            f"Time until the answer was sent. {OF_ONE_PROCESS}",
            ["route"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_Collection(live, workers, building))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def as_text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Collection(Collector):
    """The collection being served, read at each scrape."""

    def __init__(self, live: LiveGeneration, workers: int, building: BuildingState) -> None:
        self._live = live
        self._workers = workers
        self._building = building

    def collect(self) -> Iterable[Metric]:
        manifest = self._live.current.manifest
        info = {"id": manifest.id, "created": manifest.created}
        yield InfoMetricFamily("kb_generation", "The generation in use.", info)
        yield GaugeMetricFamily("kb_cases", "Published cases in it.", manifest.count)
        yield GaugeMetricFamily(
            "kb_generation_created_timestamp_seconds", "When it was built.", manifest.created_ns / 1_000_000_000
        )
        yield GaugeMetricFamily("kb_workers", "Server processes; counts are for one of them.", self._workers)
        yield GaugeMetricFamily(
            "kb_generation_outdated", "1 while a newer generation cannot be opened.", int(self._live.is_outdated)
        )
        refused = CounterMetricFamily(
            "kb_http_refused",
            "Requests refused before they were read: too large, too slow, or not HTTP.",
            labels=["status"],
        )
        for status, count in sorted(REFUSED.items()):
            refused.add_metric([str(int(status))], count)
        yield refused
        building = self._building.read()
        if building.sight is not Sight.NOBODY_WATCHES:
            yield GaugeMetricFamily(
                "kb_content_seen", "1 while the content folder is readable.", int(building.sight is Sight.SEEN)
            )
            yield GaugeMetricFamily(
                "kb_builds_failed", "Builds that failed since the last successful one.", building.failures
            )
            yield GaugeMetricFamily(
                "kb_watcher_silent_seconds",
                "Seconds since the content watcher last reported.",
                building.silent_seconds,
            )


Note = Callable[[str, str, int, float], None]
"""Takes note of an answered request: its method, the pattern of its address, its status, and the seconds it took."""

UNKNOWN = "unknown"
"""The pattern of an address that leads nowhere."""


def known_method(method: str) -> str:
    """A method that is served here, or `other`: like addresses, methods come from the client."""
    return method if method in {"GET", "HEAD"} else "other"


class Measured:
    """Times every request, and has it noted."""

    def __init__(self, app: ASGIApp, notes: Iterable[Note], routes: Iterable[str]) -> None:
        self._app = app
        self._notes = tuple(notes)
        self._routes = RouteNames(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 500
        route = self._routes.of(scope["path"])
        scope.setdefault("state", {})["route"] = route

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            for take_note in self._notes:
                take_note(known_method(scope["method"]), route, status, perf_counter() - began)


class RouteNames:
    """The pattern that an address belongs to: there are a few dozen, whatever visitors type.

    >>> names = RouteNames(["/cases", "/cases/{slug}.md", "/cases/{slug}", "/static"])
    >>> [names.of(path) for path in ("/cases", "/cases/a.md", "/cases/a", "/static/style.css", "/wp-login.php")]
    ['/cases', '/cases/{slug}.md', '/cases/{slug}', '/static', 'unknown']
    """

    def __init__(self, routes: Iterable[str]) -> None:
        given = tuple(routes)
        self._plain = {route for route in given if "{" not in route}
        self._patterns = [(compile_path(route)[0], route) for route in given if "{" in route]

    def of(self, path: str) -> str:
        """The pattern of this address, in the order in which routes are tried."""
        if path in self._plain:
            return path
        return next(self._matching(path), UNKNOWN)

    def _matching(self, path: str) -> Iterator[str]:
        yield from (route for pattern, route in self._patterns if pattern.match(path))
        if path.startswith("/static/"):
            yield "/static"
