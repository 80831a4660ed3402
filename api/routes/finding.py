"""Finds the case that an address names."""

from __future__ import annotations

from api.server.errors import ApiProblem
from kb import Generation, StoredCase


def find_case(slug: str, generation: Generation) -> StoredCase:
    """The case with this slug, now or earlier; the result contains its present slug.

    Raises ApiProblem: 410 for a case that was withdrawn, 404 where there never was one.
    """
    store = generation.cases
    stored = store.stored(slug)
    if stored is None and (current := store.slug_for_alias(slug)):
        stored = store.stored(current)
    if stored is not None:
        return stored
    if store.is_withdrawn(slug):
        raise ApiProblem(410, "This case was withdrawn. It is no longer part of the collection.")
    raise ApiProblem(404, f"There is no case “{slug[:80]}”.")
