"""Reading the metrics in tests, as the programs do that may."""

from __future__ import annotations

TOKEN = "an-example-token"  # noqa: S105 - of the tests
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}
