"""The text of a content file: cut into its sections, checked, rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.authoring.parsing.markdown import (
    CITATION,
    GENERAL,
    NestedTooDeeply,
    Renderer,
    cited_keys,
    content_address,
    plain_text,
)
from kb.authoring.parsing.text_file import Place
from kb.authoring.problems import ProblemList
from kb.hints import nearest
from kb.model.case import Section, slugify_heading

# These read as the renderer does: it needs no space after the hashes of a heading, and code ends with its paragraph.
_HEADING = re.compile(r"^(#{1,6})\s*(.*?)\s*#*\s*$")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_RAW_HTML = re.compile(r"<(?!https?://|mailto:)(?:[A-Za-z/!?][^<>]*)>?")
_IMAGE = re.compile(r"!\[[^\]]*\]\s*[(\[]")
_LINK_TARGET = re.compile(
    r"\]\(\s*<?([^)\s>]+)|^[ \t>*+-]*\[[^\]@][^\]]*\]:\s*<?(\S+?)>?(?:\s|$)|<([a-z][\w+.-]*:[^>\s]*)>", re.MULTILINE
)
_SAFE_TARGET = re.compile(r"^(https?://|mailto:|#[\w-]+$)", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+")


@dataclass(frozen=True)
class RawSection:
    """A section as written: its heading and the lines below it."""

    heading: str
    line: int
    """The line of the heading."""
    lines: tuple[str, ...]

    def numbered(self) -> Iterator[tuple[int, str]]:
        """The lines below the heading with their numbers."""
        return enumerate(self.lines, start=self.line + 1)

    @property
    def markdown(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.markdown.strip()


def split_sections(body: str, first_line: int, problems: ProblemList) -> tuple[RawSection, ...]:
    """Cut a body at its level-two headings; text above the first one is a problem."""
    sections: list[RawSection] = []
    heading: str | None = None
    heading_line, lines = 0, list[str]()

    def close() -> None:
        if heading is not None:
            sections.append(RawSection(heading, heading_line, tuple(lines)))
        elif any(line.strip() for line in lines):
            first = next(number for number, line in enumerate(lines, first_line) if line.strip())
            problems.add(
                "text-before-section", "Text stands above the first section.", "Move it below a heading.", line=first
            )

    for number, line in enumerate(body.split("\n"), start=first_line):
        match = _HEADING.match(line)
        if match and len(match.group(1)) == 2:
            close()
            heading, heading_line, lines = match.group(2), number, []
            continue
        if match and len(match.group(1)) == 1:
            problems.add(
                "unknown-section",
                "A level-one heading stands here; the title in the front matter is the only one.",
                "Write section headings with two hashes.",
                line=number,
            )
        lines.append(line)
    close()
    return tuple(sections)


def read_sections(
    raw: Sequence[RawSection],
    template: Sequence[str],
    source_numbers: Mapping[str, int],
    folder: str,
    problems: ProblemList,
) -> tuple[tuple[Section, ...], Mapping[str, int]]:
    """The rendered sections in the order of `template`, and how often each source is cited.

    `source_numbers` maps each listed source to its number; `folder` is the content folder of the file.
    """
    known = _known_sections(raw, template, problems)
    for section in raw:
        _check_text(section, source_numbers, folder, problems)
    ordered = sorted(known, key=lambda section: template.index(section.heading))
    renderer = Renderer(source_numbers, folder)
    sections = tuple(_render(section, renderer, problems) for section in ordered if not section.is_empty)
    return sections, dict(renderer.citations)


def _render(section: RawSection, renderer: Renderer, problems: ProblemList) -> Section:
    try:
        html = renderer.html(section.markdown)
    except NestedTooDeeply:
        html = ""
        message = f"Lists or quotes in `{section.heading}` are nested too deeply."
        problems.add("nested-too-deeply", message, "Write them side by side.", line=section.line)
    return Section(slugify_heading(section.heading), section.heading, html, plain_text(html))


def _known_sections(
    sections: Sequence[RawSection], template: Sequence[str], problems: ProblemList
) -> tuple[RawSection, ...]:
    """The sections that the template has, each once; everything else about headings becomes a problem."""
    known: list[RawSection] = []
    for section in sections:
        if section.heading not in template:
            near = nearest(section.heading, template)
            hint = f"Did you mean `## {near}`?" if near else f"The headings are: {'; '.join(template)}."
            problems.add("unknown-section", f"There is no section `{section.heading}`.", hint, line=section.line)
        elif any(section.heading == other.heading for other in known):
            problems.add(
                "duplicate-section", f"The section `{section.heading}` stands twice.", "Join them.", line=section.line
            )
        else:
            known.append(section)
            if section.is_empty:
                hint = "Write it, or leave the heading out."
                problems.add("empty-section", f"The section `{section.heading}` is empty.", hint, line=section.line)
    _check_order(known, template, problems)
    return tuple(known)


def _check_order(sections: Sequence[RawSection], template: Sequence[str], problems: ProblemList) -> None:
    furthest = -1
    for section in sections:
        position = template.index(section.heading)
        if position < furthest:
            hint = f"The template has it before `{template[furthest]}`."
            problems.add("section-order", f"`{section.heading}` stands too late.", hint, line=section.line)
        furthest = max(furthest, position)
    present = {section.heading for section in sections}
    for heading in template:
        if heading not in present:
            line = sections[-1].line if sections else 1
            hint = "Comparison with other cases relies on it."
            problems.add("missing-section", f"The section `{heading}` is missing.", hint, line=line)


def without_code(markdown: str) -> str:
    """The text with spaces in place of code, in which nothing is a tag, a link or a citation."""
    return _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), markdown)


def link_targets(text: str) -> Iterator[tuple[int, str]]:
    """What the links in a text lead to, each with its position."""
    for link in _LINK_TARGET.finditer(text):
        group = link.lastindex or 0
        yield link.start(group), link.group(group)


def _check_text(section: RawSection, source_numbers: Mapping[str, int], folder: str, problems: ProblemList) -> None:
    text = without_code(section.markdown)

    def note(rule: str, message: str, hint: str, position: int) -> None:
        place = Place.at(position, text, section.line + 1)
        problems.add(rule, message, hint, line=place.line, column=place.column)

    for image in _IMAGE.finditer(text):
        note("image", "An image stands here.", "Describe it in words.", image.start())
    for tag in _RAW_HTML.finditer(text):
        message = f"An HTML tag stands here: `{' '.join(tag.group().split())[:40]}`."
        note("raw-html", message, "Write markdown: `**bold**`, `*stress*`, `[text](address)`.", tag.start())
    for position, target in link_targets(text):
        if not _SAFE_TARGET.match(target) and not content_address(target, folder):
            hint = "Link to an https:// address or to another content file such as `oslo-salto.md`."
            note("unsafe-link", f"A link leads to `{target[:60]}`.", hint, position)
    for citation in CITATION.finditer(text):
        keys = cited_keys(citation.group())
        unknown = [key for key in keys if key not in source_numbers]
        if unknown or not keys:
            written = " ".join(citation.group().split())
            told = f"`{unknown[0]}` is not listed under `sources`" if unknown else f"`{written}` names no source"
            listed = ", ".join(key for key in source_numbers if key != GENERAL) or "none"
            note("unknown-source", f"{told}.", f"Listed are: {listed}.", citation.start())


def uncited_blocks(section: RawSection) -> Iterator[tuple[int, str]]:
    """The paragraphs and list items of a section that cite nothing, each with the line it starts on."""
    block: list[str] = []
    start = 0
    for number, line in [*section.numbered(), (0, "")]:
        begins = not line.strip() or _LIST_ITEM.match(line) or line.lstrip().startswith("#")
        if begins and block:
            if not CITATION.search(" ".join(block)):
                yield start, " ".join(block)
            block = []
        if line.strip() and not line.lstrip().startswith("#"):
            if not block:
                start = number
            block.append(line)
