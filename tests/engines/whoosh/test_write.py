"""Writing an index: into a new folder, from nothing or from an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage

from kb.engines import DEFAULT_ENGINE, LOCAL_ENGINES
from kb.engines.whoosh import write as write_module
from kb.engines.whoosh.engine import WhooshEngine
from kb.errors import GenerationError
from kb.search.document import SearchDocument
from kb.search.query.tree import Word
from kb.search.request import SearchRequest
from tests.builders import case_markdown
from tests.engines.opening import Cases, opened, write_index


def documents(**titles: str) -> list[SearchDocument]:
    return Cases({slug: case_markdown(title=title) for slug, title in titles.items()}).documents()


def found(folder: Path, word: str) -> list[str]:
    with opened(folder) as engine:
        return [slug for slug, _ in engine.search(SearchRequest(query=Word(word, "title"))).ranked]


def test_an_empty_index_can_be_opened(tmp_path: Path) -> None:
    with opened(write_index(tmp_path / "index", [])) as engine:
        assert engine.count == 0


def test_the_folder_and_its_parents_are_created(tmp_path: Path) -> None:
    folder = write_index(tmp_path / "var" / "index" / "whoosh", documents(a="Door"))

    assert found(folder, "door") == ["a"]


def test_documents_may_come_one_by_one(tmp_path: Path) -> None:
    folder = write_index(tmp_path / "index", iter(documents(a="Door", b="Door")))

    assert found(folder, "door") == ["a", "b"]


def test_an_existing_folder_is_not_written_into(tmp_path: Path) -> None:
    folder = write_index(tmp_path / "index", documents(a="Door"))

    with pytest.raises(GenerationError, match="FileExistsError"):
        write_index(folder, documents(b="Door"))

    assert found(folder, "door") == ["a"]


def test_removing_and_adding_a_document_replaces_it(tmp_path: Path) -> None:
    previous = write_index(tmp_path / "previous", documents(a="Door", b="Table"))
    write_module.write_index(tmp_path / "next", previous, ["a"], documents(a="Window"))

    assert found(tmp_path / "next", "window") == ["a"]
    assert found(tmp_path / "next", "door") == []
    assert found(tmp_path / "next", "table") == ["b"]
    assert found(previous, "door") == ["a"]


def test_words_of_removed_documents_are_forgotten_immediately(tmp_path: Path) -> None:
    previous = write_index(tmp_path / "previous", documents(a="Secret door", b="Door"))
    write_module.write_index(tmp_path / "next", previous, ["a"], [])

    with opened(previous) as before, opened(tmp_path / "next") as after:
        assert before.frequencies(["secret", "door"]) == {"secret": 1, "door": 2}
        assert after.frequencies(["secret", "door"]) == {"door": 1}
        assert before.nearest("secrets", 1) == {"secret": 1}
        assert after.nearest("secrets", 1) == {}
        assert not after.contains("secret")


def test_a_slug_that_does_not_exist_can_be_removed(tmp_path: Path) -> None:
    previous = write_index(tmp_path / "previous", documents(a="Door"))
    write_module.write_index(tmp_path / "next", previous, ["b"], documents(b="Door"))

    assert found(tmp_path / "next", "door") == ["a", "b"]
    with opened(tmp_path / "next") as engine:
        assert engine.frequencies(["door"]) == {"door": 2}


def test_no_change_at_all_gives_the_same_index(tmp_path: Path) -> None:
    previous = write_index(tmp_path / "previous", documents(a="Door"))
    write_module.write_index(tmp_path / "next", previous, [], [])

    assert found(tmp_path / "next", "door") == ["a"]


def test_everything_may_be_removed(tmp_path: Path) -> None:
    previous = write_index(tmp_path / "previous", documents(a="Door"))
    write_module.write_index(tmp_path / "next", previous, ["a"], [])

    with opened(tmp_path / "next") as engine:
        assert engine.count == 0


def test_an_index_does_not_need_the_one_it_was_built_from(tmp_path: Path) -> None:
    previous = write_index(tmp_path / "previous", documents(a="Door"))
    write_module.write_index(tmp_path / "next", previous, [], documents(b="Door"))
    for path in previous.iterdir():
        path.unlink()

    assert found(tmp_path / "next", "door") == ["a", "b"]


def test_interrupted_writing_leaves_no_file_open(tmp_path: Path) -> None:
    def stopping() -> Iterator[SearchDocument]:
        yield from documents(a="Door")
        raise OSError("the disk is gone")

    # A file left open would be a ResourceWarning, and warnings are errors here.
    with pytest.raises(GenerationError, match=r"OSError: the disk is gone.*kb index --rebuild"):
        write_index(tmp_path / "index", stopping())


def test_one_of_our_errors_propagates_unchanged(tmp_path: Path) -> None:
    def stopping() -> Iterator[SearchDocument]:
        raise GenerationError("The stored cases cannot be read.")
        yield

    with pytest.raises(GenerationError, match=r"^The stored cases cannot be read\.$"):
        write_index(tmp_path / "index", stopping())


def test_whoosh_is_the_engine_at_work(tmp_path: Path) -> None:
    files = LOCAL_ENGINES[DEFAULT_ENGINE]
    files.write(tmp_path / "index", None, (), documents(a="Door"))

    engine = files.open(tmp_path / "index")
    engine.close()
    assert isinstance(engine, WhooshEngine)


def test_edits_leave_few_parts_and_large_ones_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_module, "MERGED_BELOW", 12)
    slugs = [f"case{number}" for number in range(12)]
    folder = write_index(tmp_path / "0", documents(**dict.fromkeys(slugs, "Door")))
    [large] = [path.name for path in folder.glob("*.seg")]
    now = dict.fromkeys(slugs, "Door")

    for edit in range(1, 31):
        slug = slugs[edit % len(slugs)]
        now = {**now, slug: f"Window number{edit}"}
        following = tmp_path / str(edit)
        write_module.write_index(following, folder, [slug], documents(**{slug: now[slug]}))
        folder = following

    parts = [path.name for path in folder.glob("*.seg")]
    assert large in parts
    assert len(parts) <= 8
    assert found(folder, "window") == sorted(slugs)
    assert found(folder, "door") == []
    assert found(folder, "number30") == [slugs[30 % 12]]
    assert found(folder, "number18") == []


def test_counting_the_words_of_a_document_looks_for_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    file_exists = FileStorage.file_exists

    def counted(storage: FileStorage, name: str) -> bool:
        looks.append(name)
        return bool(file_exists(storage, name))

    monkeypatch.setattr(FileStorage, "file_exists", counted)

    write_index(tmp_path / "short", documents(a="Door"))
    of_one_word = len(looks)
    write_index(tmp_path / "long", documents(a="Door " + " ".join(f"word{number}" for number in range(100))))

    assert len(looks) == 2 * of_one_word
