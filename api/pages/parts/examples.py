"""Searches to start with."""

from __future__ import annotations

EXAMPLES = ("youth workers and police", "school concern about a pupil", '"round table"', "returnees")
"""Searches offered to visitors who may not know what to type."""
