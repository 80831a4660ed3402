"""Addresses that were copied, typed and shared with something around them lead where they were meant to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st

from api.app import create_app
from kb import Settings
from tests.builders import case_markdown
from tests.library import GOOD, Library
from tests.properties import on_one_fixture
from tests.test_no_draft_leaks import secret

AROUND = [
    ".",
    ")",
    ",",
    ";",
    ":",
    "!",
    "?",
    " ",
    "”",
    "’",
    "*",
    ">",
    "…",
    "»",
    "/",
    "//",
    ").",
    "\u200b",
    "\u00a0",
    "&x=1",
    "#top",
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Cases that are published, renamed, withdrawn and a draft; redirects are not followed."""
    cases = {
        "apple-pie": case_markdown(title="Apple pie", aliases=["old-tart"]),
        "berry-tart": GOOD,
        "gone-cake": case_markdown(publication="withdrawn"),
        "hidden-cake": secret("draft"),
    }
    library = Library(tmp_path_factory.mktemp("small"), cases)
    library.build()
    settings = Settings(
        content=library.content.root,
        index=library.index.root,
        base_url="https://cases.example.org",
        allowed_hosts="testserver",
    )
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        yield opened


def leads_to(client: TestClient, path: str, query: str = "") -> tuple[int, str | None]:
    """Status and location. The host is named, as a client would take `//name` for one."""
    response = client.get(f"http://testserver{quote(path)}?{query}")
    return response.status_code, response.headers.get("location")


@pytest.mark.parametrize(
    "sign", [pytest.param(sign, marks=pytest.mark.slow if number % 3 else ()) for number, sign in enumerate(AROUND)]
)
@pytest.mark.parametrize(
    "address",
    [
        "/cases/apple-pie", "/cases/apple-pie.bib", "/cases/apple-pie.csl.json", "/cities/aarhus", "/cases", "/about",
        "/arrangements/intelligence-link", "/arrangements/intelligence-link/worksheet", "/challenges/fragile-trust",
        "/map/europe", "/api/v1/cases/apple-pie", "/api/v1/cases/apple-pie/related", "/api/v1/search", "/feed.atom",
    ],
)  # fmt: skip
def test_what_a_sentence_puts_behind_an_address_is_ignored(small: TestClient, address: str, sign: str) -> None:
    assert leads_to(small, address + sign) == (308, address)
    assert leads_to(small, address) == (200, None)


@pytest.mark.parametrize(
    ("spelled", "address"),
    [
        ("/cases/APPLE-pie", "/cases/apple-pie"),
        ("/Cases/Apple_Pie", "/cases/apple-pie"),
        ("/cases/apple pie", "/cases/apple-pie"),
        ("/cases/ápple–pie", "/cases/apple-pie"),
        ("/cases/(apple-pie)", "/cases/apple-pie"),
        ("/cases/“apple-pie”", "/cases/apple-pie"),
        ("/cases/apple-pie.html", "/cases/apple-pie"),
        ("/cases/Apple-Pie.HTM).", "/cases/apple-pie"),
        ("/cases/APPLE-pie.bib", "/cases/apple-pie.bib"),
        ("/cases/apple_pie.MD", "/cases/apple-pie.md"),
        ("/cases/apple-pie.JSONLD,", "/cases/apple-pie.jsonld"),
        ("/cases//apple-pie/", "/cases/apple-pie"),
        ("//cases/apple-pie", "/cases/apple-pie"),
        ("/case/apple-pie", "/cases/apple-pie"),
        ("/cases/OLD-tart", "/cases/apple-pie"),
        ("/cases/old_tart.ris)", "/cases/apple-pie.ris"),
        ("/API/v1/Cases/Apple-Pie", "/api/v1/cases/apple-pie"),
        ("/cities/Århus", "/cities/aarhus"),
        ("/cities/AARHUS.md", "/cities/aarhus"),
        ("/cities/aarhus.html/", "/cities/aarhus"),
        ("/city/aarhus", "/cities/aarhus"),
        ("/arrangements/Safety table", "/arrangements/informing-and-intervening"),
        ("/Arrangements/Intelligence_Link/Worksheet/", "/arrangements/intelligence-link/worksheet"),
        ("/challenges/Fragile trust", "/challenges/fragile-trust"),
        ("/map/EUROPE", "/map/europe"),
        ("/map/-4.5,50,5.5,52/", "/map/-4.5,50,5.5,52"),
        ("/about.html", "/about"),
        ("/Contribute/Template.md)", "/contribute/template.md"),
        ("/)", "/"),
    ],
)
def test_an_address_is_understood_however_it_is_spelled(small: TestClient, spelled: str, address: str) -> None:
    assert leads_to(small, spelled) == (308, address)
    assert leads_to(small, address)[0] == 200


