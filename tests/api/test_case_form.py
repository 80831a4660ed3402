"""The form for a new case or a correction, without a browser: all that is typed travels, and nothing is stored."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.address.repository import LONGEST, edit_url, host_of, new_file_link
from api.address.site import Site
from api.pages import case_form_page, read_answers
from kb import Generation, tidy, values_in
from kb.authoring.parsing.case_file import CaseFile, parse_case_file
from kb.model.case import CASE_SECTIONS, slugify_heading
from tests.conftest import CONTENT
from tests.kb.authoring.writing.strategies import boxes, texts
from tests.properties import on_one_fixture

FORM = "/contribute/new"

FILLED: list[tuple[str, str]] = [
    ("title", 'The "door": one place for worries #1'),
    ("summary", "Police and town hall in Aarhus share one door: it is open to all."),
    ("city", "Århus"), ("country", ""), ("started", "2015"), ("ended", ""), ("status", "unknown"),
    ("extremism", "far-right"), ("audiences", "youth"), ("audiences", "families"),
    ("lead.0", "City of Aarhus"), ("lead.0.sector", "local-government"),
    ("partners.0", "Schools: all"), ("partners.0.sector", "school"), ("partners.1", ""), ("partners.1.sector", ""),
    ("resources", ""), ("contributors", "Editorial team\nYouth office"),
    ("arrangements.informing-and-intervening", "They take in worries together."),
    ("arrangements.intelligence-link", ""),
    ("challenges.fragile-trust.showed", "Parents feared that police would hear all."),
    ("challenges.fragile-trust.handled", ""), ("experienced_as.knowledge-exchange", ""),
    ("sources.s1.title", "A report: on doors"), ("sources.s1.by", "A city"), ("sources.s1.year", "2019"),
    ("sources.s1.url", "https://example.org/r?a=1#b"), ("sources.s1.lang", "da"), ("sources.s2.title", ""),
    *((f"text.{slugify_heading(heading)}", f"It is so [@s1].\r\n\r\n- {heading} [@s1].") for heading in CASE_SECTIONS),
    ("evidence.level", "described"), ("evidence.note", "Nobody has looked."), ("last_reported.year", ""),
    ("last_reported.source", ""), ("questions", "Where can a teacher turn?\r\nWho listens?"), ("language", "en"),
]  # fmt: skip


def send(client: TestClient, fields: Sequence[tuple[str, str]], **more: str) -> str:
    response = client.post(FORM, content=encoded([*fields, *more.items()]), headers=FORM_HEADERS)
    assert response.status_code == 200, response.text[:400]
    assert response.headers["cache-control"] == "no-store"
    return response.text


FORM_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def encoded(fields: Sequence[tuple[str, str]]) -> str:
    return urlencode(fields)


def download(client: TestClient, fields: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The name and the text of the file that comes of a form."""
    response = client.post(FORM, content=encoded([*fields, ("do", "download")]), headers=FORM_HEADERS)
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    name = re.fullmatch(r'attachment; filename="(.+)"', response.headers["content-disposition"])
    assert name
    return name[1], response.text


def parse(name: str, text: str, client: TestClient) -> CaseFile:
    vocabularies = client.app.state.live.current.vocabularies  # type: ignore[attr-defined]
    return parse_case_file(PurePosixPath(f"cases/{name}"), text.encode(), vocabularies)


