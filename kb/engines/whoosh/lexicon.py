"""The words of an index with the number of documents that hold each, in a file beside Whoosh's.

Whoosh knows them too, but goes on counting deleted documents until it merges segments: what was withdrawn must not
live on as a suggestion.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from kb.engines.whoosh.errors import Damaged

NAME = "lexicon.json"


def read(folder: Path) -> dict[str, int]:
    """The words of the index in `folder`, sorted. Raises `Damaged` where the file does not hold words and numbers."""
    counts = json.loads((folder / NAME).read_bytes())
    if not isinstance(counts, dict) or not all(type(count) is int for count in counts.values()):
        raise Damaged(f"`{NAME}` does not hold words with their numbers")
    return counts


def write(folder: Path, counts: Mapping[str, int]) -> None:
    """Write the words; those that no document holds any more are left out."""
    held = {word: count for word, count in sorted(counts.items()) if count > 0}
    (folder / NAME).write_text(json.dumps(held, ensure_ascii=False, separators=(",", ":")), "utf-8")
