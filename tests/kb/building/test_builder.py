"""Building: what is read, what is written, what is reported, and what survives a broken file."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.authoring.content_folder import ContentFolder, Progress
from kb.building import changes
from kb.building.builder import Builder, build
from kb.building.report import BuildReport
from kb.errors import ContentError, GenerationError
from kb.index.folder import IndexFolder
from kb.index.generation import Generation
from kb.search.request import Sort
from kb.search.searching import make_request
from kb.stores.sqlite import writing
from tests.builders import case_markdown
from tests.library import BROKEN, BROKEN_GUIDE, GOOD, GUIDE, Library
from tests.properties import costly


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Three cases, built and old enough that their times can be trusted."""
    made = Library(tmp_path_factory.mktemp("built"), {"apple": GOOD, "berry": GOOD, "cherry": GOOD})
    make_old(made)
    made.build()
    return made


@pytest.fixture
def library(built: Library, tmp_path: Path) -> Library:
    """A copy of it for one test."""
    return built.copy_to(tmp_path)


def make_old(library: Library) -> None:
    """Set the time of every content file back, as if nobody had written for an hour."""
    then = time.time_ns() - 3_600_000_000_000
    for path in library.content.root.rglob("*.*"):
        os.utime(path, ns=(then, then))


def kinds(report: BuildReport) -> dict[str, tuple[str, ...]]:
    """What a report says of cases, without what is empty."""
    found = {name: getattr(report, name) for name in ("added", "updated", "removed", "kept")}
    return {name: slugs for name, slugs in {**found, "offline": tuple(report.offline)}.items() if slugs}


def rules(report: BuildReport) -> list[tuple[str, str]]:
    """The rules broken, with the files."""
    return [(problem.path, problem.rule) for problem in report.errors]


# The first build, and nothing to do


