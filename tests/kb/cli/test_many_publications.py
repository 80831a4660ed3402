"""Several processes under load while the collection changes: every answer is of one generation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.builders import case_markdown
from tests.library import Library
from tests.serving import Visitors, serving

PUBLICATIONS = 20

REQUESTS = 10_000

SLUGS = [f"case-{number:02}" for number in range(12)]

SEARCH = "/api/v1/search?q=practice&size=100"

ADDRESSES = (
    "/",
    "/cases",
    "/cases?q=practice&city=aarhus",
    "/cases/case-01",
    "/cases/case-02.json",
    "/cities/aarhus",
    "/challenges/fragile-trust",
    "/compare?case=case-01&case=case-02&case=case-03",
    "/compare.csv?case=case-01&case=case-02",
    "/feed.atom",
    SEARCH,
    "/api/v1/cases",
    "/api/v1/cases/case-01/related",
    "/api/v1/suggest?q=practice",
    "/api/v1/export.csv",
    "/api/v1/export.ndjson",
)


def number_of_cases(edition: int) -> int:
    """Editions differ in their number of cases too, so that counts can be compared with titles."""
    return len(SLUGS) - edition % 5


def write_edition(library: Library, edition: int) -> None:
    """Change every case, and add or remove some."""
    for place, slug in enumerate(SLUGS):
        # Two cities take turns, so that filters and counts change as well.
        city = "aarhus" if (place + edition) % 2 or place in (1, 2, 3) else "vienna"
        text = case_markdown(title=f"Practice {place} edition{edition}x", city=city, challenges=["fragile-trust"])
        if place < number_of_cases(edition):
            library.write(slug, text)
        elif library.case(slug).exists():
            library.case(slug).unlink()


def mixed(address: str, body: bytes) -> str | None:
    """What an answer mixes of two editions, if it does."""
    editions = {int(edition) for edition in re.findall(rb"edition(\d+)x", body)}
    if len(editions) > 1:
        return f"editions {sorted(editions)}"
    if address == SEARCH:
        answer = json.loads(body)
        counted = sum(value["count"] for value in answer["facets"]["city"]["values"])
        wanted = number_of_cases(editions.pop())
        if not answer["total"] == counted == len(answer["hits"]) == wanted:
            return f"{answer['total']} cases, {counted} in cities, {len(answer['hits'])} hits, {wanted} published"
    return None


@pytest.mark.slow
def test_no_answer_fails_or_mixes_two_generations(tmp_path: Path) -> None:
    library = Library(tmp_path)
    write_edition(library, 0)
    library.build()

    with serving(library, "--workers", "2", "--no-watch") as server:
        visitors = Visitors(server.port, ADDRESSES, mixed)
        with visitors.visiting(returning=6, passing=2):
            for edition in range(1, PUBLICATIONS + 1):
                visitors.wait_for(REQUESTS // (PUBLICATIONS + 1) + 1)
                write_edition(library, edition)
                library.build()
            visitors.wait_for(REQUESTS // (PUBLICATIONS + 1) + 1)

        assert visitors.failures == []
        assert visitors.answered > REQUESTS
        assert server.stop()[0] == 0