def test_a_redirect_keeps_the_query_without_trackers(small: TestClient) -> None:
    assert leads_to(small, "/cases/Apple-Pie", "q=a+b&utm_source=x&shelf=berry-tart") == (
        308,
        "/cases/apple-pie?q=a+b&shelf=berry-tart",
    )
    assert leads_to(small, "/cases/old-tart", "fbclid=x") == (301, "/cases/apple-pie")
    assert leads_to(small, "/cases/", "fbclid=x") == (308, "/cases")


@pytest.mark.parametrize(
    "spelled", ["gone-cake", "gone-cake.", "GONE-cake", "gone_cake)", "gone-cake/", "Gone cake.html", "gone-cake.bib"]
)
def test_a_withdrawn_case_is_withdrawn_however_it_is_spelled(small: TestClient, spelled: str) -> None:
    for place in ("/cases", "/api/v1/cases"):
        status, location = leads_to(small, f"{place}/{spelled}")
        assert (status, location) == (410, None)


@pytest.mark.parametrize(
    "spelled",
    ["hidden-cake", "hidden-cake.", "HIDDEN-cake/", "hidden_cake.bib", "hidden-cak", "hidden-before", "Hidden-Before"],
)
def test_a_draft_is_neither_revealed_nor_offered(small: TestClient, spelled: str) -> None:
    response = small.get(f"/cases/{spelled}")
    unknown = small.get("/cases/hidden-never")

    assert response.status_code == 404
    assert "Zanzibar" not in response.text
    assert 'href="/cases/hidden-cake' not in response.text
    assert ("Perhaps you meant" in response.text) == ("Perhaps you meant" in unknown.text)


@pytest.mark.parametrize("spelled", ["Liège", "LIEGE", "luik.", "lieg"])
def test_a_city_with_drafts_alone_looks_like_none(small: TestClient, spelled: str) -> None:
    response = small.get(f"/cities/{spelled}")

    assert response.status_code == 404
    assert 'href="/cities/liege"' not in response.text


def test_what_is_nearly_right_is_offered(client: TestClient) -> None:
    html = client.get("/cases/aarhus-info-huose").text

    assert "There is no case “aarhus-info-huose”." in html
    assert '<li><a href="/cases/aarhus-info-house">' in html
    assert '<a href="/cases?q=aarhus+info+huose">Search the cases for “aarhus info huose”</a>' in html


@pytest.mark.parametrize("name", ["a", "aarhus", "-", "oslo-salt", "x" * 500, "🌍", "防止", "a-b-c-d-e-f-g"])
def test_at_most_three_cases_are_offered_and_all_of_them_exist(client: TestClient, name: str) -> None:
    html = client.get(f"/cases/{name}", follow_redirects=False).text
    offered = [part.split('"')[0] for part in html.split('<li><a href="/cases/')[1:]]

    assert len(offered) <= 3
    assert all(client.get(f"/cases/{slug}").status_code == 200 for slug in offered)


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//map/evil.example/", "/\\evil.example/", "//evil.example/cases/apple-pie"]
)
def test_no_address_leads_to_another_host(small: TestClient, path: str) -> None:
    status, location = leads_to(small, path)

    assert status in {308, 404}
    assert location is None or (location.startswith("/") and not location.startswith(("//", "/\\")))


@pytest.mark.parametrize(
    "path", ["/cases/apple-pie/", "/cases/old-tart", "/cases/old-tart.bib", "/cases/", "/about/", "/map/Europe/"]
)
@pytest.mark.parametrize("base_url", ["", "https://cases.example.org"])
def test_a_redirect_never_leaves_the_scheme_of_the_site(tmp_path: Path, path: str, base_url: str) -> None:
    library = Library(tmp_path, {"apple-pie": case_markdown(aliases=["old-tart"])})
    library.build()
    settings = Settings(
        content=library.content.root, index=library.index.root, base_url=base_url, allowed_hosts="testserver"
    )
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        response = opened.get(path)

    assert response.is_redirect
    assert response.headers["location"].startswith("/")


@on_one_fixture
@given(
    path=st.lists(
        st.sampled_from(["cases", "apple-pie", "Cities", "api", "v1", "map", "..", ".", "a", "é"]) | st.text(max_size=8)
    ).map("/".join)
)
@example("map/cases/:")
def test_any_path_is_answered_and_a_redirect_ends(small: TestClient, path: str) -> None:
    try:
        quote(path)
    except UnicodeEncodeError:
        return  # no client can send it
    status, location = leads_to(small, f"/{path}")

    assert status in {200, 301, 303, 308, 404, 410, 422}
    if status == 308:
        assert location is not None
        assert leads_to(small, location)[0] in {200, 404}
