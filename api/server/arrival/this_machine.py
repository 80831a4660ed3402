"""Whether a request comes from a program on this machine: only such may see what is not for everybody."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Scope

from api.address.hosts import is_loopback, read_host

_OF_PROXIES = ("forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "client-ip")
_BEGINNINGS_OF_PROXIES = ("x-forwarded", "x-original-", "cf-", "fly-", "fastly-", "x-envoy-", "x-azure-")
"""Headers that show that a request came through a proxy."""


def is_from_this_machine(scope: Scope) -> bool:
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
