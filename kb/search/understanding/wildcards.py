"""What there is to say of words with letters left open: none is like that, or too many are."""

from __future__ import annotations

from collections.abc import Iterator

from kb.search.engine import SearchEngine
from kb.search.query.tree import Query, Wildcard, positive_leaves
from kb.search.request import Notice
from kb.search.words.wildcards import MOST_WORDS


def wildcard_notices(engine: SearchEngine, query: Query) -> Iterator[Notice]:
    """A notice of each pattern in a query that stands for no word, or for more than are searched."""
    for pattern in dict.fromkeys(leaf.pattern for leaf in positive_leaves(query) if isinstance(leaf, Wildcard)):
        count = len(engine.words_matching(pattern))
        if count == 0:
            yield Notice("no-such-word", f"No case contains a word like `{pattern}`.")
        elif count > MOST_WORDS:
            text = f"{count:,} words are like `{pattern}`. The {MOST_WORDS} that most cases contain were searched."
            yield Notice("many-words", text)
