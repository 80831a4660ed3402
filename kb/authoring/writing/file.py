"""Writes what is known of a case as the text of its file: a new one, or the same with other values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kb.authoring.parsing.case_file import CASE_KEYS
from kb.authoring.writing.edits import (
    UNTOUCHED,
    CannotEdit,
    Edit,
    Entries,
    Items,
    Value,
    Word,
    edited,
    edits_of,
    rendered,
    spans_of,
)
from kb.authoring.writing.values import CaseValues, Pair, head_of, readable, sections_of, split, tidy, values_in
from kb.model.case import CASE_SECTIONS, Publication, ReviewState

_NEW: Mapping[str, Value] = {
    "publication": Word(Publication.DRAFT),
    "review": Entries((("state", Word(ReviewState.UNREVIEWED)),)),
    "aliases": Items(()),
}
"""What the file of a new case says beside its values: it is a draft, so nothing is published by accident."""


def written(values: CaseValues, *, is_tidy: bool = False) -> str:
    """The text of the file of a new case, as a draft. Any values make a file that can be read.

    `is_tidy` is whether they have been tidied: reading them once more takes time.
    """
    return _whole(values if is_tidy else tidy(values), _NEW, [])


def _whole(values: CaseValues, others: Mapping[str, Value], kept: Iterable[str]) -> str:
    """A whole file: the values, other keys with theirs, and lines that are kept as they are."""
    fields: dict[str, Value | None] = {**fields_of(values), **others}
    head = [line for key in CASE_KEYS.names if (value := fields.get(key)) is not None for line in rendered(key, value)]
    start = "\n".join(["---", *head, *kept, "---"])
    for headings in _WAYS:
        shown = [(name, values.section(name)) for name in CASE_SECTIONS if name in headings or values.section(name)]
        text = "\n\n".join([start, *(part for name, said in shown for part in (f"## {name}", said) if part)]) + "\n"
        if values_in(text).sections == values.sections:
            break
    return text


_WAYS: tuple[tuple[str, ...], ...] = ((), CASE_SECTIONS)
"""The headings that are written although there is no text below them. If a line in a box reads like the heading of a
section that is left out, it would be taken for it; so all of them are written."""


def corrected(text: str, values: CaseValues, *, is_tidy: bool = False) -> str:
    """The text of a file with other values. Only lines that say something else are changed.

    Comments and keys that values have no place for stay. `is_tidy` is whether the values have been tidied.
    """
    before, after = tidy(values_in(text)), values if is_tidy else tidy(values)
    if before == after:
        return text
    known = fields_of(before)
    changes = {key: value for key, value in fields_of(after).items() if value != known[key]}
    headed = with_fields(text, changes)
    for headings in _WAYS:
        changed = _with_sections(headed, before, after, headings)
        said = values_in(changed)
        if said == after or tidy(said) == after:
            return changed
    # The file is written in a way that its lines cannot be changed one by one: it is written anew.
    return _whole(after, {}, _others(text))


def with_fields(text: str, changes: Mapping[str, Value | None]) -> str:
    """The text of a file with other values under some keys of its front matter; None removes a key.

    Where that cannot be done line by line, the text stays as it is.
    """
    parts = split(readable(text))
    lines = text.split("\n")
    end = parts.head_line - 1 + parts.head.count("\n") + 1
    order = [key for key in CASE_KEYS.names if key in changes]
    head = head_of(readable(text))
    present = [entry.key for entry in head.entries]
    wanted = []
    for key in CASE_KEYS.names:
        if key in order:
            wanted.append((key, changes[key]))
        elif key in present:
            wanted.append((key, UNTOUCHED))
    try:
        edits = edits_of(head, Entries(tuple(wanted), is_whole=False), lines, end)
    except CannotEdit:
        return text
    return "\n".join(edited(lines, edits))


def fields_of(values: CaseValues) -> dict[str, Value | None]:
    """What the front matter says of values, by key; None for what is left out if it is empty."""
    reported = Entries((("year", Word(values.reported_year)), ("source", Word(values.reported_source))))
    return {
        "title": values.title,
        "summary": values.summary,
        "city": _words(values.city),
        "started": Word(values.started),
        "ended": Word(values.ended),
        "status": Word(values.status),
        "arrangements": _texts(values.arrangements),
        "challenges": Entries(
            tuple((key, Entries((("showed", showed or None), ("handled", handled or None))))
                  for key, showed, handled in values.challenges)
        ),
        "extremism": _words(values.extremism),
        "audiences": _words(values.audiences),
        "lead": _sectors(values.lead),
        "partners": _sectors(values.partners),
        "last_reported": reported if values.reported_year or values.reported_source else None,
        "resources": values.resources or None,
        "questions": Items(values.questions, is_one_line=False) if values.questions else None,
        "experienced_as": _texts(values.experienced_as) if values.experienced_as else None,
        "evidence": Entries((("level", Word(values.level)), ("note", values.note)), is_whole=False),
        "language": Word(values.language),
        "contributors": _words(values.contributors),
        "sources": Entries(
            tuple(
                (source.id, Entries((("title", source.title), ("by", source.by), ("year", _word(source.year)),
                                     ("url", source.url or None), ("lang", _word(source.lang))), is_whole=False))
                for source in values.sources
            )
        ),
    }  # fmt: skip


def _word(text: str) -> Word | None:
    return Word(text) if text else None


def _words(texts: Iterable[str]) -> Items:
    return Items(tuple(map(Word, texts)))


def _texts(pairs: Iterable[Pair]) -> Entries:
    return Entries(tuple(pairs))


def _sectors(pairs: Iterable[Pair]) -> Entries:
    return Entries(tuple((name, Word(sector)) for name, sector in pairs))


def _others(text: str) -> list[str]:
    """The lines of front matter below keys that values have no place for."""
    parts = split(readable(text))
    lines = text.split("\n")
    end = parts.head_line - 1 + parts.head.count("\n") + 1
    ours = fields_of(CaseValues())
    return [
        line
        for entry, start, stop in spans_of(head_of(readable(text)), end)
        if entry.key not in ours
        for line in lines[start:stop]
    ]


def _with_sections(text: str, before: CaseValues, after: CaseValues, headings: Collection[str]) -> str:
    """The text with what the sections say now; those that say the same stay as they are."""
    lines = text.split("\n")
    present = {section.heading: section for section in reversed(sections_of(readable(text)))}
    edits: list[Edit] = []
    end = len(lines) - (lines[-1] == "")
    for number, heading in enumerate(CASE_SECTIONS):
        said = after.section(heading)
        section = present.get(heading)
        if said == before.section(heading) and (section or heading not in headings):
            continue
        below = ["", *said.split("\n"), ""] if said else [""]
        if section is None:
            later = (present[other].heading_line for other in CASE_SECTIONS[number + 1 :] if other in present)
            at = next(later, end)
            lead = [""] if at > 0 and lines[at - 1].strip() else []
            edits.append(Edit(at, at, (*lead, f"## {heading}", *below)))
        elif said or heading in headings:
            edits.append(Edit(section.start, section.end, tuple(below)))
        else:
            edits.append(Edit(section.heading_line, section.end, ()))
    result = "\n".join(edited(lines, edits))
    return result.rstrip("\n") + "\n" if edits else result
