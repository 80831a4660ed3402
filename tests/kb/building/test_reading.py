"""Many files are read by several processes, and nothing else is different."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

import pytest

from kb.authoring.content_folder import ContentFolder
from kb.building import reading
from kb.building.reading import read_case_files
from kb.model.vocabulary import Vocabularies
from tests.builders import case_markdown, vocabularies, write_content

CASES = {
    "apple": case_markdown(title="Ripe"),
    "berry": case_markdown(city="atlantis"),
    "cherry": case_markdown(publication="draft"),
    "damson": case_markdown(title="Sour"),
}


@pytest.fixture
def content(tmp_path: Path) -> ContentFolder:
    return write_content(tmp_path, CASES)


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WORTH_PROCESSES", 2)


def test_several_processes_read_what_one_reads_in_the_same_order(content: ContentFolder) -> None:
    paths = content.case_paths()

    alone = list(read_case_files(content, paths, vocabularies(), processes=1))
    together = list(read_case_files(content, paths, vocabularies(), processes=2))

    assert together == alone
    assert [file.slug for file, _ in together] == list(CASES)
    assert [packed is not None for _, packed in together] == [True, False, False, True]


def test_files_left_by_a_dead_process_are_read_here(content: ContentFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_begin", _die)
    paths = content.case_paths()

    read = list(read_case_files(content, paths, vocabularies(), processes=2))

    assert [file.slug for file, _ in read] == list(CASES)


def test_stopping_early_leaves_no_process_behind(content: ContentFolder) -> None:
    files: Iterator[object] = read_case_files(content, content.case_paths(), vocabularies(), processes=2)

    assert len(list(islice(files, 1))) == 1
    del files


def _die(root: Path, vocabularies: Vocabularies) -> None:
    os._exit(1)


def test_names_are_paths_of_the_folder(content: ContentFolder) -> None:
    ((file, _), *_) = read_case_files(content, (PurePosixPath("cases/apple.md"),), vocabularies(), processes=2)

    assert file.path == "cases/apple.md"
