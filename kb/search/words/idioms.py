"""Names of which a search leaves out all words but one, which alone means something else: "what works" is not "work".

They are names only where they were typed in full.
"""

from __future__ import annotations

from kb.search.words.analysis import STOP_WORDS, base_form, words

BaseForms = tuple[str, ...]


def is_idiom(name: str) -> bool:
    """Whether a search leaves out all words of a name but one.

    >>> is_idiom("who to tell"), is_idiom("tell"), is_idiom("us and them")
    (True, False, False)
    """
    return len(_meaningful(name)) == 1 < len(words(name))


def meaningful_forms(text: str) -> BaseForms:
    """The base forms of the words of a text that a search does not leave out.

    >>> meaningful_forms("who to tell")
    ('tell',)
    """
    return tuple(map(base_form, _meaningful(text)))


def all_forms(text: str) -> BaseForms:
    """The base forms of all words of a text.

    >>> all_forms("who to tell")
    ('who', 'to', 'tell')
    """
    return tuple(map(base_form, words(text)))


def _meaningful(text: str) -> list[str]:
    return [word for word in words(text) if word not in STOP_WORDS]
