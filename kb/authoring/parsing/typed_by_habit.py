"""What people type in front matter out of habit, and which YAML does not read as they mean it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kb.authoring.parsing.foreign_marks import foreign_marks
from kb.authoring.parsing.template import is_of_template
from kb.authoring.parsing.yaml.nodes import Entry, Mapping, Node, Scalar
from kb.authoring.parsing.yaml.nodes import Sequence as YamlSequence
from kb.authoring.parsing.yaml.repairs import CLOSING_QUOTES, quoted
from kb.authoring.problems import ProblemList

_ESCAPED = re.compile(r"\\(['\"$#@&%_*()\[\]{}!<>~+.-])")
_COMMENT = re.compile(r"\s+#.*")
_MARKDOWN = re.compile(
    r"\*\*[^*\s][^*]*\*\*|\[[^\[\]]+\]\([^()\s]+\)|\[@[\w-]+[^\[\]]*\]|</?[a-z][a-z0-9]*(?: [^<>]*)?/?>"
)
_MARKDOWN_SIGN = re.compile(r"[*\[<]")

_ELSEWHERE = {
    "author": "Write `contributors: [Your role]`.",
    "authors": "Write `contributors: [Your role]`.",
    "description": "Write `summary:`.",
    "abstract": "Write `summary:`.",
    "excerpt": "Write `summary:`.",
    "subtitle": "Write `summary:`.",
    "cities": "Write `city:`, also for several.",
    "location": "Write `city:`.",
    "place": "Write `city:`.",
    "country": "Leave it out: the city determines the country.",
    "countries": "Leave it out: the cities determine the countries.",
    "draft": "Write `publication: draft` or `publication: published`.",
    "published": "Write `publication: published` or `publication: draft`.",
    "state": "Write `publication:` for the file, and `status:` for the practice.",
    "date": "Write the year under `started:`; dates of changes come from the file's history.",
    "lastmod": "Leave it out: dates of changes come from the file's history.",
    "modified": "Leave it out: dates of changes come from the file's history.",
    "updated": "Leave it out: dates of changes come from the file's history.",
    "created": "Leave it out: dates of changes come from the file's history.",
    "layout": "Leave it out: all cases look the same.",
    "template": "Leave it out: all cases look the same.",
    "type": "Leave it out, or write `arrangements:`.",
    "weight": "Leave it out.",
    "slug": "Leave it out: the file name is the slug.",
    "permalink": "Leave it out: the file name is the address.",
    "url": "Leave it out here: addresses belong to sources.",
    "id": "Leave it out: the file name is the id.",
    "tags": "Write `arrangements:`, `challenges:` and `audiences:`.",
    "tag": "Write `arrangements:`, `challenges:` and `audiences:`.",
    "categories": "Write `arrangements:`, `challenges:` and `audiences:`.",
    "category": "Write `arrangements:`, `challenges:` and `audiences:`.",
    "keywords": "Write `questions:`, or leave it out.",
    "lang": "Write `language:`.",
    "locale": "Write `language:`.",
    "image": "Leave it out: cases have no pictures.",
    "images": "Leave it out: cases have no pictures.",
    "cover": "Leave it out: cases have no pictures.",
    "thumbnail": "Leave it out: cases have no pictures.",
    "references": "Write `sources:`.",
    "bibliography": "Write `sources:`.",
    "start": "Write `started:`.",
    "end": "Write `ended:`.",
    "year": "Write `started:`.",
}
"""Keys of other systems, and what to write here."""


def instead_of(key: str) -> str:
    """What to write instead of a key of another system; empty if it is not known."""
    return _ELSEWHERE.get(key.casefold(), "")


def same_as(key: str) -> str:
    """The key that means the same here as one of another system; empty if there is none that does."""
    found = re.fullmatch(r"Write `(\w+):`(?:, also for several)?\.", instead_of(key))
    return found[1] if found else ""


def check_value(name: str, scalar: Scalar, problems: ProblemList) -> None:
    """Note what readers would stumble over in a text in the author's own words."""
    text, place = scalar.text, scalar.place
    if is_of_template(text):
        problems.add("template-text", f"`{name}` is still the text of the template.", "Replace it.", place=place)
        return
    _check_comment(name, scalar, problems)
    if scalar.is_plain and _is_in_curly_quotes(text):
        message = f"The quotation marks {text[0]} and {text[-1]} are part of the text here."
        hint = "Type straight ones around a value."
        problems.add("curly-quotes", message, hint, place=place, swap=(text, quoted(text[1:-1])))
    if "\\" in text and (escaped := _ESCAPED.search(text)):
        message = f"The backslash in `{escaped.group()}` is shown to readers."
        line = problems.line(place.line)
        fix = line[: place.column - 1] + _ESCAPED.sub(r"\1", line[place.column - 1 :])
        problems.add("backslash", message, "Leave it out.", place=place, fix=fix)
    if _MARKDOWN_SIGN.search(text) and (markdown := _MARKDOWN.search(text)):
        message = f"`{markdown.group()[:40]}` is shown as typed: front matter is plain text."
        problems.add("other-markup", message, "Write it without marks; cite in the sections below.", place=place)
    for mark in foreign_marks(text):
        problems.add(
            "other-markup", f"`{mark.written[:40]}` is {mark.what}, which is shown as typed.", mark.hint, place=place
        )


