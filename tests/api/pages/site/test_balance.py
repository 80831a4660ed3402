"""The balance of the collection: every number is that of the search it links to."""

from __future__ import annotations

import datetime
import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.site.balance import DECADES, Balance, Plot, balance
from kb import Generation, Settings
from tests.builders import build_in, case_markdown

REVIEWED = "review: {state: reviewed, date: 2026-01-02, by: City office}"


def balance_of(root: Path, *cases: str) -> Balance:
    _, generation = build_in(root, {f"case-{number}": case for number, case in enumerate(cases)})
    found = balance(generation)
    generation.close()
    return found


def plot(found: Balance, name: str) -> Plot:
    return next(plot for plot in found.plots if plot.id == f"by-{name}")


def bars(found: Balance, name: str) -> dict[str, int]:
    return {bar.label: bar.cases for bar in plot(found, name).bars}


def test_every_bar_says_how_many_cases_its_search_finds(client: TestClient, collection: Generation) -> None:
    linked = [bar for plot in balance(collection).plots for bar in plot.bars if bar.href]

    assert len(linked) > 30
    for bar in linked:
        found = client.get(str(bar.href).replace("/cases?", "/api/v1/search?size=1&")).json()
        assert found["total"] == bar.cases, bar.href


def test_the_starting_decades_add_up_to_all_cases(collection: Generation) -> None:
    assert sum(bars(balance(collection), "start").values()) == collection.manifest.count


def test_the_numbers_are_in_the_table_next_to_their_bars(client: TestClient, collection: Generation) -> None:
    html = unescape(client.get("/about").text)
    europe = plot(balance(collection), "continent").bars[0]

    assert re.search(
        rf'<th scope="row"><a href="{re.escape(str(europe.href))}">Europe</a></th>\s*'
        rf'<td>.*<span class="plot-value">{europe.cases}</span>.*width="{europe.width}".*</td>\s*'
        rf"<td>{europe.share}</td>",
        html,
    )


def test_a_case_from_two_countries_of_a_continent_is_one_case_of_it(tmp_path: Path) -> None:
    found = balance_of(tmp_path, case_markdown(city="aarhus, vienna"), case_markdown(city="aarhus"))

    assert bars(found, "continent") == {"Europe": 2}
    assert not plot(found, "continent").has_several


def test_cases_with_several_values_are_mentioned(tmp_path: Path) -> None:
    found = balance_of(tmp_path, case_markdown(challenges=["fragile-trust", "no-real-say"]))

    assert bars(found, "challenge") == {"Fragile trust": 1, "No real say": 1}
    assert [plot.id for plot in found.plots if plot.has_several] == ["by-challenge", "by-sector"]


def test_values_that_no_case_has_are_shown(tmp_path: Path) -> None:
    assert bars(balance_of(tmp_path, case_markdown()), "audience") == {"Young people": 1, "Families": 0}


def test_decades_run_on_to_this_one_and_the_oldest_are_one(tmp_path: Path) -> None:
    now = datetime.date.today().year // 10 * 10
    first = now - 10 * (DECADES - 1)
    years = (1805, first - 1, first, now - 11, now - 11)
    found = balance_of(tmp_path, *(case_markdown(started=year) for year in years))

    assert list(bars(found, "start").items()) == [
        (f"before {first}", 2),
        (f"{first}s", 1),
        *((f"{decade}s", 0) for decade in range(first + 10, now - 20, 10)),
        (f"{now - 20}s", 2),
        (f"{now - 10}s", 0),
        (f"{now}s", 0),
    ]


def test_the_columns_of_time_are_as_high_as_their_decades_have_cases(collection: Generation) -> None:
    found = plot(balance(collection), "start")
    heights = [float(column.height) for column in found.columns]
    most = max(bar.cases for bar in found.bars)

    assert [column.bar for column in found.columns] == list(found.bars)
    assert heights == pytest.approx([max(heights) * bar.cases / most for bar in found.bars], abs=0.1)
    assert [plot.id for plot in balance(collection).plots if plot.columns] == ["by-start"]


def test_sentences_for_a_single_case(tmp_path: Path) -> None:
    assert balance_of(tmp_path, case_markdown()).sentences == (
        "1 of 1 cases is from Europe.",
        "All cases are from one country.",
        "1 of 1 cases describes work that began in the 2010s.",
        "No case has the highest evidence level, “Self-reported”.",
        "No city has reviewed its case yet.",
    )


def test_sentences_agree_with_their_numbers(tmp_path: Path) -> None:
    first = case_markdown(started=1999, evidence="self-reported")
    second = case_markdown(started=2001, city="vienna", evidence="self-reported").replace(
        "review: {state: unreviewed}", REVIEWED
    )
    third = case_markdown(started=2002, city="vienna")

    assert balance_of(tmp_path, first, second, third).sentences == (
        "3 of 3 cases are from Europe.",
        "The cases are from 2 countries, of which 1 has a single case.",
        "2 of 3 cases describe work that began in the 2000s.",
        "2 of 3 cases have the highest evidence level, “Self-reported”.",
        "1 of 3 cases has been reviewed by its city.",
    )


def test_an_empty_collection_says_that_it_is_empty(tmp_path: Path) -> None:
    assert balance_of(tmp_path) == Balance()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as empty:
        html = empty.get("/about").text

    assert "There are no cases in it yet." in html
    assert "<table" not in html


@pytest.mark.parametrize(("cases", "share"), [(1, "under 1%"), (0, "0%")])
def test_a_small_share_is_not_shown_as_zero(tmp_path: Path, cases: int, share: str) -> None:
    few = [case_markdown(evidence="self-reported")] * cases
    found = balance_of(tmp_path, *[case_markdown()] * 120, *few)

    assert plot(found, "evidence").bars[1].share == share
