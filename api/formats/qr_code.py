"""An address as a QR code, for the camera of a phone. The only place that knows segno."""

from __future__ import annotations

from functools import lru_cache

import segno
from segno.encoder import DataOverflowError


@lru_cache(maxsize=64)
def qr_code(address: str) -> str:
    """The code as an SVG element to put into a page, black on nothing; empty if the address is too long for any.

    >>> qr_code("https://example.org/saved?shelf=oslo-salto")[:41]
    '<svg viewBox="0 0 37 37" class="qr-code">'
    >>> qr_code("https://example.org/" + "x" * 3000)
    ''
    """
    try:
        code = segno.make_qr(address, error="l")
    except DataOverflowError:
        return ""
    return code.svg_inline(border=4, omitsize=True, svgclass="qr-code", lineclass=None)
