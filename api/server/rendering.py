"""Renders templates: everything is escaped, undefined names are errors, ranges are marked up last."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.address import paths
from api.address.site import NAME, Site
from api.formats.xml_text import xml_text
from api.pages.parts.in_code import with_code
from api.pages.parts.marking import mark
from api.pages.parts.saving import Frame
from api.server.arrival.prefix import with_prefix
from kb import cases_in_words, counted, gettext, ngettext, plural

STATIC = Path(__file__).parent.parent / "static"
_TEMPLATES = (Path(__file__).parent.parent / "templates", Path(__file__).parent.parent.parent / "templates")
"""The places for an installed package and for a checkout."""


@cache
def static_url(name: str) -> str:
    """The address of a static file; it changes with the file, so that it can be cached for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{paths.static(name)}?v={digest}"


def templates_folder() -> Path:
    """Where the templates are."""
    return next(path for path in _TEMPLATES if path.is_dir())


@cache
def environment() -> Environment:
    """The Jinja environment, made once."""
    made = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates are part of the software: checking each file at each request would cost more than rendering.
        auto_reload=False,
    )
    made.filters.update(mark=mark, code=with_code, plural=plural, counted=counted, cases=cases_in_words)
    # Names stay readable in data; `tojson` still escapes what HTML would parse as markup.
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    # `{% trans %}` and `_()`; what is put into a text is escaped.
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # i18n adds the method
    made.globals.update(paths=paths, static_url=static_url, site_name=NAME)
    return made


def compile_templates() -> None:
    """Compile all templates, so that no request has to."""
    made = environment()
    for name in made.list_templates(extensions=("html", "atom", "xml", "txt")):
        made.get_template(name)


def render_xml(template: str, page: Any, site: Site, media_type: str) -> Response:
    """An XML document; characters that would make it invalid, perhaps typed into a search, are replaced."""
    text = environment().get_template(template).render(page=page, site=site)
    return Response(xml_text(text), media_type=f"{media_type}; charset=utf-8")


def render_text(template: str, page: Any, site: Site) -> Response:
    """A plain text; its template switches escaping off."""
    return PlainTextResponse(environment().get_template(template).render(page=page, site=site))


def render(
    template: str, page: Any, frame: Frame, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A page; templates see the page object and what surrounds it, and nothing else."""
    html = environment().get_template(template).render(page=page, frame=frame, site=frame.site)
    carrying = frame.saved.carried_by(html)
    return HTMLResponse(with_prefix(carrying, frame.site.prefix), status_code=status, headers=headers)
