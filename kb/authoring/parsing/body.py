"""The text of a content file: split into sections, with the checks that need to see all of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import OSA

from kb.authoring.parsing.allowances import without_allowances
from kb.authoring.parsing.markdown.document import Document, count_citations, read_document, secured
from kb.authoring.parsing.markdown.notes import WrittenLink
from kb.authoring.parsing.template import template_lines
from kb.authoring.parsing.text_file import character_name
from kb.authoring.parsing.yaml.recovery import without_conflicts
from kb.authoring.problems import ProblemList
from kb.hints import nearest
from kb.model.case import slugify_heading
from kb.model.section import Block, BlockKind, Inline, Section, Span

SECTION_LEVEL = 2
"""The level of the headings at which a text is split."""

DEEPEST_HEADING = 4
"""Deeper ones look like any other text on a page."""


MOST_SLIPS = 2
"""Letters by which a heading may differ from one of the template and be certainly that one, misspelt."""


@dataclass(frozen=True)
class WrittenSection:
    """A section as written in its file."""

    heading: str
    line: int
    """The line of the heading."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Body:
    """The text of a content file, read."""

    written: tuple[WrittenSection, ...]
    """All sections, in the order of the file."""
    sections: tuple[Section, ...]
    """Those in the template, in its order, with their citations numbered from first to last."""
    citations: Mapping[str, int]
    """How often they cite each source."""
    links: tuple[WrittenLink, ...]
    failed: frozenset[int] = frozenset()
    """The lines with a citation that cannot be read."""
    is_complete: bool = True
    """Whether all of it could be read: only then can a source be reported as uncited."""


def read_body(
    text: str,
    first_line: int,
    template: Sequence[str],
    source_numbers: Mapping[str, int],
    folder: str,
    problems: ProblemList,
    *,
    knows_all_sources: bool = True,
) -> Body:
    """The sections of a text that starts on this line of its file.

    `source_numbers` maps each listed source to its number; `folder` is the content folder of the file. If some sources
    cannot be read, citations of unknown sources are not reported.
    """
    text = without_conflicts(without_allowances(text), first_line, problems)
    for number in template_lines(text):
        message = "This line is still from the template, or only a note that something is missing."
        problems.add("template-text", message, "Replace it.", line=first_line + number)
    document = read_document(text, first_line, source_numbers, folder, problems, knows_all_sources=knows_all_sources)
    if not document.blocks:
        if not document.is_cut_short and not any(problem.rule in _NO_FILE for problem in problems.found):
            message = "There is no text below the front matter."
            problems.add("no-text", message, f"Write the sections: {'; '.join(template)}.", line=max(first_line - 1, 1))
        return Body((), (), {}, document.links, is_complete=False)
    written = _split(document, template, problems)
    known = _known_sections(written, template, document.underlined, problems)
    counted: Counter[str] = Counter()
    sections = tuple(
        secured(Section(slugify_heading(section.heading), section.heading, count_citations(section.blocks, counted)))
        for section in sorted(known, key=lambda section: template.index(section.heading))
        if section.blocks
    )
    is_complete = not any(problem.rule in _UNREAD for problem in problems.found)
    return Body(written, sections, dict(counted), document.links, document.failed, is_complete)


_NO_FILE = frozenset({"no-front-matter"})
"""Rules whose problems mean that it is unclear where the text begins."""

_UNREAD = frozenset({"bad-citation", "unknown-section", "text-before-section", "duplicate-section", "merge-conflict"})
"""Rules whose problems may be the reason why a source seems not to be cited."""


def _split(document: Document, template: Sequence[str], problems: ProblemList) -> tuple[WrittenSection, ...]:
    """The blocks by section; misplaced headings, and text above the first section, become problems."""
    blocks = document.blocks
    meant = _meant_as_headings(blocks, template, problems)
    starts = [number for number, block in enumerate(blocks) if number in meant or _is_section_heading(block)]
    first = starts[0] if starts else len(blocks)
    if first > 0:
        message, hint = "There is text above the first section.", "Move it below a heading."
        if blocks[0].kind is BlockKind.HEADING and blocks[0].number < SECTION_LEVEL:
            message = "There is a title above the first section."
            hint = "Delete it: the page shows the title of the front matter."
        elif not starts:
            message, hint = "There is no section heading.", f"The headings are: {'; '.join(template)}."
        problems.add("text-before-section", message, hint, line=blocks[0].line)
    sections = tuple(
        WrittenSection(meant.get(start, blocks[start].text), blocks[start].line, tuple(blocks[start + 1 : end]))
        for start, end in pairwise([*starts, len(blocks)])
    )
    others = [block for number, block in enumerate(blocks) if number not in starts]
    for block in _all_blocks(others):
        if block is not blocks[0] or first == 0:
            _check_heading(block, problems)
    return sections


