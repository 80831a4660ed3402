"""Who asks: the address of a client, behind proxies too, and how often it may ask."""

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
"""How the addresses begin that are not counted: checks, and what belongs to a page that was."""

NETWORK_BITS = 64
"""Of an address of IPv6 that tell clients apart: whoever has one address has all that begin so."""


class BehindProxies:
    """Takes the client and the scheme of a request from what the proxies in front of the server say.

    Each proxy adds to `X-Forwarded-For` who asked it, at the end. So with two of them the last but one is the client;
    what stands before it the client may have written, and is not believed.
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
    """An address of the internet as it is always written, without a port; empty if it is none.

    >>> [_plain_address(text) for text in ("192.0.2.7:5012", "[2001:DB8::0:1]:80", "unknown")]
    ['192.0.2.7', '2001:db8::1', '']
    """
    host = text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0] if "." in text else text
    try:
        return str(ip_address(host))
    except ValueError:
        return ""


def network_of(address: str) -> str:
    """What clients are told apart by: the address, or the network of IPv6 that it is in.

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
    """Lets each client make so many requests in a time, and says to each how many are left."""

    def __init__(self, app: ASGIApp, rate: str) -> None:
        # It takes a tenth of a second to import, which only those wait for who limit the rate.
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
