"""How a case or the collection is cited: one citation, formatted for people and for reference managers.

It contains only what the files say. Readers add the date of access themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from unicodedata import category
from urllib.parse import quote

from api.address import paths
from api.address.site import NAME, Site
from kb import Generation, StoredCase, cases_in_words, listed

LICENCE_NAME = "CC BY 4.0"

COLLECTION = "crossing-boundaries"
"""The name of the citation of the collection."""

COLLECTION_TITLE = "Case studies of local practice in preventing violent extremism"
COLLECTION_SUMMARY = (
    "What cities did to prevent violent extremism across the boundaries between police, local government, schools, "
    "youth work and communities, what helped, and what was hard."
)


@dataclass(frozen=True)
class Citation:
    """The parts of a citation; every text is one line."""

    slug: str
    title: str
    authors: tuple[str, ...]
    """Contributors: roles and organisations, never persons."""
    changed: date
    """When its file was last changed: the version being cited."""
    url: str
    language: str
    summary: str
    extent: str = ""
    """How much it is, in words; empty for a case."""
    container: str = NAME
    """What it is part of; empty for the collection itself."""

    @classmethod
    def of_collection(cls, generation: Generation, site: Site) -> Citation:
        """The citation of the whole collection: its version is the day on which a case was last changed."""
        manifest = generation.manifest
        changed = max(generation.cases.changes.values(), default=manifest.created)
        return cls(
            slug=COLLECTION,
            title=COLLECTION_TITLE,
            authors=(NAME,),
            changed=date.fromisoformat(changed[:10]),
            url=site.url(paths.HOME),
            language="en",
            summary=COLLECTION_SUMMARY,
            extent=cases_in_words(manifest.count),
            container="",
        )

    @classmethod
    def of(cls, stored: StoredCase, site: Site) -> Citation:
        """The citation of a case."""
        case = stored.case
        return cls(
            slug=case.slug,
            title=_one_line(case.title),
            authors=tuple(_one_line(contributor) for contributor in case.contributors),
            changed=date.fromisoformat(stored.modified[:10]),
            url=site.url(paths.case(case.slug)),
            language=_one_line(case.language),
            summary=_one_line(case.summary),
        )

    @property
    def version(self) -> str:
        """The version in words."""
        extent = f", {self.extent}" if self.extent else ""
        return f"Version of {self.changed.day} {self.changed:%B %Y}{extent}"

    @property
    def is_collection(self) -> bool:
        """Whether it is that of the whole collection, a data set."""
        return not self.container


def as_text(citation: Citation) -> str:
    """The citation as a sentence for a list of references."""
    authors = listed(citation.authors)
    title = citation.title if citation.title.endswith((".", "?", "!", "…")) else f"{citation.title}."
    container = f"{citation.container}. " if citation.container else ""
    rest = f"{container}{citation.version}. {citation.url} ({LICENCE_NAME})"
    return f"{authors} ({citation.changed.year}). {title} {rest}"


def as_bibtex(citation: Citation) -> str:
    """The citation for BibTeX and biblatex; a second pair of braces preserves capitals and names of organisations."""
    fields = {
        "author": " and ".join(f"{{{_tex(author)}}}" for author in citation.authors),
        "title": f"{{{_tex(citation.title)}}}",
        "howpublished": citation.container,
        "year": str(citation.changed.year),
        "version": citation.changed.isoformat(),
        "url": quote(citation.url, safe=":/?#[]@!$&'()*+,;=%~"),
        "note": f"{citation.version}. Licence: {LICENCE_NAME}",
        "language": _tex(citation.language),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{citation.slug},\n{lines}}}\n"


def as_ris(citation: Citation) -> str:
    """The citation for EndNote, Zotero, Mendeley and others."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_lines(citation))


def _ris_lines(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "DATA" if citation.is_collection else "ELEC"
    for author in citation.authors:
        # Without a comma the last word would be parsed as a family name.
        yield "AU", f"{author},"
    yield "TI", citation.title
    if citation.container:
        yield "T2", citation.container
    yield "PY", str(citation.changed.year)
    yield "DA", f"{citation.changed:%Y/%m/%d}/"
    yield "UR", citation.url
    yield "LA", citation.language
    yield "AB", citation.summary
    yield "N1", f"{citation.version}. Licence: {LICENCE_NAME}"
    yield "ER", ""


def as_csl(citation: Citation) -> str:
    """The citation as CSL-JSON: a list of one."""
    changed = citation.changed
    item = {
        "id": citation.slug,
        "type": "dataset" if citation.is_collection else "webpage",
        "title": citation.title,
        "author": [{"literal": author} for author in citation.authors],
        "issued": {"date-parts": [[changed.year, changed.month, changed.day]]},
        **({"container-title": citation.container} if citation.container else {}),
        "version": changed.isoformat(),
        "URL": citation.url,
        "language": citation.language,
        "abstract": citation.summary,
        "note": f"Licence: {LICENCE_NAME}",
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class CitationFile:
    """A kind of file that a citation can be downloaded as."""

    label: str
    extension: str
    media_type: str
    write: Callable[[Citation], str]


BIBTEX = CitationFile("BibTeX", ".bib", "application/x-bibtex", as_bibtex)
RIS = CitationFile("RIS", ".ris", "application/x-research-info-systems", as_ris)
CSL_JSON = CitationFile("CSL-JSON", ".csl.json", "application/vnd.citationstyles.csl+json", as_csl)

CITATION_FILES = (BIBTEX, RIS, CSL_JSON)

# BibTeX counts braces even after a backslash, so they are written as commands.
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)


def _tex(text: str) -> str:
    """Text as TeX prints it; letters with accents stay as they are, since files are UTF-8.

    >>> _tex("50 % {more} & Århus")
    '50 \\\\% \\\\textbraceleft{}more\\\\textbraceright{} \\\\& Århus'
    """
    return text.translate(_TEX)


def _one_line(text: str) -> str:
    """Text without line ends and control characters: in these formats a line end begins another field.

    >>> _one_line("One\\r\\nTY  - BOOK")
    'One TY - BOOK'
    """
    return " ".join("".join(" " if category(sign) == "Cc" else sign for sign in text).split())
