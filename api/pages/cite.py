"""How to cite a case or the collection, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from api.address import paths
from api.address.site import Site
from api.formats.citations import CITATION_FILES, Citation, as_text
from api.pages.parts.page import Link
from kb import Generation, StoredCase


@dataclass(frozen=True)
class CiteView:
    """The citation to copy, and the files to download."""

    text: str
    files: tuple[Link, ...]


def cite_view(stored: StoredCase, site: Site) -> CiteView:
    """How to cite a case."""
    files = (Link(file.label, paths.case(stored.case.slug, file.extension)) for file in CITATION_FILES)
    return CiteView(as_text(Citation.of(stored, site)), tuple(files))


def cite_collection(generation: Generation, site: Site) -> CiteView:
    """How to cite the collection."""
    files = (Link(file.label, paths.collection(file.extension)) for file in CITATION_FILES)
    return CiteView(as_text(Citation.of_collection(generation, site)), tuple(files))
