"""The page that says what went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.parts.page import Page


@dataclass(frozen=True)
class ErrorPage(Page):
    """`error.html`: what went wrong, for any status."""

    status: int
    detail: str
