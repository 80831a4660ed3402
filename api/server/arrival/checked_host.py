"""Refuses requests that are for another site."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.address.hosts import is_loopback, read_host
from api.server.errors import refused
from kb import Settings

_UNREADABLE = "The request must name its site in exactly one header “Host”."
_NOT_OURS = (
    "This site does not answer to the name in the header “Host”. Its operator can add that name to KB_ALLOWED_HOSTS."
)


class CheckedHost:
    """Refuses requests whose `Host` cannot be read (400), or that are for another site (421)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._names = names_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (problem := self._problem(scope)):
            status, detail = problem
            await refused(Request(scope), status, detail)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _problem(self, scope: Scope) -> tuple[HTTPStatus, str] | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if not hosts and scope.get("http_version") == "1.0":
            # Written before the header was, as simple health checks still are.
            return None
        name = read_host(hosts[0]) if len(hosts) == 1 else None
        if name is None:
            return HTTPStatus.BAD_REQUEST, _UNREADABLE
        if self._names and name not in self._names and not is_loopback(name):
            return HTTPStatus.MISDIRECTED_REQUEST, _NOT_OURS
        return None


def names_of(settings: Settings) -> frozenset[str]:
    """The names that requests may use; empty if none is set, and any is accepted."""
    public = urlsplit(settings.base_url).hostname
    return frozenset(_as_sent(name) for name in (public, *settings.allowed_hosts.split(",")) if name)


def _as_sent(name: str) -> str:
    """A name as browsers send it: letters beyond ASCII in the form of the domain name system."""
    try:
        return name.lower().rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return name.lower()
