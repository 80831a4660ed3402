"""The guide: arrangements at a glance, questions that point to them, worksheets, and how challenges were handled."""

from __future__ import annotations

import re
from html import unescape
from itertools import product
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kb import Generation, IndexFolder, Settings, build, cases_in_words
from tests.builders import build_in, case_markdown, write_content


def words(html: str) -> str:
    """The page as it is read, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def all_answers() -> list[dict[str, str]]:
    """Every way to answer the three questions, each of them open too."""
    person = ("", "no", "yes", "danger")
    together = ("", "yes", "no")
    hears = ("", "public", "each-other", "communities-and-authority", "authority", "services", "colleagues")
    return [
        {name: value for name, value in zip(("person", "together", "hears"), given, strict=True) if value}
        for given in product(person, together, hears)
    ]


def test_the_answers_tried_here_are_those_that_the_collection_asks_for(collection: Generation) -> None:
    asked = {question.id: {answer.id for answer in question.answers} for question in collection.vocabularies.questions}
    tried = {name: {given[name] for given in all_answers() if name in given} for name in asked}

    assert tried == asked


@pytest.mark.slow
def test_every_combination_of_answers_gives_an_honest_result(client: TestClient, collection: Generation) -> None:
    """What fits comes first, the others say what does not fit, and no arrangement is left out."""
    vocabularies = collection.vocabularies
    for given in filter(None, all_answers()):
        response = client.get("/arrangements/which", params=given)
        nearest, _, rest = response.text.partition('<ul class="others">')
        others = rest.partition("</ul>")[0]
        misses = {
            term.id: sum(
                term.says(vocabularies.questions[name].looks_at) not in answer.fits
                for name, value in given.items()
                if (answer := vocabularies.questions[name].answer(value))
            )
            for term in vocabularies.arrangements
        }
        fewest = min(misses.values())
        shown = re.findall(r'<article class="fit" aria-labelledby="fit-([\w-]+)"', nearest)

        assert response.status_code == 200
        assert shown == [name for name, count in misses.items() if count == fewest], given
        assert nearest.count('<li class="missing">') == fewest * len(shown), given
        assert ("No arrangement fits all your answers." in nearest) == (fewest > 0), given
        assert all(f'<a href="/arrangements/{name}">' in others for name in misses if name not in shown), given
        assert others.count("<p>") == sum(count for name, count in misses.items() if name not in shown), given


def test_what_does_not_fit_is_shown_with_the_answer_it_does_not_fit(client: TestClient) -> None:
    text = words(client.get("/arrangements/which?person=yes&together=yes&hears=authority").text)

    assert "No arrangement fits all your answers. Two come nearest Intelligence link" in text
    assert (
        "Does not match: whether the group decides together. No; the receiver decides. "
        "You answered: Yes, we have to agree on something." in text
    )
    assert "but do not give advice" in text


BEFORE = (
    "If somebody may be in danger now, call the local emergency number. Then tell a person you trust. "
    "This site cannot help in an emergency."
)


@pytest.mark.parametrize("others", ["", "&together=yes&hears=public", "&colour=red"])
def test_an_answer_that_mentions_danger_shows_what_to_do_right_after_the_heading(
    client: TestClient, others: str
) -> None:
    html = client.get(f"/arrangements/which?person=danger{others}").text

    heading = "<h1>Which arrangement fits?</h1>"
    assert words(html.partition(heading)[2]).startswith(
        "If somebody is in danger now Call the local emergency number. Then tell a person you trust."
    )
    assert html.count('id="answer"') == html.count('id="fits"') == 1
    assert html.index('id="answer"') < html.index("<form") < html.index('id="fits"')
    assert BEFORE not in html


@pytest.mark.parametrize("address", ["", "?person=yes", "?person=no&hears=public", "?person=perhaps"])
def test_otherwise_one_line_above_the_questions_says_what_to_do_in_danger(client: TestClient, address: str) -> None:
    html = client.get(f"/arrangements/which{address}").text

    assert html.index(BEFORE) < html.index("<form")
    assert "If somebody is in danger now" not in html
    assert 'action="/arrangements/which#answer"' in html
    assert html.count('<h2 id="answer"') == ("?person=yes" in address or "?person=no" in address)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("?person=perhaps", "“perhaps” is not an answer to “Do you need to talk about a named person?”"),
        ("?persn=yes", "The parameter “persn” is not known here. Did you mean “person”?"),
        ("?hears=<script>", "“<script>” is not an answer"),
        ("?person=&together=", "No question has been answered yet."),
    ],
)
def test_invalid_parts_of_the_address_are_reported_and_left_out(client: TestClient, address: str, shown: str) -> None:
    response = client.get(f"/arrangements/which{address}")

    assert response.status_code == 200
    assert shown in words(response.text.replace("&lt;", "&amp;lt;")).replace("&lt;", "<").replace("&gt;", ">")
    assert '<section class="fits"' not in response.text
    assert '<link rel="canonical" href="https://cases.example.org/arrangements/which">' in response.text


def test_the_state_of_the_questions_is_in_the_address(client: TestClient) -> None:
    html = client.get("/arrangements/which?hears=services&person=yes&person=no&together=").text

    assert re.findall(r'name="(\w+)" value="([\w-]*)" checked', html) == [
        ("person", "no"), ("together", ""), ("hears", "services"),
    ]  # fmt: skip
    assert 'href="https://cases.example.org/arrangements/which?person=no&amp;hears=services"' in html


def test_the_overview_describes_in_words_what_its_drawings_show(client: TestClient, collection: Generation) -> None:
    html = client.get("/arrangements").text

    for term in collection.vocabularies.arrangements:
        row = html.partition(f'<a href="/arrangements/{term.id}">')[2].partition("</li>")[0]
        shown = words(row)
        assert all(line in shown for line in (term.label, term.purpose, term.table, term.flow, term.decides_together))
        assert f"Is a named person discussed? {'Yes' if term.named_person else 'No'}" in shown
        assert re.search(rf'<a href="/cases\?arrangement={term.id}">\d+ cases</a>', row)
    drawings = html.count('<svg class="flow" viewBox="0 0 160 100" aria-hidden="true"')
    assert drawings == len(collection.vocabularies.arrangements)


def test_a_worksheet_contains_what_a_first_meeting_needs(client: TestClient, collection: Generation) -> None:
    for term in collection.vocabularies.arrangements:
        html = client.get(f"/arrangements/{term.id}/worksheet").text
        text = words(html)
        guide = collection.cases.guide("arrangement", term.id)

        assert guide is not None
        assert all(point in text for point in guide.points("questions-before-starting"))
        assert all(point in text for point in guide.points("pitfalls"))
        assert term.purpose in text
        assert term.table in text
        assert f"https://cases.example.org/arrangements/{term.id}/worksheet" in text
        assert "Questions and pitfalls rest on: " in text
        two = re.findall(r'<a href="/cases/([\w-]+)">', html.partition('class="contrast"')[2])
        assert len(set(two)) == 2
        for case in map(collection.cases.summary, two):
            assert case is not None
            assert term.id in {reason.id for reason in case.arrangements}


def test_a_worksheet_names_only_sources_of_what_it_shows(client: TestClient) -> None:
    text = words(client.get("/arrangements/intelligence-link/worksheet").text)
    rests_on = text.partition("rest on: ")[2].partition(". Whole text")[0]

    assert "CREST" in rests_on
    assert "Strong Cities Network" not in rests_on
    assert rests_on.endswith("general professional knowledge")


def test_a_worksheet_of_an_unknown_arrangement_does_not_exist(client: TestClient) -> None:
    response = client.get("/arrangements/inteligence-link/worksheet")

    assert response.status_code == 404
    assert "There is no arrangement of this name." in response.text
    assert '<a href="/arrangements/intelligence-link">Intelligence link</a>' in response.text


def test_a_small_collection_without_guide_pages_has_worksheets_and_questions(tmp_path: Path) -> None:
    _, generation = build_in(tmp_path, {"only": case_markdown()})
    generation.close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as small:
        worksheet = words(small.get("/arrangements/informing-and-intervening/worksheet").text)
        which = words(small.get("/arrangements/which?person=yes").text)

    assert "There are not yet two cases of this arrangement to compare." in worksheet
    assert "Read this first Call for help first." in which
    assert "Two arrangements fit" in which


def test_a_case_experienced_as_another_arrangement_is_on_both_pages(client: TestClient) -> None:
    experienced = words(client.get("/arrangements/intelligence-link").text)
    announced = words(client.get("/arrangements/dialogue-and-bridging").text)

    assert (
        "Announced as another arrangement, experienced as this one: Parents understood a questionnaire" in experienced
    )
    assert "Announced as: Dialogue and bridging network." in experienced
    assert "Announced as this arrangement, experienced as another one: Parents understood a questionnaire" in announced
    assert "Experienced as: Intelligence link." in announced
    assert "may only mean that nobody asked them" in words(client.get("/arrangements/knowledge-exchange").text)


def test_a_challenge_shows_once_how_each_case_met_it(client: TestClient, collection: Generation) -> None:
    for term in collection.vocabularies.challenges:
        html = client.get(f"/challenges/{term.id}").text.partition('id="cases"')[2]
        shown = words(html)
        cases = [case for slug in collection.cases.slugs() if (case := collection.cases.summary(slug))]
        named = [(case, challenge) for case in cases for challenge in case.challenges if challenge.id == term.id]
        handled = [case for case, challenge in named if challenge.handled]

        assert f"Search and filter: {len(named)} cases" in shown
        assert (f"Only those that say what was done: {cases_in_words(len(handled))}" in shown) == bool(handled)
        for case, challenge in named:
            if challenge.showed:
                assert " ".join(f"How it showed {challenge.showed}".split()) in shown, case.slug
            if challenge.handled:
                assert " ".join(f"How it was handled {challenge.handled}".split()) in shown, case.slug
            assert html.count(f'<a href="/cases/{case.slug}">') == 1, case.slug


def test_handling_is_listed_under_the_arrangement_that_a_case_names_first(client: TestClient) -> None:
    html = client.get("/challenges/unequal-information").text
    group = html.partition('<a href="/arrangements/informing-and-intervening">')[2].partition("</section>")[0]

    assert '<a href="/cases/vilvoorde-partner-round-table">' in group


def test_an_arrangement_can_be_compared_with_each_other_one(client: TestClient, collection: Generation) -> None:
    html = client.get("/arrangements/intelligence-link").text

    others = len(collection.vocabularies.arrangements) - 1
    assert html.count('href="/compare?arrangement=intelligence-link&amp;arrangement=') == others


def test_a_collection_without_questions_says_so(tmp_path: Path) -> None:
    content = write_content(tmp_path / "content", {"one": case_markdown()})
    (content.root / "vocabularies" / "questions.yaml").unlink()
    build(content, IndexFolder(tmp_path / "index"))
    with TestClient(create_app(Settings(content=content.root, index=tmp_path / "index"))) as client:
        response = client.get("/arrangements/which?person=yes")

    assert response.status_code == 200
    assert "No questions have been written for this collection." in response.text
    assert "Show what fits" not in response.text


def ids_of(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


@pytest.mark.parametrize("kind", ["arrangements", "challenges"])
def test_the_contents_of_a_guide_page_lead_to_what_is_on_it(
    client: TestClient, collection: Generation, kind: str
) -> None:
    for term in getattr(collection.vocabularies, kind):
        html = client.get(f"/{kind}/{term.id}").text
        contents = html.partition('class="guide-contents"')[2].partition("</nav>")[0]
        ids = ids_of(html)

        assert len(ids) == len(set(ids))
        led_to = re.findall(r'href="#([^"]+)"', contents)
        assert "cases" in led_to
        assert set(led_to) <= set(ids)
        guide = collection.cases.guide(kind.rstrip("s"), term.id)
        assert guide is not None
        assert {section.id for section in guide.sections} <= set(led_to)


def test_an_arrangement_begins_with_when_it_fits_and_leaves_out_nothing_of_its_text(
    client: TestClient, collection: Generation
) -> None:
    for term in collection.vocabularies.arrangements:
        html = client.get(f"/arrangements/{term.id}").text
        guide = collection.cases.guide("arrangement", term.id)

        assert guide is not None
        assert all(html.count(section.html) == 1 for section in guide.sections)
        first, second = re.findall(r'<h2 id="([^"]+)"', html.partition('class="guide-body"')[2])[:2]
        assert (first, second) == ("fits-when", "does-not-fit-when")


def test_an_arrangement_lists_each_of_its_cases_once_under_the_challenge_that_it_names_first(
    client: TestClient, collection: Generation
) -> None:
    challenges = collection.vocabularies.challenges
    for term in collection.vocabularies.arrangements:
        listed = client.get(f"/arrangements/{term.id}").text.partition('<h2 id="cases">')[2]
        groups = listed.partition('class="guide-last"')[0].split("<h3>")[1:]
        for slug in collection.cases.slugs():
            case = collection.cases.summary(slug)
            assert case is not None
            under = [group for group in groups if f'<a href="/cases/{slug}">' in group]
            if term.id not in {reason.id for reason in case.arrangements}:
                assert not under
                continue
            (group,) = under
            expected = challenges.label(case.challenges[0].id) if case.challenges else "No challenge named"
            assert words(group).startswith(expected), slug
            assert group.count(f'id="save-{slug}"') == 1


def test_pitfalls_lead_to_the_cases_in_which_a_challenge_that_they_name_was_met(
    client: TestClient, collection: Generation
) -> None:
    html = client.get("/arrangements/intelligence-link").text
    met = html.partition("Cases that met them")[2].partition("</p>")[0]

    named = dict(re.findall(r'<a href="([^"]+)">([^<]+)</a>', met))
    assert "/cases?arrangement=intelligence-link&amp;challenge=stigmatisation" in named
    for href, label in named.items():
        count = int(re.findall(r"(\d+) cases?$", label)[0])
        assert client.get(f"/api/v1/search?{unescape(href).partition('?')[2]}").json()["total"] == count


def test_the_bars_of_a_challenge_count_its_cases_by_arrangement(client: TestClient, collection: Generation) -> None:
    html = client.get("/challenges/fragile-trust").text.partition('<ul class="bars">')[2].partition("</ul>")[0]

    rows = re.findall(
        r'<a href="([^"]+)"><span class="bar-label">([^<]+)</span> <span class="bar-count">(\d+)</span>', html
    )
    assert [label for _, label, _ in rows] == [term.label for term in collection.vocabularies.arrangements]
    for href, label, count in rows:
        found = client.get(f"/api/v1/search?{unescape(href).partition('?')[2]}").json()["total"]
        assert found == int(count), label


def test_hard_words_are_explained_where_they_are_used(client: TestClient) -> None:
    html = client.get("/arrangements/engagement-for-trust-and-legitimacy").text
    explained = words(html.partition('id="words-used-here"')[2].partition("</details>")[0])

    assert "legitimacy people accept that an organisation has the right to do what it does" in explained
    assert "facilitator" not in explained


def test_a_guide_page_of_a_small_collection_has_no_empty_parts(tmp_path: Path) -> None:
    _, generation = build_in(tmp_path, {"only": case_markdown()})
    generation.close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as small:
        arrangement = small.get("/arrangements/informing-and-intervening").text
        challenge = small.get("/challenges/fragile-trust").text
        overview = words(small.get("/arrangements").text)

    assert '<a href="/cases/only">' in arrangement
    assert '<a href="/cases/only">' in challenge
    for html in (arrangement, challenge):
        assert 'class="guide-fits"' not in html
        assert "Words used here" not in html
        assert 'href="#sources"' not in html
    assert "0 cases" not in overview
    assert "No case yet" in overview


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ("", "Which arrangement fits?"),
        ("?person=yes&together=yes&hears=services", "One arrangement fits"),
        ("?person=yes", "Two arrangements fit"),
        ("?person=yes&together=yes&hears=authority", "No arrangement fits all your answers. Two come nearest"),
    ],
)
def test_the_title_of_the_questions_says_what_they_lead_to(client: TestClient, answers: str, title: str) -> None:
    html = client.get(f"/arrangements/which{answers}").text

    assert f"<title>{title} · Crossing Boundaries</title>" in html
    assert "<h1>Which arrangement fits?</h1>" in html


@pytest.mark.parametrize(
    "old", ["Arrangement for informing and intervening", "Engagement to build trust and legitimise"]
)
def test_old_names_of_arrangements_still_find_them(client: TestClient, old: str) -> None:
    hits = client.get("/api/v1/search", params={"q": old}).json()["site_hits"]

    assert hits[0]["kind"] == "arrangement"


@pytest.mark.parametrize("old", ["Warm words without work", "Interventions that undo each other"])
def test_old_names_of_challenges_still_find_them(client: TestClient, old: str) -> None:
    assert client.get("/api/v1/search", params={"q": old}).json()["site_hits"][0]["kind"] == "challenge"
