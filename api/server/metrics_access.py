"""Who may read the metrics: programs on the same machine, and whoever has the token."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.types import Scope

from api.server.arrival.this_machine import is_from_this_machine


def may_read_metrics(scope: Scope, token: str) -> bool:
    """Whether this request may; `token` is the one of the settings, empty if there is none."""
    return _has_token(scope, token) or is_from_this_machine(scope)


def _has_token(scope: Scope, token: str) -> bool:
    given = Headers(scope=scope).getlist("authorization")
    if not token or len(given) != 1:
        return False
    scheme, _, value = given[0].partition(" ")
    # In constant time: otherwise the time until the refusal would reveal how much of a guess is right.
    is_same = hmac.compare_digest(value.strip().encode("latin-1"), token.encode())
    return scheme.lower() == "bearer" and is_same