def _check_comment(name: str, scalar: Scalar, problems: ProblemList) -> None:
    """Note a text that a number sign cuts short."""
    if not scalar.is_plain or scalar.end is None:
        return
    line = problems.line(scalar.end.line)
    comment = _COMMENT.match(line, scalar.end.column - 1) if len(line) >= scalar.end.column else None
    if not comment:
        return
    fix = ""
    if scalar.place.line == scalar.end.line:
        fix = line[: scalar.place.column - 1] + quoted(scalar.text + comment.group().rstrip())
    message = f"Everything after ` #` is a comment: `{name}` ends with `{scalar.text[-20:]}`."
    hint = "Put the whole text in double quotes, or delete the comment."
    column = scalar.end.column + len(comment.group()) - len(comment.group().lstrip())
    problems.add("lost-comment", message, hint, line=scalar.end.line, column=column, fix=fix)


def joined_at_commas(sequence: YamlSequence, problems: ProblemList) -> Iterator[Node]:
    """The items of a list; those that a comma in brackets or quotation marks has split are one again, and noted."""
    items = list(sequence.items)
    while items:
        item = items.pop(0)
        if sequence.is_flow and isinstance(item, Scalar) and item.is_plain and _is_open(item.text):
            taken, joined = 0, item.text
            for taken, following in enumerate(items, start=1):
                if not isinstance(following, Scalar):
                    break
                joined += f", {following.text}"
                if not _is_open(joined):
                    _note_split(item, joined, problems)
                    item = replace(item, text=_without_curly(joined))
                    del items[:taken]
                    break
        yield item


def joined_keys(mapping: Mapping, problems: ProblemList) -> Mapping:
    """A mapping, with a key that a comma in brackets has split put together again, which is noted."""
    entries: list[Entry] = []
    for entry in mapping.entries:
        before = entries[-1] if entries else None
        is_cut = before is not None and isinstance(before.value, Scalar) and not before.value.text
        if mapping.is_flow and before and is_cut and _is_open(before.key):
            joined = f"{before.key}, {entry.key}"
            _note_split(Scalar(before.key, before.place), joined, problems)
            entries[-1] = Entry(_without_curly(joined), before.place, entry.value)
        else:
            entries.append(entry)
    return replace(mapping, entries=tuple(entries))


def note_cut_at_comma(mapping: Mapping, entry: Entry, problems: ProblemList) -> bool:
    """Note a text in braces that a comma has cut, if a key is the rest of one; return whether it is."""
    place = mapping.entries.index(entry)
    before = mapping.entries[place - 1].value if place else None
    is_rest = mapping.is_flow and isinstance(entry.value, Scalar) and not entry.value.text and " " in entry.key
    if not is_rest or not isinstance(before, Scalar) or not before.is_plain:
        return False
    line = problems.line(before.place.line)
    start, end = before.place.column - 1, entry.place.column - 1 + len(entry.key)
    whole = line[start:end]
    fix = line[:start] + quoted(whole) + line[end:] if before.place.line == entry.place.line else ""
    message = f"The comma before `{entry.key[:40]}` ends the text here."
    hint = "Put a text with a comma in double quotes."
    problems.add("unknown-key", message, hint, place=entry.place, fix=fix)
    return True


def _note_split(item: Scalar, joined: str, problems: ProblemList) -> None:
    line = problems.line(item.place.line)
    start = item.place.column - 1
    written = re.match(re.escape(joined).replace(r",\ ", r",\s*"), line[start:])
    fix = line[:start] + quoted(_without_curly(joined)) + line[start + written.end() :] if written else ""
    message = f"The comma splits `{joined[:60]}` in two."
    hint = "Put a text with a comma in double quotes."
    problems.add("split-at-comma", message, hint, place=item.place, fix=fix)


def _is_open(text: str) -> bool:
    """Whether a bracket or quotation mark opens in a text and does not close."""
    curly = text[:1] in CLOSING_QUOTES and not any(closing in text[1:] for closing in CLOSING_QUOTES[text[0]])
    return curly or text.count("(") > text.count(")")


def _is_in_curly_quotes(text: str) -> bool:
    return len(text) > 2 and text[-1] in CLOSING_QUOTES.get(text[0], "") and text[0] not in text[1:-1]


def _without_curly(text: str) -> str:
    return text[1:-1] if _is_in_curly_quotes(text) else text
