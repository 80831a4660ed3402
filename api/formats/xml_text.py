"""Which characters may be part of an XML document."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow, not even escaped."""


def xml_text(text: str, instead: str = "\ufffd") -> str:
    """A text without characters that would make an XML document invalid, perhaps typed into an address.

    >>> xml_text("a\\x0bb\\ud800", "")
    'ab'
    """
    return _NOT_XML.sub(instead, text)
