"""Trackers are removed from addresses and names get their proper case; all else stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from timeit import timeit
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.address.parameters import TRACKERS, TRACKING_PREFIXES, by_name, cleaned, is_tracker
from api.address.search_state import NAMES

NAMED = """
utm_source utm_campaign_x fbclid gclid gbraid wbraid dclid msclkid mc_cid mc_eid igshid igsh twclid ttclid li_fat_id
yclid _ga _gl _hsenc _hsmi mkt_tok pk_campaign mtm_source ref_src srsltid si spm trk
""".split()


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "as a title": str.title,
    "escaped": lambda name: "".join(f"%{ord(letter):02x}" for letter in name),
    "with spaces": "+{}%20".format,
    "from the source of a page": "amp;{}".format,
}


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
def test_a_tracker_is_removed_however_it_is_spelled(name: str, spelled: Callable[[str], str]) -> None:
    written = spelled(name)

    assert cleaned(f"a=1&{written}=x&q=youth&{written}&{written}=".encode()) == b"a=1&q=youth"


@pytest.mark.parametrize(
    "name", ["ref", "source", "campaign", "utm", "contry", "sid", "page_id", "id", "lang", "city_", "gclidx", "xfbclid"]
)
def test_what_may_be_meant_as_something_stays(name: str) -> None:
    assert not is_tracker(name)


def test_no_name_of_ours_is_taken_for_a_tracker() -> None:
    assert not any(map(is_tracker, (*NAMES, "case")))
    assert {*TRACKERS, *TRACKING_PREFIXES} == {name.lower() for name in (*TRACKERS, *TRACKING_PREFIXES)}


@pytest.mark.parametrize(
    ("query", "clean"),
    [
        (b"City=Aarhus&CITY=oslo", b"city=Aarhus&city=oslo"),
        (b"Experienced-As=x&city%5B%5D=y&+size+=5", b"experienced_as=x&city=y&size=5"),
        (b"q=a&amp;city=b&amp;utm_source=c", b"q=a&city=b"),
        (b"q=gclid&city=utm_source", b"q=gclid&city=utm_source"),
        (b"fbclid=1", b""),
        (b"contry=x&Colour=red", b"contry=x&Colour=red"),
        (b"q=%ff&fbclid=%ff", b"q=%ff"),
        (b"Q=a%26b&&=&", b"q=a%26b&&=&"),
        ("städte=1&café".encode(), "städte=1&café".encode()),
        (b"", b""),
    ],
)
def test_names_are_written_as_they_are_known_here(query: bytes, clean: bytes) -> None:
    assert cleaned(query) == clean


@given(st.binary(max_size=200))
def test_cleaning_twice_is_cleaning_once(query: bytes) -> None:
    assert cleaned(cleaned(query)) == cleaned(query)


@given(st.lists(st.tuples(st.sampled_from([*NAMES, "colour", "x"]), st.text(max_size=8))))
def test_an_address_without_trackers_is_left_as_it_is(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote_plus(value)}" for name, value in pairs).encode()

    assert cleaned(query) == query


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=30))
def test_the_values_of_each_parameter_stay_in_order(pairs: list[tuple[str, str]]) -> None:
    found = by_name(pairs)

    assert found == {name: [value for other, value in pairs if other == name] for name, _ in pairs}


def test_many_names_are_read_in_one_pass() -> None:
    """Read once for every name, these would take hours."""
    pairs = [(f"name-{number}", "") for number in range(300_000)]

    assert timeit(lambda: by_name(pairs), number=1) < 10