def problems_at(page: str, field: str) -> str:
    found = re.search(rf'id="{field}-problem">(.*?)</div>', page, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""


def without(name: str, *instead: tuple[str, str]) -> list[tuple[str, str]]:
    return [*(field for field in FILLED if field[0] != name), *instead]


def test_the_empty_form_complains_of_nothing(client: TestClient) -> None:
    page = client.get(FORM).text

    assert 'class="problem"' not in page
    assert 'name="title"' in page
    assert "[@s1]" not in page


def test_a_filled_form_becomes_a_valid_draft(client: TestClient) -> None:
    name, text = download(client, FILLED)
    file = parse(name, text, client)

    assert name == "aarhus-door.md"
    assert file.problems == ()
    assert file.case
    assert file.case.title == 'The "door": one place for worries #1'
    assert [partner.name for partner in file.case.partners] == ["Schools: all"]
    assert file.case.contributors == ("Editorial team", "Youth office")
    assert not file.is_published
    assert parse(name, text.replace("publication: draft", "publication: published"), client).is_published
    assert "Nothing is left to do" in send(client, FILLED, go="finish")


@pytest.mark.parametrize("step", ["what", "who", "kind", "sources", "text", "known", "finish", "nowhere", ""])
def test_all_answers_are_on_every_page_of_the_form(client: TestClient, step: str) -> None:
    page = send(client, FILLED, go=step)
    _, text = download(client, FILLED)

    assert download(client, fields_of(page))[1] == text


def fields_of(page: str) -> list[tuple[str, str]]:
    """What a browser would send of a page, without pressing a button."""
    inner = page[page.index('id="f-form"') :]
    found: list[tuple[str, str]] = []
    pattern = r"<input ([^>]*)>|<textarea ([^>]*)>\n(.*?)</textarea>|<select ([^>]*)>(.*?)</select>"
    for line, box, said, select, options in re.findall(pattern, inner, re.DOTALL):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', line or box or select))
        name = attributes["name"]
        if box:
            found.append((name, html.unescape(said)))
        elif select:
            chosen = re.search(r'value="([^"]*)" selected', options)
            found.append((name, chosen[1] if chosen else ""))
        elif attributes["type"] in ("text", "hidden") or " checked" in line:
            found.append((name, html.unescape(attributes.get("value", ""))))
    return found


def test_rows_are_added_and_removed_by_buttons(client: TestClient) -> None:
    added = send(client, FILLED, go="sources", do="add-sources")
    removed = send(client, FILLED, go="who", do="remove:partners.0")

    assert re.search(r'name="sources\.s2\.title"[^>]* autofocus', added)
    assert "Schools: all" not in removed
    assert 'name="lead.1"' in send(client, FILLED, do="add-lead")
    assert send(client, FILLED, do="add-city").count('name="city"') == 2


MISTAKES = [
    ("started", "two thousand", "f-started", "“two thousand” is not a year. Write four digits, such as 2015."),
    ("started", "", "f-started", "Write the year in which it began."),
    ("title", "x" * 95, "f-title", "This has 95 characters; the limit is 90. Shorten it."),
    ("ended", "2020", "f-status", "You wrote a year in which it ended. Choose “ended”, or clear that year."),
    ("ended", "1999", "f-ended", "before the case started"),
    ("lead.0.sector", "", "f-lead-0", "Write a name and choose a sector."),
    ("lead.0", "", "f-lead-0", "Write a name and choose a sector."),
    ("sources.s1.url", "example.org", "f-sources-s1-url", "is not a web address. Copy the whole address"),
    ("sources.s1.by", "", "f-sources-s1-by", "this is still empty"),
    ("sources.s1.year", "19", "f-sources-s1-year", "“19” is not a year."),
    ("evidence.level", "", "f-evidence-level", "Choose how much is known about results."),
    ("questions", "why me", "f-questions", "“why me” is not a question."),
    ("contributors", "John Smith", "f-contributors", "looks like a person's name"),
    ("text.context", "It began in 2015.", "f-text-context", "“It began in 2015.” names no source."),
    ("text.context", "It began [@s7].", "f-text-context", "There is no such source in your list."),
    ("text.context", "Call +45 89 31 00 00 [@s1].", "f-text-context", "looks like a telephone number"),
    ("text.what-helped", "", "f-text-what-helped", "Nothing is written here yet."),
    ("challenges.fragile-trust.showed", "", "f-challenges", "Open at least one challenge"),
    ("arrangements.informing-and-intervening", "", "f-arrangements", "Open at least one arrangement"),
    ("city", "", "f-city", "Name the city."),
]


@pytest.mark.parametrize(("name", "typed", "field", "says"), MISTAKES)
def test_a_mistake_is_told_at_its_question_in_plain_words(
    client: TestClient, name: str, typed: str, field: str, says: str
) -> None:
    page = send(client, without(name, (name, typed)), go="finish")
    summary = page[page.index('id="to-do"') :]
    told = problems_at(page, field)

    assert says in told
    assert f'href="#{field}' in summary
    assert f'id="{field}"' in page
    assert not re.search(r"YAML|front matter|`|vocabular(?!ies/)|TEMPLATE", told)


@pytest.mark.parametrize(("name", "typed", "field", "says"), MISTAKES[:8:2])
def test_every_link_of_the_summary_leads_to_something(
    client: TestClient, name: str, typed: str, field: str, says: str
) -> None:
    page = send(client, without(name, (name, typed)), go="finish")
    ids = set(re.findall(r'id="([^"]+)"', page))

    assert set(re.findall(r'href="#(f-[^"]+)"', page)) <= ids


def test_what_is_still_empty_is_no_problem_before_the_last_step_has_been_seen(client: TestClient) -> None:
    early = send(client, [("title", "Door"), ("started", "x")], go="what")

    assert problems_at(early, "f-summary") == ""
    assert "is not a year" in problems_at(early, "f-started")
    assert problems_at(send(client, [("title", "Door"), ("checked", "yes")], go="what"), "f-summary") != ""


def test_a_new_city_brings_the_lines_for_the_vocabulary(client: TestClient) -> None:
    fields = [*without("city", ("city", "Nieuwstad")), ("country", "Belgium")]
    fields = [field for field in fields if field != ("country", "")]
    page = send(client, fields, go="finish")
    name, text = download(client, fields)

    assert "nieuwstad:\n  label: &#34;Nieuwstad&#34;\n  country: belgium\n  latitude: \n" in page
    assert name == "nieuwstad-door.md"
    assert "city: [nieuwstad]" in text
    assert "Nothing is left to do" in page


def test_a_new_city_in_a_new_country_and_one_that_has_no_address(client: TestClient) -> None:
    atlantis = [*without("city", ("city", "Poseidonis"), ("country", "Atlantis"))]
    atlantis.remove(("country", ""))
    page = send(client, atlantis, go="finish")

    assert "atlantis:\n  label: &#34;Atlantis&#34;\n  continent: " in page
    assert "country: atlantis" in page
    assert "name its country" in html.unescape(send(client, without("city", ("city", "Poseidonis")), go="finish"))
    assert "Write the English name" in send(client, without("city", ("city", "東京")), go="finish")


def test_a_correction_begins_with_the_case_and_shows_what_was_changed(client: TestClient) -> None:
    text = (CONTENT / "cases" / "oslo-salto.md").read_text("utf-8")
    page = client.get(f"{FORM}?case=oslo-salto").text
    fields = fields_of(page)
    unchanged = download(client, fields)
    changed = [(name, "1999" if name == "started" else value) for name, value in fields]
    name, corrected = download(client, changed)
    shown = send(client, changed, go="finish")

    assert unchanged == ("oslo-salto.md", text)
    assert name == "oslo-salto.md"
    assert corrected == re.sub(r"^started: 2004", "started: 1999", text, flags=re.MULTILINE)
    assert "started: <mark>2004</mark>" in shown
    assert "started: <mark>1999</mark>" in shown
    assert "has been changed on this site since you began" not in shown


@pytest.mark.parametrize("path", sorted((CONTENT / "cases").glob("*.md"))[::9], ids=lambda path: str(path.stem))
def test_a_case_that_is_opened_and_not_changed_stays_as_it_is(client: TestClient, path: PurePosixPath) -> None:
    fields = fields_of(client.get(f"{FORM}?case={path.stem}").text)

    assert download(client, fields)[1] == (CONTENT / "cases" / path.name).read_text("utf-8")


def test_a_correction_of_a_case_that_has_changed_since_says_so(client: TestClient) -> None:
    fields = fields_of(client.get(f"{FORM}?case=oslo-salto").text)
    older = [(name, "0" * 16 if name == "base" else value) for name, value in fields]

    assert "has been changed on this site since you began" in send(client, older)


@pytest.mark.parametrize("slug", ["nowhere", "../x", "<script>"])
def test_a_case_that_does_not_exist_cannot_be_corrected(client: TestClient, slug: str) -> None:
    assert client.get(FORM, params={"case": slug}).status_code == 404
    assert client.post(FORM, data={"case": slug}).status_code == 404


@on_one_fixture
@given(st.lists(st.tuples(st.sampled_from([name for name, _ in FILLED]), st.one_of(texts, boxes)), max_size=12))
def test_any_answers_make_a_page_and_a_file_that_says_them(
    collection: Generation, fields: list[tuple[str, str]]
) -> None:
    answers = read_answers(fields, collection.vocabularies)
    page = case_form_page(answers, "", collection, SITE, is_sent=True)

    said = values_in(page.file.text)
    assert said == tidy(answers.values)


SITE = Site("https://cases.example.org", "https://github.com/city/cases", "us@example.org", is_fixed=True)


@on_one_fixture
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=40)), max_size=20))
def test_whatever_is_sent_gives_a_page(client: TestClient, fields: list[tuple[str, str]]) -> None:
    sendable = [(name.encode(errors="replace").decode(), value.encode(errors="replace").decode())
                for name, value in fields if name != "case"]  # fmt: skip
    response = client.post(FORM, content=encoded(sendable), headers=FORM_HEADERS)

    assert response.status_code == 200


