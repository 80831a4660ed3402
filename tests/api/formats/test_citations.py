"""How a case is cited: whatever a title contains, reference managers read exactly the same title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st

from api.address.site import Site
from api.app import create_app
from api.formats.citations import CITATION_FILES, Citation, as_bibtex, as_csl, as_ris, as_text
from api.pages import cite_view
from api.server.rendering import environment
from kb import Generation, Settings, StoredCase
from tests.builders import build_in, case_markdown, make_case

SITE = Site("https://cases.example.org", "", "", is_fixed=True)
PLAIN = Citation(
    slug="a-door",
    title="A door for concerns",
    authors=("Editorial team",),
    changed=date(2026, 3, 1),
    url="https://cases.example.org/cases/a-door",
    language="en",
    summary="Police and town hall share one door.",
)
TITLES = st.text(max_size=80) | st.text(alphabet='\\{}%&$#_~^"@,= \n\r\t\0é“Ø—ıا', max_size=40)

TEX = {
    "\\textbackslash{}": "\\",
    "\\textbraceleft{}": "{",
    "\\textbraceright{}": "}",
    "\\textasciitilde{}": "~",
    "\\textasciicircum{}": "^",
    **{f"\\{sign}": sign for sign in "&%$#_"},
}


def titled(title: str) -> Citation:
    """The citation of a case with this title."""
    stored = StoredCase(replace(make_case(), title=title), "2026-03-01T12:00:00Z", "")
    return Citation.of(stored, SITE)


def one_line(text: str) -> str:
    """What is left of a text when control characters and line ends are spaces."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


def read_bibtex(text: str) -> tuple[str, str, dict[str, str]]:
    """Kind, key and raw fields of the one entry, read as BibTeX does: braces are counted, backslashes mean nothing."""
    start = re.match(r"@(\w+)\{([^,{}\s]+),\n", text)
    assert start is not None
    fields, position = {}, start.end()
    while name := re.compile(r"\s*(\w+)\s*=\s*\{").match(text, position):
        position, depth = name.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
        fields[name[1]] = text[name.end() : position - 1]
        assert text[position] == ","
        position += 1
    assert text[position:] == "\n}\n"
    return start[1], start[2], fields


def printed(tex: str) -> str:
    """What TeX prints for a value in braces of its own."""
    inner = tex.removeprefix("{").removesuffix("}")
    shown = re.sub(r"\\[a-z]+\{\}|\\.", lambda found: TEX[found[0]], inner)
    left = re.sub(r"\\[a-z]+\{\}|\\.", "", inner)
    assert not set(left) & set("\\{}~^&%$#_"), "every sign with a meaning of its own is written out"
    return shown


def read_ris(text: str) -> list[tuple[str, str]]:
    """The tags of the one record with their values."""
    lines = text.split("\r\n")
    assert lines.pop() == ""
    found = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines]
    return [(match[1], match[2]) for match in found if match] if all(found) else []


def test_a_citation_for_people_names_author_year_title_collection_version_address_and_licence() -> None:
    assert as_text(PLAIN) == (
        "Editorial team (2026). A door for concerns. Crossing Boundaries. Version of 1 March 2026. "
        "https://cases.example.org/cases/a-door (CC BY 4.0)"
    )


def test_a_title_that_ends_a_sentence_gets_no_second_stop_and_authors_are_joined() -> None:
    citation = replace(PLAIN, title="Who knocks?", authors=("City Police", "Youth work", "Editorial team"))

    assert as_text(citation).startswith(
        "City Police, Youth work and Editorial team (2026). Who knocks? Crossing Boundaries."
    )


def test_bibtex_contains_what_is_known_and_nothing_else() -> None:
    assert read_bibtex(as_bibtex(PLAIN)) == (
        "misc",
        "a-door",
        {
            "author": "{Editorial team}",
            "title": "{A door for concerns}",
            "howpublished": "Crossing Boundaries",
            "year": "2026",
            "version": "2026-03-01",
            "url": "https://cases.example.org/cases/a-door",
            "note": "Version of 1 March 2026. Licence: CC BY 4.0",
            "language": "en",
        },
    )


def test_several_authors_stay_intact_in_bibtex() -> None:
    _, _, fields = read_bibtex(as_bibtex(replace(PLAIN, authors=("Police and Schools, Aarhus", "Editorial team"))))

    assert fields["author"] == "{Police and Schools, Aarhus} and {Editorial team}"


