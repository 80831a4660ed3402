"""The access log: what was asked for, and nothing about who asked."""

from __future__ import annotations

import logging

log = logging.getLogger("kb.access")


def log_access(method: str, route: str, status: int, seconds: float) -> None:
    """Log one answered request: the pattern of its address, never the address, its query, a client or a browser."""
    milliseconds = round(seconds * 1000, 1)
    event = {"method": method, "route": route, "status": status, "milliseconds": milliseconds}
    log.info("%s %s %d %s ms", method, route, status, milliseconds, extra={"event": event})
