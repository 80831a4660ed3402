"""The words of English, to tell a slip of the pen from a real word that no case happens to hold."""

from __future__ import annotations

from functools import cache
from importlib import resources

from kb.search.words.analysis import fold

_PACKAGE, _FILE = "symspellpy", "frequency_dictionary_en_82_765.txt"


@cache
def english_words() -> frozenset[str]:
    """82,765 words in British and American spelling, in all their forms."""
    text = (resources.files(_PACKAGE) / _FILE).read_text("utf-8-sig")
    return frozenset(fold(line.split(" ")[0]) for line in text.splitlines())
