"""The grid of arrangements and challenges: its numbers, and what they link to."""

from __future__ import annotations

import re
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import Case, ContentFolder, Settings, Vocabularies
from kb.authoring.content_folder import load_corpus
from tests.builders import build_in, case_markdown
from tests.conftest import CONTENT

SEARCHES = (
    "",
    "country=united-kingdom",
    "q=youth",
    "q=youth+trust+police&audience=schools",
    "arrangement=intelligence-link&arrangement=knowledge-exchange",
    "challenge=fragile-trust&evidence=evaluated",
    "q=mosque&arrangement=dialogue-and-bridging&challenge=fragile-trust&challenge=no-real-say",
    "q=xyzzyx",
)


@pytest.fixture(scope="module")
def files() -> tuple[list[Case], Vocabularies]:
    """The published cases, read from their files."""
    corpus = load_corpus(ContentFolder(CONTENT))
    return [file.case for file in corpus.published if file.case], corpus.vocabularies


def matrix(client: TestClient, query: str = "") -> Any:
    response = client.get(f"/api/v1/matrix?{query}")
    assert response.status_code == 200
    return response.json()


def has(case: Case, arrangement: str | None, challenge: str | None) -> bool:
    return (arrangement is None or arrangement in {reason.id for reason in case.arrangements}) and (
        challenge is None or challenge in {reason.id for reason in case.challenges}
    )


def handles(case: Case, challenge: str) -> bool:
    return any(reason.id == challenge and reason.handled for reason in case.challenges)


def test_every_number_is_a_plain_count_over_the_case_files(
    client: TestClient, files: tuple[list[Case], Vocabularies]
) -> None:
    cases, vocabularies = files
    found = matrix(client)
    counted = {(cell["arrangement"], cell["challenge"]): cell["count"] for cell in found["cells"]}

    arrangements = [term.id for term in vocabularies.arrangements]
    challenges = [term.id for term in vocabularies.challenges]
    assert counted == {(a, c): sum(has(case, a, c) for case in cases) for a, c in product(arrangements, challenges)}
    assert {term["id"]: term["count"] for term in found["arrangements"]} == {
        a: sum(has(case, a, None) for case in cases) for a in arrangements
    }
    assert {term["id"]: term["count"] for term in found["challenges"]} == {
        c: sum(has(case, None, c) for case in cases) for c in challenges
    }
    assert found["total"] == len(cases)
    assert {(cell["arrangement"], cell["challenge"]): cell["handled"] for cell in found["cells"]} == {
        (a, c): sum(has(case, a, c) and handles(case, c) for case in cases)
        for a, c in product(arrangements, challenges)
    }


@pytest.mark.parametrize("query", [pytest.param(query, marks=pytest.mark.slow if query else ()) for query in SEARCHES])
def test_every_number_links_to_exactly_as_many_cases(client: TestClient, query: str) -> None:
    found = matrix(client, query)

    for item in (*found["cells"], *found["arrangements"], *found["challenges"]):
        address = item["url"].removeprefix("https://cases.example.org")
        assert client.get(address).json()["total"] == item["count"], address
    for cell in found["cells"]:
        address = cell["handled_url"].removeprefix("https://cases.example.org")
        assert client.get(address).json()["total"] == cell["handled"], address
    assert client.get(f"/api/v1/search?{query}").json()["total"] == found["total"]


def test_filters_are_respected(client: TestClient, files: tuple[list[Case], Vocabularies]) -> None:
    cases = [case for case in files[0] if "schools" in case.audiences]
    found = matrix(client, "audience=schools")

    assert found["total"] == len(cases) < len(files[0])
    for cell in found["cells"]:
        assert cell["count"] == sum(has(case, cell["arrangement"], cell["challenge"]) for case in cases)


