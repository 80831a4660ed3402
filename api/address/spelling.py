"""An address that leads nowhere, read once more: with what changes when people copy, type and share it.

Sentences put full stops and quotation marks behind addresses, programs capitals, brackets and endings. Where what is
left means one thing only, that is where the address leads.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from api.address import paths
from kb import FACETS_BY_NAME, Generation, Kind, Term, plain_name, term_named

CASE_ENDINGS = (".csl.json", ".jsonld", ".json", ".bib", ".ris", ".md")
"""Of the formats of a case; an ending comes before those that it ends in."""

_PAGE_ENDINGS = (".html", ".htm", ".md")
"""What people add who think of a page as a file."""

_WITH_CASES_ONLY = ("city", "continent")
"""What has a page only while it has cases: one with drafts alone must look like one that does not exist."""

_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_ONLY_SIGNS = re.compile(r"[\x00-/:-@\[-`{-\x7f\s\u200b-\u2027‹›«»]*")
"""What is left of a bracket or a quotation mark behind a slash; any other sign may be somebody's name for something."""

_BEHIND = re.compile(r"[?#&]")


@dataclass(frozen=True)
class NamedInPath:
    """What a path is about."""

    kind: Kind
    name: str
    """As it was written, in lower case, without an ending and what is around it."""
    ending: str
    """Of a format of a case, or empty."""
    before: str
    """What the path begins with: `/api/v1`, or nothing."""
    behind: str
    """What follows the name: `/worksheet`, or nothing."""


def read_path(path: str) -> NamedInPath | None:
    """What a path is about, however it is spelled; None if it names nothing that has a page.

    >>> read_path("/Cases/Oslo-SALTO.bib)")
    NamedInPath(kind=<Kind.CASE: 'case'>, name='oslo-salto', ending='.bib', before='', behind='')
    """
    parts = _parts(path)
    before = paths.API if parts[:2] == ["api", "v1"] else ""
    match parts[2:] if before else parts:
        case [folder, written, *behind]:
            kind = next((kind for kind in Kind if folder in (kind.folder, kind.value)), None)
            if kind is None:
                return None
            name, ending = _split(written, CASE_ENDINGS) if kind is Kind.CASE else (written, "")
            return NamedInPath(kind, _split(name, _PAGE_ENDINGS)[0], ending, before, "".join(f"/{x}" for x in behind))
    return None


def respelled(path: str, generation: Generation, addresses: Collection[str]) -> str | None:
    """The address that a path means, if its spelling leaves no doubt; None if there is nothing else to lead to.

    `addresses` are those that name nothing, such as `/about`.
    """
    found = _in_addresses(path, addresses) or _of_something(path, generation) or _of_map(path, generation)
    return found if found != path else None


def slug_named(text: str, generation: Generation) -> str | None:
    """The slug of the published case that a text names by this slug or an earlier one, however it is spelled."""
    store, spellings = generation.cases, (text, plain_name(text))
    if slug := next(filter(store.contains, spellings), None):
        return slug
    return next(filter(None, map(store.slug_for_alias, spellings)), None)


def is_withdrawn(text: str, generation: Generation) -> bool:
    """Whether a text names a case that was withdrawn, however it is spelled."""
    return any(map(generation.cases.is_withdrawn, (text, plain_name(text))))


def has_page(term: Term, facet: str, generation: Generation) -> bool:
    """Whether a page may say that there is this term."""
    return facet not in _WITH_CASES_ONLY or term.id in generation.counts[facet]


def _in_addresses(path: str, addresses: Collection[str]) -> str | None:
    plain = f"/{'/'.join(_parts(path))}"
    return next((address for address in (plain, _split(plain, _PAGE_ENDINGS)[0]) if address in addresses), None)


def _of_something(path: str, generation: Generation) -> str | None:
    named = read_path(path)
    match named:
        case NamedInPath(kind=Kind.CASE, before="", behind=""):
            slug = slug_named(named.name, generation)
            return paths.case(slug, named.ending) if slug else None
        case NamedInPath(kind=Kind.CASE, before=paths.API, behind="" | "/related"):
            slug = slug_named(named.name, generation)
            return f"{paths.api_case(slug)}{named.behind}" if slug else None
        case NamedInPath(kind=Kind.ARRANGEMENT, before="", behind="/worksheet") | NamedInPath(before="", behind=""):
            term_id = _term_id(named.kind, named.name, generation)
            return f"{named.kind.page(term_id)}{named.behind}" if term_id else None
    return None


def _of_map(path: str, generation: Generation) -> str | None:
    match _parts(path):
        case ["map", written]:
            continent = _term_id("continent", _split(written, _PAGE_ENDINGS)[0], generation)
            if continent:
                return paths.map_of(continent)
            # Anything else may be a box of numbers, which are not in words: only a slash is too much.
            _, *rest = path.strip("/").split("/")
            return paths.map_of(rest[0]) if len(rest) == 1 else None
    return None


def _term_id(facet: str, name: str, generation: Generation) -> str | None:
    term = term_named(FACETS_BY_NAME[facet].vocabulary(generation.vocabularies), name)
    return term.id if term and has_page(term, facet, generation) else None


def _parts(path: str) -> list[str]:
    """The parts of a path in lower case, without what is around them, and without a query that was taken for a part."""
    parts = (part for part in _BEHIND.split(path, maxsplit=1)[0].split("/") if not _ONLY_SIGNS.fullmatch(part))
    return [_AROUND.sub("", part).lower() for part in parts]


def _split(text: str, endings: Collection[str]) -> tuple[str, str]:
    """A text and the ending that it has of these, or none."""
    ending = next(filter(text.endswith, endings), "")
    return text.removesuffix(ending), ending
