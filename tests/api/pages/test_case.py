"""The page of a case: what was shown and done apart, who is at the table, as of when, in which languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.parts.sources import source_views
from kb import IndexFolder, Settings, Source
from tests.builders import build_in, case_markdown
from tests.conftest import CONTENT

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


@pytest.fixture(scope="module")
def collection_client(collection_index: IndexFolder) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(content=CONTENT, index=collection_index.root))) as opened:
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


IN_BRIEF = {
    "What helped": "These points come from the city [@s1].\n\n- Coffee helped [@s1]. It was good.\n- Tea did too.",
    "What was hard": "Mornings were hard, Dr. Berg said [@s1]. Evenings were not.",
    "Lessons for another city": None,
}


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A site whose cases differ in what they leave out, with nobody to write to."""
    root = tmp_path_factory.mktemp("others")
    reviewed = FULL.replace("{state: unreviewed}", '{state: reviewed, date: 2026-03-01, by: "the city’s youth office"}')
    many = " ".join(f"Point {number} [@s1]." for number in range(12))
    questions = "questions:\n" + "".join(f'  - "Question {number}?"\n' for number in range(1, 6))
    cases = {
        "short": case_markdown(body=IN_BRIEF),
        "bare": case_markdown(body=dict.fromkeys(IN_BRIEF)),
        "reviewed": reviewed,
        "cited": case_markdown(body={"Context": many}, extra=questions),
        "unknown": case_markdown(status="unknown", started=2015),
        "drifted": case_markdown(extra='experienced_as: {intelligence-link: "It went to police."}\n'),
    }
    build_in(root, cases)[1].close()
    with TestClient(create_app(Settings(content=root / "content", index=root / "index"))) as opened:
        yield opened


def brief_of(html: str) -> str:
    (found,) = re.findall(r'<section class="brief".*?</section>', html, re.DOTALL)
    return words(found)


def test_in_brief_is_made_of_sentences_of_the_case_without_their_citations(others: TestClient) -> None:
    html = others.get("/cases/short").text

    assert brief_of(html) == (
        "In brief Police and town hall share one door. What helped Coffee helped. "
        "What was hard Mornings were hard, Dr. Berg said."
    )
    assert '<dt><a href="#what-helped">What helped</a></dt>' in html


def test_in_brief_a_case_without_these_sections_is_its_summary(others: TestClient) -> None:
    assert brief_of(others.get("/cases/bare").text) == "In brief Police and town hall share one door."


def test_words_of_the_search_are_marked_in_brief_too(others: TestClient) -> None:
    assert "<dd><mark>Coffee</mark> helped.</dd>" in others.get("/cases/short?q=coffee").text


def test_a_mistake_can_be_reported_where_no_contact_is_set(others: TestClient) -> None:
    html = others.get("/cases/short").text

    assert html.count('<a href="/contribute#correct">Report a mistake</a>') == 2
    assert '<a href="/contribute/new?case=short" rel="nofollow">Correct this page</a>' in html
    assert 'id="correct"' in others.get("/contribute").text


def test_a_mistake_is_reported_by_mail_where_one_is_set(tmp_path: Path) -> None:
    build_in(tmp_path, {"plain": case_markdown()})[1].close()
    settings = Settings(content=tmp_path / "content", index=tmp_path / "index", contact="team@example.org")
    with TestClient(create_app(settings)) as opened:
        html = opened.get("/cases/plain").text

    assert '<a href="mailto:team@example.org?subject=Mistake' in html
    assert "/contribute#correct" not in html


def test_a_review_by_the_city_is_said_with_its_day_in_words(others: TestClient) -> None:
    page = words(others.get("/cases/reviewed").text)

    assert "Reviewed on 1 March 2026 by the city’s youth office. Practice may have changed since." in page
    assert "Not reviewed by the city." not in page


def test_an_end_that_nobody_reports_is_said_to_be_unknown(others: TestClient) -> None:
    html = others.get("/cases/unknown").text

    assert "2015 – end unknown" in html
    assert 'role="img" aria-label="2015 – end unknown."' in html
    assert others.get("/api/v1/cases/unknown").json()["ended"] is None


def test_a_drawing_says_what_was_designed_and_what_experienced(others: TestClient) -> None:
    html = others.get("/cases/drifted").text
    text = re.search(r'<figure class="flow-picture has-drift" aria-label="([^"]+)"', html)

    assert text
    assert "Designed as: Informing and intervening" in text[1]
    assert "Experienced as: Intelligence link" in text[1]
    assert html.count('<svg class="becomes"') == 1
    assert "has-drift" not in others.get("/cases/short").text


def test_seats_at_the_table_are_listed_with_the_empty_ones(others: TestClient) -> None:
    page = words(others.get("/cases/short").text)

    assert "Police leads City Police Universities and research University" in page
    assert "Empty seats, sectors that our sources do not name as partners: Media." in page


def test_many_ways_back_from_a_source_are_folded(others: TestClient) -> None:
    html = others.get("/cases/cited").text

    assert re.search(r'<details class="backlinks"><summary>Cited \d\d times</summary><a href="#cite-s1-1"', html)


@pytest.mark.parametrize(("citations", "folds"), [(0, False), (3, False), (4, True), (40, True)])
def test_more_than_three_ways_back_are_folded(citations: int, folds: bool) -> None:
    (view,) = source_views([Source("s1", "A report", "A city", 2020, None, None, citations)])

    assert len(view.backlinks) == citations
    assert view.folds is folds


def test_three_questions_are_shown_and_the_others_folded(others: TestClient) -> None:
    html = others.get("/cases/cited").text
    shown, folded = html.split('<details class="more">')

    assert "Question 3?" in shown
    assert "Question 4?" not in shown
    assert "<summary>2 more questions</summary>" in folded


def test_read_next_shows_three_cases_each_for_a_reason_of_its_own(collection_client: TestClient) -> None:
    html = collection_client.get("/cases/aarhus-info-house").text
    reasons = re.findall(r'<span class="related-reason">([^<]+)</span>', html)

    assert len(reasons) == len(set(reasons)) == 3


def test_few_parts_of_a_case_are_landmarks(collection_client: TestClient) -> None:
    html = collection_client.get("/cases/aarhus-info-house").text

    assert re.findall(r"<section[^>]*aria-label(?:ledby)?=\"([^\"]+)\"", html) == ["in-brief", "sources"]


def test_days_are_words(collection_client: TestClient) -> None:
    page = words(collection_client.get("/cases/aarhus-info-house").text)

    assert re.search(r"Drafted by the editorial team\. Last updated \d{1,2} [A-Z][a-z]+ 20\d\d\.", page)


def test_every_case_of_the_collection_has_all_its_pictures_and_lines(collection_client: TestClient) -> None:
    for line in collection_client.get("/api/v1/export.ndjson").text.splitlines():
        html = collection_client.get(f"/cases/{json.loads(line)['slug']}").text

        assert len(re.findall(r'<svg class="(?:strip|seats|locator|ladder)"', html)) == 5
        assert '<figure class="flow-picture' in html
        assert html.count('<dt><a href="#') == 3
