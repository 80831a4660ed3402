"""Which asterisks and underscores emphasise words: CommonMark's rules, in time linear in the length of the text.

Follows "An algorithm for parsing nested emphasis and links" in the CommonMark specification 0.31.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from kb.authoring.parsing.markdown.limits import Effort
from kb.model.section import Inline, Span, Style


@dataclass(eq=False, slots=True)
class Run:
    """Asterisks or underscores side by side."""

    character: str
    length: int
    line: int
    can_open: bool
    can_close: bool
    left: int = field(init=False)
    """How many of them are not yet used."""
    closes: list[int] = field(default_factory=list)
    """The length, 1 or 2, of each emphasis that ends here; the innermost first."""
    opens: list[int] = field(default_factory=list)
    """The same for those that begin here."""
    number: int = 0
    """Its position among the runs of a text, from 0."""
    before: Run | None = None
    """The nearest run before it that may still open or close."""
    behind: Run | None = None

    def __post_init__(self) -> None:
        self.left = self.length

    @classmethod
    def at(cls, text: str, start: int, line: int) -> Run:
        """The run that begins at a position of a text."""
        character = text[start]
        end = start + 1
        while text.startswith(character, end):
            end += 1
        before, after = _Side.of(text[start - 1 : start]), _Side.of(text[end : end + 1])
        left_flanking = not after.is_space and not (after.is_punctuation and before.is_word)
        right_flanking = not before.is_space and not (before.is_punctuation and after.is_word)
        if character == "*":
            return cls(character, end - start, line, left_flanking, right_flanking)
        # Underscores within words, as in file names, are letters like any other.
        can_open = left_flanking and (not right_flanking or before.is_punctuation)
        can_close = right_flanking and (not left_flanking or after.is_punctuation)
        return cls(character, end - start, line, can_open, can_close)


@dataclass(frozen=True, slots=True)
class _Side:
    """What is next to a run."""

    is_space: bool
    is_punctuation: bool

    @property
    def is_word(self) -> bool:
        return not self.is_space and not self.is_punctuation

    @classmethod
    def of(cls, character: str) -> _Side:
        is_space = not character or character.isspace()
        return cls(is_space, not is_space and unicodedata.category(character)[0] in "PS")


def stressed(pieces: Sequence[Inline | Run], effort: Effort) -> tuple[Inline, ...]:
    """The pieces, with the runs among them turned into emphasis. Raises TooMuch if it is nested far too deeply."""
    _match([piece for piece in pieces if isinstance(piece, Run)])
    outer: list[list[Inline]] = [[]]
    for piece in pieces:
        if not isinstance(piece, Run):
            outer[-1].append(piece)
            continue
        for length in piece.closes:
            content = _joined(outer.pop())
            outer[-1].append(Span(Style.STRONG if length == 2 else Style.EMPHASIS, content))
        outer[-1].append(piece.character * piece.left)
        outer.extend([] for _ in piece.opens)
        effort.nest(len(outer), piece.line)
    return _joined(outer[0])


def _joined(pieces: Iterable[Inline]) -> tuple[Inline, ...]:
    """The pieces with texts side by side as one."""
    joined: list[Inline] = []
    for are_texts, group in groupby(pieces, lambda piece: isinstance(piece, str)):
        if not are_texts:
            joined += group
        elif text := "".join(map(str, group)):
            joined.append(text)
    return tuple(joined)


def _match(runs: Sequence[Run]) -> None:
    """Find the runs that belong together."""
    _link(runs)
    bottoms: dict[tuple[str, bool, int], int] = {}
    closer = runs[0] if runs else None
    while closer:
        if not closer.can_close:
            closer = closer.behind
            continue
        kind = (closer.character, closer.can_open, closer.length % 3)
        opener = _opener_of(closer, bottoms.get(kind, -1))
        if opener is None:
            # None of those before it fits any other of this kind: they need not be tried again.
            bottoms[kind] = closer.number - 1
            following = closer.behind
            if not closer.can_open:
                _unlink(closer)
            closer = following
            continue
        length = 2 if min(opener.left, closer.left) >= 2 else 1
        opener.opens.append(length)
        closer.closes.append(length)
        opener.left -= length
        closer.left -= length
        # What is between them cannot belong to anything outside.
        opener.behind, closer.before = closer, opener
        if not opener.left:
            _unlink(opener)
        if not closer.left:
            following = closer.behind
            _unlink(closer)
            closer = following


def _opener_of(closer: Run, bottom: int) -> Run | None:
    """The nearest run before `closer`, and after the one with the number `bottom`, that it may close."""
    opener = closer.before
    while opener and opener.number > bottom:
        if opener.character == closer.character and opener.can_open and not _is_odd(opener, closer):
            return opener
        opener = opener.before
    return None


def _is_odd(opener: Run, closer: Run) -> bool:
    """Whether the "rule of three" keeps two runs apart: one may open and close, and the lengths do not fit."""
    if not (opener.can_close or closer.can_open):
        return False
    return (opener.length + closer.length) % 3 == 0 and closer.length % 3 != 0


def _link(runs: Iterable[Run]) -> None:
    last: Run | None = None
    for number, run in enumerate(runs):
        run.number, run.before, run.behind = number, last, None
        if last:
            last.behind = run
        last = run


def _unlink(run: Run) -> None:
    if run.before:
        run.before.behind = run.behind
    if run.behind:
        run.behind.before = run.before
