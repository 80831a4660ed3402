"""The mark as pictures, for programs that cannot draw `mark.svg`: browsers' `favicon.ico`, and home screens of phones.

They are drawn from that file when they are first asked for, so that there is no picture that could differ from it.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from api.server.rendering import STATIC

ICO_TYPE = "image/vnd.microsoft.icon"

PNG_TYPE = "image/png"

FAVICON_SIZES = (16, 32, 48)
"""In pixels: for tabs, for tabs on fine screens, and for shortcuts."""

TOUCH_SIZE = 180
"""In pixels: the largest that phones ask for."""

PAPER = (0xFA, 0xF8, 0xF3)
"""The ground of pages. Phones put a picture without one on black."""

_FINER = 8
"""Samples of a pixel in each direction, so that edges are smooth."""

Picture: TypeAlias = NDArray[np.uint8]
"""Rows of pixels of red, green, blue and opacity."""

_Area: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Mark:
    """The mark: circles of one colour, and what they share in another."""

    size: float
    circles: tuple[tuple[float, float, float], ...]
    """Centre and radius of each."""
    stroke: float
    ring: tuple[int, int, int]
    shared: tuple[int, int, int]

    @classmethod
    def read(cls, svg: str) -> Mark:
        """The mark in a drawing that has just these parts: circles, a rule for them, and one for what they share."""
        root = ElementTree.fromstring(svg)  # noqa: S314  # nosec B314  # a file of this package, never what somebody sends
        circles = (element for element in root if element.tag.endswith("circle"))
        rules = dict(re.findall(r"(circle|path)\{([^}]*)\}", svg.partition("@media")[0]))
        ring, shared = dict(_declared(rules["circle"])), dict(_declared(rules["path"]))
        return cls(
            float(root.attrib["viewBox"].split()[2]),
            tuple((float(c.attrib["cx"]), float(c.attrib["cy"]), float(c.attrib["r"])) for c in circles),
            float(ring["stroke-width"]),
            _colour(ring["stroke"]),
            _colour(shared["fill"]),
        )

    def drawn(self, pixels: int, margin: float = 0, ground: tuple[int, int, int] | None = None) -> Picture:
        """The mark in a square, with a margin in shares of it; the ground is transparent unless it has a colour."""
        scale = self.size / (1 - 2 * margin)
        samples = (np.arange(pixels * _FINER) + 0.5) / (pixels * _FINER) * scale - margin * scale
        x, y = samples[np.newaxis, :], samples[:, np.newaxis]
        distances = [np.hypot(x - cx, y - cy) - r for cx, cy, r in self.circles]
        shared = np.all([distance <= 0 for distance in distances], axis=0)
        rings = np.any([abs(distance) <= self.stroke / 2 for distance in distances], axis=0)
        # In the drawing, what is shared comes after the rings and so lies upon them.
        return _coloured([(rings, self.ring), (shared, self.shared)], ground)


@cache
def favicon() -> bytes:
    """The mark as an icon file with a picture in each of `FAVICON_SIZES`."""
    return ico([_mark().drawn(size) for size in FAVICON_SIZES])


@cache
def touch_icon() -> bytes:
    """The mark as a PNG for the home screen of a phone."""
    return png(_mark().drawn(TOUCH_SIZE, margin=0.1, ground=PAPER))


def png(picture: Picture) -> bytes:
    """A picture as PNG (ISO/IEC 15948), with 8 bits for each of red, green, blue and opacity."""
    height, width, _ = picture.shape
    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def ico(pictures: list[Picture]) -> bytes:
    """Square pictures of at most 256 pixels as one icon file: a directory, then each as PNG."""
    files = [png(picture) for picture in pictures]
    start, entries = 6 + 16 * len(files), b""
    for picture, file in zip(pictures, files, strict=True):
        side = len(picture) % 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(file), start)
        start += len(file)
    return struct.pack("<HHH", 0, 1, len(files)) + entries + b"".join(files)


def _mark() -> Mark:
    return Mark.read((STATIC / "mark.svg").read_text("utf-8"))


def _declared(rule: str) -> list[tuple[str, str]]:
    pairs = (declaration.partition(":") for declaration in rule.split(";") if declaration)
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _colour(text: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _coloured(layers: list[tuple[_Area, tuple[int, int, int]]], ground: tuple[int, int, int] | None) -> Picture:
    """Areas upon each other, from samples to pixels."""
    fine = np.zeros((*layers[0][0].shape, 4))
    if ground:
        fine[:] = (*ground, 255)
    for area, colour in layers:
        fine[area] = (*colour, 255)
    side = len(fine) // _FINER
    # A transparent sample must not darken the colour of its pixel.
    fine[..., :3] *= fine[..., 3:] / 255
    pixels = fine.reshape(side, _FINER, side, _FINER, 4).mean(axis=(1, 3))
    opacity = pixels[..., 3:]
    pixels[..., :3] = np.divide(pixels[..., :3] * 255, opacity, out=np.zeros_like(pixels[..., :3]), where=opacity > 0)
    picture: Picture = pixels.round().astype(np.uint8)
    return picture


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
