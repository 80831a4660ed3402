"""What `kb doctor` finds in an installation that is well, and in ones that are not."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import sys
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

import kb.cli
from kb.cli import doctor
from kb.cli.doctor import Finding, examine
from kb.settings import Settings
from tests.library import BROKEN, GOOD, Library
from tests.processes import serving


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library(tmp_path_factory.mktemp("template"), {"apple": GOOD, "berry": GOOD})
    made.build()
    return made


@pytest.fixture
def library(template: Library, tmp_path: Path) -> Library:
    return template.copy_to(tmp_path)


def findings(library: Library, environment: Mapping[str, str] | None = None, **more: Any) -> dict[str, Finding]:
    """What is found, by part: of several the last."""
    given: dict[str, Any] = {"content": library.content.root, "index": library.index.root, "port": 0, **more}
    settings = Settings(**given)
    return {finding.part: finding for finding in examine(settings, environment or {})}


def test_where_all_is_well_nothing_is_to_be_done(library: Library) -> None:
    found = findings(library)

    assert [part for part, finding in found.items() if finding.to_do] == []
    assert list(found) == [
        "Python",
        "packages",
        "settings",
        "content",
        "index",
        "permissions",
        "open files",
        "port",
        "proxy",
    ]
    assert all(finding.found.endswith(".") for finding in found.values())


def put_a_file_in_its_place(library: Library) -> None:
    shutil.rmtree(library.index.root)
    library.index.root.write_text("")


HARMS: dict[str, tuple[str, Callable[[Library], object], str]] = {
    "a broken file": ("content", lambda library: library.write("apple", BROKEN), "kb check"),
    "a broken vocabulary": ("content", lambda library: library.vocabulary("cities").unlink(), "not complete"),
    "no cases": ("content", lambda library: shutil.rmtree(library.content.root / "cases"), "KB_CONTENT"),
    "no content": ("content", lambda library: shutil.rmtree(library.content.root), "KB_CONTENT"),
    "no index": ("index", lambda library: shutil.rmtree(library.index.root), "kb index"),
    "an edit": ("index", lambda library: library.write("cherry"), "kb index"),
    "damage": ("index", lambda library: (library.current() / "library.sqlite").write_bytes(b"x"), "--rebuild"),
    "a garbled pointer": ("index", lambda library: library.pointer().write_bytes(b"\xff"), "--rebuild"),
    "a file for a folder": (
        "permissions",
        put_a_file_in_its_place,
        "KB_INDEX",
    ),
}


@pytest.mark.parametrize(("part", "harm", "words"), HARMS.values(), ids=HARMS)
def test_what_is_wrong_is_found_with_what_to_do(
    library: Library, part: str, harm: Callable[[Library], object], words: str
) -> None:
    harm(library)

    assert words in findings(library)[part].to_do


def test_a_name_that_is_no_setting_is_found(library: Library) -> None:
    found = findings(library, {"KB_CONTNET": "here", "KB_PORT": "1"})["settings"]

    assert found.to_do == "Did you mean `KB_CONTENT`?"
    assert not findings(library, {"KB_PORT": "1", "OTHER": "2"})["settings"].to_do


@pytest.mark.slow
def test_a_port_in_use_is_found(library: Library) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        found = findings(library, port=taken.getsockname()[1])["port"]

    assert "KB_PORT" in found.to_do


def test_a_host_that_is_none_is_found(library: Library) -> None:
    assert "KB_HOST" in findings(library, host="999.999.999.999")["port"].to_do


@pytest.mark.slow
def test_a_port_that_a_server_of_this_kind_uses_is_well(library: Library) -> None:
    with serving(library) as (process, address):
        found = findings(library, port=int(address.rpartition(":")[2]))["port"]
        process.terminate()

    assert (found.to_do, found.found.startswith("A server of this kind responds")) == ("", True)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, ""),
        ({"base_url": "https://a.example"}, ""),
        ({"host": "0.0.0.0", "base_url": "https://a.example"}, ""),  # noqa: S104  # said, not bound
        ({"host": "localhost"}, ""),
        ({"host": "::"}, "KB_BASE_URL"),
        ({"host": "0.0.0.0"}, "KB_BASE_URL"),  # noqa: S104  # the same
    ],
)
def test_a_site_that_others_reach_has_a_public_address(library: Library, given: dict[str, str], word: str) -> None:
    to_do = findings(library, {}, **given)["proxy"].to_do

    assert word in to_do
    assert bool(to_do) == bool(word)


def test_few_files_and_little_room_are_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    monkeypatch.setattr(doctor, "SPARE_BYTES", 1 << 60)
    found = findings(library)

    assert "ulimit -n 1024" in found["open files"].to_do
    assert "Free some space" in found["permissions"].to_do


def test_a_folder_that_cannot_be_written_to_is_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    assert "KB_INDEX" in findings(library)["permissions"].to_do


@pytest.mark.parametrize(
    ("required", "words"),
    [
        (["numpy>=999"], "where >=999 is needed"),
        (["numpy>=1,<1.5"], "where <1.5 is needed"),
        (["a-package-that-is-not-there>=1"], "is not installed"),
        (["numpy>=1.26", "matplotlib>=999; extra == 'bench'"], ""),
    ],
)
def test_packages_that_do_not_fit_are_found(
    library: Library, monkeypatch: pytest.MonkeyPatch, required: list[str], words: str
) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: required)
    found = findings(library)["packages"]

    assert words in found.found
    assert bool(found.to_do) == bool(words)


def test_the_command_prints_lines_or_json_and_exits_with_1_if_something_is_to_be_done(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KB_CONTENT", str(library.content.root))
    monkeypatch.setenv("KB_INDEX", str(library.index.root))
    monkeypatch.setenv("KB_PORT", "0")

    def run(*arguments: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["kb", "doctor", *arguments])
        with pytest.raises(SystemExit) as exited:
            kb.cli.main()
        return exited.value.code, capsys.readouterr().out

    code, lines = run()
    assert code in (0, None)
    assert "to do" not in lines
    library.write("cherry")
    code, lines = run()
    assert code == 1
    assert "to do  index" in lines
    code, text = run("--json")
    assert code == 1
    rows = json.loads(text)
    assert {row["part"] for row in rows if not row["well"]} == {"index"}
    assert set(rows[0]) == {"part", "well", "found", "to_do"}
