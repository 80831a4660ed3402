"""Whenever the power fails while a generation is published, what is on the disk afterwards opens as a whole one.

A model of a disk listens to what a build does: data is there once its file has been synced; a name is there once its
folder has been synced, or, on file systems that write names first, as soon as it is given.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kb.errors import GenerationError
from kb.index.folder import IndexFolder
from tests.builders import case_markdown
from tests.library import GOOD, Library, found

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux which file a descriptor is"),
]

Tree = dict[str, "int | Tree"]
"""What a folder contains: files by their number, and folders."""


def tree_of(folder: Path) -> Tree:
    return {
        path.name: tree_of(path) if path.is_dir() else path.stat().st_ino
        for path in sorted(folder.iterdir())
        if path.name != "build.lock"
    }


@dataclass
class Disk:
    """What of an index would be there after a power cut."""

    root: Path
    data: dict[int, bytes] = field(default_factory=dict)
    """The content of each file, as it was last synced."""
    folders: dict[Path, Tree] = field(default_factory=dict)
    """The names in each folder, as they were last synced."""

    def __post_init__(self) -> None:
        for path in [self.root, *self.root.rglob("*")]:
            self.sync(path)

    def sync(self, path: Path) -> None:
        if path.is_dir():
            self.folders[path] = {name: self._shallow(path / name) for name in tree_of(path)}
        elif path.is_file():
            self.data[path.stat().st_ino] = path.read_bytes()

    def _shallow(self, path: Path) -> int | Tree:
        return {} if path.is_dir() else path.stat().st_ino

    def names_synced(self, folder: Path) -> Tree:
        """The names that were synced, all the way down."""
        return {
            name: self.names_synced(folder / name) if isinstance(entry, dict) else entry
            for name, entry in self.folders.get(folder, {}).items()
        }

    def write_to(self, place: Path, tree: Tree) -> None:
        """Make what is left: a file whose data was never synced is empty."""
        place.mkdir()
        for name, entry in tree.items():
            if isinstance(entry, dict):
                self.write_to(place / name, entry)
            else:
                (place / name).write_bytes(self.data.get(entry, b""))


def cuts(disk: Disk, place: Path, monkeypatch: pytest.MonkeyPatch, build: Callable[[], object]) -> Iterator[Path]:
    """The folders that power cuts at any step of a build would leave."""
    images: list[Path] = []
    seen = set()

    def cut() -> None:
        for tree in (disk.names_synced(disk.root), tree_of(disk.root)):
            key = repr((tree, {number: hash(data) for number, data in disk.data.items()}))
            if key not in seen:
                seen.add(key)
                images.append(place / f"cut-{len(images)}")
                disk.write_to(images[-1], tree)

    fsync, replace = os.fsync, Path.replace

    def noting_fsync(descriptor: int) -> None:
        cut()
        fsync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if stat.S_IFMT(os.fstat(descriptor).st_mode) in (stat.S_IFREG, stat.S_IFDIR) and path.exists():
            disk.sync(path)
        cut()

    def noting_replace(path: Path, target: Path) -> Path:
        cut()
        replaced = replace(path, target)
        cut()
        return replaced

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", noting_fsync)
        patched.setattr(Path, "replace", noting_replace)
        build()
    cut()
    yield from images


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path, {"apple": GOOD, "berry": GOOD})
    made.build()
    made.write("apple", case_markdown(title="Second"))
    made.build()
    return made


@pytest.mark.parametrize("rebuild", [False, True], ids=["an edit", "a full build"])
def test_after_a_power_cut_a_whole_generation_is_there(
    library: Library, monkeypatch: pytest.MonkeyPatch, rebuild: bool
) -> None:
    before = library.index.current_id()
    library.write("apple", case_markdown(title="Ripe"))
    disk = Disk(library.index.root)

    met = []
    for image in cuts(disk, library.root, monkeypatch, lambda: library.build(rebuild=rebuild)):
        with closing(IndexFolder(image).open_current()) as generation:
            title = "Second" if generation.id == before else "Ripe"
            case = generation.cases.case("apple")
            assert case is not None
            assert case.title == title
            assert found(generation, title) == ["apple"]
            assert found(generation, "coffee") == ["apple", "berry"]
            met.append(generation.id)

    after = library.index.current_id()
    assert len(met) > 20
    assert met == sorted(met)  # once the new one is there, it stays
    assert set(met) == {before, after}
    assert IndexFolder(image).current_id() == after  # published is what a power cut leaves


def test_the_model_notices_a_pointer_that_comes_too_early(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the syncs of what it points to, some cut leaves less than a generation."""
    library.write("apple", case_markdown(title="Ripe"))
    disk = Disk(library.index.root)
    monkeypatch.setattr("kb.index.folder.sync_all", lambda folder: None)

    def open_all() -> None:
        for image in cuts(disk, library.root, monkeypatch, library.build):
            IndexFolder(image).open_current().close()

    with pytest.raises(GenerationError):
        open_all()


def test_after_a_power_cut_at_the_first_build_there_is_none_or_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path, {"apple": GOOD})
    library.index.root.mkdir()

    met = set()
    for image in cuts(Disk(library.index.root), tmp_path, monkeypatch, library.build):
        opened = IndexFolder(image)
        met.add(opened.current_id())
        if opened.current_id():
            with closing(opened.open_current()) as generation:
                assert found(generation, "coffee") == ["apple"]

    assert met == {None, library.index.current_id()}
