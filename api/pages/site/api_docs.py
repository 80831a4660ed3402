"""The API as a page, made from its own description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.address import paths
from api.pages.parts.page import Page
from kb import EXPORT_COLUMNS, Column, ExportForm, gettext


@dataclass(frozen=True)
class Parameter:
    """One parameter of an API address."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Endpoint:
    """One address of the API."""

    anchor: str
    address: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str


@dataclass(frozen=True)
class ApiDocsPage(Page):
    """`/api/docs`."""

    endpoints: tuple[Endpoint, ...]
    columns: tuple[Column, ...]
    """Of the table of a whole result."""


_EXAMPLES = {
    paths.API_SEARCH: f"{paths.API_SEARCH}?q=youth&arrangement=informing-and-intervening",
    paths.api_case("{slug}"): paths.api_case("aarhus-info-house"),
    paths.export(ExportForm.CSV): f"{paths.export(ExportForm.CSV)}?challenge=fragile-trust",
    paths.export(ExportForm.NDJSON): f"{paths.export(ExportForm.NDJSON)}?challenge=fragile-trust",
}


def api_docs_page(openapi: dict[str, Any]) -> ApiDocsPage:
    """The page made from the API's own description, so that the two cannot differ."""
    endpoints = tuple(
        Endpoint(
            anchor=path.strip("/").replace("/", "-").replace("{", "").replace("}", ""),
            address=path,
            summary=methods["get"]["summary"],
            description=methods["get"].get("description", ""),
            parameters=tuple(_parameter(given) for given in methods["get"].get("parameters", ())),
            example=_EXAMPLES.get(path, "" if "{" in path else path),
        )
        for path, methods in openapi["paths"].items()
    )
    return ApiDocsPage(gettext("API for programs"), paths.API_DOCS, endpoints, EXPORT_COLUMNS)


def _parameter(given: dict[str, Any]) -> Parameter:
    schema = given["schema"]
    kind = schema.get("type", "text")
    limits = [f"from {schema['minimum']}"] if "minimum" in schema else []
    limits += [f"up to {schema['maximum']}"] if "maximum" in schema else []
    names = {"array": "text, repeatable", "string": "text", "integer": "number"}
    return Parameter(given["name"], " ".join([names.get(kind, kind), *limits]), given.get("description", ""))
