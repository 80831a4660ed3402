"""Cases and arrangements side by side, over the real collection and over small ones."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.address.comparison import ComparedItems
from api.address.search_state import compare_href
from api.app import create_app
from api.pages import ComparisonPage, compare_arrangements, compare_cases, comparison_start
from kb import Case, Challenge, Generation, Settings
from tests.builders import build_in, case_markdown

AARHUS, VILVOORDE, OSLO = "aarhus-info-house", "vilvoorde-partner-round-table", "oslo-salto"


def cases_of(generation: Generation, *slugs: str) -> list[Case]:
    found = [generation.cases.case(slug) for slug in slugs]
    return [case for case in found if case]


def comparison(generation: Generation, *slugs: str) -> ComparisonPage:
    return compare_cases(cases_of(generation, *slugs), (), generation)


def headings(page: ComparisonPage) -> list[str]:
    return [row.heading.label for row in page.different]


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def client_over(tmp_path: Path) -> Iterator[TestClient]:
    cases = {
        "one": case_markdown(title="One", aliases=["first"]),
        "two": case_markdown(title="Two", city="vienna"),
        "gone": case_markdown(title="Zanzibar", publication="withdrawn"),
        "hidden": case_markdown(title="Zanzibar", publication="draft"),
    }
    cases |= {f"more-{number:02}": case_markdown(title=f"More {number:02}") for number in range(15)}
    build_in(tmp_path, cases)[1].close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as client:
        yield client


def test_rows_that_differ_come_first_and_what_is_the_same_is_stated_once(collection: Generation) -> None:
    page = comparison(collection, AARHUS, OSLO)

    assert all(not row.is_same for row in page.different)
    assert all(row.is_same for row in page.same)
    assert page.same_in_words.endswith("not reviewed by the city")
    assert [name.partition(" (")[0] for name in page.same_in_words.split(", ")] == [
        row.heading.label.lower() if not row.is_clear else "not reviewed by the city" for row in page.same
    ]


def test_rows_have_a_fixed_order_whatever_the_order_of_columns(collection: Generation) -> None:
    page = comparison(collection, AARHUS, VILVOORDE)

    assert headings(page) == headings(comparison(collection, VILVOORDE, AARHUS))
    challenges = [row.heading.label for row in page.different if row.kind == "Challenge"]
    first, last = headings(page).index(challenges[0]), headings(page).index("What helped")
    assert headings(page)[first:last] == challenges
    assert headings(page)[:3] == ["In short", "Evidence", "Arrangement"]


def test_every_challenge_that_any_case_names_has_a_row_with_what_each_case_says(collection: Generation) -> None:
    cases = cases_of(collection, AARHUS, VILVOORDE, OSLO)
    rows = {row.heading.label: row for row in comparison(collection, AARHUS, VILVOORDE, OSLO).different}
    labels = collection.vocabularies.challenges.label

    named = {reason.id for case in cases for reason in case.challenges}
    assert {label for label, row in rows.items() if row.kind == "Challenge"} == set(map(labels, named))
    for place, case in enumerate(cases):
        sentence_of = {challenge.id: sentences(challenge) for challenge in case.challenges}
        for challenge in named:
            assert str(rows[labels(challenge)].cells[place]) == sentence_of.get(
                challenge, "Not mentioned in this case."
            )


def sentences(challenge: Challenge) -> str:
    """How a comparison says what a case says of a challenge."""
    showed = [f"How it showed: {challenge.showed}"] if challenge.showed else []
    handled = [f"How it was handled: {challenge.handled}"] if challenge.handled else []
    return "\n".join([*showed, *handled])


def test_a_comparison_shows_all_that_its_sections_say(client: TestClient, collection: Generation) -> None:
    html = client.get(compare_href([AARHUS, VILVOORDE])).text
    shown = text_of(re.sub(r'<sup class="citation">.*?</sup>', "", html))

    for case in cases_of(collection, AARHUS, VILVOORDE):
        for section_id in ("who-is-at-the-table", "what-helped", "what-was-hard", "what-is-known-about-results"):
            section = case.section(section_id)
            assert section is not None
            assert all(line in shown for line in section.text.split("\n"))
        assert case.evidence.note in shown
        assert all(partner.name in shown for partner in case.at_the_table)


def test_citations_link_to_the_sources_of_their_own_case(client: TestClient) -> None:
    html = client.get(compare_href([AARHUS, VILVOORDE])).text

    assert f'href="/cases/{AARHUS}#source-s2"' in html
    assert f'href="/cases/{VILVOORDE}#source-s2"' in html
    assert 'href="#source' not in html
    assert 'id="cite' not in html


def test_marks_at_a_glance_say_what_each_case_says(client: TestClient, collection: Generation) -> None:
    cases = cases_of(collection, AARHUS, VILVOORDE, OSLO)
    dots = comparison(collection, AARHUS, VILVOORDE, OSLO).dots
    html = client.get(compare_href([AARHUS, VILVOORDE, OSLO])).text

    assert dots is not None
    named = {challenge.id for case in cases for challenge in case.challenges}
    assert {row.heading.href for row in dots.rows} == {f"#{challenge}" for challenge in named}
    for row in dots.rows:
        assert f'id="{row.heading.href[1:]}"' in html
        for dot, case in zip(row.dots, cases, strict=True):
            challenge = next((item for item in case.challenges if f"#{item.id}" == row.heading.href), None)
            said = (bool(challenge and challenge.showed), bool(challenge and challenge.handled))
            expected = {(True, True): "both", (True, False): "showed", (False, True): "handled"}
            assert dot.mark == expected.get(said, "none")
    counts = [sum(dot.mark != "none" for dot in row.dots) for row in dots.rows]
    assert counts == sorted(counts, reverse=True)
    assert {dot.words for dot in dots.key} == {dot.words for row in dots.rows for dot in row.dots}


def test_cases_without_a_challenge_have_no_table_of_marks(collection: Generation) -> None:
    cases = [replace(case, challenges=()) for case in cases_of(collection, AARHUS, OSLO)]

    assert compare_cases(cases, (), collection).dots is None


def test_to_look_for_another_case_loses_none_of_the_list(client: TestClient) -> None:
    two = client.get(f"{compare_href([AARHUS, OSLO])}&shelf=bordeaux-capri&list=Mine").text
    one = client.get(f"{compare_href([AARHUS])}&shelf=bordeaux-capri&list=Mine").text

    assert f'href="/cases?shelf=bordeaux-capri&amp;shelf={AARHUS}&amp;shelf={OSLO}&amp;list=Mine"' in two
    form = one[one.index("data-own-list") : one.index("</form>")]
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form) == [
        ("shelf", "bordeaux-capri"),
        ("shelf", AARHUS),
        ("list", "Mine"),
    ]


def test_what_partners_experienced_is_next_to_what_was_announced(collection: Generation) -> None:
    slug = next(s for s in collection.cases.slugs() if (case := collection.cases.case(s)) and case.experienced_as)
    case = collection.cases.case(slug)
    row = next(r for r in comparison(collection, slug, AARHUS).different if r.heading.label == "Arrangement")

    assert case is not None
    assert f"Experienced as: Intelligence link: {case.experienced_as[0].why}" in str(row.cells[0])


def test_a_section_that_a_case_leaves_out_is_reported(collection: Generation) -> None:
    whole, other = cases_of(collection, AARHUS, OSLO)
    short = replace(other, sections=())
    page = compare_cases([whole, short], (), collection)
    row = next(row for row in page.different if row.heading.label == "What helped")

    assert str(row.cells[1]) == "Not stated in this case."
    assert "What helped" not in headings(compare_cases([short, replace(short, slug="x")], (), collection))


def test_cases_from_one_city_are_distinguished_by_their_titles(collection: Generation) -> None:
    page = comparison(collection, AARHUS, "aarhus-mosque-dialogue")

    assert [column.label for column in page.columns] == [column.title for column in page.columns]


def test_a_case_is_removed_and_another_added_by_address_alone(client: TestClient) -> None:
    html = client.get(compare_href([AARHUS, VILVOORDE, OSLO])).text

    assert f'href="/compare?case={VILVOORDE}&amp;case={OSLO}">Remove' in html
    assert f'href="/cases?shelf={AARHUS}&amp;shelf={VILVOORDE}&amp;shelf={OSLO}"' in html


def test_no_case_explains_itself_and_offers_pairs_from_the_collection(
    client: TestClient, collection: Generation
) -> None:
    page = comparison_start(ComparedItems((), (), ()), collection)
    pairs = next(offer for offer in page.offers if "challenge" in offer.heading).links

    assert len(pairs) == 4
    for link in pairs:
        one, other = cases_of(collection, *re.findall("case=([a-z-]+)", link.href))
        assert {reason.id for reason in one.challenges} & {reason.id for reason in other.challenges}
        assert not {reason.id for reason in one.arrangements} & {reason.id for reason in other.arrangements}
        assert client.get(link.href).status_code == 200


def test_one_case_offers_others_with_the_reason(client: TestClient, collection: Generation) -> None:
    html = client.get(compare_href([AARHUS])).text
    case = collection.cases.case(AARHUS)

    assert case is not None
    assert f'<input type="hidden" name="shelf" value="{AARHUS}">' in html
    for related in collection.related(case):
        assert compare_href([AARHUS, related.slug]).replace("&", "&amp;") in html
        assert related.reason in unescape(html)
    assert f'href="/cases?arrangement=informing-and-intervening&amp;shelf={AARHUS}"' in html


def test_five_cases_or_more_are_a_list_to_choose_from(client_over: TestClient) -> None:
    slugs = [f"more-{number:02}" for number in range(12)]
    html = client_over.get(compare_href(slugs)).text

    assert "<h1>Saved list</h1>" in html
    assert re.findall(r'name="case" value="([^"]+)"', html) == slugs
    assert "left out" not in html


def test_more_cases_than_fit_side_by_side_become_the_saved_list(client_over: TestClient) -> None:
    slugs = [f"more-{number:02}" for number in range(15)]
    html = client_over.get(compare_href([*slugs, "nowhere", "one", "gone"])).text

    assert "A list can contain at most 12 cases" in html
    assert "“nowhere” does not exist" in html
    assert "“gone” was withdrawn" in html
    assert re.findall(r'name="case" value="([^"]+)"', html) == slugs[:12]


@pytest.mark.parametrize(
    ("left_out", "notice"),
    [
        ("nowhere", "The case “nowhere” does not exist."),
        ("hidden", "The case “hidden” does not exist."),
        ("gone", "The case “gone” was withdrawn."),
        ("one", "“One” was named twice."),
        ("first", "“One” was named twice."),
        ("<b>", "The case “<b>” does not exist."),
    ],
)
def test_what_cannot_be_compared_is_left_out_with_a_notice(client_over: TestClient, left_out: str, notice: str) -> None:
    html = client_over.get(compare_href(["one", "two", left_out])).text

    assert notice in unescape(html)
    assert "Zanzibar" not in html
    assert '<link rel="canonical" href="http://testserver/compare?case=one&amp;case=two">' in html


def test_an_earlier_address_of_a_case_still_works(client_over: TestClient) -> None:
    html = client_over.get(compare_href(["first", "two"])).text

    assert 'class="notice"' not in html
    assert '<link rel="canonical" href="http://testserver/compare?case=one&amp;case=two">' in html


@pytest.mark.parametrize("address", ["/compare?case=", "/compare?case=hidden", "/compare?arrangement=", "/compare?x=1"])
def test_with_nothing_to_compare_the_page_helps_to_choose(client_over: TestClient, address: str) -> None:
    response = client_over.get(address)

    assert response.status_code == 200
    assert "<h1>Compare cases or arrangements</h1>" in response.text


def test_hundreds_of_names_in_an_address_are_not_all_looked_up(client_over: TestClient) -> None:
    html = client_over.get(compare_href(f"x{number}" for number in range(400))).text

    assert html.count("does not exist") == 24


def test_arrangements_are_compared_by_what_their_pages_say(collection: Generation) -> None:
    terms = [collection.vocabularies.arrangements[name] for name in ("intelligence-link", "informing-and-intervening")]
    page = compare_arrangements(terms, (), collection)
    rows = {row.heading.label: row.cells for row in (*page.different, *page.same)}

    for place, term in enumerate(terms):
        guide = collection.cases.guide("arrangement", term.id)
        assert guide is not None
        sections = {section.heading: section.text for section in guide.sections}
        for heading in ("What it makes possible", "Pitfalls", "Fits when", "Does not fit when"):
            assert str(rows[heading][place]) == sections[heading]
        assert str(rows["Purpose"][place]) == term.purpose
        assert rows["Information"][place].lines[0].flow_kind == term.flow_kind
    assert [row.heading.label for row in page.same] == ["Is a named person discussed?"]


def test_numbers_of_an_arrangement_link_to_as_many_cases(client: TestClient, collection: Generation) -> None:
    term = collection.vocabularies.arrangements["intelligence-link"]
    page = compare_arrangements([term, *collection.vocabularies.arrangements.terms[:1]], (), collection)
    rows = {row.heading.label: row.cells[0] for row in page.different}
    (number,) = rows["Cases in this collection"].lines
    challenges = rows["Challenges named most often in them"].lines

    assert number.term is not None
    assert f">{number.term.label}:" in client.get(number.term.href).text
    assert len(challenges) == 5
    for line in challenges:
        assert line.term is not None
        count = line.text.split(" of ")[0]
        assert f">{count} case" in client.get(line.term.href).text


def test_one_arrangement_offers_the_five_others(client: TestClient) -> None:
    html = client.get("/compare?arrangement=intelligence-link").text

    assert len(re.findall(r'href="/compare\?arrangement=intelligence-link&amp;arrangement=', html)) == 5


@pytest.mark.parametrize(
    ("address", "notice"),
    [
        ("/compare?arrangement=intelligence-links", "Did you mean “Intelligence link”?"),
        (compare_href([AARHUS, OSLO], ["intelligence-link"]), "The cases are shown."),
        (
            compare_href(
                arrangements=[
                    "intelligence-link",
                    "knowledge-exchange",
                    "coalition-for-countering",
                    "dialogue-and-bridging",
                    "informing-and-intervening",
                ]
            ),
            "At most 4 can be compared.",
        ),
        ("/compare?arrangement=intelligence-link&arrangement=intelligence-link", "named twice"),
    ],
)
def test_odd_choices_of_arrangements_are_reported(client: TestClient, address: str, notice: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert notice in response.text


def test_the_comparison_is_a_table_for_spreadsheets_too(client: TestClient, collection: Generation) -> None:
    response = client.get(compare_href([AARHUS, OSLO], path="/compare.csv"))
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    page = comparison(collection, AARHUS, OSLO)

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert rows[0][1:] == [column.title for column in page.columns]
    assert rows[1][1:] == [f"https://cases.example.org/cases/{slug}" for slug in (AARHUS, OSLO)]
    assert len(rows) == 2 + len(page.different) + len(page.same)
    assert ["Review", "Not reviewed by the city.", "Not reviewed by the city."] in rows


def test_a_text_that_begins_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    build_in(tmp_path, {"one": case_markdown(summary="=1+1 makes two."), "two": case_markdown()})[1].close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as client:
        text = client.get("/compare.csv?case=one&case=two").text

    assert "'=1+1 makes two." in text


@pytest.mark.parametrize("address", ["/compare.csv", f"/compare.csv?case={AARHUS}", "/compare.csv?case=x&case=y"])
def test_there_is_no_table_of_fewer_than_two(client: TestClient, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "name two to 4 cases, or arrangements" in response.text


def test_a_case_can_be_added_until_there_are_as_many_as_fit(collection: Generation) -> None:
    def offers(*slugs: str) -> list[str]:
        return [link.label for link in comparison(collection, *slugs).more]

    assert "Add a case" in offers(AARHUS, VILVOORDE, OSLO)
    assert "Add a case" not in offers(AARHUS, VILVOORDE, OSLO, "bordeaux-capri")