def test_ris_contains_what_is_known_and_nothing_else() -> None:
    assert read_ris(as_ris(PLAIN)) == [
        ("TY", "ELEC"),
        ("AU", "Editorial team,"),
        ("TI", "A door for concerns"),
        ("T2", "Crossing Boundaries"),
        ("PY", "2026"),
        ("DA", "2026/03/01/"),
        ("UR", "https://cases.example.org/cases/a-door"),
        ("LA", "en"),
        ("AB", "Police and town hall share one door."),
        ("N1", "Version of 1 March 2026. Licence: CC BY 4.0"),
        ("ER", ""),
    ]


def test_csl_json_uses_only_variables_of_csl() -> None:
    (item,) = json.loads(as_csl(PLAIN))

    assert item == {
        "id": "a-door",
        "type": "webpage",
        "title": "A door for concerns",
        "author": [{"literal": "Editorial team"}],
        "issued": {"date-parts": [[2026, 3, 1]]},
        "container-title": "Crossing Boundaries",
        "version": "2026-03-01",
        "URL": "https://cases.example.org/cases/a-door",
        "language": "en",
        "abstract": "Police and town hall share one door.",
        "note": "Licence: CC BY 4.0",
    }


@given(TITLES)
@example("One}, author = {Somebody else")
@example("\\input{secrets} % the rest")
@example("Two lines\r\nER  - \r\nTY  - BOOK")
def test_any_title_is_read_back_as_it_was(title: str) -> None:
    citation, expected = titled(title), one_line(title)
    _, _, fields = read_bibtex(as_bibtex(citation))
    tags = read_ris(as_ris(citation))

    assert printed(fields["title"]) == expected
    assert [value for tag, value in tags if tag == "TI"] == [expected]
    assert [tag for tag, _ in tags] == ["TY", "AU", "TI", "T2", "PY", "DA", "UR", "LA", "AB", "N1", "ER"]
    assert json.loads(as_csl(citation))[0]["title"] == expected
    assert len(as_text(citation).splitlines()) == 1


@pytest.mark.slow
def test_every_case_can_be_cited_and_downloaded(client: TestClient, collection: Generation) -> None:
    for slug in collection.cases.slugs():
        case = collection.cases.case(slug)
        assert case is not None
        for file in CITATION_FILES:
            response = client.get(f"/cases/{slug}{file.extension}")

            assert response.status_code == 200
            assert response.headers["content-type"] == f"{file.media_type}; charset=utf-8"
            assert response.headers["content-disposition"] == f'attachment; filename="{slug}{file.extension}"'
        assert printed(read_bibtex(client.get(f"/cases/{slug}.bib").text)[2]["title"]) == case.title
        assert ("TI", case.title) in read_ris(client.get(f"/cases/{slug}.ris").content.decode())
        (item,) = client.get(f"/cases/{slug}.csl.json").json()
        assert (item["title"], item["URL"]) == (case.title, f"https://cases.example.org/cases/{slug}")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[TestClient]:
    """A collection with a case that had another name, and one that was withdrawn."""
    cases = {"open": case_markdown(aliases=["before"]), "gone": case_markdown(publication="withdrawn")}
    build_in(tmp_path, cases)[1].close()
    settings = Settings(content=tmp_path / "content", index=tmp_path / "index")
    with TestClient(create_app(settings), follow_redirects=False) as opened:
        yield opened


@pytest.mark.parametrize("extension", ["", ".md", ".json", ".bib", ".ris", ".csl.json", ".jsonld"])
def test_an_earlier_name_redirects_to_the_same_format_and_a_withdrawn_case_is_gone(
    small: TestClient, extension: str
) -> None:
    moved = small.get(f"/cases/before{extension}")

    assert (moved.status_code, moved.headers["location"]) == (301, f"/cases/open{extension}")
    assert small.get(f"/cases/open{extension}").status_code == 200
    assert small.get(f"/cases/gone{extension}").status_code == 410
    assert small.get(f"/cases/never{extension}").status_code == 404


def test_the_part_for_pages_shows_the_citation_the_copy_button_and_the_files() -> None:
    stored = StoredCase(make_case("a-case"), "2026-03-01T12:00:00Z", "")
    html = environment().get_template("parts/cite.html").render(cite=cite_view(stored, SITE))
    text = as_text(Citation.of(stored, SITE))

    assert html.count(text) == 2
    assert f'data-copy="{text}" hidden>' in html
    assert re.findall(r'href="([^"]+)"', html) == ["/cases/a-case.bib", "/cases/a-case.ris", "/cases/a-case.csl.json"]
