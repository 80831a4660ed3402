"""Texts in the language of the reader.

English is the source: a text is its own key. `python -m tests.tools.extract_texts` collects all of them in
`kb/locale/messages.pot`; a language is a translated copy of that file.

A text that is shown where it stands is wrapped in `gettext`, or `ngettext` if a number decides its form. One that is
decided once and shown later, such as a label in a table of constants, is marked with `gettext_noop` and translated
where it is shown.
"""

from __future__ import annotations

from contextvars import ContextVar
from gettext import NullTranslations

ENGLISH = NullTranslations()

_translations: ContextVar[NullTranslations] = ContextVar("translations", default=ENGLISH)


def gettext(text: str) -> str:
    """A text in the language of the reader.

    >>> gettext("All cases")
    'All cases'
    """
    return _translations.get().gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a number.

    >>> ngettext("{count} case", "{count} cases", 2).format(count=2)
    '2 cases'
    """
    return _translations.get().ngettext(one, many, count)


def gettext_noop(text: str) -> str:
    """Marks a text for translation where it is shown."""
    return text
