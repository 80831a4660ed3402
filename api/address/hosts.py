"""The names by which requests address this site: read, but never trusted.

Links in a response begin with the public address of the settings or, without one, with the address of the socket that
the request came to. So a forged `Host` never gets into a response, a cache or a feed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

_LABEL = rb"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rb"(?P<name>" + _LABEL + rb"(?:\." + _LABEL + rb")*\.?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
"""A host name, an IPv4 address, or an IPv6 address in brackets; then perhaps a port (RFC 9110, section 7.2)."""

_LONGEST = len("." * 254 + ":65535")
"""Characters of the longest name and port."""

_LOCAL_NAME = re.compile(r"(?:.+\.)?localhost")


def read_host(value: bytes) -> str | None:
    """The name in a `Host` header, in lower case and without its port; None if it cannot be read.

    >>> read_host(b"Cases.Example.org:8000"), read_host(b"[::1]:80"), read_host(b"a/b"), read_host(b"a..b")
    ('cases.example.org', '::1', None, None)
    """
    return _name_in(value) if len(value) <= _LONGEST else None


@lru_cache(maxsize=256)
def _name_in(value: bytes) -> str | None:
    """The name; read once, as nearly all requests give the same one."""
    matched = _HOST.fullmatch(value)
    if matched is None:
        return None
    name = matched["name"].decode("ascii").lower()
    return name.rstrip(".") if not name.startswith("[") else _ipv6(name[1:-1])


def is_loopback(name: str) -> bool:
    """Whether a name or an address is that of the local machine.

    >>> [is_loopback(name) for name in ("localhost", "127.0.0.2", "::1", "localhost.example.org", "")]
    [True, True, True, False, False]
    """
    try:
        address = ip_address(name)
    except ValueError:
        return bool(_LOCAL_NAME.fullmatch(name))
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def own_address(scope: Mapping[str, Any]) -> str:
    """The address of the socket that a request came to, which only the operator can choose.

    >>> own_address({"server": ("127.0.0.1", 8000)}), own_address({"server": ("::1", 80)}), own_address({})
    ('http://127.0.0.1:8000', 'http://[::1]', 'http://localhost')
    """
    host, port = scope.get("server") or ("localhost", 80)
    if port is None:
        # The path of a socket in the file system.
        host, port = "localhost", 80
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}{'' if port == 80 else f':{port}'}{scope.get('root_path', '')}"


def _ipv6(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None
