"""The command `kb`: what it says, where it says it, and its exit codes (0 fine, 1 problems found, 2 wrong usage)."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

import kb.cli
from kb.authoring.rules import RULES
from kb.cli import printing
from kb.cli.app import app
from kb.cli.serving import _listen
from kb.settings import Settings
from tests.builders import case_markdown
from tests.library import BROKEN, BROKEN_GUIDE, GUIDE, Library
from tests.processes import serving, start, until

UNKNOWN_CITY = (
    "4:8: error: `atlantis` is not in the vocabulary `cities`. "
    "The known ones are: aarhus, copenhagen, vienna, liege. "
    "For a new one, add these lines to `vocabularies/cities.yaml` and fill them in. [unknown-term]"
)
UNTIMED = re.compile(r" in \d+\.\d+ s")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
BOX = re.compile(r"[│╭╮╰╯─]")


@dataclass(frozen=True)
class Output:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def usage_error(self) -> str:
        """The message without the box around it."""
        return " ".join(BOX.sub(" ", self.err).split())


def plain(text: str) -> str:
    """A text without times, and without the colours that an environment may force upon it."""
    return UNTIMED.sub("", COLOURS.sub("", text))


Run = Callable[..., Output]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Three cases in two cities, built."""
    cases = {
        "apple": case_markdown(title="Apple"),
        "berry": case_markdown(title="Berry", city="vienna", challenges=["no-real-say"]),
        "cherry": case_markdown(title="Cherry", city="vienna", status="ended", ended=2012),
    }
    made = Library(tmp_path_factory.mktemp("template"), cases)
    made.build()
    return made


@pytest.fixture
def library(template: Library, tmp_path: Path) -> Library:
    """A copy of it for one test, without the index."""
    copy = template.copy_to(tmp_path)
    shutil.rmtree(copy.index.root)
    return copy


@pytest.fixture
def built(template: Library, library: Library) -> Library:
    """The same with its index."""
    shutil.copytree(template.index.root, library.index.root)
    return library


