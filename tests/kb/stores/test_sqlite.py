"""Stored cases: what is written can be read again, by any thread, and nothing else can."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import GenerationError
from kb.model.case import CaseSummary, Guide, Source, summary_of
from kb.search.highlighting.passages import Passages
from kb.stores.packing import pack_case
from kb.stores.sqlite import writing
from kb.stores.sqlite.reading import SUMMARIES_CACHED, SqliteStore, _Cached
from kb.stores.sqlite.schema import base_of
from kb.stores.sqlite.writing import write_store
from kb.stores.store import NewCase, StoredCase
from tests.builders import build_in, case_markdown, make_case, section_of, vocabularies
from tests.properties import costly

GUIDE = Guide(
    "challenge",
    "fragile-trust",
    (Source("s1", "A report", "A city", None, None, None, 0),),
    (section_of("what-it-is", "What it is", "Glass."),),
)


def stored(slug: str, *, title: str = "A door", aliases: Iterable[str] = ()) -> StoredCase:
    """A case as the builder hands it over."""
    text = case_markdown(title=title, aliases=aliases)
    return StoredCase(make_case(slug, text), "2026-01-02T03:04:05Z", text)


def write(
    path: Path,
    previous: Path | None,
    added: Iterable[StoredCase] = (),
    *,
    removed: Iterable[str] = (),
    withdrawn: Iterable[str] = (),
    guides: Iterable[Guide] = (),
) -> None:
    """Write a store as the builder does."""
    with write_store(path, previous, removed) as library:
        for stored in added:
            library.add(NewCase(stored, pack_case(stored.case)))
        library.add_rest(vocabularies(), guides, withdrawn)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with two cases."""
    first = tmp_path / "first.sqlite"
    write(first, None, [stored("apple", aliases=["crab"]), stored("berry")], guides=[GUIDE])
    return first


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """The same, opened."""
    opened = SqliteStore(path)
    yield opened
    opened.close()


def test_reviews_are_counted_over_all_cases(tmp_path: Path) -> None:
    texts = {
        "one": case_markdown(started=1999),
        "two": case_markdown(started=2010),
        "three": case_markdown(started=2010).replace(
            "review: {state: unreviewed}", "review: {state: reviewed, date: 2026-01-02, by: City office}"
        ),
        "draft": case_markdown(started=1805, publication="draft"),
    }
    _, generation = build_in(tmp_path, texts)

    assert generation.cases.reviews() == {"reviewed": 1, "unreviewed": 2}
    generation.close()


def test_everything_that_is_stored_comes_back_as_it_was(store: SqliteStore) -> None:
    expected = stored("apple", aliases=["crab"])

    assert store.stored("apple") == expected
    assert store.case("apple") == expected.case
    assert store.slugs() == ("apple", "berry")
    assert store.slug_for_alias("crab") == "apple"
    assert store.guide("challenge", "fragile-trust") == GUIDE
    assert store.guides() == (GUIDE,)
    assert store.vocabularies == vocabularies()


UNKNOWN = ["", "cherry", "crab", "APPLE", "apple ", "apple'; DROP TABLE cases; --", "%", "*", "\0", "é", "a" * 10_000]


@pytest.mark.parametrize("slug", UNKNOWN)
def test_a_missing_value_is_none(store: SqliteStore, slug: str) -> None:
    assert store.case(slug) is None
    assert store.stored(slug) is None
    assert store.guide("challenge", slug) is None
    assert store.guide(slug, "fragile-trust") is None
    assert store.is_withdrawn(slug) is False
    assert store.slugs() == ("apple", "berry")


