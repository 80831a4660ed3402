"""Pictures from a case's own data: inside their drawing, and their text says the same."""

from __future__ import annotations

import dataclasses
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pictures import (
    case_pictures,
    flow,
    ladder,
    locator,
    seats,
    small_pictures,
    strip,
)
from api.pictures.strip import FIRST, LAST
from kb import Case, CaseSummary, Generation, Partner, Reason, Status
from kb.model.case import Evidence, LastReported
from tests.builders import make_case, vocabularies

VOCABULARIES = vocabularies()
CASE = make_case()

years = st.integers(1800, 2100)
sectors = st.sampled_from([*(term.id for term in VOCABULARIES.sectors), None, "gone"])
partners = st.lists(st.builds(Partner, st.text(min_size=1, max_size=30), sectors), max_size=9).map(tuple)
arrangements = st.lists(
    st.builds(Reason, st.sampled_from([*(term.id for term in VOCABULARIES.arrangements), "gone"]), st.just("Why.")),
    max_size=3,
).map(tuple)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case in any state that a file can bring it into, a draft's included."""
    return dataclasses.replace(
        CASE,
        started=draw(years | st.just(0)),
        ended=draw(years | st.none()),
        status=draw(st.sampled_from(Status)),
        last_reported=draw(st.builds(LastReported, years, st.just("s1")) | st.none()),
        lead=draw(partners),
        partners=draw(partners),
        arrangements=draw(arrangements),
        experienced_as=draw(arrangements),
        evidence=Evidence(draw(st.sampled_from(["described", "self-reported", "gone"])), ""),
        cities=tuple(draw(st.lists(st.sampled_from(["aarhus", "vienna", "liege", "gone"]), unique=True))),
    )


def size(view_box: str) -> tuple[float, float, float, float]:
    left, top, width, height = map(float, view_box.split())
    return left, top, left + width, top + height


@given(cases())
def test_a_strip_is_inside_its_drawing_and_says_its_years(case: Case) -> None:
    picture = strip(case, VOCABULARIES)
    if picture is None:
        assert not case.started
        return
    left, _, right, _ = size(picture.view_box)
    pieces = (picture.known, *picture.fading)

    assert all(left <= piece.x and piece.x + piece.width <= right and piece.width > 0 for piece in pieces)
    assert all(one.x + one.width < next_.x for one, next_ in itertools.pairwise(pieces))
    assert all(one.width > next_.width for one, next_ in itertools.pairwise(picture.fading))
    assert str(case.started) in picture.text
    assert str(case.ended or "") in picture.text
    assert str(case.last_reported.year if case.last_reported else "") in picture.text


@given(cases())
def test_only_an_end_that_is_not_known_fades(case: Case) -> None:
    picture = strip(case, VOCABULARIES)
    if picture and case.ended:
        assert picture.fading == ()
        assert not picture.continues


@given(st.integers(FIRST, LAST - 10), st.integers(1, 5))
def test_strips_of_different_cases_have_one_scale(started: int, later: int) -> None:
    one = strip(dataclasses.replace(CASE, started=started, ended=started), VOCABULARIES)
    other = strip(dataclasses.replace(CASE, started=started + later, ended=started + later), VOCABULARIES)

    assert one
    assert other
    assert one.ticks == other.ticks
    assert math.isclose(other.known.x - one.known.x, later * one.known.width, abs_tol=0.6)


def test_what_began_before_the_axis_enters_from_its_edge() -> None:
    early = strip(dataclasses.replace(CASE, started=1969), VOCABULARIES)
    later = strip(dataclasses.replace(CASE, started=FIRST), VOCABULARIES)

    assert early
    assert later
    assert early.enters
    assert not later.enters
    assert "1969" in early.text


def test_most_cases_of_the_collection_begin_on_the_axis(collection: Generation) -> None:
    started = [case.started for case in collection.cases.summaries(collection.cases.slugs()).values()]

    assert sum(FIRST <= year < LAST for year in started) > 0.9 * len(started)