def test_chosen_arrangements_and_challenges_are_the_only_columns_and_rows(client: TestClient) -> None:
    found = matrix(client, "arrangement=intelligence-link&arrangement=knowledge-exchange&challenge=warm-words")

    assert [term["id"] for term in found["arrangements"]] == ["intelligence-link", "knowledge-exchange"]
    assert [term["id"] for term in found["challenges"]] == ["warm-words"]
    assert [cell["count"] for cell in found["cells"]] == [
        cell["count"]
        for cell in matrix(client)["cells"]
        if cell["challenge"] == "warm-words" and cell["arrangement"] in {"intelligence-link", "knowledge-exchange"}
    ]


def test_the_page_shows_the_numbers_of_the_json_and_links_the_same_search(client: TestClient) -> None:
    query = "q=youth&country=united-kingdom"
    found, html = matrix(client, query), unescape(client.get(f"/matrix?{query}").text)
    cells = re.findall(r'<td class="level-(\d)"><a href="([^"]+)"><span aria-hidden="true">(\d+|–)</span>', html)

    # The page shows the most frequent challenges first, and a dash for none.
    cells = [(level, href, "0" if count == "–" else count) for level, href, count in cells]
    by_row: dict[str, list[dict[str, Any]]] = {}
    for cell in found["cells"]:
        by_row.setdefault(cell["challenge"], []).append(cell)
    rows = sorted(found["challenges"], key=lambda challenge: -challenge["count"])
    in_order = [cell for row in rows for cell in by_row[row["id"]]]
    assert [int(count) for _, _, count in cells] == [cell["count"] for cell in in_order]
    for (level, href, count), cell in zip(cells, in_order, strict=True):
        search = cell["url"].removeprefix("https://cases.example.org").replace("/api/v1/search", "/cases")
        assert href == (search if int(count) else "/contribute")
        assert (level == "0") == (count == "0")
    total = client.get(f"/api/v1/search?{query}").json()["total"]
    assert f"{total} cases: “youth”, United Kingdom." in html
    assert 'href="/matrix?q=youth" data-live="chip"><span class="visually-hidden">Remove: ' in html
    assert f'href="/cases?{query}"' in html


def test_more_cases_are_never_lighter(client: TestClient) -> None:
    cells = re.findall(r'<td class="level-(\d)"><a [^>]+><span aria-hidden="true">(\d+|–)', client.get("/matrix").text)
    shades = sorted((int(count.replace("–", "0")), int(level)) for level, count in cells)

    assert [level for _, level in shades] == sorted(level for _, level in shades)
    assert {level for _, level in shades} == {0, 1, 2, 3, 4, 5}


def test_an_empty_cell_is_an_invitation(tmp_path: Path) -> None:
    build_in(tmp_path, {"one": case_markdown()})[1].close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as client:
        html = client.get("/matrix").text

    assert (
        '<a href="/contribute"><span aria-hidden="true">–</span>'
        '<span class="visually-hidden">No case yet: Intelligence link, No real say</span></a>'
    ) in html


@pytest.mark.parametrize("publication", ["draft", "withdrawn"])
def test_a_case_that_is_not_published_is_not_counted(tmp_path: Path, publication: str) -> None:
    hidden = case_markdown(arrangements=["intelligence-link"], challenges=["no-real-say"], publication=publication)
    build_in(tmp_path, {"open": case_markdown(), "hidden": hidden})[1].close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as client:
        found = matrix(client)
        counted = {(cell["arrangement"], cell["challenge"]): cell["count"] for cell in found["cells"]}

        assert found["total"] == sum(counted.values()) == counted["informing-and-intervening", "fragile-trust"] == 1


@pytest.mark.parametrize("address", ["/matrix", "/api/v1/matrix"])
def test_mistakes_in_the_address_are_reported(client: TestClient, address: str) -> None:
    response = client.get(f"{address}?city=aarhuss&colour=red&page=99")

    assert response.status_code == 200
    assert "There is no city “aarhuss”" in response.text
    assert "The parameter “colour” is not known here." in response.text
    assert client.get(f"{address}?page=x").status_code == 422


def test_a_page_of_a_list_is_not_part_of_the_grid(client: TestClient) -> None:
    html = client.get("/matrix?q=youth&page=2").text

    assert '<link rel="canonical" href="https://cases.example.org/matrix?q=youth">' in html