def test_a_slug_is_not_its_own_alias(store: SqliteStore) -> None:
    assert store.slug_for_alias("apple") is None


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@costly
def test_any_title_and_markdown_survive(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "library.sqlite"
    guide = Guide("arrangement", "x", (), (section_of("a", text, text),))
    case = StoredCase(make_case("apple"), "2026-01-02T03:04:05Z", text)
    write(path, None, [case], guides=[guide])
    store = SqliteStore(path)

    assert store.stored("apple") == case
    assert store.guides() == (guide,)
    store.close()


def test_changes_are_made_to_a_copy(path: Path, store: SqliteStore, tmp_path: Path) -> None:
    second = tmp_path / "second.sqlite"

    write(second, path, [stored("berry", title="Ripe")], removed=["apple", "berry"], withdrawn=["plum"])
    after = SqliteStore(second)
    berry = after.case("berry")

    assert after.slugs() == ("berry",)
    assert berry is not None
    assert berry.title == "Ripe"
    assert after.slug_for_alias("crab") is None
    assert after.is_withdrawn("plum")
    assert after.guides() == ()
    assert store.slugs() == ("apple", "berry")
    assert not store.is_withdrawn("plum")
    after.close()


def test_withdrawn_cases_are_those_of_the_last_change_only(path: Path, tmp_path: Path) -> None:
    write(tmp_path / "second.sqlite", path, withdrawn=["plum", "plum"])
    write(tmp_path / "third.sqlite", tmp_path / "second.sqlite", withdrawn=["quince"])
    store = SqliteStore(tmp_path / "third.sqlite")

    assert [store.is_withdrawn(slug) for slug in ("plum", "quince")] == [False, True]
    store.close()


def test_an_alias_of_two_cases_belongs_to_the_first_and_passes_to_the_second(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
    write(first, None, [stored("berry", aliases=["crab"]), stored("apple", aliases=["crab", "crab"])])
    write(second, first, removed=["apple"])
    before, after = SqliteStore(first), SqliteStore(second)

    assert before.slug_for_alias("crab") == "apple"
    assert after.slug_for_alias("crab") == "berry"
    before.close()
    after.close()


def test_an_edit_writes_no_case_but_its_own(path: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.sqlite"
    untouched = base_of(path).read_bytes()

    write(second, path, [stored("berry", title="Ripe")], removed=["berry"])

    assert base_of(second).samefile(base_of(path))
    assert base_of(path).read_bytes() == untouched
    assert _count_rows(second, "cases") == 1


def test_a_library_that_has_grown_is_merged_into_a_new_base(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, third = tmp_path / "second.sqlite", tmp_path / "third.sqlite"
    write(second, path, [stored("berry", title="Ripe"), stored("cherry")], removed=["apple", "berry"])
    untouched = base_of(path).read_bytes()
    monkeypatch.setattr(writing, "LIBRARY_BYTES", 0)

    write(third, second, [stored("cherry", title="Sour")], removed=["cherry"])

    assert base_of(path).read_bytes() == untouched
    assert (_count_rows(third, "cases"), _count_rows(base_of(third), "cases")) == (0, 2)
    after = SqliteStore(third)
    assert after.titles() == {"berry": "Ripe", "cherry": "Sour"}
    after.close()


CHANGES = st.dictionaries(st.sampled_from("abc"), st.none() | st.sampled_from(["One", "Two"]), min_size=1)


@given(st.lists(st.tuples(CHANGES, st.booleans()), max_size=6))
@costly
def test_any_history_ends_with_what_was_stored_last(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[dict[str, str | None], bool]]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    path, expected = folder / "0.sqlite", dict[str, str]()
    write(path, None)

    for number, (changes, is_taken_up) in enumerate(history, start=1):
        following = folder / f"{number}.sqlite"
        added = [
            stored(slug, title=title, aliases=[f"{slug}-{title.lower()}"]) for slug, title in changes.items() if title
        ]
        with pytest.MonkeyPatch.context() as patch:
            if is_taken_up:
                patch.setattr(writing, "LIBRARY_BYTES", 0)
            write(following, path, added, removed=[slug for slug in changes if slug in expected])
        expected = {slug: title for slug, title in {**expected, **changes}.items() if title}
        path = following

    store = SqliteStore(path)
    assert store.titles() == expected
    assert store.slugs() == tuple(sorted(expected))
    listed = {slug: summary.title for slug in "abc" if (summary := store.summary(slug))}
    assert listed == {slug: case.title for slug in "abc" if (case := store.case(slug))} == expected
    aliases = {f"{slug}-{title.lower()}": slug for slug, title in expected.items()}
    every_alias = [f"{slug}-{title.lower()}" for slug in "abc" for title in ("One", "Two")]
    assert {alias: slug for alias in every_alias if (slug := store.slug_for_alias(alias))} == aliases
    store.close()


def test_many_threads_can_read_concurrently(tmp_path: Path) -> None:
    slugs = [f"case-{number}" for number in range(20)]
    write(tmp_path / "many.sqlite", None, [stored(slug) for slug in slugs])
    store = SqliteStore(tmp_path / "many.sqlite")
    met: list[str | None] = []

    def read() -> None:
        for slug in slugs:
            found = store.stored(slug)
            met.append(found.case.slug if found else None)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, met)) == sorted(slugs * 8)
    store.close()


def test_a_case_is_decoded_once_while_it_is_cached(store: SqliteStore) -> None:
    assert store.case("apple") is store.case("apple")
    assert store.summaries(["apple"])["apple"] is store.summaries(["berry", "apple"])["apple"]
    assert SUMMARIES_CACHED >= 100  # a page of the largest size fits


def test_lists_show_the_case_without_its_text(store: SqliteStore) -> None:
    case, summary = store.case("apple"), store.summary("apple")

    assert case is not None
    assert summary == summary_of(case)
    assert type(summary) is CaseSummary


def test_summaries_come_in_the_requested_order(store: SqliteStore) -> None:
    assert list(store.summaries(["berry"])) == ["berry"]
    assert list(store.summaries(["cherry", "berry", "", "apple"])) == ["berry", "apple"]
    assert list(store.passages(["berry", "a' OR 1", "apple\0", "\ud800", "apple"])) == ["berry", "apple"]
    assert store.summaries([]) == {}


def test_the_number_of_cached_values_is_limited() -> None:
    read: list[list[str]] = []

    def lengths(slugs: Sequence[str]) -> dict[str, int]:
        read.append(list(slugs))
        return {slug: len(slug) for slug in slugs}

    cached = _Cached(2, lengths)
    found = [
        cached.of(["a", "bb"]),
        cached.of(["a", "ccc"]),
        cached.of(["a"]),
        cached.of(["bb", "a"]),
        cached.of(["x", "y", "z"]),
    ]

    assert found[3] == {"bb": 2, "a": 1}
    assert found[4] == {"x": 1, "y": 1, "z": 1}
    assert read == [["a", "bb"], ["ccc"], ["bb"], ["x", "y", "z"]]


def test_nothing_can_be_read_after_closing(store: SqliteStore) -> None:
    store.close()

    with pytest.raises(GenerationError) as raised:
        store.slugs()

    assert str(raised.value) == (
        "The stored cases cannot be read (Cannot operate on a closed database.). Run `kb index --rebuild`."
    )


def test_closing_twice_is_fine(store: SqliteStore) -> None:
    store.close()
    store.close()


# Damage


def test_a_missing_store_is_reported(tmp_path: Path) -> None:
    with pytest.raises(GenerationError) as raised:
        SqliteStore(tmp_path / "library.sqlite")

    assert str(raised.value) == (
        f"`{tmp_path / 'library.sqlite'}` is missing. Build the index again: `kb index --rebuild`."
    )


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\x00", bytes(8192)])
def test_a_file_that_is_not_a_store_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(content)

    with pytest.raises(GenerationError, match="kb index --rebuild"):
        SqliteStore(path)


def test_an_unfinished_store_is_reported(path: Path) -> None:
    _execute(path, "DELETE FROM vocabularies")

    with pytest.raises(GenerationError) as raised:
        SqliteStore(path)

    assert str(raised.value) == f"`{path}` is not complete. Build the index again: `kb index --rebuild`."


@pytest.mark.parametrize("data", ["", "{}", "null", "[1]", "not json"])
def test_a_store_of_another_version_is_reported(path: Path, data: str) -> None:
    _execute(base_of(path), f"UPDATE cases SET data = '{data}'")  # noqa: S608 - our own values
    store = SqliteStore(path)

    for read in (store.case, store.stored):
        with pytest.raises(GenerationError) as raised:
            read("apple")
        assert str(raised.value) == ("The stored cases were written by another version. Run `kb index --rebuild`.")
    store.close()


def test_a_store_with_vocabularies_of_another_version_is_reported(path: Path) -> None:
    _execute(path, "UPDATE vocabularies SET data = '{}'")

    with pytest.raises(GenerationError) as raised:
        SqliteStore(path)

    assert str(raised.value) == "The stored cases were written by another version. Run `kb index --rebuild`."


@pytest.mark.parametrize("content", [b"", b"not a database at all", bytes(8192)])
def test_a_base_that_is_not_a_store_is_reported(path: Path, content: bytes) -> None:
    base_of(path).write_bytes(content)

    with pytest.raises(GenerationError, match="kb index --rebuild"):
        SqliteStore(path)


def test_a_missing_base_is_reported(path: Path) -> None:
    base_of(path).unlink()

    with pytest.raises(GenerationError, match="kb index --rebuild"):
        SqliteStore(path)


@pytest.mark.parametrize("text", ["CREATE TABLE", "PRIMARY KEY"])
def test_a_store_whose_names_are_not_utf_8_is_reported(path: Path, text: str) -> None:
    data = base_of(path).read_bytes()
    base_of(path).write_bytes(data.replace(text.encode(), b"\x8a" * len(text)))

    with pytest.raises(GenerationError, match="kb index --rebuild"):
        SqliteStore(path)


@pytest.mark.parametrize("change", [b"\x00", b"", b"\xff" * 40])
def test_damaged_passages_are_reported(path: Path, change: bytes) -> None:
    with closing(sqlite3.connect(base_of(path))) as connection:
        connection.execute("UPDATE listed SET passages = CAST(substr(passages, 1, 40) || ? AS BLOB)", (change,))
        connection.commit()
    store = SqliteStore(path)

    with pytest.raises(GenerationError, match="kb index --rebuild"):
        store.passages(["apple"])
    store.close()


def test_a_bug_in_decoding_is_not_mistaken_for_damage(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Passages, "from_bytes", None)
    store = SqliteStore(path)

    with pytest.raises(TypeError):
        store.passages(["apple"])
    store.close()


def test_a_damaged_previous_store_cannot_be_built_upon(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"not a database at all")

    with pytest.raises(GenerationError, match="cannot be stored"):
        write(tmp_path / "second.sqlite", path)


def test_a_path_with_special_characters_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "a?mode=rw&x=1#y %41 é"
    folder.mkdir()
    write(folder / "library.sqlite", None, [stored("apple")])
    store = SqliteStore(folder / "library.sqlite")

    assert store.slugs() == ("apple",)
    store.close()


def _count_rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own table
        return count


def _execute(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def test_titles_are_those_of_the_cases(tmp_path: Path) -> None:
    texts = {"first": case_markdown(title="Élan “one”"), "second": case_markdown(title="Two: a 'second'")}
    _, generation = build_in(tmp_path, texts)

    assert generation.cases.titles() == {"first": "Élan “one”", "second": "Two: a 'second'"}
    generation.close()