def _meant_as_headings(blocks: Sequence[Block], template: Sequence[str], problems: ProblemList) -> Mapping[int, str]:
    """The blocks that are not section headings but read like one, by number, each with that heading; reported."""
    names = {_plain(heading): heading for heading in template}
    present = {_plain(block.text) for block in blocks if _is_section_heading(block)}
    meant: dict[int, str] = {}
    for number, block in enumerate(blocks):
        may_be = block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH) and not _is_section_heading(block)
        plain = _plain(block.text) if may_be and len(block.content) == 1 else ""
        heading = names.get(plain)
        if not heading or plain in present:
            continue
        present.add(plain)
        meant[number] = heading
        line = problems.line(block.line).strip()
        if block.kind is BlockKind.HEADING:
            hashes = "hash" if block.number == 1 else "hashes"
            message = f"The heading `{block.text}` has {block.number} {hashes}; those of sections have two."
        elif line.startswith("#"):
            message = f"`{line[:40]}` is not a heading without a space after the hashes."
        else:
            message = f"`{line[:40]}` is not a heading: section headings begin with two hashes and a space."
        fix = f"## {heading}"
        problems.add("unknown-section", message, f"Write `{fix}`.", line=block.line, fix=fix, is_sure=True)
    return meant


def _plain(heading: str) -> str:
    """A heading without case, punctuation and number.

    >>> _plain("4. What helped:"), _plain("*What Helped*")
    ('what helped', 'what helped')
    """
    words = _WORDS.findall(_NUMBER.sub("", heading.casefold()))
    return " ".join(words)


_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"^[\s#*_]*(?:[0-9]{1,2}|[ivx]{1,4}|[a-g])[.):]\s+")


def _is_section_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and block.number == SECTION_LEVEL


