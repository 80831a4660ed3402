"""A worksheet can be filled in on screen and saved as a document for a word processor."""

from __future__ import annotations

import io
import re
from urllib.parse import urlencode

import docx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from kb import Generation

WORKSHEET = "/arrangements/intelligence-link/worksheet"
DOCUMENT = f"{WORKSHEET}.docx"


def words_of(document: bytes) -> str:
    """All words of a document, tables included."""
    opened = docx.Document(io.BytesIO(document))
    cells = (cell.text for table in opened.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])


def test_each_thing_to_fill_in_has_a_label(client: TestClient, collection: Generation) -> None:
    for term in collection.vocabularies.arrangements:
        html = client.get(f"/arrangements/{term.id}/worksheet").text
        guide = collection.cases.guide("arrangement", term.id)

        assert guide is not None
        written = re.findall(r'<(?:textarea|input) id="([^"]+)"', html)
        assert len(written) == 5 + len(guide.points("questions-before-starting"))
        assert all(f'<label for="{name}">' in html for name in written)
        assert html.count('<label><input type="checkbox"') == len(guide.points("pitfalls"))


def test_an_empty_worksheet_can_be_saved(client: TestClient, collection: Generation) -> None:
    for term in collection.vocabularies.arrangements:
        response = client.get(f"/arrangements/{term.id}/worksheet.docx")
        guide = collection.cases.guide("arrangement", term.id)

        assert guide is not None
        assert response.headers["content-disposition"] == f'attachment; filename="worksheet-{term.id}.docx"'
        assert response.headers["content-type"].endswith("wordprocessingml.document")
        saved = words_of(response.content)
        assert all(point in saved for point in guide.points("questions-before-starting"))
        assert all(f"☐ {point}" in saved for point in guide.points("pitfalls"))
        assert term.purpose in saved
        assert f"https://cases.example.org/arrangements/{term.id}" in saved


def test_what_was_filled_in_is_saved_and_not_stored(client: TestClient) -> None:
    filled_in = {
        "aim": "Agree on feedback", "question-2": "Within a week\r\nby telephone", "missing": "The school",
        "pitfall-1": "yes", "colour": "red",
    }  # fmt: skip
    response = client.post(DOCUMENT, data=filled_in)

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    saved = words_of(response.content)
    assert "Agree on feedback" in saved
    assert "Within a week\nby telephone" in saved
    assert "The school" in saved
    assert saved.count("☒") == 1
    assert "red" not in saved.split()
    assert "The school" not in client.get(WORKSHEET).text


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_words_can_be_filled_in(client: TestClient, typed: str) -> None:
    body = urlencode({"aim": typed}).encode()
    response = client.post(DOCUMENT, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert response.status_code == 200
    assert "Questions before starting" in words_of(response.content)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"aim=" + b"x" * 200_000, 413),
        (b"&".join(b"a%d=1" % number for number in range(500)), 400),
        (b"aim=\xff", 400),
        (b"", 200),
        (b"aim=%00%0B%ED%A0%80", 200),
    ],
)
def test_a_body_that_is_too_large_or_no_text_is_refused(client: TestClient, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    assert client.post(DOCUMENT, content=body, headers=headers).status_code == status


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_there_is_no_document_of_an_unknown_arrangement(client: TestClient, method: str) -> None:
    response = client.request(method, "/arrangements/inteligence-link/worksheet.docx")

    assert response.status_code == 404
    assert '<a href="/arrangements/intelligence-link">' in response.text


def test_worksheets_are_linked_from_where_arrangements_are(client: TestClient, collection: Generation) -> None:
    overview = client.get("/arrangements").text
    for term in collection.vocabularies.arrangements:
        assert f'href="/arrangements/{term.id}/worksheet"' in overview
        assert f'href="/arrangements/{term.id}/worksheet"' in client.get(f"/arrangements/{term.id}").text
    assert 'id="worksheets"' in overview
    for address in ("/", "/cases", "/challenges/fragile-trust", "/about"):
        assert 'href="/arrangements#worksheets"' in client.get(address).text
