"""Clients: their addresses, behind proxies too, and their rate limits."""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.address import paths
from api.server.errors import too_many_requests

EXEMPT = (paths.HEALTHZ, paths.READYZ, paths.METRICS, f"{paths.STATIC}/", paths.FAVICON, paths.TOUCH_ICON)
"""Beginnings of addresses that are not counted: health checks, and assets of pages that were counted."""

NETWORK_BITS = 64
"""The bits of an IPv6 address that identify a client: whoever has one address has all that begin with them."""


class BehindProxies:
    """Takes the client and the scheme of a request from the headers of the proxies in front of the server.

    Each proxy adds the address that its request came from to the end of `X-Forwarded-For`. So with two proxies the last
    but one is the client; anything before it may have been written by the client, and is ignored.
    """

    def __init__(self, app: ASGIApp, hops: int) -> None:
        self._app = app
        self._hops = hops

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            forwarded = [part.strip() for line in headers.getlist("x-forwarded-for") for part in line.split(",")]
            if len(forwarded) >= self._hops and (client := _plain_address(forwarded[-self._hops])):
                scope["client"] = (client, 0)
            schemes = [part.strip().lower() for part in headers.get("x-forwarded-proto", "").split(",")]
            if schemes[-1] in {"http", "https"}:
                scope["scheme"] = schemes[-1]
        await self._app(scope, receive, send)


def _plain_address(text: str) -> str:
    """An IP address in its usual form, without a port; empty if the text is not one.

    >>> [_plain_address(text) for text in ("192.0.2.7:5012", "[2001:DB8::0:1]:80", "unknown")]
    ['192.0.2.7', '2001:db8::1', '']
    """
    host = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0] if "." in text else text
    try:
        return str(ip_address(host))
    except ValueError:
        return ""


def network_of(address: str) -> str:
    """What identifies a client: its IPv4 address, or the network of its IPv6 address.

    >>> network_of("192.0.2.7"), network_of("2001:db8::1") == network_of("2001:db8::2")
    ('192.0.2.7', True)
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> (128 - NETWORK_BITS) << (128 - NETWORK_BITS)))


class RateLimited:
    """Limits the requests of each client in a unit of time, and reports how many are left."""

    def __init__(self, app: ASGIApp, rate: str) -> None:
        # Its import takes a tenth of a second, so it is only done where the rate is limited.
        from limits import parse_many
        from limits.storage import MemoryStorage
        from limits.strategies import SlidingWindowCounterRateLimiter

        self._app = app
        self._rates = parse_many(rate)
        self._policy = ", ".join(f'"{rate}";q={rate.amount};w={rate.get_expiry()}' for rate in self._rates)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(EXEMPT):
            await self._app(scope, receive, send)
            return
        client = network_of((scope.get("client") or ("", 0))[0])
        may_ask = all(self._limiter.hit(rate, client) for rate in self._rates)
        stats = [self._limiter.get_window_stats(rate, client) for rate in self._rates]
        scarcest = min(range(len(stats)), key=lambda number: stats[number].remaining)
        left = stats[scarcest].remaining
        wait = max(1, math.ceil(stats[scarcest].reset_time - time.time()))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = self._policy
                headers["RateLimit"] = f'"{self._rates[scarcest]}";r={left};t={wait}'
            await send(message)

        if may_ask:
            await self._app(scope, receive, send_with_headers)
        else:
            await too_many_requests(Request(scope), wait)(scope, receive, send_with_headers)
