"""What there is to say of words with letters left open: none is like that, or too many are."""

from __future__ import annotations

from collections.abc import Iterator

from kb.notices import Notice
from kb.search.engine import SearchEngine
from kb.search.query.tree import Query, Wildcard, positive_leaves
from kb.search.words.wildcards import MOST_WORDS


def wildcard_notices(engine: SearchEngine, query: Query) -> Iterator[Notice]:
    """A notice of each pattern in a query that stands for no word, or for more than are searched."""
    for pattern in dict.fromkeys(leaf.pattern for leaf in positive_leaves(query) if isinstance(leaf, Wildcard)):
        count = len(engine.words_matching(pattern))
        if count == 0:
            yield Notice.of("no-such-word", pattern=pattern)
        elif count > MOST_WORDS:
            yield Notice.of("many-words", pattern=pattern, count=count, most=MOST_WORDS)
