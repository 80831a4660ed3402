"""The words of an index with the number of documents that contain each, in a file next to Whoosh's.

Whoosh knows them too, but counts deleted documents (tombstones) until it merges segments: what was withdrawn must not
live on as a suggestion.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from kb.engines.whoosh.errors import Damaged

NAME = "lexicon.json"


def read(folder: Path) -> dict[str, int]:
    """The words of the index in `folder`, sorted. Raises `Damaged` if the file contains anything else."""
    counts = json.loads((folder / NAME).read_bytes())
    if not isinstance(counts, dict) or not all(type(count) is int for count in counts.values()):
        raise Damaged(f"`{NAME}` does not contain words with their numbers")
    return counts


def write(folder: Path, counts: Mapping[str, int]) -> None:
    """Write the words; those that no document contains any more are left out."""
    contained = {word: count for word, count in sorted(counts.items()) if count > 0}
    (folder / NAME).write_text(json.dumps(contained, ensure_ascii=False, separators=(",", ":")), "utf-8")
