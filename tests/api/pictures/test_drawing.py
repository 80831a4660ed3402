"""What the templates of pictures draw: valid, escaped, and the same in words."""

from __future__ import annotations

import dataclasses
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given

from api.pictures import case_pictures
from api.server.rendering import environment
from kb import Case, Partner
from tests.api.pictures.test_pictures import CASE, VOCABULARIES, cases
from tests.properties import costly


def drawn(template: str, macro: str, *arguments: object) -> str:
    return str(getattr(environment().get_template(template).module, macro)(*arguments))


def read(html: str) -> ElementTree.Element:
    """What is drawn, as XML: a mark that is not closed is an error."""
    return ElementTree.fromstring(f"<body>{html.replace('&nbsp;', ' ')}</body>")  # noqa: S314  # our own templates wrote it


@costly
@given(cases())
def test_every_picture_of_any_case_is_well_formed_and_numbers_are_numbers(case: Case) -> None:
    pictures = case_pictures(case, VOCABULARIES)
    html = drawn("parts/pictures/small.html", "small", pictures)
    for name in ("flow", "strip", "locator"):
        if picture := getattr(pictures, name):
            html += drawn(f"parts/pictures/{name}.html", name, picture)
            assert picture.text in unescape(html)
    # Control characters in a name are allowed in HTML and not in XML.
    if pictures.seats and all(partner.name.isprintable() for partner in case.at_the_table):
        html += drawn("parts/pictures/seats.html", "seats", pictures.seats)

    numbers = [
        it.get(name) for it in read(html).iter() for name in ("x", "y", "cx", "cy", "r", "width") if it.get(name)
    ]
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", number or "") for number in numbers)


def test_the_name_of_a_partner_stays_a_name() -> None:
    case = dataclasses.replace(CASE, lead=(Partner('<b onclick="x">City & "Co"</b>', "police"),))
    html = drawn("parts/pictures/seats.html", "seats", case_pictures(case, VOCABULARIES).seats)

    assert "<b " not in html
    assert 'City & "Co"' in "".join(read(html).itertext())


@pytest.mark.parametrize(("steps", "step"), [(4, 1), (4, 4), (("a", "b", "c"), 2)])
def test_a_ladder_fills_as_many_steps_as_it_reaches(steps: object, step: int) -> None:
    html = drawn("parts/ladder.html", "ladder", step, steps)

    assert html.count('class="reached"') == step
    assert html.count("<rect") == (steps if isinstance(steps, int) else 3)
    assert 'aria-hidden="true"' in html
