"""The method page says what the files, the vocabularies and the collection say."""

from __future__ import annotations

import json
import re
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.formats.citations import CITATION_FILES
from api.server.rendering import environment
from kb import CASE_SECTIONS, Generation, Settings
from tests.builders import case_markdown
from tests.library import Library


def test_every_definition_stands_there_as_its_vocabulary_has_it(client: TestClient, collection: Generation) -> None:
    html = client.get("/method").text
    vocabularies = collection.vocabularies

    for vocabulary in (
        vocabularies.arrangements,
        vocabularies.challenges,
        vocabularies.evidence,
        vocabularies.extremism,
    ):
        for term in vocabulary:
            assert environment().from_string("{{ text }}").render(text=term.description) in html
            assert f">{term.label}</a>" in html
    assert all(f"<li>{heading}</li>" in html for heading in CASE_SECTIONS)


def test_each_count_is_that_of_the_search_it_links_to(client: TestClient, collection: Generation) -> None:
    html = client.get("/method").text
    found = re.findall(r'<dt><a href="/cases\?(evidence|extremism)=([^"]+)">[^<]+</a> <span class="count">(\d+)', html)

    assert len(found) == sum(len(tuple(getattr(collection.vocabularies, name))) for name in ("evidence", "extremism"))
    for facet, value, count in found:
        assert client.get(f"/api/v1/search?{facet}={value}&size=1").json()["total"] == int(count)


def test_the_page_says_how_many_cases_were_reviewed(tmp_path: Path, client: TestClient) -> None:
    assert "So far no city has reviewed its case." in client.get("/method").text

    reviewed = case_markdown().replace(
        "review: {state: unreviewed}", 'review: {state: reviewed, date: 2026-03-31, by: "a city office"}'
    )
    library = Library(tmp_path, {"apple": reviewed, "berry": case_markdown()})
    library.build()
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as other:
        assert "So far 1 of 2 cases has been reviewed by its city." in other.get("/method").text


def test_the_collection_is_cited_by_the_day_of_its_last_change(client: TestClient, collection: Generation) -> None:
    changed = max(collection.cases.changes.values())[:10]
    text = re.search(r'<p class="cite-text">(.*?)</p>', client.get("/method").text)
    csl = json.loads(client.get("/collection.csl.json").text)

    assert text is not None
    assert text[1].startswith(f"Crossing Boundaries ({changed[:4]}). ")
    assert f"{collection.manifest.count} cases. https://cases.example.org/ (CC BY 4.0)" in text[1]
    assert csl[0]["issued"]["date-parts"] == [list(map(int, changed.split("-")))]
    assert (csl[0]["type"], csl[0]["version"]) == ("dataset", changed)


def test_the_citation_of_the_collection_is_offered_in_every_format_of_one(client: TestClient) -> None:
    html = client.get("/method").text

    for file in CITATION_FILES:
        answer = client.get(f"/collection{file.extension}")
        assert f'href="/collection{file.extension}" download' in html
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(file.media_type)
        assert 'filename="crossing-boundaries' in answer.headers["content-disposition"]
        assert "https://cases.example.org/" in answer.text


def test_an_empty_collection_can_be_cited(tmp_path: Path) -> None:
    library = Library(tmp_path, {})
    library.build()
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as client:
        assert "0 cases" in client.get("/method").text
        assert client.get("/collection.bib").status_code == 200
        assert client.get("/new").status_code == 200
