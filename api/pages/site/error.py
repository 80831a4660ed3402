"""The page that says what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.parts.page import Page


@dataclass(frozen=True)
class ErrorPage(Page):
    """Anything that did not go well."""

    status: int
    detail: str
