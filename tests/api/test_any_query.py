"""Whatever anyone types, there is an answer, and quickly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

LIMIT = timedelta(seconds=3)
"""Hundreds of times what a search takes: only what never ends, or grows without bound, comes near."""

SIGNS = st.text(alphabet='ab é🜚"“”-*:() ORyear2015.,\u0301\u200f\n\t\\/', max_size=200)
WORDS = st.lists(
    st.sampled_from(
        ["police", "trust", "mum", "fake", "radicalistaion", "locked up", "OR", "-youth", "p*", "co*", '"info house"',
         "city:wien", "year:2015..", "the", "Þórshöfn", "防止", "النساء", "x" * 80]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip

any_query = settings(
    deadline=LIMIT,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("address", ["/cases", "/api/v1/search", "/api/v1/suggest", "/feed.atom", "/api/v1/export.csv"])
@any_query
@given(query=st.text(max_size=300) | SIGNS | WORDS)
@example(query="a" * 1000)
@example(query="a* " * 40)
@example(query='"' * 1000)
@example(query="- " * 500)
@example(query=" OR ".join("police" for _ in range(100)))
def test_any_query_gets_an_answer_within_the_limit(client: TestClient, address: str, query: str) -> None:
    answer = client.get(address, params={"q": query})

    assert answer.status_code == 200
    if address == "/api/v1/search":
        found = answer.json()
        assert found["total"] == 0 or found["hits"]
