"""Cities, countries and continents lead to one another."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.pages.guide.cities import other_names
from kb import City, Generation, Settings
from tests.builders import build_in, case_markdown


def city(label: str, *aliases: str) -> City:
    return City(id="x", label=label, description="", aliases=aliases, country="denmark", latitude=55.7, longitude=12.6)


@pytest.mark.parametrize(
    ("label", "aliases", "shown"),
    [
        ("Copenhagen", ("København", "Kobenhavn", "Kopenhagen"), ("København", "Kopenhagen")),
        ("Copenhagen", ("Kobenhavn",), ("Kobenhavn",)),
        ("Malmö", ("Malmo", "Malmoe"), ()),
        ("Aarhus", ("Århus",), ("Århus",)),
        ("Liège", ("Luik", "Lüttich", "Liege", "Luttich", "Luettich"), ("Luik", "Lüttich")),
        ("Oslo", (), ()),
    ],
)
def test_a_name_in_plain_letters_is_not_another_name(
    label: str, aliases: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    assert other_names(city(label, *aliases)) == shown


def test_a_city_leads_to_its_country_and_continent_and_back(client: TestClient) -> None:
    of_city = client.get("/cities/aarhus").text
    assert 'href="/countries/denmark"' in of_city
    assert 'href="/continents/europe"' in of_city
    of_country = client.get("/countries/denmark").text
    assert 'href="/cities/aarhus"' in of_country
    assert 'href="/continents/europe"' in of_country
    of_continent = client.get("/continents/europe").text
    assert 'href="/countries/denmark"' in of_continent
    assert 'href="/cities/aarhus"' in of_continent
    assert 'href="/continents/europe"' in client.get("/cities").text


def test_every_country_and_continent_with_cases_has_a_page_that_counts_as_a_search_does(
    client: TestClient, collection: Generation
) -> None:
    vocabularies = collection.vocabularies
    countries = vocabularies.countries_of(collection.counts["city"])
    continents = vocabularies.continents_of(collection.counts["city"])
    for facet, folder, ids in (("country", "countries", countries), ("continent", "continents", continents)):
        for place in ids:
            total = client.get(f"/api/v1/search?{facet}={place}&size=1").json()["total"]
            assert f"{total} case" in unescape(client.get(f"/{folder}/{place}").text), place


@pytest.mark.parametrize("address", ["/countries/atlantis", "/continents/atlantis", "/continents/é"])
def test_a_place_that_nobody_knows_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_overview_of_countries_is_that_of_cities(client: TestClient) -> None:
    response = client.get("/countries?shelf=oslo-salto", follow_redirects=False)

    assert response.status_code == 308
    assert response.headers["location"].endswith("/cities?shelf=oslo-salto")


@pytest.mark.parametrize("address", ["/countries/austria", "/cities/vienna"])
def test_a_place_with_only_drafts_looks_like_one_without_cases(tmp_path: Path, address: str) -> None:
    hidden = case_markdown(city="vienna", publication="draft")
    build_in(tmp_path, {"open": case_markdown(city="aarhus"), "hidden": hidden})[1].close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as client:
        assert client.get(address).status_code == 404
        assert client.get("/continents/europe").text.count("Vienna") == 0
