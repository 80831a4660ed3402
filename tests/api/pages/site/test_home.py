"""The front page: another case each week, what is new, and a map of links."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.pages.site.featured import featured_case, week_of
from api.pages.site.home import home_page
from kb import Generation, Settings
from tests.builders import case_markdown
from tests.library import Library

days = st.dates(datetime.date(2020, 1, 1), datetime.date(2200, 12, 31))


@given(days)
def test_a_week_begins_on_monday_and_has_seven_days(day: datetime.date) -> None:
    monday = day - datetime.timedelta(days=day.weekday())

    assert {week_of(monday + datetime.timedelta(days=number)) for number in range(7)} == {week_of(day)}
    assert week_of(monday + datetime.timedelta(days=7)) == week_of(day) + 1


def test_every_case_that_says_how_a_challenge_was_handled_has_its_turn(collection: Generation) -> None:
    cases = collection.cases.summaries(collection.cases.slugs()).values()
    telling = [case.title for case in cases if any(challenge.handled for challenge in case.challenges)]
    shown = [featured_case(collection, 1000 + number) for number in range(len(telling) + 1)]

    assert sorted(case.title for case in shown[:-1] if case) == sorted(telling)
    assert shown[-1] == shown[0]


def test_the_case_of_a_week_speaks_for_itself(collection: Generation) -> None:
    for week in range(70):
        case = featured_case(collection, week)

        assert case is not None
        stored = collection.cases.summary(case.href.rpartition("/")[2])
        assert stored is not None
        assert stored.summary.startswith(case.sentence)
        assert (case.handled, case.showed) in {
            (challenge.handled or "", challenge.showed or "") for challenge in stored.challenges
        }


@pytest.mark.parametrize("cases", [{}, {"apple": case_markdown(title="Coffee")}])
def test_a_collection_in_which_no_case_says_so_features_none(tmp_path: Path, cases: dict[str, str]) -> None:
    library = Library(tmp_path, cases)
    library.build()
    with TestClient(create_app(Settings(content=library.content.root, index=library.index.root))) as client:
        page = client.get("/")

    assert page.status_code == 200
    assert "featured" not in page.text


def test_the_cases_changed_last_are_named_with_day_and_change(collection: Generation) -> None:
    newest = home_page(collection, datetime.date(2026, 12, 1)).newest
    changes = collection.cases.changes

    assert [changes[case.href.rpartition("/")[2]] for case in newest] == sorted(changes.values(), reverse=True)[:3]
    assert all(case.what.endswith(".") for case in newest)


def test_every_dot_of_the_map_is_a_link_that_says_where_it_leads(client: TestClient) -> None:
    html = client.get("/").text
    spots = re.findall(r'<a class="spot [^"]+" href="([^"]+)" aria-label="([^"]+)">', html)

    assert len(spots) > 30
    assert all(re.search(r": \d+ cases?$", label) for _, label in spots)
    assert {client.get(href.replace("&amp;", "&")).status_code for href, _ in spots} == {200}