def test_the_first_build_contains_every_published_case(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": GOOD, "berry": case_markdown(publication="draft")})

    report = library.build()

    assert (report.kind, report.reason, report.count) == ("all", "there was no index", 1)
    assert kinds(report) == {"added": ("apple",), "offline": ("berry",)}
    assert report.offline == {"berry": "it says `publication: draft`"}
    assert report.problems == ()
    assert report.generation_id == library.open().id
    assert library.slugs() == ("apple",)
    assert library.found("coffee") == ["apple"]


def test_the_served_slugs_are_the_published_files(library: Library) -> None:
    published = {path.stem for path in (library.content.root / "cases").glob("*.md")}

    assert set(library.slugs()) == set(library.found()) == published


def test_a_collection_without_cases_can_be_built(tmp_path: Path) -> None:
    library = Library(tmp_path)

    report = library.build()

    assert (report.kind, report.count, library.slugs(), library.found("coffee")) == ("all", 0, (), [])


def test_building_twice_does_nothing_and_says_so(library: Library) -> None:
    before = library.open().id

    report = library.build()

    assert (report.kind, report.reason, report.generation_id, report.count) == ("nothing", "", before, 3)
    assert kinds(report) == {}
    assert library.parsed == library.indexed == []
    assert library.generations() == [before]


def test_an_index_that_is_up_to_date_needs_no_file_to_be_read(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The library is a copy: the next generation records which files these are.
    os.utime(library.write_guide(), (1_700_000_000, 1_700_000_000))
    assert library.build().kind == "changes"
    read: list[PurePosixPath] = []
    monkeypatch.setattr(ContentFolder, "read", lambda _, path, problems: read.append(path))

    assert library.build().kind == "nothing"
    assert read == []


def test_a_requested_rebuild_reads_everything(library: Library) -> None:
    report = library.build(rebuild=True)

    assert (report.kind, report.reason, report.count) == ("all", "a rebuild was requested", 3)
    assert len(library.parsed) == len(library.indexed) == 3


def test_touching_a_file_without_changing_it_does_nothing(library: Library) -> None:
    os.utime(library.case("apple"))

    report = library.build()

    assert report.kind == "nothing"
    assert library.parsed == []


# Edits


def test_an_edit_reads_and_indexes_only_the_file_that_changed(library: Library) -> None:
    library.write("berry", case_markdown(title="Ripe"))

    report = library.build()

    assert (report.kind, report.reason, report.count) == ("changes", "", 3)
    assert kinds(report) == {"updated": ("berry",)}
    assert (library.parsed, library.indexed) == (["cases/berry.md"], ["berry"])
    assert library.found("ripe") == ["berry"]
    assert library.title("berry") == "Ripe"


def test_an_edit_within_the_same_clock_tick_is_noticed(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": case_markdown(title="Aaaa")})
    library.build()
    path = library.case("apple")
    stat = path.stat()

    path.write_text(case_markdown(title="Bbbb"), "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    report = library.build()

    assert (path.stat().st_size, path.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)
    assert kinds(report) == {"updated": ("apple",)}
    assert library.title("apple") == "Bbbb"


def test_a_file_from_the_future_is_compared_by_content(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": case_markdown(title="Aaaa")})
    tomorrow = time.time_ns() + 86_400_000_000_000
    os.utime(library.case("apple"), ns=(tomorrow, tomorrow))
    library.build()

    library.write("apple", case_markdown(title="Bbbb"))
    os.utime(library.case("apple"), ns=(tomorrow, tomorrow))

    assert kinds(library.build()) == {"updated": ("apple",)}


def test_an_undone_edit_is_an_edit(library: Library) -> None:
    library.write("berry", case_markdown(title="Ripe"))
    library.build()
    library.write("berry", GOOD)

    assert kinds(library.build()) == {"updated": ("berry",)}
    assert library.found("ripe") == []


def test_a_new_file_is_added(library: Library) -> None:
    library.write("damson", case_markdown(title="Late"))

    report = library.build()

    assert kinds(report) == {"added": ("damson",)}
    assert library.indexed == ["damson"]
    assert library.found("late") == ["damson"]
    assert report.count == 4


def test_a_deleted_file_is_removed(library: Library) -> None:
    library.case("berry").unlink()

    report = library.build()

    assert kinds(report) == {"removed": ("berry",)}
    assert library.indexed == []
    assert library.slugs() == ("apple", "cherry")
    assert library.found("coffee") == ["apple", "cherry"]
    assert report.count == 2


def test_a_renamed_file_moves_with_its_old_slug_as_an_alias(library: Library) -> None:
    library.case("berry").unlink()
    library.write("blackberry", case_markdown(aliases=["berry"]))

    report = library.build()

    assert kinds(report) == {"added": ("blackberry",), "removed": ("berry",)}
    assert library.open().cases.slug_for_alias("berry") == "blackberry"


def test_one_build_takes_several_edits(library: Library) -> None:
    library.case("apple").unlink()
    library.write("berry", case_markdown(title="Ripe"))
    library.write("cherry", BROKEN)
    library.write("damson")
    library.write("elder", BROKEN)

    assert kinds(library.build()) == {
        "added": ("damson",), "updated": ("berry",), "removed": ("apple",), "kept": ("cherry",),
        "offline": ("elder",),
    }  # fmt: skip


def test_a_stored_case_has_its_markdown_and_the_time_of_its_file(library: Library) -> None:
    path = library.write("apple", case_markdown(title="Dated"))
    os.utime(path, (0, 1_577_934_245))
    library.build()

    stored = library.open().cases.stored("apple")

    assert stored is not None
    assert (stored.modified, stored.markdown) == ("2020-01-02T03:04:05Z", path.read_text("utf-8"))


@pytest.mark.parametrize("name", [".apple.md", "#apple.md", "~apple.md", "apple.md~", "apple.txt", "notes.markdown"])
def test_files_that_editors_leave_next_to_a_case_are_not_cases(library: Library, name: str) -> None:
    (library.content.root / "cases" / name).write_text("scratch", "utf-8")

    assert library.build().kind == "nothing"


# Vocabularies and guide pages


def test_a_changed_vocabulary_rebuilds_everything(library: Library) -> None:
    library.change_vocabulary("cities", "label: Aarhus", "label: Smilets By")

    report = library.build()

    assert (report.kind, report.reason) == ("all", "the software or the vocabularies have changed")
    assert len(library.indexed) == 3
    assert library.found("smilets") == ["apple", "berry", "cherry"]
    assert library.open().vocabularies.cities.label("aarhus") == "Smilets By"


def test_a_touched_vocabulary_rebuilds_nothing(library: Library) -> None:
    os.utime(library.vocabulary("cities"))

    assert library.build().kind == "nothing"


@pytest.mark.parametrize("damage", ["aarhus: [", "- aarhus", "\x00", "aarhus: {}"])
def test_a_broken_vocabulary_leaves_the_generation_in_use_alone(library: Library, damage: str) -> None:
    before = library.open().id
    library.write("berry", case_markdown(title="Ripe"))
    library.vocabulary("cities").write_text(damage, "utf-8")

    for rebuild in (False, True):
        with pytest.raises(ContentError) as raised:
            library.build(rebuild=rebuild)
        assert {problem.path for problem in raised.value.problems} == {"vocabularies/cities.yaml"}

    assert library.open().id == before
    assert library.generations() == [before]
    assert library.title("berry") == "A door for concerns"


def test_a_vocabulary_that_is_gone_is_named(library: Library) -> None:
    library.vocabulary("cities").unlink()

    with pytest.raises(ContentError) as raised:
        library.build()

    assert str(raised.value) == (
        f"The vocabularies in `{library.content.root}` are not complete: vocabularies/cities.yaml."
    )


def test_after_a_vocabulary_is_fixed_builds_continue_where_they_were(library: Library) -> None:
    good = library.vocabulary("cities").read_text("utf-8")
    library.vocabulary("cities").write_text("aarhus: [", "utf-8")
    with pytest.raises(ContentError):
        library.build()

    library.vocabulary("cities").write_text(good, "utf-8")

    assert library.build().kind == "nothing"


def test_a_guide_page_is_added_changed_and_removed(library: Library) -> None:
    library.write_guide()
    added = library.build()
    first = library.open().cases.guide("challenge", "fragile-trust")
    library.write_guide(GUIDE.replace("glass", "ice"))
    changed = library.build()
    second = library.open().cases.guide("challenge", "fragile-trust")
    library.write_guide().unlink()
    removed = library.build()

    assert first is not None
    assert second is not None
    assert [first.sections[0].text, second.sections[0].text] == ["Trust is like glass.", "Trust is like ice."]
    assert library.open().cases.guides() == ()
    assert [report.kind for report in (added, changed, removed)] == ["changes"] * 3
    assert [kinds(report) for report in (added, changed, removed)] == [{}, {}, {}]
    assert library.parsed == library.indexed == []


def test_a_broken_guide_page_keeps_its_last_good_version_and_is_reported_at_every_build(library: Library) -> None:
    library.write_guide()
    library.build()
    library.write_guide(BROKEN_GUIDE)

    reports = [library.build(), library.build(), library.build(rebuild=True), library.build()]
    guide = library.open().cases.guide("challenge", "fragile-trust")

    assert [rules(report) for report in reports] == [[("challenges/fragile-trust.md", "unknown-section")]] * 4
    assert [report.kind for report in reports] == ["changes", "nothing", "all", "nothing"]
    assert guide is not None
    assert guide.sections[0].text == "Trust is like glass."


def test_a_broken_new_guide_page_is_not_served(library: Library) -> None:
    library.write_guide(BROKEN_GUIDE)

    report = library.build()

    assert rules(report) == [("challenges/fragile-trust.md", "unknown-section")]
    assert library.open().cases.guides() == ()


# Broken files


def test_a_broken_file_keeps_its_last_good_version(library: Library) -> None:
    library.write("berry", BROKEN)

    report = library.build()

    assert kinds(report) == {"kept": ("berry",)}
    assert report.count == 3
    assert library.title("berry") == "A door for concerns"
    assert library.found("broken") == []
    assert "berry" in library.found("coffee")


def test_a_broken_file_is_reported_at_every_build_and_its_page_survives_them(library: Library) -> None:
    library.write("berry", BROKEN)
    builds: list[Callable[[], object]] = [
        lambda: None,
        lambda: None,
        lambda: library.write("apple", case_markdown(title="Ripe")),
        lambda: library.change_vocabulary("cities", "label: Aarhus", "label: Smilets By"),
        lambda: library.write("berry", BROKEN.replace("Broken", "Broken again")),
        make_old_now(library),
    ]

    reports = []
    for prepare in builds:
        prepare()
        reports.append(library.build())
    reports.append(library.build(rebuild=True))

    assert [rules(report) for report in reports] == [[("cases/berry.md", "unknown-term")]] * 7
    assert [report.kept for report in reports] == [("berry",)] * 7
    assert [report.kind for report in reports] == ["changes", "nothing", "changes", "all", "changes", "nothing", "all"]
    assert [report.count for report in reports] == [3] * 7
    assert library.title("berry") == "A door for concerns"


def make_old_now(library: Library) -> Callable[[], None]:
    """A step that sets all times back."""
    return lambda: make_old(library)


def test_a_last_good_version_keeps_its_markdown_date_and_aliases(tmp_path: Path) -> None:
    library = Library(tmp_path, {"berry": case_markdown(aliases=["bramble"])})
    library.build()
    before = library.open().cases.stored("berry")
    library.write("berry", BROKEN)

    library.build()
    library.build(rebuild=True)

    assert library.open().cases.stored("berry") == before
    assert library.open().cases.slug_for_alias("bramble") == "berry"


def test_a_broken_new_file_is_not_served(library: Library) -> None:
    library.write("damson", BROKEN)

    reports = [library.build(), library.build(), library.build(rebuild=True)]

    assert [report.offline for report in reports] == [
        {"damson": "it has errors, and there is no good version of it yet"}
    ] * 3
    assert library.slugs() == ("apple", "berry", "cherry")
    assert library.found("broken") == []


def test_a_fixed_file_is_updated(library: Library) -> None:
    library.write("berry", BROKEN)
    library.build()
    library.write("berry", case_markdown(title="Fixed"))

    report = library.build()

    assert kinds(report) == {"updated": ("berry",)}
    assert report.problems == ()
    assert library.found("fixed") == ["berry"]
    assert library.build().kind == "nothing"


def test_a_broken_file_that_is_deleted_goes_offline(library: Library) -> None:
    library.write("berry", BROKEN)
    library.build()
    library.case("berry").unlink()

    report = library.build()

    assert kinds(report) == {"removed": ("berry",)}
    assert report.problems == ()


def test_a_case_whose_term_left_the_vocabulary_keeps_its_last_good_version(library: Library) -> None:
    library.write("berry", case_markdown(city="vienna"))
    library.build()
    library.change_vocabulary("cities", "vienna:", "wien:")

    report = library.build()

    assert kinds(report)["kept"] == ("berry",)
    assert rules(report) == [("cases/berry.md", "unknown-term")]
    assert library.found(city="vienna") == ["berry"]


@pytest.mark.parametrize("part", ["whoosh", "manifest.json", "origin.json"])
def test_a_broken_file_keeps_its_last_good_version_when_the_rest_of_the_index_is_damaged(
    library: Library, part: str
) -> None:
    library.write("berry", BROKEN)
    path = library.current() / part
    path.rename(path.with_suffix(".gone"))

    report = library.build()

    assert (report.kind, report.reason, report.kept) == ("all", "the index could not be read", ("berry",))
    assert library.slugs() == ("apple", "berry", "cherry")


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a link that leads nowhere": lambda path: path.symlink_to("nowhere.md"),
    "a link out of the content folder": lambda path: path.symlink_to("/etc/hostname"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "nothing": lambda path: path.write_bytes(b""),
    "a zero byte": lambda path: path.write_bytes(b"\x00"),
    "far too much": lambda path: path.write_bytes(b"x" * 500_001),
}


@pytest.mark.parametrize("make", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_case_file_that_cannot_be_read_is_offline_and_reported(
    library: Library, make: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "SECOND_LOOK_SECONDS", 0.0)
    library.case("berry").unlink()
    make(library.case("berry"))
    make(library.case("new"))

    reports = [library.build(), library.build(), library.build(rebuild=True)]

    assert [kinds(report).get("removed") for report in reports] == [("berry",), None, None]
    assert [kinds(report)["offline"] for report in reports] == [("berry", "new")] * 3
    assert {path for report in reports for path, _ in rules(report)} == {"cases/berry.md", "cases/new.md"}
    assert library.slugs() == ("apple", "cherry")


def test_a_file_that_is_empty_while_it_is_saved_stays_online(library: Library) -> None:
    path = library.case("berry")
    path.write_bytes(b"")
    saving = threading.Timer(changes.SECOND_LOOK_SECONDS / 5, path.write_text, (case_markdown(title="Ripe"), "utf-8"))
    saving.start()

    report = library.build()

    assert kinds(report) == {"updated": ("berry",)}
    assert library.title("berry") == "Ripe"


# What goes offline does so whatever else fails


@pytest.mark.parametrize("damage", ["aarhus: [", "\x00", "aarhus: {}", None])
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_withdrawal_takes_effect_even_if_a_vocabulary_is_broken(
    library: Library, damage: str | None, rebuild: bool
) -> None:
    library.write("apple", case_markdown(title="Ripe"))
    library.write("berry", case_markdown(publication="withdrawn"))
    library.case("cherry").unlink()
    if damage is None:
        shutil.rmtree(library.vocabulary("cities").parent)
    else:
        library.vocabulary("cities").write_text(damage, "utf-8")

    for _ in range(2):
        with pytest.raises(ContentError):
            library.build(rebuild=rebuild)

        assert library.slugs() == ("apple",)
        assert library.found("coffee") == ["apple"]
        assert library.open().manifest.count == 1
    assert library.title("apple") == "A door for concerns"


def test_other_changes_follow_once_the_vocabulary_is_fixed_after_a_withdrawal(library: Library) -> None:
    good = library.vocabulary("cities").read_text("utf-8")
    library.write("apple", case_markdown(title="Ripe"))
    library.write("berry", case_markdown(publication="draft"))
    library.vocabulary("cities").write_text("aarhus: [", "utf-8")
    with pytest.raises(ContentError):
        library.build()
    library.vocabulary("cities").write_text(good, "utf-8")

    report = library.build()

    assert kinds(report) == {"updated": ("apple",), "offline": ("berry",)}
    assert library.title("apple") == "Ripe"
    library.write("berry")
    assert kinds(library.build()) == {"added": ("berry",)}


def test_what_goes_offline_is_published_before_everything_is_rebuilt(library: Library) -> None:
    library.write("berry", case_markdown(publication="withdrawn"))
    library.change_vocabulary("cities", "label: Aarhus", "label: Smilets By")
    while_reading: list[tuple[str, ...]] = []

    def look(items: Sequence[PurePosixPath], doing: str) -> Iterable[PurePosixPath]:
        while_reading.append(library.slugs())
        return items

    build(library.content, library.index, progress=look)

    assert while_reading == [("apple", "cherry")]
    assert library.found("smilets") == ["apple", "cherry"]


# A collection that vanishes as a whole


def empty(library: Library) -> None:
    for slug in ("apple", "berry", "cherry"):
        library.case(slug).unlink()


def make_unreadable(library: Library) -> None:
    empty(library)
    for slug in ("apple", "berry", "cherry"):
        library.case(slug).mkdir()


GONE: dict[str, tuple[Callable[[Library], object], str]] = {
    "emptied": (empty, "contains no case that can be read"),
    "unreadable": (make_unreadable, "contains no case that can be read"),
    "removed": (lambda library: shutil.rmtree(library.content.root / "cases"), "is missing"),
    "moved": (lambda library: (library.content.root / "cases").rename(library.root / "elsewhere"), "is missing"),
}


@pytest.mark.parametrize(("take_away", "what"), GONE.values(), ids=GONE.keys())
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_collection_that_vanishes_as_a_whole_stays_until_that_is_confirmed(
    library: Library, take_away: Callable[[Library], object], what: str, rebuild: bool
) -> None:
    take_away(library)

    for _ in range(2):
        with pytest.raises(ContentError) as refused:
            library.build(rebuild=rebuild)
        assert str(refused.value) == (
            f"`{library.content.root / 'cases'}` {what}, so nothing was built; what was online stays online. Put the "
            "files back, or publish the collection without them: `kb index --allow-empty`."
        )
        assert library.slugs() == ("apple", "berry", "cherry")

    report = build(library.content, library.index, rebuild=rebuild, allow_empty=True)
    assert (report.count, library.slugs()) == (0, ())
    assert library.build().kind == "nothing"


def test_single_removals_always_apply_even_the_last(library: Library) -> None:
    for slug, left in (("apple", ("berry", "cherry")), ("berry", ("cherry",)), ("cherry", ())):
        library.case(slug).unlink()

        assert kinds(library.build()) == {"removed": (slug,)}
        assert library.slugs() == left


def test_all_cases_but_one_can_go_together(library: Library) -> None:
    library.case("apple").unlink()
    library.case("berry").unlink()

    assert kinds(library.build()) == {"removed": ("apple", "berry")}


# Dates


def test_the_same_text_keeps_its_date_in_every_kind_of_build(library: Library) -> None:
    os.utime(library.case("apple"), (0, 1_577_934_245))
    dates = [modified(library, "apple")]
    for rebuild in (False, True, False, True):
        library.write("apple")  # saved again without a change
        library.build(rebuild=rebuild)
        dates.append(modified(library, "apple"))

    assert len(set(dates)) == 1


def test_a_changed_vocabulary_changes_no_date_of_a_case(library: Library) -> None:
    before = modified(library, "apple")
    library.write("apple")
    library.change_vocabulary("cities", "label: Aarhus", "label: Smilets By")

    library.build()

    assert modified(library, "apple") == before


@pytest.mark.parametrize("rebuild", [False, True])
def test_another_text_has_the_time_of_its_file(library: Library, rebuild: bool) -> None:
    path = library.write("apple", case_markdown(title="Ripe"))
    os.utime(path, (0, 1_577_934_245))

    library.build(rebuild=rebuild)

    assert modified(library, "apple") == "2020-01-02T03:04:05Z"


def modified(library: Library, slug: str) -> str:
    stored = library.open().cases.stored(slug)
    assert stored is not None
    return stored.modified


def test_a_draft_with_errors_is_reported_at_every_build(library: Library) -> None:
    library.write("damson", case_markdown(city="atlantis", publication="draft"))

    reports = [library.build(), library.build(), library.build(rebuild=True)]

    assert [rules(report) for report in reports] == [[("cases/damson.md", "unknown-term")]] * 3
    assert [kinds(report) for report in reports[:2]] == [{"offline": ("damson",)}] * 2


def test_a_warning_does_not_stop_a_case_from_being_served(library: Library) -> None:
    library.write("berry", case_markdown(status="ongoing", ended=2012))

    report = library.build()

    assert [problem.rule for problem in report.problems] == ["status-and-end"]
    assert report.errors == ()
    assert kinds(report) == {"updated": ("berry",)}


# Any history gives the same index


SLUGS = "abcdef"
WORDS = ("one", "two", "coffees", "three", "hidden", "gone", "coffee", "police", "vienna", "liege", "nowhere")
EDITS = st.sampled_from(
    [
        case_markdown(title="One"),
        case_markdown(title="Two coffees", city="vienna", aliases=["old-name"]),
        case_markdown(title="Three", city="liege", aliases=["old-name", "other-name"], started=1999),
        case_markdown(title="Hidden", publication="draft"),
        case_markdown(title="Gone", publication="withdrawn"),
        None,
    ]
)
HISTORIES = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(SLUGS), EDITS, min_size=1), st.booleans()), min_size=1, max_size=6
)
SEARCHES = [
    "",
    "one",
    "two coffee",
    "thre",
    "coffee OR one",
    '"met weekly"',
    "-coffee",
    "city:vienna",
    "year:..2000",
    "gone",
]


def described(generation: Generation) -> dict[str, object]:
    """Everything a reader can learn from a generation."""
    cases = generation.cases
    requests = [make_request(text, filters, sort=sort) for text in SEARCHES for filters in FILTERS for sort in Sort]
    return {
        "cases": [cases.stored(slug) for slug in cases.slugs()],
        "lists": [(cases.summary(slug), cases.titles()[slug]) for slug in cases.slugs()],
        "aliases": [cases.slug_for_alias(alias) for alias in ("old-name", "other-name")],
        "withdrawn": [cases.is_withdrawn(slug) for slug in SLUGS],
        "count": generation.manifest.count,
        "words": generation.engine.frequencies(WORDS),
        "results": [generation.search(request) for request in requests],
        "suggestions": generation.suggester.suggest("o"),
    }


FILTERS: list[dict[str, tuple[str, ...]]] = [{}, {"city": ("vienna", "liege")}]


@given(HISTORIES)
@costly
def test_any_history_of_edits_gives_the_same_index_as_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[dict[str, str | None], bool]]
) -> None:
    library = Library(tmp_path_factory.mktemp("history"))
    builder = Builder(library.index)
    builder.build(library.content)
    for edits, is_taken_up in history:
        for slug, text in edits.items():
            library.case(slug).unlink(missing_ok=True)
            if text is not None:
                library.write(slug, text)
        with pytest.MonkeyPatch.context() as patch:
            if is_taken_up:
                patch.setattr(writing, "LIBRARY_BYTES", 0)
            builder.build(library.content)
    by_edits = described(library.open())

    library.build(rebuild=True)

    assert by_edits == described(library.open())


def test_a_builder_continues_from_what_another_has_built(library: Library) -> None:
    first, second = Builder(library.index), Builder(library.index)
    titles = ["Ripe", "Overripe", "Rotten", "Gone"]

    for builder, title in zip([first, second, first, first], titles, strict=True):
        library.write("berry", case_markdown(title=title))

        assert kinds(builder.build(library.content)) == {"updated": ("berry",)}
        assert library.title("berry") == title
    assert second.build(library.content).kind == "nothing"


# When building fails


class Crash(BaseException):
    """The power goes."""


def crashes(library: Library, moment: int) -> bool:
    """Build, and let the power go when something is to be brought to the disk for the nth time, if it is."""
    moments = count(1)

    def crashing(descriptor: int) -> None:
        if next(moments) == moment:
            raise Crash

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", crashing)
        patch.setattr(shutil, "rmtree", lambda path, **_: None)  # nobody is left to tidy up
        try:
            library.build()
        except Crash:
            return True
    return False


@pytest.mark.slow
def test_a_crash_at_any_moment_loses_nothing(library: Library) -> None:
    library.write("berry", case_markdown(title="Ripe"))
    library.case("apple").unlink()
    met = [described(library.open())]

    while crashes(library, moment=len(met)):
        met.append(described(library.open()))

    after = described(library.open())
    assert len(met) > 10
    assert [state for state in met if state not in (met[0], after)] == []
    library.build(rebuild=True)
    assert described(library.open()) == after


def test_everything_is_on_disk_before_it_is_published(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    library.write("berry", case_markdown(title="Ripe"))

    library.build()

    published = synced.index(library.pointer().stat().st_ino)
    paths = [library.index.root, library.current(), *library.current().rglob("*")]
    assert [path.name for path in paths if path.stat().st_ino not in synced[:published]] == []


def test_an_interrupted_build_leaves_only_the_old_generation(library: Library) -> None:
    before = sorted(path.name for path in library.index.root.iterdir())
    library.write("berry", case_markdown(title="Ripe"))

    for error in (KeyboardInterrupt, OSError, RuntimeError):
        for rebuild in (False, True):
            with pytest.raises((error, GenerationError)):
                build(library.content, library.index, rebuild=rebuild, progress=interrupting(error))

    assert sorted(path.name for path in library.index.root.iterdir()) == before
    assert library.title("berry") == "A door for concerns"
    assert kinds(library.build()) == {"updated": ("berry",)}


def interrupting(error: type[BaseException]) -> Progress[PurePosixPath]:
    """Progress that fails when the first file has been read; a full build is writing by then."""

    def note(items: Sequence[PurePosixPath], doing: str) -> Iterable[PurePosixPath]:
        yield from items[:1]
        raise error

    return note


@pytest.mark.parametrize("below", ["", "deeper/down"])
def test_a_file_in_place_of_the_index_folder_is_reported(tmp_path: Path, below: str) -> None:
    library = Library(tmp_path)
    (tmp_path / "index").write_text("I am a file.", "utf-8")
    index = IndexFolder(tmp_path / "index" / below)

    with pytest.raises(GenerationError) as raised:
        build(library.content, index)

    reason = "Not a directory" if below else "it is not a folder"
    assert str(raised.value) == (
        f"`{index.root}` cannot be written to: {reason}. Set KB_INDEX or `--index` to a folder that can."
    )


def test_a_missing_content_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as raised:
        ContentFolder(tmp_path / "nowhere")

    assert str(raised.value) == (
        f"There is no content folder at `{tmp_path / 'nowhere'}`. "
        "Set KB_CONTENT or `--content` to the folder that contains `cases/` and `vocabularies/`."
    )


def test_concurrent_builders_take_turns_and_the_first_does_the_work(tmp_path: Path) -> None:
    library = Library(tmp_path, {"apple": GOOD, "berry": GOOD})
    reports: list[BuildReport] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        reports.append(build(library.content, library.index))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(report.kind for report in reports) == ["all", "nothing", "nothing", "nothing"]
    assert {report.generation_id for report in reports} == {library.open().id}
    assert library.slugs() == ("apple", "berry")


def test_a_file_whose_name_is_not_utf_8_is_reported_at_every_build_and_does_no_harm(library: Library) -> None:
    try:
        library.write("caf\udce9")
    except OSError:
        pytest.skip("this file system takes no such names")

    for rebuild in (False, False, True):
        report = library.build(rebuild=rebuild)

        assert [problem.rule for problem in report.errors] == ["file-name"]
        assert library.open().cases.slugs() == ("apple", "berry", "cherry")
