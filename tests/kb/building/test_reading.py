"""Many files are read by several processes, and nothing else is different."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from kb.authoring.content_folder import ContentFolder
from kb.building import reading
from kb.building.changes import FileNow
from kb.building.reading import CaseRead, Reader
from kb.index.manifest import FileRecord
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


def read(content: ContentFolder, processes: int, *names: str) -> Iterator[CaseRead]:
    """These cases, or all, as they are read."""
    files = [FileNow(name, FileRecord(0, 0, "", "used"), is_changed=True) for name in names or content.case_names()]
    dates = dict.fromkeys((file.name for file in files), "2026-03-31T00:00:00Z")
    return Reader(content, processes).cases(files, dates, vocabularies(), None)


def test_several_processes_read_what_one_reads_in_the_same_order(content: ContentFolder) -> None:
    alone = list(read(content, processes=1))
    together = list(read(content, processes=2))

    assert together == alone
    assert [case.outcome.slug for case in together] == list(CASES)
    assert [case.new is not None for case in together] == [True, False, False, True]


@pytest.mark.slow
def test_files_left_by_a_dead_process_are_read_here(content: ContentFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_begin", _die)

    cases = list(read(content, processes=2))

    assert [case.outcome.slug for case in cases] == list(CASES)


@pytest.mark.slow
def test_stopping_early_leaves_no_process_behind(content: ContentFolder) -> None:
    files: Iterator[object] = read(content, processes=2)

    assert len(list(islice(files, 1))) == 1
    del files


def _die(root: Path, vocabularies: Vocabularies) -> None:
    os._exit(1)


def test_names_are_paths_of_the_folder(content: ContentFolder) -> None:
    (case,) = read(content, 2, "cases/apple.md")

    assert case.outcome.path == "cases/apple.md"
