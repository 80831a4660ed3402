"""`kb preview` shows drafts to a browser on this machine, and refuses to be reachable from any other."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cli.app import app
from kb.cli.serving import serve_site
from kb.errors import KbError
from kb.settings import load_settings
from tests.builders import case_markdown
from tests.library import Library
from tests.serving import PATIENCE, ROOT


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path, {"shown": case_markdown(), "hidden": case_markdown(title="Zan", publication="draft")})
    library.build()
    return library


@contextmanager
def previewing(root: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`kb preview` while it runs, and the address that it prints."""
    command = [sys.executable, "-m", "kb", "preview", *arguments, "--content", "content", "--index", "index"]
    with subprocess.Popen(
        command, cwd=root, env={"PATH": "", "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            yield process, _address(process)
        finally:
            process.kill()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"Drafts, .*(http://\S+)", line):
            return found[1]
    raise AssertionError(process.stderr.read() if process.stderr else "")


@contextmanager
def asked(address: str, path: str) -> Iterator[HTTPResponse]:
    """The answer of the server at an address of this machine; its body is read as it comes."""
    found = re.fullmatch(r"http://(127\.0\.0\.1):(\d+)/.*", address)
    assert found, address
    with closing(HTTPConnection(found[1], int(found[2]), timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        with closing(connection.getresponse()) as answer:
            yield answer


@pytest.mark.slow
def test_the_address_of_the_file_is_printed_and_shows_it(library: Library) -> None:
    with previewing(library.root, "content/cases/hidden.md") as (_, address):
        assert address.endswith("/preview/cases/hidden")
        with asked(address, "/preview/cases/hidden") as answer:
            assert "<h1>Zan</h1>" in answer.read().decode()


@pytest.mark.slow
def test_a_browser_is_told_of_each_save_within_a_second(library: Library) -> None:
    with previewing(library.root) as (_, address), asked(address, "/preview/changes?case=hidden") as events:
        first = events.readline()
        events.readline()
        saved = time.monotonic()
        (library.content.root / "cases" / "hidden.md").write_text(case_markdown(publication="draft"), "utf-8")

        assert first.startswith(b"data: ")
        assert events.readline() not in (b"", first)
        assert time.monotonic() - saved < 1


@pytest.mark.slow
def test_an_open_page_does_not_keep_it_from_stopping(library: Library) -> None:
    with previewing(library.root) as (process, address), asked(address, "/preview/changes") as events:
        events.readline()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=PATIENCE) == 0
        assert time.monotonic() - began < 3


ELSEWHERE = {"host": "0.0.0.0"}, {"host": "::"}, {"base_url": "https://cases.example.org"}, {"trusted_hops": "1"}  # noqa: S104  # what must be refused


@pytest.mark.parametrize("given", ELSEWHERE, ids=str)
def test_drafts_are_never_served_to_others(library: Library, given: dict[str, str]) -> None:
    settings = load_settings(content=library.content.root, index=library.index.root, port=0, drafts=True, **given)

    with pytest.raises(KbError, match="drafts are shown only on an address of this machine"):
        serve_site(settings, watch=False)


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        ("nowhere.md", "is not a content file"),
        ("content/vocabularies/cities.yaml", "is not a case file"),
        ("../secret.md", "is not a content file"),
    ],
)
def test_only_a_case_file_is_previewed(
    library: Library, file: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(library.root)
    run = CliRunner().invoke(app, ["preview", file, "--content", "content", "--index", "index"])

    assert run.exit_code == 2
    assert complaint in " ".join(run.stderr.replace("│", "").split())
