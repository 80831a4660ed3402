"""Kinds know the folders of their files."""

from __future__ import annotations

from kb.model.kinds import Kind
from kb.settings import SHIPPED_CONTENT


def test_a_kind_is_found_by_the_folder_of_its_files() -> None:
    content = next(path for path in SHIPPED_CONTENT if path.is_dir())
    folders = {path.name for path in content.iterdir() if path.is_dir()}

    assert {folder: Kind.of_folder(folder) for folder in folders} == {
        "cases": Kind.CASE,
        "arrangements": Kind.ARRANGEMENT,
        "challenges": Kind.CHALLENGE,
        "vocabularies": None,
    }


def test_cities_have_addresses_and_no_files() -> None:
    assert Kind.CITY.page("aarhus") == "/cities/aarhus"
    assert Kind.of_folder("cities") is None