@given(cases())
def test_every_sector_has_a_seat_and_the_text_names_it(case: Case) -> None:
    picture = seats(case, VOCABULARIES)
    if picture is None:
        assert not any(partner.sector in VOCABULARIES.sectors for partner in case.at_the_table)
        return
    left, top, right, bottom = size(picture.view_box)

    assert [seat.sector for seat in picture.seats] == [term.id for term in VOCABULARIES.sectors]
    assert all(left <= seat.x - seat.radius and seat.x + seat.radius <= right for seat in picture.seats)
    assert all(top <= seat.y - seat.radius and seat.y + seat.radius <= bottom for seat in picture.seats)
    assert [seat.number for seat in picture.taken] == list(range(1, len(picture.taken) + 1))
    assert {seat.label for seat in picture.taken} | set(picture.empty) == {term.label for term in VOCABULARIES.sectors}
    assert all(label in picture.text for label in (*picture.empty, *(seat.label for seat in picture.taken)))
    shown = sorted([name for seat in picture.taken for name in seat.names] + list(picture.unknown))
    assert shown == sorted(partner.name for partner in case.at_the_table)


def test_seats_do_not_touch_and_are_at_the_same_place_in_every_case(collection: Generation) -> None:
    found = collection.cases.summaries(collection.cases.slugs()).values()
    pictures = [picture for case in found if (picture := seats(case, collection.vocabularies))]
    places = {tuple((seat.x, seat.y) for seat in picture.seats) for picture in pictures}

    assert len(pictures) == len(found)
    (only,) = places
    assert min(math.dist(one, other) for one, other in itertools.combinations(only, 2)) > 2 * 12


@given(cases())
def test_the_ladder_says_its_step(case: Case) -> None:
    picture = ladder(case, VOCABULARIES)
    if picture is None:
        assert case.evidence.level not in VOCABULARIES.evidence
        return

    assert picture.steps[picture.step - 1] == VOCABULARIES.evidence.label(case.evidence.level)
    assert picture.steps[picture.step - 1] in picture.text
    assert f"step {picture.step} of {len(picture.steps)}" in picture.text


@given(cases())
def test_drawings_are_those_of_the_arrangements_and_the_text_names_them(case: Case) -> None:
    picture = flow(case, VOCABULARIES)
    known = [reason.id for reason in case.arrangements if reason.id in VOCABULARIES.arrangements]
    if picture is None:
        assert not known
        return

    assert [drawing.label for drawing in picture.designed] == [VOCABULARIES.arrangements.label(term) for term in known]
    assert all(drawing.label in picture.text for drawing in (*picture.designed, *picture.experienced))
    assert ("Experienced as" in picture.text) == bool(picture.experienced)


@given(cases())
def test_cities_are_inside_their_map_and_named(case: Case) -> None:
    picture = locator(case, VOCABULARIES)
    if picture is None:
        assert not any(city in VOCABULARIES.cities for city in case.cities)
        return
    left, top, right, bottom = size(picture.view_box)

    assert all(left < place.x < right and top < place.y < bottom for place in picture.places)
    assert all(place.label in picture.text for place in picture.places)
    assert len(picture.places) == sum(city in VOCABULARIES.cities for city in case.cities)


@pytest.mark.parametrize(
    "slug", ["aarhus-info-house", "osh-region-local-crime-prevention-centres", "davao-culture-of-security"]
)
def test_a_map_of_one_city_shows_a_coast_and_weighs_little(collection: Generation, slug: str) -> None:
    stored = collection.cases.case(slug)
    assert isinstance(stored, Case)
    picture = locator(stored, collection.vocabularies)

    assert picture
    assert 800 < len(picture.land) < 16_000


@given(cases())
def test_a_card_has_the_same_pictures_as_the_page(case: CaseSummary) -> None:
    small, all_of_them = small_pictures(case, VOCABULARIES), case_pictures(case, VOCABULARIES)

    assert (small.flow, small.strip, small.ladder) == (all_of_them.flow, all_of_them.strip, all_of_them.ladder)