@pytest.fixture
def run(library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `kb` in this process, as its entry point does, over the library."""
    monkeypatch.setenv("KB_CONTENT", str(library.content.root))
    monkeypatch.setenv("KB_INDEX", str(library.index.root))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def kb_(*arguments: str | Path) -> Output:
        monkeypatch.setattr(sys, "argv", ["kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as exited:
            kb.cli.main()
        output = capsys.readouterr()
        return Output(int(exited.value.code or 0), plain(output.out), plain(output.err))

    return kb_


# kb index


def test_index_says_what_it_built_and_then_that_there_is_nothing_to_do(run: Run) -> None:
    assert run("index") == Output(0, "Built the index with 3 cases: there was no index.\n", "")
    assert run("index") == Output(0, "Nothing to do: the index with 3 cases is up to date.\n", "")
    assert run("index", "--rebuild") == Output(0, "Built the index with 3 cases: a rebuild was requested.\n", "")


def test_index_counts_what_it_changed(run: Run, library: Library) -> None:
    run("index")
    library.write("apple", case_markdown(title="Ripe"))
    library.case("berry").unlink()
    library.write("damson")

    updated = run("index")
    library.write_guide()
    guide = run("index")

    assert updated == Output(0, "Updated the index: 1 added, 1 updated, 1 removed. It contains 3 cases.\n", "")
    assert guide == Output(0, "Updated the index: no case touched. It contains 3 cases.\n", "")


def test_index_reports_a_broken_file_on_every_run(run: Run, library: Library) -> None:
    run("index")
    library.write("apple", BROKEN)
    library.write("damson", BROKEN)

    output = [run("index"), run("index"), run("index", "--rebuild")]

    assert [one.code for one in output] == [1, 1, 1]
    assert len({one.err for one in output}) == 1
    told = [line for line in output[0].err.splitlines() if not line.startswith("    + ")]
    problems, notes = told[:2], told[2:]
    assert problems == [
        f"cases/apple.md:{UNKNOWN_CITY}",
        f"cases/damson.md:{UNKNOWN_CITY}",
    ]
    assert notes == [
        "The last good version of `apple` stays online until its file is fixed.",
        "`damson` is offline: it has errors, and there is no good version of it yet.",
    ]
    assert output[1].out == "Nothing to do: the index with 3 cases is up to date.\n"


def test_index_reports_a_warning_and_succeeds(run: Run, library: Library) -> None:
    library.write("apple", case_markdown(status="ongoing", ended=2012))

    output = run("index")

    assert output.code == 0
    assert output.err.startswith(
        "cases/apple.md:7:9: warning: The case has an end year, but its status says otherwise."
    )


def test_index_leaves_the_index_alone_when_a_vocabulary_is_broken(run: Run, library: Library) -> None:
    run("index")
    before = library.open().id
    library.vocabulary("cities").unlink()

    output = run("index")

    assert (output.code, output.out) == (1, "")
    assert output.err.splitlines()[0].startswith("vocabularies/cities.yaml:1:1: error: The file cannot be read:")
    assert output.err.splitlines()[1:] == [
        f"The vocabularies in `{library.content.root}` are not complete: vocabularies/cities.yaml."
    ]
    assert library.open().id == before


def test_index_reports_that_its_folder_cannot_be_written_to(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")

    assert run("index", "--index", tmp_path / "file") == Output(
        1,
        "",
        f"`{tmp_path}/file` cannot be written to: it is not a folder. "
        "Set KB_INDEX or `--index` to a folder that can.\n",
    )


COMMANDS = [("index",), ("check",), ("search", "coffee"), ("status",), ("serve", "--port", "0")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reports_a_missing_content_folder(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    output = run(*command, "--content", tmp_path / "nowhere")

    assert output == Output(
        1,
        "",
        f"There is no content folder at `{tmp_path}/nowhere`. "
        "Set KB_CONTENT or `--content` to the folder that contains `cases/` and `vocabularies/`.\n",
    )


def test_a_name_is_printed_unchanged(run: Run, library: Library) -> None:
    library.case("apple").rename(library.case("[bold]x :boom:"))

    output = run("index")

    assert "`[bold]x :boom:` is offline: it has errors, and there is no good version of it yet.\n" in output.err


# kb check


def test_check_accepts_good_files(run: Run, library: Library) -> None:
    library.write("berry", BROKEN)

    assert run("check", "cases/apple.md") == Output(0, "1 file checked: nothing to fix.\n", "")


def test_check_reports_file_line_and_rule(run: Run, library: Library) -> None:
    library.write("apple", BROKEN)

    output = run("check", "cases/apple.md", "cases/berry.md")

    assert (output.code, output.err) == (1, "")
    line, *to_add, fate, summary = output.out.splitlines()
    assert line == f"cases/apple.md:{UNKNOWN_CITY}"
    assert to_add[:2] == ["    + atlantis:", '    +   label: "Atlantis"']
    assert len(to_add) == 5
    assert fate.startswith("cases/apple.md:18:1: notice: The last good version of this page, if there is one, stays")
    assert summary == "2 files checked: 1 error."


def test_rules_are_listed_and_explained(run: Run) -> None:
    assert len(run("rules").out.splitlines()) == len(RULES)
    output = run("rules", "bad-year")

    assert output.code == 0
    assert "    started: about 2010" in output.out
    assert "    started: 2010" in output.out.splitlines()


def test_a_rule_that_does_not_exist_is_a_usage_error_that_names_a_near_one(run: Run) -> None:
    output = run("rules", "bad-yeer")

    assert output.code == 2
    assert "bad-year" in output.err


def test_check_explains_a_named_file_that_is_not_read(run: Run, library: Library) -> None:
    (library.content.root / "cases" / "cherry.md.txt").write_text("---\n", "utf-8")

    output = run("check", "cases/cherry.md.txt")

    assert "Rename it to `cases/cherry.md`. [ignored-file]" in output.out


def test_check_looks_at_everything_unless_files_are_named(run: Run, library: Library) -> None:
    library.write("apple", BROKEN)
    library.write_guide(BROKEN_GUIDE)

    output = run("check")

    assert output.code == 1
    assert {"cases/apple.md", "challenges/fragile-trust.md"} <= {line.split(":")[0] for line in output.out.splitlines()}
    assert re.search(r"^17 files checked: 2 errors, \d+ warnings\.$", output.out, re.MULTILINE)


def test_check_fails_for_warnings_only_if_strict(run: Run, library: Library) -> None:
    library.write("apple", case_markdown(status="ongoing", ended=2012))

    lenient, strict = run("check", "cases/apple.md"), run("check", "cases/apple.md", "--strict")

    assert (lenient.code, strict.code) == (0, 1)
    assert lenient.out == strict.out
    assert lenient.out.endswith("1 file checked: 1 warning.\n")
    assert run("check", "cases/berry.md", "--strict").code == 0


def test_check_as_json_is_json(run: Run, library: Library) -> None:
    library.write("apple", BROKEN)

    output = run("check", "cases/apple.md", "--format", "json")
    problem, notice = json.loads(output.out)

    assert output.code == 1
    assert {name: problem[name] for name in ("path", "line", "column", "rule", "level", "message")} == {
        "path": "cases/apple.md",
        "line": 4,
        "column": 8,
        "rule": "unknown-term",
        "level": "error",
        "message": "`atlantis` is not in the vocabulary `cities`.",
    }
    assert (notice["path"], notice["level"], notice["rule"]) == ("cases/apple.md", "notice", "page-last-good")
    assert run("check", "cases/berry.md", "--format", "json") == Output(0, "[]\n", "")


def test_check_for_a_code_host_is_one_command_for_each_problem(run: Run, library: Library) -> None:
    library.write("apple", BROKEN)

    output = run("check", "cases/apple.md", "--format", "github")

    root = str(library.content.root)
    assert output.code == 1
    assert output.out.startswith(
        f"::error file={root}/cases/apple.md,line=4,col=8,title=unknown-term::`atlantis` is not in the"
    )
    assert [line.split(" ")[0] for line in output.out.splitlines()] == ["::error", "::notice"]
    assert run("check", "cases/berry.md", "--format", "github") == Output(0, "", "")


def test_check_takes_paths_from_inside_and_outside_the_content_folder(
    run: Run, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("apple", BROKEN)
    root = library.content.root
    monkeypatch.chdir(root.parent)

    output = [run("check", path) for path in ("cases/apple.md", "content/cases/apple.md", root / "cases" / "apple.md")]
    output.append(run("check", "content/cases/../cases/apple.md", "cases/apple.md"))

    assert len(set(output)) == 1
    assert output[0].out.endswith("1 file checked: 1 error.\n")


@pytest.mark.parametrize("path", ["cases/nowhere.md", "cases", "..", "../outside.md", "/etc/hostname", "."])
def test_check_refuses_anything_but_a_content_file(run: Run, library: Library, path: str) -> None:
    (library.content.root.parent / "outside.md").write_text("", "utf-8")

    output = run("check", path)

    assert (output.code, output.out) == (2, "")
    assert f"`{path}` is not a content file in" in output.usage_error


def test_check_always_reports_broken_vocabularies(run: Run, library: Library) -> None:
    library.vocabulary("cities").unlink()

    for arguments in ((), ("cases/apple.md",)):
        output = run("check", *arguments)
        assert output.code == 1
        assert output.out.startswith("vocabularies/cities.yaml:1:1: error:")
        assert output.out.endswith("13 files checked: 1 error.\n")


# kb search


@pytest.mark.usefixtures("built")
def test_search_lists_hits_and_counts(run: Run) -> None:
    output = run("search", "berry")

    assert output.code == 0
    assert output.out == (
        "1 case\n"
        "\n 1  Berry  Vienna, since 2010\n    berry\n    Police and town hall share one door.\n"
        "\nArrangement: Informing and intervening 1"
        "\nChallenge: No real say 1"
        "\nCity: Vienna 1\n"
    )


@pytest.mark.usefixtures("built")
def test_search_shows_words_in_context(run: Run) -> None:
    output = run("search", "coffee", "helped", "--city", "aarhus")

    assert "    What helped: Coffee helped.\n" in output.out


@pytest.mark.usefixtures("built")
def test_search_takes_several_words_and_filters(run: Run) -> None:
    def slugs(*arguments: str) -> list[str]:
        return [hit["slug"] for hit in json.loads(run("search", "--json", *arguments).out)["hits"]]

    assert slugs() == ["apple", "berry", "cherry"]
    assert slugs("apple", "coffee")[0] == "apple"
    assert slugs("title:apple", "coffee") == ["apple"]
    assert slugs("--city", "vienna") == ["berry", "cherry"]
    assert slugs("--city", "vienna", "--city", "aarhus") == ["apple", "berry", "cherry"]
    assert slugs("--city", "vienna", "--status", "ended") == ["cherry"]
    assert slugs("--country", "denmark") == ["apple"]
    assert slugs("--challenge", "no-real-say", "--audience", "youth", "--evidence", "described") == ["berry"]
    assert slugs("--arrangement", "intelligence-link") == []
    assert slugs("--sort", "title", "--size", "1", "--page", "2") == ["berry"]
    assert slugs("--", "coffee", "-apple") == ["berry", "cherry"]


@pytest.mark.usefixtures("built")
def test_search_as_json_is_complete(run: Run) -> None:
    data = json.loads(run("search", "coffee", "--size", "2", "--json").out)

    assert {name: data[name] for name in ("total", "page", "pages", "notices")} == {
        "total": 3,
        "page": 1,
        "pages": 2,
        "notices": [],
    }
    assert data["facets"]["city"] == {"vienna": 2, "aarhus": 1}
    assert data["hits"][0].keys() == {"slug", "title", "score", "section", "snippet"}
    assert data["hits"][0]["snippet"] == "Coffee helped."


@pytest.mark.usefixtures("built")
def test_search_prints_notices_separately_from_the_answer(run: Run) -> None:
    output = run("search", "coffee", "nonsenseword")

    assert output.out.startswith("3 cases\n")
    assert output.err == "No results for “nonsenseword”.\n"


@pytest.mark.usefixtures("built")
def test_finding_nothing_is_not_an_error(run: Run) -> None:
    output = run("search", "nonsenseword")

    assert (output.code, output.out.split("\n")[0]) == (0, "0 cases")


NOT_KNOWN = [
    ("city", "viena", "There is no city `viena`. Did you mean `vienna`?"),
    ("city", "wienn", "There is no city `wienn`. Did you mean `vienna`?"),
    ("city", "-vienna", "There is no city `-vienna`. Did you mean `vienna`?"),
    ("city", "Vienna, Atlantis", "There is no city `Vienna, Atlantis`."),
    ("city", "", "There is no city ``. Choose one of: aarhus, copenhagen, vienna, liege."),
    ("challenge", "qqq", "There is no challenge `qqq`. Choose one of: fragile-trust, no-real-say."),
    ("status", "[red]", "There is no status `[red]`. Choose one of: ongoing, ended, unknown."),
]


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(("facet", "value", "message"), NOT_KNOWN)
def test_search_refuses_an_unknown_filter_value(run: Run, facet: str, value: str, message: str) -> None:
    output = run("search", "coffee", f"--{facet}", value)

    assert (output.code, output.out) == (2, "")
    assert message in output.usage_error


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("city", ["VIENNA", "Wien", " vienna. ", "“Vienna”"])
def test_a_filter_is_understood_however_it_is_spelled(run: Run, city: str) -> None:
    assert run("search", "--city", city, "--sort", "Title") == run("search", "--city", "vienna", "--sort", "title")
    assert run("export", f"--city={city}", "--format", "csv") == run("export", "--city", "vienna", "--format", "csv")


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_search_reports_a_page_beyond_the_end(run: Run, form: tuple[str, ...]) -> None:
    assert run("search", "--size", "2", "--page", "2", *form).code == 0
    assert run("search", "--size", "2", "--page", "3", *form) == Output(
        1, "", "There is no page 3: the result has 2 pages.\n"
    )
    assert run("search", "nonsenseword", "--page", "2", *form).err.endswith(
        "There is no page 2: the result has 1 page.\n"
    )


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "query", ['"', "((", "-", "*", "title:", "year:9..1", "[bold]", ":boom:", "\0", "\udcff", "😀" * 500]
)
def test_search_takes_any_query(run: Run, query: str) -> None:
    assert run("search", "--", query).code == 0


# kb --version


def test_the_version_is_that_of_the_package_and_needs_no_command(run: Run) -> None:
    assert run("--version") == Output(0, f"kb {metadata.version('crossing-boundaries')}\n", "")


# kb export


@pytest.mark.usefixtures("built")
def test_export_writes_whole_cases_line_by_line(run: Run) -> None:
    output = run("export", "--city", "vienna", "--sort", "title")

    assert (output.code, output.err) == (0, "")
    assert [json.loads(line)["slug"] for line in output.out.splitlines()] == ["berry", "cherry"]


@pytest.mark.usefixtures("built")
def test_export_writes_a_table_into_a_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_BASE_URL", "https://cases.example.org/")
    path = tmp_path / "cases.csv"

    assert run("export", "coffee", "nonsenseword", "--format", "csv", "-o", path) == Output(
        0,
        "",
        f"No results for “nonsenseword”.\nWrote 3 cases to {path}.\n",
    )
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert {row["url"] for row in rows} == {f"https://cases.example.org/cases/{row['slug']}" for row in rows}
    assert sorted(row["slug"] for row in rows) == ["apple", "berry", "cherry"]


@pytest.mark.usefixtures("built")
def test_export_reports_a_file_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    assert run("export", "-o", tmp_path) == Output(1, "", f"`{tmp_path}` cannot be written: Is a directory.\n")


@pytest.mark.usefixtures("built")
def test_export_refuses_what_search_refuses(run: Run) -> None:
    output = run("export", "--city", "viena")

    assert (output.code, output.out) == (2, "")
    assert "There is no city `viena`. Did you mean `vienna`?" in output.usage_error
    assert run("export", "--format", "xlsx").code == 2


def test_search_builds_an_index_that_is_missing_or_damaged(run: Run, library: Library) -> None:
    first = run("search", "berry")
    library.pointer().write_text("../elsewhere", "utf-8")
    second = run("search", "berry")

    assert (first.code, first.err) == (0, "")
    assert second == Output(
        0, first.out, f"`{library.pointer()}` does not name a generation. Build again: `kb index --rebuild`.\n"
    )
    assert run("search", "berry") == first


# kb status


def test_status_says_whether_there_is_something_to_do(run: Run, library: Library) -> None:
    root, index = library.content.root, library.index.root
    before = run("status")
    run("index")
    fresh = run("status")
    library.write("apple", case_markdown(title="Ripe"))
    stale = run("status")

    content = f"Content  {root}\n         3 cases in files, 0 guide pages\nIndex    {index}\n         "
    manifest = library.open().manifest
    built = f"3 cases, built {manifest.created} ({manifest.id})\n         "
    assert before == Output(1, f"{content}There is no index in `{index}` yet. Build it: `kb index`.\n", "")
    assert (fresh.code, fresh.err) == (0, "")
    assert fresh.out.startswith(f"{content}{built}Up to date.\n")
    assert stale.code == 1
    assert stale.out.startswith(f"{content}{built}The content has changed since: run `kb index`.\n")


STALE: dict[str, Callable[[Library], object]] = {
    "a new case": lambda library: library.write("damson"),
    "a case gone": lambda library: library.case("apple").unlink(),
    "a case renamed": lambda library: library.case("apple").rename(library.case("pear")),
    "a new guide page": lambda library: library.write_guide(GUIDE, "challenges/no-real-say.md"),
    "a guide page edited": lambda library: library.write_guide(GUIDE.replace("glass", "ice")),
    "a vocabulary edited": lambda library: library.change_vocabulary("cities", "Aarhus", "Smilets By"),
    "a vocabulary gone": lambda library: library.vocabulary("cities").unlink(),
    "a link that leads nowhere": lambda library: library.case("damson").symlink_to("nowhere"),
}


@pytest.mark.parametrize("change", STALE.values(), ids=STALE.keys())
def test_status_notices_every_change(run: Run, built: Library, change: Callable[[Library], object]) -> None:
    built.write_guide()
    built.build()
    assert run("status").code == 0

    change(built)
    output = run("status")

    assert output.code == 1
    assert "\n         The content has changed since: run `kb index`.\n" in output.out


def test_status_ignores_changed_times_alone(run: Run, built: Library) -> None:
    built.build()
    for path in built.content.root.rglob("*.*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))

    assert run("status").code == 0


def test_status_names_what_is_broken_and_what_is_served_instead(run: Run, built: Library) -> None:
    built.write_guide()
    built.build()
    built.write_guide(BROKEN_GUIDE)
    built.write("apple", BROKEN)
    built.write("damson", BROKEN)
    built.build()

    output = run("status")

    assert output.code == 1
    assert chapter(output, "Problems found by the last build") == [
        "cases/apple.md: unknown-term; its last good version is served",
        "cases/damson.md: unknown-term; it is not served",
        "challenges/fragile-trust.md: unknown-section; its last good version is served",
    ]
    assert chapter(output, "Not online") == ["cases/damson.md: it has errors, and there is no good version of it yet"]


def test_status_says_why_a_page_is_offline(run: Run, built: Library) -> None:
    built.write("apple", case_markdown(publication="draft"))
    built.write("berry", case_markdown(extra="draft: true\n"))
    built.build()

    output = run("status")

    assert chapter(output, "Not online") == [
        "cases/apple.md: it says `publication: draft`",
        "cases/berry.md: line 23 reads as not published: `draft: true`",
    ]


def chapter(output: Output, label: str) -> list[str]:
    """What a status lists under a heading, an entry a line."""
    _, _, rest = output.out.partition(f"\n{label}: ")
    lines = rest.partition("\n\n")[0].split("\n  ")[1:]
    return [line.strip() for line in "\n  ".join(lines).replace("\n      ", " ").replace("\n    ", " ").split("\n  ")]


def test_status_shortens_long_lists_and_says_how_to_see_all(run: Run, built: Library) -> None:
    for number in range(12):
        built.write(f"draft-{number:02}", case_markdown(publication="draft"))
    built.build()

    short, whole = run("status"), run("status", "--all")

    assert len(chapter(short, "Not online")) == printing.ENTRIES_SHOWN + 1
    assert chapter(short, "Not online")[-1] == f"… and {12 - printing.ENTRIES_SHOWN} more: `kb status --all`"
    assert len(chapter(whole, "Not online")) == 12
    assert "Not online: 12\n" in short.out
    assert "more: `kb status --all`" not in whole.out


def test_status_is_readable_at_80_columns(run: Run, built: Library) -> None:
    built.write("a-" * 20 + "case", case_markdown(extra="draft: true\n" + "unknown_key: x\n"))
    built.write("berry", BROKEN)
    built.build()

    lines = run("status", "--all").out.splitlines()

    assert [line for line in lines[4:] if len(line) > 80] == []
    assert any(line.startswith("    ") for line in lines)


def test_status_lists_everything_for_programs(run: Run, built: Library) -> None:
    for number in range(12):
        built.write(f"draft-{number:02}", case_markdown(publication="draft"))
    built.build()

    output = run("status", "--json")
    data = json.loads(output.out)
    chapters = {chapter["id"]: chapter for chapter in data["chapters"]}

    assert (output.code, data["well"], data["files"]) == (0, True, 15)
    assert chapters["offline"]["count"] == len(chapters["offline"]["entries"]) == 12
    assert chapters["offline"]["entries"][0] == {
        "name": "cases/draft-00.md",
        "label": "",
        "detail": "it says `publication: draft`",
    }
    assert [entry["name"] for entry in chapters["unreviewed"]["entries"]] == ["apple", "berry", "cherry"]
    assert all(chapter["to_do"] for chapter in data["chapters"])


def test_status_without_an_index_is_json_too(run: Run, library: Library) -> None:
    output = run("status", "--json")

    assert output.code == 1
    assert json.loads(output.out)["chapters"] == []


def test_index_publishes_an_emptied_collection_only_when_told_to(run: Run, built: Library) -> None:
    built.build()
    for slug in ("apple", "berry", "cherry"):
        built.case(slug).unlink()

    refused, allowed = run("index"), run("index", "--allow-empty")

    assert (refused.code, allowed.code) == (1, 0)
    assert refused.err.endswith("publish the collection without them: `kb index --allow-empty`.\n")
    assert built.slugs() == ()


def test_status_never_wraps_or_interprets_a_long_path(run: Run, tmp_path: Path) -> None:
    root = tmp_path / ("long" * 40) / "[red]" / ":boom:"
    root.mkdir(parents=True)
    library = Library(root)

    output = run("status", "--content", library.content.root, "--index", library.index.root)

    assert f"Content  {root}/content\n" in output.out
    assert f"Index    {root}/index\n" in output.out


# Usage


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("index", "--nonsense"), ("search", "--page", "0"), ("check", "--format", "xml")]
)
def test_wrong_usage_exits_with_code_two(run: Run, arguments: tuple[str, ...]) -> None:
    output = run(*arguments)

    assert (output.code, output.out) == (2, "")
    assert "Usage: kb" in output.usage_error


def test_an_unusable_setting_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = "A setting cannot be used. KB_PORT = {}: Input should be less than or equal to 65535.\n"

    assert run("serve", "--port", "99999") == Output(2, "", expected.format("99999"))
    monkeypatch.setenv("KB_PORT", "99999")
    assert run("index") == Output(2, "", expected.format("'99999'"))


@pytest.mark.parametrize("command", ["index", "check", "search", "export", "status", "serve"])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])

    assert result.exit_code == 0
    assert "Usage:" in result.output


# In a process of its own


def finish(process: subprocess.Popen[str]) -> Output:
    """Wait for a command to end."""
    out, err = process.communicate(timeout=60)
    return Output(process.returncode, UNTIMED.sub("", out), err)


@pytest.mark.slow
def test_piped_output_has_no_escape_codes_and_no_progress_bar(library: Library) -> None:
    library.write("apple", BROKEN)

    built, found = finish(start(library, "index")), finish(start(library, "search", "coffee"))

    assert built.out == "Built the index with 2 cases: there was no index.\n"
    first, *_, last = built.err.splitlines()
    assert (first.split(" ")[0], last.split(" ")[0]) == ("cases/apple.md:4:8:", "`apple`")
    assert found.out.startswith("2 cases\n")
    assert "\x1b" not in built.out + built.err + found.out + found.err


@pytest.mark.slow
def test_closing_the_pipe_early_causes_no_complaint(library: Library) -> None:
    for number in range(60):
        library.write(f"case-{number}", case_markdown(title="Word " * 20, summary="word " * 60))
    library.build()
    process = start(library, "search", "--size", "100")
    assert process.stdout is not None
    assert process.stderr is not None

    first = process.stdout.readline()
    process.stdout.close()
    complaint = process.stderr.read()
    process.wait(60)
    process.stderr.close()

    assert first == "63 cases\n"
    assert complaint == ""


@pytest.mark.slow
def test_letters_that_a_terminal_cannot_show_cause_no_failure(library: Library) -> None:
    library.write("apple", case_markdown(title="Şişli"))
    library.build()

    output = finish(start(library, "search", "şişli", PYTHONIOENCODING="ascii"))

    assert (output.code, output.err) == (0, "")
    assert "\n 1  ?i?li  Aarhus, since 2010\n" in output.out


@pytest.mark.slow
def test_an_export_is_utf_8_whatever_the_terminal_can_show(library: Library) -> None:
    library.write("apple", case_markdown(title="Şişli"))
    library.build()

    output = finish(start(library, "export", "şişli", PYTHONIOENCODING="ascii"))

    assert (output.code, output.err) == (0, "")
    assert json.loads(output.out)["title"] == "Şişli"


@pytest.mark.slow
def test_closing_the_pipe_of_an_export_early_causes_no_complaint(library: Library) -> None:
    for number in range(200):
        library.write(f"case-{number}", case_markdown(summary="word " * 60))
    library.build()
    process = start(library, "export")
    assert process.stdout is not None
    assert process.stderr is not None

    first = process.stdout.readline()
    process.stdout.close()
    complaint = process.stderr.read()
    process.wait(60)
    process.stderr.close()

    assert json.loads(first)["slug"] == "apple"
    assert complaint == ""


# kb serve


def test_serve_reports_a_port_in_use_before_it_builds(run: Run, library: Library) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        output = run("serve", "--port", str(port))

    assert output == Output(
        1,
        "",
        f"Cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another with `--port`.\n",
    )
    assert not library.index.root.exists()


@pytest.mark.parametrize("host", ["999.999.999.999", "a..b", "x" * 70, "::zz"])
def test_serve_reports_a_host_that_does_not_exist(run: Run, host: str) -> None:
    output = run("serve", "--host", host, "--port", "0")

    assert (output.code, output.out) == (1, "")
    assert output.err.startswith(f"Cannot listen on {host} port 0: ")


def test_serve_shows_edits_survives_broken_files_and_stops_when_told(library: Library) -> None:
    with serving(library) as (process, address), httpx2.Client(base_url=address, timeout=30) as visitor:

        def page() -> str:
            answer = visitor.get("/cases/apple")
            return answer.text if answer.status_code == 200 else ""

        assert "<h1>Apple" in re.sub(r"<h1[^>]*>\s*", "<h1>", page())
        library.write("apple", case_markdown(title="Ripe"))
        assert until(lambda: "Ripe" in page())
        library.write("apple", BROKEN)
        library.write("berry", case_markdown(title="Later"))
        assert until(lambda: "Later" in visitor.get("/cases/berry").text)
        assert "Ripe" in page()
        library.write("apple", case_markdown(publication="draft"))
        assert until(lambda: not page())

        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.slow
def test_every_worker_shows_an_edit(library: Library) -> None:
    with serving(library, "--workers", "2") as (process, address):

        def titles() -> set[str]:
            answers = [httpx2.get(f"{address}/api/v1/cases/apple", timeout=30) for _ in range(20)]  # by any of them
            return {answer.json()["title"] for answer in answers}

        try:
            library.write("apple", case_markdown(title="Ripe"))
            assert until(lambda: titles() == {"Ripe"})
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.slow
def test_serve_continues_with_the_last_index_when_it_cannot_build(library: Library) -> None:
    library.build()
    library.vocabulary("cities").unlink()

    with serving(library) as (process, address):
        assert httpx2.get(f"{address}/cases/apple", timeout=30).status_code == 200
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)

    assert process.returncode == 0
    assert complaint.splitlines()[-1] == (
        f"The vocabularies in `{library.content.root}` are not complete: vocabularies/cities.yaml. "
        "The previous index is still being served."
    )
    assert "Traceback" not in complaint


def test_small_answers_are_sent_immediately(library: Library) -> None:
    settings = Settings(content=library.content.root, index=library.index.root, port=0)

    # Elsewise asyncio does not set TCP_NODELAY, and every answer waits 40 ms for an acknowledgement.
    with closing(_listen(settings)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
