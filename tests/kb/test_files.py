"""Files that are shared, and files that are written whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kb.files import share, write_whole


def test_a_shared_file_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(b"text")

    share(tmp_path / "here", tmp_path / "there")

    assert (tmp_path / "there").samefile(tmp_path / "here")


def test_files_that_cannot_be_shared_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_supported(source: Path, target: Path) -> None:
        raise OSError("links are not supported here")

    monkeypatch.setattr(os, "link", not_supported)
    (tmp_path / "here").write_bytes(b"text")

    share(tmp_path / "here", tmp_path / "there")

    assert (tmp_path / "there").read_bytes() == b"text"


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError("no space left")

    write_whole(tmp_path / "file", b"old")
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="no space left"):
        write_whole(tmp_path / "file", b"new")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"old"}