def _all_blocks(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _all_blocks(block.blocks)


def _check_heading(block: Block, problems: ProblemList) -> None:
    """Note a block that looks like a section heading but is not one, or that was meant to be one."""
    if block.kind is BlockKind.HEADING and block.number < SECTION_LEVEL:
        message = "This is a level-one heading; only the title in the front matter may be one."
        problems.add("unknown-section", message, "Write section headings with two hashes.", line=block.line)
    elif _is_section_heading(block):
        message = f"The heading `{block.text}` is inside a list or a quote."
        problems.add("unknown-section", message, "Start it at the beginning of a line.", line=block.line)
    elif block.kind is BlockKind.HEADING and block.number > DEEPEST_HEADING:
        message = f"This heading has {block.number} hashes, which is too deep for a page of this length."
        fix = re.sub(r"#+", "###", problems.line(block.line), count=1)
        problems.add("heading-level", message, "Write three: `### `.", line=block.line, fix=fix)
    elif block.kind is BlockKind.PARAGRAPH and block.text.startswith("##") and block.text[2:3] not in ("", "#", " "):
        message = f"`{block.text[:40]}` is not a heading without a space after the hashes."
        hint = f"Write `## {block.text[2:42].strip()}`."
        problems.add("unknown-section", message, hint, line=block.line)


def _known_sections(
    sections: Sequence[WrittenSection], template: Sequence[str], underlined: frozenset[int], problems: ProblemList
) -> tuple[WrittenSection, ...]:
    """The sections in the template, each once; any other heading becomes a problem.

    A section whose heading was probably meant to be one of the template is read as that one.
    """
    if not sections:
        return ()  # that there are none has been noted
    known: dict[str, WrittenSection] = {}
    meant = _meant_headings(sections, template)
    last = ""
    for number, section in enumerate(sections):
        heading = section.heading
        if heading not in template and section.line in underlined and number not in meant:
            _note_underlined(section, problems)
            heading = last
        elif heading not in template:
            heading = meant.get(number, "")
            _note_unknown(section, heading, template, problems)
        elif heading in known:
            message = f"The section `{heading}` appears twice."
            problems.add("duplicate-section", message, "Merge them.", line=section.line)
        if heading in known:
            blocks = (*known[heading].blocks, *section.blocks)
            known[heading] = replace(known[heading], blocks=blocks)
        elif heading:
            known[heading] = replace(section, heading=heading)
        last = heading or last
    for section in known.values():
        if not section.blocks:
            hint = "Write the section, or leave its heading out."
            problems.add("empty-section", f"The section `{section.heading}` is empty.", hint, line=section.line)
    _check_order(list(known.values()), sections, template, problems)
    return tuple(known.values())


def _meant_headings(sections: Sequence[WrittenSection], template: Sequence[str]) -> Mapping[int, str]:
    """The headings that unknown ones were probably meant to be: judged by their words, or else by their place."""
    free = [heading for heading in template if heading not in {section.heading for section in sections}]
    meant: dict[int, str] = {}
    unknown = [number for number, section in enumerate(sections) if section.heading not in template]
    for number in unknown:
        heading = sections[number].heading
        if near := _alike(heading, free):
            meant[number] = near
            free.remove(near)
    left = [number for number in unknown if number not in meant]
    if left and len(left) == len(free) and len(left) > 1:
        meant.update(zip(left, free, strict=True))
    elif len(left) == len(free) == 1 and len(sections) == len(template):
        meant[left[0]] = free[0]
    return meant


def _alike(heading: str, names: Sequence[str]) -> str | None:
    """The name that a heading was probably meant to be."""
    return next((name for name in names if _plain(name) == _plain(heading)), None) or nearest(heading, names)


def _note_unknown(section: WrittenSection, meant: str, template: Sequence[str], problems: ProblemList) -> None:
    message = f"There is no section `{section.heading}`."
    hint = f"The headings are: {'; '.join(template)}."
    alike = _alike(section.heading, [meant] if meant else template)
    if alike or meant:
        hint = f"Did you mean `## {alike}`?" if alike else f"Here the template has `## {meant}`."
    strange = next(
        (char for char in section.heading if unicodedata.category(char) in ("Cf", "Mn", "Zs") and char != " "), ""
    )
    if strange and meant:
        hint = f"It contains a {character_name(strange)}. {hint}"
    is_hashed = problems.line(section.line).lstrip().startswith("#")
    fix = f"## {meant}" if meant and is_hashed else ""
    is_sure = bool(meant) and OSA.distance(_plain(section.heading), _plain(meant)) <= MOST_SLIPS
    problems.add("unknown-section", message, hint, line=section.line, fix=fix, is_sure=is_sure)


def _note_underlined(section: WrittenSection, problems: ProblemList) -> None:
    line = next(
        (
            number
            for number in range(section.line + 1, section.line + 50)
            if _UNDERLINE.fullmatch(problems.line(number))
        ),
        section.line,
    )
    message = "The line of hyphens directly below this text turns it into a heading."
    hint = "Leave a blank line above the hyphens, or delete them."
    problems.add("underlined-heading", message, hint, line=line, fix=f"\n{problems.line(line)}")


_UNDERLINE = re.compile(r" {0,3}-+ *")


def _check_order(
    known: Sequence[WrittenSection],
    sections: Sequence[WrittenSection],
    template: Sequence[str],
    problems: ProblemList,
) -> None:
    furthest = -1
    for section in known:
        position = template.index(section.heading)
        if position < furthest:
            hint = f"In the template, it comes before `{template[furthest]}`."
            problems.add("section-order", f"`{section.heading}` comes too late.", hint, line=section.line)
        furthest = max(furthest, position)
    present = {section.heading for section in known}
    for heading in template:
        if heading not in present:
            line = sections[-1].line if sections else 1
            hint, paste = "Comparison with other cases relies on it.", f"## {heading}"
            problems.add("missing-section", f"The section `{heading}` is missing.", hint, line=line, paste=paste)


def uncited_statements(section: WrittenSection) -> Iterator[tuple[Block, range]]:
    """The paragraphs, items and tables of a section that cite no source, each with its lines."""
    for block in _statements(section.blocks):
        if not any(block.citations):
            yield block, range(block.line, _last_line(block) + 1)


def _statements(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.CODE, BlockKind.TABLE):
            yield block
        else:
            yield from _statements(block.blocks)


def _last_line(block: Block) -> int:
    return max([block.line + _line_ends(block.content), *map(_last_line, block.blocks)])


def _line_ends(content: Sequence[Inline]) -> int:
    texts = (inline for inline in content if isinstance(inline, str))
    spans = (inline for inline in content if isinstance(inline, Span))
    return sum(text.count("\n") for text in texts) + sum(_line_ends(span.content) for span in spans)
