"""The list of sources in the front matter of a case or guide page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.authoring.parsing.front_matter import FieldReader
from kb.authoring.parsing.text_file import Place
from kb.authoring.parsing.yaml_nodes import Mapping as YamlMapping
from kb.authoring.problems import ProblemList
from kb.model.case import Source
from kb.model.languages import LANGUAGES
from kb.model.section import GENERAL

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class ListedSource:
    """A source whose citations in the text have not been counted yet."""

    id: str
    title: str
    by: str
    year: int | None
    url: str | None
    lang: str | None
    place: Place

    def cited(self, times: int) -> Source:
        """The finished source."""
        return Source(self.id, self.title, self.by, self.year, self.url, self.lang, times)


def read_sources(fields: FieldReader, problems: ProblemList, *, required: bool = True) -> tuple[ListedSource, ...]:
    """The sources of a file, in order."""
    entries = fields.entries("sources", required=required, shape="a mapping such as `s1: {title: …, by: …}`")
    listed = []
    for entry in entries:
        if not _KEY.fullmatch(entry.key) or entry.key == GENERAL:
            problems.add(
                "wrong-type",
                f"`{entry.key}` cannot be the key of a source.",
                "Use s1, s2, s3 …",
                line=entry.place.line,
                column=entry.place.column,
            )
        elif not isinstance(entry.value, YamlMapping):
            problems.add(
                "wrong-type",
                f"The source `{entry.key}` must have `title:` and `by:`.",
                "See `content/TEMPLATE.md`.",
                line=entry.place.line,
                column=entry.place.column,
            )
        else:
            listed.append(_read_source(entry.key, entry.place, entry.value, problems))
    return tuple(listed)


def _read_source(key: str, place: Place, mapping: YamlMapping, problems: ProblemList) -> ListedSource:
    fields = FieldReader(mapping, problems, f"sources.{key}.")
    source = ListedSource(
        id=key,
        title=fields.text("title"),
        by=fields.text("by"),
        year=fields.year("year", required=False),
        url=_web_address(fields),
        lang=_language(fields),
        place=place,
    )
    fields.finish()
    return source


def _web_address(fields: FieldReader) -> str | None:
    url = fields.text("url", required=False)
    if not url:
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", url)
    except ValueError:
        good = False
    if good:
        return url
    hint = "Write the whole address, starting with https://, or leave `url` out."
    fields.note("bad-url", f"`{url[:80]}` is not a web address.", hint, fields.place("url"))
    return None


def _language(fields: FieldReader) -> str | None:
    code = fields.text("lang", required=False)
    if not code or code in LANGUAGES:
        return code or None
    near = next((known for known, name in LANGUAGES.items() if code.casefold() in {known, name.casefold()}), None)
    hint = f"Did you mean `{near}`?" if near else "Write two letters, such as `da` for Danish, or leave `lang` out."
    fields.note("bad-language", f"`{code[:40]}` is not an ISO 639-1 language code.", hint, fields.place("lang"))
    return None


def numbers(sources: tuple[ListedSource, ...]) -> Mapping[str, int]:
    """The number by which each source is cited: its position in the list, from 1."""
    return {source.id: number for number, source in enumerate(sources, start=1)}


def count_citations(
    sources: tuple[ListedSource, ...], citations: Mapping[str, int], problems: ProblemList
) -> tuple[Source, ...]:
    """The finished sources; any that is never cited is noted."""
    for source in sources:
        if not citations.get(source.id):
            problems.add(
                "uncited-source",
                f"The source `{source.id}` is never cited.",
                f"Cite it as `[@{source.id}]`, or remove it.",
                line=source.place.line,
                column=source.place.column,
            )
    return tuple(source.cited(citations.get(source.id, 0)) for source in sources)
