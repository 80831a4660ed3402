"""The map: what is drawn, where its links go, and that the list next to it says the same."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.address.search_state import SearchParams
from api.app import create_app
from api.maps.dots import Dot, dots_in, gather
from api.maps.drawings import NARROW, WIDE
from api.maps.names import Names
from api.maps.places import WORLD, read_place
from api.maps.spots import APART, Spot
from api.pages.guide.cities import city_page
from api.pages.map import MapPage, map_page
from api.pages.search import search_page
from kb import Generation, IndexFolder, Settings, build
from tests.builders import build_in, case_markdown, write_content

REGIONS = ("africa", "asia", "europe", "north-america", "oceania", "south-america")


def page_of(generation: Generation, address: str = "", params: SearchParams | None = None) -> MapPage:
    place = read_place(address, generation) if address else WORLD
    assert place is not None
    return map_page(place, params or SearchParams(), generation)


def listed(page: MapPage) -> dict[str, int]:
    return {card.label: card.count for country in page.countries for card in country.cities}


def spots(page: MapPage, size: str) -> tuple[Spot, ...]:
    return next(drawing.spots for drawing in page.drawings if drawing.size == size)


def cases_of(spot: Spot) -> int:
    return int(spot.number or 1)


def leaves(generation: Generation, address: str, size: str) -> dict[str, int]:
    """The cities that can be reached by following rings to closer maps, each with its cases, and how deep that goes."""
    found: dict[str, int] = {}
    for spot in spots(page_of(generation, address), size):
        if spot.is_city:
            found[spot.href.removeprefix("/cities/")] = cases_of(spot)
        elif spot.href.startswith("/cases?"):
            cities = re.findall(r"city=([\w-]+)", spot.href)
            assert len(cities) > 1
            found |= dict.fromkeys(cities, 0)
        else:
            closer = spot.href.removeprefix("/map/")
            assert closer != address
            found |= leaves(generation, closer, size)
    return found


@pytest.mark.parametrize("address", ["", *REGIONS])
@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_the_numbers_on_the_drawing_add_up_to_those_of_the_list(
    collection: Generation, address: str, size: str
) -> None:
    page = page_of(collection, address)

    assert sum(cases_of(spot) for spot in spots(page, size)) == sum(listed(page).values())


def test_every_city_with_cases_is_in_the_list_of_the_world(collection: Generation) -> None:
    found = collection.counts["city"]
    cities = collection.vocabularies.cities

    assert listed(page_of(collection)) == {cities[city].label: cases for city, cases in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_every_city_with_cases_is_reached_on_the_drawing(collection: Generation, size: str) -> None:
    assert set(leaves(collection, "", size)) == set(collection.counts["city"])


def test_the_regions_contain_every_city_once(collection: Generation) -> None:
    page = page_of(collection)

    assert [region.href for region in page.regions] == ["/map", *(f"/map/{region}" for region in REGIONS)]
    assert page.regions[0].cities == sum(region.cities for region in page.regions[1:]) == len(listed(page))


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_shows_all_its_cities(collection: Generation, region: str) -> None:
    page = page_of(collection, region)
    vocabularies = collection.vocabularies
    inside = {
        city.label
        for city in vocabularies.cities
        if vocabularies.countries[city.country].continent == page.place and city.id in collection.counts["city"]
    }

    assert inside
    assert inside <= set(listed(page))


@pytest.mark.parametrize(("size", "width"), [("narrow", NARROW), ("wide", WIDE)])
@pytest.mark.parametrize("address", ["", *REGIONS])
def test_no_two_dots_are_closer_than_a_finger(collection: Generation, address: str, size: str, width: int) -> None:
    page = page_of(collection, address)
    ratio = 2.3 if not address else 4 / 5 if size == "narrow" else 4 / 3
    places = [
        (float(spot.x.rstrip("%")) / 100 * width, float(spot.y.rstrip("%")) / 100 * width / ratio)
        for spot in spots(page, size)
    ]

    assert places
    for number, (x, y) in enumerate(places):
        for other_x, other_y in places[:number]:
            assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 > APART - 0.1


def test_dots_are_gathered_where_they_are_crowded(collection: Generation) -> None:
    city = collection.vocabularies.cities["aarhus"]
    line = [Dot(city, 1, x, 0) for x in (0.0, 0.08, 0.16, 0.5)]

    assert [[dot.x for dot in group] for group in gather(line, 0.1)] == [[0.08, 0.0, 0.16], [0.5]]
    assert gather([], 0.1) == []


def test_a_city_links_to_its_page_or_to_what_the_search_finds_there(collection: Generation) -> None:
    params = SearchParams().with_filter("country", "colombia").with_filter("city", "medellin")
    plain, searched = page_of(collection, "south-america"), page_of(collection, "south-america", params)

    assert [(spot.label, spot.href) for spot in spots(plain, "wide")] == [
        ("Medellín, Colombia: 1 case", "/cities/medellin")
    ]
    assert [spot.href for spot in spots(searched, "wide")] == ["/cases?city=medellin&country=colombia"]


def test_a_ring_names_the_cities_it_stands_for(collection: Generation) -> None:
    by_label = {spot.label: spot for spot in spots(page_of(collection), "narrow") if not spot.is_city}

    assert "Christchurch and Melbourne: 2 cases" in by_label
    assert any(re.fullmatch(r"\w+, \w+, [\w/ ]+ and \d+ more cities: \d+ cases", name) for name in by_label)


def test_a_ring_links_to_a_closer_map_that_separates_its_cities(tmp_path: Path) -> None:
    both = {"one": case_markdown(city="aarhus"), "two": case_markdown(city="copenhagen")}
    _, generation = build_in(tmp_path, both)
    (ring,) = spots(page_of(generation), "narrow")
    closer = page_of(generation, ring.href.removeprefix("/map/"))

    assert ring.label == "Aarhus and Copenhagen: 2 cases"
    assert [spot.label for spot in spots(closer, "narrow")] == [
        "Aarhus, Denmark: 1 case",
        "Copenhagen, Denmark: 1 case",
    ]
    generation.close()


def test_cities_that_no_map_can_separate_link_to_their_cases(tmp_path: Path) -> None:
    both = {"one": case_markdown(city="aarhus"), "two": case_markdown(city="copenhagen")}
    content = write_content(tmp_path / "content", both)
    cities = tmp_path / "content" / "vocabularies" / "cities.yaml"
    cities.write_text(
        cities.read_text("utf-8").replace("latitude: 55.68, longitude: 12.57", "latitude: 56.16, longitude: 10.21"),
        "utf-8",
    )
    index = IndexFolder(tmp_path / "index")
    build(content, index)
    generation = index.open_current()
    (ring,) = spots(page_of(generation), "narrow")

    assert (ring.label, ring.href) == ("Aarhus and Copenhagen: 2 cases", "/cases?city=aarhus&city=copenhagen")
    generation.close()


def test_the_map_shows_only_the_cities_of_the_search(collection: Generation) -> None:
    params = SearchParams().with_filter("arrangement", "intelligence-link")
    result = collection.search(params.request(marked=False))
    page = page_of(collection, "", params)

    assert page.heading == f"The world: {result.total} cases in {len(listed(page))} cities, Intelligence link"
    assert sum(listed(page).values()) == result.total
    assert all(card.href.startswith("/cases?") for country in page.countries for card in country.cities)


def test_chosen_cities_are_shown_alone(collection: Generation) -> None:
    params = SearchParams().with_filter("city", "aarhus").with_filter("city", "vienna")

    found = collection.counts["city"]
    assert listed(page_of(collection, "", params)) == {"Aarhus": found["aarhus"], "Vienna": found["vienna"]}


def test_the_page_of_a_search_does_not_matter(collection: Generation) -> None:
    assert page_of(collection, "", SearchParams(page=4, size=5)) == page_of(collection, "", SearchParams(size=5))


def test_links_to_closer_maps_the_list_and_the_filters_keep_the_search(client: TestClient) -> None:
    html = unescape(client.get("/map/europe?q=youth&evidence=described").text)

    assert 'href="/cases?q=youth&continent=europe&evidence=described">Show these cases as a list' in html
    assert '<form action="/map/europe" method="get"' in html
    assert '<input type="checkbox" name="evidence" value="described" checked>' in html
    assert 'name="q" value="youth"' in html
    assert 'href="/map?q=youth&evidence=described"' in html
    assert 'href="/map/europe?q=youth" data-live="chip"' in html
    assert (
        'href="/map/europe?evidence=described" data-live="chip"><span class="visually-hidden">Remove: </span>' in html
    )


def test_the_search_links_to_its_map(collection: Generation) -> None:
    params = SearchParams("youth").with_filter("city", "vienna").with_page(2)
    page = search_page(params, collection.search(params.request(marked=False)), collection)

    assert page.map_href == "/map?q=youth&city=vienna"


def test_what_cannot_be_used_in_the_address_is_reported(client: TestClient) -> None:
    response = client.get("/map?city=aarhuss&colour=blue")

    assert response.status_code == 200
    assert "There is no city “aarhuss”" in response.text
    assert "The parameter “colour” is not known here." in response.text


@pytest.mark.parametrize("address", ["/map?q=xyzzyx", "/map/europe?q=xyzzyx&city=aarhus"])
def test_an_empty_result_is_an_honest_page(client: TestClient, address: str) -> None:
    html = client.get(address).text

    assert "0 cases in 0 cities, “xyzzyx”" in html
    assert "No case matches this search, so there is nothing to show on the map." in html
    assert '<svg class="map-drawing' not in html


def test_a_filter_that_excludes_everything_can_be_removed(client: TestClient) -> None:
    html = client.get("/map?city=aarhus&country=kenya").text

    assert re.search(r'<a href="/map\?city=aarhus">Search without Kenya: 2 cases</a>', html)


def test_a_part_of_the_world_without_cases_says_so(client: TestClient) -> None:
    html = client.get("/map/-40,28,-35,32?arrangement=intelligence-link").text

    assert "No case of this search is in this region." in html
    assert '<a href="/map?arrangement=intelligence-link">See the whole world</a>' in html


@pytest.mark.parametrize("place", ["moon", "1,2,3", "4,5,3,6", "antarctica", "%F0%9F%8C%8D", "1,2,3,4;5", "nan,0,1,1"])
def test_an_unknown_region_is_reported_without_a_crash(client: TestClient, place: str) -> None:
    response = client.get(f"/map/{place}")

    assert response.status_code == 404
    assert "There is no map of this region." in response.text


def test_a_page_with_a_map_is_small(client: TestClient) -> None:
    for address in ("/map", *(f"/map/{region}" for region in REGIONS)):
        sent = client.get(address, headers={"Accept-Encoding": "gzip"}).headers["content-length"]

        assert int(sent) < 30_000, address


def test_a_city_whose_only_case_is_a_draft_neither_shows_nor_widens_its_region(tmp_path: Path) -> None:
    shown = case_markdown(city="aarhus")
    _, without = build_in(tmp_path / "without", {"open": shown})
    _, with_draft = build_in(
        tmp_path / "with", {"open": shown, "hidden": case_markdown(city="vienna", publication="draft")}
    )

    assert page_of(with_draft, "europe") == page_of(without, "europe")
    assert page_of(with_draft) == page_of(without)
    without.close()
    with_draft.close()


def test_an_empty_collection_has_an_empty_map(tmp_path: Path) -> None:
    _, generation = build_in(tmp_path, {})
    generation.close()
    with TestClient(create_app(Settings(content=tmp_path / "content", index=tmp_path / "index"))) as empty:
        assert "there is nothing to show on the map" in empty.get("/map").text
        assert empty.get("/map/europe").status_code == 404


def test_a_view_shows_what_is_in_it_and_nothing_else(collection: Generation) -> None:
    place = read_place("9.9,56,10.5,56.3", collection)
    assert place is not None
    cities = tuple(collection.vocabularies.cities)
    found = dict.fromkeys((city.id for city in cities), 1)

    assert [dot.city.id for dot in dots_in(place.view, cities, found)] == ["aarhus"]


def test_the_map_of_a_city_shows_it_by_name_however_many_others_are_near(collection: Generation) -> None:
    for city_id in collection.counts["city"]:
        city = collection.vocabularies.cities[city_id]
        (here,) = (spot for spot in city_page(city, collection).drawing.spots if spot.is_here)

        assert here.name is not None
        assert here.name.text.startswith(city.label)
        assert city.label in here.label


def test_every_dot_of_the_world_has_a_name(collection: Generation) -> None:
    assert [spot.label for spot in spots(page_of(collection), "wide") if spot.name is None] == []


@pytest.mark.parametrize(("width", "written"), [(300, "2 cities, 5 cases"), (100, "2 cities"), (40, None)])
def test_the_shorter_name_is_written_where_there_is_no_room(
    collection: Generation, width: int, written: str | None
) -> None:
    dot = Dot(collection.vocabularies.cities["aarhus"], 1, 0.5, 0.5)
    name = Names(width, width).place(("2 cities, 5 cases", "2 cities"), dot, 10)

    assert (name.text if name else None) == written


@pytest.mark.parametrize("address", ["/countries", "/continents"])
def test_the_overview_of_cities_is_that_of_countries_and_continents_too(client: TestClient, address: str) -> None:
    response = client.get(address, follow_redirects=False)

    assert (response.status_code, response.headers["location"]) == (308, "/cities")


@pytest.mark.parametrize("query", ["", "?q=youth", "?evidence=described&q=youth"])
@pytest.mark.parametrize("place", ["", "/asia", "/europe", "/9,50,12,54"])
def test_title_heading_and_list_count_the_same_cases(client: TestClient, place: str, query: str) -> None:
    html = unescape(client.get(f"/map{place}{query}").text)
    title, heading = re.findall(r"<title>(.*) \(map\) ·", html), re.findall(r"<h1>(.*)</h1>", html)
    (total,) = re.findall(r"<h1>[^:]*: (\d+) cases? in", html)
    (listed_at,) = re.findall(r'href="(/cases[^"]*)">Show these cases as a list', html)

    assert title == heading
    assert client.get(listed_at.replace("/cases", "/api/v1/search", 1)).json()["total"] == int(total)