HOSTILE = {
    "script": "<script>alert(1)</script>" * 700,
    "brackets": "[" * 20_000,
    "quotes": "> " * 15_000,
    "list": "- " * 20_000,
    "fences": "```\n" * 1_450,
    "headings": "## x\n" * 1_450,
    "stars": "*a " * 10_000,
    "backticks": "`" * 20_000,
    "lines": "a\n" * 1_450,
    "words": "a " * 29_000,
    "underlines": "a\n-\n" * 700,
    "conflict": "<<<<<<< a\n=======\n" * 700,
    "citations": "[@s1] " * 5_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("field", ["title", "text.context", "questions"])
def test_a_hostile_text_takes_no_longer_than_a_request_may(client: TestClient, field: str, text: str) -> None:
    for slug in ("", "oslo-salto"):
        begin = time.process_time()
        page = send(client, [(field, text), ("case", slug)], go="finish")

        assert time.process_time() - begin < 2
        assert "<script>alert" not in page


def test_too_many_fields_and_too_much_text_are_refused_with_the_limit(client: TestClient) -> None:
    many = client.post(FORM, content="&".join(["a=1"] * 700), headers=FORM_HEADERS)
    much = client.post(FORM, content="title=" + "a" * 70_000, headers=FORM_HEADERS)

    lines = client.post(FORM, content="title=" + "%0A" * 4_000, headers=FORM_HEADERS)

    assert (many.status_code, much.status_code, lines.status_code) == (400, 413, 413)
    assert "1500 lines" in lines.text
    assert "600" in many.text
    assert "64 kB" in much.text


def test_nothing_that_is_typed_is_markup(client: TestClient) -> None:
    page = send(client, [(name, '"><script>alert(1)</script>') for name, _ in FILLED], go="finish")

    assert "<script>alert" not in page


HOSTS = [
    ("https://github.com/city/cases", "GitHub", "/city/cases/new/main/content/cases", True),
    ("https://git.city.example/gitea/x", None, "", False),
    ("https://gitea.city.example/x/y", "Gitea", "/x/y/_new/main/content/cases", True),
    ("https://codeberg.org/x/y", "Forgejo", "/x/y/_new/main/content/cases", True),
    ("https://gitlab.com/a/b/c", "GitLab", "/a/b/c/-/new/main/content/cases", False),
    ("https://notgithub.example/x/y", None, "", False),
]


@pytest.mark.parametrize(("repository", "host", "path", "takes_text"), HOSTS)
def test_a_new_file_begins_where_the_host_of_the_repository_has_it(
    repository: str, host: str | None, path: str, takes_text: bool
) -> None:
    link = new_file_link(repository, "cases", "a-door.md", "---\ntitle: é & #\n")

    assert (link.host if link else None) == host
    if link:
        parts = urlsplit(link.href)
        query = parse_qs(parts.query)
        assert parts.path == path
        assert ["a-door.md"] in query.values()
        assert link.has_text == takes_text
        assert (["---\ntitle: é & #\n"] in query.values()) == takes_text


@given(st.text(max_size=3000))
def test_an_address_never_gets_too_long(text: str) -> None:
    link = new_file_link("https://github.com/city/cases", "cases", "a.md", text.encode(errors="replace").decode() * 4)

    assert link
    assert len(link.href) < LONGEST


def test_a_file_is_edited_where_the_host_has_it() -> None:
    assert edit_url("https://gitlab.com/a/b", "cases/x.md") == "https://gitlab.com/a/b/-/edit/main/content/cases/x.md"
    assert edit_url("https://example.org/a", "cases/x.md") == "https://example.org/a/edit/main/content/cases/x.md"
    assert host_of("") is None


def test_the_file_can_be_mailed_and_begun_at_the_host(collection: Generation) -> None:
    answers = read_answers(FILLED, collection.vocabularies)
    file = case_form_page(answers, "", collection, SITE, is_sent=True).file

    assert file.mail_href
    assert file.mail_href.startswith("mailto:us@example.org?subject=New%20case%3A%20The%20%22door%22")
    assert "Please%20attach%20it" in file.mail_href
    assert file.link
    assert file.link.has_text
