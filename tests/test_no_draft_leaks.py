"""What is not published cannot be found, counted, listed or guessed: the core's side."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.editorial import overview
from kb.exporting.whole import ExportForm, export
from kb.index.generation import Generation
from kb.notices import in_words
from kb.search.fields import FACETS_BY_NAME
from kb.search.searching import make_request
from tests.builders import case_markdown
from tests.library import GOOD, Library

SECRET_WORDS = ("zanzibar", "quicksilver", "xylophone", "marzipan", "wolfram", "obsidian")
SECRET_FACETS = {
    "arrangement": "intelligence-link",
    "challenge": "no-real-say",
    "city": "liege",
    "country": "belgium",
    "audience": "families",
    "evidence": "self-reported",
    "status": "unknown",
    "experienced_as": "knowledge-exchange",
    "handled": "no-real-say",
    "sector": "media",
    "extremism": "far-right",
    "decade": "1980s",
}
"""A value of each facet but the continent, which follows from the country."""


def secret(publication: str, extra: str = "") -> str:
    """A case whose every word, city, alias and facet value is found nowhere else."""
    return case_markdown(
        title="Zanzibar",
        summary="Quicksilver runs.",
        city="liege",
        started=1987,
        status="unknown",
        arrangements=["intelligence-link"],
        challenges={"no-real-say": "{handled: Everybody was asked.}"},
        audiences=["families"],
        lead="Xylophone Bureau",
        partners="Marzipan Guild",
        evidence="self-reported",
        publication=publication,
        aliases=["hidden-before"],
        extra=f'experienced_as: {{knowledge-exchange: "They learned."}}\nextremism: [far-right]\n{extra}',
        body={"Context": "Wolfram was found [@s1].", "What helped": "- Obsidian helped [@s1]."},
    ).replace('{"Marzipan Guild": research}', '{"Marzipan Guild": media}')


def traces(generation: Generation) -> list[str]:
    """Every way in which the secret case shows."""
    shown = []
    store = generation.cases
    queries = [*SECRET_WORDS, "zanz*", '"wolfram was found"', "title:zanzibar", "city:liege", "country:belgium"]
    queries += [
        "partner:marzipan",
        "partner:xylophone",
        "year:1987",
        "year:1980..1990",
        "luik",
        "intelligence",
        "hidden",
    ]
    for query in queries:
        result = generation.search(make_request(query))
        shown += [f"{query}: {hit.slug}" for hit in result.hits if hit.slug == "hidden"]
        shown += [f"{query}: {hit.snippet}" for hit in result.hits if hit.snippet and _tells(hit.snippet.text)]
        shown += [f"{query} {word}" for word in SECRET_WORDS for notice in result.notices if word in in_words(notice)]
    everything = generation.search(make_request("", size=100))
    for facet, value in SECRET_FACETS.items():
        result = generation.search(make_request("", {facet: (value,)}))
        shown += [f"{facet}={value}: {result.total}"] if result.total else []
        shown += [f"{facet} counts {value}" for count in everything.facets[facet] if count.value == value]
    shown += [f"total {everything.total}"] if everything.total != 1 else []
    shown += [f"count {generation.manifest.count}"] if generation.manifest.count != 1 else []
    shown += ["slugs"] if "hidden" in store.slugs() else []
    shown += ["changes"] if "hidden" in store.changes else []
    for form in ExportForm:
        made = b"".join(export(generation, make_request(""), form, "").pieces).decode()
        shown += [form] if "hidden" in made or _tells(made) else []
    shown += ["case"] if store.case("hidden") or store.stored("hidden") else []
    seen = str(overview(generation, datetime.date(2026, 1, 1)))
    shown += ["overview"] if "hidden" in seen or _tells(seen) else []
    shown += ["upkeep"] if "hidden" in {case.slug for case in store.upkeep()} else []
    shown += ["alias"] if store.slug_for_alias("hidden-before") else []
    return shown


def _tells(text: str) -> bool:
    return any(word in text.lower() for word in SECRET_WORDS)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """One case that is published, built."""
    made = Library(tmp_path_factory.mktemp("built"), {"open": GOOD})
    made.build()
    return made


@pytest.fixture
def library(built: Library, tmp_path: Path) -> Library:
    """A copy of it for one test."""
    return built.copy_to(tmp_path)


def test_a_published_case_leaves_every_trace(library: Library) -> None:
    """Otherwise the tests below would look in the wrong places."""
    library.write("hidden", secret("published"))
    library.build()

    shown = traces(library.open())

    assert [word for word in SECRET_WORDS if f"{word}: hidden" not in shown] == []
    assert {*SECRET_FACETS, "continent"} == set(FACETS_BY_NAME)
    assert [facet for facet, value in SECRET_FACETS.items() if f"{facet}={value}: 1" not in shown] == []
    assert [facet for facet, value in SECRET_FACETS.items() if f"{facet} counts {value}" not in shown] == []
    assert [
        way
        for way in ("total 2", "count 2", "slugs", "changes", "csv", "ndjson", "case", "alias", "overview", "upkeep")
        if way not in shown
    ] == []
    assert {query.split(":")[0] for query in shown} >= {
        "title",
        "city",
        "country",
        "partner",
        "year",
        "luik",
        "intelligence",
    }
    assert any("Snippet" in way for way in shown)


@pytest.mark.parametrize("publication", ["draft", "withdrawn", "hidden", "Published", "no"])
def test_a_case_that_is_not_published_leaves_no_trace(library: Library, publication: str) -> None:
    library.write("hidden", secret(publication))

    library.build()
    assert traces(library.open()) == []
    library.write("open", GOOD.replace("Coffee", "Tea"))
    library.build()
    assert traces(library.open()) == []
    library.build(rebuild=True)
    assert traces(library.open()) == []


def test_no_byte_of_a_draft_is_in_the_index(library: Library) -> None:
    library.write("hidden", secret("draft"))
    library.build()

    data = b"".join(path.read_bytes() for path in library.current().rglob("*") if path.is_file())

    assert [word for word in SECRET_WORDS if word in data.decode("latin-1").lower()] == []
    assert b"coffee" in data


def broken(text: str) -> str:
    """The same with an unknown city and an unknown key."""
    return text.replace("city: [liege]", "city: [atlantis]\ncolour: red")


OFFLINE: dict[str, Callable[[Library], object]] = {
    "withdrawn": lambda library: library.write("hidden", secret("withdrawn")),
    "a draft again": lambda library: library.write("hidden", secret("draft")),
    "deleted": lambda library: library.case("hidden").unlink(),
    "renamed out of the folder": lambda library: library.case("hidden").rename(library.content.root / "hidden.md"),
    "renamed to no case file": lambda library: library.case("hidden").rename(
        library.case("hidden").with_suffix(".off")
    ),
    "withdrawn and broken": lambda library: library.write("hidden", broken(secret("withdrawn"))),
    "a draft and broken": lambda library: library.write("hidden", broken(secret("draft"))),
    "withdrawn in quotes and broken": lambda library: library.write("hidden", broken(secret('"withdrawn"'))),
    "withdrawn, YAML broken": lambda library: library.write("hidden", secret("withdrawn", extra="x: [\n")),
    "a draft, YAML broken": lambda library: library.write("hidden", secret("draft", extra="'\n")),
    "withdrawn, the end of the front matter gone": lambda library: library.write(
        "hidden", secret("withdrawn").replace("\n---\n", "\n")
    ),
    "withdrawn, the start of the front matter gone": lambda library: library.write(
        "hidden", secret("withdrawn").removeprefix("---\n")
    ),
    "withdrawn, nothing else left": lambda library: library.write("hidden", "---\npublication: withdrawn\n---\n"),
    "an unknown state": lambda library: library.write("hidden", secret("offline")),
    "withdrawn with Windows line ends": lambda library: library.case("hidden").write_bytes(
        broken(secret("withdrawn")).replace("\n", "\r\n").encode()
    ),
}


WAYS_OFF = [
    pytest.param(way, id=name, marks=pytest.mark.slow if number % 4 else ())
    for number, (name, way) in enumerate(OFFLINE.items())
]


@pytest.mark.parametrize("take_off", WAYS_OFF)
def test_a_published_case_that_is_taken_offline_leaves_no_trace(
    library: Library, take_off: Callable[[Library], object]
) -> None:
    library.write("hidden", secret("published"))
    library.build()

    take_off(library)

    for rebuild in (False, True):
        library.build(rebuild=rebuild)
        assert traces(library.open()) == []


@pytest.mark.parametrize("take_off", WAYS_OFF)
def test_a_last_good_version_is_taken_offline_like_any_other(
    library: Library, take_off: Callable[[Library], object]
) -> None:
    library.write("hidden", secret("published"))
    library.build()
    library.write("hidden", broken(secret("published")))
    assert library.build().kept == ("hidden",)

    take_off(library)

    library.build(rebuild=True)
    assert traces(library.open()) == []


def test_a_case_that_was_taken_offline_does_not_come_back_when_its_file_breaks(library: Library) -> None:
    library.write("hidden", secret("published"))
    library.build()
    library.write("hidden", secret("draft"))
    library.build()
    library.write("hidden", broken(secret("published")))

    for rebuild in (False, False, True):
        assert library.build(rebuild=rebuild).offline == {
            "hidden": "it has errors, and there is no good version of it yet"
        }
        assert traces(library.open()) == []


def test_a_withdrawn_case_is_known_as_withdrawn_and_a_draft_is_not_known(library: Library) -> None:
    library.write("gone", case_markdown(publication="withdrawn"))
    library.write("hidden", secret("draft"))

    library.build()
    store = library.open().cases

    assert [store.is_withdrawn(slug) for slug in ("gone", "hidden", "open", "never")] == [True, False, False, False]


def test_a_case_that_is_published_again_is_found_again(library: Library) -> None:
    for publication in ("published", "withdrawn", "published"):
        library.write("hidden", secret(publication))
        library.build()

    assert library.found("zanzibar") == ["hidden"]
    assert not library.open().cases.is_withdrawn("hidden")
