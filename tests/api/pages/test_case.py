"""The page of a case: what was shown and done apart, who is at the table, as of when, in which languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import Settings
from tests.builders import build_in, case_markdown

MORE = """extremism: [far-right, jihadist]
last_reported: {year: 2017, source: s1}
resources: "Four posts in 2016."
"""

FULL = case_markdown(
    challenges={
        "fragile-trust": "{showed: They said nothing., handled: They came back.}",
        "no-real-say": "{showed: Nobody asked them.}",
    },
    lead="Police: north",
    extra=MORE,
).replace("year: 2020", "year: 2020, lang: da")

OLD = (
    case_markdown()
    .replace('{showed: "How fragile-trust showed."}', '"In one sentence."')
    .replace('{"City Police": police}', '["City Police"]')
    .replace('{"University": research}', '["University"]')
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("cases")
    build_in(root, {"full": FULL, "plain": case_markdown(), "old": OLD})[1].close()
    with TestClient(create_app(Settings(content=root / "content", index=root / "index"))) as opened:
        yield opened


def words(html: str) -> str:
    """A page as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_how_a_challenge_showed_and_was_handled_are_separate(client: TestClient) -> None:
    page = words(client.get("/cases/full").text)

    assert "How it showed They said nothing. How it was handled They came back." in page
    assert "How it showed Nobody asked them." in page
    assert page.count("How it was handled") == 1


def test_an_ongoing_practice_says_as_of_when_with_its_source(client: TestClient) -> None:
    assert '<a href="#source-s1">Ongoing when last reported, 2017</a>' in client.get("/cases/full").text
    assert "last reported" not in client.get("/cases/plain").text


def test_partners_are_counted_by_sector(client: TestClient) -> None:
    html = client.get("/cases/full").text

    assert "At the table, by sector" in html
    assert '<a href="/cases?sector=police">Police: 1</a>' in html
    assert "Police: north" in html


def test_if_no_sector_is_known_nothing_is_counted(client: TestClient) -> None:
    page = words(client.get("/cases/old").text)

    assert "Led by City Police Partners University" in page
    assert "by sector" not in page
    assert "How it showed In one sentence." in page


def test_kinds_of_extremism_link_to_their_cases_and_are_left_out_if_unknown(client: TestClient) -> None:
    assert '<a href="/cases?extremism=far-right">Far right</a>' in client.get("/cases/full").text
    assert "Kind of extremism" not in client.get("/cases/plain").text


def test_what_it_takes_has_a_section_and_an_anchor(client: TestClient) -> None:
    html = client.get("/cases/full").text

    assert '<h2 id="resources">What it takes</h2>' in html
    assert "Four posts in 2016." in html
    assert html.count('href="#resources"') == 1
    assert "What it takes" not in client.get("/cases/plain").text


def test_a_title_in_another_language_is_labelled_visibly_and_for_screen_readers(client: TestClient) -> None:
    html = client.get("/cases/full").text

    assert re.search(
        r'<a href="https://example.org/report"[^>]* lang="da">A report</a> <span[^>]*>in Danish</span>', html
    )
    assert 'lang="da"' not in client.get("/cases/plain").text


@pytest.mark.parametrize(("facet", "value", "slugs"), [
    ("handled", "fragile-trust", ["full"]),
    ("extremism", "jihadist", ["full"]),
    ("sector", "police", ["full", "plain"]),
    ("continent", "europe", ["full", "old", "plain"]),
    ("decade", "2010s", ["full", "old", "plain"]),
])  # fmt: skip
def test_cases_are_found_by_what_is_new(client: TestClient, facet: str, value: str, slugs: list[str]) -> None:
    found = client.get(f"/api/v1/search?{facet}={value}&sort=title").json()

    assert sorted(hit["slug"] for hit in found["hits"]) == slugs


def test_a_year_finds_what_is_ongoing_until_it_was_last_reported(client: TestClient) -> None:
    def found(query: str) -> set[str]:
        return {hit["slug"] for hit in client.get(f"/api/v1/search?q={query}").json()["hits"]}

    assert found("year:2017") == {"full", "plain", "old"}
    assert found("year:2018") == {"plain", "old"}


def test_a_decade_is_listed_before_a_later_one(tmp_path: Path) -> None:
    cases = {f"case-{number}": case_markdown(started=started) for number, started in enumerate((2011, 2012, 1999))}
    build_in(tmp_path, cases)[1].close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as opened:
        html = opened.get("/cases").text

    assert html.index('value="1990s"') < html.index('value="2010s"')
