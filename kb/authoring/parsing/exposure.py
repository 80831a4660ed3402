"""What may expose a person: ways to reach somebody, streets, and a name where a role belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Exposed(NamedTuple):
    """Something in a text that may expose a person."""

    position: int
    written: str
    what: str
    """What it looks like, with its article."""


_OFFICE = (
    r"(?!(?:info|information|contact|office|mail|post|press|presse|redaktion|editor|enquiries|inquiries|help|support"
    r"|secretariat|admin|webmaster|noreply|no-reply)\b)"
)
"""Beginnings of the addresses of offices, where nobody's name is."""

_MAIL = re.compile(_OFFICE + r"(?<![\w/.+-])[\w.+-]{1,64}(?:@|\s?\[at\]\s?|\s?\(at\)\s?)[\w-]{1,63}(?:\.[\w-]{2,63})+")
_PHONE = re.compile(
    r"(?<![\w/.,+-])(?:"
    r"(?:\+|00)[1-9](?:[ ()./-]?\d){7,13}"
    r"|(?:[Tt]el(?:ephone|efoon|efon)?|[Pp]hone|[Mm]ob(?:ile|iel)?|[Cc]all)\.?:? ?\(?\d(?:[ ()./-]{0,2}\d){5,13}"
    r"|0\d{1,4}[ /-]\d{2,4}(?:[ -]\d{2,4}){1,3}"
    r"|\(0\d{1,4}\) ?\d(?:[ -]?\d){5,9}"
    r")(?!\w)"
)
_NUMBER_FIRST = (
    r"(?<![\w-])\d{1,4}[a-zA-Z]?,? (?:[A-Z][\w'’-]+ ){1,3}"
    r"(?:Street|Road|Avenue|Lane|Drive|Square|Close|Terrace|Ave|Rd)\b"
    r"|(?<![\w-])\d{1,4},? (?:bis )?(?:rue|avenue|boulevard|place) (?:[\w'’-]+ ?){1,4}"
)
_NUMBER_LAST = (
    r"\b[A-Z]\w+(?:straat|strasse|straße|weg|laan|plein|gracht|gatan|gade|gata|veien|vägen|vej|katu|gasse|platz|allee)"
    r" \d{1,4}[a-z]?\b"
    r"|\b(?:[Rr]ue|[Bb]oulevard|[Vv]ia|[Cc]alle|[Pp]laza|[Pp]iazza|[Rr]ua|ulica|[Uu]l\.) "
    r"(?:[^\W\d][\w'’-]* ){1,4}?\d{1,4}\b"
)
_STREET = re.compile(f"{_NUMBER_FIRST}|{_NUMBER_LAST}")
_DIGIT = re.compile(r"[0-9]")
_PHONE_SIGN = re.compile(r"[0-9][0-9 ()./-]{4,}[0-9]")
_STREET_SIGN = re.compile(r"[0-9][a-zA-Z]?,? (?:[A-Z]|bis |rue|ave|bou|pla)")
_STREET_END = re.compile(r"(?:aat|sse|aße|weg|aan|ein|cht|tan|ade|ata|ien|gen|vej|atu|atz|lee) [0-9]")
_STREET_WORDS = tuple(
    f"{name} "
    for word in ("rue", "boulevard", "via", "calle", "plaza", "piazza", "rua", "ulica", "ul.")
    for name in (word, word.capitalize())
)

_TITLE = re.compile(r"(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Mme|Dhr|Mevr)\b\.?")
_NAME = re.compile(
    r"[A-ZÀ-ÞĀ-Ž][\w'’-]+(?: (?:[A-Z]\.|van|von|de|den|der|al|bin|el|la|di|da|[A-ZÀ-ÞĀ-Ž][\w'’-]+)){1,4}"
)
_ROLE = re.compile(
    r"(?i)\b(?:city|town|county|mayor|council\w*|municipal\w*|coordinat\w*|co-ordinat\w*|director|manager|officer|office|team"
    r"|department|police|university|institute|service\w*|ministry|minister|head|lead\w*|staff|secretar\w*|chair\w*|member"
    r"|network|centre|center|foundation|association|school|authority|agency|board|committee|commissioner|adviser|advisor"
    r"|editor\w*|programme|program|project|partner\w*|worker|government|borough|district|region\w*|prevention|group)\b"
)


def exposed(text: str) -> Iterator[Exposed]:
    """Ways to reach somebody, and streets, in a text.

    >>> [found.written for found in exposed("Write to jan@example.org or call +32 2 123 45 67.")]
    ['jan@example.org', '+32 2 123 45 67']
    """
    # Most texts have none of these: the costly patterns are for those that may.
    if "@" in text or "at]" in text or "at)" in text:
        yield from _found(_MAIL, text, "an e-mail address")
    if not _DIGIT.search(text):
        return
    if _PHONE_SIGN.search(text):
        yield from _found(_PHONE, text, "a telephone number")
    if _STREET_SIGN.search(text) or _STREET_END.search(text) or any(word in text for word in _STREET_WORDS):
        yield from _found(_STREET, text, "a street address")


def _found(pattern: re.Pattern[str], text: str, what: str) -> Iterator[Exposed]:
    return (Exposed(match.start(), match.group().strip(), what) for match in pattern.finditer(text))


def is_name_of_person(text: str) -> bool:
    """Whether a text looks like the name of a person rather than a role.

    >>> is_name_of_person("Jane Smith"), is_name_of_person("the city's prevention coordinator")
    (True, False)
    >>> is_name_of_person("City of Aarhus"), is_name_of_person("Dr. Okafor"), is_name_of_person("A mayor")
    (False, True, False)
    """
    text = text.strip()
    if _ROLE.search(text):
        return False
    return bool(_TITLE.match(text) or _NAME.fullmatch(text))
