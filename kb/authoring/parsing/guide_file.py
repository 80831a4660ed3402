"""Turns a guide page (`content/arrangements/<id>.md`, `content/challenges/<id>.md`) into a `Guide`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.authoring.parsing import sources as source_list
from kb.authoring.parsing.body import read_body
from kb.authoring.parsing.fields import FieldReader, Keys
from kb.authoring.parsing.front_matter import read_head, split_file
from kb.authoring.parsing.markdown.notes import WrittenLink
from kb.authoring.parsing.text_file import decode
from kb.authoring.problems import Problem, ProblemList
from kb.model.case import ARRANGEMENT_SECTIONS, CHALLENGE_SECTIONS, Guide
from kb.model.section import GENERAL
from kb.model.vocabulary import Vocabularies

GUIDE_SECTIONS = {"arrangements": ARRANGEMENT_SECTIONS, "challenges": CHALLENGE_SECTIONS}
"""The folders that contain guide pages, with the template of each."""


@dataclass(frozen=True)
class GuideFile:
    """What was read from a guide file."""

    path: str
    guide: Guide | None
    """The complete page; None if an error keeps it from being published."""
    problems: tuple[Problem, ...]
    text: str
    """The file as written; empty if it is not text."""
    links: tuple[WrittenLink, ...] = ()
    """The links in its text, even if it cannot be published."""


def parse_guide_file(path: PurePosixPath, data: bytes, vocabularies: Vocabularies) -> GuideFile:
    """Read one guide page. Never raises for anything an author can write."""
    problems = ProblemList(path)
    _check_name(path, vocabularies, problems)
    written = decode(data, problems)
    guide, links = _parse_text(path, written.text, problems)
    text = written.written if written.is_sound else ""
    return GuideFile(str(path), None if problems.has_errors else guide, problems.sorted(), text, links)


def _check_name(path: PurePosixPath, vocabularies: Vocabularies, problems: ProblemList) -> None:
    vocabulary = vocabularies.arrangements if path.parent.name == "arrangements" else vocabularies.challenges
    if path.stem not in vocabulary:
        near = vocabulary.nearest(path.stem)
        hint = f"Did you mean `{near.id}.md`?" if near else f"Add the term to `vocabularies/{vocabulary.name}.yaml`."
        problems.add("unknown-term", f"`{path.stem}` is not in the vocabulary `{vocabulary.name}`.", hint)


def _parse_text(path: PurePosixPath, text: str, problems: ProblemList) -> tuple[Guide, tuple[WrittenLink, ...]]:
    folder = path.parent.name
    template = GUIDE_SECTIONS[folder]
    split = split_file(text, problems, _KEYS.names, template)
    fields = FieldReader(read_head(split, problems, _KEYS.names), problems, keys=_KEYS)
    sources = source_list.read_sources(fields, problems, required=False)
    fields.finish()
    known = {**sources.numbers, GENERAL: 0}
    body = read_body(
        split.body, split.body_line, template, known, folder, problems, knows_all_sources=sources.is_complete
    )
    is_text_read = body.is_complete
    cited = source_list.count_citations(sources.listed, body.citations, problems, is_text_read=is_text_read)
    return Guide(folder.removesuffix("s"), path.stem, cited, body.sections), body.links


_KEYS = Keys(("sources",))
