"""The page of a search."""

from __future__ import annotations

from html import unescape
from re import findall
from urllib.parse import parse_qs, urlsplit

from fastapi.testclient import TestClient

from kb import QUERY_EXAMPLES


def test_how_to_search_shows_every_example_with_a_link_that_runs_it(client: TestClient) -> None:
    page = client.get("/cases").text

    lines = findall(r'<tr><td><a href="([^"]*)"><code>(.*?)</code></a></td><td>(.*?)</td></tr>', page)

    assert [
        (parse_qs(urlsplit(unescape(href)).query)["q"], unescape(typed), finds) for href, typed, finds in lines
    ] == [([example.typed], example.typed, example.finds) for example in QUERY_EXAMPLES]
