"""The list of sources in the front matter of a case or guide page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.authoring.parsing.fields import FieldReader, Keys
from kb.authoring.parsing.yaml.nodes import Mapping as YamlMapping
from kb.authoring.parsing.yaml.nodes import Node, Scalar, Unreadable
from kb.authoring.parsing.yaml.repairs import quoted
from kb.authoring.problems import ProblemList
from kb.authoring.written import Place
from kb.model.case import Source
from kb.model.languages import LANGUAGES
from kb.model.section import GENERAL

SOURCE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
SOURCE_KEYS = Keys(("title", "by", "year", "url", "lang"))
_SHAPE = "a mapping such as `s1: {title: …, by: …}`"


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


@dataclass(frozen=True)
class SourceList:
    """The sources of a file."""

    listed: tuple[ListedSource, ...]
    is_complete: bool
    """Whether all that are listed could be read: only then is any other one unknown."""

    @property
    def numbers(self) -> Mapping[str, int]:
        """The number by which each source is cited: its position in the list, from 1."""
        return {source.id: number for number, source in enumerate(self.listed, start=1)}


def read_sources(fields: FieldReader, problems: ProblemList, *, required: bool = True) -> SourceList:
    """The sources of a file, in order."""
    if fields.is_list("sources"):
        return SourceList(_numbered(fields, problems), is_complete=False)
    sources = fields.inside("sources", required=required, shape=_SHAPE)
    listed: list[ListedSource] = []
    is_complete = sources.is_readable or not (required or fields.has("sources"))
    for entry in sources.all_entries():
        key, place, value = entry.key, entry.place, entry.value
        if isinstance(value, Unreadable):
            is_complete = False
        elif not SOURCE_KEY.fullmatch(key) or key == GENERAL:
            problems.add("wrong-type", f"`{key}` cannot be the key of a source.", "Use s1, s2, s3 …", place=place)
            is_complete = False
        elif not isinstance(value, YamlMapping):
            message = f"The source `{key}` must have `title:` and `by:`."
            problems.add("wrong-type", message, "See `content/TEMPLATE.md`.", place=place)
            is_complete = False
        else:
            listed.append(_read_source(key, place, value, problems))
    return SourceList(tuple(listed), is_complete)


def _numbered(fields: FieldReader, problems: ProblemList) -> tuple[ListedSource, ...]:
    """Sources as a list, which is reported; each is read as if it had the next key."""
    place, items = fields.place("sources"), fields.items("sources")
    message = f"`sources` must be {_SHAPE}, not a list."
    hint = "Write `s1:` in place of the first hyphen, `s2:` in place of the next, and so on."
    problems.add("wrong-type", message, hint, place=place, paste=_as_mapping(items))
    return tuple(
        _read_source(f"s{number}", item.place, item, problems)
        for number, item in enumerate(items, start=1)
        if isinstance(item, YamlMapping)
    )


def _as_mapping(items: tuple[Node, ...]) -> str:
    """The sources as they should read; empty if they are more than keys with single values."""
    lines = ["sources:"]
    for number, item in enumerate(items, start=1):
        if not isinstance(item, YamlMapping) or any(not isinstance(entry.value, Scalar) for entry in item.entries):
            return ""
        lines.append(f"  s{number}:")
        lines += [
            f"    {entry.key}: {entry.value.text if entry.key == 'year' else quoted(entry.value.text)}"
            for entry in item.entries
            if isinstance(entry.value, Scalar)
        ]
    return "\n".join(lines)


def _read_source(key: str, place: Place, mapping: YamlMapping, problems: ProblemList) -> ListedSource:
    fields = FieldReader(mapping, problems, f"sources.{key}.", SOURCE_KEYS)
    source = ListedSource(
        id=key,
        title=fields.text("title", free=True),
        by=fields.text("by", free=True),
        year=fields.year("year", required=False),
        url=_web_address(fields),
        lang=language_code(fields, "lang", required=False) or None,
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
    hint, swap = "Write the whole address, starting with https://, or leave `url` out.", None
    if link := _MARKDOWN_LINK.fullmatch(url):
        hint, swap = "Write the address alone.", (url, link.group(1))
    elif bare := _BARE_ADDRESS.fullmatch(url):
        hint, swap = f"Write `https://{bare.group()}`.", (url, f"https://{url}")
    place = fields.place("url")
    message = f"`{url[:80]}` is not a web address."
    fields.problems.add("bad-url", message, hint, place=place, swap=swap)
    return None


_MARKDOWN_LINK = re.compile(r"\[?[^\[\]]*\]?[(<](https?://[^\s()<>]+)[)>]")
_BARE_ADDRESS = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/[^\s]*)?")


def language_code(fields: FieldReader, key: str, *, required: bool) -> str:
    """The two-letter code of a language; empty if it is missing or wrong."""
    code = fields.text(key, required=required)
    if not code or code in LANGUAGES:
        return code
    folded = code.casefold()
    first = re.split(r"[-_]", folded)[0]
    near = next((known for known, name in LANGUAGES.items() if folded in {known, name.casefold()}), None)
    near = near or _OTHER_NAMES.get(folded) or (first if first in LANGUAGES else None)
    hint = f"Did you mean `{near}`?" if near else "Write two letters, such as `da` for Danish, or leave `lang` out."
    if not near and required:
        hint = "Write two letters, such as `en` for English."
    place, swap = fields.place(key), (code, near) if near else None
    message = f"`{code[:40]}` is not an ISO 639-1 language code."
    fields.problems.add("bad-language", message, hint, place=place, swap=swap, is_sure=bool(near))
    return ""


_OTHER_NAMES = {
    "eng": "en", "englisch": "en", "engels": "en", "anglais": "en", "inglés": "en", "engelsk": "en", "uk english": "en",
    "nederlands": "nl", "dut": "nl", "nld": "nl", "deutsch": "de", "ger": "de", "deu": "de", "français": "fr",
    "francais": "fr", "fre": "fr", "fra": "fr", "español": "es", "espanol": "es", "spa": "es", "italiano": "it",
    "ita": "it", "dansk": "da", "dan": "da", "svenska": "sv", "swe": "sv", "norsk": "no", "nor": "no", "suomi": "fi",
    "fin": "fi", "polski": "pl", "pol": "pl", "português": "pt", "por": "pt", "türkçe": "tr", "tur": "tr",
    "العربية": "ar", "ara": "ar", "русский": "ru", "rus": "ru", "norwegian bokmal": "nb",
}  # fmt: skip
"""Names of languages in themselves, and codes of three letters."""


def count_citations(
    sources: tuple[ListedSource, ...], citations: Mapping[str, int], problems: ProblemList, *, is_text_read: bool = True
) -> tuple[Source, ...]:
    """The finished sources; any that is never cited is noted, if the text that may cite it could be read."""
    for source in sources:
        if is_text_read and not citations.get(source.id):
            problems.add(
                "uncited-source",
                f"The source `{source.id}` is never cited.",
                f"Cite it as `[@{source.id}]`, or remove it.",
                place=source.place,
            )
    return tuple(source.cited(citations.get(source.id, 0)) for source in sources)
