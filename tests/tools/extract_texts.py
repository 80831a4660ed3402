"""Collects every text that is marked for translation in one catalogue.

    python -m tests.tools.extract_texts

Write the texts of another language with `pybabel init -i kb/locale/messages.pot -d kb/locale -l da`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT / "kb" / "locale" / "messages.pot"

_CODE = ("kb", "api")
_TEMPLATES = "templates"

_CODE_WORDS: Mapping[str, tuple[int, ...] | None] = {"gettext": None, "gettext_noop": None, "ngettext": (1, 2)}
_TEMPLATE_WORDS: Mapping[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2)}

_TEMPLATE_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}

_COMMENTS = (b"# ", b"#\n")
"""Those that Babel begins a file with: they name persons and years."""

_CHANGING = (b'"POT-Creation-Date:', b'"Generated-By:')
"""Lines that would differ each time, although no text does."""


def catalogue() -> bytes:
    """The catalogue as a file: sorted by text, each with the files that contain it."""
    made = Catalog(project="Crossing Boundaries", charset="utf-8", fuzzy=False)
    for name, text in sorted(_texts(), key=str):
        made.add(text, locations=[(name, 0)])
    written = BytesIO()
    write_po(written, made, width=0, sort_output=True, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((*_CHANGING, *_COMMENTS)))


def _texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every text with the file that contains it; a text with forms for one and many has both."""
    for folder in _CODE:
        for path in (ROOT / folder).rglob("*.py"):
            yield from _texts_in(path, "python", _CODE_WORDS, {})
    for path in (ROOT / _TEMPLATES).rglob("*.*"):
        yield from _texts_in(path, babel_extract, _TEMPLATE_WORDS, _TEMPLATE_OPTIONS)


def _texts_in(
    path: Path,
    method: str | Callable[..., Any],
    keywords: Mapping[str, tuple[int, ...] | None],
    options: Mapping[str, str],
) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    with path.open("rb") as file:
        for _, text, _, _ in extract(method, file, keywords, options=options):
            yield path.relative_to(ROOT).as_posix(), text


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(exist_ok=True)
    CATALOGUE.write_bytes(catalogue())
    sys.stdout.write(f"Wrote {CATALOGUE.relative_to(ROOT)}.\n")
