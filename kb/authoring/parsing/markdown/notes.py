"""What is noted while a text is read: problems in it, and where its links point."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.authoring.parsing.markdown.limits import Effort
from kb.authoring.parsing.markdown.lines import Written, expanded
from kb.authoring.parsing.markdown.links import Target, web_address
from kb.authoring.problems import ProblemList

_BARE_ADDRESS = re.compile(r"www\.[\w-]+(?:\.[\w-]+)+(?:/\S*)?")


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """A link and its position in its file."""

    target: str
    """As its author wrote it."""
    line: int
    column: int


class Notes:
    """Collects problems and links of one text."""

    def __init__(
        self,
        lines: Sequence[str],
        first_number: int,
        folder: str,
        problems: ProblemList,
        effort: Effort,
        *,
        knows_all_sources: bool = True,
    ) -> None:
        self.knows_all_sources = knows_all_sources
        self._has_footnotes = False
        self._unknown: set[str] = set()
        self.failed: set[int] = set()
        """The lines with a citation that cannot be read, also where only the first of several is noted."""
        self._lines = lines
        self._first_number = first_number
        self._folder = folder
        self._problems = problems
        self._effort = effort
        self.links: list[WrittenLink] = []

    def add(
        self,
        written: Written,
        position: int,
        rule: str,
        message: str,
        hint: str,
        *,
        swap: tuple[str, str] | None = None,
        fix: str = "",
    ) -> None:
        """Note a problem at a position of a block's words, as `ProblemList.add` does.

        Raises TooMuch if there are too many.
        """
        line, column = self._place(written, position)
        self._effort.spend(line)
        self._problems.add(rule, message, hint, line=line, column=column, swap=swap, fix=fix)

    def footnote(self, written: Written, position: int) -> None:
        """Note that footnotes are not read, once for a text: they come in pairs."""
        self.failed.add(self._place(written, position)[0])
        if not self._has_footnotes:
            self._has_footnotes = True
            message = "Footnotes such as `[^1]` are not read."
            hint = "List the source under `sources`, and cite it as `[@s1]`."
            self.add(written, position, "footnote", message, hint)

    def unknown_source(self, written: Written, position: int, key: str, hint: str) -> None:
        """Note a source that is not listed, once for each."""
        self.failed.add(self._place(written, position)[0])
        if key not in self._unknown:
            self._unknown.add(key)
            self.add(written, position, "unknown-source", f"`{key}` is not listed under `sources`.", hint)

    def line(self, number: int) -> str:
        """A line of the file."""
        return self._lines[number - self._first_number]

    def check_target(self, written: Written, target: Target) -> str | None:
        """The address that a page links to for a target; None, with a problem, for one that it may not link to."""
        line, column = self._place(written, target.start)
        self.links.append(WrittenLink(target.address, line, column))
        address = web_address(target.address, self._folder)
        if address is None:
            points = f"points to `{target.address[:60]}`" if target.address else "leads nowhere"
            hint, swap = "Link to an https:// address or to another content file such as `oslo-salto.md`.", None
            if _BARE_ADDRESS.fullmatch(target.address):
                hint, swap = f"Write `https://{target.address}`.", (target.address, f"https://{target.address}")
            self.add(written, target.start, "unsafe-link", f"A link {points}.", hint, swap=swap)
        return address

    def _place(self, written: Written, position: int) -> tuple[int, int]:
        """Line and column, counted as editors do: a tab is one character."""
        line, columns = written.place(position)
        text = self._lines[line - self._first_number]
        if "\t" not in text:
            return line, columns + 1
        before = next((end for end in range(len(text)) if len(expanded(text[: end + 1])) > columns), len(text))
        return line, before + 1
