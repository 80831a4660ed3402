"""Icons are drawn from the mark, and read with a decoder of the test's own."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from api.server.icons import FAVICON_SIZES, PAPER, TOUCH_SIZE, Mark
from api.server.rendering import STATIC

TEAL, AMBER = (0x0B, 0x55, 0x63), (0xD9, 0x82, 0x2B)


def decoded(png: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG without filters, as ours are; every checksum is checked."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,), name = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        chunks[name] = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + chunks[name]),)
        at += 12 + length
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 6, 0, 0, 0]
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 4 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 4)


def pictures(ico: bytes) -> dict[int, NDArray[np.uint8]]:
    """The pictures of an icon file by their size."""
    reserved, kind, count = struct.unpack("<HHH", ico[:6])
    assert (reserved, kind) == (0, 1)
    found = {}
    for number in range(count):
        width, height, _, _, _, depth, length, start = struct.unpack(
            "<BBBBHHII", ico[6 + 16 * number : 22 + 16 * number]
        )
        assert (width, depth) == (height, 32)
        found[width] = decoded(ico[start : start + length])
        assert found[width].shape == (height, width, 4)
    return found


def test_the_icon_of_the_site_has_pictures_in_the_sizes_that_browsers_show(client: TestClient) -> None:
    response = client.get("/favicon.ico")
    found = pictures(response.content)

    assert response.headers["content-type"] == "image/vnd.microsoft.icon"
    assert tuple(found) == FAVICON_SIZES
    for size, picture in found.items():
        assert tuple(picture[0, 0]) == (0, 0, 0, 0)
        assert tuple(picture[size // 2, size // 2]) == (*AMBER, 255)
        assert (picture == picture[::-1]).all(), "the mark is the same above and below"


def test_the_icon_for_home_screens_lies_on_paper(client: TestClient) -> None:
    response = client.get("/apple-touch-icon.png")
    picture = decoded(response.content)

    assert response.headers["content-type"] == "image/png"
    assert picture.shape == (TOUCH_SIZE, TOUCH_SIZE, 4)
    assert (picture[..., 3] == 255).all()
    assert tuple(picture[0, 0]) == (*PAPER, 255)
    assert tuple(picture[90, 90]) == (*AMBER, 255)
    # The left edge of the left circle: 14 - 12 of 40 parts, within a margin of a tenth.
    assert tuple(picture[90, round(18 + 2 / 40 * 144)]) == (*TEAL, 255)
    assert '<link rel="apple-touch-icon" href="/apple-touch-icon.png">' in client.get("/").text


def test_another_mark_makes_other_pictures() -> None:
    svg = (STATIC / "mark.svg").read_text("utf-8")
    one, other = Mark.read(svg), Mark.read(svg.replace("#d9822b", "#123456"))

    assert (one.ring, one.shared) == (TEAL, AMBER)
    assert tuple(other.drawn(16)[8, 8]) == (0x12, 0x34, 0x56, 255)
    assert (one.drawn(16) != other.drawn(16)).any()


@pytest.mark.parametrize("address", ["/favicon.ico", "/apple-touch-icon.png"])
def test_an_icon_is_sent_once(client: TestClient, address: str) -> None:
    first = client.get(address)

    assert client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.head(address).status_code == 200
