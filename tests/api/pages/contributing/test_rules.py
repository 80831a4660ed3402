"""The rules for content files, explained on the site."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from kb import RULES


def test_all_rules_are_listed_with_links_to_their_pages(client: TestClient) -> None:
    html = client.get("/contribute/rules").text

    assert [name for name in RULES if f'<a href="/contribute/rules/{name}">' not in html] == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_a_page_with_both_examples(name: str, client: TestClient) -> None:
    response = client.get(f"/contribute/rules/{name}")

    assert response.status_code == 200
    assert "This breaks it" in response.text
    assert "This is fine" in response.text


def test_what_cannot_be_seen_is_shown_by_number(client: TestClient) -> None:
    assert "radi&lt;U+00AD&gt;cal" in client.get("/contribute/rules/invisible-character").text


def test_a_rule_that_does_not_exist_is_not_found_and_a_near_one_is_named(client: TestClient) -> None:
    response = client.get("/contribute/rules/bad-yeer")

    assert response.status_code == 404
    assert "bad-year" in response.text
