"""The form of a word under which a dictionary lists it: "schools" is "school", "led" is "lead".

An inflection is taken off at a time, until none is left: "meetings", "meeting", "meet". What a word that is inflected
irregularly becomes is read from `data/inflections.txt`, made from a dictionary of forms; regular ones follow three
rules. `data/exceptions.txt` has the last word. It is written by hand: words that look inflected and mean something
of their own, such as "customs" and "marketing", and words that the dictionary lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

_DICTIONARY = "data/inflections.txt"
_EXCEPTIONS = "data/exceptions.txt"

# After three letters: "organize" is spelled both ways, "size" and "prize" are not.
_AMERICAN = re.compile(r"(?<=...)iz(?=(?:e|ed|er|ers|es|ing|able|ation|ations|ational)$)")
_OF_ISE = re.compile(r"(?<=...)is(?:ed|es|ing|ation)$")
_PLURAL = re.compile(r"(?<=..)[^siu]s$|(?<=....)is$")


def uninflected(word: str) -> str:
    """The form that a dictionary lists.

    >>> uninflected("meetings"), uninflected("radicalized"), uninflected("veiligheidshuizen")
    ('meet', 'radicalise', 'veiligheidshuizen')
    """
    while (shorter := less_inflected(word)) != word:
        word = shorter
    return word


def less_inflected(word: str) -> str:
    """The word without its last inflection; the same word if it has none."""
    return _known().get(word) or by_rule(word)


def by_rule(word: str) -> str:
    """What the rules make of a word that the lists do not know.

    >>> by_rule("caliphates"), by_rule("deradicalizing"), by_rule("deradicalising")
    ('caliphate', 'deradicalising', 'deradicalise')
    """
    if (british := _AMERICAN.sub("is", word)) != word:
        return british
    if (verb := _OF_ISE.sub("ise", word)) != word:
        return verb
    if word.endswith("ies") and len(word) > 5:
        return word.removesuffix("ies") + "y"
    return word[:-1] if _PLURAL.search(word) else word


@cache
def _known() -> Mapping[str, str]:
    """For each listed word what it becomes: itself, if it is not inflected."""
    dictionary = {form: base for base, *forms in _lines(_DICTIONARY) for form in forms or [base]}
    return dictionary | {form: base for base, *forms in _lines(_EXCEPTIONS) for form in (base, *forms)}


def _lines(file: str) -> Iterator[list[str]]:
    """The words of each line, without remarks: a base form and what becomes it."""
    for line in resources.files(__package__).joinpath(file).read_text("ascii").splitlines():
        if words := line.partition("#")[0].split():
            yield words
