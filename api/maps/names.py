"""Names next to dots, where there is room for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.maps.dots import Dot

LETTER = 6.9
LINE = 17
"""The size of a letter and of a line of a name, in pixels."""


@dataclass(frozen=True)
class Name:
    """A name next to a dot, and how far from the middle of the dot it begins, ends or has its middle."""

    text: str
    dx: float
    dy: float
    anchor: str


@dataclass(frozen=True)
class _Rectangle:
    """A rectangle of the drawing, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Rectangle) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def contains(self, other: _Rectangle) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


class Names:
    """Finds room for names on a drawing."""

    def __init__(self, width: float, height: float) -> None:
        self._width = width
        self._drawing = _Rectangle(0, 0, width, height)
        self._taken: list[_Rectangle] = []

    def keep_free(self, dot: Dot, radius: int) -> None:
        """No name may cover this dot."""
        x, y = dot.x * self._width, dot.y * self._width
        self._taken.append(_Rectangle(x - radius, y - radius, x + radius, y + radius))

    def place(self, texts: Sequence[str], dot: Dot, away: float) -> Name | None:
        """The first of these texts that has room next to the dot: at its right, left, below, above, or askew."""
        x, y = dot.x * self._width, dot.y * self._width
        askew = LINE * 0.6
        for text in texts:
            long = len(text) * LETTER
            for dx, dy, anchor, left in (
                (away, 0.0, "start", x + away),
                (-away, 0.0, "end", x - away - long),
                (0, away + LINE / 2, "middle", x - long / 2),
                (0, -away - LINE / 2, "middle", x - long / 2),
                (away, -askew, "start", x + away),
                (away, askew, "start", x + away),
                (-away, -askew, "end", x - away - long),
                (-away, askew, "end", x - away - long),
            ):
                room = _Rectangle(left, y + dy - LINE / 2, left + long, y + dy + LINE / 2)
                if self._drawing.contains(room) and not any(room.meets(taken) for taken in self._taken):
                    self._taken.append(room)
                    return Name(text, dx, dy, anchor)
        return None
