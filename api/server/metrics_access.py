"""Who may read the metrics: programs on the same machine, and whoever has the token."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.types import Scope

from api.address.hosts import is_loopback, read_host

_OF_PROXIES = ("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "client-ip")
_BEGINNINGS_OF_PROXIES = ("x-forwarded", "x-original-", "cf-", "fly-", "fastly-", "x-envoy-", "x-azure-")
"""Headers that show that a request came through a proxy."""


def may_read_metrics(scope: Scope, token: str) -> bool:
    """Whether this request may; `token` is the one of the settings, empty if there is none."""
    return _has_token(scope, token) or _is_from_here(scope)


def _has_token(scope: Scope, token: str) -> bool:
    given = Headers(scope=scope).getlist("authorization")
    if not token or len(given) != 1:
        return False
    scheme, _, value = given[0].partition(" ")
    # In constant time: otherwise the time until the refusal would reveal how much of a guess is right.
    is_same = hmac.compare_digest(value.strip().encode("latin-1"), token.encode())
    return scheme.lower() == "bearer" and is_same


def _is_from_here(scope: Scope) -> bool:
    """Whether a program on this machine asks on its own behalf.

    All that comes through a proxy on this machine comes from here, too, and proxies leave traces: a header of theirs,
    the name that the visitor typed, or the old HTTP/1.0 that some speak unless told otherwise.
    """
    headers = Headers(scope=scope)
    client = scope.get("client")
    name = read_host(headers.get("host", "").encode("latin-1"))
    return (
        client is not None
        and is_loopback(client[0])
        and name is not None
        and is_loopback(name)
        and scope.get("http_version") != "1.0"
        and not any(header in _OF_PROXIES or header.startswith(_BEGINNINGS_OF_PROXIES) for header in headers)
    )
