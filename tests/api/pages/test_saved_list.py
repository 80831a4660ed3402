"""The page of the saved list, its reader and its file, over the real collection and over small ones."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import docx
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.address.saved_list import MOST_SAVED, SavedList
from api.address.site import Site
from api.app import create_app
from api.formats.qr_code import qr_code
from api.pages import reader_page
from kb import Generation, Settings
from tests.builders import build_in, case_markdown

SITE = Site("https://cases.example.org", "", "", is_fixed=True)
FOUR = ("aarhus-info-house", "oslo-salto", "bordeaux-capri", "calgary-redirect")


def at(path: str, *slugs: str, name: str = "") -> str:
    return SavedList(slugs, name).at(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("small")
    cases = {
        "one": case_markdown(title="One", aliases=["first"]),
        "two": case_markdown(title="Two", city="vienna"),
        "gone": case_markdown(title="Zanzibar", publication="withdrawn"),
        "hidden": case_markdown(title="Zanzibar", publication="draft"),
    }
    cases |= {f"more-{number:02}": case_markdown(title=f"More {number:02}") for number in range(15)}
    build_in(folder, cases)[1].close()
    with TestClient(create_app(Settings(content=folder / "content", index=folder / "index"))) as client:
        yield client


def titles(html: str) -> list[str]:
    return [unescape(title) for title in re.findall(r"<h2><a [^>]*>([^<]*)</a></h2>", html)]


def test_cases_have_the_order_of_the_address(small: TestClient) -> None:
    html = small.get(at("/saved", "two", "more-03", "one", name="For Monday")).text

    assert titles(html) == ["Two", "More 03", "One"]
    assert "<h1>For Monday</h1>" in html
    assert "<title>For Monday" in html


@pytest.mark.parametrize(
    ("slugs", "notice"),
    [
        ([f"more-{number:02}" for number in range(13)], "A list can contain at most 12 cases."),
        ([f"more-{number:02}" for number in range(15)] * 4, "A list can contain at most 12 cases."),
        (["one", "nowhere"], "The case “nowhere” does not exist."),
        (["one", "hidden"], "The case “hidden” does not exist."),
        (["one", "gone"], "The case “gone” was withdrawn."),
        (["one", "one"], "“One” was named twice."),
        (["one", "first"], "“One” was named twice."),
        (["one", "<b>"], "The case “<b>” does not exist."),
        (["one", "x" * 300], "does not exist."),
    ],
)
@pytest.mark.parametrize("path", ["/saved", "/saved/reader"])
def test_what_is_left_out_of_a_list_is_reported(small: TestClient, path: str, slugs: list[str], notice: str) -> None:
    html = small.get(path, params={"shelf": slugs}).text

    assert notice in unescape(html)
    assert "Zanzibar" not in html


def test_an_earlier_name_of_a_case_is_followed_by_the_page_and_all_its_links(small: TestClient) -> None:
    html = small.get("/saved?shelf=first&shelf=two").text

    assert titles(html) == ["One", "Two"]
    assert "shelf=first" not in html
    assert 'class="notice"' not in html
    assert "2 cases saved" in html


def test_each_step_of_an_order_is_a_link_whose_target_exists(client: TestClient) -> None:
    html = client.get(at("/saved", *FOUR)).text
    links = re.findall(r'<a class="list-change" id="([^"]+)" href="([^"]+)"[^>]*data-change="([^"]+)"', html)

    assert len(links) == 4 * 3 - 2
    for name, href, says in links:
        address = urlsplit(unescape(href))
        after = parse_qs(address.query)["shelf"]
        assert sorted(after) == sorted(FOUR) or name.startswith("remove-")
        changed = client.get(unescape(href)).text
        assert f'id="{address.fragment}"' in changed, "what gets the focus is there"
        assert re.search(r"is now number [1-4] of 4\.|is removed\. 3 cases left\.", says)


def test_moving_down_once_and_up_once_changes_nothing(client: TestClient) -> None:
    html = client.get(at("/saved", *FOUR)).text
    down = unescape(re.findall(r'id="down-oslo-salto" href="([^"]+)"', html)[0])
    up = unescape(re.findall(r'id="up-oslo-salto" href="([^"]+)"', client.get(down).text)[0])

    assert parse_qs(urlsplit(up).query)["shelf"] == list(FOUR)


def test_removing_the_last_case_leaves_the_page_that_teaches_how_to_save(client: TestClient) -> None:
    html = client.get(at("/saved", "oslo-salto", name="Mine")).text
    removed = client.get(unescape(re.findall(r'id="remove-oslo-salto" href="([^"]+)"', html)[0])).text

    assert "Nothing is saved yet" in removed
    assert "Press “Save”" in removed


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ([], "Choose at least two."),
        (["oslo-salto"], "Choose at least two."),
        (["oslo-salto", "nowhere"], "Choose at least two."),
        ([*FOUR, "copenhagen-vink"], "You have chosen 5. Choose 2 to 4."),
    ],
)
def test_a_choice_that_cannot_be_compared_says_why_and_stays_ticked(
    client: TestClient, chosen: list[str], problem: str
) -> None:
    listed = [*FOUR, "copenhagen-vink"]
    response = client.get("/saved", params={"shelf": listed, "case": chosen, "chosen": "yes"})
    control = response.text[response.text.index('id="choice"') :]

    assert response.status_code == 200
    assert problem in control[: control.index("</button>")]
    ticked = re.findall(r'name="case" value="([^"]+)"[^>]* checked', response.text)
    assert ticked == [slug for slug in listed if slug in chosen]


def test_two_to_four_that_are_chosen_are_compared_and_the_list_goes_along(client: TestClient) -> None:
    asked = {"shelf": list(FOUR), "list": "Mine", "case": ["oslo-salto", "bordeaux-capri"], "chosen": "yes"}
    response = client.get("/saved", params=asked, follow_redirects=False)

    assert response.status_code == 303
    assert response.headers["location"] == (
        "/compare?case=oslo-salto&case=bordeaux-capri&" + "&".join(f"shelf={slug}" for slug in FOUR) + "&list=Mine"
    )


@pytest.mark.parametrize("ticked", [[], ["intelligence-link"]])
def test_too_few_arrangements_to_compare_are_reported_beside_the_button(client: TestClient, ticked: list[str]) -> None:
    html = client.get("/compare", params={"arrangement": ticked, "chosen": "yes"}).text

    assert "Choose at least two." in html[html.index('id="choice"') :]
    assert re.findall(r'name="arrangement" value="([^"]+)" checked', html) == ticked


def test_the_link_is_there_to_copy_without_a_script_and_as_a_qr_code(client: TestClient) -> None:
    html = client.get(at("/saved", *FOUR, name="Für Montag")).text
    link = "https://cases.example.org" + at("/saved", *FOUR, name="Für Montag")

    assert f'value="{link.replace("&", "&amp;")}" readonly' in html
    assert qr_code(link) in html
    assert 'role="img" aria-label="QR code' in html


def test_a_list_whose_link_fits_into_no_code_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert qr_code("https://example.org/" + "x" * 2900)
    assert qr_code("https://example.org/" + "x" * 3000) == ""
    monkeypatch.setattr("api.pages.saved_list.page.qr_code", lambda _: "")
    assert "too long for a QR code" in client.get(at("/saved", *FOUR, name="Too long")).text


@pytest.mark.parametrize(
    ("count", "label"),
    [(1, "Compare with another case"), (2, "Compare"), (4, "Compare"), (5, "Choose which to compare")],
)
def test_the_bar_offers_what_can_be_done_with_so_many_cases(small: TestClient, count: int, label: str) -> None:
    html = small.get(at("/about", *(f"more-{number:02}" for number in range(count)))).text
    (href, shown), *_ = re.findall(r'class="saved-compare" href="([^"]+)">([^<]+)<', html)

    assert shown == label
    assert small.get(unescape(href)).status_code == 200
    assert unescape(href).startswith("/saved" if count > 4 else "/compare")


def test_a_reader_has_each_case_in_brief_with_its_sources(client: TestClient, collection: Generation) -> None:
    page = reader_page(FOUR, "For Monday", collection, SITE)
    html = unescape(client.get(at("/saved/reader", *FOUR, name="For Monday")).text)

    assert [case.slug for case in page.cases] == list(FOUR)
    for case in page.cases:
        whole = collection.cases.case(case.slug)
        assert whole is not None
        assert case.summary == whole.summary
        assert [source.title for source in case.sources] == [source.title for source in whole.sources]
        for part in case.parts:
            assert part.points
            assert all(
                any(point in section.text.replace("\n", " ") for section in whole.sections) for point in part.points
            )
            assert all(point in html for point in part.points)


def test_a_reader_of_nothing_leads_to_the_list_that_says_so(small: TestClient) -> None:
    response = small.get("/saved/reader?shelf=gone")

    assert response.url.path == "/saved"
    assert "“gone” was withdrawn" in response.text


def test_the_file_says_what_the_reader_says(client: TestClient, collection: Generation) -> None:
    response = client.get(at("/saved.docx", *FOUR, name="Für Montag"))
    document = docx.Document(io.BytesIO(response.content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    page = reader_page(FOUR, "Für Montag", collection, SITE)

    assert response.headers["content-disposition"].startswith('attachment; filename="Fur-Montag.docx"')
    assert texts[0] == "Für Montag"
    assert headings == ["Contents", *(f"{case.number}. {case.title}" for case in page.cases)]
    for case in page.cases:
        assert case.summary in texts
        assert all(point in texts for part in case.parts for point in part.points)
        assert any(case.sources[0].title in text for text in texts)
    assert len(document.tables) == 4, "a box for notes for each"
    assert any("https://cases.example.org/saved?shelf=aarhus-info-house" in text for text in texts)


def test_the_file_reports_what_it_leaves_out(small: TestClient) -> None:
    content = small.get("/saved.docx?shelf=one&shelf=gone").content

    assert any("“gone” was withdrawn" in p.text for p in docx.Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize("query", ["", "?shelf=", "?shelf=nowhere", "?shelf=hidden"])
def test_there_is_no_file_of_nothing(small: TestClient, query: str) -> None:
    assert small.get(f"/saved.docx{query}").status_code == 404


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["one", "two", "first", "gone", "", "x\x00", "é", "más"]), max_size=20),
    st.text(max_size=90),
)
def test_any_list_under_any_name_is_answered(small: TestClient, slugs: list[str], name: str) -> None:
    params = {"shelf": slugs, "list": name}

    assert small.get("/saved", params=params).status_code == 200
    assert small.get("/saved/reader", params=params).status_code == 200
    response = small.get("/saved.docx", params=params)
    assert response.status_code == (200 if {"one", "two", "first"} & set(slugs) else 404)
    if response.status_code == 200:
        docx.Document(io.BytesIO(response.content))


def test_a_full_list_offers_no_more(small: TestClient) -> None:
    html = small.get(at("/saved", *(f"more-{number:02}" for number in range(MOST_SAVED)))).text

    assert "Add cases" not in html
    assert "12 cases saved" in html
